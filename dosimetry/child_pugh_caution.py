"""A typed Child-Pugh class against the one that the laboratory values of the case give, whatever the treatment."""

import numpy as np

from dosimetry.columns import Table
from dosimetry.finding_columns import FindingColumn, valued
from dosimetry.rules import says
from dosimetry.scores.context import child_pugh_points, stated_child_pugh_points

_TEXT = "Child-Pugh is typed with {} points; the values of this case give {}."


def differing_child_pugh(case: Table) -> FindingColumn:
    """Where a class is typed and the values of the case give other points: said, and neither replaces the other."""
    computed, stated = child_pugh_points(case), stated_child_pugh_points(case)
    rows = np.abs(stated - computed) > 0
    sentence = says(_TEXT, stated, computed)
    return valued("child_pugh_differs", "patient.child_pugh", rows, stated, sentence)
