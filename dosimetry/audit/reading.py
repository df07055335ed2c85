"""A frame as columns of cases, territories and lesions, with a mark on every row that cannot be read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dosimetry.arrays import AnyArray, BoolArray, FloatArray, IntArray
from dosimetry.audit import cells, names
from dosimetry.audit.marks import Marks
from dosimetry.audit.names import CASE_ID, Input
from dosimetry.columns import (
    NO_TARGET,
    NORMAL,
    TARGET_LESION,
    TARGET_NORMAL,
    UNKNOWN_TARGET,
    Columns,
    Table,
    Words,
)

_TARGET = "prescription_target"
_RATIO_COUNTS = ("ratio_lesion_counts", "ratio_lesion_volume_ml", "ratio_normal_counts", "ratio_normal_volume_ml")


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in a frame. ``marks`` are on its rows; ``lesion_rows`` are the rows the lesions were read from."""

    columns: Columns
    marks: Marks
    recorded: dict[str, FloatArray]
    is_pooled: bool
    lesion_rows: IntArray

    @property
    def has_lesions(self) -> bool:
        """Whether the table says anything about lesions."""
        return self.columns.lesion.rows > 0


class TableError(ValueError):
    """A table cannot be audited at all; the message lists every reason, one a line."""


def check_frame(frame: pd.DataFrame, what: str = "the table") -> None:
    """Refuse what cannot be told apart: names of columns, and a duplicate index.

    Raises
    ------
    TableError
        Every reason.
    """
    found = names.column_problems(frame.columns)
    if not frame.index.is_unique:
        twice = frame.index[frame.index.duplicated()][0]
        found.append(f"{what} has an index that is not unique: {twice!r} stands more than once; use reset_index().")
    if found:
        raise TableError("\n".join(found))


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
        Columns that are refused, a duplicate index, lesions that belong to no case.
    """
    check_frame(frame)
    marks = Marks(len(frame))
    owner = _case_of_row(frame, marks)
    first = _first_rows(owner)
    case = _case_table(frame, owner, first, marks)
    territory = _table(frame, "territory", marks)
    for field in names.inputs():
        if field.is_required and field.level != "lesion":
            _require(frame, field, territory if field.level == "territory" else case, owner, marks)
    own_names = _texts(frame, "territory_name", marks)
    _refuse_twice("territory_name", "in its case", owner, own_names, np.arange(len(frame)), marks)
    pooled = bool(names.inputs_of("lesion", frame.columns))
    if lesions is None:
        lesion, lesion_owner, lesion_rows, lesion_names = _pooled(frame, marks)
    elif pooled:
        raise TableError("lesions stand in columns and in a table of their own; give one of the two.")
    else:
        lesion, lesion_owner, lesion_rows, lesion_names = _own_table(lesions, frame, owner, own_names, marks)
    target = _targets(frame, lesion_owner, lesion_names, marks)
    recorded = {
        each.column: cells.numbers(frame[f"{names.RECORDED}{each.column}"], f"{names.RECORDED}{each.column}", marks)
        for each in names.recorded(frame.columns)
    }
    columns = Columns(case, territory, owner, lesion, lesion_owner, target)
    return Reading(columns, marks, recorded, pooled, lesion_rows)


def _case_of_row(frame: pd.DataFrame, marks: Marks) -> IntArray:
    """The case of each row; without ids, and where an id is missing, a row is a case of its own."""
    if CASE_ID not in frame.columns:
        return np.arange(len(frame))
    codes, count = cells.keys(frame[CASE_ID])
    missing = codes < 0
    if missing.any():
        text = f"{CASE_ID} is missing; leave the whole column out when every row is a case of its own."
        marks.add(CASE_ID, missing, lambda row: text)
        codes = codes.copy()
        codes[missing] = np.arange(count, count + missing.sum())
    return np.asarray(codes, dtype=np.int64)


def _first_rows(owner: IntArray) -> IntArray:
    """The first row of each case."""
    if not len(owner):
        return owner
    first = np.full(int(owner.max()) + 1, len(owner))
    np.minimum.at(first, owner, np.arange(len(owner))) if len(first) < len(owner) else first.put(owner, owner)
    return first


def _case_table(frame: pd.DataFrame, owner: IntArray, first: IntArray, marks: Marks) -> Table:
    """The columns of the cases, each from the first of its rows; rows of a case that disagree are marked."""
    table = _table(frame, "case", marks)
    if len(first) == len(owner):
        return table
    for name, values in table.numbers.items():
        shown: Callable[[int], str] = lambda row, values=values: f"{values[row]:g}"
        _refuse_disagreement(name, values, np.isnan(values), shown, owner, first, marks)
    for name, words in table.words.items():
        spelled: Callable[[int], str] = lambda row, words=words: words.values[words.codes[row]]
        _refuse_disagreement(name, words.codes, ~words.given, spelled, owner, first, marks)
    return Table(
        len(first),
        {name: values[first] for name, values in table.numbers.items()},
        {name: Words(words.codes[first], words.values) for name, words in table.words.items()},
    )


def _refuse_disagreement(
    name: str,
    values: AnyArray,
    missing: BoolArray,
    shown: Callable[[int], str],
    owner: IntArray,
    first: IntArray,
    marks: Marks,
) -> None:
    """Mark all rows of a case whose rows do not say the same."""
    of_first = first[owner]
    other = (values != values[of_first]) & ~(missing & missing[of_first])
    if not other.any():
        return
    example = np.zeros(len(first), dtype=np.int64)
    example[owner[other]] = np.flatnonzero(other)
    torn = np.zeros(len(first), dtype=np.bool_)
    torn[owner[other]] = True

    def sentence(row: int) -> str:
        """Two values of the same case."""
        found = [
            "nothing" if missing[place] else shown(int(place)) for place in (first[owner[row]], example[owner[row]])
        ]
        return f"{name} must be the same in all rows of its case; got {found[0]} and {found[1]}."

    marks.add(name, torn[owner], sentence)


def _table(frame: pd.DataFrame, level: str, marks: Marks) -> Table:
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
        elif field.name not in (_TARGET, "territory_name", "lesion_name"):
            cells.texts(series, field.name, marks, is_date=field.name.endswith("_date"))
    return Table(len(frame), _with_any(numbers), {name: held for name, held in words.items() if held.given.any()})


def _with_any(numbers: dict[str, FloatArray]) -> dict[str, FloatArray]:
    return {name: values for name, values in numbers.items() if not np.isnan(values).all()}


def _require(frame: pd.DataFrame, field: Input, table: Table, owner: IntArray, marks: Marks) -> None:
    """Mark rows in which a field that must be given is missing and not refused already."""
    held = table.word(field.name).given if field.kind is str else ~np.isnan(table.number(field.name))
    missing = ~(held[owner] if field.level == "case" else held) & ~marks.of(field.name)
    marks.add(field.name, missing, lambda row: f"{field.name} is missing.")


def _texts(frame: pd.DataFrame, name: str, marks: Marks) -> "pd.Series[Any] | None":
    return cells.texts(frame[name], name, marks) if name in frame.columns else None


def _refuse_twice(
    name: str, where: str, owner: IntArray, own: "pd.Series[Any] | None", rows: IntArray, marks: Marks
) -> None:
    """Mark names that stand more than once under the same owner; ``rows`` are the rows of the frame to mark."""
    if own is None:
        return
    codes, count = cells.keys(own)
    pair = owner * (count + 1) + codes
    twice = pd.Series(pair).duplicated(keep=False).to_numpy() & (codes >= 0)
    marks.add(
        name,
        rows[twice],
        lambda place: f"{name} must be unique {where}; {own.iloc[place]!r} stands more than once.",
        np.flatnonzero(twice),
    )


_Lesions = tuple[Table, IntArray, IntArray, "pd.Series[Any]"]


def _pooled(frame: pd.DataFrame, marks: Marks) -> _Lesions:
    """One lesion a row from the columns of the frame, in the rows in which any of them holds something."""
    table = _table(frame, "lesion", marks)
    own = _texts(frame, "lesion_name", marks)
    given = np.zeros(len(frame), dtype=np.bool_)
    for field in names.inputs_of("lesion", frame.columns):
        given |= frame[field.name].notna().to_numpy()
    rows = np.flatnonzero(given)
    lesion_names = pd.Series(names.DEFAULT_LESION, index=range(len(rows)), dtype=object)
    if own is not None:
        held = own.iloc[rows].reset_index(drop=True)
        lesion_names = held.where(held.notna(), names.DEFAULT_LESION)
    table = table if len(rows) == len(frame) else taken(table, rows)
    _require_volume(table, rows, marks)
    return table, rows, rows, lesion_names


def _own_table(
    lesions: pd.DataFrame, frame: pd.DataFrame, owner: IntArray, own_names: "pd.Series[Any] | None", marks: Marks
) -> _Lesions:
    """Lesions of a second frame, each at the row it belongs to."""
    check_frame(lesions, "the table of lesions")
    rows = _owners(lesions, frame, own_names)
    own_marks = Marks(len(lesions))
    table = _table(lesions, "lesion", own_marks)
    own = _texts(lesions, "lesion_name", own_marks)
    for mark in own_marks.found:
        marks.add(mark.name, rows[mark.rows], mark.sentence, mark.places)
    if own is None:
        own = pd.Series(names.DEFAULT_LESION, index=range(len(lesions)), dtype=object)
    _refuse_twice("lesion_name", "in its territory", rows, own, rows, marks)
    _require_volume(table, rows, marks)
    return table, rows, np.arange(len(lesions)), own


def _owners(lesions: pd.DataFrame, frame: pd.DataFrame, own_names: "pd.Series[Any] | None") -> IntArray:
    """The row of the frame that each lesion belongs to."""
    key = [CASE_ID, *(["territory_name"] if own_names is not None else [])]
    for name in key:
        if name not in lesions.columns or name not in frame.columns:
            raise TableError(f"the table of lesions is joined by {' and '.join(key)}; {name} is missing in one of both.")
    own = frame[key].assign(territory_row=np.arange(len(frame)))
    doubtful = own.duplicated(key, keep=False)
    joined = lesions[key].merge(own[~own.duplicated(key)], on=key, how="left", validate="many_to_one")
    lost = joined["territory_row"].isna()
    if lost.any():
        first = ", ".join(f"{name} {joined[name][lost].iloc[0]!r}" for name in key)
        raise TableError(f"{int(lost.sum())} rows of the table of lesions belong to no territory; the first has {first}.")
    rows = joined["territory_row"].to_numpy(dtype=np.int64)
    if doubtful.to_numpy()[rows].any():
        raise TableError("lesions of a case with several territories need the column territory_name in both tables.")
    return rows


def _require_volume(table: Table, rows: IntArray, marks: Marks) -> None:
    missing = np.isnan(table.number("lesion_volume_ml")) & ~marks.of("lesion_volume_ml")[rows]
    marks.add("lesion_volume_ml", rows[missing], lambda row: "lesion_volume_ml is missing.")
    given = [~np.isnan(table.number(name)) for name in _RATIO_COUNTS if name in table.numbers]
    if given:
        started = np.logical_or.reduce(given)
        for name in _RATIO_COUNTS:
            lost = started & np.isnan(table.number(name)) & ~marks.of(name)[rows]
            marks.add(name, rows[lost], lambda row, name=name: f"{name} is missing; the other counts need it.")


def taken(table: Table, rows: AnyArray) -> Table:
    """Some rows of a table."""
    return Table(
        int(rows.sum()) if rows.dtype == np.bool_ else len(rows),
        {name: values[rows] for name, values in table.numbers.items()},
        {name: Words(words.codes[rows], words.values) for name, words in table.words.items()},
    )


def _targets(frame: pd.DataFrame, owner: IntArray, lesion_names: "pd.Series[Any]", marks: Marks) -> IntArray:
    """Codes of the prescription targets: a lesion of the same row, the normal liver, none, or not understood."""
    rows = len(frame)
    codes = np.full(rows, NO_TARGET)
    if _TARGET not in frame.columns:
        return codes
    target = cells.texts(frame[_TARGET], _TARGET, marks)
    spelled, unique = pd.factorize(target)
    is_lesion = np.array([*(str(word).startswith(TARGET_LESION) for word in unique), False])[spelled]
    codes[spelled >= 0] = UNKNOWN_TARGET
    codes[np.array([*(word == TARGET_NORMAL for word in unique), False])[spelled]] = NORMAL
    if is_lesion.any() and len(owner):
        bare = [str(word).removeprefix(TARGET_LESION) for word in unique]
        known, _ = pd.factorize(pd.concat([pd.Series(bare, dtype=object), lesion_names], ignore_index=True))
        step = int(known.max()) + 1
        asked = np.arange(rows) * step + known[: len(bare)][spelled]
        held = owner * step + known[len(bare) :]
        order = np.argsort(held, kind="stable")
        place = np.minimum(np.searchsorted(held[order], asked), len(held) - 1)
        found = is_lesion & (held[order][place] == asked)
        codes[found] = order[place[found]]
    return codes
