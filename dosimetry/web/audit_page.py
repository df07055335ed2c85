"""The page that recomputes a table of recorded treatments and shows where record and physics part."""

import datetime
import hashlib

import pandas as pd
import streamlit as st

from dosimetry import figures, units
from dosimetry.audit import describe, mapping, names
from dosimetry.audit.audit_report import findings
from dosimetry.audit.mapping import TableMapping
from dosimetry.audit.mapping_text import mapping_text
from dosimetry.audit.running import audited
from dosimetry.audit.table_checks import TableError
from dosimetry.audit.tallying import tally
from dosimetry.audit.tolerances import question, tolerance_percent
from dosimetry.audit.uploads import MOST_COLUMNS, MOST_ROWS
from dosimetry.report.document import Column, Table
from dosimetry.web import audit_state, guard, session
from dosimetry.web.audit_columns import columns_of
from dosimetry.web.audit_results import audit_results
from dosimetry.web.audit_state import TOLERANCE, Done, Held
from dosimetry.web.report_table import show_table

_DESCRIBED = ("column", "unit", "becomes", "given", "refused", "problem")


def audit_page() -> None:
    """A table, what its columns are, and what the audit found: of this table and of no other."""
    session.stay()
    st.header("Audit", anchor=False)
    st.text(
        "Upload a table of recorded treatments, one row a territory. Every number is computed again and compared "
        "with the record. The table stays in the memory of this session until it is closed or the browser is, and is "
        "not stored."
    )
    table = _table()
    if table is None or table.frame is None:
        return
    st.subheader("Columns", anchor=False)
    mapped = columns_of(table, table.frame)
    if mapped is None:
        return
    _described(table, table.frame, mapped)
    if not _has_records(table.frame, mapped):
        st.text(
            "No column holds a record yet. Say above which one does, for example the recorded Administered activity: "
            "it is what the computed numbers are compared with."
        )
        return
    percent = _tolerance()
    if percent is not None:
        _audit(table, table.frame, mapped, float(units.fraction_from_percent(percent)))


def _table() -> Held | None:
    """The box for a table, and the table that is open; says why one was refused."""
    limit_mb = int(st.get_option("server.maxUploadSize"))
    key = f"audit_upload_{audit_state.uploads()}"
    st.file_uploader(
        "Table of recorded treatments",
        type=["csv", "parquet"],
        key=key,
        on_change=guard.callback(_open),
        args=(key, limit_mb),
        help=f"CSV (UTF-8, commas, decimal points) or Parquet, up to {limit_mb} MB, {MOST_ROWS:,} rows and "
        f"{MOST_COLUMNS} columns. The command dosimetry audit takes any number of rows.",
    )
    table = audit_state.held()
    if table is None:
        return None
    if table.frame is None:
        st.error("The table was refused.")
        for line in table.problems:
            st.text(line)
        return table
    with st.container(horizontal=True, vertical_alignment="center"):
        rows = len(table.frame)
        st.text(f"{table.name}, {'1 row' if rows == 1 else f'{rows:,} rows'}")
        st.button("Close the table", key="close_audit", on_click=guard.callback(audit_state.close))
    return table


def _open(key: str, limit_mb: int) -> None:
    uploaded = st.session_state.get(key)
    if uploaded is not None:
        audit_state.hold(uploaded.name, uploaded.getvalue(), limit_mb)


def _described(table: Held, frame: pd.DataFrame, mapped: TableMapping) -> None:
    """What would be read and what would be refused, before anything is computed; each field beside its header."""
    key = f"{table.number} {mapping_text(mapped)}"
    lines = audit_state.described(key, lambda: describe(frame, mapped))
    headers = {each.field: each.header for each in mapped.columns}
    for _, line in lines[lines["problem"] != ""].iterrows():
        header = headers.get(line["column"], line["column"])
        refused = f"{line['refused']:,} of {line['rows']:,} rows will be refused. " if line["refused"] else ""
        st.text(f"{f'{header}: ' if line['rows'] else ''}{refused}{line['problem']}")
    with st.expander("What will be read", key="audit_described"):
        columns = (Column("header"), *(Column(name, "", name in ("given", "refused")) for name in _DESCRIBED))
        rows = tuple(
            (headers.get(line["column"], ""), *(_count(line[name]) for name in _DESCRIBED))
            for _, line in lines.iterrows()
        )
        show_table(Table(columns, rows), alt="What will be read")


def _count(cell: object) -> str:
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def _has_records(frame: pd.DataFrame, mapped: TableMapping) -> bool:
    """Whether any column is one of records, under its own name or by the mapping."""
    fields = {each.header: each.field for each in mapped.columns}
    return bool(names.recorded(fields.get(header, header) for header in frame.columns))


def _tolerance() -> float | None:
    """The difference up to which a record agrees, in percent; ``None`` while it is not given, or may be a slip."""
    text = st.text_input(
        "Tolerance [%]", key=TOLERANCE, placeholder="for example 5", width=220, persist_state="session"
    )
    if not text:
        st.text("Enter the tolerance: the difference up to which a record agrees.")
        return None
    try:
        percent = tolerance_percent(text)
    except ValueError as error:
        st.error("The tolerance cannot be used.")
        st.text(str(error))
        return None
    asked = question(percent)
    if not asked:
        return percent
    st.text(asked)
    shown = figures.trimmed(percent)
    return percent if st.checkbox(f"{shown} % is meant", key=f"audit_small_{shown}") else None


def _audit(table: Held, frame: pd.DataFrame, mapped: TableMapping, tolerance: float) -> None:
    inputs = f"{table.number} {tolerance} {mapping_text(mapped)}"
    key = hashlib.sha256(inputs.encode()).hexdigest()
    done = audit_state.done(key)
    if st.button("Audit", key="audit", type="primary", width="stretch"):
        try:
            done = _done(key, table, frame, mapped, tolerance)
        except (TableError, ValueError) as error:
            st.error("Nothing was computed.")
            st.text(str(error))
            return
        audit_state.keep(done)
    if done is not None:
        audit_results(done)
    elif audit_state.was_discarded():
        st.text("Inputs changed. Audit again.")


def _done(key: str, table: Held, frame: pd.DataFrame, mapped: TableMapping, tolerance: float) -> Done:
    compared = audited(mapping.apply(frame, mapped), tolerance)
    counted = tally(compared)
    return Done(
        key=key,
        table=table.name,
        mapping=mapped,
        tolerance=tolerance,
        computed_at=datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        compared=compared,
        counted=counted,
        blocks=tuple(findings(counted)),
    )
