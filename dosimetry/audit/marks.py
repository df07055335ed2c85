"""What is wrong with the rows of a table: every broken rule, with its sentence made when it is asked for."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from dosimetry.arrays import AnyArray, BoolArray, IntArray


@dataclass(frozen=True, slots=True)
class Mark:
    """One rule broken in some rows; ``places`` is what its sentence is asked for, one for each row."""

    name: str
    rows: IntArray
    places: IntArray
    sentence: Callable[[int], str]


@dataclass(slots=True)
class Marks:
    """The marks of a table of ``rows`` rows, in the order in which they were found."""

    rows: int
    found: list[Mark] = field(default_factory=list)
    closed: BoolArray | None = None
    """Rows of which nothing more is said."""

    def add(self, name: str, rows: AnyArray, sentence: Callable[[int], str], places: IntArray | None = None) -> None:
        """Mark rows, given as a mask or as numbers; those that are closed stay as they are."""
        numbers = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        places = numbers if places is None else places
        if self.closed is not None:
            is_open = ~self.closed[numbers]
            numbers, places = numbers[is_open], places[is_open]
        if len(numbers):
            self.found.append(Mark(name, numbers, places, sentence))

    def close(self, name: str, rows: BoolArray, sentence: Callable[[int], str]) -> None:
        """Mark rows, and say nothing more of them."""
        self.add(name, rows, sentence)
        self.closed = rows if self.closed is None else self.closed | rows

    def followed(self) -> "Marks":
        """The same marks, to which more can be added without changing these."""
        return Marks(self.rows, list(self.found), self.closed)

    def extend(self, other: "Marks") -> None:
        """Take over the marks of the same rows."""
        self.found += other.found

    def of(self, name: str) -> BoolArray:
        """Rows marked for one name."""
        return self._rows([mark for mark in self.found if mark.name == name])

    @property
    def bad(self) -> BoolArray:
        """Rows with any mark."""
        return self._rows(self.found)

    def _rows(self, marks: list[Mark]) -> BoolArray:
        marked = np.zeros(self.rows, dtype=np.bool_)
        for mark in marks:
            marked[mark.rows] = True
        return marked

    def texts(self) -> dict[int, str]:
        """Every sentence of every marked row, one after the other."""
        sentences: dict[int, dict[str, None]] = {}
        for mark in self.found:
            for row, place in zip(mark.rows.tolist(), mark.places.tolist(), strict=True):
                sentences.setdefault(row, {})[mark.sentence(place)] = None
        return {row: " ".join(own) for row, own in sentences.items()}
