"""A row of a table as a case: what one opens in the form to see how its numbers come about."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from dosimetry import reference
from dosimetry.arrays import IntArray
from dosimetry.audit import cells, names
from dosimetry.audit.marks import Marks
from dosimetry.audit.names import CASE_ID, DEFAULT_LESION, PROBLEMS, Input
from dosimetry.case_fields import leaves
from dosimetry.columns import TARGET_LESION, flat_names
from dosimetry.strict_json import printable

_TARGET = "prescription_target"


def case_of_row(frame: pd.DataFrame, place: int) -> dict[str, Any]:
    """The case that a row belongs to, with all its territories, as plain values of a case file.

    Parameters
    ----------
    frame : DataFrame
        Rows under the flat names, one a territory, as `replan` takes them.
    place : int
        Which row, counted from 0.

    Returns
    -------
    dict
        Cells that hold nothing, or that cannot be read, are left out. A row without ``case_id`` is labeled by its
        number, counted from 1 as in the list of rows.
    """
    places, label = _rows_of_case(frame, place)
    rows = frame.iloc[places]
    values = {level: _values(rows, level) for level in names.LEVELS}
    plain: dict[str, Any] = {**_head(), "label": label, **_record(values["case"], 0)}
    plain["territories"] = [_territory(values, row) for row in range(len(rows))]
    _name_apart(plain["territories"])
    return plain


def doubts_of_row(frame: pd.DataFrame, place: int) -> tuple[str, ...]:
    """What a person must know before taking numbers from the case of a row; nothing where all of it was audited.

    Parameters
    ----------
    frame : DataFrame
        Rows as `replan` returns them, with ``problems``.
    place : int
        Which row, counted from 0.

    Returns
    -------
    tuple of str
        Why rows of the case were refused, which cells were left empty because they cannot be read, and in which columns
        its rows disagree, so that only the first of them is shown.
    """
    places, label = _rows_of_case(frame, place)
    rows = frame.iloc[places]
    found = [f"Row {row + 1}: {text}" for row, text in zip(places.tolist(), rows[PROBLEMS], strict=True) if text]
    head = f"The audit refused {label}:" if found else f"Not all of {label} could be taken over:"
    for level in names.LEVELS:
        values = _values(rows, level)
        for field in names.inputs_of(level, rows.columns):
            read = values[field.name]
            found += _unread(rows[field.name], read, field, places)
            if level == "case" and len({*map(str, read)}) > 1:
                shown = ", ".join("nothing" if value is None else str(value) for value in dict.fromkeys(read))
                word = reference.field(field.name).label
                found.append(f"The rows disagree on {word} ({shown}); what the first of them holds is shown.")
    return (head, *found) if found else ()


def _unread(series: "pd.Series[Any]", read: list[Any], field: Input, places: IntArray) -> Iterator[str]:
    """The cells of a column that hold something, of which nothing is shown."""
    for cell, value, place in zip(series, read, places.tolist(), strict=True):
        is_lost = value is None or bool(field.choices and value not in field.choices)
        if is_lost and not _is_missing(cell):
            yield f"Row {place + 1}: {reference.field(field.name).label} was left empty, because it cannot be read."


def _is_missing(cell: Any) -> bool:
    """Whether a cell holds nothing; a list in a cell is something."""
    return bool(pd.api.types.is_scalar(cell) and pd.isna(cell))


def _rows_of_case(frame: pd.DataFrame, place: int) -> tuple[IntArray, str]:
    """The rows of a case, and what it is called."""
    label = name_of_case(frame, place)
    if not label:
        return np.array([place]), f"row {place + 1}"
    codes, _ = cells.keys(frame[CASE_ID])
    return np.flatnonzero(codes == codes[place]), label


def name_of_case(frame: pd.DataFrame, place: int) -> str:
    """The case of a row by its id; empty where it has none."""
    own = frame[CASE_ID].iloc[place] if CASE_ID in frame.columns else None
    return "" if own is None or _is_missing(own) else f"case {printable(str(own))}"


def _territory(values: Mapping[str, Mapping[str, list[Any]]], row: int) -> dict[str, Any]:
    territory: dict[str, Any] = {"name": f"territory {row + 1}", **_record(values["territory"], row)}
    lesion = _record(values["lesion"], row)
    territory["lesions"] = [{"name": DEFAULT_LESION, **lesion}] if lesion else []
    return territory


def _name_apart(territories: list[dict[str, Any]]) -> None:
    """Number tumors that bear the default name in several territories: one name would make one tumor of them."""
    unnamed = [each for each in territories if any(lesion["name"] == DEFAULT_LESION for lesion in each["lesions"])]
    for number, territory in enumerate(unnamed if len(unnamed) > 1 else (), start=1):
        (lesion,) = territory["lesions"]
        lesion["name"] = f"{DEFAULT_LESION} {number}"
        holder, last = _holder(territory, _steps()[_TARGET])
        if holder.get(last) == f"{TARGET_LESION}{DEFAULT_LESION}":
            holder[last] = f"{TARGET_LESION}{lesion['name']}"


def _holder(record: dict[str, Any], steps: tuple[str, ...]) -> tuple[dict[str, Any], str]:
    """The record within a record in which the last of some steps stands."""
    *inner, last = steps
    for step in inner:
        record = record.setdefault(step, {})
    return record, last


def _record(values: Mapping[str, list[Any]], row: int) -> dict[str, Any]:
    """The given fields of one row under their places in the record."""
    record: dict[str, Any] = {}
    for name, column in values.items():
        if column[row] is not None:
            holder, last = _holder(record, _steps()[name])
            holder[last] = column[row]
    return record


def _values(rows: pd.DataFrame, level: str) -> dict[str, list[Any]]:
    return {field.name: _column(rows[field.name], field) for field in names.inputs_of(level, rows.columns)}


def _column(series: "pd.Series[Any]", field: Input) -> list[Any]:
    """Cells as the audit reads them; ``None`` for what holds nothing."""
    marks = Marks(len(series))
    if field.kind is str:
        return [cell if isinstance(cell, str) else None for cell in series]
    if field.kind is bool:
        return [None if np.isnan(flag) else bool(flag) for flag in cells.flags(series, field.name, marks).tolist()]
    numbers = cells.numbers(series, field.name, marks, whole=field.kind is int).tolist()
    return [None if np.isnan(number) else field.kind(number) for number in numbers]


@cache
def _steps() -> Mapping[str, tuple[str, ...]]:
    return {flat_names()[leaf.path]: leaf.steps for leaf in leaves() if leaf.level in names.LEVELS}


def _head() -> dict[str, Any]:
    return {leaf.path: leaf.field.choices[0] for leaf in leaves() if leaf.path in names.RESTATED}
