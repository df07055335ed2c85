"""Findings of a treatment day: ordered vials, deliveries, second check. Sentences with their numbers."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from dosimetry import figures, instants, reference, units
from dosimetry.case import Case
from dosimetry.delivery import criterion
from dosimetry.delivery.amounts import waits_h
from dosimetry.plan_record import Finding, Kind, Severity
from dosimetry.ranges import unusual
from dosimetry.treatment_day.case import TerritoryDelivery
from dosimetry.treatment_day.records import AsTreated, CheckOutcome, DeliveredTerritory, OrderedTerritory
from dosimetry.treatment_day.swaps import swapped_pairs

JAR_POSITIONS = 4


def remark(
    rule: str,
    path: str,
    message: str,
    *,
    territory: str | None = None,
    value: float | None = None,
    bound: float | None = None,
    kind: Kind = "caution",
    severity: Severity = "caution",
    to_acknowledge: bool = False,
) -> Finding:
    """One finding of a treatment day."""
    return Finding(
        id=f"{rule}@{path}",
        kind=kind,
        severity=severity,
        territory=territory,
        lesion=None,
        quantity=rule,
        value=value,
        bound=bound,
        margin=None,
        source="",
        locator="",
        verified=True,
        acknowledgement="needed" if to_acknowledge else None,
        message=message,
    )


def of_order(case: Case, ordered: tuple[OrderedTerritory, ...]) -> Iterator[Finding]:
    """Ordered vials that miss the plan, are given before calibration or late, or look swapped."""
    if case.order is None:
        return
    places = {each.territory: place for place, each in enumerate(case.order.territories)}
    tolerance = case.order.tolerance_fraction
    for each in ordered:
        path = f"order.territories[{places[each.name]}]"
        if abs(each.difference_fraction) > tolerance:
            yield _off_plan(each, path, tolerance)
        vials = case.order.territories[places[each.name]].vials or ()
        for row, vial in enumerate(vials):
            age = _hours(vial.calibrated_at, each.injection_at)
            yield from _unusual_age(age, f"{path}.vials[{row}].calibrated_at", each.name, case.device)
            yield from _past_shelf_life(case, age, f"{path}.vials[{row}]", each.name)
    for place, stated in enumerate(case.order.territories):
        if stated.residual_fraction is not None:
            path = f"order.territories[{place}].residual_fraction"
            yield from _unusual_residual(stated.residual_fraction, path, stated.territory)
    activity = [each.vial_activity_gbq for each in ordered]
    planned = [each.planned_activity_gbq for each in ordered]
    names = {each.name: f"order.territories[{places[each.name]}]" for each in ordered}
    yield from _swapped(names, activity, planned, off_from=tolerance, what="ordered")


def _off_plan(each: OrderedTerritory, path: str, tolerance: float) -> Finding:
    given = each.vial_activity_gbq if each.administered_activity_gbq is None else each.administered_activity_gbq
    side = "above" if each.difference_fraction > 0 else "below"
    apart = figures.apart(abs(each.difference_fraction), tolerance)
    without = "" if each.administered_activity_gbq is not None else " The residual is not stated; none is counted."
    return remark(
        "ordered_activity",
        path,
        f"The ordered vials ({'; '.join(each.in_words)}) would give {_gbq_and_mci(given)} at "
        f"{each.injection_local}: {figures.percent(abs(each.difference_fraction), apart)} {side} the planned "
        f"{_gbq_and_mci(each.planned_activity_gbq)}. {each.reached_in_words}{without}",
        territory=each.name,
        value=each.difference_fraction,
        bound=tolerance,
        to_acknowledge=True,
    )


def _gbq_and_mci(gbq: float) -> str:
    mci = figures.trimmed(float(units.mci_from_gbq(gbq)), 4)
    return f"{figures.trimmed(gbq, 4)} GBq = {mci} mCi"


def _value(value: float, unit: str) -> str:
    return _gbq_and_mci(value) if unit == "GBq" else f"{figures.trimmed(value, 5)} {unit}"


def _hours(start: str, end: str) -> float:
    return instants.hours_between(instants.instant_from_text(start).utc, instants.instant_from_text(end).utc)


def _unusual_age(age_h: float, path: str, territory: str, device: str) -> Iterator[Finding]:
    """The same intervals that a typed age of the vial has."""
    for interval in reference.unusual_intervals():
        is_meant = interval.name == "vial_age_h" and interval.device in ("*", device)
        if is_meant and unusual(interval, np.array([age_h])).any():
            side = "after" if age_h > 0 else "before"
            words = f"The injection is {instants.duration_in_words(age_h)} {side} calibration. {interval.hint}"
            yield remark("vial_age", path, words, territory=territory, value=age_h, to_acknowledge=True)


def _past_shelf_life(case: Case, age_h: float, path: str, territory: str) -> Iterator[Finding]:
    rows = [row for row in reference.table("shelf_lives") if row.device == case.device]
    typed = case.order.shelf_life_h if case.order else None
    bound = typed if typed is not None else next((row.shelf_life_h for row in rows), None)
    if bound is not None and age_h > bound:
        of = "as typed" if typed is not None else "not verified"
        words = (
            f"The injection is {instants.duration_in_words(age_h)} after calibration, past the shelf life of "
            f"{instants.duration_in_words(bound)} ({of})."
        )
        yield remark("past_shelf_life", path, words, territory=territory, value=age_h, bound=bound, to_acknowledge=True)


def _swapped(
    paths: Mapping[str, str], activity: Iterable[float], planned: Iterable[float], *, off_from: float, what: str
) -> Iterator[Finding]:
    """Pairs of territories whose activities fit each other's plan; ``paths`` by name, in the order of the others."""
    names, given, wanted = list(paths), np.array(list(activity)), np.array(list(planned))
    for one, other in swapped_pairs(activity_gbq=given, planned_gbq=wanted, off_from=off_from):
        yield remark(
            "vials_swapped",
            paths[names[one]],
            f"The activities {what} for {names[one]} ({_gbq_and_mci(float(given[one]))}) and {names[other]} "
            f"({_gbq_and_mci(float(given[other]))}) fit each other's plan and not their own: were the vials swapped?",
            territory=names[one],
            value=float(given[one]),
            to_acknowledge=True,
        )


