"""Vials that were ordered, at the planned instants of injection, beside the planned activities."""

from collections.abc import Iterator

import numpy as np

from dosimetry import decay, figures, instants
from dosimetry.case import Case
from dosimetry.evaluation import Evaluated
from dosimetry.ordering.options import vial_at_injection
from dosimetry.ordering.residuals import expected_residual
from dosimetry.treatment_day import vial_decay
from dosimetry.treatment_day.case import TerritoryOrder
from dosimetry.treatment_day.records import OrderedTerritory
from dosimetry.treatment_day.residual import delivered_activity_gbq, difference_fraction


def ordered(case: Case, evaluated: Evaluated) -> tuple[OrderedTerritory, ...]:
    """Every territory for which vials were ordered; none without an order."""
    found = case.order.territories if case.order else ()
    return tuple(line for each in found if each.vials for line in _ordered(case, each, evaluated))


def _ordered(case: Case, each: TerritoryOrder, evaluated: Evaluated) -> Iterator[OrderedTerritory]:
    row = [territory.name for territory in case.territories].index(each.territory)
    half_life_h = float(evaluated.constants.half_life_h[0])
    injection = instants.instant_from_text(each.injection_at)
    vials = [(vial, instants.instant_from_text(vial.calibrated_at)) for vial in each.vials or ()]
    activity = vial_decay.activity_at_gbq(
        activity_gbq=[vial.calibrated_activity_gbq for vial, _ in vials],
        elapsed_h=[instants.hours_between(calibrated.utc, injection.utc) for _, calibrated in vials],
        half_life_h=half_life_h,
    )
    at_injection = [
        vial_at_injection(
            calibrated_activity_gbq=vial.calibrated_activity_gbq,
            calibrated=calibrated,
            injection=injection,
            activity_gbq=float(left),
        )
        for (vial, calibrated), left in zip(vials, activity, strict=True)
    ]
    residual = expected_residual(case, each)
    given = float(delivered_activity_gbq(vial_gbq=np.sum(activity), residual_fraction=residual or 0.0))
    planned = float(evaluated.results.territory["administered_activity_gbq"][row])
    later_h = float(decay.elapsed_h(activity_start_gbq=given, activity_end_gbq=planned, half_life_h=half_life_h))
    reached = instants.later(injection.utc, later_h)
    yield OrderedTerritory(
        name=each.territory,
        injection_at=injection.text,
        injection_local=injection.local,
        in_words=tuple(
            f"{figures.trimmed(vial.calibrated_activity_gbq)} GBq, calibrated {calibrated.local}, {vial.in_words}"
            for vial, (_, calibrated) in zip(at_injection, vials, strict=True)
        ),
        vial_activity_gbq=float(np.sum(activity)),
        administered_activity_gbq=None if residual is None else given,
        planned_activity_gbq=planned,
        difference_fraction=float(difference_fraction(delivered=given, intended=planned)),
        reached_at=instants.iso(reached),
        reached_in_words=_reached(later_h, instants.shown(instants.to_the_minute(reached), injection)),
    )


def would_be_given_gbq(each: OrderedTerritory) -> float:
    """What the ordered vials would give, beside the plan; all that they hold where no residual is stated. [GBq]"""
    return each.vial_activity_gbq if each.administered_activity_gbq is None else each.administered_activity_gbq


def _reached(later_h: float, at: str) -> str:
    side, hours = "later" if later_h > 0 else "earlier", figures.trimmed(abs(later_h), 4)
    return f"The planned activity is reached {instants.duration_in_words(later_h)} {side} ({hours} h), at {at}."
