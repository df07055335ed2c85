"""Limits held against what was given and what imaging found: the same rows of the table, judged alike."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from dosimetry import limits
from dosimetry.arrays import BoolArray
from dosimetry.comparison import compare
from dosimetry.delivery.as_treated import Treated
from dosimetry.delivery.measured import measured_values
from dosimetry.evaluation import Results, predict
from dosimetry.finding_columns import OF_SESSION, FindingColumn
from dosimetry.finding_records import ACKNOWLEDGED_RTOL
from dosimetry.limits import LimitIds
from dosimetry.limits.scope import LimitScope
from dosimetry.limits.words import in_sentence, value_in_words
from dosimetry.quantities import ACTIVITY_UNITS, QUANTITIES
from dosimetry.reference_rows import Limit
from dosimetry.what_if.planned_doses import known

_BY_ACTIVITY = frozenset((each.level, each.name) for each in QUANTITIES if each.unit in ACTIVITY_UNITS)
"""Level and name of what follows from the activity; nothing else is changed by a delivery."""
_IN_PART = ", by those territories alone whose delivery is recorded"


@dataclass(frozen=True, slots=True)
class _Session:
    """One way to know what a session gave: its values, what of them it knows, and how it is called."""

    results: Results
    knows: frozenset[tuple[str, str]]
    words: str
    extent: str = ""

    @property
    def prefix(self) -> str:
        """What stands before paths and quantities."""
        return OF_SESSION[self.words]


@dataclass(frozen=True, slots=True)
class _Plan:
    """The planned values, and the rows in which the plan itself does not keep a limit, by the limit's id."""

    results: Results
    crossed: dict[str, BoolArray]


def finding_columns(of: Treated) -> Iterator[FindingColumn]:
    """Limits that are not kept as delivered, and those not kept as measured.

    Where the plan is at least as far beyond the very limit, it was acknowledged there and nobody is asked again. A
    territory whose delivery is not recorded counts as not treated: what the others give is the least of the session.
    """
    judged = limits.judged(LimitScope(of.planned.columns, of.results))
    plan = _Plan(of.planned.results, _crossed_by(of))
    for session in (_given(of), _measured(of)):
        for column in limits.finding_columns(judged, session.results):
            limit = column.limit
            if isinstance(limit, Limit) and column.kind == "limit" and (column.level, limit.quantity) in session.knows:
                yield from _not_kept(column, limit, plan, session)


def _crossed_by(of: Treated) -> dict[str, BoolArray]:
    planned = of.planned
    judged = limits.judged(LimitScope(planned.columns, planned.results))
    return {limit.limit_id: rows for limit, _, rows in limits.exceeded(judged, planned.results, LimitIds())}


def _given(of: Treated) -> _Session:
    activity_gbq = of.results.territory["administered_activity_gbq"]
    recorded = np.nan_to_num(activity_gbq)
    results = predict(of.planned.columns, of.planned.constants, of.planned.parts, recorded)
    return _Session(results, _BY_ACTIVITY, "as delivered", _IN_PART if np.isnan(activity_gbq).any() else "")


def _measured(of: Treated) -> _Session:
    """What imaging gave, and no other dose or activity."""
    recorded = np.nan_to_num(of.results.territory["administered_activity_gbq"])
    measured = measured_values(of.case, of.delivery, of.planned, recorded)
    found = {level: dict(of.results.level(level)) for level in limits.PREFIXES}
    for level, name in _BY_ACTIVITY:
        found[level][name] = np.full_like(found[level][name], np.nan)
    for (level, name, row), each in measured.items():
        found[level][name] = found[level][name].copy()
        found[level][name][row] = each.value
    return _Session(Results(**found), frozenset((level, name) for level, name, _ in measured), "as measured")


def _not_kept(column: FindingColumn, limit: Limit, plan: _Plan, session: _Session) -> Iterator[FindingColumn]:
    """The rows of a limit in which it is not kept: those that the plan does not account for, then the others."""
    values = np.asarray(column.values)
    as_planned = plan.results.level(column.level)[limit.quantity]
    beyond = np.zeros(values.shape, dtype=np.bool_)
    beyond[column.rows] = True
    beyond &= ~compare(values, limit.comparator, float(column.bound or 0.0))
    accounted = beyond & plan.crossed.get(limit.limit_id, False) & (as_planned >= values * (1 - ACKNOWLEDGED_RTOL))

    def sentence(row: int) -> str:
        """What the limit says of the value, and the planned value beside it."""
        planned_dose = known(as_planned, row)
        in_words = "not known" if planned_dose is None else value_in_words(planned_dose, limit)
        return (
            f"{session.words.capitalize()}{session.extent}, {in_sentence(column.sentence(row))} As planned: {in_words}."
        )

    told = replace(
        column,
        kind="caution",
        path=f"{session.prefix}{column.path}",
        # By another name than the planned value, for which the page to sign states its limits.
        quantity=f"{session.prefix}{column.quantity}",
        sentence=sentence,
    )
    yield replace(told, rows=(beyond & ~accounted).nonzero()[0])
    severity = "caution" if column.severity == "stop" else column.severity
    yield replace(told, rows=accounted.nonzero()[0], severity=severity, needs_acknowledgement=False)
