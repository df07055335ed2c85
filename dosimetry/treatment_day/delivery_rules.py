"""Rules on a delivery: one way to each number, instants in order, residuals that are possible."""

from collections.abc import Iterable, Iterator

import numpy as np

from dosimetry import figures, instants
from dosimetry.case import Case
from dosimetry.delivery.amounts import assay_gbq, assayed_and_decayed_gbq, net_rate, residual_fractions
from dosimetry.problems import Problem
from dosimetry.treatment_day.case import DeliveredVial, ExposureRates, TerritoryDelivery
from dosimetry.treatment_day.instant_rules import hours_from, not_far, not_later, possible_age

_NET = {
    "rates_before": ("be positive", "Were reading and background swapped?"),
    "rates_after": (
        "not be negative",
        "Were reading and background swapped? A residual hidden in the background is a typed residual of 0.",
    ),
}
"""What the net rate must be, and what may have happened where it is not."""


def of_delivery(case: Case) -> Iterator[Problem]:
    """Every broken rule of the records of a delivery."""
    for place, each in enumerate(case.delivery.territories if case.delivery else ()):
        path = f"delivery.territories[{place}]"
        if not each.vials:
            yield Problem(f"{path}.vials", "must hold at least one vial.")
        for row, vial in enumerate(each.vials):
            yield from _vial(vial, each.injected_at, f"{path}.vials[{row}]")
        yield from _one_route(each, path)
        yield from _rates(each, path)
        yield from _background(each, path)
        yield from _in_order(each, path)
        yield from _measured_lesions(case, each, path)


def _vial(vial: DeliveredVial, injected_at: str | None, path: str) -> Iterator[Problem]:
    drawn = (vial.before_drawing_gbq, vial.after_drawing_gbq)
    if (vial.assay_activity_gbq is None) != (drawn != (None, None)) or (drawn.count(None) == 1):
        text = "an assay is assay_activity_gbq, or before_drawing_gbq and after_drawing_gbq of the stock vial."
        yield Problem(path, text)
    elif None not in drawn and not assay_gbq(vial) > 0:
        before, after = (figures.trimmed(value or 0.0) for value in drawn)
        text = f"after_drawing_gbq must be < before_drawing_gbq {before} GBq; got {after} GBq. Were they swapped?"
        yield Problem(f"{path}.after_drawing_gbq", text)
    if injected_at is None or None in (vial.assayed_at,):
        return
    late = list(not_later("assayed_at", vial.assayed_at, "injected_at", injected_at, f"{path}.assayed_at"))
    yield from late or possible_age(vial.assayed_at, injected_at, f"{path}.assayed_at")


def _one_route(each: TerritoryDelivery, path: str) -> Iterator[Problem]:
    by_rates = each.rates_before is not None or each.rates_after is not None
    routes = [each.residual_fraction is not None, each.residual_activity_gbq is not None, by_rates]
    if sum(routes) != 1:
        yield Problem(
            path if sum(routes) else f"{path}.residual_fraction",
            "the residual is stated in one of three ways: a measured activity (residual_activity_gbq), a percentage "
            "(delivered_residual_fraction), or exposure rates of the jar before and after; "
            f"{'several are' if sum(routes) else 'none is'} given.",
        )
    if by_rates and (each.rates_before is None or each.rates_after is None):
        yield Problem(path, "exposure rates are needed before and after the injection.")
    if by_rates and each.rate_unit is None:
        yield Problem(f"{path}.rate_unit", "rates_before and rates_after need their unit.")
    if (each.residual_activity_gbq is None) != (each.residual_measured_at is None):
        yield Problem(path, "residual_activity_gbq and residual_measured_at belong together.")


def _rates(each: TerritoryDelivery, path: str) -> Iterator[Problem]:
    for name in ("rates_before", "rates_after"):
        rates: ExposureRates | None = getattr(each, name)
        if rates is not None and not rates.rates:
            yield Problem(f"{path}.{name}.rates", "must hold at least one reading.")
        elif rates is not None and None not in rates.rates and not _net_is_possible(rates, name):
            net, background = (figures.trimmed(value) for value in (net_rate(rates), rates.background_rate or 0.0))
            rule, hint = _NET[name]
            text = f"the mean reading less background must {rule}; got {net} with a background of {background}. {hint}"
            yield Problem(f"{path}.{name}.background_rate", text)


def _background(each: TerritoryDelivery, path: str) -> Iterator[Problem]:
    """Subtracted from one of two readings, a background would change their ratio."""
    before, after = each.rates_before, each.rates_after
    if before is None or after is None or (before.background_rate is None) == (after.background_rate is None):
        return
    missing = "rates_before" if before.background_rate is None else "rates_after"
    text = (
        "the background is given for one of the two readings; give it before and after the injection, or for neither."
    )
    yield Problem(f"{path}.{missing}.background_rate", text)


def _net_is_possible(rates: ExposureRates, name: str) -> bool:
    return net_rate(rates) > 0 or (name == "rates_after" and net_rate(rates) == 0)


def _in_order(each: TerritoryDelivery, path: str) -> Iterator[Problem]:
    """What is left is measured after the injection, the full vial before it."""
    before, after = each.rates_before, each.rates_after
    pairs = [
        ("injected_at", each.injected_at, "residual_measured_at", each.residual_measured_at),
        ("injected_at", each.injected_at, "rates_after.measured_at", after.measured_at if after else None),
        ("rates_before.measured_at", before.measured_at if before else None, "injected_at", each.injected_at),
    ]
    for first, start, second, end in pairs:
        if start is None or end is None:
            continue
        if hours_from(start, end) < 0:
            words = instants.duration_in_words(hours_from(start, end))
            text = f"{second} must not be earlier than {first}; it is {words} earlier. Is a zone or a date wrong?"
            yield Problem(f"{path}.{second}", text)
        yield from not_far(first, start, second, end, f"{path}.{second}")


def _measured_lesions(case: Case, each: TerritoryDelivery, path: str) -> Iterator[Problem]:
    known = [
        lesion.name
        for territory in case.territories
        if territory.name == each.territory
        for lesion in territory.lesions
        if lesion.name
    ]
    named = each.measured.lesions or () if each.measured else ()
    for row, name in enumerate(lesion.name for lesion in named):
        if name and (name not in known or name in [lesion.name for lesion in named[:row]]):
            listed = ", ".join(known)
            text = f"measured_lesion must name a lesion of the territory once; got {name!r}, known: {listed}."
            yield Problem(f"{path}.measured.lesions[{row}].name", text)


def of_amounts(case: Case, half_life_h: float) -> Iterable[Problem]:
    """No more left behind than was there: a residual above the vial is a mistake, and no delivery below nothing."""
    if case.delivery is None:
        return
    deliveries = case.delivery.territories
    # Amounts may still be impossible here, that is what the rule is for: no warnings about them.
    with np.errstate(all="ignore"):
        left = residual_fractions(deliveries, assayed_and_decayed_gbq(deliveries, half_life_h)[1], half_life_h)
    for place, (each, fraction) in enumerate(zip(deliveries, left.tolist(), strict=True)):
        if fraction > 1:
            shown = figures.percent(fraction, figures.apart(fraction, 1.0))
            name = "rates_after" if each.rates_after is not None else "residual_activity_gbq"
            yield Problem(
                f"delivery.territories[{place}].{name}",
                f"{name} leaves {shown} of what was there before: less than nothing would have been delivered. "
                "Were the readings before and after swapped?",
            )
