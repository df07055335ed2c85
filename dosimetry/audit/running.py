"""An audit of tables on disk: piece by piece, resumable, with a summary that needs no second look at the rows."""

import hashlib
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from dosimetry import reference
from dosimetry.audit import names, pieces
from dosimetry.audit.comparing import compare
from dosimetry.audit.mapping import TableMapping
from dosimetry.audit.replanning import replan
from dosimetry.audit.table_checks import TableError
from dosimetry.audit.table_writing import write_csv, write_parquet
from dosimetry.audit.tables import CSV, PARQUET
from dosimetry.audit.tallying import Tally, tally, tally_from, together
from dosimetry.version import __version__

Progress = Callable[[int, int], None]
"""Called with the pieces and the rows that are done."""
_ORIGIN, _REPORT = "_audit.json", "_report.sha256"
"""Files in the folder of the parts: what they follow from, and the digest of the report that was written of them."""
_WORKERS = 2
_BAR = 20
"""Signs of the bar that tells how far an audit is."""
NO_RECORD = (
    "no column holds a record, so that there is nothing to compare. Which column has the activity or the dose that was "
    f"recorded? Name it {names.RECORDED}administered_activity_gbq, or map it to such a field."
)


@dataclass(frozen=True, slots=True)
class Job:
    """What to audit, how, and where to write it."""

    tables: tuple[Path, ...]
    output: Path
    mapping: TableMapping | None = None
    tolerance: float = 0.05
    rows: int = pieces.ROWS

    @property
    def parts(self) -> Path:
        """The folder of the parts: the Parquet output itself, or a folder beside a CSV until it is complete."""
        return self.output if self.ending == PARQUET else self.output.with_name(f"{self.output.name}.parts")

    @property
    def report(self) -> Path:
        """The file of the report beside the output."""
        return self.output.with_suffix(".html")

    @property
    def ending(self) -> str:
        """The kind of the output."""
        return self.output.suffix.lower()

    def part(self, number: int) -> Path:
        """The file of one part."""
        return self.parts / f"part-{number:06d}{self.ending}"

    def tally(self, number: int) -> Path:
        """The file of the tally of one part; readers of a Parquet folder pass over it."""
        return self.parts / f"_part-{number:06d}.json"

    def origin(self) -> dict[str, Any]:
        """What the parts follow from: an audit goes on only where all of it is the same."""
        held = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in self.tables]
        plain = {
            "tables": held,
            "mapping": None if self.mapping is None else asdict(self.mapping),
            "tolerance": self.tolerance,
            "rows": self.rows,
            "version": __version__,
            "data_fingerprint": reference.fingerprint(),
        }
        same: dict[str, Any] = json.loads(json.dumps(plain, default=str))
        return same


def prepare(job: Job) -> None:
    """Make the folder of the parts, or find that of the same audit.

    Raises
    ------
    TableError
        For an output of another kind, or one that holds something else.
    """
    pieces.check_tables(list(job.tables))
    if job.ending not in (CSV, PARQUET):
        raise TableError(f"the output must end in {CSV} or {PARQUET}; got {job.output.name}.")
    if job.output.resolve() in [path.resolve() for path in job.tables]:
        raise TableError(f"{job.output} is one of the tables; name another output.")
    others = [path for path in (job.output, job.report) if path != job.parts]
    if job.parts.is_dir():
        origin = job.parts / _ORIGIN
        if origin.is_file() and json.loads(origin.read_text("utf-8")) == job.origin():
            refuse_to_overwrite(*(path for path in others if path not in _own_report(job)))
            return
        if list(job.parts.iterdir()) != [origin]:
            raise TableError(f"{job.parts} holds something else; remove it, or name another output.")
        refuse_to_overwrite(*others)
        # Another audit ended here before its first piece.
        origin.write_text(json.dumps(job.origin()), encoding="utf-8")
        return
    refuse_to_overwrite(job.parts, *others)
    job.parts.mkdir(parents=True)
    (job.parts / _ORIGIN).write_text(json.dumps(job.origin()), encoding="utf-8")


def _own_report(job: Job) -> set[Path]:
    """The report that this very audit wrote, unchanged since; empty where there is none."""
    written = job.parts / _REPORT
    if not (written.is_file() and job.report.is_file()):
        return set()
    return {job.report} if written.read_text("utf-8") == _digest(job.report.read_bytes()) else set()


def write_report(job: Job, content: bytes) -> None:
    """Write the report; parts that stay keep its digest, by which the same audit knows it from any other file."""
    if job.parts.is_dir():
        (job.parts / _REPORT).write_text(_digest(content), encoding="utf-8")
    job.report.write_bytes(content)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def refuse_to_overwrite(*paths: Path) -> None:
    """Refuse files that are there already: nobody asked to lose them. Raises `TableError`."""
    for path in paths:
        if path.exists():
            raise TableError(f"{path} is there already and would be lost; move or remove it, or name another output.")


