"""Drawing the activities of several territories from one stock vial, one after the other, by the calibrator."""

import numpy as np

from dosimetry import figures, instants
from dosimetry.arrays import FloatArray
from dosimetry.case import Case
from dosimetry.instants import Instant
from dosimetry.treatment_day.order_records import Draw, Stock
from dosimetry.ordering.on_file import OnOffer, calibrations, vial_volume_ml
from dosimetry.ordering.options import age_notes, vial_at_injection
from dosimetry.treatment_day import vial_decay
from dosimetry.treatment_day.case import Order


def stocks(
    case: Case, order: Order, injections: list[Instant], vial_gbq: FloatArray, offer: OnOffer, half_life_h: float
) -> tuple[Stock, ...]:
    """Every size and calibration of a stock vial from which all ordered territories are drawn at one instant.

    ``vial_gbq`` is what each territory's own vial must hold at its injection, in the order of ``injections``. [GBq]
    """
    drawn = injections[0] if order.drawn_at is None else instants.instant_from_text(order.drawn_at)
    waits_h = np.array([instants.hours_between(drawn.utc, each.utc) for each in injections])
    dispense = vial_decay.activity_at_gbq(activity_gbq=vial_gbq, elapsed_h=-waits_h, half_life_h=half_life_h)
    names = [each.territory for each in order.territories]
    return tuple(
        _stock(case, size, calibrated, drawn, names, dispense, offer, half_life_h)
        for calibrated in calibrations(case, order, injections[0], offer.shelf_life_h)
        for size in offer.sizes_gbq
    )


def _stock(
    case: Case,
    size_gbq: float,
    calibrated: Instant,
    drawn: Instant,
    names: list[str],
    dispense: FloatArray,
    offer: OnOffer,
    half_life_h: float,
) -> Stock:
    age_h = instants.hours_between(calibrated.utc, drawn.utc)
    holds = float(vial_decay.activity_at_gbq(activity_gbq=size_gbq, elapsed_h=age_h, half_life_h=half_life_h))
    after = holds - np.cumsum(dispense)
    before = after + dispense
    volume_ml = vial_volume_ml(case.device)
    guidance = (
        [None] * len(names)
        if volume_ml is None
        else vial_decay.drawn_volume_ml(drawn_gbq=dispense, stock_gbq=holds, stock_volume_ml=volume_ml).tolist()
    )
    notes = age_notes(age_h, offer.shelf_life_h)
    if after[-1] < 0:
        notes.append(f"{figures.trimmed(-after[-1], 3)} GBq too little for all territories.")
    return Stock(
        vial=vial_at_injection(
            calibrated_activity_gbq=size_gbq, calibrated=calibrated, injection=drawn, activity_gbq=holds
        ),
        draws=tuple(
            Draw(
                name=name,
                dispense_gbq=float(dispense[row]),
                before_gbq=float(before[row]),
                after_gbq=float(after[row]),
                guidance_volume_ml=guidance[row],
            )
            for row, name in enumerate(names)
        ),
        remaining_gbq=float(after[-1]),
        note=" ".join(notes),
    )
