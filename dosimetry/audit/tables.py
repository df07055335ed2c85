"""Tables on disk, read and written in pieces: CSV (UTF-8, strict) and Parquet."""

import codecs
import csv
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dosimetry.audit import names
from dosimetry.audit.table_checks import TableError
from dosimetry.report.csv_report import inert

CSV, PARQUET = ".csv", ".parquet"
_BLOCK = 1 << 20
_NUMBER = r"-?[0-9.]+(?:[eE][+-]?[0-9]+)?"
_SIGNATURES = {
    b"\x89PNG": "a picture", b"PK\x03\x04": "a spreadsheet or an archive", b"\x1f\x8b": "a compressed file",
    b"PAR1": "a Parquet file", b"%PDF": "a PDF file", b"\xd0\xcf\x11\xe0": "a spreadsheet",
    b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x80\x04": "a pickle", b"\x93NUMPY": "a NumPy file",
}  # fmt: skip
_NOT_UTF8 = "save it as CSV UTF-8 (in a spreadsheet: Save as, 'CSV UTF-8 (comma delimited)')"


def check_csv(path: Path) -> None:
    """Refuse a file that is not UTF-8 text, before anything of it is read.

    Raises
    ------
    TableError
        What it is instead, as far as its bytes tell, and where.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    with path.open("rb") as file:
        start = file.read(16)
        for signature, what in _SIGNATURES.items():
            if start.startswith(signature):
                raise TableError(f"{path.name} is no CSV table but {what}; {_NOT_UTF8}.")
        if not start.strip():
            raise TableError(f"{path.name} is empty.")
        file.seek(0)
        while block := file.read(_BLOCK):
            if b"\0" in block:
                at = line + block[: block.index(b"\0")].count(b"\n")
                raise TableError(f"{path.name}, line {at} holds a NUL character; {_NOT_UTF8}.")
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                at = line + block[: error.start].count(b"\n")
                raise TableError(f"{path.name} is not UTF-8 near line {at}; {_NOT_UTF8}.") from None
            line += block.count(b"\n")
    with suppress(UnicodeDecodeError):
        decoder.decode(b"", final=True)
        return
    raise TableError(f"{path.name} ends inside a character; is it complete?")


def csv_pieces(path: Path, rows: int) -> Iterator[pd.DataFrame]:
    """A CSV table as texts, ``rows`` at a time; empty cells are missing. Raises `TableError` for what is refused."""
    check_csv(path)
    with path.open(encoding="utf-8-sig", newline="") as lines:
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


def _check_header(header: list[str], path: Path) -> None:
    if len(header) <= 1 and any(sign in "".join(header) for sign in ";\t"):
        raise TableError(
            f"{path.name} is separated by semicolons or tabs; save it with commas and decimal points "
            "(in a spreadsheet: English number format, then 'CSV UTF-8 (comma delimited)')."
        )
    blank = [place for place, name in enumerate(header, start=1) if not name.strip()]
    if blank:
        raise TableError(f"{path.name}: column {blank[0]} has no header.")
    twice = [name for name in dict.fromkeys(header) if header.count(name) > 1]
    if twice:
        raise TableError(f"{path.name}: the header {twice[0]!r} stands more than once; which is right?")


def _records(reader: Any, cells: int, path: Path) -> Iterator[list[str]]:
    for record in reader:
        if not record:
            continue
        if len(record) != cells:
            hint = " Is a decimal comma or a comma in a text without quotation marks the cause?"
            raise TableError(
                f"{path.name}, line {reader.line_num} has {len(record)} cells, the header {cells}."
                f"{hint if len(record) > cells else ''}"
            )
        yield record


def parquet_file(path: Path) -> Any:
    """An open Parquet file. Raises `TableError` where it is none or pyarrow is not installed."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ModuleNotFoundError:
        raise TableError(
            "Parquet needs the package pyarrow; install it with: python -m pip install 'y90-dosimetry[cluster]'"
        ) from None
    try:
        return pq.ParquetFile(path, memory_map=False)
    except pa.ArrowInvalid:
        raise TableError(f"{path.name} is no Parquet file.") from None


def parquet_rows(path: Path, start: int, stop: int, columns: list[str] | None = None) -> pd.DataFrame:
    """The rows of a Parquet file from ``start`` to before ``stop``, numbered as in the file."""
    with parquet_file(path) as file:
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
        frame: pd.DataFrame = table.slice(start - skipped, stop - start).to_pandas(
            use_threads=False, ignore_metadata=True
        )
    frame.index = pd.RangeIndex(start, start + len(frame))
    return frame


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a piece: completely or not at all."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = {name: "str" for name, kind in frame.dtypes.items() if _is_object(kind)}
    table = pa.Table.from_pandas(frame.astype(texts), preserve_index=False, nthreads=1)
    partial = path.with_name(f".{path.name}.partial")
    dictionary = [field.name for field in table.schema if not pa.types.is_floating(field.type)]
    pq.write_table(table, partial, compression="lz4", use_dictionary=dictionary)
    partial.replace(path)


def _is_object(kind: Any) -> bool:
    """Whether a column holds Python objects; categories do not count."""
    return isinstance(kind, np.dtype) and kind.kind == "O"


def write_csv(frame: pd.DataFrame, path: Path, *, header: bool = True) -> None:
    """Write a piece, completely or not at all; no cell is one that a spreadsheet would run."""
    shown = frame.copy(deep=False)
    for name, kind in frame.dtypes.items():
        if isinstance(kind, pd.StringDtype) or _is_object(kind):
            shown[name] = _inert(frame[name], str(name))
    shown.columns = [inert(str(name)) for name in frame.columns]
    partial = path.with_name(f".{path.name}.partial")
    shown.to_csv(partial, index=False, header=header, lineterminator="\n", encoding="utf-8")
    partial.replace(path)


def _inert(series: "pd.Series[Any]", name: str) -> "pd.Series[Any]":
    """Texts that no spreadsheet takes for a formula; a number in a column of numbers stays one."""
    texts = series.map(lambda cell: inert(cell) if isinstance(cell, str) else cell)
    if name in _text_columns():
        return texts
    is_text = series.map(lambda cell: isinstance(cell, str)).to_numpy(dtype=np.bool_)
    is_number = series.astype("str").str.fullmatch(_NUMBER).fillna(False).to_numpy(dtype=np.bool_)
    return series.where(~is_text | is_number, texts)


def _text_columns() -> frozenset[str]:
    texts = {each.name for each in names.inputs() if each.kind is str}
    return frozenset({*texts, names.CASE_ID, *names.GROUPS, names.PROBLEMS, names.REMARKS})
