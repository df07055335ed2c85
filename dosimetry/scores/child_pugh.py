"""Child-Pugh points of cases: as typed, as their values give them, and the least that incomplete values leave."""

import numpy as np

from dosimetry.arrays import ArrayLike, FloatArray
from dosimetry.columns import Table
from dosimetry.scores import liver_function

_MEASURED = ("bilirubin_mg_dl", "albumin_g_dl", "inr")
_SEEN = {
    "ascites": ("none", "slight", "moderate"),
    "encephalopathy": ("none", "grade_1_2", "grade_3_4"),
}
CHILD_PUGH_INPUTS = (*_MEASURED, *_SEEN)
_LEAST = 1
"""Points of an input with nothing wrong."""


def child_pugh_points(case: Table) -> FloatArray:
    """Points by the five inputs, NaN where one is missing: never by the typed class, never with one inferred."""
    return _points(case, np.nan)


def least_child_pugh_points(case: Table) -> FloatArray:
    """The least that the points can be, whatever the inputs are that are missing."""
    return _points(case, _LEAST)


def stated_child_pugh_points(case: Table) -> FloatArray:
    """The points of a typed class, as 8 of B8; NaN where none is typed."""
    typed = case.word("child_pugh")
    return np.array([*(float(word[1:]) for word in typed.values), np.nan])[typed.codes]


def _points(case: Table, missing_points: float) -> FloatArray:
    # A column that no case has is one number here: most tables have none of the five.
    points = liver_function.child_pugh_points(
        **{name: case.numbers.get(name, np.nan) for name in _MEASURED},
        **{f"{name}_points": _points_of(case, name) for name in _SEEN},
        missing_points=missing_points,
    )
    return np.broadcast_to(points, case.rows)


def _points_of(case: Table, name: str) -> ArrayLike:
    if name not in case.words:
        return np.nan
    words = case.word(name)
    return np.select([words.equal(word) for word in _SEEN[name]], range(_LEAST, _LEAST + len(_SEEN[name])), np.nan)
