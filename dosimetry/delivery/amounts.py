"""Amounts of a delivery: from assays, instants and what was left behind to the delivered activity.

The records of a case become columns over its delivered territories; everything is computed on these.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from dosimetry.arrays import FloatArray, floats
from dosimetry.case import Case
from dosimetry.instants import hours_between, instant_from_text
from dosimetry.treatment_day import residual, vial_decay
from dosimetry.treatment_day.case import DeliveredVial, ExposureRates, TerritoryDelivery
from dosimetry.treatment_day.records import Route

READINGS: Mapping[Route, int] = MappingProxyType({"exposure rates": 2, "measured activity": 1, "typed fraction": 0})
"""Independent readings behind the residual of each route."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """Columns over the delivered territories, in the order of the case file. [GBq, 1]"""

    assayed_gbq: FloatArray
    decayed_gbq: FloatArray
    routes: tuple[Route, ...]
    residual_fraction: FloatArray
    delivered_gbq: FloatArray


def amounts(deliveries: Sequence[TerritoryDelivery], half_life_h: float) -> Amounts:
    """Assayed, decayed and delivered activity of every delivered territory."""
    assayed, decayed = assayed_and_decayed_gbq(deliveries, half_life_h)
    left = residual_fractions(deliveries, decayed, half_life_h)
    return Amounts(
        assayed_gbq=assayed,
        decayed_gbq=decayed,
        routes=tuple(route_of(each) for each in deliveries),
        residual_fraction=left,
        delivered_gbq=residual.delivered_activity_gbq(vial_gbq=decayed, residual_fraction=left),
    )


def assayed_and_decayed_gbq(
    deliveries: Sequence[TerritoryDelivery], half_life_h: float
) -> tuple[FloatArray, FloatArray]:
    """Assays of every territory, each at its own instant, and the activity left of them at the injection. [GBq]"""
    owner = np.array([row for row, each in enumerate(deliveries) for _ in each.vials], dtype=np.int64)
    assay = floats([assay_gbq(vial) for each in deliveries for vial in each.vials])
    wait_h = floats([wait for each in deliveries for wait in waits_h(each)])
    at_injection = vial_decay.activity_at_gbq(activity_gbq=assay, elapsed_h=wait_h, half_life_h=half_life_h)
    assayed, decayed = (np.bincount(owner, weights=each, minlength=len(deliveries)) for each in (assay, at_injection))
    return floats(assayed), floats(decayed)


def assay_gbq(vial: DeliveredVial) -> float:
    """The assay of a vial: its activity, or the calibrator's difference before and after drawing. [GBq]"""
    if vial.assay_activity_gbq is not None:
        return vial.assay_activity_gbq
    return (vial.before_drawing_gbq or 0.0) - (vial.after_drawing_gbq or 0.0)


def ordered_gbq(case: Case, delivery: TerritoryDelivery, half_life_h: float) -> float | None:
    """What the vials that were ordered for a territory hold at its injection; ``None`` where none was ordered. [GBq]

    Vials drawn from a stock are not compared: the order names the stock, the assay what was drawn.
    """
    of_order = case.order.territories if case.order else ()
    vials = [vial for each in of_order if each.territory == delivery.territory for vial in each.vials or ()]
    if not vials or any(vial.assay_activity_gbq is None for vial in delivery.vials):
        return None
    injected = instant_from_text(delivery.injected_at).utc
    at_injection = vial_decay.activity_at_gbq(
        activity_gbq=[vial.calibrated_activity_gbq for vial in vials],
        elapsed_h=[hours_between(instant_from_text(vial.calibrated_at).utc, injected) for vial in vials],
        half_life_h=half_life_h,
    )
    return float(np.sum(at_injection))


def waits_h(delivery: TerritoryDelivery) -> list[float]:
    """Hours from the assay of each vial to the injection."""
    injected = instant_from_text(delivery.injected_at).utc
    return [hours_between(instant_from_text(vial.assayed_at).utc, injected) for vial in delivery.vials]


def route_of(delivery: TerritoryDelivery) -> Route:
    """By which of the three ways the residual of a territory is known."""
    if delivery.rates_after is not None:
        return "exposure rates"
    return "typed fraction" if delivery.residual_fraction is not None else "measured activity"


def net_rate(rates: ExposureRates) -> float:
    """Mean over the positions of the jar, less background where one was measured."""
    return float(np.mean(rates.rates)) - (rates.background_rate or 0.0)


def residual_fractions(
    deliveries: Sequence[TerritoryDelivery], decayed_gbq: FloatArray, half_life_h: float
) -> FloatArray:
    """Residual of every territory as a fraction of its activity at injection, each by its own route; may exceed 1."""
    typed = floats([np.nan if each.residual_fraction is None else each.residual_fraction for each in deliveries])
    rates = floats([_rates(each) for each in deliveries]).reshape(-1, 3).T
    from_rates = residual.residual_from_rates(
        net_before=rates[0], net_after=rates[1], hours_between=rates[2], half_life_h=half_life_h
    )
    measured = floats([_measured(each) for each in deliveries]).reshape(-1, 2).T
    from_activity = residual.residual_from_activity(
        residual_gbq=measured[0], hours_since_injection=measured[1], half_life_h=half_life_h, vial_gbq=decayed_gbq
    )
    return np.where(np.isnan(rates[0]), np.where(np.isnan(typed), from_activity, typed), from_rates)


def _rates(delivery: TerritoryDelivery) -> tuple[float, float, float]:
    """Net rates before and after, and the hours between them; NaN without rates."""
    before, after = delivery.rates_before, delivery.rates_after
    if before is None or after is None:
        return np.nan, np.nan, np.nan
    apart = hours_between(instant_from_text(before.measured_at).utc, instant_from_text(after.measured_at).utc)
    return net_rate(before), net_rate(after), apart


def _measured(delivery: TerritoryDelivery) -> tuple[float, float]:
    """Measured residual activity and the hours since injection; NaN without it."""
    if delivery.residual_activity_gbq is None or delivery.residual_measured_at is None:
        return np.nan, np.nan
    injected, measured = (instant_from_text(text).utc for text in (delivery.injected_at, delivery.residual_measured_at))
    return delivery.residual_activity_gbq, hours_between(injected, measured)
