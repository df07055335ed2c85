"""Rules on the treatment day of a case: names that exist, instants in order, residuals that are possible.

Outside them the input is a mistake and the case is refused. Fields that the reader refused may be missing.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from dosimetry import figures, instants, reference
from dosimetry.case import Case
from dosimetry.case_fields import Leaf, leaves
from dosimetry.columns import TARGET_LESION, flat_names
from dosimetry.conventions import Constants
from dosimetry.delivery.amounts import assay_gbq, assayed_and_decayed_gbq, net_rate, residual_fractions
from dosimetry.instants import hours_between
from dosimetry.problems import Problem
from dosimetry.ranges import outside, range_sentence
from dosimetry.treatment_day.case import DeliveredVial, ExposureRates, TerritoryDelivery, TerritoryDirective

_TARGETS = ("perfused", "normal_perfused")


def problems(case: Case, constants: Constants, *, is_read: bool) -> list[Problem]:
    """Every broken rule of the treatment day. Amounts are computed once everything was read and is possible."""
    found = [
        *_listed_ranges(case),
        *_names(case),
        *_half_life(case, constants),
        *_sessions(case),
        *_directive(case),
        *_order(case),
        *_delivery(case),
    ]
    return found if found or not is_read else list(_amounts(case, float(constants.half_life_h[0])))


def _listed_ranges(case: Case) -> Iterator[Problem]:
    """Every number of a list inside the range of its rule; numbers outside lists are checked as columns."""
    for leaf in leaves():
        if leaf.level == "list" and leaf.field.kind in (int, float):
            rule = reference.field(flat_names()[leaf.path])
            for path, value in _values(case, leaf):
                if value is not None and outside(rule, np.array([value], dtype=np.float64)).any():
                    yield Problem(path, range_sentence(rule, value))


def _values(case: Case, leaf: Leaf) -> Iterator[tuple[str, Any]]:
    """Every value of a field inside lists, with its path."""
    found: list[tuple[str, Any]] = [("", case)]
    for step in leaf.path.split("."):
        name = step.removesuffix("[]")
        inner = [(f"{path}.{name}".lstrip("."), getattr(record, name)) for path, record in found]
        found = [(path, value) for path, value in inner if value is not None]
        if step.endswith("[]"):
            found = [(f"{path}[{place}]", one) for path, value in found for place, one in enumerate(value)]
    yield from found


def _names(case: Case) -> Iterator[Problem]:
    """Territories of a treatment day are territories of the case, each at most once; so are their lesions."""
    known = [territory.name for territory in case.territories]
    for part in ("directive", "order", "delivery", "scout", "second_check"):
        record = getattr(case, part)
        if record is None:
            continue
        names = [getattr(each, "territory", None) or getattr(each, "name", None) for each in record.territories]
        if not names:
            yield Problem(f"{part}.territories", "must hold at least one territory.")
        for place, name in enumerate(names):
            path = f"{part}.territories[{place}]"
            if name is not None and name not in known:
                yield Problem(path, f"the case has no territory {name!r}; it has {', '.join(map(repr, known))}.")
            elif name is not None and name in names[:place]:
                yield Problem(path, f"territory {name!r} stands more than once.")


def _half_life(case: Case, constants: Constants) -> Iterator[Problem]:
    if (case.order or case.delivery) and np.isnan(constants.half_life_h[0]):
        yield Problem(
            "constants.half_life_h",
            "half_life_h is missing: orders and deliveries decay. Name a convention or type it under constants.",
        )


def _sessions(case: Case) -> Iterator[Problem]:
    if case.sessions is None:
        return
    if not case.sessions:
        yield Problem("sessions", "sessions must hold at least one session; leave the key out when there was none.")
    if case.lung and case.lung.previous_dose_gy is not None:
        yield Problem("sessions", "sessions and lung.previous_dose_gy state the same; give one of them.")
    if case.prior and case.prior.tare is False:
        yield Problem("prior.tare", "prior_tare is false, but earlier sessions are stated; which is right?")


def _directive(case: Case) -> Iterator[Problem]:
    for place, each in enumerate(case.directive.territories if case.directive else ()):
        path = f"directive.territories[{place}]"
        if (each.dose_gy is None) == (each.activity_gbq is None):
            yield Problem(path, "a directive states a dose or an activity: directed_dose_gy or directed_activity_gbq.")
        elif each.dose_gy is None and each.target is not None:
            yield Problem(f"{path}.target", "directed_target belongs to a dose; a directed activity has none.")
        elif each.dose_gy is not None and each.target not in _targets(case, each):
            known = ", ".join(_targets(case, each))
            yield Problem(f"{path}.target", f"directed_target must be one of {known}; got {each.target!r}.")
        yield from _revision(each, path)


def _revision(each: TerritoryDirective, path: str) -> Iterator[Problem]:
    revised = (each.revised_dose_gy, each.revised_activity_gbq)
    if revised == (None, None):
        return
    if (each.revised_dose_gy is None) != (each.dose_gy is None) or None not in revised:
        yield Problem(path, "a revision has the quantity of the first value: a dose or an activity, as there.")
    if each.revised_reason is None:
        yield Problem(f"{path}.revised_reason", "a revision needs its reason: revised_reason.")


def _targets(case: Case, directive: TerritoryDirective) -> list[str]:
    lesions = [each.lesions for each in case.territories if each.name == directive.territory]
    return [*_TARGETS, *(f"{TARGET_LESION}{lesion.name}" for held in lesions for lesion in held if lesion.name)]


def _order(case: Case) -> Iterator[Problem]:
    if case.order is None:
        return
    for place, each in enumerate(case.order.territories):
        path = f"order.territories[{place}]"
        for row, vial in enumerate(each.vials or ()):
            yield from _age(vial.calibrated_at, each.injection_at, f"{path}.vials[{row}].calibrated_at")
        for row, text in enumerate(case.order.calibrated_at or ()):
            yield from _age(text, each.injection_at, f"order.calibrated_at[{row}]")
        for name in ("drawn_at", "reference_at"):
            yield from _age(getattr(case.order, name), each.injection_at, f"order.{name}")


def _age(start: str | None, injection: str | None, path: str) -> Iterator[Problem]:
    """Calibration and injection so far apart that a date must be wrong."""
    if start is None or injection is None:
        return
    rule = reference.field("vial_age_h")
    hours = _hours(start, injection)
    if outside(rule, np.array([hours])).any():
        yield Problem(path, f"{range_sentence(rule, hours)} Is the year or month of {start} right?")


def _hours(start: str, end: str) -> float:
    return hours_between(instants.instant_from_text(start).utc, instants.instant_from_text(end).utc)


def _delivery(case: Case) -> Iterator[Problem]:
    for place, each in enumerate(case.delivery.territories if case.delivery else ()):
        path = f"delivery.territories[{place}]"
        if not each.vials:
            yield Problem(f"{path}.vials", "must hold at least one vial.")
        for row, vial in enumerate(each.vials):
            yield from _vial(vial, each.injected_at, f"{path}.vials[{row}]")
        yield from _one_route(each, path)
        yield from _rates(each, path)
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
    wait = _hours(vial.assayed_at, injected_at)
    if wait < 0:
        words = instants.duration_in_words(wait)
        text = f"assayed_at must not be later than injected_at; it is {words} later. Is a zone or a date wrong?"
        yield Problem(f"{path}.assayed_at", text)
    else:
        yield from _age(vial.assayed_at, injected_at, f"{path}.assayed_at")


def _one_route(each: TerritoryDelivery, path: str) -> Iterator[Problem]:
    by_rates = each.rates_before is not None or each.rates_after is not None
    routes = [each.residual_fraction is not None, each.residual_activity_gbq is not None, by_rates]
    if sum(routes) != 1:
        yield Problem(
            path,
            "the residual is stated by one way: residual_activity_gbq, delivered_residual_fraction, or rates_before "
            f"and rates_after; got {sum(routes) or 'none'}{' of them' if sum(routes) else ''}.",
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
            text = f"the mean reading less background must be positive; got {net} with a background of {background}."
            yield Problem(f"{path}.{name}.background_rate", f"{text} Were reading and background swapped?")


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
        if start is not None and end is not None and _hours(start, end) < 0:
            words = instants.duration_in_words(_hours(start, end))
            text = f"{second} must not be earlier than {first}; it is {words} earlier. Is a zone or a date wrong?"
            yield Problem(f"{path}.{second}", text)


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


def _amounts(case: Case, half_life_h: float) -> Iterable[Problem]:
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
