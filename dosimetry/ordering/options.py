"""The options of a territory as records: columns of candidates with their instants and sentences."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from dosimetry import figures, instants, spheres, time_spans
from dosimetry.comparison import compare
from dosimetry.instants import Instant
from dosimetry.ordering.on_file import Work, calibrations
from dosimetry.ordering.search import NONE, Candidates, Vials, candidates, single_vials
from dosimetry.treatment_day.order_records import Option, VialAtInjection
from dosimetry.what_if.planned_doses import all_known, all_lesion_doses

_EARLY, _LATE = "Begins before calibration.", "Ends past the shelf life."


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
        work.evaluated,
        territory,
        vials,
        beside_gbq=work.beside.results.territory["administered_activity_gbq"],
        tolerance_fraction=order.tolerance_fraction,
        pairs=bool(order.pairs),
    )
    found = _Found(work, territory, injection, calibrated, vials, made)
    return tuple(_records(found))


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


def _records(found: _Found) -> Iterator[Option]:
    """Column by column, then one record a candidate: there are thousands of pairs."""
    names = tuple(each.name for each in fields(Option))
    columns = _columns(found)
    rows = zip(*(columns[name] for name in names), strict=True)
    return (Option(**dict(zip(names, row, strict=True))) for row in rows)


def _columns(found: _Found) -> dict[str, Iterable[Any]]:
    """Every field of the options, in the order of the candidates."""
    made, territory = found.candidates, found.work.case.territories[found.territory]
    vials, notes = _vials(found)
    spans = time_spans.spans(found.injection, made.window_from_h, made.window_until_h)
    window_from, window_until = spans.iso()
    per_ml = [
        spheres.spheres_per_ml(spheres_million=count, perfused_volume_ml=territory.perfused_volume_ml).tolist()
        for count in (made.spheres_lower_million, made.spheres_upper_million)
    ]
    numbers = {
        each.name: column.tolist()
        for each in fields(Candidates)
        if isinstance(column := getattr(made, each.name), np.ndarray)
    }
    return {
        **numbers,
        **_doses(found),
        "vials": vials,
        "window_from": window_from,
        "window_until": window_until,
        "window_local": spans.clocks(found.injection),
        "spheres_per_ml_lower": per_ml[0],
        "spheres_per_ml_upper": per_ml[1],
        "limits_crossed": _limits_crossed(found),
        "note": notes,
    }


def _limits_crossed(found: _Found) -> list[tuple[str, ...]]:
    """Ids of the limits that every candidate crosses; one that no activity keeps is crossed by all."""
    given = found.candidates.administered_activity_gbq
    crossed: list[list[str]] = [[] for _ in given]
    for bound in found.work.bounds[found.territory].bounds:
        if bound.kind == "limit":
            is_kept_by_none = np.ones(given.shape, dtype=np.bool_)
            beyond = is_kept_by_none if bound.activity_gbq is None else compare(given, ">", bound.activity_gbq)
            for place in np.flatnonzero(beyond):
                crossed[place].append(bound.limit)
    return [tuple(ids) for ids in crossed]


def _vials(found: _Found) -> tuple[list[tuple[VialAtInjection, ...]], list[str]]:
    """The vials of every candidate, and what must be said about their ages."""
    made = found.candidates
    single = [_vial(found, row) for row in range(len(found.vials.activity_gbq))]
    places = [
        (first,) if second == NONE else (first, second)
        for first, second in zip(made.first.tolist(), made.second.tolist(), strict=True)
    ]
    of_ages = [tuple(age_notes(vial.vial_age_h, found.work.offer.shelf_life_h)) for vial in single]
    notes = (
        list(dict.fromkeys(note for place in each for note in of_ages[place])) or list(window)
        for each, window in zip(places, _window_notes(found), strict=True)
    )
    return [tuple(single[place] for place in each) for each in places], [" ".join(each) for each in notes]


def _window_notes(found: _Found) -> Iterator[tuple[str, ...]]:
    """Windows in which a vial is before its calibration, or past its shelf life, and at the injection is neither."""
    made, age_h = found.candidates, found.vials.vial_age_h
    others = np.where(made.second == NONE, made.first, made.second)
    youngest, oldest = (pick(age_h[made.first], age_h[others]) for pick in (np.minimum, np.maximum))
    shelf_life_h = np.inf if found.work.offer.shelf_life_h is None else found.work.offer.shelf_life_h
    early = (youngest + made.window_from_h < 0).tolist()
    late = (oldest + made.window_until_h > shelf_life_h).tolist()
    for is_early, is_late in zip(early, late, strict=True):
        yield (*((_EARLY,) if is_early else ()), *((_LATE,) if is_late else ()))


def _doses(found: _Found) -> dict[str, Iterable[Any]]:
    """Doses of the territory and the lungs under every candidate."""
    results, case = found.candidates.results, found.work.case
    own = slice(found.territory, None, len(case.territories))
    return {
        "perfused_dose_gy": results.territory["perfused_dose_gy"][own].tolist(),
        "normal_perfused_dose_gy": all_known(results.territory["normal_perfused_dose_gy"][own]),
        "lesions": all_lesion_doses(case, results, found.territory),
        "lung_dose_gy": all_known(results.case["lung_dose_gy"]),
    }


def age_notes(vial_age_h: float, shelf_life_h: float | None, *, done: str = "Injected") -> list[str]:
    """What must be said about the age of a vial: before calibration, or past its shelf life."""
    if vial_age_h < 0:
        return [f"{done} {instants.duration_in_words(vial_age_h)} before calibration."]
    if shelf_life_h is not None and vial_age_h > shelf_life_h:
        of = f"{instants.duration_in_words(shelf_life_h)} ({figures.trimmed(shelf_life_h)} h)"
        return [f"{done} past the shelf life of {of}."]
    return []