def of_delivery(case: Case, delivered: AsTreated | None) -> Iterator[Finding]:
    """What a delivery makes a person look at: differences, residuals, what was not recorded."""
    if delivered is None or case.delivery is None:
        return
    recorded = {each.name for each in delivered.territories}
    for territory in case.territories:
        if territory.name not in recorded:
            text = "The delivery of this territory is not recorded: doses of the session as treated are not given."
            yield remark(
                "not_delivered",
                "delivery.territories",
                text,
                territory=territory.name,
                kind="not_checked",
                severity="note",
            )
    for place, (each, made) in enumerate(zip(case.delivery.territories, delivered.territories, strict=True)):
        path = f"delivery.territories[{place}]"
        yield from _off_planned_activity(made, path)
        yield from _directive(made, path)
        yield from _residual(each, made, path)
        yield from _unrecorded(each, path)
        for row, wait in enumerate(waits_h(each)):
            yield from _unusual_wait(wait, f"{path}.vials[{row}].assayed_at", each.territory, case.device)
    yield from _swapped(
        {each.name: f"delivery.territories[{place}]" for place, each in enumerate(delivered.territories)},
        [each.delivered_activity_gbq for each in delivered.territories],
        [each.planned_activity_gbq for each in delivered.territories],
        off_from=criterion.criterion_fraction(),
        what="delivered",
    )


def _unusual_wait(wait_h: float, path: str, territory: str, device: str) -> Iterator[Finding]:
    yield from (each for each in _unusual_age(wait_h, path, territory, device) if wait_h > 0)


def _off_planned_activity(made: DeliveredTerritory, path: str) -> Iterator[Finding]:
    difference = made.fraction_of_planned - 1.0
    if not criterion.meets(difference):
        return
    yield remark(
        "delivered_activity",
        path,
        f"Delivered {_gbq_and_mci(made.delivered_activity_gbq)} of {_gbq_and_mci(made.planned_activity_gbq)} planned: "
        f"{criterion.in_words(difference)}. Are vial, target and units right?",
        territory=made.name,
        value=difference,
        bound=criterion.criterion_fraction(),
        to_acknowledge=True,
    )


