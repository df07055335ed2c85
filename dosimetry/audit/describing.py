"""``describe``: what an audit would read of a table and what it would refuse, before anything is computed."""

from pathlib import Path

import pandas as pd

from dosimetry.audit import mapping as mappings
from dosimetry.audit import names
from dosimetry.audit.mapping import TableMapping
from dosimetry.audit.reading import read
from dosimetry.audit.table_checks import TableError
from dosimetry.audit.tables import CSV, csv_pieces, parquet_file, parquet_rows

READ, CARRIED, MISSING, TABLE = "read", "carried along", "missing", "the table"
_LOOKED_AT = 10_000


def describe(table: pd.DataFrame | str | Path, mapping: TableMapping | str | Path | None = None) -> pd.DataFrame:
    """One line a column: what becomes of it, and how many of its cells would be refused.

    Parameters
    ----------
    table : DataFrame or path
        Of a file, the first 10 000 rows are looked at.
    mapping : TableMapping or path, optional
        Headers and units of another department's table.

    Returns
    -------
    DataFrame
        ``column``, ``unit``, ``becomes`` (read, carried along, missing, or the table as a whole), ``rows`` looked at,
        ``given``, ``refused`` and the first sentence, ``problem``.
    """
    try:
        frame = table if isinstance(table, pd.DataFrame) else first_rows(Path(table), _LOOKED_AT)
        held = mapping if isinstance(mapping, TableMapping | None) else mappings.read_mapping(mapping)
        frame = mappings.apply(frame, held)
        reading = read(frame)
    except TableError as error:
        lines = str(error).splitlines()
        return _lines([{"column": TABLE, "becomes": "refused", "problem": line} for line in lines])
    lines_of_columns: list[dict[str, object]] = []
    for name in frame.columns:
        marks = [mark for mark in reading.marks.found if mark.name == name]
        known = name in names.known_columns()
        lines_of_columns.append(
            {
                "column": name,
                "unit": mappings.library_unit(name).replace("%", "fraction") if known else "",
                "becomes": READ if known else CARRIED,
                "rows": len(frame),
                "given": int(frame[name].notna().sum()),
                "refused": int(reading.marks.of(name).sum()),
                "problem": marks[0].sentence(int(marks[0].places[0])) if marks else "",
            }
        )
    absent = [each.name for each in names.inputs() if each.is_required and each.level != "lesion"]
    lines_of_columns += [
        {"column": name, "becomes": MISSING, "problem": f"{name} is missing."}
        for name in absent
        if name not in frame.columns
    ]
    return _lines(lines_of_columns)


def first_rows(path: Path, rows: int) -> pd.DataFrame:
    """The first rows of a table on disk."""
    if path.suffix.lower() == CSV:
        return next(csv_pieces(path, rows))
    with parquet_file(path) as file:
        return parquet_rows(path, 0, min(rows, file.metadata.num_rows))


def _lines(lines: list[dict[str, object]]) -> pd.DataFrame:
    empty: dict[str, object] = {
        "column": "", "unit": "", "becomes": "", "rows": 0, "given": 0, "refused": 0, "problem": "",
    }  # fmt: skip
    return pd.DataFrame([{**empty, **line} for line in lines], columns=list(empty))
