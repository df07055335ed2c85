"""The tables of territories and lesions. Every cell is text or a choice; the library reads the numbers.

The table a user edits keeps a fixed base and a list of edits in the widget. The rows as they stand are kept beside it,
and become the base of a new editor whenever the old one is gone: after another page, or when a case is opened.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

import pandas as pd
import streamlit as st
from streamlit.column_config import SelectboxColumn, TextColumn
from streamlit.elements.lib.column_types import ColumnConfig

from dosimetry.web import session
from dosimetry.web.fields import field
from dosimetry.web.screen import OWNER, SEGMENTS, Row, is_number

Width = int | Literal["small", "medium", "large"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowEditor:
    """One table: its key, the column that names a row, its columns in order, and how many are always shown."""

    key: str
    title: str
    owner: str
    columns: tuple[str, ...]
    shown: int


TERRITORIES = RowEditor(
    key="territories",
    title="Territories",
    owner="territory_name",
    columns=(
        "territory_name",
        "perfused_volume_ml",
        "prescription_model",
        "prescription_target",
        "target_dose_gy",
        "prescribed_activity_gbq",
        "residual_fraction",
        "territory_lung_shunt_fraction",
        "territory_intent",
        SEGMENTS,
        "side",
        "vessel",
        "territory_volume_source",
        "territory_shunt_method",
        "territory_density_g_per_ml",
        "vial_age_h",
        "resin_reading",
    ),
    shown=10,
)
LESIONS = RowEditor(
    key="lesions",
    title="Lesions",
    owner="lesion_name",
    columns=(
        OWNER,
        "lesion_name",
        "lesion_volume_ml",
        "tumor_normal_ratio",
        "necrotic_volume_ml",
        "lesion_density_g_per_ml",
        "tumor_normal_source",
        "lesion_kind",
        "ratio_lesion_counts",
        "ratio_lesion_volume_ml",
        "ratio_normal_counts",
        "ratio_normal_volume_ml",
    ),
    shown=6,
)
_COLUMNS: dict[str, tuple[str | None, Width, str | None]] = {
    "territory_name": (None, 120, None),
    "perfused_volume_ml": (None, 165, None),
    "prescription_model": ("Prescribed by", 130, None),
    "prescription_target": (None, 105, None),
    "target_dose_gy": (None, 98, None),
    "prescribed_activity_gbq": (None, 128, None),
    "residual_fraction": ("Residual", 118, None),
    "territory_lung_shunt_fraction": ("Own shunt", 125, None),
    "territory_intent": ("Own intent", 112, None),
    SEGMENTS: (None, 98, "Separated by commas: 5, 6, 4a."),
    OWNER: (None, 150, "The name of its territory, as in the table above."),
}
"""Shorter titles where the table itself says the rest, widths in pixels, and help that only a table needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Editing:
    """The editor now on the page: its base, the columns it shows, and the rows it last gave."""

    number: int
    order: tuple[str, ...]
    base: pd.DataFrame
    rows: tuple[Row, ...]


@st.fragment
def rows_editor(editor: RowEditor) -> None:
    """Draw a table and keep its rows as they stand.

    An entry draws this table alone, and so does not hold up the next one: while a slow computer draws a whole page, a
    table loses keys. Only where a calculation is on the page is all of it drawn again, so that no result outlives an
    entry.
    """
    try:
        _draw(editor)
    except Exception:
        # Alone, this table cannot take down a result that stands elsewhere on the page; the whole page can.
        if session.is_drawn():
            st.rerun()
        raise


def _draw(editor: RowEditor) -> None:
    state = st.session_state
    before = tuple(state.get(editor.key, ()))
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader(editor.title, anchor=False, width="content")
        st.toggle("All columns", key=f"{editor.key}_all", persist_state="session")
    order = shown_columns(editor)
    editing = _current(editor, order)
    edited = st.data_editor(
        editing.base,
        key=_key(editor, editing),
        column_order=order,
        column_config=_column_config(editor),
        num_rows="dynamic",
        hide_index=True,
        height="content",
        placeholder="",
        alt=editor.title,
    )
    rows = _rows(edited)
    state[editor.key] = rows
    state[f"{editor.key}_editing"] = _Editing(number=editing.number, order=order, base=editing.base, rows=rows)
    _hidden(editor, rows)
    if rows != before and session.outcome():
        st.rerun()


def _hidden(editor: RowEditor, rows: tuple[Row, ...]) -> None:
    """What the rows hold in columns that are not shown."""
    shown = shown_columns(editor)
    lines = [
        f"{field(editor.owner).title} {row.get(editor.owner, '')}: {field(name).label} {found}"
        for row in rows
        for name in editor.columns
        if name not in shown and (found := field(name).choices.get(row.get(name, ""), row.get(name)))
    ]
    if lines:
        st.text("\n".join(["Also in this table:", *lines]))


def shown_columns(editor: RowEditor) -> tuple[str, ...]:
    """The columns that are shown now."""
    return editor.columns if st.session_state.get(f"{editor.key}_all") else editor.columns[: editor.shown]


def _key(editor: RowEditor, editing: _Editing) -> str:
    return f"{editor.key}_editor_{editing.number}"


def _current(editor: RowEditor, order: tuple[str, ...]) -> _Editing:
    """The editor of the last run; a new one when that is gone, shows other columns, or holds other rows."""
    state = st.session_state
    rows = tuple(state.get(editor.key, ()))
    last = state.get(f"{editor.key}_editing")
    if not isinstance(last, _Editing):
        return _Editing(number=1, order=order, base=_frame(editor, rows), rows=rows)
    if _key(editor, last) not in state or last.order != order or last.rows != rows:
        return _Editing(number=last.number + 1, order=order, base=_frame(editor, rows), rows=rows)
    return last


def _frame(editor: RowEditor, rows: tuple[Row, ...]) -> pd.DataFrame:
    """The rows as a table of texts, with an empty row to begin with.

    Of type object: a column of pandas' own text type would become one of numbers while all its cells are empty.
    """
    return pd.DataFrame(rows or ({},), columns=list(editor.columns), dtype="object")


def _rows(edited: pd.DataFrame) -> tuple[Row, ...]:
    found = (
        {str(name): str(text).strip() for name, text in row.items() if not pd.isna(text) and str(text).strip()}
        for row in edited.to_dict("records")
    )
    return tuple(row for row in found if row)


@cache
def _column_config(editor: RowEditor) -> dict[str, ColumnConfig]:
    return {name: _column(name) for name in editor.columns}


def _column(name: str) -> ColumnConfig:
    found = field("territory_name" if name == OWNER else name)
    title, width, more = _COLUMNS.get(name, (None, "medium", None))
    label = found.label.replace(found.title, title) if title else found.label
    if found.choices:
        words = found.choices
        return SelectboxColumn(
            label, help=found.help, width=width, options=list(words), format_func=lambda value: words[str(value)]
        )
    return TextColumn(label, help=more or found.help, width=width, alignment="right" if is_number(name) else "left")
