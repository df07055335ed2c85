"""Rules that read a number off bands: scores, grades, risks and reductions, from ``score_bands.csv``."""

from functools import cache

import numpy as np

from dosimetry import reference
from dosimetry.arrays import ArrayLike, BoolArray, FloatArray, IntArray, floats
from dosimetry.comparison import compare
from dosimetry.reference_rows import Band

NO_BAND = -1


@cache
def bands(rule: str, part: str) -> tuple[Band, ...]:
    """The bands of one part of a rule, in the order of the table."""
    return tuple(band for band in reference.table("score_bands") if (band.rule, band.part) == (rule, part))


def inside(band: Band, values: FloatArray) -> BoolArray:
    """Where values lie in a band; NaN lies in none, and what is within rounding of an end is on it."""
    found = ~np.isnan(values)
    if band.lower is not None:
        found &= compare(values, ">=" if band.closed in ("lower", "both") else ">", band.lower)
    if band.upper is not None:
        found &= compare(values, "<=" if band.closed in ("upper", "both") else "<", band.upper)
    return found


def places(rule: str, part: str, values: ArrayLike) -> IntArray:
    """The place of the band in which each value lies; -1 for none, as for NaN."""
    given = floats(values)
    found = np.full(given.shape, NO_BAND)
    for place, band in enumerate(bands(rule, part)):
        found = np.where(inside(band, given), place, found)
    return found


def banded(rule: str, part: str, values: ArrayLike) -> FloatArray:
    """What a rule gives for each value; NaN where it gives nothing, or the value is not known."""
    given = [np.nan if band.value is None else band.value for band in bands(rule, part)]
    return floats(np.array([*given, np.nan])[places(rule, part, values)])


def band_of(rule: str, part: str, value: float) -> Band | None:
    """The band of one value, for its words."""
    place = int(places(rule, part, value))
    return None if place == NO_BAND else bands(rule, part)[place]
