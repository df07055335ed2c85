"""One solver for all limits: the activity of a territory at which each is reached, the other territories held.

Every dose is a straight line in the activity of one territory. Three scenarios give the line: all activities zero, one
unit in this territory alone, and none in it with the others as planned. No limit has a formula of its own here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from dosimetry import figures, units
from dosimetry.case import Case
from dosimetry.clauses import clauses
from dosimetry.comparison import compare
from dosimetry.evaluation import Evaluated, Results
from dosimetry.limits import Judged, LimitIds, is_off
from dosimetry.limits.scope import LimitScope, is_dose
from dosimetry.plan_record import Bound
from dosimetry.quantities import level_of
from dosimetry.reference_rows import Limit
from dosimetry.what_if.scenarios import repeated, scenarios


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
    applying = list(_applying(scope, found, switches))
    return tuple(_of_territory(case, evaluated, lines, applying, row) for row in range(lines.territories))


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


def _of_territory(
    case: Case, evaluated: Evaluated, lines: _Lines, applying: list[tuple[Limit, int]], territory: int
) -> TerritoryBounds:
    reached = list(_reached(evaluated, lines, applying, territory))
    limits = [each for each in reached if each.limit.kind == "limit"]
    least = min(limits, key=lambda each: each.activity_gbq, default=None)
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

    if least is None:
        return TerritoryBounds(tuple(map(bound, reached)), "No limit on file bounds the activity.", ())
    conflicts = [
        (bound(each), _conflict(each, least, names))
        for each in reached
        if each.limit.kind == "goal" and each.limit.severity != "note" and each.activity_gbq > least.activity_gbq
    ]
    return TerritoryBounds(tuple(map(bound, reached)), _in_words(limits, least), tuple(conflicts))


def _reached(
    evaluated: Evaluated, lines: _Lines, applying: list[tuple[Limit, int]], territory: int
) -> Iterator[_Reached]:
    """The bounds that this territory's activity has a part in."""
    owner = evaluated.columns.lesion_territory
    for limit, row in applying:
        level = level_of(limit.quantity)
        if (level == "territory" and row != territory) or (level == "lesion" and owner[row] != territory):
            continue
        activity = _activity_of(limit, row, lines, territory, evaluated.results)
        if not np.isnan(activity):
            yield _Reached(limit, row if level == "lesion" else None, activity)


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
    bound = figures.in_unit(units.bound_in_library_unit(limit.bound, limit.unit), limit.unit)
    return f"{limit.label} {figures.SIGNS[limit.comparator]} {bound} ({limit.limit_id}{mark})"


def _gbq(activity: float) -> str:
    return figures.with_unit(figures.significant(activity, 4), "GBq")


def _in_words(limits: list[_Reached], least: _Reached) -> str:
    """The limit that allows the least; where it is not verified also the least of those that are."""
    verified = min((each for each in limits if each.limit.verified), key=lambda each: each.activity_gbq, default=least)
    others = "" if verified is least else f" Of the verified limits: {_allows(verified)}."
    return f"{_allows(least)} (other territories as planned).{others}"


def _allows(each: _Reached) -> str:
    if each.activity_gbq < 0:
        return f"no activity, because the other territories alone exceed {_shown(each.limit)}"
    word = "less than" if each.limit.comparator == "<" else "at most"
    return f"{word} {_gbq(each.activity_gbq)}, where {_shown(each.limit)} binds"


def _conflict(goal: _Reached, least: _Reached, names: list[str]) -> str:
    """A goal that needs more than the limits allow."""
    place = "" if goal.lesion is None else f" for lesion {names[goal.lesion]}"
    allowed = "allows none" if least.activity_gbq < 0 else f"allows {_gbq(least.activity_gbq)}"
    needed = f"{_shown(goal.limit)}{place} needs {_gbq(goal.activity_gbq)}"
    return f"No activity meets both: {needed}, {_shown(least.limit)} {allowed}."
