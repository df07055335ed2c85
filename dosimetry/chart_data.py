"""Dose against activity: the numbers behind the chart of each territory, for every face that draws one.

One territory's activity runs over a grid while the others keep theirs; all grid points of all territories are cases
of one set of columns, so that the doses come from the one path by which every dose is computed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dosimetry.arrays import FloatArray
from dosimetry.case_file import plain_from_case
from dosimetry.case_reader import checked
from dosimetry.evaluation import Results
from dosimetry.plan_record import Plan
from dosimetry.what_if.scenarios import repeated, scenarios

STEPS = 40
"""Grid intervals from no activity to twice the chosen one; even, so that the chosen activity lies on the grid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseLine:
    """Mean dose of one compartment at every activity of the grid. [Gy]"""

    compartment: str
    dose_gy: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseChart:
    """Doses against the administered activity of one territory, the others held at theirs. [GBq]"""

    territory: str
    chosen_gbq: float
    activity_gbq: tuple[float, ...]
    lines: tuple[DoseLine, ...]


def dose_charts(plan: Plan) -> tuple[DoseChart, ...]:
    """The chart of every territory of a plan; compartments whose dose is not known have no line."""
    columns = checked(plain_from_case(plan.case))[1]
    chosen = np.array([territory.administered_activity_gbq for territory in plan.territories])
    activity = _grid(chosen)
    results = scenarios(repeated(columns, len(activity))).predicted(activity)
    return tuple(_chart(plan, row, activity, results) for row in range(len(chosen)))


def _grid(chosen: FloatArray) -> FloatArray:
    """Activities of every territory, one line a case: territory by territory its own grid, the others as chosen."""
    territories = len(chosen)
    steps = np.arange(STEPS + 1) * 2 / STEPS
    activity = np.tile(chosen, (territories * len(steps), 1))
    for row in range(territories):
        activity[_cases_of(row), row] = chosen[row] * steps
    return activity


def _cases_of(row: int) -> slice:
    return slice(row * (STEPS + 1), (row + 1) * (STEPS + 1))


def _chart(plan: Plan, row: int, activity: FloatArray, results: Results) -> DoseChart:
    lines = (
        DoseLine(compartment=name, dose_gy=tuple(doses[_cases_of(row)].tolist()))
        for name, doses in _compartments(plan, row, len(activity), results)
        if not np.isnan(doses).any()
    )
    return DoseChart(
        territory=plan.territories[row].name,
        chosen_gbq=plan.territories[row].administered_activity_gbq,
        activity_gbq=tuple(activity[_cases_of(row), row].tolist()),
        lines=tuple(lines),
    )


def _compartments(plan: Plan, row: int, cases: int, results: Results) -> Iterator[tuple[str, FloatArray]]:
    """Name and dose in every case, of the compartments that the activity of one territory reaches."""
    first = sum(len(territory.lesions) for territory in plan.territories[:row])
    lesion_dose = results.lesion["dose_gy"].reshape(cases, -1)
    for place, lesion in enumerate(plan.territories[row].lesions, start=first):
        yield f"lesion {lesion.name}", lesion_dose[:, place]
    for name, label in (("perfused_dose_gy", "perfused volume"), ("normal_perfused_dose_gy", "normal perfused liver")):
        yield label, results.territory[name].reshape(cases, -1)[:, row]
    for name, label in (
        ("lung_dose_gy", "lungs"),
        ("whole_normal_liver_dose_gy", "whole normal liver"),
        ("whole_liver_dose_gy", "whole liver, tumor included"),
    ):
        yield label, results.case[name]
