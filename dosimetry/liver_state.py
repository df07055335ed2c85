"""How well the liver works, by what is known of a patient: limits of good function are too high if it works badly."""

import numpy as np

from dosimetry import reference
from dosimetry.arrays import BoolArray, FloatArray
from dosimetry.bands import banded
from dosimetry.columns import Columns, Table
from dosimetry.scores.context import INPUTS, child_pugh_points, stated_child_pugh_points

SIGNS = ("ascites", "encephalopathy")
"""Inputs of which any answer but ``none`` is a sign of impaired function."""
_GOOD_CLASS = 1
"""The Child-Pugh class A, as ``score_bands.csv`` counts classes."""


def impaired_liver_function(columns: Columns) -> FloatArray:
    """1 where there is a sign of impaired function, 0 where class or bilirubin is known without a sign, else NaN.

    Signs are a Child-Pugh class B or C, typed or by laboratory values, ascites, encephalopathy, and a bilirubin above
    that of the row ``impaired_liver_function`` of ``coefficients.csv``. An engineering rule: the guideline that asks
    for it does not define it.
    """
    case = columns.case
    if not any(_holds(case, name) for name in ("child_pugh", "bilirubin_mg_dl", *SIGNS)):
        return np.broadcast_to(np.nan, case.rows)
    points, bilirubin = np.fmax(*_points(case)), case.number("bilirubin_mg_dl")
    known = ~np.isnan(points) | ~np.isnan(bilirubin)
    impaired = bilirubin > reference.coefficient("impaired_liver_function", "bilirubin_mg_dl")
    impaired |= banded("child_pugh_class", "points", points) > _GOOD_CLASS
    for name in SIGNS:
        impaired |= case.word(name).given & ~case.word(name).equal("none")
    return np.where(impaired, 1.0, np.where(known, 0.0, np.nan))


def child_pugh_is(columns: Columns, score: str) -> tuple[BoolArray, BoolArray]:
    """Cases with a Child-Pugh score, as ``A5``, typed or by laboratory values, and cases of which neither is known.

    Where the two differ both count: a limit for either protects, and the difference is a finding of its own.
    """
    stated, computed = _points(columns.case)
    points = float(score[1:])
    return (stated == points) | (computed == points), np.isnan(stated) & np.isnan(computed)


def _points(case: Table) -> tuple[FloatArray, FloatArray]:
    """Child-Pugh points as typed, and by the values of the case."""
    has_values = all(_holds(case, name) for name in INPUTS["child_pugh_points"])
    computed = child_pugh_points(case) if has_values else np.broadcast_to(np.nan, case.rows)
    return stated_child_pugh_points(case), computed


def _holds(case: Table, name: str) -> bool:
    """Whether any case has an input at all."""
    return name in case.numbers or name in case.words
