"""A table on disk in pieces of whole cases, so that each can be computed alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dosimetry.arrays import AnyArray
from dosimetry.audit import cells
from dosimetry.audit import mapping as mappings
from dosimetry.audit.mapping import TableMapping
from dosimetry.audit.names import CASE_ID
from dosimetry.audit.table_checks import TableError, plain
from dosimetry.audit.tables import CSV, check_ending, csv_pieces, frame_of, intact, parquet_file, parquet_rows

ROWS = 125_000
"""Rows of a piece: enough that columns are worth their overhead, few enough that two pieces are small in memory."""
_EXACT = 2.0**53
"""Whole numbers below are exact as floating-point numbers."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a Parquet file from ``start`` to before ``stop``."""

    table: str
    start: int
    stop: int


def check_tables(tables: list[Path]) -> None:
    """Refuse tables of another kind, those that are not there, and one named twice. Raises `TableError`."""
    for path in tables:
        check_ending(path)
        if not path.is_file():
            raise TableError(f"{path} is a folder; name the table in it." if path.is_dir() else f"{path} is not there.")
    real = [path.resolve() for path in tables]
    twice = next((path for place, path in enumerate(tables) if real[place] in real[:place]), None)
    if twice is not None:
        raise TableError(f"{twice} is named more than once; every row of it would count as often.")


def total_rows(tables: Iterable[Path]) -> int | None:
    """The rows of tables that say how many they have, as Parquet does; ``None`` where one does not, or is none."""
    total = 0
    for path in tables:
        if path.suffix.lower() == CSV or not path.is_file():
            return None
        with parquet_file(path) as file:
            total += file.metadata.num_rows
    return total or None


def frames(path: Path, mapping: TableMapping | None, rows: int) -> Iterator[pd.DataFrame]:
    """A table in the names and units of the library, piece by piece, each of whole cases."""
    for frame in as_they_stand(path, mapping, rows):
        yield mappings.apply(frame, mapping)


def as_they_stand(path: Path, mapping: TableMapping | None, rows: int) -> Iterator[pd.DataFrame]:
    """The same pieces under the headers and in the units of the table."""
    read = csv_pieces(path, rows) if path.suffix.lower() == CSV else _parquet_pieces(path, rows, None)
    yield from whole_cases(read, _header_of_cases(mapping), path.name)


def _header_of_cases(mapping: TableMapping | None) -> str:
    """The header under which a table has the ids of its cases, if it has any."""
    named = {each.field: each.header for each in mapping.columns} if mapping else {}
    return named.get(CASE_ID, CASE_ID)


def _parquet_pieces(path: Path, rows: int, columns: list[str] | None) -> Iterator[pd.DataFrame]:
    with parquet_file(path) as file:
        if not file.metadata.num_rows:
            raise TableError(f"{path.name} has no rows.")
        start = 0
        batches = file.iter_batches(rows, columns=columns, use_threads=False)
        while True:
            with intact(path):
                batch = next(batches, None)
                if batch is None:
                    return
                frame = frame_of(batch)
            frame.index = pd.RangeIndex(start, start + len(frame))
            start += len(frame)
            yield frame


def ranges(path: Path, mapping: TableMapping | None, rows: int) -> Iterator[Rows]:
    """The pieces of a Parquet file as ranges of rows, from its case ids alone."""
    with parquet_file(path) as file:
        headers, total = file.schema_arrow.names, file.metadata.num_rows
    header = _header_of_cases(mapping)
    if header not in headers:
        yield from (Rows(str(path), start, min(start + rows, total)) for start in range(0, total, rows))
        return
    for frame in whole_cases(_parquet_pieces(path, rows, [header]), header, path.name):
        yield Rows(str(path), int(frame.index[0]), int(frame.index[-1]) + 1)


def columns_of(path: Path, mapping: TableMapping | None) -> list[Any]:
    """The columns of a Parquet file in the names of the library; no row of it is read."""
    with parquet_file(path) as file, intact(path):
        empty = frame_of(file.schema_arrow.empty_table())
    return list(mappings.apply(empty, mapping).columns)


def piece(rows: Rows, mapping: TableMapping | None) -> pd.DataFrame:
    """The rows of a range in the names and units of the library."""
    return mappings.apply(parquet_rows(Path(rows.table), rows.start, rows.stop), mapping)


