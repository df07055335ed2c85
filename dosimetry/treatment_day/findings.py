"""Findings of a treatment day: ordered vials and second check. Sentences with their numbers."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from dosimetry import figures, instants, reference, units
from dosimetry.case import Case
from dosimetry.comparison import compare
from dosimetry.delivery import criterion
from dosimetry.finding_records import remark
from dosimetry.ordering.inputs import stated_in_vain
from dosimetry.ordering.ordered import would_be_given_gbq
from dosimetry.plan_record import Finding
from dosimetry.ranges import unusual_intervals
from dosimetry.reference_rows import ANY
from dosimetry.treatment_day.case import Order
from dosimetry.treatment_day.instant_rules import hours_from
from dosimetry.treatment_day.records import CheckOutcome, OrderedTerritory
from dosimetry.treatment_day.residual import difference_fraction
from dosimetry.treatment_day.swaps import swapped_pairs


def of_order(case: Case, ordered: tuple[OrderedTerritory, ...]) -> Iterator[Finding]:
    """Ordered vials that miss the plan, are given before calibration or late, or look swapped."""
    if case.order is None:
        return
    yield from _in_vain(case, case.order)
    places = {each.territory: place for place, each in enumerate(case.order.territories)}
    tolerance = case.order.tolerance_fraction
    for each in ordered:
        path = f"order.territories[{places[each.name]}]"
        if compare(np.abs(each.difference_fraction), ">", tolerance):
            yield _off_plan(each, path, tolerance)
        if each.administered_activity_gbq is None:
            text = "The expected residual is not stated: none is counted, and less than the vials hold will be given."
            yield remark("ordered_without_residual", path, text, territory=each.name)
        vials = case.order.territories[places[each.name]].vials or ()
        for row, vial in enumerate(vials):
            age = hours_from(vial.calibrated_at, each.injection_at)
            yield from unusual_age(age, f"{path}.vials[{row}].calibrated_at", each.name, case.device)
            yield from _past_shelf_life(case, age, f"{path}.vials[{row}]", each.name)
    for place, stated in enumerate(case.order.territories):
        if stated.residual_fraction is not None:
            path = f"order.territories[{place}].residual_fraction"
            yield from unusual_residual(stated.residual_fraction, path, stated.territory)
    activity = [would_be_given_gbq(each) for each in ordered]
    planned = [each.planned_activity_gbq for each in ordered]
    names = {each.name: f"order.territories[{places[each.name]}]" for each in ordered}
    yield from swapped(names, activity, planned, what="ordered")


def _in_vain(case: Case, order: Order) -> Iterator[Finding]:
    """What an order states and its device does not take."""
    for field, name in stated_in_vain(order, case.device).items():
        product = reference.device_named(case.device).product
        text = f"'{reference.field(name).label}' is stated, and an order of {product} does not use it."
        yield remark("order_input_not_used", f"order.{field}", text)


def _off_plan(each: OrderedTerritory, path: str, tolerance: float) -> Finding:
    given, planned = would_be_given_gbq(each), each.planned_activity_gbq
    side = "above" if each.difference_fraction > 0 else "below"
    apart = figures.apart(abs(each.difference_fraction), tolerance)
    return remark(
        "ordered_activity",
        path,
        f"The ordered vials ({'; '.join(each.in_words)}) would give {gbq_and_mci(given)} at "
        f"{each.injection_local}: {figures.percent(abs(each.difference_fraction), apart)} {side} the planned "
        f"{gbq_and_mci(planned)}. {each.reached_in_words}{unit_slip(given, planned)}",
        territory=each.name,
        value=each.difference_fraction,
        bound=tolerance,
        to_acknowledge=True,
    )


def unit_slip(given_gbq: float, planned_gbq: float) -> str:
    """The question whether a number was typed in the other unit, where in that unit it would be that of the plan."""
    in_the_other = {"GBq": units.mci_from_gbq(planned_gbq), "mCi": units.gbq_from_mci(planned_gbq)}
    for unit, intended in in_the_other.items():
        if not criterion.meets(difference_fraction(delivered=given_gbq, intended=float(intended))):
            other = next(each for each in in_the_other if each != unit)
            return f" The number fits the plan in {other}: was it typed for {unit}?"
    return ""


def gbq_and_mci(gbq: float) -> str:
    """An activity in both units, for a sentence."""
    mci = figures.trimmed(float(units.mci_from_gbq(gbq)), 4)
    return f"{figures.trimmed(gbq, 4)} GBq = {mci} mCi"


def unusual_age(
    age_h: float, path: str, territory: str, device: str, *, since: str = "calibration"
) -> Iterator[Finding]:
    """The same intervals that a typed age of the vial has."""
    for interval in unusual_intervals("vial_age_h", age_h, device):
        side = "after" if age_h > 0 else "before"
        words = f"The injection is {instants.duration_in_words(age_h)} {side} {since}. {interval.hint}"
        yield remark("vial_age", path, words, territory=territory, value=age_h, to_acknowledge=True)


def _past_shelf_life(case: Case, age_h: float, path: str, territory: str) -> Iterator[Finding]:
    row = next((row for row in reference.table("shelf_lives") if row.device == case.device), None)
    typed = case.order.shelf_life_h if case.order else None
    bound = typed if typed is not None else (row.shelf_life_h if row else None)
    if bound is not None and age_h > bound:
        of = "as typed" if typed is not None else ("verified" if row and row.verified else "not verified")
        words = (
            f"The injection is {_in_words_and_hours(age_h, bound)} after calibration, past the shelf life of "
            f"{_in_words_and_hours(bound, age_h)}, {of}."
        )
        yield remark("past_shelf_life", path, words, territory=territory, value=age_h, bound=bound, to_acknowledge=True)


def _in_words_and_hours(hours: float, beside: float) -> str:
    """A time span in words, and in hours with enough digits to tell it from another."""
    shown = figures.trimmed(hours, figures.apart(hours, beside))
    return f"{instants.duration_in_words(hours)} ({shown} h)"


def swapped(
    paths: Mapping[str, str], activity: Iterable[float], planned: Iterable[float], *, what: str
) -> Iterator[Finding]:
    """Pairs of territories whose activities fit each other's plan; ``paths`` by name, in the order of the others."""
    names, given, wanted = list(paths), np.array(list(activity)), np.array(list(planned))
    for one, other in swapped_pairs(activity_gbq=given, planned_gbq=wanted):
        yield remark(
            "vials_swapped",
            paths[names[one]],
            f"The activities {what} for {names[one]} ({gbq_and_mci(float(given[one]))}) and {names[other]} "
            f"({gbq_and_mci(float(given[other]))}) fit each other's plan better than their own: were the vials "
            "swapped?",
            territory=names[one],
            value=float(given[one]),
            to_acknowledge=True,
        )


def unusual_residual(left: float, path: str, territory: str) -> Iterator[Finding]:
    """A typed residual in an interval where a slip is likely."""
    for interval in unusual_intervals("residual_fraction", left, ANY):
        words = f"The residual is {figures.percent(left)}. {interval.hint}"
        yield remark("unusual_residual", path, words, territory=territory, value=left, to_acknowledge=True)


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
