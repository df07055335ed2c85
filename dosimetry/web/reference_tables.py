"""The tables of the Reference page: the rows of each as texts, those that hold some words, and the one of an id."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from dosimetry import reference
from dosimetry.report.document import Column, Table
from dosimetry.web.html_blocks import ROW_ID
from dosimetry.web.reference_cells import Columns

_WORDS = re.compile(r'"([^"]+)"|([^\s"]+)')


@dataclass(frozen=True, slots=True)
class Section:
    """One table: its title in words, its name on file, and its columns with what each shows of a row."""

    title: str
    table: str
    columns: Columns


def table(section: Section, wanted: str) -> Table:
    """The rows that hold every wanted word somewhere, in any order, letters large or small; all for an empty text.

    Words between quotation marks are looked for as one.
    """
    words = tuple(together or alone for together, alone in _WORDS.findall(wanted.casefold()))
    cells = (row for row in _cells(section) if all(word in _searched(row) for word in words))
    return Table(_titles(section), tuple(cells))


def row_of(section: Section, row_id: str) -> Table:
    """The one row of an id, if it is in this table."""
    return Table(_titles(section), tuple(row for row in _cells(section) if row[-1] == row_id))


def _titles(section: Section) -> tuple[Column, ...]:
    return (*(column for column, _ in section.columns), Column(ROW_ID))


@cache
def _searched(row: tuple[str, ...]) -> str:
    return "\n".join(row).casefold()


@cache
def _cells(section: Section) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (*(show(row) for _, show in section.columns), _row_id(section, row)) for row in reference.table(section.table)
    )


def _row_id(section: Section, row: Any) -> str:
    """Table and key of a row: what stays when rows are added."""
    return ".".join((section.table, *(str(getattr(row, name)) for name in row.key)))
