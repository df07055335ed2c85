"""A row of a table as a case: what one opens in the form to see how its numbers come about."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from dosimetry.audit import cells, names
from dosimetry.audit.marks import Marks
from dosimetry.audit.names import CASE_ID, DEFAULT_LESION, Input
from dosimetry.case_fields import leaves
from dosimetry.columns import flat_names


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
    rows, label = _rows_of_case(frame, place)
    values = {level: _values(rows, level) for level in names.LEVELS}
    plain: dict[str, Any] = {**_head(), "label": label, **_record(values["case"], 0)}
    plain["territories"] = [_territory(values, row) for row in range(len(rows))]
    return plain


def _rows_of_case(frame: pd.DataFrame, place: int) -> tuple[pd.DataFrame, str]:
    own = frame[CASE_ID].iloc[place] if CASE_ID in frame.columns else None
    if own is None or pd.isna(own):
        return frame.iloc[[place]], f"row {place + 1}"
    return frame[(frame[CASE_ID] == own).fillna(False).to_numpy(dtype=np.bool_)], f"case {own}"


def _territory(values: Mapping[str, Mapping[str, list[Any]]], row: int) -> dict[str, Any]:
    territory: dict[str, Any] = {"name": f"territory {row + 1}", **_record(values["territory"], row)}
    lesion = _record(values["lesion"], row)
    territory["lesions"] = [{"name": DEFAULT_LESION, **lesion}] if lesion else []
    return territory


def _record(values: Mapping[str, list[Any]], row: int) -> dict[str, Any]:
    """The given fields of one row under their places in the record."""
    record: dict[str, Any] = {}
    for name, column in values.items():
        if column[row] is not None:
            *inner, last = _steps()[name]
            holder = record
            for step in inner:
                holder = holder.setdefault(step, {})
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
