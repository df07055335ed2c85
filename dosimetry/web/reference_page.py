"""The page of every number the program works with: its value, its source, and whether it was read there."""

import streamlit as st

from dosimetry import reference
from dosimetry.version import __version__
from dosimetry.web import guard
from dosimetry.web.formulas import SYMBOLS, formulas_html
from dosimetry.web.reference_tables import SECTIONS, row_of, table
from dosimetry.web.report_table import show_table

_ROW = "row"


def reference_page() -> None:
    """All reference tables, and one text to find rows in them; or the one row that a link names."""
    st.header("Reference", anchor=False)
    st.caption(
        f"Version {__version__}, reference data {reference.fingerprint()}. Numbers stand as their source prints them."
    )
    linked = st.query_params.get(_ROW, "")
    if linked:
        st.button("Show everything", key="show_everything", on_click=guard.callback(st.query_params.clear))
        tables = [(section.title, row_of(section, linked)) for section in SECTIONS]
    else:
        wanted = st.text_input(
            "Show rows with",
            key="filter",
            type="search",
            placeholder="for example: lung, resin, not verified",
            live=True,
        )
        tables = [(section.title, table(section, (wanted or "").strip())) for section in SECTIONS]
        _formulas()
    found = [(title, content) for title, content in tables if content.rows]
    with st.container(key="long_tables"):
        for title, content in found:
            st.subheader(f"{title} ({len(content.rows)})", anchor=False)
            show_table(content, alt=title)
    if not found:
        st.text("No row has this id." if linked else "No row holds this text.")


def _formulas() -> None:
    with st.expander("Formulas", key="formulas", on_change="rerun") as drawn:
        if drawn.open:
            st.text(SYMBOLS)
            st.html(formulas_html())
