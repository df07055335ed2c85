"""What can be ordered: sizes, calibrations and shelf life, as typed in the case or as they stand on file."""

import datetime
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dosimetry import figures, instants, reference
from dosimetry.case import Case
from dosimetry.conventions import TYPED
from dosimetry.evaluation import Evaluated
from dosimetry.instants import Instant
from dosimetry.reference_rows import Sourced
from dosimetry.treatment_day.case import Order
from dosimetry.treatment_day.order_records import Assumed, Assumption
from dosimetry.treatment_day.rows import Calibration, ShelfLife, Vial
from dosimetry.what_if.bounds import TerritoryBounds

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class OnOffer:
    """Sizes in GBq, shelf life in hours, and the origin of both. A shelf life of ``None`` is not known."""

    sizes_gbq: tuple[float, ...]
    shelf_life_h: float | None
    assumptions: tuple[Assumption, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A case with its order, everything computed from its plan, and what is on offer.

    ``beside`` is the same with what was delivered, else what the ordered vials would give, and ``bounds`` has the
    activity at which each territory reaches its limits beside the others of that.
    """

    case: Case
    order: Order
    evaluated: Evaluated
    offer: OnOffer
    beside: Evaluated
    bounds: tuple[TerritoryBounds, ...]

    @property
    def half_life_h(self) -> float:
        """The half-life by which the vials decay. [h]"""
        return float(self.evaluated.constants.half_life_h[0])

    def row_of(self, territory: str) -> int:
        """The row of a territory in the case."""
        return [each.name for each in self.case.territories].index(territory)


def on_offer(case: Case, order: Order) -> OnOffer:
    """Sizes and shelf life for a case; what the user typed takes the place of what is on file."""
    sizes, of_sizes = _sizes(case.device, order)
    shelf_life, of_shelf_life = _shelf_life(case.device, order)
    return OnOffer(sizes_gbq=sizes, shelf_life_h=shelf_life, assumptions=(*of_sizes, *of_shelf_life))


def vial_volume_ml(device: str) -> float | None:
    """Volume of a stock vial on file. [mL]"""
    return next((row.volume_ml for row in _vials(device, "size")), None)


def calibrations(work: Work, injection: Instant) -> tuple[Instant, ...]:
    """Calibration instants for one injection, earliest first.

    Typed ones are all taken. On file are those of a weekday that lie before the injection and within the shelf life,
    and those a number of days after the day of injection.
    """
    if work.order.calibrated_at:
        found = [instants.instant_from_text(text) for text in work.order.calibrated_at]
    else:
        rows = _calibrations(work.case.device)
        found = [each for row in rows for each in _on_file(row, injection, work.offer.shelf_life_h)]
    return tuple(sorted(found, key=lambda each: each.utc))


def calibration_assumptions(case: Case, order: Order) -> tuple[Assumption, ...]:
    """Where the calibrations come from."""
    if order.calibrated_at:
        typed = (instants.instant_from_text(text).local for text in order.calibrated_at)
        return tuple(_typed("calibration", text) for text in typed)
    return tuple(_assumption("calibration", _calibration_in_words(row), row) for row in _calibrations(case.device))


def _sizes(device: str, order: Order) -> tuple[tuple[float, ...], list[Assumption]]:
    if order.vial_activities_gbq:
        typed = tuple(sorted(set(order.vial_activities_gbq)))
        return typed, [_typed("vial", f"{figures.trimmed(size)} GBq") for size in typed]
    rows = _vials(device, "size")
    sizes = [row.activity_gbq for row in rows]
    if order.custom_steps:
        for step in _vials(device, "custom_step"):
            count = round((max(sizes) - min(sizes)) / step.activity_gbq)
            sizes = [min(sizes) + place * step.activity_gbq for place in range(count + 1)]
            rows = (*rows, step)
    return tuple(sizes), [_assumption("vial", _size_in_words(row), row) for row in rows]


def _size_in_words(row: Vial) -> str:
    size = f"{figures.trimmed(row.activity_gbq)} GBq"
    return f"custom sizes in steps of {size}" if row.kind == "custom_step" else size


def _shelf_life(device: str, order: Order) -> tuple[float | None, list[Assumption]]:
    if order.shelf_life_h is not None:
        return order.shelf_life_h, [_typed("shelf life", instants.duration_in_words(order.shelf_life_h))]
    rows: list[ShelfLife] = [row for row in reference.table("shelf_lives") if row.device == device]
    if not rows:
        return None, []
    words = f"{instants.duration_in_words(rows[0].shelf_life_h)} after calibration"
    return rows[0].shelf_life_h, [_assumption("shelf life", words, rows[0])]


def _calibration_in_words(row: Calibration) -> str:
    day = (
        row.weekday.capitalize()
        or f"{figures.trimmed(row.days_after_injection or 0.0)} days after the day of injection"
    )
    return f"{day}, {row.clock} {row.zone}"


def _on_file(row: Calibration, injection: Instant, shelf_life_h: float | None) -> Iterator[Instant]:
    day = injection.utc.astimezone(injection.shown_in).date()
    if row.days_after_injection is not None:
        yield _at(day + datetime.timedelta(days=row.days_after_injection), row)
        return
    # A calibration may be dated a day later than the injection and yet lie before it, across the date line.
    days = int(np.ceil((shelf_life_h or 0.0) / instants.HOURS_PER_DAY)) + 1
    for back in range(-1, days + 1):
        date = day - datetime.timedelta(days=back)
        if WEEKDAYS[date.weekday()] == row.weekday:
            calibrated = _at(date, row)
            if 0 <= instants.hours_between(calibrated.utc, injection.utc) <= (shelf_life_h or 0.0):
                yield calibrated


def _at(date: datetime.date, row: Calibration) -> Instant:
    """A day's clock time of a calibration on file; of a repeated time the first, of a skipped one the next."""
    place = zoneinfo.ZoneInfo(row.zone)
    local = datetime.datetime.combine(date, datetime.time.fromisoformat(row.clock), tzinfo=place)
    return Instant(utc=local.astimezone(datetime.UTC), shown_in=place, zone=row.zone)


def _vials(device: str, kind: str) -> tuple[Vial, ...]:
    return tuple(row for row in reference.table("vials") if (row.device, row.kind) == (device, kind))


def _calibrations(device: str) -> tuple[Calibration, ...]:
    return tuple(row for row in reference.table("calibrations") if row.device == device)


def _typed(what: Assumed, value: str) -> Assumption:
    return Assumption(what=what, value=value, source=TYPED, locator="", verified=False)


def _assumption(what: Assumed, value: str, row: Sourced) -> Assumption:
    citation = reference.citation(row.source_id)
    return Assumption(what=what, value=value, source=citation, locator=row.locator, verified=row.verified)
