"""Limits and goals: clinical bounds from named sources. Crossing one is reported, never hidden and never clearance."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np

from dosimetry import reference, units
from dosimetry.arrays import BoolArray, FloatArray
from dosimetry.case import Case
from dosimetry.comparison import compare, on_bound
from dosimetry.evaluation import Results
from dosimetry.finding_columns import FindingColumn, says, severity_if_crossed
from dosimetry.limits.scope import Answer, LimitScope
from dosimetry.limits.words import OUTCOMES, bound_in_words, condition_in_words, value_in_words, why_unknown
from dosimetry.plan_record import Kind, Severity
from dosimetry.quantities import LIVER_DOSES, Quantity, level_of, quantity_named
from dosimetry.reference_rows import Limit

PREFIXES = {"case": "", "territory": "territories[].", "lesion": "territories[].lesions[]."}
LOWER_BOUNDS = ("whole_normal_liver_dose_gy", "tumor_involvement_fraction")
"""Quantities that are lower bounds while the volume of untreated tumor is missing."""
LEASTS = MappingProxyType({"lung_dose_cumulative_gy": "lung_dose_cumulative_least_gy"})
"""Quantities of which a part is known where another is not, with what is known; all are held below their bounds."""
_BY_A_PART = "by what is known alone; not all of it is"
Outcome = tuple[BoolArray, Kind, Severity, Callable[[int], str]]


@dataclass(frozen=True, slots=True)
class Group:
    """Limits that hold for the same cases, checked at the same level: they are judged together."""

    device: str
    disease: str
    intent: str
    condition: str
    level: str
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class LimitIds:
    """Limits and goals that a case switches on and off against their default."""

    on: frozenset[str] = frozenset()
    off: frozenset[str] = frozenset()


def switches(case: Case) -> LimitIds:
    """Limits and goals that a case switches on and off."""
    on, off = (case.limits.on, case.limits.off) if case.limits else (None, None)
    return LimitIds(frozenset(on or ()), frozenset(switch.id for switch in off or ()))


@dataclass(frozen=True, slots=True)
class _Row:
    """One limit with the values it is checked on, in the rows it applies to."""

    limit: Limit
    quantity: Quantity
    bound: float
    values: FloatArray
    applies: BoolArray
    at_least: BoolArray
    is_certain: bool
    known_in_part: BoolArray
    """Where the value is what is known of it, and alone more than the bound."""


@cache
def groups() -> tuple[Group, ...]:
    """All limits, goals and targets on file, by whom they hold for."""
    found: dict[tuple[str, str, str, str, str], list[Limit]] = {}
    for limit in reference.limits():
        key = (limit.device, limit.disease, limit.intent, limit.condition, level_of(limit.quantity))
        found.setdefault(key, []).append(limit)
    return tuple(Group(*key, tuple(limits)) for key, limits in found.items())


@dataclass(frozen=True, slots=True)
class Judged:
    """A group of limits held against cases: where its disease and intent are, and there, where its condition holds.

    ``fitting`` has the rows of its device, disease and intent; ``condition`` is ``None`` where there are none.
    ``delineated`` has the rows in whose territory tumor is told from normal liver, ``no_rest`` those of cases that do
    not say how much tumor is left untreated.
    """

    group: Group
    disease: Answer
    intent: Answer
    fitting: BoolArray
    condition: Answer | None
    delineated: BoolArray
    no_rest: BoolArray


def judged(scope: LimitScope, among: Iterable[Group] | None = None) -> tuple[Judged, ...]:
    """Every group on file for a device of the cases, or of those given, held against them."""
    found: list[Judged] = []
    for group in groups() if among is None else among:
        limit, level = group.limits[0], group.level
        of_device = scope.device(limit, level)
        if of_device.any():
            disease, intent = scope.disease(limit, level), scope.intent(limit, level)
            fitting = of_device & disease.holds & intent.holds
            condition = scope.condition(limit, level) if fitting.any() else None
            rest = scope.without_untreated_volume(level)
            found.append(Judged(group, disease, intent, fitting, condition, scope.delineated(level), rest))
    return tuple(found)


def is_off(limit: Limit, switched_on: Collection[str]) -> bool:
    """Whether a row is not evaluated unless a person asks for it: an unverified goal. Upper limits protect."""
    return limit.kind != "limit" and not limit.verified and limit.limit_id not in switched_on


def can_be_judged(limit: Limit, each: Judged) -> BoolArray:
    """Rows whose value says something of a limit or goal.

    Where tumor counts as normal liver, the dose of both is no minimum that the normal liver has reached.
    """
    is_least_of_normal = limit.kind == "goal" and limit.quantity == "normal_perfused_dose_gy"
    return each.delineated if is_least_of_normal else np.ones_like(each.delineated)


def finding_columns(
    found: Iterable[Judged], results: Results, *, switched_on: Collection[str] = ()
) -> Iterator[FindingColumn]:
    """Every limit and goal against every row it applies to: crossed, on its bound, met, or not checked and why."""
    for each in found:
        if each.condition is None:
            continue
        certain, unsure = each.fitting & each.condition.holds, each.fitting & each.condition.unknown
        parts = [(rows, is_certain) for rows, is_certain in ((certain, True), (unsure, False)) if rows.any()]
        for limit in each.group.limits:
            if limit.kind == "target":
                yield from _of_target(limit, certain, results)
            elif not is_off(limit, switched_on):
                for rows, is_certain in parts:
                    yield from _of_limit(limit, each, rows, results, is_certain=is_certain)


def exceeded(
    found: Iterable[Judged], results: Results, switches: LimitIds
) -> Iterator[tuple[Limit, Quantity, BoolArray]]:
    """Limits that are not switched off, each with its quantity and the rows of its level in which it is not kept."""
    for each in found:
        if each.condition is None:
            continue
        certain, possible = each.condition.holds, each.condition.holds | each.condition.unknown
        for limit in each.group.limits:
            if limit.kind == "limit" and limit.limit_id not in switches.off:
                quantity, bound, values, _ = _held(limit, results)
                kept = np.isnan(values) | compare(values, limit.comparator, bound)
                yield limit, quantity, each.fitting & (possible if limit.if_unknown else certain) & ~kept


def _of_target(limit: Limit, applies: BoolArray, results: Results) -> Iterator[FindingColumn]:
    """A published target dose beside the planned one: above it is a caution, below it is said."""
    quantity, bound, values, in_part = _held(limit, results)
    row = _Row(limit, quantity, bound, values, applies, np.zeros_like(applies), is_certain=True, known_in_part=in_part)
    above = applies & compare(values, ">", bound)
    yield from _columns(row, ((above, "goal", "caution", _sentence(row, "above the target")),))
    outcomes = (
        (applies & on_bound(values, bound), "reached"),
        (applies & compare(values, "<", bound), "below"),
    )
    yield from _columns(row, tuple((rows, "goal", "note", _sentence(row, said)) for rows, said in outcomes))


def _of_limit(
    limit: Limit, each: Judged, applies: BoolArray, results: Results, *, is_certain: bool
) -> Iterator[FindingColumn]:
    quantity, bound, values, in_part = _held(limit, results)
    values = np.where(can_be_judged(limit, each), values, np.nan)
    at_least = each.no_rest if limit.quantity in LOWER_BOUNDS else np.zeros_like(each.no_rest)
    row = _Row(limit, quantity, bound, values, applies, at_least, is_certain=is_certain, known_in_part=in_part)
    yield from _columns(row, _outcomes(row) if is_certain or limit.if_unknown else _not_judged(row))


def _held(limit: Limit, results: Results) -> tuple[Quantity, float, FloatArray, BoolArray]:
    """What a limit is checked on, its bound in the library's unit, the values, and where one is known in part.

    What is known of a value says something only where it alone is more than the bound.
    """
    quantity = quantity_named(limit.quantity, level_of(limit.quantity))
    bound, level = units.bound_in_library_unit(limit.bound, limit.unit), results.level(quantity.level)
    values = level[quantity.name]
    least = value_or_least(limit, level)
    in_part = np.isnan(values) & ~np.isnan(least)
    if in_part.any():
        in_part &= ~compare(least, limit.comparator, bound)
    return quantity, bound, np.where(in_part, least, values), in_part


def value_or_least(limit: Limit, level: Mapping[str, FloatArray]) -> FloatArray:
    """The values that a limit is checked on, and where one is not known what is known of it; else NaN."""
    values = level[limit.quantity]
    if limit.kind != "limit" or limit.quantity not in LEASTS:
        return values
    return np.where(np.isnan(values), level[LEASTS[limit.quantity]], values)


def _columns(row: _Row, outcomes: Iterable[Outcome]) -> Iterator[FindingColumn]:
    for rows, kind, severity, sentence in outcomes:
        if rows.any():
            yield _column(row, kind, severity, rows, sentence)


def _not_judged(row: _Row) -> Iterator[Outcome]:
    limit = row.limit
    when = f"it applies when {condition_in_words(limit)}, which is not known"
    yield row.applies, "not_checked", "note", says(f"{limit.label} ({limit.limit_id}) was not checked: {when}.")


def _outcomes(row: _Row) -> Iterator[Outcome]:
    """Rows, kind, severity and sentence of each way a limit can come out."""
    limit = row.limit
    missing = row.applies & np.isnan(row.values)
    met = row.applies & compare(row.values, limit.comparator, row.bound)
    failed = row.applies & ~missing & ~met
    at_least = met & row.at_least if limit.kind == "limit" else np.zeros_like(met)
    kind: Kind = "goal" if limit.kind == "goal" else "limit"
    kept, broken, at_it = OUTCOMES[limit.kind]
    not_checked = says(f"{limit.label} ({limit.limit_id}) was not checked: {why_unknown(limit.quantity)}.")
    protects = limit.kind == "limit" and limit.verified and limit.quantity in LIVER_DOSES
    yield missing, "not_checked", "caution" if protects else "note", not_checked
    yield met & ~at_least, kind, "note", _sentence(row, kept)
    yield at_least, kind, "caution", _sentence(row, f"{kept} by what is known, which is a lower bound")
    if failed.any():
        on_it, severity = failed & on_bound(row.values, row.bound), _severity(row, is_on_bound=False)
        yield failed & ~on_it & ~row.known_in_part, kind, severity, _sentence(row, broken)
        yield failed & ~on_it & row.known_in_part, kind, severity, _sentence(row, f"{broken} {_BY_A_PART}")
        yield on_it, kind, _severity(row, is_on_bound=True), _sentence(row, at_it)


def _severity(row: _Row, *, is_on_bound: bool) -> Severity:
    """Severity of a limit that is not met; at most a caution where it is not certain that the limit applies."""
    limit = row.limit
    eased = not limit.severity and (limit.kind != "limit" or is_on_bound)
    severity = "caution" if eased else severity_if_crossed(limit)
    return severity if row.is_certain or severity != "stop" or limit.if_unknown == "stop" else "caution"


def _sentence(row: _Row, outcome: str) -> Callable[[int], str]:
    limit, against = row.limit, bound_in_words(row.limit)
    doubt = "" if row.is_certain else f" It applies when {condition_in_words(limit)}, which is not known."

    def sentence(place: int) -> str:
        """Value, bound and outcome of a row."""
        value = float(row.values[place])
        is_edge = row.bound != 0 and on_bound(row.values[place : place + 1], row.bound).any()
        edge = " The value lies exactly on the bound." if is_edge else ""
        return f"{limit.label}: {value_in_words(value, limit)} against {against}: {outcome}.{edge}{doubt}"

    return sentence


def _column(
    row: _Row, kind: Kind, severity: Severity, rows: BoolArray, sentence: Callable[[int], str]
) -> FindingColumn:
    limit = row.limit
    room = row.bound - row.values if limit.comparator in ("<", "<=") else row.values - row.bound
    room = np.where(on_bound(row.values, row.bound), 0.0, room)
    return FindingColumn(
        rule=limit.limit_id,
        kind=kind,
        severity=severity,
        level=row.quantity.level,
        path=f"{PREFIXES[row.quantity.level]}{limit.quantity}",
        quantity=limit.quantity,
        rows=rows.nonzero()[0],
        sentence=sentence,
        values=row.values,
        limit=limit,
        bound=row.bound,
        # A target is there to be met: no distance from it is room.
        margins=None if limit.kind == "target" else room,
        at_least=row.at_least | row.known_in_part,
        needs_acknowledgement=severity == "stop",
    )
