"""The tables of territories and lesions. Every cell is text or a choice; the library reads the numbers.

The table a user edits keeps a fixed base and a list of edits in the widget. The rows as they stand are kept beside it,
and become the base of a new editor whenever the old one is gone: after another page, or when a case is opened.
"""

from dataclasses import dataclass
from functools import cache

from dosimetry.web.screen import OWNER, SEGMENTS

@dataclass(frozen=True, slots=True, kw_only=True)
class RowEditor:
    """One table: its key, its columns in order, and how many of them are always shown."""

    key: str
    title: str
    columns: tuple[str, ...]
    shown: int


TERRITORIES = RowEditor(
    key="territories",
    title="Territories",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Editing:
    """The editor now on the page: its base, the columns it shows, and the rows it last gave."""

    number: int
    order: tuple[str, ...]
    base: pd.DataFrame
    rows: tuple[Row, ...]


def rows_editor(editor: RowEditor) -> None:
    """Draw a table and keep its rows as they stand; rows without any entry are not kept."""
    state = st.session_state
    heading, switch = st.columns((4, 1), vertical_alignment="bottom")
    heading.subheader(editor.title, anchor=False)
    everything = switch.toggle("All columns", key=f"{editor.key}_all", persist_state="session")
    order = editor.columns if everything else editor.columns[: editor.shown]
    editing = _current(editor, order)
    edited = st.data_editor(
        editing.base,
        key=_key(editor, editing),
        column_order=order,
        column_config=_column_config(editor),
        num_rows="dynamic",
        hide_index=True,
        height="content",
        alt=editor.title,
    )
    rows = _rows(edited)
    state[editor.key] = rows
    state[f"{editor.key}_editing"] = _Editing(number=editing.number, order=order, base=editing.base, rows=rows)


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
    """The rows as a table of texts, with an empty row to begin with."""
    return pd.DataFrame(rows or ({},), columns=list(editor.columns), dtype="str")


def _rows(edited: pd.DataFrame) -> tuple[Row, ...]:
    found = (
        {name: text.strip() for name, text in row.items() if isinstance(text, str) and text.strip()}
        for row in edited.to_dict("records")
    )
    return tuple(row for row in found if row)


@cache
def _column_config(editor: RowEditor) -> dict[str, ColumnConfig]:
    return {name: _column(name) for name in editor.columns}


def _column(name: str) -> ColumnConfig:
    found = field("territory_name" if name == OWNER else name)
    if name == OWNER:
        return TextColumn(found.label, help="The name of its territory, as in the table above.")
    if name == SEGMENTS:
        return TextColumn(found.label, help="Separated by commas: 5, 6, 4a.")
    if found.choices:
        words = found.choices
        return SelectboxColumn(found.label, help=found.help, options=list(words), format_func=words.__getitem__)
    return TextColumn(found.label, help=found.help, alignment="right" if is_number(name) else "left")