def whole_cases(read: Iterator[pd.DataFrame], case_id: str, table: str) -> Iterator[pd.DataFrame]:
    """The same rows in pieces that end where a case ends.

    Raises
    ------
    TableError
        For a case whose rows stand in pieces apart from each other.
    """
    held: pd.DataFrame | None = None
    seen = _Seen(case_id, table)
    for frame in read:
        if case_id not in frame.columns:
            yield frame
            continue
        if held is None:
            held = frame
            continue
        cut = _start_of_last_case(held[case_id])
        if cut:
            yield seen.checked(held.iloc[:cut])
        held = pd.concat([held.iloc[cut:], frame])
    if held is not None:
        yield seen.checked(held)


def _start_of_last_case(ids: "pd.Series[Any]") -> int:
    """Where the last case of a piece begins; its rows may go on in the next piece."""
    last = ids.iloc[-1]
    if not pd.api.types.is_scalar(last):
        raise TableError(f"{ids.name} must hold texts or numbers; a cell holds a value of type {type(last).__name__}.")
    if pd.isna(last):
        return len(ids)
    other = np.flatnonzero(~(ids == last).fillna(False).to_numpy(dtype=np.bool_))
    spelled, left = cells.in_one_spelling(last), len(other)
    while left and isinstance(cell := ids.iloc[other[left - 1]], str) and cells.in_one_spelling(cell) == spelled:
        left -= 1
    return int(other[left - 1]) + 1 if left else 0


class _Seen:
    """The cases of earlier pieces, as runs of numbers, those of texts hashed; ids that rise one by one are one run."""

    def __init__(self, case_id: str, table: str) -> None:
        self._case_id, self._table = case_id, table
        self._earlier: dict[bool, list[_Runs]] = {True: [], False: []}

    def checked(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A piece none of whose cases stands in an earlier one."""
        ids = frame[self._case_id].dropna()
        numbers = _whole_numbers(ids)
        each = _hashes(ids) if numbers is None else numbers
        own = each if (each[1:] >= each[:-1]).all() else np.sort(each)
        own = own[np.concatenate([[True], own[1:] != own[:-1]])] if len(own) else own
        held = self._earlier[numbers is None]
        for earlier in held:
            again = own[earlier.hold(own)]
            if len(again):
                first = ids.iloc[int(np.flatnonzero(each == again[0])[0])]
                raise TableError(
                    f"{self._table}: rows of case {plain(first)!r} stand far apart; "
                    f"sort the table by {self._case_id}, so that a case can be computed as a whole."
                )
        if len(own):
            held.append(_runs(own, np.ones(len(own), dtype=np.uint8)))
        while len(held) > 1 and len(held[-2].starts) <= len(held[-1].starts):
            held[-2:] = [_joined(held[-2], held[-1])]
        return frame


@dataclass(frozen=True, slots=True)
class _Runs:
    """Whole numbers as runs without a gap: where each begins, in order, and how many it has."""

    starts: AnyArray
    lengths: AnyArray

    def hold(self, values: AnyArray) -> AnyArray:
        """Which of sorted values are among the numbers."""
        if values[-1:] < self.starts[:1]:
            return np.zeros(len(values), dtype=np.bool_)
        run = np.searchsorted(self.starts, values, side="right") - 1
        place = np.maximum(run, 0)
        return np.asarray((run >= 0) & (values - self.starts[place] < self.lengths[place]))


def _runs(starts: AnyArray, lengths: AnyArray) -> _Runs:
    """Runs in their order, those that touch as one."""
    begins = np.flatnonzero(np.concatenate([[True], starts[1:] - starts[:-1] != lengths[:-1]]))
    if len(begins) == len(starts):
        return _Runs(starts, lengths)
    summed = np.add.reduceat(lengths, begins, dtype=np.int64)
    return _Runs(starts[begins], summed.astype(np.min_scalar_type(int(summed.max()))))


def _joined(one: _Runs, other: _Runs) -> _Runs:
    starts, lengths = (np.concatenate([getattr(each, name) for each in (one, other)]) for name in _Runs.__slots__)
    order = np.argsort(starts, kind="stable")
    return _runs(starts[order], lengths[order])


def _whole_numbers(ids: "pd.Series[Any]") -> AnyArray | None:
    """Ids that are whole numbers, however the table stores them."""
    if ids.dtype.kind in "iu":
        return ids.to_numpy(dtype=np.int64)
    if ids.dtype.kind == "f":
        values = ids.to_numpy(dtype=np.float64)
        return values.astype(np.int64) if bool((np.abs(values) < _EXACT).all() and (values % 1 == 0).all()) else None
    return None


def _hashes(ids: "pd.Series[Any]") -> AnyArray:
    if ids.dtype.kind == "f":
        return pd.util.hash_array(ids.to_numpy())
    held = ids.to_numpy(dtype=object)
    return pd.util.hash_array(
        held if cells.are_ascii(held.tolist()) else ids.map(cells.in_one_spelling).to_numpy(object)
    )
