"""What an audit found: its report on the page, the rows to look at first, and the files to take along."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from dosimetry.arrays import IntArray
from dosimetry.audit.audit_report import Subject, document
from dosimetry.audit.comparing import GRADES
from dosimetry.audit.names import GRADE
from dosimetry.audit.row_case import case_of_row, doubts_of_row
from dosimetry.audit.slips import labels
from dosimetry.audit.table_writing import csv_text, parquet_bytes
from dosimetry.audit.worst_rows import row_name, table_of_rows, worst_rows
from dosimetry.report.document import Drawing, Paragraph
from dosimetry.report.html_report import render
from dosimetry.web import guard, session
from dosimetry.web.audit_state import Done
from dosimetry.web.html_blocks import html_of
from dosimetry.web.plan_page import plan_page
from dosimetry.web.report_table import show_table
from dosimetry.web.screen import screen_from_plain

_MOST_SHOWN = 50


def audit_results(done: Done) -> None:
    """Draw an audit."""
    _downloads(done)
    with st.container(key="audit_report"):
        for block in done.blocks:
            titled = (Paragraph(block.title), block) if isinstance(block, Drawing) else (block,)
            st.html(html_of(titled, alt="Audit"))
    st.subheader("Rows to look at", anchor=False)
    _rows(done)


def _downloads(done: Done) -> None:
    stem = f"{Path(done.table).stem}-audited"
    subject = Subject((done.table,), f"{stem}.csv", done.tolerance, done.computed_at, done.mapping)
    files: dict[str, tuple[str, str, Callable[[], bytes]]] = {
        "csv": ("Rows as CSV", "text/csv", partial(_csv, done.compared)),
        "parquet": ("Rows as Parquet", "application/vnd.apache.parquet", partial(parquet_bytes, done.compared)),
        "html": ("Report", "text/html", partial(_report, done, subject)),
    }
    with st.container(horizontal=True):
        for ending, (title, mime, content) in files.items():
            st.download_button(
                title,
                data=guard.later(content),
                file_name=f"{stem}.{ending}",
                mime=mime,
                key=f"audit_download_{ending}",
                on_click="ignore",
                icon=":material/download:",
            )


def _csv(compared: pd.DataFrame) -> bytes:
    return csv_text(compared).encode()


def _report(done: Done, subject: Subject) -> bytes:
    return render(document(done.counted, subject), "a4")


def _rows(done: Done) -> None:
    """The rows that differ most, by grade and slip; each can be opened as a case."""
    words, compared = labels(), done.compared
    with st.container(horizontal=True, vertical_alignment="bottom"):
        grades = st.multiselect(
            "Grade", GRADES, key="audit_grades", placeholder="all that do not agree", width=340, persist_state="session"
        )
        slip = st.selectbox(
            "Consistent with",
            list(words),
            index=None,
            format_func=lambda key: words[key],
            key="audit_slip",
            placeholder="any slip, or none",
            width=340,
            persist_state="session",
        )
    places = worst_rows(compared, grades, slip or "", len(compared))
    if not len(places):
        st.text("No such row.")
        return
    with st.container(key="long_tables_audit"):
        show_table(table_of_rows(compared, places[:_MOST_SHOWN]), alt="Rows to look at")
    if len(places) > _MOST_SHOWN:
        st.text(_left_out(compared, places))
    _opening(done, places[:_MOST_SHOWN].tolist())


def _left_out(compared: pd.DataFrame, places: IntArray) -> str:
    """How many rows of which grade are not shown, and where they are."""
    counts = compared[GRADE].iloc[places[_MOST_SHOWN:]].value_counts()
    counted = ", ".join(f"{counts[grade]:,} {grade}" for grade in GRADES if counts.get(grade, 0))
    return (
        f"{_MOST_SHOWN} of {len(places):,} rows are shown, the largest difference first. Not shown: {counted}. "
        "Choose a grade above to see its rows; all rows are in the files."
    )


def _opening(done: Done, places: list[int]) -> None:
    compared = done.compared
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
        session.doubt(doubts_of_row(compared, chosen))
        st.switch_page(st.Page(plan_page, title="Plan", url_path="plan", default=True))
