"""The page of every number the program works with: its value, its source, and whether it was read there."""

import streamlit as st

from dosimetry import reference
from dosimetry.version import __version__
from dosimetry.web import guard
from dosimetry.web.formulas import SYMBOLS, formulas_html
from dosimetry.web.reference_sections import SECTIONS
from dosimetry.web.reference_tables import Section, row_of, table
from dosimetry.web.report_table import show_table

_ROW, _TABLE, _CHOSEN = "row", "table", "chosen_table"
"""What a link names: one row, or one table."""


def reference_page() -> None:
    """All reference tables, and words to find rows by; or the one row or table that a link names."""
    st.header("Reference", anchor=False)
    st.caption(
        f"Version {__version__}, reference data {reference.fingerprint()}. Numbers stand as their source prints them."
    )
    linked = st.query_params.get(_ROW, "")
    if linked:
        st.button("Show everything", key="show_everything", on_click=guard.callback(st.query_params.clear))
        tables = [(section, row_of(section, linked)) for section in SECTIONS]
    else:
        beside_filter, beside_table = st.columns((3, 2))
        with beside_filter:
            wanted = _wanted()
        with beside_table:
            sections = _chosen()
        tables = [(section, table(section, wanted)) for section in sections]
        _formulas()
    found = [(section, content) for section, content in tables if content.rows]
    with st.container(key="long_tables"):
        for section, content in found:
            st.subheader(f"{section.title} ({len(content.rows)})", anchor=section.table)
            show_table(content, alt=section.title)
    if not found:
        st.text("No row has this id." if linked else "No row holds these words.")


def _wanted() -> str:
    typed = st.text_input(
        "Show rows with",
        key="filter",
        type="search",
        placeholder='all of these words, in any order, for example: lung resin "not verified"',
        live=True,
    )
    return typed or ""


def _chosen() -> tuple[Section, ...]:
    """The table that is chosen or that a link names; all of them where none is."""
    titles = {section.table: section.title for section in SECTIONS}
    linked = st.query_params.get(_TABLE, "")
    if linked in titles and _CHOSEN not in st.session_state:
        st.session_state[_CHOSEN] = linked
    chosen = st.selectbox(
        "Table",
        list(titles),
        index=None,
        format_func=titles.__getitem__,
        key=_CHOSEN,
        placeholder="All tables",
        on_change=guard.callback(_into_address),
    )
    return tuple(section for section in SECTIONS if chosen in (None, section.table))


def _into_address() -> None:
    """The address names the table that is shown, so that it can be sent to someone.

    A mark behind the address, as browsers have it, is no use for that: they look for it before the tables are there.
    """
    chosen = st.session_state.get(_CHOSEN)
    if chosen:
        st.query_params[_TABLE] = chosen
    else:
        st.query_params.pop(_TABLE, None)


def _formulas() -> None:
    with st.expander("Formulas", key="formulas", on_change="rerun") as drawn:
        if drawn.open:
            st.text(SYMBOLS)
            st.html(formulas_html())
