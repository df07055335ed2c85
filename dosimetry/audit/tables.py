"""Tables read in pieces: CSV (UTF-8, strict) and Parquet, from disk or from memory."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

from dosimetry.audit.names import MOST_COLUMNS
from dosimetry.audit.table_checks import TableError

CSV, PARQUET = ".csv", ".parquet"
_BLOCK = 1 << 20
_SIGNATURES = {
    b"\x89PNG": "a picture", b"PK\x03\x04": "a spreadsheet or an archive", b"\x1f\x8b": "a compressed file",
    b"PAR1": "a Parquet file", b"%PDF": "a PDF file", b"\xd0\xcf\x11\xe0": "a spreadsheet",
    b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x80\x04": "a pickle", b"\x93NUMPY": "a NumPy file",
}  # fmt: skip
_SPREADSHEETS = (".xlsx", ".xls", ".xlsm", ".ods")
_DAMAGED = (
    "begins and ends as a Parquet file, but its rows cannot be read: it is damaged or not complete. "
    "Copy it or export it again."
)
_AS_CSV = "save it as CSV UTF-8 (in a spreadsheet: Save as, 'CSV UTF-8 (comma delimited)')"


@dataclass(frozen=True, slots=True)
class Upload:
    """A table that was handed over and lies in memory only."""

    name: str
    content: bytes

    @property
    def suffix(self) -> str:
        """The ending of its name."""
        return Path(self.name).suffix


Source = Path | Upload


def _opened(source: Source) -> BinaryIO:
    """The bytes of a table, from the start."""
    return io.BytesIO(source.content) if isinstance(source, Upload) else source.open("rb")


def check_ending(source: Source) -> None:
    """Refuse a table of another kind by its name. Raises `TableError`."""
    ending = source.suffix.lower()
    if ending not in (CSV, PARQUET):
        hint = f" It is a spreadsheet: {_AS_CSV}." if ending in _SPREADSHEETS else ""
        raise TableError(f"{source.name}: a table must end in {CSV} or {PARQUET}.{hint}")


def check_csv(path: Source) -> None:
    """Refuse a file that is not UTF-8 text, before anything of it is read.

    Raises
    ------
    TableError
        What it is instead, as far as its bytes tell, and where.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    with _opened(path) as file:
        start = file.read(16)
        for signature, what in _SIGNATURES.items():
            if start.startswith(signature):
                raise TableError(f"{path.name} is no CSV table but {what}; {_AS_CSV}.")
        if not start.strip():
            raise TableError(f"{path.name} is empty.")
        file.seek(0)
        while block := file.read(_BLOCK):
            if b"\0" in block:
                at = line + block[: block.index(b"\0")].count(b"\n")
                raise TableError(f"{path.name}, line {at} holds a NUL character; {_AS_CSV}.")
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                at = line + block[: error.start].count(b"\n")
                raise TableError(f"{path.name} is not UTF-8 near line {at}; {_AS_CSV}.") from None
            line += block.count(b"\n")
    with suppress(UnicodeDecodeError):
        decoder.decode(b"", final=True)
        return
    raise TableError(f"{path.name} ends inside a character; is it complete?")


def csv_pieces(path: Source, rows: int) -> Iterator[pd.DataFrame]:
    """A CSV table as texts, ``rows`` at a time; empty cells are missing. Raises `TableError` for what is refused."""
    check_csv(path)
    with io.TextIOWrapper(_opened(path), encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines, strict=True)
        try:
            header = next(reader, [])
            _check_header(header, path)
            first = 0
            while block := list(islice(_records(reader, len(header), path), rows)):
                cells: Any = zip(*block, strict=True)
                columns = {name: pd.array([cell or None for cell in column], dtype="str")
                           for name, column in zip(header, cells, strict=True)}  # fmt: skip
                yield pd.DataFrame(columns, index=pd.RangeIndex(first, first + len(block)))
                first += len(block)
        except csv.Error as error:
            raise TableError(f"{path.name}, line {reader.line_num}: {error}.") from None
        if not first:
            raise TableError(f"{path.name} has a header and no rows.")


