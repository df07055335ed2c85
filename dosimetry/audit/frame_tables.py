"""The columns of one level of a frame, and its free texts."""

import numpy as np
import pandas as pd

from dosimetry.arrays import AnyArray, FloatArray, IntArray
from dosimetry.audit import cells, names
from dosimetry.audit.cells import Texts
from dosimetry.audit.marks import Marks
from dosimetry.columns import Table, Words

_WITHIN = {"territory_name": "in its case", "lesion_name": "in its territory"}
_TEXTS_READ_APART = ("prescription_target", "territory_name", "lesion_name")


def table_of(frame: pd.DataFrame, level: str, marks: Marks) -> Table:
    """The columns of a level, in the rows of the frame."""
    numbers: dict[str, FloatArray] = {}
    words: dict[str, Words] = {}
    for field in names.inputs_of(level, frame.columns):
        series = frame[field.name]
        if field.kind is bool:
            numbers[field.name] = cells.flags(series, field.name, marks)
        elif field.kind is not str:
            numbers[field.name] = cells.numbers(series, field.name, marks, whole=field.kind is int)
        elif field.choices:
            words[field.name] = cells.words(series, field, marks)
        elif field.name not in _TEXTS_READ_APART:
            cells.texts(series, field.name, marks, is_date=field.name.endswith("_date"))
    return Table(len(frame), _with_any(numbers), {name: held for name, held in words.items() if held.given.any()})


def _with_any(numbers: dict[str, FloatArray]) -> dict[str, FloatArray]:
    return {name: values for name, values in numbers.items() if not np.isnan(values).all()}


def free_texts(frame: pd.DataFrame, name: str, marks: Marks) -> Texts | None:
    """A column of free texts, or none."""
    return cells.texts(frame[name], name, marks) if name in frame.columns else None


def refuse_twice(name: str, own: Texts | None, owner: IntArray, rows: IntArray, marks: Marks) -> None:
    """Mark names that stand more than once under the same owner; ``rows`` are the rows of the frame to mark."""
    if own is None:
        return
    pair = owner * (len(own.values) + 1) + own.codes
    twice = pd.Series(pair).duplicated(keep=False).to_numpy() & (own.codes >= 0)
    marks.add(
        name,
        rows[twice],
        lambda place: f"{name} must be unique {_WITHIN[name]}; {own.values[own.codes[place]]!r} stands more than once.",
        np.flatnonzero(twice),
    )


def taken(table: Table, rows: AnyArray) -> Table:
    """Some rows of a table."""
    return Table(
        int(rows.sum()) if rows.dtype == np.bool_ else len(rows),
        {name: values[rows] for name, values in table.numbers.items()},
        {name: Words(words.codes[rows], words.values) for name, words in table.words.items()},
    )
