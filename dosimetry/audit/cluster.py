"""The same audit on a dask cluster: pieces of whole cases as partitions, each computed and written by a worker."""

import importlib.util
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from dosimetry.audit import pieces
from dosimetry.audit.pieces import Rows
from dosimetry.audit.running import Job, Progress, done_part, drop_empty, known_tally, other_columns, prepare
from dosimetry.audit.table_checks import TableError
from dosimetry.audit.tables import PARQUET
from dosimetry.audit.tallying import Tally, tally_from, together

_RETRIES = 3


def run(job: Job, scheduler: str | None, progress: Progress = lambda parts, rows: None) -> Tally:
    """Audit Parquet tables on a cluster; the result is that of `running.run`.

    Parameters
    ----------
    job : Job
        Its tables and its output must be where every worker finds them under the same path.
    scheduler : str, optional
        Address of a running scheduler; a cluster on this computer when not given.

    Raises
    ------
    TableError
        For a table that cannot be audited, another kind of table, or a missing package.
    """
    if importlib.util.find_spec("distributed") is None or importlib.util.find_spec("dask") is None:
        raise TableError("--engine dask needs the package dask; install it with: "
                         "python -m pip install 'y90-dosimetry[cluster]'")  # fmt: skip
    if any(path.suffix.lower() != PARQUET for path in job.tables):
        raise TableError(f"--engine dask reads {PARQUET} tables; use --engine local for others.")
    prepare(job)
    try:
        found = _found(job, scheduler, progress)
    except BaseException:
        drop_empty(job)
        raise
    return together(found[number] for number in sorted(found))


def _found(job: Job, scheduler: str | None, progress: Progress) -> dict[int, Tally]:
    """The tallies of all pieces, those that were done before and those that are computed now."""
    columns = _same_columns(job)
    planned = [rows for path in job.tables for rows in pieces.ranges(path.resolve(), job.mapping, job.rows)]
    known = {number: known_tally(job, number) for number in range(len(planned))}
    found = {number: counted for number, counted in known.items() if counted is not None}
    open_pieces = [(number, rows) for number, rows in enumerate(planned) if number not in found]
    if open_pieces:
        with _client(scheduler) as client:
            found |= _computed(client, job, columns, open_pieces, progress)
    return found


def _same_columns(job: Job) -> list[Any]:
    """The columns of the first table, which every other one must have too. Raises `TableError`."""
    columns = pieces.columns_of(job.tables[0], job.mapping)
    for path in job.tables[1:]:
        other = other_columns(job.tables[0], columns, path, pieces.columns_of(path, job.mapping))
        if other:
            raise TableError(other)
    return columns


def _computed(
    client: Any, job: Job, columns: list[Any], planned: list[tuple[int, Rows]], progress: Progress
) -> dict[int, Tally]:
    """The tallies of pieces, by number."""
    import dask.dataframe as dd
    from distributed import as_completed

    absolute = replace(job, output=job.output.resolve())
    places = dd.from_map(_place, planned, meta=_place((0, Rows("", 0, 0))))
    done = places.map_partitions(partial(_done, job=absolute, columns=columns), meta=_tallies([]))
    found: dict[int, Tally] = {}
    rows = 0
    for future in as_completed(client.compute(done.to_delayed(), retries=_RETRIES)):
        for number, text in future.result().itertuples(index=False):
            found[number] = tally_from(json.loads(text))
            rows += int(found[number].groups["rows"].iloc[0])
            progress(len(found), rows)
    return found


def _place(planned: tuple[int, Rows]) -> pd.DataFrame:
    """The partition of a piece: where its rows stand. The rows themselves never travel."""
    number, rows = planned
    return pd.DataFrame({"number": [number], "table": [rows.table], "start": [rows.start], "stop": [rows.stop]})


def _tallies(found: list[tuple[int, str]]) -> pd.DataFrame:
    """Numbers of pieces and the texts of their tallies."""
    numbers, texts = [number for number, _ in found], [text for _, text in found]
    return pd.DataFrame({"number": np.array(numbers, dtype=np.int64), "tally": np.array(texts, dtype=object)})


def _done(partition: pd.DataFrame, job: Job, columns: list[Any]) -> pd.DataFrame:
    """Audit and write the pieces of a partition; what comes back are their tallies."""
    found: list[tuple[int, str]] = []
    for number, table, start, stop in partition.itertuples(index=False):
        frame = pieces.piece(Rows(table, start, stop), job.mapping)
        found.append((number, json.dumps(done_part(job, number, frame[columns]).plain())))
    return _tallies(found)


@contextmanager
def _client(scheduler: str | None) -> Iterator[Any]:
    """A client of a running scheduler, or of a cluster on this computer that nobody else can reach."""
    from distributed import Client, LocalCluster

    if scheduler is not None:
        try:
            client = Client(scheduler)
        except (OSError, ValueError, ImportError):
            raise TableError(
                f"--scheduler {scheduler}: no scheduler of dask answers there. Is it running, and is the address as it "
                "prints it, like tcp://127.0.0.1:8786?"
            ) from None
        with client:
            yield client
        return
    with (
        LocalCluster(threads_per_worker=1, host="127.0.0.1", dashboard_address=None, memory_limit=0) as cluster,
        Client(cluster) as client,
    ):
        yield client
