"""The command ``dosimetry audit --treatment tace``: tables in, rows with results and a line of counts out."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from dosimetry.audit import pieces
from dosimetry.audit.command import Outcome
from dosimetry.audit.mapping import TableMapping, read_mapping
from dosimetry.audit.names import DIFFERENCE, VALID
from dosimetry.audit.running import refuse_to_overwrite
from dosimetry.audit.table_checks import TableError
from dosimetry.audit.table_writing import write_csv, write_parquet
from dosimetry.audit.tables import CSV, PARQUET
from dosimetry.audit.tace_replanning import OUTPUTS, replan_tace, vocabulary
from dosimetry.comparison import compare

_ROWS = 100_000
"""Rows of a piece."""


def run(tables: tuple[Path, ...], output: Path, *, mapping: Path | None, tolerance: float) -> Outcome:
    """Recompute tables and write their rows.

    One row a session with at most one territory; there are no grades, no named slips, no report and no going on after
    an interruption.

    Raises
    ------
    TableError
        For whatever cannot be audited, read or written as asked.
    """
    write = {CSV: write_csv, PARQUET: write_parquet}.get(output.suffix.lower())
    if write is None:
        raise TableError(f"the output must end in {CSV} or {PARQUET}; got {output.name}.")
    if output.resolve() in [path.resolve() for path in tables]:
        raise TableError(f"{output} is one of the tables; name another output.")
    pieces.check_tables(list(tables))
    refuse_to_overwrite(output)
    held = None if mapping is None else read_mapping(mapping, vocabulary())
    made = pd.concat(list(_replanned(tables, held)), ignore_index=True)
    write(made, output)
    refused = int((~made[VALID]).sum())
    off = int(_differs(made, tolerance).sum())
    lines = f"{len(made)} rows, {refused} refused, {off} with a record that differs by more than {tolerance:g}\n"
    return Outcome(f"{lines}rows: {output}\n", has_differences=bool(refused or off))


def _replanned(tables: tuple[Path, ...], mapping: TableMapping | None) -> Iterator[pd.DataFrame]:
    for table in tables:
        for frame in pieces.frames(table, mapping, _ROWS):
            yield replan_tace(frame.reset_index(drop=True), errors="mark", findings=True)


def _differs(made: pd.DataFrame, tolerance: float) -> "pd.Series[bool]":
    """Rows in which any record lies further from the computed number than the tolerance."""
    found = np.zeros(len(made), dtype=np.bool_)
    for name in OUTPUTS:
        if f"{DIFFERENCE}{name}" in made.columns:
            values = made[f"{DIFFERENCE}{name}"].to_numpy(dtype=np.float64)
            found |= ~np.isnan(values) & ~compare(np.abs(values), "<=", tolerance)
    return pd.Series(found)
