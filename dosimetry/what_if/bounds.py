"""One solver for all limits: the activity of a territory at which each is reached, the other territories held.

Every dose is a straight line in the activity of one territory. Three scenarios give the line: all activities zero, one
unit in this territory alone, and none in it with the others as planned. No limit has a formula of its own here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from dosimetry import figures, units
from dosimetry.arrays import FloatArray
from dosimetry.case import Case
from dosimetry.clauses import clauses
from dosimetry.comparison import compare
from dosimetry.evaluation import Evaluated, Results
from dosimetry.limits import LOWER_BOUNDS, Judged, LimitIds, is_off
from dosimetry.limits.scope import LimitScope, is_dose
from dosimetry.limits.words import comparator_and_bound
from dosimetry.plan_record import Bound
from dosimetry.quantities import LIVER_DOSES, level_of, quantity_named
from dosimetry.reference_rows import Limit
from dosimetry.what_if.scenarios import repeated, scenarios

DIGITS = 4
"""Significant digits of a bound: down for limits, up for goals, so that what is printed keeps what it says."""


@dataclass(frozen=True, slots=True)
class TerritoryBounds:
    """The bounds of one territory, what they come to in words, and goals that the limits leave no room for."""

    bounds: tuple[Bound, ...]
    in_words: str
    conflicts: tuple[tuple[Bound, str], ...]


@dataclass(frozen=True, slots=True)
class _Reached:
    """The activity at which a limit or goal is reached for one quantity of the case, a territory or a lesion."""

    limit: Limit
    lesion: int | None
    activity_gbq: float


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was found of all limits and goals for one territory: those with an activity, and limits without one.

    ``always`` are exceeded whatever the activity; ``uncounted`` are limits whose value is not known; disease or intent
    may be unstated, so that their limits are not among them.
    """

    reached: tuple[_Reached, ...]
    always: tuple[Limit, ...]
    uncounted: tuple[Limit, ...]
    is_lower_bound: bool
    is_unstated: bool

    @property
    def has_liver_limit(self) -> bool:
        """Whether a limit of the liver is among those that were reached."""
        return any(each.limit.kind == "limit" and each.limit.quantity in LIVER_DOSES for each in self.reached)


class _Lines:
    """Doses as straight lines in the activity of each territory."""

    def __init__(self, evaluated: Evaluated) -> None:
        planned = evaluated.results.territory["administered_activity_gbq"]
        self.territories = len(planned)
        rest = np.where(np.eye(self.territories, dtype=np.bool_), 0.0, planned)
        self._activity = np.vstack([np.zeros((1, self.territories)), np.eye(self.territories), rest])
        self._results = scenarios(repeated(evaluated.columns, len(self._activity))).predicted(self._activity)

    def reaches(self, quantity: str, row: int, territory: int, bound: float) -> float:
        """Activity at which a quantity reaches a bound; NaN where it does not depend on it or is not known. [GBq]"""
        values = self._results.level(level_of(quantity))[quantity].reshape(len(self._activity), -1)[:, row]
        zero, unit, rest = values[0], values[1 + territory], values[1 + self.territories + territory]
        with np.errstate(all="ignore"):
            activity = (bound - rest) / (unit - zero)
        return float(activity) if unit > zero and np.isfinite(activity) else float("nan")


def territory_bounds(
    case: Case, evaluated: Evaluated, scope: LimitScope, found: Iterable[Judged], switches: LimitIds
) -> tuple[TerritoryBounds, ...]:
    """The bounds of every territory by the limits and goals that apply to it and were not switched off."""
    lines = _Lines(evaluated)
    applying, known = list(_applying(scope, found, switches)), scope.intent_is_known()
    return tuple(
        _of_territory(case, _looked(evaluated, lines, applying, row, is_intent_known=bool(known[row])), switches)
        for row in range(lines.territories)
    )


def _applying(scope: LimitScope, found: Iterable[Judged], switches: LimitIds) -> Iterator[tuple[Limit, int]]:
    """Limits and goals on doses or activities, each with a row of its level to which it applies.

    Conditions on doses are left to `_activity_of`: they change with the activity that is looked for.
    """
    for each in found:
        if each.condition is None:
            continue
        condition = scope.condition(each.group.limits[0], each.group.level, of_inputs_only=True)
        for limit in each.group.limits:
            if limit.kind != "target" and limit.limit_id not in switches.off and not is_off(limit, switches.on):
                holds = condition.holds | condition.unknown if limit.if_unknown else condition.holds
                for row in np.flatnonzero(each.fitting & holds):
                    yield limit, int(row)


def _of_territory(case: Case, looked: _Looked, switches: LimitIds) -> TerritoryBounds:
    limits = [each for each in looked.reached if each.limit.kind == "limit"]
    least = min(limits, key=lambda each: each.activity_gbq, default=None)
    verified = min((each for each in limits if each.limit.verified), key=lambda each: each.activity_gbq, default=None)
    names = [lesion.name for each in case.territories for lesion in each.lesions]

    def bound(each: _Reached) -> Bound:
        """The record of one bound; where the others alone exceed a limit there is no activity."""
        return Bound(
            limit=each.limit.limit_id,
            kind="goal" if each.limit.kind == "goal" else "limit",
            lesion=None if each.lesion is None else names[each.lesion],
            activity_gbq=each.activity_gbq if each.activity_gbq >= 0 else None,
            binding=each is least,
            verified=each.limit.verified,
        )

    conflicts = [
        (bound(each), _conflict(each, verified, names))
        for each in looked.reached
        if verified and each.limit.kind == "goal" and _is_main(each.limit) and each.activity_gbq > verified.activity_gbq
    ]
    sentences = (*_always(looked), *_allowed(least, verified), *_left_out(looked, switches))
    return TerritoryBounds(tuple(map(bound, looked.reached)), " ".join(sentences), tuple(conflicts))


