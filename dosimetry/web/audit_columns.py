"""Which header of an uploaded table is which field, in which unit; nothing is guessed, and all of it can be saved."""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd
import streamlit as st

from dosimetry import reference
from dosimetry.audit import names
from dosimetry.audit.mapping import TableMapping, constant_from_text, library_unit, mapping_from, units_of
from dosimetry.audit.mapping_text import mapping_text
from dosimetry.audit.table_checks import TableError
from dosimetry.web.audit_state import Held

_SHOWN_CELLS, _MOST_WORDS = 3, 12
_UPLOADS, _REFUSED = "audit_mapping_uploads", "audit_mapping_refused"


def columns_of(table: Held, frame: pd.DataFrame) -> TableMapping | None:
    """Draw the headers with what they are; the mapping that says so, or ``None`` after saying what it lacks."""
    _file(table, frame)
    plain: dict[str, dict[str, Any]] = {"columns": {}, "constants": {}}
    with st.container(key="audit_headers"):
        for place, header in enumerate(frame.columns):
            entry = _header(table, place, header, frame[header])
            if entry:
                plain["columns"][header] = entry
    mapped = {entry["field"] for entry in plain["columns"].values()}
    try:
        plain["constants"] = _constants(table, {*mapped, *(set(frame.columns) - set(plain["columns"]))})
        mapping = mapping_from(plain, "Columns")
    except TableError as error:
        for line in str(error).splitlines():
            st.error(line)
        return None
    _save(mapping)
    return mapping


def _key(table: Held, kind: str, place: object) -> str:
    """A widget of this very upload: another table starts anew."""
    return f"audit_{kind}_{table.file_id}_{place}"


def _header(table: Held, place: int, header: str, series: "pd.Series[Any]") -> dict[str, Any]:
    """One header: its field, its unit, its words. Empty where it is read under its own name or carried along."""
    name, chosen, unit = st.columns((2, 3, 1), vertical_alignment="center")
    cells = series.dropna().unique()[:_SHOWN_CELLS]
    name.text(f"{header}\n{', '.join(str(cell) for cell in cells)}")
    if header in names.known_columns():
        chosen.text(f"read as it is: {_label(header)}")
        return {}
    field_name = chosen.selectbox(
        f"What is {header}?",
        _fields(),
        index=None,
        format_func=_label,
        placeholder="carried along, not read",
        key=_key(table, "field", place),
        label_visibility="collapsed",
    )
    if not field_name:
        return {}
    entry: dict[str, Any] = {"field": field_name}
    units = units_of(field_name)
    if units:
        entry["unit"] = unit.selectbox(
            f"Unit of {header}",
            units,
            index=None,
            placeholder="unit?",
            key=_key(table, f"unit_{field_name}", place),
            label_visibility="collapsed",
        )
        entry["unit"] = entry["unit"] or ""
    words = _words(table, place, series, field_name)
    return entry | ({"words": words} if words else {})


def _words(table: Held, place: int, series: "pd.Series[Any]", field_name: str) -> Mapping[str, str]:
    """Words of the table that stand for words of the library."""
    choices = _choices(field_name)
    if not choices:
        return {}
    found = [cell for cell in series.dropna().unique() if isinstance(cell, str) and cell not in choices]
    said: dict[str, str] = {}
    for number, word in enumerate(found[:_MOST_WORDS]):
        label, chosen = st.columns((2, 4), vertical_alignment="center")
        label.text(f"{word!r} means")
        own = chosen.selectbox(
            f"What does {word} mean?",
            choices,
            index=None,
            placeholder="not said: refused",
            key=_key(table, f"word_{field_name}_{place}", number),
            label_visibility="collapsed",
        )
        if own:
            said[word] = own
    return said


def _constants(table: Held, filled: set[str]) -> dict[str, Any]:
    """Values that hold for every row: those every case needs and no column has, and whatever else is chosen."""
    open_fields = [each.name for each in names.inputs() if each.name not in filled]
    needed = _needed()
    st.subheader("Values that hold for every row", anchor=False)
    more = st.multiselect(
        "Add a value",
        [name for name in open_fields if name not in needed],
        format_func=_label,
        placeholder="none",
        key=_key(table, "more", "constants"),
    )
    found: dict[str, Any] = {}
    with st.container(horizontal=True):
        for name in [*(name for name in needed if name in open_fields), *more]:
            choices = _choices(name)
            key, label = _key(table, "constant", name), _constant_label(name)
            if choices:
                value = st.selectbox(label, choices, index=None, placeholder="not said", key=key, width=260)
            else:
                value = st.text_input(label, key=key, width=260)
            if value:
                found[name] = constant_from_text(name, value)
    return found


