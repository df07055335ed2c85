"""The command ``dosimetry audit``: tables in, rows with results, a summary and a report out."""

import datetime
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dosimetry.audit import audit_report, cluster, names, pieces, running
from dosimetry.audit.audit_report import Subject
from dosimetry.audit.describing import columns_of, describe, described_lines, is_refused, with_refusals
from dosimetry.audit.mapping import read_mapping
from dosimetry.audit.running import Job
from dosimetry.audit.table_checks import TableError
from dosimetry.report.document import Document


@dataclass(frozen=True, slots=True)
class Outcome:
    """The summary of an audit in lines, and whether any row differs or is refused."""

    lines: str
    has_differences: bool


def run(
    tables: tuple[Path, ...],
    output: Path,
    *,
    mapping: Path | None,
    tolerance: float,
    engine: str,
    scheduler: str | None,
) -> Outcome:
    """Audit tables and write rows, summary and report.

    Raises
    ------
    TableError
        For whatever cannot be audited, read or written as asked.
    """
    if scheduler is not None and engine != "dask":
        raise TableError("--scheduler needs --engine dask.")
    job = Job(tables, output, None if mapping is None else read_mapping(mapping), tolerance)
    progress = running.terminal_progress(tables)
    counted = cluster.run(job, scheduler, progress) if engine == "dask" else running.run(job, progress)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    running.finish(job)
    subject = Subject(tuple(path.name for path in tables), output.name, tolerance, _now(), job.mapping)
    written = _write_report(audit_report.document(counted, subject), job)
    return Outcome(audit_report.lines(counted) + written, audit_report.has_differences(counted))


def described(tables: tuple[Path, ...], mapping: Path | None) -> Outcome:
    """What would be read of each table and what refused, a line a column; nothing is computed.

    Raises
    ------
    TableError
        For tables that are not there, or a mapping that is refused.
    """
    pieces.check_tables(list(tables))
    held = None if mapping is None else read_mapping(mapping)
    found = _as_one_audit(tables, [describe(path, held) for path in tables])
    told = zip(tables, found, strict=True)
    lines = [line for path, columns in told for line in (f"{path.name}:", *described_lines(columns))]
    return Outcome("".join(f"{line}\n" for line in lines), any(map(is_refused, found)))


def _as_one_audit(tables: tuple[Path, ...], described: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """What is described of tables, with what an audit of all of them refuses as a whole."""
    columns = [columns_of(each) for each in described]
    readable = [place for place, own in enumerate(columns) if own]
    found = list(described)
    for place in readable:
        own = columns[place]
        other = running.other_columns(tables[readable[0]], columns[readable[0]], tables[place], own)
        sentences = [*([] if names.recorded(own) else [running.NO_RECORD]), *([other] if other else [])]
        found[place] = with_refusals(found[place], sentences) if sentences else found[place]
    return found


def _write_report(document: Document, job: Job) -> str:
    """Write the report; says where it is, or what it needs."""
    if importlib.util.find_spec("jinja2") is None:
        return "no report: it needs jinja2; install it with: python -m pip install 'y90-dosimetry[report]'\n"
    from dosimetry.report.html_report import render

    running.write_report(job, render(document, "a4"))
    return f"report: {job.report}\n"


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
