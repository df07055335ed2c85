"""The last printed place of numbers, as they were written: what tells how exactly a number is known."""

from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import pandas as pd

from dosimetry.arrays import FloatArray
from dosimetry.audit import cells
from dosimetry.audit.marks import Marks
from dosimetry.audit.names import digit_column

_DECIMALS = 6
_LONGEST = 40


def last_digits(frame: pd.DataFrame, column: str) -> FloatArray:
    """One unit of the last printed place of every cell of a column, in the unit of the column; 0 where there is none.

    The column ``digit_<quantity>`` beside it counts first, for a number that was converted when it was read; then the
    digits of a text; then those that a number needs.
    """
    found = written_digits(frame[column])
    beside = digit_column(column)
    if beside in frame.columns:
        stated = cells.numbers(frame[beside], beside, Marks(len(frame)))
        found = np.where(stated >= 0, stated, found)
    return found


def written_digits(series: "pd.Series[Any]") -> FloatArray:
    """One unit of the last printed place of texts and numbers: 0.01 for the text ``2.00``; 0 where there is none."""
    if pd.api.types.is_numeric_dtype(series.dtype) and not pd.api.types.is_bool_dtype(series.dtype):
        return digits_of_numbers(series.to_numpy(dtype=np.float64, na_value=np.nan))
    found = np.array([_digit_of_text(cell) if isinstance(cell, str) else 0.0 for cell in series], dtype=np.float64)
    plain = [isinstance(cell, int | float | Decimal | np.number) for cell in series]
    if any(plain):
        found[plain] = digits_of_numbers(np.array([float(cell) for cell in series[plain]], dtype=np.float64))
    return found


def _digit_of_text(text: str) -> float:
    """One unit of the last place of a typed number; 0 for what is no number."""
    if len(text) > _LONGEST:
        return 0.0
    whole, point, decimals = text.strip().partition(".")
    if whole.isdigit() and (decimals.isdigit() or not decimals):
        return 10.0 ** -len(decimals)
    try:
        exponent = Decimal(f"{whole}{point}{decimals}").as_tuple().exponent
    except InvalidOperation:
        return 0.0
    return float(Decimal(1).scaleb(exponent)) if isinstance(exponent, int) else 0.0


def digits_of_numbers(numbers: FloatArray) -> FloatArray:
    """One unit of the last decimal that numbers need; 0 where they have more decimals than people write, or are none.

    A number does not keep the zeros it was written with: 2.00 is 2 here, and known to half a unit.
    """
    found = np.zeros(len(numbers))
    open_rows = np.isfinite(numbers)
    for decimals in range(_DECIMALS + 1):
        scaled = numbers * 10.0**decimals
        written = open_rows & (np.abs(scaled - np.rint(scaled)) <= 1e-9 * np.abs(scaled))
        found[written] = 10.0**-decimals
        open_rows &= ~written
    return found
