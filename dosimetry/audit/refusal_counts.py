"""How many rows of a table are refused by which rule, with the first row of each as it stands in the table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from dosimetry.arrays import AnyArray, IntArray
from dosimetry.audit import cells
from dosimetry.audit.marks import Marks

QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_VALUES = re.compile(rf"{QUOTED.pattern}|-?[0-9][0-9.e+-]*")
"""What differs between two sentences of the same rule: quoted texts and numbers."""
_MOST_RULES = 8
"""Rules told of one column; the others are only counted."""


def sentence_kind(sentence: str) -> str:
    """What sentences of the same rule have in common: all but their values."""
    return _VALUES.sub("", sentence)


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of a table under its own headers, and how many rows stand before them."""

    frame: pd.DataFrame
    before: int

    def where(self, header: str, row: int) -> str:
        """Which row of the table, counted from 1, and what its cell holds there."""
        number = f"{self.before + row + 1:,}"
        if header not in self.frame.columns:
            return f"First in row {number}."
        cell = self.frame[header].iloc[row]
        held = "empty" if pd.api.types.is_scalar(cell) and pd.isna(cell) else cells.shown(cell)
        return f"First in row {number}, where {header!r} is {held}."


@dataclass(slots=True)
class _Rule:
    rows: int
    first: str


@dataclass(slots=True)
class Refusals:
    """Counts of a table, added up piece by piece; ``headers`` are those of the table, by the names of the fields."""

    headers: Mapping[str, str]
    rows: int = 0
    """Rows with any mark."""
    _rows_of: dict[str, int] = field(default_factory=dict)
    _rules: dict[str, dict[str, _Rule]] = field(default_factory=dict)

    def count(self, marks: Marks, piece: Piece) -> None:
        """Add the marks of a piece."""
        self.rows += int(marks.bad.sum())
        for name in dict.fromkeys(mark.name for mark in marks.found):
            self._rows_of[name] = self._rows_of.get(name, 0) + int(marks.of(name).sum())
        for mark in marks.found:
            self._add(mark.name, mark.sentence(int(mark.places[0])), mark.rows, piece)

    def remark(self, name: str, remarks: tuple[IntArray, AnyArray], piece: Piece) -> None:
        """Add what is remarked of rows that are not refused: their numbers in the piece, and a sentence for each."""
        at, sentences = remarks
        if len(at):
            self._add(name, sentences[0], at, piece)

    def _add(self, name: str, sentence: str, rows: AnyArray, piece: Piece) -> None:
        rules = self._rules.setdefault(name, {})
        kind, count = sentence_kind(sentence), len(np.unique(rows))
        if kind in rules:
            rules[kind].rows += count
        else:
            rules[kind] = _Rule(count, f"{sentence} {piece.where(self.headers.get(name, name), int(rows[0]))}")

    @property
    def names(self) -> list[str]:
        """The fields by whose rules rows are refused, in the order in which they were found."""
        return list(self._rows_of)

    def of(self, name: str) -> int:
        """Rows refused by the rules of a field."""
        return self._rows_of.get(name, 0)

    def problem(self, name: str) -> str:
        """Every rule of a field that is broken, with its count where there are several; the most frequent first."""
        rules = sorted(self._rules.get(name, {}).values(), key=lambda rule: -rule.rows)
        if len(rules) < 2:
            return "".join(rule.first for rule in rules)
        told = [f"{rule.rows:,} by this rule: {rule.first}" for rule in rules[:_MOST_RULES]]
        left = len(rules) - len(told)
        return " ".join([*told, f"And {left} more rules."] if left else told)