def _directive(made: DeliveredTerritory, path: str) -> Iterator[Finding]:
    """Each value of the written directive, and the reasons that were recorded. What must be reported is not decided."""
    for line in made.directive:
        name = "directive_criterion_revised" if line.revised else "directive_criterion"
        if line.difference_fraction is None:
            text = (
                f"The delivered value of {line.quantity} is not known: it is not compared with the written directive."
            )
            yield remark(name, path, text, territory=made.name, kind="not_checked", severity="note")
            continue
        of = f"the {'revised ' if line.revised else ''}written directive"
        outcome = criterion.outcome_in_words(line.difference_fraction)
        reasons = f" Reasons recorded: {'; '.join(made.reasons)}." if made.reasons else " No reason is recorded."
        yield remark(
            name,
            path,
            f"{line.quantity}: delivered {_value(line.delivered or 0.0, line.unit)}, {of} "
            f"{_value(line.directed, line.unit)}, difference {criterion.in_words(line.difference_fraction)}: "
            f"{outcome}.{reasons if line.meets_criterion else ''}",
            territory=made.name,
            value=line.difference_fraction,
            bound=criterion.criterion_fraction(),
            severity="caution" if line.meets_criterion else "note",
        )


def _residual(each: TerritoryDelivery, made: DeliveredTerritory, path: str) -> Iterator[Finding]:
    """Residuals in an interval where a slip is likely, and rates that were not corrected or complete."""
    if made.residual_route == "typed fraction":
        yield from _unusual_residual(made.residual_fraction, path, made.name)
    before, after = each.rates_before, each.rates_after
    if before is None or after is None:
        return
    if before.background_rate is None or after.background_rate is None:
        text = "The background of the exposure rates is not stated, and none was subtracted: measure and enter it."
        yield remark("no_background", f"{path}.rates_after.background_rate", text, territory=made.name)
    if {len(before.rates), len(after.rates)} != {JAR_POSITIONS}:
        text = (
            f"{len(before.rates)} reading(s) before and {len(after.rates)} after: the mean of {JAR_POSITIONS} sides of "
            "the jar is usual."
        )
        yield remark("jar_positions", path, text, territory=made.name, severity="note")


def _unusual_residual(left: float, path: str, territory: str) -> Iterator[Finding]:
    """A typed residual in an interval where a slip is likely."""
    for interval in reference.unusual_intervals():
        if interval.name == "residual_fraction" and unusual(interval, np.array([left])).any():
            words = f"The residual is {figures.percent(left)}. {interval.hint}"
            yield remark("unusual_residual", path, words, territory=territory, value=left, to_acknowledge=True)


def _unrecorded(each: TerritoryDelivery, path: str) -> Iterator[Finding]:
    name = each.territory
    if each.contamination_checked is not True:
        text = "Contamination is not recorded as checked: contamination outside the jar has been read as residual."
        yield remark(
            "contamination", f"{path}.contamination_checked", text, territory=name, kind="not_checked", severity="note"
        )
    if each.survey is None:
        yield remark(
            "survey", f"{path}.survey", "No survey is recorded.", territory=name, kind="not_checked", severity="note"
        )
    if each.stasis:
        text = "The injection ended in stasis: the doses assume that the distribution is the one that was planned."
        yield remark("stasis", f"{path}.stasis", text, territory=name)
    if each.stopped_early and not each.reason:
        text = "The injection was stopped early, and no reason is recorded."
        yield remark("no_reason", f"{path}.reason", text, territory=name)


def _shown(value: float | str | None) -> str:
    return figures.trimmed(value) if isinstance(value, float) else value or "nothing"


def of_check(outcome: CheckOutcome | None) -> Iterator[Finding]:
    """Where the second person, or the second route, came to something else."""
    if outcome is None:
        return
    for each in (*outcome.inputs, *outcome.results):
        if each.outcome == "differs":
            values = f"{_shown(each.of_plan)} in the plan, {_shown(each.of_check)} in the check"
            text = f"Second check by {outcome.by}: {each.label} differs: {values}."
            value = each.of_plan if isinstance(each.of_plan, float) else None
            yield remark(
                "second_check", f"{each.place}.{each.name}".lstrip("."), text, value=value, to_acknowledge=True
            )
    missing = [each.label for each in outcome.inputs if each.outcome == "not typed"]
    if missing:
        text = f"Second check by {outcome.by}: not typed again: {', '.join(dict.fromkeys(missing))}."
        yield remark("second_check_incomplete", "second_check", text, kind="not_checked", severity="note")
