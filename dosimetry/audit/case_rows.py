"""Which rows of a table are of one case."""

from dataclasses import dataclass

import numpy as np

from dosimetry.arrays import IntArray


@dataclass(frozen=True, slots=True)
class CaseRows:
    """The rows of the cases of a table."""

    owner: IntArray
    """The case of each row."""
    first: IntArray
    """The first row of each case."""
    later: IntArray
    """Rows that are not the first of their case."""
    before_later: IntArray
    """For each of these, the first row of its case."""

    @property
    def are_cases(self) -> bool:
        """Whether each row is a case of its own, in the order of the cases."""
        return np.array_equal(self.first, np.arange(len(self.owner)))


def case_rows(owner: IntArray) -> CaseRows:
    """Which rows are of one case, from the case of each row: numbers from 0 of which none is left out."""
    rows = np.arange(len(owner))
    first = np.zeros(int(owner.max(initial=-1)) + 1, dtype=np.int64)
    first[owner[::-1]] = rows[::-1]  # of several assignments to one place, the last one stays
    of_first = first[owner]
    later = np.flatnonzero(of_first != rows)
    return CaseRows(owner, first, later, of_first[later])
