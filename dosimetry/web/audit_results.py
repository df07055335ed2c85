"""What an audit found: its report on the page, the rows to look at first, and the files to take along."""

from pathlib import Path

import pandas as pd
import streamlit as st

from dosimetry.audit.audit_report import Subject, document
from dosimetry.audit.comparing import GRADES
from dosimetry.audit.row_case import case_of_row
from dosimetry.audit.slips import labels
from dosimetry.audit.table_writing import csv_text, parquet_bytes
from dosimetry.audit.worst_rows import row_name, table_of_rows, worst_rows
from dosimetry.report.document import Drawing
from dosimetry.report.html_report import render
from dosimetry.web import session
from dosimetry.web.audit_state import Done
from dosimetry.web.html_blocks import html_of
from dosimetry.web.plan_page import plan_page
from dosimetry.web.report_table import show_table
from dosimetry.web.screen import screen_from_plain

_MOST_SHOWN = 50


def audit_results(done: Done) -> None:
    """Draw an audit."""
    _downloads(done)
    for place, block in enumerate(done.blocks):
        if isinstance(block, Drawing):
            with st.container(key=f"audit_chart_{place}"):  # every recorded quantity has charts by the same titles
                st.image(block.svg, caption=block.title, alt=block.title, width=640)
        else:
            st.html(html_of((block,), alt="Audit"))
    st.subheader("Rows to look at", anchor=False)
    _rows(done.compared)


def _downloads(done: Done) -> None:
    stem = f"{Path(done.table).stem}-audited"
    subject = Subject((done.table,), f"{stem}.csv", done.tolerance, done.computed_at)
    files = {
        "csv": ("Rows as CSV", "text/csv", lambda: csv_text(done.compared).encode()),
        "parquet": ("Rows as Parquet", "application/vnd.apache.parquet", lambda: parquet_bytes(done.compared)),
        "html": ("Report", "text/html", lambda: render(document(done.counted, subject), "a4")),
    }
    with st.container(horizontal=True):
        for ending, (title, mime, content) in files.items():
            st.download_button(
                title,
                data=content,
                file_name=f"{stem}.{ending}",
                mime=mime,
                key=f"audit_download_{ending}",
                on_click="ignore",
                icon=":material/download:",
            )


def _rows(compared: pd.DataFrame) -> None:
    """The rows that differ most, by grade and slip; each can be opened as a case."""
    words = labels()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        grades = st.multiselect("Grade", GRADES, key="audit_grades", placeholder="all that do not agree", width=340)
        slip = st.selectbox(
            "Consistent with",
            list(words),
            index=None,
            format_func=lambda key: words[key],
            key="audit_slip",
            placeholder="any slip, or none",
            width=340,
        )
    places = worst_rows(compared, grades, slip or "", _MOST_SHOWN)
    if not len(places):
        st.text("No such row.")
        return
    with st.container(key="long_tables_audit"):
        show_table(table_of_rows(compared, places), alt="Rows to look at")
    if len(places) == _MOST_SHOWN:
        st.text(f"The first {_MOST_SHOWN} rows; all are in the files.")
    _opening(compared, places.tolist())


def _opening(compared: pd.DataFrame, places: list[int]) -> None:
    chosen = st.selectbox(
        "Open a row on the Plan page",
        places,
        index=None,
        format_func=lambda place: row_name(compared, place),
        key="audit_row",
        placeholder="choose a row",
        width=340,
    )
    if chosen is None:
        return
    if not session.is_saved():
        st.text("The inputs on the Plan page were not saved. Opening the row replaces them.")
    if st.button("Open the row", key="audit_open"):
        session.put(screen_from_plain(case_of_row(compared, chosen)))
        st.switch_page(st.Page(plan_page, title="Plan", url_path="plan", default=True))
