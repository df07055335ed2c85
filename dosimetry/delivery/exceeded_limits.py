"""Limits held against the doses that were given, and against those that imaging found: the same rows, judged alike."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from dosimetry import limits
from dosimetry.arrays import BoolArray, FloatArray
from dosimetry.comparison import compare
from dosimetry.delivery.as_treated import Treated
from dosimetry.delivery.measured import LUNGS
from dosimetry.evaluation import Evaluated, Results
from dosimetry.finding_columns import GIVEN, MEASURED, FindingColumn
from dosimetry.finding_records import ACKNOWLEDGED_RTOL
from dosimetry.limits import LimitIds
from dosimetry.limits.scope import LimitScope
from dosimetry.limits.words import in_sentence, value_in_words
from dosimetry.quantities import ACTIVITY_UNITS, QUANTITIES
from dosimetry.reference_rows import Limit
from dosimetry.what_if.planned_doses import known

_LEVELS = ("case", "territory", "lesion")
_CHANGED = {(each.level, each.name) for each in QUANTITIES if each.unit in ACTIVITY_UNITS}
"""Level and name of what follows from the activity; nothing else is changed by a delivery."""


def finding_columns(of: Treated) -> Iterator[FindingColumn]:
    """Limits on doses and activities that are not kept as delivered, and those not kept as measured.

    Where the plan is at least as far beyond the limit, it was acknowledged there and nobody is asked again.
    """
    judged = limits.judged(LimitScope(of.planned.columns, of.results))
    of_plan = _crossed_by_plan(of.planned)
    for results, prefix, words in (
        (of.results, GIVEN, "As delivered"),
        (_measured(of), MEASURED, "As measured"),
    ):
        for column in limits.finding_columns(judged, results):
            limit = column.limit
            if isinstance(limit, Limit) and column.kind == "limit" and (column.level, limit.quantity) in _CHANGED:
                crossed = of_plan.get(limit.limit_id, np.zeros_like(column.values, dtype=np.bool_))
                yield from _not_kept(column, limit, (of.planned.results, crossed), prefix, words)


def _crossed_by_plan(planned: Evaluated) -> dict[str, BoolArray]:
    """The rows of each limit in which the plan does not keep it, where it holds for the plan."""
    judged = limits.judged(LimitScope(planned.columns, planned.results))
    return {limit.limit_id: rows for limit, _, rows in limits.exceeded(judged, planned.results, LimitIds())}


def _measured(of: Treated) -> Results:
    """The doses that imaging gave, and no other dose or activity."""
    found = {level: dict(of.results.level(level)) for level in _LEVELS}
    for level, name in _CHANGED:
        found[level][name] = np.full_like(found[level][name], np.nan)
    for (level, name, row), measured in of.measured.items():
        found[level][name][row] = measured.dose_gy
    lungs = of.measured.get(LUNGS)
    if lungs is not None:
        before = of.results.case["lung_dose_cumulative_gy"] - of.results.case["lung_dose_gy"]
        found["case"]["lung_dose_cumulative_gy"] = before + lungs.dose_gy
    shunt = of.delivery.measured_lung_shunt_fraction
    if shunt is not None:
        found["case"]["lung_activity_gbq"] = of.results.case["administered_activity_total_gbq"] * shunt
    return Results(**found)


def _not_kept(
    column: FindingColumn, limit: Limit, plan: tuple[Results, BoolArray], prefix: str, words: str
) -> Iterator[FindingColumn]:
    """The rows of a limit in which it is not kept: those that the plan does not account for, then the others."""
    values, bound = np.asarray(column.values), float(column.bound or 0.0)
    planned, crossed = plan
    as_planned = planned.level(column.level)[limit.quantity]
    beyond = _rows(column, values) & ~compare(values, limit.comparator, bound)
    accounted = beyond & crossed & (as_planned >= values * (1 - ACKNOWLEDGED_RTOL))

    def sentence(row: int) -> str:
        """What the limit says of the value, and the planned value beside it."""
        planned_dose = known(as_planned, row)
        in_words = "not known" if planned_dose is None else value_in_words(planned_dose, limit)
        return f"{words}, {in_sentence(column.sentence(row))} As planned: {in_words}."

    told = replace(
        column,
        kind="caution",
        path=f"{prefix}{column.path}",
        # By another name than the planned dose, which budgets and tables of limits look for.
        quantity=f"{prefix}{column.quantity}",
        sentence=sentence,
    )
    yield replace(told, rows=(beyond & ~accounted).nonzero()[0])
    severity = "caution" if column.severity == "stop" else column.severity
    yield replace(told, rows=accounted.nonzero()[0], severity=severity, needs_acknowledgement=False)


def _rows(column: FindingColumn, values: FloatArray) -> BoolArray:
    found = np.zeros(values.shape, dtype=np.bool_)
    found[column.rows] = True
    return found
