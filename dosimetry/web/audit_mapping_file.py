"""A mapping file on the page: opened into the boxes, with all that no box shows, and saved again."""

from collections.abc import Iterator
from typing import Any

import pandas as pd
import streamlit as st

from dosimetry.audit import names
from dosimetry.audit.mapping import TableMapping, apply, mapping_from_toml
from dosimetry.audit.mapping_text import mapping_text
from dosimetry.audit.table_checks import TableError
from dosimetry.web import audit_state, guard
from dosimetry.web.audit_state import Held
from dosimetry.web.audit_words import choices, constant, constant_choices, constant_text, needed

_REFUSED, _OPENED = "audit_mapping_refused", "mappings_to_audit"
MOST_WORDS = 40
"""Words of a column that have a box each; a mapping file may hold any number."""


def key_of(table: Held, kind: str, place: object) -> str:
    """Of a widget of this very upload: another table starts anew."""
    return f"audit_{kind}_{table.number}_{place}"


def texts_in(series: "pd.Series[Any]") -> list[str]:
    """The texts of a column, each once, in the order in which they first stand."""
    try:
        return [cell for cell in series.dropna().unique() if isinstance(cell, str)]
    except TypeError:  # a list in a cell has no hash
        return []


def words_to_say(series: "pd.Series[Any]", field: str) -> list[str]:
    """The words of a column that are none of the library's, where its field has a list of words."""
    allowed = choices(field)
    return [word for word in texts_in(series) if word not in allowed] if allowed else []


def open_mapping(table: Held, frame: pd.DataFrame) -> None:
    """The box for a mapping that was saved: it fills the choices below."""
    opened = int(st.session_state.get(_OPENED, 0))
    key = f"audit_mapping_{opened}"
    st.file_uploader(
        "Mapping file, when there is one",
        type=["toml"],
        key=key,
        on_change=guard.callback(_open),
        args=(table, frame, key),
        help="A TOML file that was saved here before. It fills the choices below.",
    )
    refused = st.session_state.get(_REFUSED, ())
    if refused:
        st.error("The mapping file was not opened.")
        for line in refused:
            st.text(line)


def _open(table: Held, frame: pd.DataFrame, key: str) -> None:
    uploaded = st.session_state.get(key)
    if uploaded is None:
        return
    st.session_state[_OPENED] = int(st.session_state.get(_OPENED, 0)) + 1
    try:
        mapping = mapping_from_toml(uploaded.getvalue(), uploaded.name)
        apply(frame.iloc[:0], mapping)
    except TableError as error:
        st.session_state[_REFUSED] = tuple(str(error).splitlines())
        return
    refused = tuple(_not_allowed(mapping))
    st.session_state[_REFUSED] = refused
    if not refused:
        audit_state.keep_mapping(mapping)
        _fill(table, frame, mapping)


def _not_allowed(mapping: TableMapping) -> Iterator[str]:
    """Sentences on words and values that no row could be read with."""
    for mapped in mapping.columns:
        allowed = choices(mapped.field)
        for word, own in mapped.words.items() if allowed else ():
            if own not in allowed:
                yield f"{mapped.header!r}: {word!r} stands for {own!r}; it must be one of {', '.join(allowed)}."
    for name, value in mapping.constants.items():
        allowed = constant_choices(name)
        if allowed and constant_text(value) not in allowed:
            yield f"{name} must be one of {', '.join(allowed)}; got {value!r}."
        elif not allowed:
            try:
                constant(name, constant_text(value))
            except TableError as error:
                yield str(error)


def _fill(table: Held, frame: pd.DataFrame, mapping: TableMapping) -> None:
    """Put a mapping into the widgets, in place of all that was said before. To be called before any is drawn."""
    state, mapped = st.session_state, {each.header: each for each in mapping.columns}
    for place, header in enumerate(frame.columns):
        own = mapped.get(header)
        state[key_of(table, "field", place)] = own.field if own else None
        field = own.field if own else header
        state[key_of(table, f"unit_{field}", place)] = (own.unit if own else "") or None
        for number, word in enumerate(words_to_say(frame[header], field)[:MOST_WORDS]):
            state[key_of(table, f"word_{field}_{place}", number)] = own.words.get(word) if own else None
    for name in names.known_columns():
        state.pop(key_of(table, "constant", name), None)
    state[key_of(table, "more", "constants")] = [name for name in mapping.constants if name not in needed()]
    for name, value in mapping.constants.items():
        state[key_of(table, "constant", name)] = constant_text(value)


def save_mapping(mapping: TableMapping) -> None:
    """The mapping as a file, to be opened here or given to the command."""
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
