"""Cells copied from a spreadsheet as rows of inputs. Every cell is read, or a sentence says why not."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dosimetry.web.fields import field
from dosimetry.web.screen import Row, is_chosen, is_number, typed_number


@dataclass(frozen=True, slots=True)
class Line:
    """One line of cells: where it stood, and the inputs in it."""

    place: int
    inputs: Row


def lines_from_cells(text: str, names: Sequence[str]) -> tuple[list[Line], list[str]]:
    """The lines of a text whose cells are separated by tabs and stand in this order, and what cannot be read."""
    lines: list[Line] = []
    unreadable: list[str] = []
    for place, cells in enumerate(_cells(text, unreadable), start=1):
        filled = [cell.strip() for cell in cells]
        if len(filled) > len(names):
            unreadable.append(f"Line {place} has {len(filled)} cells; there are {len(names)} inputs.")
        row: dict[str, str] = {}
        for name, cell in zip(names, filled, strict=False):
            if not cell:
                continue
            row[name] = _value(name, cell)
            unreadable += [f"Line {place}, {field(name).label}: {why}" for why in _refusal(name, row[name])]
        if row:
            lines.append(Line(place, row))
        if len(lines) == 1 and row and _are_headers(filled, names):
            unreadable.append(f"Is line {place} that of the headers? Leave it out.")
    return lines, unreadable


def _are_headers(cells: Sequence[str], names: Sequence[str]) -> bool:
    """Whether words stand wherever numbers are asked for."""
    found = [cell for name, cell in zip(names, cells, strict=False) if cell and is_number(name)]
    return bool(found) and all(cell[0].isalpha() for cell in found)


def _cells(text: str, unreadable: list[str]) -> Iterator[list[str]]:
    """The cells of every line; a cell in quotation marks may hold line breaks, as spreadsheets copy them."""
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True)
    except csv.Error:
        unreadable.append("A quotation mark is not closed, or stands inside a cell.")


def _value(name: str, cell: str) -> str:
    """What a cell says: of an input that is chosen, its words stand for their value."""
    values = {words: value for value, words in field(name).choices.items()}
    return values.get(cell, cell) if is_chosen(name) else cell


def _refusal(name: str, text: str) -> Iterator[str]:
    if is_number(name):
        try:
            typed_number(name, text)
        except ValueError as error:
            yield f"must be a number; {error}."
    choices = field(name).choices
    if is_chosen(name) and text not in choices:
        yield f"must be one of {', '.join(choices.values())}; got {text!r}."
