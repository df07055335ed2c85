"""``describe``: what an audit would read of a table and what it would refuse, before anything is computed."""

from pathlib import Path

import pandas as pd

from dosimetry.audit import mapping as mappings
from dosimetry.audit import names
from dosimetry.audit.mapping import TableMapping
from dosimetry.audit.reading import read
from dosimetry.audit.table_checks import TableError
from dosimetry.audit.tables import CSV, csv_pieces, parquet_file, parquet_rows
from dosimetry.audit.tallying import undated

READ, CARRIED, MISSING, REFUSED, TABLE = "read", "carried along", "missing", "refused", "the table"
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
        return _lines([{"column": TABLE, "becomes": REFUSED, "problem": line} for line in lines])
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
                "problem": marks[0].sentence(int(marks[0].places[0])) if marks else _undated(name, frame),
            }
        )
    absent = [each.name for each in names.inputs() if each.is_required and each.level != "lesion"]
    lines_of_columns += [
        {"column": name, "becomes": MISSING, "problem": f"{name} is missing."}
        for name in absent
        if name not in frame.columns
    ]
    return _lines(lines_of_columns)


def _undated(name: str, frame: pd.DataFrame) -> str:
    """What is said of dates that no month can be read from."""
    count = undated(frame[name]) if name == "treatment_date" else 0
    return f"{count:,} are no date like 2026-04-03; their rows count as not stated." if count else ""


def is_refused(described: pd.DataFrame) -> bool:
    """Whether a table, a column or any of its cells would be refused."""
    return bool((described["becomes"].isin([REFUSED, MISSING]) | (described["refused"] > 0)).any())


def described_lines(described: pd.DataFrame) -> list[str]:
    """What `describe` found as lines of text."""
    lines: list[str] = []
    for _, line in described.iterrows():
        unit = f" [{line['unit']}]" if line["unit"] else ""
        cells = f", {line['given']:,} of {line['rows']:,} given" if line["rows"] else ""
        refused = f", {line['refused']:,} refused" if line["refused"] else ""
        problem = f": {line['problem']}" if line["problem"] else ""
        lines.append(f"  {line['column']}{unit}: {line['becomes']}{cells}{refused}{problem}")
    return lines


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
