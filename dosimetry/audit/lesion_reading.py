"""Lesions of a frame: one pooled tumor a row in its columns, or a second frame; and the targets that name them."""

import numpy as np
import pandas as pd

from dosimetry.arrays import IntArray
from dosimetry.audit import cells, names
from dosimetry.audit.cells import Texts
from dosimetry.audit.frame_tables import free_texts, refuse_twice, table_of, taken
from dosimetry.audit.last_digits import check_digits
from dosimetry.audit.marks import Marks
from dosimetry.audit.names import CASE_ID
from dosimetry.audit.table_checks import TableError, check_frame, plain
from dosimetry.columns import NO_TARGET, NORMAL, TARGET_LESION, TARGET_NORMAL, UNKNOWN_TARGET, Table
from dosimetry.count_rules import RATIO_COUNTS
from dosimetry.rules import says

LESIONS = "the table of lesions"
_TARGET = "prescription_target"

Lesions = tuple[Table, IntArray, Texts]
"""Their columns, the row of the frame each belongs to, and their names."""


def pooled_lesions(frame: pd.DataFrame, marks: Marks) -> Lesions:
    """One lesion a row from the columns of the frame, in the rows in which any of them holds something."""
    table = table_of(frame, "lesion", marks)
    check_digits(frame, table.numbers, marks)
    own = free_texts(frame, "lesion_name", marks)
    given = np.zeros(len(frame), dtype=np.bool_)
    for field in names.inputs_of("lesion", frame.columns):
        given |= frame[field.name].notna().to_numpy()
    rows = np.flatnonzero(given)
    lesion_names = _named(None if own is None else Texts(own.codes[rows], own.values), len(rows))
    table = table if len(rows) == len(frame) else taken(table, rows)
    _require_volume(table, rows, marks)
    return table, rows, lesion_names


def _named(own: Texts | None, rows: int) -> Texts:
    """Names of lesions; those without one bear the default."""
    if own is None:
        return Texts(np.zeros(rows, dtype=np.int64), [names.DEFAULT_LESION])
    values = own.values if names.DEFAULT_LESION in own.values else [*own.values, names.DEFAULT_LESION]
    return Texts(np.where(own.codes < 0, values.index(names.DEFAULT_LESION), own.codes), values)


def lesions_of(lesions: pd.DataFrame, frame: pd.DataFrame, own_names: Texts | None, marks: Marks) -> Lesions:
    """Lesions of a second frame, each at the row it belongs to."""
    if names.inputs_of("lesion", frame.columns):
        raise TableError("lesions stand in columns and in a table of their own; give one of the two.")
    check_frame(lesions, LESIONS)
    rows = _owners(lesions, frame, own_names)
    own_marks = Marks(len(lesions))
    table = table_of(lesions, "lesion", own_marks)
    check_digits(lesions, table.numbers, own_marks)
    own = free_texts(lesions, "lesion_name", own_marks)
    for mark in own_marks.found:
        marks.add(mark.name, rows[mark.rows], mark.sentence, mark.places)
    own = _named(own, len(lesions))
    refuse_twice("lesion_name", own, rows, rows, marks)
    _require_volume(table, rows, marks)
    return table, rows, own


def _owners(lesions: pd.DataFrame, frame: pd.DataFrame, own_names: Texts | None) -> IntArray:
    """The row of the frame that each lesion belongs to."""
    key = [CASE_ID, *(["territory_name"] if own_names is not None else [])]
    for name in key:
        if name not in lesions.columns or name not in frame.columns:
            raise TableError(f"{LESIONS} is joined by {' and '.join(key)}; {name} is missing in one of both.")
    own, asked = _joint_keys(frame[key], lesions[key])
    first_rows = np.flatnonzero(~pd.Series(own).duplicated().to_numpy())
    place = pd.Index(own[first_rows]).get_indexer(pd.Index(asked))
    lost = np.flatnonzero(place < 0)
    if len(lost):
        said = ", ".join(f"{name} {plain(lesions[name].iloc[lost[0]])!r}" for name in key)
        kinds = " Are the ids numbers in one table and texts in the other?" if _other_kinds(frame, lesions) else ""
        raise TableError(f"{len(lost)} rows of {LESIONS} belong to no territory; the first has {said}.{kinds}")
    doubtful = pd.Series(own).duplicated(keep=False).to_numpy()
    rows = first_rows[place]
    if doubtful[rows].any():
        raise TableError("lesions of a case with several territories need the column territory_name in both tables.")
    return rows


def _joint_keys(own: pd.DataFrame, asked: pd.DataFrame) -> tuple[IntArray, IntArray]:
    """One number for each row of two tables, equal where all cells are; what is missing equals what is missing."""
    joint = np.zeros(len(own) + len(asked), dtype=np.int64)
    for name in own.columns:
        codes, unique = cells.keys(pd.concat([own[name], asked[name]], ignore_index=True))
        joint = joint * (len(unique) + 1) + codes + 1
    return joint[: len(own)], joint[len(own) :]


def _other_kinds(frame: pd.DataFrame, lesions: pd.DataFrame) -> bool:
    """Whether the ids of two tables are numbers in one and something else in the other."""
    return len({pd.api.types.is_numeric_dtype(table[CASE_ID].dtype) for table in (frame, lesions)}) > 1


def _require_volume(table: Table, rows: IntArray, marks: Marks) -> None:
    missing = np.isnan(table.number("lesion_volume_ml")) & ~marks.of("lesion_volume_ml")[rows]
    marks.add("lesion_volume_ml", rows[missing], says("lesion_volume_ml is missing."))
    given = [~np.isnan(table.number(name)) for name in RATIO_COUNTS if name in table.numbers]
    if given:
        started = np.logical_or.reduce(given)
        for name in RATIO_COUNTS:
            lost = started & np.isnan(table.number(name)) & ~marks.of(name)[rows]
            marks.add(name, rows[lost], says(f"{name} is missing; the other counts need it."))


def targets(frame: pd.DataFrame, owner: IntArray, lesion_names: Texts, marks: Marks) -> IntArray:
    """Codes of the prescription targets: a lesion of the same row, the normal liver, none, or not understood."""
    rows = len(frame)
    target = free_texts(frame, _TARGET, marks)
    if target is None:
        return np.full(rows, NO_TARGET)
    words = [*target.values, ""]
    kinds = [NORMAL if word == TARGET_NORMAL else UNKNOWN_TARGET for word in target.values]
    codes = np.array([*kinds, NO_TARGET], dtype=np.int64)[target.codes]
    is_lesion = np.array([word.startswith(TARGET_LESION) for word in words])[target.codes]
    if is_lesion.any() and len(owner):
        known = {name: place for place, name in enumerate(lesion_names.values)}
        places = [known.get(word.removeprefix(TARGET_LESION), len(known)) for word in words]
        step = len(known) + 1
        asked = np.arange(rows) * step + np.array(places, dtype=np.int64)[target.codes]
        held = owner * step + lesion_names.codes
        in_order = bool((held[1:] >= held[:-1]).all())
        order = np.arange(len(held)) if in_order else np.argsort(held, kind="stable")
        place = np.minimum(np.searchsorted(held[order], asked), len(held) - 1)
        found = is_lesion & (held[order][place] == asked)
        codes[found] = order[place[found]]
    return codes
