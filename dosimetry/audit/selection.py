"""Some territories of many: their cases and lesions with them, numbered anew."""

from dataclasses import dataclass

import numpy as np

from dosimetry.arrays import BoolArray, IntArray
from dosimetry.audit.frame_tables import taken
from dosimetry.columns import UNKNOWN_TARGET, Columns


@dataclass(frozen=True, slots=True)
class Selection:
    """Columns of some territories, with the rows they had of each level."""

    columns: Columns
    cases: IntArray
    territories: IntArray
    lesions: IntArray


def select(columns: Columns, keep: BoolArray) -> Selection:
    """The territories in which ``keep`` holds, the cases that have any of them, the lesions that lie in them."""
    territories = np.flatnonzero(keep)
    if len(territories) == columns.territory.rows:
        return Selection(columns, np.arange(columns.case.rows), territories, np.arange(columns.lesion.rows))
    kept_cases = np.zeros(columns.case.rows, dtype=np.bool_)
    kept_cases[columns.territory_case[territories]] = True
    cases, lesions = np.flatnonzero(kept_cases), np.flatnonzero(keep[columns.lesion_territory])
    target = columns.target_lesion[territories]
    new_lesion = _numbers_anew(lesions, columns.lesion.rows)
    chosen = target >= 0
    target[chosen] = np.where(new_lesion[target[chosen]] < 0, UNKNOWN_TARGET, new_lesion[target[chosen]])
    return Selection(
        Columns(
            case=taken(columns.case, cases),
            territory=taken(columns.territory, territories),
            territory_case=_numbers_anew(cases, columns.case.rows)[columns.territory_case[territories]],
            lesion=taken(columns.lesion, lesions),
            lesion_territory=_numbers_anew(territories, columns.territory.rows)[columns.lesion_territory[lesions]],
            target_lesion=target,
        ),
        cases,
        territories,
        lesions,
    )


def _numbers_anew(kept: IntArray, rows: int) -> IntArray:
    """The new number of each old row; -1 where it is gone."""
    new = np.full(rows, -1)
    new[kept] = np.arange(len(kept))
    return new
