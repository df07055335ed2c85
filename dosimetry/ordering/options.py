"""The options of a territory as records: columns of candidates with their instants and sentences."""

from dataclasses import dataclass

import numpy as np

from dosimetry import figures, instants, spheres
from dosimetry.instants import Instant
from dosimetry.ordering.on_file import Work, calibrations
from dosimetry.ordering.search import NONE, Candidates, Vials, candidates, single_vials
from dosimetry.treatment_day.order_records import Option, VialAtInjection
from dosimetry.what_if.planned_doses import known, lesion_doses


@dataclass(frozen=True, slots=True)
class _Found:
    """What the search of one territory gave, and what its records are made from."""

    work: Work
    territory: int
    injection: Instant
    calibrated: tuple[Instant, ...]
    vials: Vials
    candidates: Candidates


def options(work: Work, territory: int, injection: Instant) -> tuple[Option, ...]:
    """Every vial, and with ``pairs`` every pair, for one territory; none where nothing can be calibrated in time."""
    calibrated = calibrations(work, injection)
    if not calibrated or not work.offer.sizes_gbq:
        return ()
    vials = single_vials(
        device=work.case.device,
        sizes_gbq=np.array(work.offer.sizes_gbq),
        vial_age_h=np.array([instants.hours_between(each.utc, injection.utc) for each in calibrated]),
        half_life_h=work.half_life_h,
    )
    order = work.order
    made = candidates(
        work.evaluated, territory, vials, tolerance_fraction=order.tolerance_fraction, pairs=bool(order.pairs)
    )
    found = _Found(work, territory, injection, calibrated, vials, made)
    at_injection = [_vial(found, row) for row in range(len(vials.activity_gbq))]
    return tuple(_option(found, row, at_injection) for row in range(len(made.first)))


def vial_at_injection(
    *, calibrated_activity_gbq: float, calibrated: Instant, injection: Instant, activity_gbq: float
) -> VialAtInjection:
    """One vial from calibration to injection, with elapsed time and decay in words."""
    age_h = instants.hours_between(calibrated.utc, injection.utc)
    return VialAtInjection(
        calibrated_activity_gbq=calibrated_activity_gbq,
        calibrated_at=calibrated.text,
        calibrated_local=calibrated.local,
        vial_age_h=age_h,
        activity_gbq=activity_gbq,
        in_words=instants.elapsed_in_words(age_h, activity_gbq / calibrated_activity_gbq),
    )


def _vial(found: _Found, row: int) -> VialAtInjection:
    vials = found.vials
    return vial_at_injection(
        calibrated_activity_gbq=float(vials.calibrated_activity_gbq[row]),
        calibrated=found.calibrated[int(vials.calibration[row])],
        injection=found.injection,
        activity_gbq=float(vials.activity_gbq[row]),
    )


def _option(found: _Found, row: int, at_injection: list[VialAtInjection]) -> Option:
    made, results = found.candidates, found.candidates.results
    places = [int(place) for place in (made.first[row], made.second[row]) if place != NONE]
    own = row * len(found.work.case.territories) + found.territory
    vials = tuple(at_injection[place] for place in places)
    volume_ml = found.work.case.territories[found.territory].perfused_volume_ml
    first, last = (
        instants.later(found.injection.utc, float(hours[row])) for hours in (made.window_from_h, made.window_until_h)
    )
    return Option(
        vials=vials,
        vial_activity_gbq=float(made.vial_activity_gbq[row]),
        administered_activity_gbq=float(made.administered_activity_gbq[row]),
        difference_fraction=float(made.difference_fraction[row]),
        is_within_tolerance=bool(made.is_within_tolerance[row]),
        window_from=instants.iso(first),
        window_until=instants.iso(last),
        window_local=(instants.clock(first, found.injection), instants.clock(last, found.injection)),
        perfused_dose_gy=float(results.territory["perfused_dose_gy"][own]),
        normal_perfused_dose_gy=known(results.territory["normal_perfused_dose_gy"], own),
        lesions=lesion_doses(found.work.case, results, found.territory, scenario=row),
        lung_dose_gy=known(results.case["lung_dose_gy"], row),
        sphere_activity_lower_bq=float(made.sphere_activity_lower_bq[row]),
        sphere_activity_upper_bq=float(made.sphere_activity_upper_bq[row]),
        spheres_lower_million=float(made.spheres_lower_million[row]),
        spheres_upper_million=float(made.spheres_upper_million[row]),
        spheres_per_ml_lower=_per_ml(made.spheres_lower_million[row], volume_ml),
        spheres_per_ml_upper=_per_ml(made.spheres_upper_million[row], volume_ml),
        note=" ".join(
            dict.fromkeys(note for vial in vials for note in age_notes(vial.vial_age_h, found.work.offer.shelf_life_h))
        ),
    )


def _per_ml(spheres_million: float, volume_ml: float) -> float:
    return float(spheres.spheres_per_ml(spheres_million=spheres_million, perfused_volume_ml=volume_ml))


def age_notes(vial_age_h: float, shelf_life_h: float | None) -> list[str]:
    """What must be said about the age of a vial: before calibration, or past its shelf life."""
    if vial_age_h < 0:
        return [f"Injected {instants.duration_in_words(vial_age_h)} before calibration."]
    if shelf_life_h is not None and vial_age_h > shelf_life_h:
        return [
            f"Past the shelf life of {instants.duration_in_words(shelf_life_h)} ({figures.trimmed(shelf_life_h)} h)."
        ]
    return []
