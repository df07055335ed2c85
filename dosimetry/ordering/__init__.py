"""Ordering: which vial, calibrated when, holds the planned activity at the instant of injection.

A list that can be sorted and windows of instants; never a recommendation.
"""
