"""Rules that read a number off a band: the resin shunt reduction and the empirical activity."""

from functools import cache

import numpy as np

from dosimetry import reference, units
from dosimetry.arrays import BoolArray, FloatArray
from dosimetry.comparison import compare, on_bound
from dosimetry.reference_rows import ActivityBand

SHUNT_REDUCTION, EMPIRICAL = "resin_shunt_reduction", "resin_empirical_activity"


@cache
def bands(rule: str) -> tuple[ActivityBand, ...]:
    """The bands of a rule, in their order."""
    return tuple(band for band in reference.activity_bands() if band.rule == rule)


def inside(band: ActivityBand, fractions: FloatArray) -> BoolArray:
    """Where fractions lie in a band, whose ends are printed as percentages; within rounding of an end is on it."""
    lower, upper = _ends(band)
    above = compare(fractions, ">=" if band.closed in ("lower", "both") else ">", lower)
    return above & compare(fractions, "<=" if band.closed in ("upper", "both") else "<", upper)


def on_an_edge(rule: str, fractions: FloatArray) -> BoolArray:
    """Where fractions lie exactly on an end between two bands, or between none and the first."""
    edges = {_ends(band)[0] for band in bands(rule)} - {0.0}
    return np.asarray(np.any([on_bound(fractions, edge) for edge in sorted(edges)], axis=0))


def remaining_part(fractions: FloatArray) -> FloatArray:
    """What the resin shunt reduction leaves of an activity: 1 below its bands, NaN where it gives none."""
    left = np.where(np.isnan(fractions), np.nan, 1.0)
    for band in bands(SHUNT_REDUCTION):
        part = np.nan if band.value is None else 1.0 - units.bound_in_library_unit(band.value, band.unit)
        left = np.where(inside(band, fractions), part, left)
    return left


def empirical_activity_gbq(involvement: FloatArray) -> FloatArray:
    """Empirical activity for the whole liver by the tumor part of the liver; NaN where that is not known. [GBq]"""
    activity = np.full(involvement.shape, np.nan)
    for band in bands(EMPIRICAL):
        activity = np.where(inside(band, involvement), np.nan if band.value is None else band.value, activity)
    return activity


def _ends(band: ActivityBand) -> tuple[float, float]:
    return units.bound_in_library_unit(band.lower, "%"), units.bound_in_library_unit(band.upper, "%")
