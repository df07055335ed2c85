"""A table that was handed over, as a whole and within a limit: what is too large is refused before it is read."""

import pandas as pd

from dosimetry.audit.table_checks import TableError
from dosimetry.audit.tables import CSV, Upload, check_ending, csv_pieces, parquet_file, parquet_rows

MOST_ROWS = 100_000
_MB = 1 << 20
_MOST_BYTES = 400_000_000
"""Of a Parquet file when it is read; a small file can hold a very large table."""


def check_size(name: str, size: int, most_mb: int) -> None:
    """Refuse an upload by its size in bytes, before anything of it is read. Raises `TableError`."""
    if size > most_mb * _MB:
        raise TableError(f"{name} is larger than {most_mb} MB. Use the command dosimetry audit, which has no limit.")


def table_of(upload: Upload) -> pd.DataFrame:
    """All rows of an uploaded table, in the order of the file.

    Raises
    ------
    TableError
        For what is no table, or one that is too large for a page.
    """
    check_ending(upload)
    return _csv_table(upload) if upload.suffix.lower() == CSV else _parquet_table(upload)


def _csv_table(upload: Upload) -> pd.DataFrame:
    rows = upload.content.count(b"\n")
    if rows > MOST_ROWS + 1:
        raise _too_large(upload, rows)
    return next(csv_pieces(upload, MOST_ROWS + 2))


def _parquet_table(upload: Upload) -> pd.DataFrame:
    with parquet_file(upload) as file:
        groups = range(file.metadata.num_row_groups)
        size = sum(file.metadata.row_group(group).total_byte_size for group in groups)
        rows, columns = file.metadata.num_rows, file.metadata.num_columns
        if rows > MOST_ROWS or size > _MOST_BYTES or rows * columns > _MOST_BYTES // 8:
            raise _too_large(upload, rows)
        if not rows:
            raise TableError(f"{upload.name} has no rows.")
    return parquet_rows(upload, 0, rows)


def _too_large(upload: Upload, rows: int) -> TableError:
    return TableError(
        f"{upload.name} has about {rows:,} rows; the page takes up to {MOST_ROWS:,}. "
        "Use the command dosimetry audit, which has no limit."
    )
