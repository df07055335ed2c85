"""The rows of an audit that a person should look at first, as a table of the report."""

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
import pandas as pd

from dosimetry import figures, units
from dosimetry.arrays import FloatArray, IntArray
from dosimetry.audit import cells, names
from dosimetry.audit.candidates import SEPARATOR
from dosimetry.audit.comparing import AGREES, GRADES
from dosimetry.audit.names import DIFFERENCE, GRADE, PROBLEMS, RECORDED, REMARKS, SLIPS, Output
from dosimetry.audit.row_case import name_of_case
from dosimetry.audit.slips import in_words
from dosimetry.number_text import number_from_text
from dosimetry.report.document import Column, Table

_DIGITS = 4
_GBQ, _GBQ_AND_MCI = "GBq", "GBq (mCi)"


def worst_rows(compared: pd.DataFrame, grades: Collection[str] = (), slip: str = "", most: int = 50) -> IntArray:
    """Places of the rows that differ most, the largest difference first, refused rows last.

    Parameters
    ----------
    compared : DataFrame
        From `compare`.
    grades : collection of str
        Only rows of these grades; all that do not agree when empty.
    slip : str
        Only rows that are consistent with this slip.
    most : int
        How many at most.
    """
    wanted = set(grades) or set(GRADES) - {AGREES}
    keep = compared[GRADE].isin(list(wanted)).to_numpy(dtype=np.bool_)
    if slip:
        codes, texts = cells.labels(compared[SLIPS])
        keep = keep & np.array([*(slip in keys_of(text) for text in texts), False])[codes]
    size = _largest(compared)
    rows = np.flatnonzero(keep)
    return np.asarray(rows[np.argsort(-size[rows], kind="stable")][:most], dtype=np.int64)


def keys_of(text: str) -> list[str]:
    """The slips in a cell, without their numbers."""
    return [key.partition(":")[0] for key in text.split(SEPARATOR) if key]


def _largest(compared: pd.DataFrame) -> FloatArray:
    """The largest difference of each row, whatever its sign; -1 where there is none."""
    sizes = [np.abs(compared[f"{DIFFERENCE}{each.column}"].to_numpy(dtype=np.float64)) for each in _compared(compared)]
    return np.asarray(np.max([np.where(np.isnan(size), -1.0, size) for size in sizes], axis=0))


def _compared(compared: pd.DataFrame) -> list[Output]:
    return [each for each in names.outputs() if f"{DIFFERENCE}{each.column}" in compared.columns]


def row_name(compared: pd.DataFrame, place: int) -> str:
    """A row as people count it, from 1, with its case."""
    case = name_of_case(compared, place)
    return f"Row {place + 1}, {case}" if case else f"Row {place + 1}"


def table_of_rows(compared: pd.DataFrame, places: IntArray) -> Table:
    """Rows with what was recorded, what was computed, their difference, and why."""
    outputs = _compared(compared)
    columns = [Column("Row"), Column("Grade"), Column("Consistent with, or refused because")]
    for each in outputs:
        unit = _GBQ_AND_MCI if each.quantity.unit == _GBQ else each.quantity.unit
        columns += [Column(f"{each.quantity.label}, recorded", unit, True), Column("computed", unit, True)]
        columns.append(Column("difference", "", True))
    return Table(tuple(columns), tuple(_row(compared, place, outputs) for place in places.tolist()))


def _row(compared: pd.DataFrame, place: int, outputs: list[Output]) -> tuple[str, ...]:
    row = compared.iloc[place]
    shown = [row_name(compared, place), str(row[GRADE]), " ".join(_why(row))]
    for each in outputs:
        shown += [_figure(row[name], each.quantity.unit) for name in (f"{RECORDED}{each.column}", each.column)]
        shown.append(figures.signed_percent(_number(row[f"{DIFFERENCE}{each.column}"])))
    return tuple(shown)


def _why(row: "pd.Series[Any]") -> Iterator[str]:
    slips = [in_words(key) for key in str(row[SLIPS]).split(SEPARATOR) if key]
    if slips:
        yield f"{'; '.join(slips)}."
    yield from (str(row[name]) for name in (PROBLEMS, REMARKS) if row[name])


def _figure(cell: Any, unit: str) -> str:
    """A number as people read it, an activity with its mCi; a record that is a text stays as it was typed."""
    number = _number(cell)
    if number is None:
        return str(cell) if isinstance(cell, str) else figures.MISSING
    shown = figures.significant(number, _DIGITS)
    return f"{shown} ({figures.significant(float(units.mci_from_gbq(number)), _DIGITS)})" if unit == _GBQ else shown


def _number(cell: Any) -> float | None:
    """A cell as a number; ``None`` where it is none."""
    try:
        number = number_from_text(cell) if isinstance(cell, str) else float(cell)
    except (ValueError, TypeError):
        return None
    return number if np.isfinite(number) else None
