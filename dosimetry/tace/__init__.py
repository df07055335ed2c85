"""Chemoembolization: the dose of drug step by step, oil or beads, and an estimate of where the carrier goes.

Quantities of drug are milligrams. Nothing here is an absorbed dose, and nothing is compared with one.
"""
