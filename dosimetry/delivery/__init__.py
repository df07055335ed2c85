"""Delivery: what was really given, by vials, instants and residual, and the doses that follow from it."""
