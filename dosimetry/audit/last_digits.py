"""The last printed place of numbers, as they were written: what tells how exactly a number is known."""

import math
import sys
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from dosimetry.arrays import FloatArray
from dosimetry.audit import cells
from dosimetry.audit.marks import Marks
from dosimetry.audit.names import digit_column, digit_columns

_DECIMALS = 6
_LONGEST = 40
_SAME = 1e-9
"""Relative difference that computing in binary leaves between a number and its decimals, or its converted digit."""


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


def check_digits(frame: pd.DataFrame, read: Mapping[str, FloatArray], marks: Marks) -> None:
    """Mark rows in which the column ``digit_<quantity>`` holds what is no last place of the number beside it.

    Parameters
    ----------
    read : mapping of str to array of float
        The numbers of columns, in the rows of the frame; those without such a column are left alone.
    """
    for column, values in read.items():
        beside = digit_column(column)
        if beside in frame.columns and beside in digit_columns():
            stated = cells.numbers(frame[beside], beside, marks)
            marks.add(beside, stated < 0, partial(_below_zero, beside, stated))
            size = np.abs(values)
            marks.add(beside, (size > 0) & (stated > size * (1.0 + _SAME)), partial(_too_large, column, stated, size))


def _below_zero(beside: str, stated: FloatArray, row: int) -> str:
    return f"{beside} must be a number > 0, or empty where it is not known; got {stated[row]:g}."


def _too_large(column: str, stated: FloatArray, size: FloatArray, row: int) -> str:
    return (
        f"{digit_column(column)} must be one unit of the last written place of {column}, so at most {size[row]:g}; "
        f"got {stated[row]:g}. Is it in the unit of {column}?"
    )


def written_digits(series: "pd.Series[Any]") -> FloatArray:
    """One unit of the last printed place of texts and numbers: 0.01 for the text ``2.00``; 0 where there is none."""
    if pd.api.types.is_numeric_dtype(series.dtype) and not pd.api.types.is_bool_dtype(series.dtype):
        return digits_of_numbers(series.to_numpy(dtype=np.float64, na_value=np.nan))
    found = np.array([_digit_of_text(cell) if isinstance(cell, str) else 0.0 for cell in series], dtype=np.float64)
    plain = [isinstance(cell, int | float | Decimal | np.number) for cell in series]
    if any(plain):
        found[plain] = digits_of_numbers(np.array([_as_float(cell) for cell in series[plain]], dtype=np.float64))
    return found


def _as_float(cell: Any) -> float:
    """A number as a float; none where it is too large for one, which is refused where it is read."""
    try:
        return float(cell)
    except OverflowError:
        return math.nan


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
    if not isinstance(exponent, int) or abs(exponent) > sys.float_info.max_10_exp:
        return 0.0
    return float(10.0**exponent)


def digits_of_numbers(numbers: FloatArray) -> FloatArray:
    """One unit of the last decimal that numbers need; 0 where they have more decimals than people write, or are none.

    A number does not keep the zeros it was written with: 2.00 is 2 here, and known to half a unit.
    """
    found = np.zeros(len(numbers))
    open_rows = np.isfinite(numbers)
    for decimals in range(_DECIMALS + 1):
        scaled = numbers * 10.0**decimals
        written = open_rows & (np.abs(scaled - np.rint(scaled)) <= _SAME * np.abs(scaled))
        found[written] = 10.0**-decimals
        open_rows &= ~written
    return found
