"""The treatment day: what a case states beyond its plan, and what follows from it.

Vials decay, clocks differ, and something stays behind. Records, rules and formulas stand here; `ordering`, `delivery`
and `second_check` work them out.
"""
