"""Whether what is typed of a patient says that the liver works badly: limits of good function are then too high."""

import numpy as np

from dosimetry import reference
from dosimetry.arrays import FloatArray
from dosimetry.columns import Columns

GOOD_CLASS = "A"
"""The Child-Pugh class of good function; a typed score begins with its class."""
SIGNS = ("ascites", "encephalopathy")
"""Inputs of which any answer but ``none`` is a sign of impaired function."""


def impaired_liver_function(columns: Columns) -> FloatArray:
    """1 where a sign of impaired function is typed, 0 where class or bilirubin is typed without a sign, else NaN.

    Signs are a Child-Pugh class B or C, ascites, encephalopathy, and a bilirubin above that of the row
    ``impaired_liver_function`` of ``coefficients.csv``. An engineering rule: the guideline that asks for it does not
    define it.
    """
    case = columns.case
    child_pugh, bilirubin = case.word("child_pugh"), case.number("bilirubin_mg_dl")
    known = child_pugh.given | ~np.isnan(bilirubin)
    if not known.any() and not any(case.word(name).given.any() for name in SIGNS):
        return np.broadcast_to(np.nan, case.rows)
    impaired = bilirubin > reference.coefficient("impaired_liver_function", "bilirubin_mg_dl")
    for word in child_pugh.values:
        impaired |= child_pugh.equal(word) & (not word.startswith(GOOD_CLASS))
    for name in SIGNS:
        impaired |= case.word(name).given & ~case.word(name).equal("none")
    return np.where(impaired, 1.0, np.where(known, 0.0, np.nan))