def _constant_label(name: str) -> str:
    unit = library_unit(name).replace("%", "fraction")
    return f"{_label(name)} [{unit}]" if unit else _label(name)


def _file(table: Held, frame: pd.DataFrame) -> None:
    """Open a mapping that was saved: it fills the choices below."""
    uploads = int(st.session_state.get(_UPLOADS, 0))
    st.file_uploader(
        "Mapping file, when there is one",
        type=["toml"],
        key=f"audit_mapping_{uploads}",
        on_change=_open,
        args=(table, frame, f"audit_mapping_{uploads}"),
        help="A TOML file that was saved here before. It fills the choices below.",
    )
    for line in st.session_state.pop(_REFUSED, ()):
        st.error(line)


def _open(table: Held, frame: pd.DataFrame, key: str) -> None:
    uploaded = st.session_state.get(key)
    if uploaded is None:
        return
    st.session_state[_UPLOADS] = int(st.session_state.get(_UPLOADS, 0)) + 1
    try:
        mapping = mapping_from(tomllib.loads(uploaded.getvalue().decode("utf-8")), uploaded.name)
    except (TableError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        st.session_state[_REFUSED] = tuple(str(error).splitlines())
        return
    unknown = [each.header for each in mapping.columns if each.header not in frame.columns]
    if unknown:
        st.session_state[_REFUSED] = tuple(f"{name!r} is no column of this table." for name in unknown)
        return
    _fill(table, frame, mapping)


def _fill(table: Held, frame: pd.DataFrame, mapping: TableMapping) -> None:
    """Put a mapping into the widgets. To be called before any of them is drawn."""
    state, places = st.session_state, {header: place for place, header in enumerate(frame.columns)}
    for mapped in mapping.columns:
        place = places[mapped.header]
        state[_key(table, "field", place)] = mapped.field
        state[_key(table, f"unit_{mapped.field}", place)] = mapped.unit or None
        choices = _choices(mapped.field)
        cells = [cell for cell in frame[mapped.header].dropna().unique() if isinstance(cell, str)]
        for number, word in enumerate([cell for cell in cells if cell not in choices][:_MOST_WORDS]):
            state[_key(table, f"word_{mapped.field}_{place}", number)] = mapped.words.get(word)
    state[_key(table, "more", "constants")] = [name for name in mapping.constants if name not in _needed()]
    for name, value in mapping.constants.items():
        state[_key(table, "constant", name)] = str(value)


def _save(mapping: TableMapping) -> None:
    if mapping.columns or mapping.constants:
        st.download_button(
            "Save the mapping",
            data=mapping_text(mapping),
            file_name="mapping.toml",
            mime="application/toml",
            key="audit_save_mapping",
            on_click="ignore",
            icon=":material/download:",
        )


@cache
def _needed() -> tuple[str, ...]:
    """What every row must have; a convention too, unless each row brings its constants."""
    required = [each.name for each in names.inputs() if each.is_required and each.level != "lesion"]
    return tuple(dict.fromkeys([*required, "convention"]))


@cache
def _fields() -> tuple[str, ...]:
    """Everything a header may be: records first, then the inputs in the order of the case."""
    records = [f"{names.RECORDED}{each.column}" for each in names.outputs()]
    return (names.CASE_ID, *records, *(each.name for each in names.inputs()), *names.GROUPS)


@cache
def _label(name: str) -> str:
    """A field as a person calls it, with its name in tables."""
    for output in names.outputs():
        if name == f"{names.RECORDED}{output.column}":
            return f"recorded {output.quantity.label} ({name})"
    plain = {names.CASE_ID: "case", **{group: group.replace("_", " ") for group in names.GROUPS}}
    return f"{plain.get(name) or reference.field(name).label} ({name})"


@cache
def _choices(name: str) -> tuple[str, ...]:
    return next((each.choices for each in names.inputs() if each.name == name), ())
