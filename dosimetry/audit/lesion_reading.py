"""Lesions of a frame: one pooled tumor a row in its columns, or a second frame; and the targets that name them."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from dosimetry.arrays import AnyArray, IntArray
from dosimetry.audit import cells, names
from dosimetry.audit.frame_tables import free_texts, refuse_twice, table_of, taken
from dosimetry.audit.marks import Marks
from dosimetry.audit.names import CASE_ID
from dosimetry.audit.table_checks import TableError, check_frame
from dosimetry.columns import NO_TARGET, NORMAL, TARGET_LESION, TARGET_NORMAL, UNKNOWN_TARGET, Table
from dosimetry.count_rules import RATIO_COUNTS

_TARGET = "prescription_target"


Lesions = tuple[Table, IntArray, "pd.Series[Any]"]
"""Their columns, the row of the frame each belongs to, and their names."""


def pooled_lesions(frame: pd.DataFrame, marks: Marks) -> Lesions:
    """One lesion a row from the columns of the frame, in the rows in which any of them holds something."""
    table = table_of(frame, "lesion", marks)
    own = free_texts(frame, "lesion_name", marks)
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
    return table, rows, lesion_names


def lesions_of(
    lesions: pd.DataFrame, frame: pd.DataFrame, own_names: "pd.Series[Any] | None", marks: Marks
) -> Lesions:
    """Lesions of a second frame, each at the row it belongs to."""
    if names.inputs_of("lesion", frame.columns):
        raise TableError("lesions stand in columns and in a table of their own; give one of the two.")
    check_frame(lesions, "the table of lesions")
    rows = _owners(lesions, frame, own_names)
    own_marks = Marks(len(lesions))
    table = table_of(lesions, "lesion", own_marks)
    own = free_texts(lesions, "lesion_name", own_marks)
    for mark in own_marks.found:
        marks.add(mark.name, rows[mark.rows], mark.sentence, mark.places)
    if own is None:
        own = pd.Series(names.DEFAULT_LESION, index=range(len(lesions)), dtype=object)
    refuse_twice("lesion_name", "in its territory", rows, own, rows, marks)
    _require_volume(table, rows, marks)
    return table, rows, own


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
    given = [~np.isnan(table.number(name)) for name in RATIO_COUNTS if name in table.numbers]
    if given:
        started = np.logical_or.reduce(given)
        for name in RATIO_COUNTS:
            lost = started & np.isnan(table.number(name)) & ~marks.of(name)[rows]
            marks.add(name, rows[lost], partial(_is_missing_count, name))


def _is_missing_count(name: str, row: int) -> str:
    return f"{name} is missing; the other counts need it."


def targets(frame: pd.DataFrame, owner: IntArray, lesion_names: "pd.Series[Any]", marks: Marks) -> IntArray:
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
