"""Dose against activity: the numbers behind the chart of each territory, for every face that draws one.

One territory's activity runs over a grid while the others keep theirs; all grid points of all territories are cases
of one set of columns, so that the doses come from the one path by which every dose is computed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from dosimetry import reference
from dosimetry.arrays import FloatArray
from dosimetry.case_file import plain_from_case
from dosimetry.case_reader import checked
from dosimetry.compartment_names import LUNGS, NORMAL_PERFUSED, PERFUSED, WHOLE_LIVER, WHOLE_NORMAL
from dosimetry.evaluation import Results
from dosimetry.plan_record import Bound, Doses, Plan
from dosimetry.what_if.scenarios import repeated, scenarios

STEPS = 40
"""Grid intervals of the axis; it reaches a power of two times the chosen activity, which so lies on the grid."""
_SHORTEST, _LONGEST = 2, 8
"""Times the chosen activity: the axis is as long as the binding activity asks for, between these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseLine:
    """Mean dose of one compartment at every activity of the grid. [Gy]

    ``least_gy`` and ``most_gy`` are its doses at the chosen activity under the sensitivity steps; ``None`` where it was
    not varied.
    """

    compartment: str
    dose_gy: tuple[float, ...]
    least_gy: float | None
    most_gy: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundMark:
    """Where the activity of the axis reaches a limit or goal; with a line of its dose, also where on that line."""

    limit: str
    label: str
    kind: Literal["limit", "goal"]
    binding: bool
    verified: bool
    activity_gbq: float
    compartment: str | None
    dose_gy: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseChart:
    """Doses against the administered activity of one territory, the others held at theirs. [GBq]"""

    territory: str
    chosen_gbq: float
    activity_gbq: tuple[float, ...]
    lines: tuple[DoseLine, ...]
    marks: tuple[BoundMark, ...]


def dose_charts(plan: Plan) -> tuple[DoseChart, ...]:
    """The chart of every territory of a plan; compartments whose dose is not known have no line."""
    columns = checked(plain_from_case(plan.case))[1]
    activity = _grid(plan)
    results = scenarios(repeated(columns, len(activity))).predicted(activity)
    return tuple(_chart(plan, row, activity, results) for row in range(len(plan.territories)))


def _grid(plan: Plan) -> FloatArray:
    """Activities of every territory, one line a case: territory by territory its own grid, the others as chosen."""
    chosen = np.array([territory.administered_activity_gbq for territory in plan.territories])
    steps = np.arange(STEPS + 1) / STEPS
    activity = np.tile(chosen, (len(chosen) * len(steps), 1))
    for row in range(len(chosen)):
        activity[_cases_of(row), row] = chosen[row] * _reach(plan, row) * steps
    return activity


def _reach(plan: Plan, row: int) -> int:
    """How many times the chosen activity the axis reaches: far enough for the binding limit, where that is not far."""
    territory = plan.territories[row]
    binding = [each.activity_gbq or 0.0 for each in territory.bounds if each.binding]
    needed = max(binding, default=0.0) / territory.administered_activity_gbq
    reach = _SHORTEST
    while reach < needed and reach < _LONGEST:
        reach *= 2
    return reach if needed <= reach else _SHORTEST


def _cases_of(row: int) -> slice:
    return slice(row * (STEPS + 1), (row + 1) * (STEPS + 1))


def _chart(plan: Plan, row: int, activity: FloatArray, results: Results) -> DoseChart:
    axis = activity[_cases_of(row), row]
    varied = [_of_compartments(row, each.doses) for each in plan.sensitivity if each.doses]
    lines = tuple(
        DoseLine(
            compartment=name,
            dose_gy=tuple(doses[_cases_of(row)].tolist()),
            least_gy=min(_known(varied, name), default=None),
            most_gy=max(_known(varied, name), default=None),
        )
        for name, doses in _compartments(plan, row, len(activity), results)
        if not np.isnan(doses).any()
    )
    return DoseChart(
        territory=plan.territories[row].name,
        chosen_gbq=plan.territories[row].administered_activity_gbq,
        activity_gbq=tuple(axis.tolist()),
        lines=lines,
        marks=tuple(_marks(plan, row, axis, lines)),
    )


def _known(varied: list[dict[str, float | None]], name: str) -> Iterator[float]:
    """The doses of one compartment under every step that gives it one."""
    for each in varied:
        dose = each.get(name)
        if dose is not None:
            yield dose


def _of_compartments(row: int, doses: Doses) -> dict[str, float | None]:
    """Doses under other circumstances by the names of the lines."""
    own = doses.territories[row]
    return {
        **{f"lesion {lesion.name}": lesion.dose_gy for lesion in own.lesions},
        PERFUSED: own.perfused_dose_gy,
        NORMAL_PERFUSED: own.normal_perfused_dose_gy,
        LUNGS: doses.lung_dose_gy,
        WHOLE_NORMAL: doses.whole_normal_liver_dose_gy,
    }


def _compartments(plan: Plan, row: int, cases: int, results: Results) -> Iterator[tuple[str, FloatArray]]:
    """Name and dose in every case, of the compartments that the activity of one territory reaches."""
    first = sum(len(territory.lesions) for territory in plan.territories[:row])
    lesion_dose = results.lesion["dose_gy"].reshape(cases, -1)
    for place, lesion in enumerate(plan.territories[row].lesions, start=first):
        yield f"lesion {lesion.name}", lesion_dose[:, place]
    for name, label in (("perfused_dose_gy", PERFUSED), ("normal_perfused_dose_gy", NORMAL_PERFUSED)):
        yield label, results.territory[name].reshape(cases, -1)[:, row]
    for name, label in (
        ("lung_dose_gy", LUNGS),
        ("whole_normal_liver_dose_gy", WHOLE_NORMAL),
        ("whole_liver_dose_gy", WHOLE_LIVER),
    ):
        yield label, results.case[name]


_LINE_OF = {
    "perfused_dose_gy": PERFUSED,
    "normal_perfused_dose_gy": NORMAL_PERFUSED,
    "lung_dose_gy": LUNGS,
    "whole_normal_liver_dose_gy": WHOLE_NORMAL,
    "whole_liver_dose_gy": WHOLE_LIVER,
}


def _marks(plan: Plan, row: int, axis: FloatArray, lines: tuple[DoseLine, ...]) -> Iterator[BoundMark]:
    """The limits and main goals that are reached on the axis; doses for context are left out."""
    by_name = {line.compartment: line for line in lines}
    for bound in plan.territories[row].bounds:
        limit = reference.limit_named(bound.limit)
        is_shown = bound.activity_gbq is not None and 0 <= bound.activity_gbq <= axis[-1]
        if not is_shown or limit.severity == "note":
            continue
        line = by_name.get(_line_name(bound, limit.quantity))
        activity = bound.activity_gbq or 0.0
        yield BoundMark(
            limit=bound.limit,
            label=limit.label,
            kind=bound.kind,
            binding=bound.binding,
            verified=bound.verified,
            activity_gbq=activity,
            compartment=line.compartment if line else None,
            dose_gy=float(np.interp(activity, axis, line.dose_gy)) if line else None,
        )


def _line_name(bound: Bound, quantity: str) -> str:
    return f"lesion {bound.lesion}" if quantity == "dose_gy" else _LINE_OF.get(quantity, "")
