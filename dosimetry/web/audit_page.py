"""The page that recomputes a table of recorded treatments and shows where record and physics part."""

import datetime
import hashlib

import pandas as pd
import streamlit as st

from dosimetry import units
from dosimetry.audit import describe, mapping
from dosimetry.audit.audit_report import findings
from dosimetry.audit.mapping import TableMapping
from dosimetry.audit.mapping_text import mapping_text
from dosimetry.audit.running import audited
from dosimetry.audit.table_checks import TableError
from dosimetry.audit.tallying import tally
from dosimetry.audit.uploads import MOST_ROWS, check_size
from dosimetry.number_text import number_from_text
from dosimetry.report.document import Column, Table
from dosimetry.web import audit_state, session
from dosimetry.web.audit_columns import columns_of
from dosimetry.web.audit_results import audit_results
from dosimetry.web.audit_state import Done, Held
from dosimetry.web.report_table import show_table

_DESCRIBED = ("column", "unit", "becomes", "given", "refused", "problem")


def audit_page() -> None:
    """A table, what its columns are, and what the audit found: of this table and of no other."""
    session.stay()
    st.header("Audit", anchor=False)
    st.text(
        "Upload a table of recorded treatments, one row a territory. Every number is computed again and compared "
        "with the record. The table stays in the memory of this session and is not stored."
    )
    table = _table()
    if table is None or table.frame is None:
        return
    st.subheader(f"Columns of {table.name} ({len(table.frame):,} rows)", anchor=False)
    mapped = columns_of(table, table.frame)
    if mapped is None:
        return
    _described(table, table.frame, mapped)
    tolerance = _tolerance()
    if tolerance is not None:
        _audit(table, table.frame, mapped, tolerance)


def _table() -> Held | None:
    """The uploaded table, read once; says why it was refused."""
    limit_mb = int(st.get_option("server.maxUploadSize"))
    uploaded = st.file_uploader(
        "Table of recorded treatments",
        type=["csv", "parquet"],
        key="audit_upload",
        help=f"CSV (UTF-8, commas, decimal points) or Parquet, up to {limit_mb} MB and {MOST_ROWS:,} rows. "
        "The command dosimetry audit takes tables of any size.",
    )
    if uploaded is None:
        audit_state.release()
        return None
    try:
        check_size(uploaded.name, uploaded.size, limit_mb)
    except TableError as error:
        st.error(str(error))
        return None
    found = audit_state.held(uploaded.file_id, uploaded.name, uploaded.getvalue())
    if found.problems:
        st.error("The table was refused.")
        for line in found.problems:
            st.text(line)
    return found


def _described(table: Held, frame: pd.DataFrame, mapped: TableMapping) -> None:
    """What would be read and what would be refused, before anything is computed."""
    key = f"{table.file_id} {mapping_text(mapped)}"
    lines = audit_state.described(key, lambda: describe(frame, mapped))
    for _, line in lines[lines["problem"] != ""].iterrows():
        cells = f"{line['refused']:,} of {line['rows']:,} cells will be refused, the first: " if line["refused"] else ""
        header = f"{line['column']}: " if not line["refused"] and line["rows"] else ""
        st.text(f"{cells}{header}{line['problem']}")
    with st.expander("What will be read", key="audit_described"):
        columns = tuple(Column(name, "", name in ("given", "refused")) for name in _DESCRIBED)
        rows = tuple(tuple(_count(line[name]) for name in _DESCRIBED) for _, line in lines.iterrows())
        show_table(Table(columns, rows), alt="What will be read")


def _count(cell: object) -> str:
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def _tolerance() -> float | None:
    """The difference up to which a record agrees, as a fraction."""
    text = st.text_input("Tolerance [%]", key="audit_tolerance", placeholder="for example 5", width=220)
    if not text:
        st.text("Enter the tolerance: the difference up to which a record agrees.")
        return None
    try:
        return float(units.fraction_from_percent(number_from_text(text)))
    except ValueError as error:
        st.error(f"Tolerance must be a number; {error}.")
        return None


def _audit(table: Held, frame: pd.DataFrame, mapped: TableMapping, tolerance: float) -> None:
    inputs = f"{table.file_id} {tolerance} {mapping_text(mapped)}"
    key = hashlib.sha256(inputs.encode()).hexdigest()
    done = audit_state.done(key)
    if st.button("Audit", key="audit", type="primary", width="stretch"):
        try:
            done = _done(key, table, mapping.apply(frame, mapped), tolerance)
        except (TableError, ValueError) as error:
            st.error("Nothing was computed.")
            st.text(str(error))
            return
        audit_state.keep(done)
    if done is not None:
        audit_results(done)
    elif audit_state.was_discarded():
        st.text("Inputs changed. Audit again.")


def _done(key: str, table: Held, frame: pd.DataFrame, tolerance: float) -> Done:
    compared = audited(frame, tolerance)
    counted = tally(compared)
    return Done(
        key=key,
        table=table.name,
        tolerance=tolerance,
        computed_at=datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        compared=compared,
        counted=counted,
        blocks=tuple(findings(counted)),
    )
