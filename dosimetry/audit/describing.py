"""``describe``: what an audit would read of a table and which rows it would refuse, before anything is computed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from dosimetry.audit import mapping as mappings
from dosimetry.audit import names, pieces
from dosimetry.audit.conversions import unit_in_words
from dosimetry.audit.judging import judge
from dosimetry.audit.mapping import TableMapping
from dosimetry.audit.reading import read
from dosimetry.audit.refusal_counts import Piece, Refusals
from dosimetry.audit.table_checks import TableError, comparable

READ, CARRIED, MISSING, REFUSED, TABLE = "read", "carried along", "missing", "refused", "the table"
_ROW = "the row"
"""Where a rule is about a row as a whole and no column."""
_EMPTY: dict[str, object] = {
    "column": "", "header": "", "unit": "", "becomes": "", "rows": 0, "given": 0, "refused": 0, "problem": "",
}  # fmt: skip


def describe(table: pd.DataFrame | str | Path, mapping: TableMapping | str | Path | None = None) -> pd.DataFrame:
    """One line a column: what becomes of it, how many of its rows would be refused, and by which rules.

    Every row is read and held against every rule, as `replan` does it; a file is looked at piece by piece.

    Parameters
    ----------
    table : DataFrame or path
        The table, or its file.
    mapping : TableMapping or path, optional
        Headers and units of another department's table.

    Returns
    -------
    DataFrame
        ``column``, ``header`` in the table, ``unit``, ``becomes`` (read, carried along, missing, or the table as a
        whole), ``rows``, ``given``, ``refused`` rows, and ``problem``: every rule that is broken, how often, and the
        first row that breaks it. The first line counts the rows of the whole table.

    Raises
    ------
    TableError
        For arguments of another kind, and for a file that is not there.
    """
    if not isinstance(table, pd.DataFrame | str | Path):
        raise TableError(
            f"describe takes a DataFrame or the path of a table; got a value of type {mappings.kind_of(table)}."
        )
    if not isinstance(mapping, TableMapping | str | Path | None):
        raise TableError(
            f"mapping must be a TableMapping or the path of one; got a value of type {mappings.kind_of(mapping)}."
        )
    if not isinstance(table, pd.DataFrame):
        pieces.check_tables([Path(table)])
    try:
        held = mapping if isinstance(mapping, TableMapping | None) else mappings.read_mapping(mapping)
        return _described(table, held)
    except TableError as error:
        return _lines([{"column": TABLE, "becomes": REFUSED, "problem": line} for line in str(error).splitlines()])


def _described(table: pd.DataFrame | str | Path, mapping: TableMapping | None) -> pd.DataFrame:
    """The lines of a table that can be read; raises `TableError` for one that cannot."""
    headers = {each.field: each.header for each in mapping.columns} if mapping else {}
    refusals, remarks = Refusals(headers), Refusals(headers)
    columns, given, rows = list[str](), dict[str, int](), 0
    for theirs in _pieces(table, mapping):
        frame = mappings.apply(theirs, mapping)
        reading = read(frame)
        marks, _ = judge(reading)
        piece = Piece(theirs, rows)
        remarks.remark(names.TREATMENT_DATE, reading.undated, piece)
        columns, rows = [name for name in frame.columns if not _is_made(name, theirs)], rows + len(frame)
        with comparable(frame):
            refusals.count(marks, piece)
            for name in columns:
                given[name] = given.get(name, 0) + int(frame[name].notna().sum())
    found: list[dict[str, object]] = [
        {"column": TABLE, "becomes": READ, "rows": rows, "given": rows, "refused": refusals.rows}
    ]
    found += [
        {
            **_of_column(name, headers.get(name, name)),
            "rows": rows,
            "given": given[name],
            "refused": refusals.of(name),
            "problem": _problem(refusals.problem(name), remarks.problem(name)),
        }
        for name in columns
    ]
    found += [
        {
            "column": name or _ROW,
            "becomes": MISSING if name else REFUSED,
            "rows": rows,
            "refused": refusals.of(name),
            "problem": f"{name} is missing." if name in _required() else refusals.problem(name),
        }
        for name in dict.fromkeys([*_required(), *refusals.names])
        if name not in columns
    ]
    return _lines(found)


def _problem(refused: str, remarked: str) -> str:
    """What refuses rows, apart from what is only remarked of some."""
    return f"{refused} Not refused: {remarked}" if refused and remarked else refused or remarked


def _is_made(name: str, theirs: pd.DataFrame) -> bool:
    """Whether a column tells how a converted number was written; the table itself does not have it."""
    return name in names.digit_columns() and name not in theirs.columns


def _pieces(table: pd.DataFrame | str | Path, mapping: TableMapping | None) -> Iterator[pd.DataFrame]:
    """The rows of a table under its own headers."""
    if isinstance(table, pd.DataFrame):
        yield table
    else:
        yield from pieces.as_they_stand(Path(table), mapping, pieces.ROWS)


def _of_column(name: str, header: str) -> dict[str, object]:
    known = name in names.known_columns()
    return {
        "column": name,
        "header": header,
        "unit": unit_in_words(name) if known else "",
        "becomes": READ if known else CARRIED,
    }


def _required() -> list[str]:
    """Columns without which no row of a table can be computed."""
    return [each.name for each in names.inputs() if each.is_required and each.level != "lesion"]


def columns_of(described: pd.DataFrame) -> list[str]:
    """The columns that a table has in the names of the library; none where it is refused as a whole."""
    return list(described["column"][described["becomes"].isin([READ, CARRIED]) & (described["column"] != TABLE)])


def with_refusals(described: pd.DataFrame, sentences: list[str]) -> pd.DataFrame:
    """The same lines, and one for each reason why the table as a whole is refused."""
    more = [{**_EMPTY, "column": TABLE, "becomes": REFUSED, "problem": sentence} for sentence in sentences]
    return pd.DataFrame([*described.to_dict("records"), *more], columns=list(_EMPTY))


def is_refused(described: pd.DataFrame) -> bool:
    """Whether a table, a column or any of its rows would be refused."""
    return bool((described["becomes"].isin([REFUSED, MISSING]) | (described["refused"] > 0)).any())


def described_lines(described: pd.DataFrame) -> list[str]:
    """What `describe` found as lines of text."""
    return [f"  {_line(line)}" for _, line in described.iterrows()]


def _line(line: "pd.Series[Any]") -> str:
    if line["column"] == TABLE and line["becomes"] == READ:
        return f"{line['rows']:,} rows, {line['refused']:,} refused"
    unit = f" [{line['unit']}]" if line["unit"] else ""
    given = f", {line['given']:,} of {line['rows']:,} given" if line["becomes"] in (READ, CARRIED) else ""
    refused = f", {line['refused']:,} refused" if line["refused"] else ""
    problem = f": {line['problem']}" if line["problem"] else ""
    return f"{line['column']}{unit}: {line['becomes']}{given}{refused}{problem}"


def _lines(lines: list[dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame([{**_EMPTY, **line} for line in lines], columns=list(_EMPTY))
