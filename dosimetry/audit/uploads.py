"""A table that was handed over, as a whole and within a limit: what is too large is refused before it is held."""

from typing import Any

import pandas as pd

from dosimetry.audit.table_checks import TableError
from dosimetry.audit.tables import CSV, Upload, check_ending, csv_pieces, frame_of, intact, parquet_file

MOST_ROWS, MOST_COLUMNS = 100_000, 200
MOST_BYTES = 200_000_000
"""Of a Parquet table when it is read; a small file can hold a very large one."""
_SMALL_OBJECT, _DECIMAL = 60, 120
"""Bytes of a text or a date, and of a decimal, in a cell: what the object takes whatever it holds, and its place."""
_LONGEST_KIND = 40
_MB = 1 << 20
_BATCH = 10_000
_COMMAND = "Use the command dosimetry audit, which takes more."


def check_size(name: str, size: int, most_mb: int) -> None:
    """Refuse an upload by its size in bytes, before anything of it is read. Raises `TableError`."""
    if size > most_mb * _MB:
        raise TableError(f"{name} is larger than {most_mb} MB. {_COMMAND}")


def table_of(upload: Upload) -> pd.DataFrame:
    """All rows of an uploaded table, in the order of the file.

    Raises
    ------
    TableError
        For what is no table, or one that is too large for a page.
    """
    check_ending(upload)
    frame = _csv_table(upload) if upload.suffix.lower() == CSV else _parquet_table(upload)
    _check_columns(upload, list(frame.columns))
    return frame


def _csv_table(upload: Upload) -> pd.DataFrame:
    """One row more is read than may be there: how a file ends its lines does not tell how many it has."""
    frame = next(csv_pieces(upload, MOST_ROWS + 1))
    if len(frame) > MOST_ROWS:
        raise TableError(f"{upload.name} has more than {MOST_ROWS:,} rows, which is what the page takes. {_COMMAND}")
    return frame


def _parquet_table(upload: Upload) -> pd.DataFrame:
    """A table in small batches: a text that stands once in the file is as often in memory as there are rows of it."""
    import pyarrow as pa

    with parquet_file(upload) as file:
        rows, schema = file.metadata.num_rows, file.schema_arrow
        _check_columns(upload, schema.names)
        of_cells = sum(_object_bytes(upload, field) for field in schema)
        if rows > MOST_ROWS:
            raise TableError(f"{upload.name} has {rows:,} rows; the page takes up to {MOST_ROWS:,}. {_COMMAND}")
        if not rows:
            raise TableError(f"{upload.name} has no rows.")
        batches, size = [], rows * of_cells
        if size > MOST_BYTES:
            raise _too_large(upload)
        with intact(upload):
            for batch in file.iter_batches(_batch_rows(upload, file.metadata), use_threads=False):
                size += batch.nbytes
                if size > MOST_BYTES:
                    raise _too_large(upload)
                batches.append(batch)
            return frame_of(pa.Table.from_batches(batches))


def _object_bytes(upload: Upload, field: Any) -> int:
    """Bytes that a cell of a Parquet column takes beside its content when it is an object of its own; 0 for numbers.

    Raises
    ------
    TableError
        For a column of a kind that no cell of a table has: one such cell may hold any number of others.
    """
    from pyarrow import types

    kind = field.type.value_type if types.is_dictionary(field.type) else field.type
    in_place = (types.is_integer, types.is_floating, types.is_boolean, types.is_timestamp, types.is_duration)
    if any(is_kind(kind) for is_kind in in_place) or types.is_null(kind):
        return 0
    if any(is_kind(kind) for is_kind in (types.is_string, types.is_large_string, types.is_date, types.is_time)):
        return _SMALL_OBJECT
    if types.is_decimal(kind):
        return _DECIMAL
    raise TableError(
        f"{upload.name}: the column {field.name!r} holds values of the kind {str(kind)[:_LONGEST_KIND]}, which is no "
        "number, text, date, nor true or false. Leave the column out of the table, or use the command dosimetry audit."
    )


def _batch_rows(upload: Upload, metadata: Any) -> int:
    """Rows of a batch that cannot be larger than the limit: no cell is larger than its column is in the file."""
    groups = [metadata.row_group(group) for group in range(metadata.num_row_groups)]
    if sum(group.total_byte_size for group in groups) > MOST_BYTES:
        raise _too_large(upload)
    texts = [sum(_text_bytes(group.column(place)) for place in range(group.num_columns)) for group in groups]
    return min(_BATCH, max(1, MOST_BYTES // max([*texts, 1])))


def _text_bytes(column: Any) -> int:
    return column.total_uncompressed_size if column.physical_type == "BYTE_ARRAY" else 0


def _too_large(upload: Upload) -> TableError:
    return TableError(
        f"{upload.name} takes more than {MOST_BYTES // 1_000_000} MB when it is read, which is what the page takes. "
        f"{_COMMAND}"
    )


def _check_columns(upload: Upload, headers: list[str]) -> None:
    """Refuse what has more columns than a page can show, or two of one name."""
    if len(headers) > MOST_COLUMNS:
        raise TableError(f"{upload.name} has {len(headers):,} columns; the page takes up to {MOST_COLUMNS}. {_COMMAND}")
    twice = next((header for place, header in enumerate(headers) if header in headers[:place]), None)
    if twice is not None:
        raise TableError(f"{upload.name}: the header {twice!r} stands more than once; which is right?")
