"""Limits and main goals held against what was ordered, given and found by imaging: the same rows, judged alike."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from dosimetry import figures, limits
from dosimetry.arrays import BoolArray
from dosimetry.comparison import compare
from dosimetry.delivery.as_treated import Treated
from dosimetry.delivery.measured import RECORDED
from dosimetry.evaluation import Evaluated, Results, known_earlier_lung_dose_gy, predict
from dosimetry.finding_columns import OF_SESSION, FindingColumn
from dosimetry.finding_records import ACKNOWLEDGED_RTOL
from dosimetry.limits import LimitIds
from dosimetry.limits.scope import LimitScope
from dosimetry.limits.words import in_sentence, value_in_words
from dosimetry.ordering.session import OrderedSession
from dosimetry.quantities import ACTIVITY_UNITS, QUANTITIES
from dosimetry.reference_rows import Limit
from dosimetry.what_if.planned_doses import known

_Kind = tuple[str, str]
"""Level and name of a computed value."""
_BY_ACTIVITY = frozenset((each.level, each.name) for each in QUANTITIES if each.unit in ACTIVITY_UNITS)
"""What follows from the activity; nothing else is changed by an order or a delivery."""

_AS_MEASURED = "the lungs of what was given as measured"


@dataclass(frozen=True, slots=True)
class _Session:
    """One way to know what a session gives: its values, what of them it knows, and how it is called.

    ``least`` has the doses of the whole session that are a least, with the territories that alone gave them;
    ``beside`` says what else counts in the whole of it, and ``by_imaging`` names the values of the whole in which what
    was given counts as measured.
    """

    results: Results
    knows: frozenset[_Kind]
    least: Mapping[_Kind, str]
    words: str
    beside: str = ""
    by_imaging: frozenset[str] = frozenset()

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
    """Limits that are not kept as delivered or as measured, and main goals that are not met.

    Where the plan is at least as far beyond the very limit, it was acknowledged there and nobody is asked again. A
    territory whose delivery is not recorded counts as not treated: what the others give is the least of the session.
    Whether a limit holds is judged as if that territory got what was planned.
    """
    yield from _held(of.planned, _rest_as_planned(of), (_given(of), _measured(of)))


def of_order(of: OrderedSession) -> Iterator[FindingColumn]:
    """Limits that are not kept as ordered, and main goals that are not met, by the rule of a delivery.

    Where a part was delivered and no vials are to come, the rest counts as planned, before it is given. The whole
    session counts in the doses of lungs and liver; of single territories only those are held against limits whose vials
    are still to be given, because of the others plan or delivery tell.
    """
    yield from _held(of.planned, of.results, (_ordered(of),))


def _held(planned: Evaluated, whole: Results, sessions: Iterable[_Session]) -> Iterator[FindingColumn]:
    """What sessions do not keep; ``whole`` has an activity in every territory, and says which limits hold."""
    judged = limits.judged(LimitScope(planned.columns, whole))
    plan = _Plan(planned.results, _crossed_by(planned))
    for session in sessions:
        for column in limits.finding_columns(judged, session.results):
            limit = column.limit
            if isinstance(limit, Limit) and _is_held(column, limit) and (column.level, limit.quantity) in session.knows:
                yield from _not_kept(column, limit, plan, session)


def _is_held(column: FindingColumn, limit: Limit) -> bool:
    """Whether a session is held against it: a limit, or a goal that is more than context."""
    return column.kind == limit.kind == "limit" or (column.kind == limit.kind == "goal" and limit.severity != "note")


def _rest_as_planned(of: Treated) -> Results:
    given, planned = (each.territory["administered_activity_gbq"] for each in (of.results, of.planned.results))
    activity_gbq = np.where(np.isnan(given), planned, given)
    return predict(of.planned.columns, of.planned.constants, of.planned.parts, activity_gbq)


def _crossed_by(planned: Evaluated) -> dict[str, BoolArray]:
    judged = limits.judged(LimitScope(planned.columns, planned.results))
    return {limit.limit_id: rows for limit, _, rows in limits.exceeded(judged, planned.results, LimitIds())}


def _ordered(of: OrderedSession) -> _Session:
    """What follows from the ordered vials that are still to be given; the whole session with all of its territories.

    Without such vials the session is what was delivered, the rest as planned.
    """
    activity_gbq = np.where(of.is_to_come, of.results.territory["administered_activity_gbq"], np.nan)
    to_come = predict(of.planned.columns, of.planned.constants, of.planned.parts, activity_gbq)
    words, beside = ("as ordered", of.beside) if of.is_to_come.any() else ("as delivered, the rest as planned", "")
    whole = replace(to_come, case=of.results.case)
    return _Session(whole, _BY_ACTIVITY, {}, words, beside, of.by_imaging)


def _given(of: Treated) -> _Session:
    """What follows from the delivered activities; of the whole session at least by those that are recorded."""
    activity_gbq = of.results.territory["administered_activity_gbq"]
    is_recorded = ~np.isnan(activity_gbq)
    least = predict(of.planned.columns, of.planned.constants, of.planned.parts, np.nan_to_num(activity_gbq))
    in_part = {} if is_recorded.all() else {kind: RECORDED for kind in _BY_ACTIVITY if kind[0] == "case"}
    return _Session(replace(of.results, case=least.case), _BY_ACTIVITY, in_part, "as delivered")


def _measured(of: Treated) -> _Session:
    """What imaging gave, and no other dose or activity."""
    found = {level: dict(of.results.level(level)) for level in limits.PREFIXES}
    for level, name in _BY_ACTIVITY:
        found[level][name] = np.full_like(found[level][name], np.nan)
    for (level, name, row), each in of.measured.items():
        found[level][name] = found[level][name].copy()
        found[level][name][row] = each.value
    knows = frozenset((level, name) for level, name, _ in of.measured)
    lungs_gy = found["case"]["lung_dose_gy"]
    found["case"]["lung_dose_cumulative_least_gy"] = lungs_gy + known_earlier_lung_dose_gy(of.planned.columns)
    if not np.isnan(lungs_gy).all():
        knows |= {("case", "lung_dose_cumulative_gy")}
    least = {(level, name): each.least_by for (level, name, _), each in of.measured.items() if each.least_by}
    return _Session(Results(**found), knows, least, "as measured")


def _beside(session: _Session, limit: Limit) -> tuple[str, ...]:
    """What else counts in a value of the whole session, and how."""
    return session.beside, _AS_MEASURED if limit.quantity in session.by_imaging else ""


def _not_kept(column: FindingColumn, limit: Limit, plan: _Plan, session: _Session) -> Iterator[FindingColumn]:
    """The rows in which a limit or goal is not kept: those that the plan does not account for, then the others."""
    values = np.asarray(column.values)
    as_planned = limits.value_or_least(limit, plan.results.level(column.level))
    beyond = np.zeros(values.shape, dtype=np.bool_)
    beyond[column.rows] = True
    beyond &= ~compare(values, limit.comparator, float(column.bound or 0.0))
    least_by = session.least.get((column.level, limit.quantity), "")
    # What some territories gave alone is not the session: that the plan of all of them is more accounts for nothing.
    is_as_far = (as_planned >= values * (1 - ACKNOWLEDGED_RTOL)) & (not least_by)
    accounted = beyond & plan.crossed.get(limit.limit_id, False) & is_as_far

    def sentence(row: int) -> str:
        """What the limit says of the value, and the planned value beside it."""
        planned_dose = known(as_planned, row)
        least = figures.AT_LEAST if np.isnan(plan.results.level(column.level)[limit.quantity][row]) else ""
        in_words = "not known" if planned_dose is None else f"{least}{value_in_words(planned_dose, limit)}"
        again = " The plan goes as far beyond it, and its own finding says so." if accounted[row] else ""
        beside = _beside(session, limit) if column.level == "case" else ()
        start = ", ".join(part for part in (session.words.capitalize(), *beside, least_by) if part)
        return f"{start}, {in_sentence(column.sentence(row))} As planned: {in_words}.{again}"

    told = replace(
        column,
        kind="caution",
        path=f"{session.prefix}{column.path}",
        # By another name than the planned value, for which the page to sign states its limits.
        quantity=f"{session.prefix}{column.quantity}",
        at_least=np.full_like(beyond, bool(least_by)) | (False if column.at_least is None else column.at_least),
        sentence=sentence,
    )
    yield replace(told, rows=(beyond & ~accounted).nonzero()[0])
    severity = "caution" if column.severity == "stop" else column.severity
    yield replace(told, rows=accounted.nonzero()[0], severity=severity, needs_acknowledgement=False)
