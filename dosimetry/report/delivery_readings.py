"""The readings behind assay and residual of a delivery, with the digits they were typed with."""

from collections.abc import Iterator

from dosimetry import figures, instants, reference
from dosimetry.treatment_day.case import DeliveredVial, TerritoryDelivery


def _as_typed(gbq: float | None) -> str:
    """An activity with the digits it was typed with, so that the numbers that follow can be reworked."""
    return figures.MISSING if gbq is None else figures.with_unit(figures.trimmed(gbq, 6), "GBq")


def assay(vial: DeliveredVial) -> str:
    """What the calibrator read of one vial."""
    if vial.assay_activity_gbq is not None:
        return _as_typed(vial.assay_activity_gbq)
    return f"{_as_typed(vial.before_drawing_gbq)} before and {_as_typed(vial.after_drawing_gbq)} after drawing"


def residual(typed: TerritoryDelivery) -> Iterator[tuple[str, str]]:
    """What the residual was worked out from."""
    unit = reference.choices("rate_unit").get(typed.rate_unit or "", "")
    for name, rates in (("Exposure rates before", typed.rates_before), ("Exposure rates after", typed.rates_after)):
        if rates is not None:
            shown = figures.with_unit(", ".join(figures.trimmed(rate, 6) for rate in rates.rates), unit)
            background = "not stated" if rates.background_rate is None else figures.trimmed(rates.background_rate, 6)
            at = instants.instant_from_text(rates.measured_at).local
            yield name, f"{shown}, background {background}, at {at}"
    before, after = typed.rates_before, typed.rates_after
    if before is not None and after is not None:
        yield "From rates before to after", _apart(before.measured_at, after.measured_at)
    if typed.residual_measured_at is not None:
        at = instants.instant_from_text(typed.residual_measured_at).local
        yield "Left behind", f"{_as_typed(typed.residual_activity_gbq)} at {at}"
        yield "From injection to reading", _apart(typed.injected_at, typed.residual_measured_at)


def _apart(start: str, end: str) -> str:
    """The time over which a reading is brought back by decay."""
    first, last = (instants.instant_from_text(text).utc for text in (start, end))
    return instants.duration_in_words(instants.hours_between(first, last))
