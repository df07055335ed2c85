"""A frame as columns of cases, territories and lesions, with a mark on every row that cannot be read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from dosimetry.arrays import AnyArray, FloatArray, IntArray
from dosimetry.audit import cells, names
from dosimetry.audit.case_ids import ids
from dosimetry.audit.case_rows import CaseRows, case_rows
from dosimetry.audit.dates import day_of
from dosimetry.audit.frame_tables import free_texts, refuse_twice, table_of, taken
from dosimetry.audit.last_digits import check_digits
from dosimetry.audit.lesion_reading import lesions_of, pooled_lesions, targets
from dosimetry.audit.marks import Marks
from dosimetry.audit.names import CASE_ID, CENTER, RECORDED, TREATMENT_DATE
from dosimetry.audit.row_checks import close_empty_rows, refuse_repeats, undated
from dosimetry.audit.table_checks import check_frame, comparable
from dosimetry.columns import Columns, Table, Words
from dosimetry.rules import says

_LIKELY_SLIP = {
    TREATMENT_DATE: "Is the case id the number of a patient? Two sessions need two ids.",
    CENTER: "Is the case id a number that two centers gave? Their cases need ids of their own.",
}
"""Columns that a case has only one of, though nothing is computed from them, and why its rows may disagree."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in a frame: marks and records in its rows; ``columns`` have a territory for each of them."""

    columns: Columns
    marks: Marks
    recorded: dict[str, FloatArray]
    undated: tuple[IntArray, AnyArray]
    """Rows whose treatment date is no day, and what is remarked of each."""


def read(frame: pd.DataFrame, lesions: pd.DataFrame | None = None) -> Reading:
    """Columns of the cases in a frame.

    Parameters
    ----------
    frame : DataFrame
        One row a territory. Columns by flat name; others are left alone.
    lesions : DataFrame, optional
        One row a lesion, keyed by ``case_id`` and, where the frame has it, ``territory_name``.

    Raises
    ------
    TableError
        Columns that are refused, a duplicate index, lesions that belong to no row.
    """
    check_frame(frame)
    with comparable(frame):
        return _read(frame, lesions)


def _read(frame: pd.DataFrame, lesions: pd.DataFrame | None) -> Reading:
    marks = Marks(len(frame))
    close_empty_rows(frame, marks)
    owner = _case_of_row(frame, marks)
    case = table_of(frame, "case", marks)
    territory = table_of(frame, "territory", marks)
    _require(case, "case", marks)
    _require(territory, "territory", marks)
    own_names = free_texts(frame, "territory_name", marks)
    refuse_twice("territory_name", own_names, owner, np.arange(len(frame)), marks)
    if lesions is None:
        lesion, lesion_owner, lesion_names = pooled_lesions(frame, marks)
    else:
        lesion, lesion_owner, lesion_names = lesions_of(lesions, frame, own_names, marks)
    target = targets(frame, lesion_owner, lesion_names, marks)
    records = [each.column for each in names.recorded(frame.columns)]
    recorded = {name: _recorded(frame, f"{RECORDED}{name}", marks) for name in records}
    written = {f"{RECORDED}{name}": values for name, values in recorded.items()}
    check_digits(frame, {**case.numbers, **territory.numbers, **written}, marks)
    rows = case_rows(owner)
    if len(rows.later):
        for held in _of_case(case, frame):
            _refuse_disagreement(held, rows, marks)
        unnamed = np.ones(len(frame), dtype=np.bool_) if own_names is None else own_names.codes < 0
        refuse_repeats(frame, rows, unnamed, territory.number("perfused_volume_ml"), marks)
    of_case = case if rows.are_cases else taken(case, rows.first)
    columns = Columns(of_case, territory, owner, lesion, lesion_owner, target)
    return Reading(columns, marks, recorded, undated(frame, TREATMENT_DATE))


