"""The page of every number the program works with: its value, its source, and whether it was read there."""

import streamlit as st

from dosimetry import reference
from dosimetry.version import __version__
from dosimetry.web.reference_tables import SECTIONS, table
from dosimetry.web.report_table import show_table


def reference_page() -> None:
    """All reference tables, and one text to find rows in them."""
    st.header("Reference", anchor=False)
    st.caption(
        f"Version {__version__}, reference data {reference.fingerprint()}. Numbers stand as their source prints them."
    )
    wanted = st.text_input(
        "Show rows with", key="filter", type="search", placeholder="for example: lung, resin, not verified", live=True
    )
    found = False
    for section in SECTIONS:
        content = table(section, (wanted or "").strip())
        if content.rows:
            found = True
            st.subheader(f"{section.title} ({len(content.rows)})", anchor=False)
            show_table(content, alt=section.title)
    if not found:
        st.text("No row holds this text.")
