"""Columns of a table in the units of the library: the units that are known, and how each is converted."""

import math
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from dosimetry import reference, units
from dosimetry.audit import names
from dosimetry.instants import HOURS_PER_DAY
from dosimetry.number_text import number_from_text
from dosimetry.scores.liver_function import bilirubin_mg_dl

_POWERS = {
    "%": {"%": -2, "percent": -2, "fraction": 0},
    "GBq": {"GBq": 0, "MBq": -3, "kBq": -6},
    "Gy": {"Gy": 0, "cGy": -2, "rad": -2, "mGy": -3},
    "mL": {"mL": 0, "ml": 0, "cm3": 0, "cc": 0, "L": 3, "mm3": -3},
    "kg": {"kg": 0, "g": -3},
    "g/mL": {"g/mL": 0, "g/cm3": 0, "kg/L": 0, "kg/m3": -3},
    "mg": {"mg": 0, "g": 3},
    "g/dL": {"g/dL": 0, "g/L": -1},
    "cm": {"cm": 0, "m": 2, "mm": -1},
}
"""Powers of ten from a unit to that of the library: applied to the digits, so that 4.1 % is 0.041 exactly."""
_FACTORS: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("GBq", "mCi"): units.gbq_from_mci,
    ("h", "d"): lambda days: np.asarray(days) * float(HOURS_PER_DAY),
}
_OF_FIELD: dict[tuple[str, str], Callable[[Any], Any]] = {("bilirubin_mg_dl", "umol/L"): bilirubin_mg_dl}


@cache
def units_of(name: str) -> tuple[str, ...]:
    """The units in which a column may be given; empty where it has none."""
    own = library_unit(name)
    others = [unit for library, unit in _FACTORS if library == own]
    others += [unit for column, unit in _OF_FIELD if column == name]
    return (*(_POWERS.get(own, {own: 0} if own else {})), *others)


@cache
def library_unit(name: str) -> str:
    """The unit of a column; ``%`` for fractions, which people also give as percentages."""
    if name in (names.CASE_ID, *names.GROUPS):
        return ""
    plain = name.removeprefix(names.RECORDED)
    if plain != name:
        return "%" if plain.endswith("_fraction") else names.unit_of(name)
    rule = reference.field(name)
    return "%" if rule.entered_as == "%" else rule.unit


def unit_in_words(name: str) -> str:
    """The unit in which numbers of a column are read: that of the library, by its name."""
    return library_unit(name).replace("%", "fraction")


def has_conversion(name: str, unit: str) -> bool:
    """Whether a number of a column changes when it is brought from a unit to that of the library."""
    return any(_conversion(name, unit))


def _conversion(name: str, unit: str) -> tuple[int, Callable[[Any], Any] | None]:
    """The power of ten, or else the function, that brings a number to the unit of the library."""
    own = library_unit(name)
    convert = _FACTORS.get((own, unit)) or _OF_FIELD.get((name, unit))
    return _POWERS.get(own, {}).get(unit, 0), convert


def converted(series: "pd.Series[Any]", name: str, unit: str) -> "pd.Series[Any]":
    """A column of a table in the unit of the library; what is no number stays and is refused when it is read."""
    power, convert = _conversion(name, unit)
    if not power and convert is None:
        return series
    if pd.api.types.is_numeric_dtype(series.dtype) and not pd.api.types.is_bool_dtype(series.dtype):
        values = series.to_numpy(dtype=np.float64, na_value=np.nan)
        scaled = values / 10.0**-power if power < 0 else values * 10.0**power
        return pd.Series(scaled if convert is None else convert(values), index=series.index)
    return series.map(lambda cell: _converted(cell, power, convert), na_action="ignore").astype(object)


def _converted(cell: Any, power: int, convert: Callable[[Any], Any] | None) -> Any:
    """A cell in the unit of the library; what is no number stays as it is and is refused when it is read."""
    if isinstance(cell, bool | np.bool_) or not isinstance(cell, str | int | float | np.number):
        return cell
    try:
        number_from_text(cell) if isinstance(cell, str) else float(cell)
    except (ValueError, OverflowError):
        return cell
    if not math.isfinite(float(cell)):
        return cell
    exact = Decimal(cell.strip()) if isinstance(cell, str) else Decimal(repr(float(cell)))
    return float(exact.scaleb(power)) if convert is None else float(convert(float(exact)))
