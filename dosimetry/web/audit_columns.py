"""Which header of an uploaded table is which field, in which unit; nothing is guessed, and all of it can be saved."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dosimetry.audit import names
from dosimetry.audit.conversions import unit_in_words, units_of
from dosimetry.audit.mapping import TableMapping, mapping_from
from dosimetry.audit.table_checks import TableError
from dosimetry.web import audit_state
from dosimetry.web.audit_mapping_file import MOST_WORDS, key_of, open_mapping, save_mapping, words_to_say
from dosimetry.web.audit_state import Held
from dosimetry.web.audit_words import (
    choices,
    constant,
    constant_choices,
    constant_label,
    constant_text,
    fields,
    label,
    needed,
    word_label,
)
from dosimetry.web.labels import as_label

_SHOWN_CELLS, _LONGEST_CELL = 3, 40


def columns_of(table: Held, frame: pd.DataFrame) -> TableMapping | None:
    """Draw the headers with what they are; the mapping that says so, or ``None`` after saying what it lacks."""
    open_mapping(table, frame)
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
        st.error("The columns cannot be read yet.")
        for line in str(error).splitlines():
            st.text(line)
        return None
    save_mapping(mapping)
    return mapping


def _header(table: Held, place: int, header: str, series: "pd.Series[Any]") -> dict[str, Any]:
    """One header: its field, its unit, its words. Empty where it is read under its own name or carried along."""
    name, chosen, unit = st.columns((2, 3, 1), vertical_alignment="center")
    name.text(f"{header}\n{', '.join(_first_cells(series))}")
    is_known = header in names.known_columns()
    said = chosen.selectbox(
        f"What is {as_label(header)}?",
        fields(),
        index=None,
        format_func=label,
        placeholder=f"read as it is: {label(header)}" if is_known else "carried along, not read",
        key=key_of(table, "field", place),
        label_visibility="collapsed",
        persist_state="session",
    )
    field_name = said or (header if is_known else "")
    if not field_name:
        return {}
    entry: dict[str, Any] = {"field": field_name}
    units = units_of(field_name)
    if units:
        entry["unit"] = unit.selectbox(
            f"Unit of {as_label(header)}",
            units,
            index=None,
            placeholder="unit?" if said else unit_in_words(header),
            key=key_of(table, f"unit_{field_name}", place),
            label_visibility="collapsed",
            persist_state="session",
        )
        entry["unit"] = entry["unit"] or ""
    words = _words(table, place, header, series, field_name)
    entry |= {"words": words} if words else {}
    return entry if said or words or entry.get("unit") else {}


def _first_cells(series: "pd.Series[Any]") -> list[str]:
    """A few cells of a column, each once, short enough to stand below its header."""
    given = series.dropna()
    try:
        cells = given.unique()[:_SHOWN_CELLS]
    except TypeError:  # a list in a cell has no hash
        cells = given.head(_SHOWN_CELLS).to_numpy()
    texts = [str(cell) for cell in cells]
    return [text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}..." for text in texts]


def _words(table: Held, place: int, header: str, series: "pd.Series[Any]", field_name: str) -> Mapping[str, str]:
    """Words of the table that stand for words of the library: those that are said here, and all of the file's."""
    found = words_to_say(series, field_name)
    boxed = found[:MOST_WORDS]
    held = [each for each in audit_state.mapping_of_file().columns if (each.header, each.field) == (header, field_name)]
    said = {word: own for each in held for word, own in each.words.items() if word not in boxed}
    if said:
        one = len(said) == 1
        count, hold = ("One word", "it holds") if one else (f"{len(said):,} words", "they hold")
        st.text(f"{header}: {count} of the mapping file without a box here; {hold} as the file says.")
    for number, word in enumerate(boxed):
        own = _word(table, f"word_{field_name}_{place}", number, field_name, word)
        if own:
            said[word] = own
    if len(found) > MOST_WORDS:
        st.text(
            f"{header}: the first {MOST_WORDS} of {len(found):,} words have a box here. "
            "A mapping file can say what all of them mean."
        )
    return said


def _word(table: Held, kind: str, number: int, field_name: str, word: str) -> str | None:
    """What one word of the table means."""
    name, chosen = st.columns((2, 4), vertical_alignment="center")
    name.text(f"{word!r} means")
    return chosen.selectbox(
        f"What does {as_label(word)} mean?",
        choices(field_name),
        index=None,
        format_func=lambda own: word_label(field_name, own),
        placeholder="not said: refused",
        key=key_of(table, kind, number),
        label_visibility="collapsed",
        persist_state="session",
    )


def _constants(table: Held, filled: set[str]) -> dict[str, Any]:
    """Values that hold for every row: those every case needs and no column has, and whatever else is chosen."""
    open_fields = [each.name for each in names.inputs() if each.name not in filled]
    st.subheader("Values that hold for every row", anchor=False)
    more = st.multiselect(
        "Add a value",
        [name for name in open_fields if name not in needed()],
        format_func=label,
        placeholder="none",
        key=key_of(table, "more", "constants"),
        persist_state="session",
    )
    found: dict[str, Any] = {}
    with st.container(horizontal=True):
        for name in [*(name for name in needed() if name in open_fields), *more]:
            text = _constant_box(name, key_of(table, "constant", name))
            if text:
                found[name] = _value(name, text)
    # In the order of the mapping file: the audited rows bear the values as columns.
    of_file = [name for name in audit_state.mapping_of_file().constants if name in found]
    return {name: found[name] for name in dict.fromkeys([*of_file, *found])}


def _constant_box(name: str, key: str) -> str | None:
    """The box of a value: a list where there is one."""
    allowed = constant_choices(name)
    if not allowed:
        return st.text_input(constant_label(name), key=key, width=260, persist_state="session")
    return st.selectbox(
        constant_label(name),
        allowed,
        index=None,
        format_func=lambda word: word_label(name, word),
        placeholder="not said",
        key=key,
        width=260,
        persist_state="session",
    )


def _value(name: str, text: str) -> Any:
    """A value as the mapping file has it, as long as nothing else was typed: a whole number stays one."""
    held = audit_state.mapping_of_file().constants
    return held[name] if name in held and constant_text(held[name]) == text else constant(name, text)
