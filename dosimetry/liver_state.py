"""How well the liver works, by what is known of a patient: limits of good function are too high if it works badly."""

from collections.abc import Callable, Mapping

import numpy as np

from dosimetry import reference
from dosimetry.arrays import BoolArray, FloatArray
from dosimetry.bands import banded
from dosimetry.columns import Columns
from dosimetry.scores.child_pugh import (
    CHILD_PUGH_INPUTS,
    child_pugh_points,
    least_child_pugh_points,
    stated_child_pugh_points,
)

SIGNS = ("ascites", "encephalopathy")
"""Inputs of which any answer but ``none`` is a sign of impaired function."""
_GOOD_CLASS = 1
"""The Child-Pugh class A, as ``score_bands.csv`` counts classes."""


def impaired_liver_function(columns: Columns) -> FloatArray:
    """1 where there is a sign of impaired function, 0 where class or bilirubin is known without a sign, else NaN.

    Signs are a Child-Pugh class B or C, typed or proven by laboratory values even where some are missing, ascites,
    encephalopathy, and a bilirubin above that of the row ``impaired_liver_function`` of ``coefficients.csv``. An
    engineering rule: the guideline that asks for it does not define it.
    """
    case = columns.case
    if not any(name in case.numbers or name in case.words for name in ("child_pugh", *CHILD_PUGH_INPUTS)):
        return np.broadcast_to(np.nan, case.rows)
    stated, bilirubin = stated_child_pugh_points(case), case.number("bilirubin_mg_dl")
    worst = np.fmax(stated, least_child_pugh_points(case))
    impaired = bilirubin > reference.coefficient("impaired_liver_function", "bilirubin_mg_dl")
    impaired |= banded("child_pugh_class", "points", worst) > _GOOD_CLASS
    for name in SIGNS:
        impaired |= case.word(name).given & ~case.word(name).equal("none")
    known = ~np.isnan(stated) | ~np.isnan(bilirubin)
    return np.where(impaired, 1.0, np.where(known, 0.0, np.nan))


def child_pugh_is(columns: Columns, score: str) -> tuple[BoolArray, BoolArray]:
    """Cases with a Child-Pugh score, as ``A5``, typed or by laboratory values, and cases that may have it.

    Where the two differ both count: a limit for either protects, and the difference is a finding of its own.
    """
    case, points = columns.case, float(score[1:])
    stated, computed = stated_child_pugh_points(case), child_pugh_points(case)
    possible = least_child_pugh_points(case) <= points
    return (stated == points) | (computed == points), np.isnan(stated) & np.isnan(computed) & possible


BY_VALUES: Mapping[str, Callable[[Columns, str], tuple[BoolArray, BoolArray]]] = {"child_pugh": child_pugh_is}
"""Words of a case that other inputs give as well: where such a word holds, and where it may hold."""
