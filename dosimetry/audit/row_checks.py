"""What is wrong with whole rows of a table: rows without anything, rows that stand twice, days that are none."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from dosimetry.arrays import AnyArray, BoolArray, FloatArray, IntArray
from dosimetry.audit import cells, dates, names
from dosimetry.audit.case_rows import CaseRows
from dosimetry.audit.frame_tables import table_of
from dosimetry.audit.marks import Marks
from dosimetry.audit.names import RECORDED
from dosimetry.audit.table_checks import empty_rows
from dosimetry.rules import says

ROW = ""
"""Name of what is said of a row as a whole."""
_EMPTY = "every cell of this row is empty."
_REPEATED = (
    "this row repeats another row of its case in every column that is read. Delete the one that is too many, "
    "or tell two territories apart by territory_name."
)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""Odd number that spreads the numbers of cases over all bits, so that few pairs with a volume fall together."""


def close_empty_rows(frame: pd.DataFrame, marks: Marks) -> None:
    """Mark empty rows by one sentence in place of one for each field that is missing."""
    empty = empty_rows(frame)
    if empty.any():
        marks.close(ROW, empty, says(_EMPTY))


def refuse_repeats(
    frame: pd.DataFrame, of_cases: CaseRows, unnamed: BoolArray, volume_ml: FloatArray, marks: Marks
) -> None:
    """Mark rows without a territory name that say the same as another row of their case in all that is read of them.

    A number is the same however it is written, and a column that is carried along tells no territories apart.

    Parameters
    ----------
    of_cases : CaseRows
        The case of each row, and which rows share one.
    unnamed : array of bool
        Rows whose territory has no name.
    volume_ml : array of float
        Perfused volume [mL]: what tells most territories of a case apart, so that few rows are looked at whole.
    """
    owner = of_cases.owner
    shared = np.zeros(len(of_cases.first), dtype=np.bool_)
    shared[owner[of_cases.later]] = True
    rows = np.flatnonzero(shared[owner] & unnamed)
    mixed = owner[rows].astype(np.uint64) * _SPREAD ^ np.nan_to_num(volume_ml[rows], nan=-1.0).view(np.uint64)
    rows = rows[pd.Series(mixed).duplicated(keep=False).to_numpy()]
    if not len(rows):
        return
    held = [owner[rows], *_as_read(frame.iloc[rows])]
    twice = pd.DataFrame(dict(enumerate(held))).duplicated(keep=False).to_numpy()
    marks.add(ROW, rows[twice], says(_REPEATED))


def _as_read(frame: pd.DataFrame) -> Iterator[AnyArray]:
    """What is read of territories, of their pooled lesions and of the records: numbers, and codes of words."""
    marks = Marks(len(frame))
    for level in ("territory", "lesion"):
        table = table_of(frame, level, marks)
        yield from table.numbers.values()
        yield from (words.codes for words in table.words.values())
        texts = (field.name for field in names.inputs_of(level, frame.columns) if field.kind is str)
        yield from (cells.texts(frame[name], name, marks).codes for name in texts)
    for each in names.recorded(frame.columns):
        record = f"{RECORDED}{each.column}"
        yield cells.numbers(frame[record], record, marks)


def undated(frame: pd.DataFrame, name: str) -> tuple[IntArray, AnyArray]:
    """Rows whose cell is given and is no day, and what is remarked of each: such a row counts in no month."""
    if name not in frame.columns:
        return np.array([], dtype=np.int64), np.array([], dtype=object)
    codes, spelled = cells.labels(frame[name])
    said = [None if dates.month_of(text) else _no_day(name, text) for text in spelled]
    texts = np.array([*said, None], dtype=object)[codes]
    rows = np.flatnonzero(pd.notna(texts))
    return rows, texts[rows]


def _no_day(name: str, text: str) -> str:
    return f"{name} {dates.WANTED}; got {cells.shown(text)}. The row counts in no month."
