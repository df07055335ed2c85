"""A table of chemoembolizations as columns: one row a session, with a mark on every row that breaks a rule.

What words of a row belong together depends on the words and on which inputs are given, not on the numbers: it is asked
once for each combination that occurs, of a case made from it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from dosimetry import reference
from dosimetry.arrays import AnyArray, BoolArray, FloatArray, IntArray
from dosimetry.audit import cells, names
from dosimetry.audit.frame_tables import taken
from dosimetry.audit.marks import Marks
from dosimetry.audit.names import Input
from dosimetry.audit.row_checks import close_empty_rows
from dosimetry.audit.selection import select
from dosimetry.case_fields import Leaf, leaves
from dosimetry.columns import NO_TARGET, Columns, Table, Words, flat_names
from dosimetry.problems import Problem
from dosimetry.ranges import outside
from dosimetry.record_reader import RecordReader
from dosimetry.rules import range_says
from dosimetry.tace import rules, word_rules
from dosimetry.tace.case import TaceCase
from dosimetry.tace.columns import Earlier, TaceColumns
from dosimetry.tace.door import tabled_choices

_EARLIER = "earlier_anthracycline"
_RESTATED = ("format", "format_version", "treatment")
_DOSE, _DRUG = "earlier_dose_mg_per_m2", "earlier_drug"
_FRAME = {"format": "dosimetry-case", "format_version": 1, "treatment": "tace", "label": "a row"}


@cache
def fields() -> dict[str, tuple[Leaf, Input]]:
    """Every field that may be a column, by its flat name; of earlier anthracyclines one dose a row."""
    found = {}
    for leaf in leaves(TaceCase):
        level = _EARLIER if leaf.path.startswith(_EARLIER) else leaf.level
        if level != "list" and not leaf.field.is_list and leaf.path not in _RESTATED:
            name = flat_names(TaceCase)[leaf.path]
            choices = leaf.field.choices or tabled_choices(leaf.path)
            found[name] = (leaf, Input(name, level, leaf.field.kind, choices, leaf.field.is_required))
    return found


@dataclass(frozen=True, slots=True)
class TaceReading:
    """The columns of every row, refused or not, and the marks of the rows."""

    columns: TaceColumns
    marks: Marks


def read(frame: pd.DataFrame) -> TaceReading:
    """Read every row and hold it against every rule."""
    marks = Marks(len(frame))
    close_empty_rows(frame, marks)
    tables = {level: _table(frame, level, marks) for level in ("case", "territory", "lesion", _EARLIER)}
    lesion, owner = _given_rows(tables["lesion"], frame)
    earlier, earlier_case = _given_rows(tables[_EARLIER], frame)
    rows = np.arange(len(frame))
    base = Columns(tables["case"], tables["territory"], rows, lesion, owner, np.full(len(frame), NO_TARGET))
    dose = earlier.number(_DOSE)
    marks.add(_DOSE, earlier_case[outside(reference.field(_DOSE), dose)], _shown(dose, earlier_case))
    _mark_words(tables, frame, marks)
    _mark_numbers(base, marks)
    return TaceReading(TaceColumns(base, Earlier(earlier.word(_DRUG), dose, earlier_case)), marks)


def _shown(dose: FloatArray, owner: IntArray) -> Any:
    of_row = np.full(int(owner.max(initial=0)) + 1, np.nan)
    of_row[owner] = dose
    return range_says(reference.field(_DOSE), of_row)


def _table(frame: pd.DataFrame, level: str, marks: Marks) -> Table:
    numbers: dict[str, FloatArray] = {}
    words: dict[str, Words] = {}
    for name, (_, field) in fields().items():
        if field.level != level or name not in frame.columns:
            continue
        if field.kind is bool:
            numbers[name] = cells.flags(frame[name], name, marks)
        elif field.kind is not str:
            numbers[name] = cells.numbers(frame[name], name, marks, whole=field.kind is int)
        elif field.choices:
            words[name] = cells.words(frame[name], field, marks)
        else:
            cells.texts(frame[name], name, marks, is_date=name.endswith("_date"))
    return Table(len(frame), numbers, words)


def _given_rows(table: Table, frame: pd.DataFrame) -> tuple[Table, IntArray]:
    """A table without the rows in which nothing is given, and where the others stood."""
    given = np.zeros(len(frame), dtype=np.bool_)
    for values in table.numbers.values():
        given |= ~np.isnan(values)
    for words in table.words.values():
        given |= words.given
    rows = np.flatnonzero(given)
    return taken(table, rows), rows


def _mark_numbers(base: Columns, marks: Marks) -> None:
    """Every rule of numbers; of case, territory and lesion each row of the table holds at most one."""
    for each in rules.broken(base):
        owner = base.lesion_territory[each.rows] if each.level == "lesion" else each.rows
        told = ~marks.of(each.name)[owner]
        marks.add(each.name, owner[told], each.sentence, each.rows[told])


def _mark_words(tables: dict[str, Table], frame: pd.DataFrame, marks: Marks) -> None:
    """Every rule of words and of what must be given, asked once a combination."""
    patterns = _patterns(tables.values(), len(frame))
    _, first, of_row = np.unique(patterns, axis=0, return_index=True, return_inverse=True)
    of_row = np.asarray(of_row).reshape(-1)
    for number, row in enumerate(first.tolist()):
        for problem in _problems(tables, row):
            name = flat_names(TaceCase).get(_pattern(problem.path), problem.path)
            rows = (of_row == number) & ~_unread(problem.path, marks)
            marks.add(name, rows, _always(_sentence(problem, name)))


def _unread(path: str, marks: Marks) -> BoolArray:
    """Rows in which something at this place, or inside it, was refused when it was read: it is not missing."""
    pattern = _pattern(path)
    inside = [name for name, (leaf, _) in fields().items() if f"{leaf.path}.".startswith(f"{pattern}.")]
    return np.asarray(np.logical_or.reduce([marks.of(name) for name in (path, *inside)]))


def _always(text: str) -> Callable[[int], str]:
    return lambda row: text


def _sentence(problem: Problem, name: str) -> str:
    """The message, which names its field; where it only says what is missing, with the name."""
    return problem.message if name.partition("_")[0] in problem.message else f"{name}: {problem.message}"


def _patterns(tables: Iterable[Table], rows: int) -> AnyArray:
    """Words, and whether a number is given, of every row."""
    columns: list[AnyArray] = [np.zeros(rows, dtype=np.int64)]
    for table in tables:
        columns += [words.codes for words in table.words.values()]
        columns += [(~np.isnan(values)).astype(np.int64) for values in table.numbers.values()]
    return np.column_stack(columns)


def _pattern(path: str) -> str:
    return path.replace("[0]", "[]")


def _problems(tables: dict[str, Table], row: int) -> list[Problem]:
    """The problems of words of one row, as a case."""
    reader = RecordReader(TaceCase, tabled_choices)
    case = reader.record(_plain(tables, row), TaceCase, "", "")
    return [*reader.problems, *(word_rules.problems(case) if isinstance(case, TaceCase) else [])]


def _plain(tables: dict[str, Table], row: int) -> dict[str, Any]:
    """One row as the plain values of a case."""
    records = {level: _record(table, row) for level, table in tables.items()}
    territory = {"name": "the territory", **records["territory"], "lesions": []}
    if records["lesion"]:
        territory["lesions"] = [{"name": names.DEFAULT_LESION, **records["lesion"]}]
    if "observed_tumor_fraction" in territory:
        records["case"].setdefault("partition", {})
    earlier = {_EARLIER: [records[_EARLIER]]} if records[_EARLIER] else {}
    return {**_FRAME, **records["case"], **earlier, "territories": [territory]}


def _record(table: Table, row: int) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for name, value in _values(table, row):
        leaf = fields()[name][0]
        inner = record
        *steps, last = (step for step in leaf.steps if not step.endswith("[]"))
        for step in steps:
            inner = inner.setdefault(step, {})
        inner[last] = leaf.field.kind(value)
    return record


def _values(table: Table, row: int) -> Iterable[tuple[str, Any]]:
    for name, words in table.words.items():
        if words.codes[row] >= 0:
            yield name, words.values[words.codes[row]]
    for name, values in table.numbers.items():
        if not np.isnan(values[row]):
            yield name, values[row]


def chosen(reading: TaceReading, keep: BoolArray) -> TaceColumns:
    """The rows in which ``keep`` holds."""
    earlier = reading.columns.earlier
    kept = keep[earlier.case]
    anew = np.cumsum(keep) - 1
    return TaceColumns(
        base=select(reading.columns.base, keep).columns,
        earlier=Earlier(
            drug=Words(earlier.drug.codes[kept], earlier.drug.values),
            dose_mg_per_m2=earlier.dose_mg_per_m2[kept],
            case=anew[earlier.case[kept]],
        ),
    )