def _check_header(header: list[str], path: Source) -> None:
    if len(header) <= 1 and any(sign in "".join(header) for sign in ";\t"):
        raise TableError(
            f"{path.name} is separated by semicolons or tabs; save it with commas and decimal points "
            "(in a spreadsheet: English number format, then 'CSV UTF-8 (comma delimited)')."
        )
    if len(header) > MOST_COLUMNS:
        raise TableError(
            f"{path.name} has {len(header):,} columns; at most {MOST_COLUMNS:,} can be read. Do cases stand in columns?"
        )
    blank = [place for place, name in enumerate(header, start=1) if not name.strip()]
    if blank:
        raise TableError(f"{path.name}: column {blank[0]} has no header; name it, or delete it where it is empty.")
    twice = [name for name, count in Counter(header).items() if count > 1]
    if twice:
        raise TableError(f"{path.name}: the header {twice[0]!r} stands more than once; which is right?")


def _records(reader: Any, cells: int, path: Source) -> Iterator[list[str]]:
    for record in reader:
        if not record:
            continue
        if len(record) != cells:
            hint = (
                " Does a title stand above the header? Delete what is not the table."
                if cells == 1
                else " Is a decimal comma or a comma in a text without quotation marks the cause?"
            )
            raise TableError(
                f"{path.name}, line {reader.line_num} has {len(record)} cells, the header {cells}."
                f"{hint if len(record) > cells else ''}"
            )
        yield record


def parquet_file(path: Source) -> Any:
    """An open Parquet file. Raises `TableError` where it is none or pyarrow is not installed."""
    try:
        import pyarrow.parquet as pq
    except ModuleNotFoundError:
        raise TableError(
            "Parquet needs the package pyarrow; install it with: python -m pip install 'y90-dosimetry[cluster]'"
        ) from None
    with intact(path, "is no Parquet file."):
        # What is read ahead would be held until the end of the file.
        source = _opened(path) if isinstance(path, Upload) else path
        return pq.ParquetFile(source, memory_map=False, pre_buffer=False, buffer_size=_BLOCK)


@contextmanager
def intact(path: Source, otherwise: str = _DAMAGED) -> Iterator[None]:
    """Refuse a Parquet file whose content is not what its kind promises.

    Raises
    ------
    TableError
        The name of the file, and what it is otherwise. An error of the system, such as a file that is gone, stays.
    """
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise TableError(f"{path.name} {otherwise}") from None


def frame_of(held: Any) -> pd.DataFrame:
    """An Arrow table or batch as a frame; raises what `intact` waits for where a text is not UTF-8."""
    import pyarrow as pa

    for column in held.columns:
        if not (pa.types.is_floating(column.type) or pa.types.is_integer(column.type)):
            column.validate(full=True)
    frame: pd.DataFrame = held.to_pandas(use_threads=False, ignore_metadata=True)
    return frame


def parquet_rows(path: Source, start: int, stop: int, columns: list[str] | None = None) -> pd.DataFrame:
    """The rows of a Parquet file from ``start`` to before ``stop``, numbered as in the file."""
    with parquet_file(path) as file, intact(path):
        groups, offset, skipped = [], 0, 0
        for group in range(file.num_row_groups):
            rows = file.metadata.row_group(group).num_rows
            if offset + rows <= start:
                skipped = offset + rows
            elif offset < stop:
                groups.append(group)
            offset += rows
        if not groups:
            return pd.DataFrame({name: [] for name in columns or file.schema_arrow.names})
        table = file.read_row_groups(groups, columns=columns, use_threads=False)
        frame = frame_of(table.slice(start - skipped, stop - start))
    frame.index = pd.RangeIndex(start, start + len(frame))
    return frame
