"""Drawing the activities of several territories from one stock vial, one after the other, by the calibrator."""

import numpy as np

from dosimetry import figures, instants
from dosimetry.arrays import FloatArray
from dosimetry.instants import Instant
from dosimetry.ordering.on_file import Work, calibrations, vial_volume_ml
from dosimetry.ordering.options import age_notes, vial_at_injection
from dosimetry.treatment_day import vial_decay
from dosimetry.treatment_day.order_records import Draw, Stock, VialAtInjection


def stocks(work: Work, injections: list[Instant], vial_gbq: FloatArray) -> tuple[Stock, ...]:
    """Every size and calibration of a stock vial from which all ordered territories are drawn at one instant.

    ``vial_gbq`` is what each territory's own vial must hold at its injection, in the order of ``injections``. [GBq]
    """
    drawn = injections[0] if work.order.drawn_at is None else instants.instant_from_text(work.order.drawn_at)
    waits_h = np.array([instants.hours_between(drawn.utc, each.utc) for each in injections])
    dispense = vial_decay.activity_at_gbq(activity_gbq=vial_gbq, elapsed_h=-waits_h, half_life_h=work.half_life_h)
    return tuple(
        _stock(work, _at_drawing(work, size, calibrated, drawn), dispense, float(np.max(waits_h)))
        for calibrated in calibrations(work, injections[0])
        for size in work.offer.sizes_gbq
    )


def _at_drawing(work: Work, size_gbq: float, calibrated: Instant, drawn: Instant) -> VialAtInjection:
    age_h = instants.hours_between(calibrated.utc, drawn.utc)
    holds = vial_decay.activity_at_gbq(activity_gbq=size_gbq, elapsed_h=age_h, half_life_h=work.half_life_h)
    return vial_at_injection(
        calibrated_activity_gbq=size_gbq, calibrated=calibrated, injection=drawn, activity_gbq=float(holds)
    )


def _stock(work: Work, vial: VialAtInjection, dispense: FloatArray, longest_wait_h: float) -> Stock:
    after = vial.activity_gbq - np.cumsum(dispense)
    rows = zip(work.order.territories, dispense.tolist(), after.tolist(), _volumes(work, vial, dispense), strict=True)
    # What is drawn in time may still be injected too late.
    notes = age_notes(vial.vial_age_h, work.offer.shelf_life_h, done="Drawn")
    notes = notes or age_notes(max(0.0, vial.vial_age_h + longest_wait_h), work.offer.shelf_life_h)
    if after[-1] < 0:
        notes.append(f"{figures.trimmed(-float(after[-1]), 3)} GBq too little for all territories.")
    return Stock(
        vial=vial,
        draws=tuple(
            Draw(
                name=each.territory,
                dispense_gbq=drawn_gbq,
                before_gbq=left_gbq + drawn_gbq,
                after_gbq=left_gbq,
                guidance_volume_ml=volume_ml,
            )
            for each, drawn_gbq, left_gbq, volume_ml in rows
        ),
        remaining_gbq=float(after[-1]),
        note=" ".join(notes),
    )


def _volumes(work: Work, vial: VialAtInjection, dispense: FloatArray) -> list[float | None]:
    """Volumes that hold the activities, as guidance; none where the volume of the vial is not on file. [mL]"""
    stock_ml = vial_volume_ml(work.case.device)
    if stock_ml is None:
        return [None] * len(dispense)
    volumes = vial_decay.drawn_volume_ml(drawn_gbq=dispense, stock_gbq=vial.activity_gbq, stock_volume_ml=stock_ml)
    return [float(volume) for volume in volumes]