def audited(frame: pd.DataFrame, tolerance: float) -> pd.DataFrame:
    """A piece recomputed and compared; bad rows are kept with their marks.

    Raises
    ------
    TableError
        For a table that cannot be audited, or in which nothing was recorded.
    """
    if not names.recorded(frame.columns):
        raise TableError(NO_RECORD)
    return compare(replan(frame, errors="mark"), tolerance)


def done_part(job: Job, number: int, frame: pd.DataFrame) -> Tally:
    """Audit a piece, write its part and its tally."""
    compared = audited(frame, job.tolerance)
    if job.ending == PARQUET:
        write_parquet(compared, job.part(number))
    else:
        write_csv(compared, job.part(number), header=number == 0)
    counted = tally(compared)
    partial = job.tally(number).with_suffix(".partial")
    partial.write_text(json.dumps(counted.plain()), encoding="utf-8")
    partial.replace(job.tally(number))
    return counted


def known_tally(job: Job, number: int) -> Tally | None:
    """The tally of a part that was done before; its file is written last, so the part is complete."""
    path = job.tally(number)
    return tally_from(json.loads(path.read_text("utf-8"))) if path.is_file() and job.part(number).is_file() else None


def run(job: Job, progress: Progress = lambda parts, rows: None) -> Tally:
    """Audit tables on this computer, a few pieces at a time.

    Raises
    ------
    TableError
        For a table that cannot be audited. Parts that are done stay, and the same call goes on after them.
    """
    prepare(job)
    found: dict[int, Tally] = {}
    waiting: dict[Future[Tally], int] = {}
    rows = 0

    def collect(finished: set[Future[Tally]]) -> None:
        """Take the tallies of finished pieces."""
        for future in finished:
            found[waiting.pop(future)] = future.result()
            progress(len(found), rows)

    with ThreadPoolExecutor(_WORKERS) as workers:
        try:
            for number, frame in enumerate(_all_frames(job)):
                rows += len(frame)
                known = known_tally(job, number)
                if known is not None:
                    found[number] = known
                    continue
                waiting[workers.submit(done_part, job, number, frame)] = number
                del frame
                if len(waiting) >= _WORKERS:
                    collect(wait(waiting, return_when=FIRST_COMPLETED).done)
            collect(wait(waiting).done)
        except BaseException:
            workers.shutdown(cancel_futures=True)
            drop_empty(job)
            raise
    return together(found[number] for number in sorted(found))


def drop_empty(job: Job) -> None:
    """Remove the folder of an audit that ended before its first part: nothing could go on from it."""
    if [each.name for each in job.parts.iterdir()] == [_ORIGIN]:
        shutil.rmtree(job.parts)


def _all_frames(job: Job) -> Iterator[pd.DataFrame]:
    """The pieces of all tables; every table must have the columns of the first."""
    columns: list[Any] | None = None
    for path in job.tables:
        for frame in pieces.frames(path, job.mapping, job.rows):
            if columns is None:
                columns = list(frame.columns)
            other = other_columns(job.tables[0], columns, path, list(frame.columns))
            if other:
                raise TableError(other)
            yield frame[columns]


def other_columns(first: Path, columns: list[Any], path: Path, own: list[Any]) -> str:
    """Why a table cannot be audited in one with the first: it has other columns. Empty where it has the same."""
    other = sorted(map(str, set(columns) ^ set(own)))
    return f"{path.name} has other columns than {first.name}: {', '.join(other)}." if other else ""


def finish(job: Job) -> None:
    """Join the parts of a CSV output into one file; a Parquet output is complete as it is."""
    if job.ending == PARQUET:
        return
    partial = job.output.with_name(f".{job.output.name}.partial")
    with partial.open("wb") as whole:
        for part in sorted(job.parts.glob(f"part-*{CSV}")):
            with part.open("rb") as text:
                shutil.copyfileobj(text, whole)
    partial.replace(job.output)
    shutil.rmtree(job.parts)


def terminal_progress(tables: tuple[Path, ...]) -> Progress:
    """A line on standard error that tells how far the audit is; silent where nobody reads it."""
    if not sys.stderr.isatty():
        return lambda parts, rows: None
    total = pieces.total_rows(tables)
    return lambda parts, rows: print(f"\r{progress_line(parts, rows, total)}", end="", file=sys.stderr, flush=True)


def progress_line(parts: int, rows: int, total: int | None) -> str:
    """How far an audit is: a bar where it is known how many rows there are, as of Parquet, or else counts alone."""
    counts = f"{parts:,} pieces done, {rows:,} rows read"
    if total is None:
        return counts
    filled = _BAR * min(rows, total) // total
    return f"[{'#' * filled}{'.' * (_BAR - filled)}] {counts} of {total:,}"