def _is_main(goal: Limit) -> bool:
    """Whether a goal is worth a conflict: the main ones, not ranges or single cohorts for context."""
    return goal.severity != "note"


def _looked(
    evaluated: Evaluated, lines: _Lines, applying: list[tuple[Limit, int]], territory: int, *, is_intent_known: bool
) -> _Looked:
    """The bounds that this territory's activity has a part in, and the limits that it cannot change or count."""
    owner = evaluated.columns.lesion_territory
    reached, always, uncounted = [], [], []
    for limit, row in applying:
        level = level_of(limit.quantity)
        if (level == "territory" and row != territory) or (level == "lesion" and owner[row] != territory):
            continue
        activity = _activity_of(limit, row, lines, territory, evaluated.results)
        planned = evaluated.results.level(level)[limit.quantity][row : row + 1]
        if not np.isnan(activity):
            reached.append(_Reached(limit, row if level == "lesion" else None, activity))
        elif limit.kind == "limit" and np.isnan(planned[0]):
            uncounted += [limit] if _follows_activity(limit) else []
        elif limit.kind == "limit" and not is_dose(limit.quantity) and not _is_kept(limit, planned):
            always.append(limit)
    counted = {each.limit.quantity for each in reached if each.limit.kind == "limit"}
    no_rest = np.isnan(evaluated.columns.case.number("untreated_tumor_volume_ml")).any()
    return _Looked(
        reached=tuple(reached),
        always=tuple(always),
        uncounted=tuple(uncounted),
        is_lower_bound=bool(no_rest and counted & set(LOWER_BOUNDS)),
        is_unstated=not (evaluated.columns.case.word("disease").given.all() and is_intent_known),
    )


def _follows_activity(limit: Limit) -> bool:
    """Whether what a limit is checked on is a dose or an activity."""
    return quantity_named(limit.quantity, level_of(limit.quantity)).unit in ("Gy", "GBq")


def _is_kept(limit: Limit, planned: FloatArray) -> bool:
    return bool(compare(planned, limit.comparator, units.bound_in_library_unit(limit.bound, limit.unit))[0])


def _activity_of(limit: Limit, row: int, lines: _Lines, territory: int, results: Results) -> float:
    """Where a limit is first broken: where its own dose passes the bound and every dose it is conditional on is there.

    A goal stands or falls with the planned doses: it is not there to be reached by changing what it is conditional on.
    """
    activity = lines.reaches(limit.quantity, row, territory, units.bound_in_library_unit(limit.bound, limit.unit))
    for clause in clauses(limit.condition):
        if is_dose(clause.name) and clause.bound is not None:
            planned = results.case[clause.name]
            at = lines.reaches(clause.name, 0, territory, clause.bound)
            if limit.if_unknown and np.isnan(planned[0]):
                continue
            if limit.kind == "limit" and clause.comparison in (">", ">="):
                activity = float(np.maximum(activity, at))
            elif not compare(planned, clause.comparison, clause.bound)[0]:
                return float("nan")
    return activity


@cache
def _shown(limit: Limit) -> str:
    mark = "" if limit.verified else ", not verified"
    return f"{limit.label} {comparator_and_bound(limit)} ({limit.limit_id}{mark})"


def _always(looked: _Looked) -> Iterator[str]:
    """Limits that no activity keeps."""
    if looked.always:
        named = ", ".join(dict.fromkeys(map(_shown, looked.always)))
        yield f"No activity meets every limit: exceeded whatever it is: {named}."


def _allowed(least: _Reached | None, verified: _Reached | None) -> Iterator[str]:
    """The limit that allows the least; where it is not verified also the least of those that are."""
    if least is None:
        yield "No limit that could be counted bounds the activity."
        return
    yield f"With the other territories as planned {_allows(least)}."
    if verified and verified is not least:
        yield f"Of the verified limits: {_allows(verified)}."


def _left_out(looked: _Looked, switches: LimitIds) -> Iterator[str]:
    """Limits that were not counted, so that a bound is not taken for all of them."""
    if not looked.has_liver_limit:
        yield "No limit of the liver is among them."
    if looked.uncounted:
        yield f"Not counted, because a value is not known: {', '.join(dict.fromkeys(map(_shown, looked.uncounted)))}."
    if looked.is_unstated:
        yield "Limits by disease and intent are not among them: one of the two is not stated."
    if looked.is_lower_bound:
        yield "The volume of untreated tumor is missing: limits of the whole normal liver allow less if there is any."
    if switches.off:
        yield f"Switched off and not counted: {', '.join(sorted(switches.off))}."


def _allows(each: _Reached) -> str:
    if each.activity_gbq < 0:
        return f"no activity, because the others alone exceed {_shown(each.limit)}"
    word = "less than" if each.limit.comparator == "<" else "at most"
    return f"{word} {_gbq_down(each.activity_gbq)}, where {_shown(each.limit)} binds"


def _gbq_down(activity: float) -> str:
    return figures.with_unit(figures.rounded_down(activity, DIGITS), "GBq")


def _conflict(goal: _Reached, least: _Reached, names: list[str]) -> str:
    """A goal that needs more than the verified limits allow."""
    place = "" if goal.lesion is None else f" for lesion {names[goal.lesion]}"
    allowed = "allows none" if least.activity_gbq < 0 else f"allows {_gbq_down(least.activity_gbq)}"
    needed = figures.with_unit(figures.rounded_up(max(goal.activity_gbq, 0.0), DIGITS), "GBq")
    return f"No activity meets both: {_shown(goal.limit)}{place} needs {needed}, {_shown(least.limit)} {allowed}."