def _recorded(frame: pd.DataFrame, name: str, marks: Marks) -> FloatArray:
    """A column of records. Nothing that is computed can be negative, so that a record below zero is refused."""
    values = cells.numbers(frame[name], name, marks)
    marks.add(name, values < 0, lambda row: f"{name} must be >= 0; got {values[row]:g}.")
    return values


def _case_of_row(frame: pd.DataFrame, marks: Marks) -> IntArray:
    """The case of each row; without ids, and where an id is missing, a row is a case of its own."""
    if CASE_ID not in frame.columns:
        return np.arange(len(frame))
    codes, count = ids(frame[CASE_ID], CASE_ID, marks)
    missing = codes < 0
    if missing.any():
        text = (
            f"{CASE_ID} is missing; write it into every row (merged cells leave rows without), "
            "or leave the whole column out when every row is a case of its own."
        )
        marks.add(CASE_ID, missing, says(text))
        codes = codes.copy()
        codes[missing] = np.arange(count, count + missing.sum())
    return np.asarray(codes, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Held:
    """A column of the cases in the rows of the frame, and how a cell of it is shown."""

    name: str
    values: AnyArray
    """NaN, or below zero where the values are codes, for what is missing."""
    shown: Callable[[int], str]
    likely_slip: str = ""


def _of_case(table: Table, frame: pd.DataFrame) -> Iterator[_Held]:
    """Every column of which a case has only one value."""
    for name, values in table.numbers.items():
        yield _Held(name, values, partial(_shown_number, values))
    for name, words in table.words.items():
        yield _Held(name, words.codes, partial(_shown_word, words))
    for name, slip in _LIKELY_SLIP.items():
        if name in frame.columns:
            codes, spelled = _days(frame[name]) if name == TREATMENT_DATE else cells.labels(frame[name])
            yield _Held(name, codes, partial(_shown_label, codes, spelled), f" {slip}")


def _days(series: "pd.Series[Any]") -> tuple[IntArray, list[str]]:
    """Codes of equal days and each as a text: a session may have several times of a day."""
    codes, spelled = cells.labels(series)
    days = [day_of(text) or text for text in spelled]
    places = {day: place for place, day in enumerate(dict.fromkeys(days))}
    return np.array([*(places[day] for day in days), -1], dtype=np.int64)[codes], list(places)


def _shown_number(values: FloatArray, row: int) -> str:
    return f"{values[row]:g}"


def _shown_word(words: Words, row: int) -> str:
    return words.values[int(words.codes[row])]


def _shown_label(codes: IntArray, spelled: list[str], row: int) -> str:
    return cells.shown(spelled[int(codes[row])])


def _refuse_disagreement(held: _Held, rows: CaseRows, marks: Marks) -> None:
    """Mark all rows of a case whose rows do not say the same."""
    later, first = held.values[rows.later], held.values[rows.before_later]
    other = (later != first) & ~(_is_missing(later) & _is_missing(first))
    if not other.any():
        return
    owner = rows.owner
    example = np.full(len(rows.first), -1)
    example[owner[rows.later[other]]] = rows.later[other]

    def sentence(row: int) -> str:
        """Two values of the same case."""
        places = (int(rows.first[owner[row]]), int(example[owner[row]]))
        one, two = ("nothing" if _is_missing(held.values[place]) else held.shown(place) for place in places)
        return f"{held.name} must be the same in all rows of its case; got {one} and {two}.{held.likely_slip}"

    marks.add(held.name, (example >= 0)[owner], sentence)


def _is_missing(values: AnyArray) -> AnyArray:
    return np.isnan(values) if values.dtype.kind == "f" else values < 0


def _require(table: Table, level: str, marks: Marks) -> None:
    """Mark rows in which a field that must be given is missing and not refused already."""
    for field in names.inputs():
        if field.is_required and field.level == level:
            given = table.word(field.name).given if field.kind is str else ~np.isnan(table.number(field.name))
            marks.add(field.name, ~given & ~marks.of(field.name), says(f"{field.name} is missing."))
