"""A typed Child-Pugh class against what the laboratory values of the case give, whatever the treatment."""

from collections.abc import Iterator

import numpy as np

from dosimetry.columns import Table
from dosimetry.finding_columns import FindingColumn, valued
from dosimetry.rules import says
from dosimetry.scores.child_pugh import (
    CHILD_PUGH_INPUTS,
    child_pugh_points,
    least_child_pugh_points,
    stated_child_pugh_points,
)

_TYPED = "Child-Pugh is typed with {} points; the values of this case give "


def differing_child_pugh(case: Table) -> Iterator[FindingColumn]:
    """Where a class is typed and the values give other points, or at least more: said, and neither is replaced."""
    if "child_pugh" not in case.words or not any(
        name in case.numbers or name in case.words for name in CHILD_PUGH_INPUTS
    ):
        return
    stated, computed, least = stated_child_pugh_points(case), child_pugh_points(case), least_child_pugh_points(case)
    for rows, words, points in (
        (np.abs(stated - computed) > 0, "{}.", computed),
        (np.isnan(computed) & (stated < least), "at least {}.", least),
    ):
        sentence = says(f"{_TYPED}{words}", stated, points)
        yield valued("child_pugh_differs", "patient.child_pugh", rows, stated, sentence)
