"""One solver for all limits: the activity of a territory at which each is reached, the other territories held.

Every dose is a straight line in the activity of one territory. Three scenarios give the line: all activities zero, one
unit in this territory alone, and none in it with the others as planned. No limit has a formula of its own here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from dosimetry import units
from dosimetry.arrays import FloatArray
from dosimetry.case import Case
from dosimetry.clauses import clauses
from dosimetry.comparison import compare
from dosimetry.evaluation import Evaluated, Results
from dosimetry.limits import LOWER_BOUNDS, Judged, LimitIds, can_be_judged, is_off, value_or_least
from dosimetry.limits.scope import LimitScope, is_dose
from dosimetry.plan_record import Bound
from dosimetry.quantities import ACTIVITY_UNITS, level_of, quantity_named
from dosimetry.reference_rows import Limit
from dosimetry.what_if import bound_words
from dosimetry.what_if.bound_words import Looked, Reached
from dosimetry.what_if.scenarios import repeated, scenarios


@dataclass(frozen=True, slots=True)
class TerritoryBounds:
    """The bounds of one territory, what they come to in words, and goals that the limits leave no room for."""

    bounds: tuple[Bound, ...]
    in_words: str
    in_short: str
    conflicts: tuple[tuple[Bound, str], ...]


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
        return self._reaches(self._results.level(level_of(quantity))[quantity], row, territory, bound)

    def reaches_limit(self, limit: Limit, row: int, territory: int) -> float:
        """Activity at which a limit or goal is reached, by what is known of its value where not all of it is. [GBq]"""
        values = value_or_least(limit, self._results.level(level_of(limit.quantity)))
        return self._reaches(values, row, territory, units.bound_in_library_unit(limit.bound, limit.unit))

    def _reaches(self, column: FloatArray, row: int, territory: int, bound: float) -> float:
        values = column.reshape(len(self._activity), -1)[:, row]
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


def _applying(scope: LimitScope, found: Iterable[Judged], switches: LimitIds) -> Iterator[tuple[Limit, int, bool]]:
    """Limits and goals on doses or activities, each with a row of its level and whether it surely applies there.

    Conditions on doses are left to `_activity_of`: they change with the activity that is looked for.
    """
    for each in found:
        if each.condition is None:
            continue
        condition = scope.condition(each.group.limits[0], each.group.level, of_inputs_only=True)
        for limit in each.group.limits:
            if limit.kind != "target" and limit.limit_id not in switches.off and not is_off(limit, switches.on):
                holds = condition.holds | condition.unknown if limit.if_unknown else condition.holds
                for row in np.flatnonzero(each.fitting & holds & can_be_judged(limit, each)):
                    yield limit, int(row), bool(condition.holds[row])


def _of_territory(case: Case, looked: Looked, switches: LimitIds) -> TerritoryBounds:
    verified = looked.least_verified
    names = [lesion.name for each in case.territories for lesion in each.lesions]

    def bound(each: Reached) -> Bound:
        """The record of one bound; where the others alone exceed a limit there is no activity."""
        return Bound(
            limit=each.limit.limit_id,
            kind="goal" if each.limit.kind == "goal" else "limit",
            lesion=None if each.lesion is None else names[each.lesion],
            activity_gbq=each.activity_gbq if each.activity_gbq >= 0 else None,
            binding=each is looked.least and not looked.always,
            verified=each.limit.verified,
        )

    always = [
        Bound(limit=limit.limit_id, kind="limit", lesion=None, activity_gbq=None, binding=True, verified=limit.verified)
        for limit in dict.fromkeys(looked.always)
    ]
    conflicts = [
        (bound(each), bound_words.conflict(each, verified, names, among_others=len(case.territories) > 1))
        for each in looked.reached
        if verified and each.limit.kind == "goal" and _is_main(each.limit) and each.activity_gbq > verified.activity_gbq
    ]
    return TerritoryBounds(
        bounds=(*always, *map(bound, looked.reached)),
        in_words=bound_words.in_full(looked, switches),
        in_short=bound_words.in_short(looked, switches),
        conflicts=tuple(conflicts),
    )


def _is_main(goal: Limit) -> bool:
    """Whether a goal is worth a conflict: the main ones, not ranges or single cohorts for context."""
    return goal.severity != "note"


def _looked(
    evaluated: Evaluated,
    lines: _Lines,
    applying: list[tuple[Limit, int, bool]],
    territory: int,
    *,
    is_intent_known: bool,
) -> Looked:
    """The bounds that this territory's activity has a part in, and the limits that it cannot change or count."""
    owner = evaluated.columns.lesion_territory
    reached, always, uncounted, in_part = [], [], [], False
    for limit, row, is_certain in applying:
        level = level_of(limit.quantity)
        if (level == "territory" and row != territory) or (level == "lesion" and owner[row] != territory):
            continue
        activity = _activity_of(limit, row, lines, territory, evaluated.results)
        results = evaluated.results.level(level)
        planned = value_or_least(limit, results)[row : row + 1]
        in_part |= bool(np.isnan(results[limit.quantity][row]) and not np.isnan(planned[0]))
        if not np.isnan(activity):
            reached.append(Reached(limit, row if level == "lesion" else None, activity, is_certain))
        elif limit.kind == "limit" and np.isnan(planned[0]):
            uncounted += [limit] if _follows_activity(limit) else []
        elif limit.kind == "limit" and not _is_kept(limit, planned) and _applies_as_planned(limit, evaluated.results):
            always.append(limit)
    counted = {each.limit.quantity for each in reached if each.limit.kind == "limit"}
    no_rest = np.isnan(evaluated.columns.case.number("untreated_tumor_volume_ml")).any()
    return Looked(
        reached=tuple(reached),
        always=tuple(always),
        uncounted=tuple(uncounted),
        is_lower_bound=bool(no_rest and counted & set(LOWER_BOUNDS)),
        is_known_in_part=in_part,
        is_unstated=not (evaluated.columns.case.word("disease").given.all() and is_intent_known),
    )


def _follows_activity(limit: Limit) -> bool:
    """Whether what a limit is checked on is a dose or an activity."""
    return quantity_named(limit.quantity, level_of(limit.quantity)).unit in ACTIVITY_UNITS


def _applies_as_planned(limit: Limit, results: Results) -> bool:
    """Whether every dose that a limit is conditional on is there in the plan."""
    return all(
        compare(results.case[each.name], each.comparison, each.bound)[0]
        for each in clauses(limit.condition)
        if is_dose(each.name) and each.bound is not None
    )


def _is_kept(limit: Limit, planned: FloatArray) -> bool:
    return bool(compare(planned, limit.comparator, units.bound_in_library_unit(limit.bound, limit.unit))[0])


def _activity_of(limit: Limit, row: int, lines: _Lines, territory: int, results: Results) -> float:
    """Where a limit is first broken: where its own dose passes the bound and every dose it is conditional on is there.

    A goal stands or falls with the planned doses: it is not there to be reached by changing what it is conditional on.
    """
    activity = lines.reaches_limit(limit, row, territory)
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
