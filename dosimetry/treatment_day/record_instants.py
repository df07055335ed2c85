"""When directive, second check and readings of the residual were made, beside the injection they belong to."""

from collections.abc import Collection, Iterator

import numpy as np

from dosimetry import instants, reference
from dosimetry.case import Case
from dosimetry.comparison import compare
from dosimetry.finding_records import remark
from dosimetry.plan_record import Finding
from dosimetry.treatment_day.case import TerritoryDelivery
from dosimetry.treatment_day.instant_rules import hours_from

_FORMULA = "record_instants"


def of_records(case: Case) -> Iterator[Finding]:
    """A directive, its revision or a second check dated after the injection, or long before it: the sign of a slip."""
    injections = _injections(case)
    if case.directive is not None:
        yield from _beside("written directive", "directive.written_at", case.directive.written_at, injections.values())
        for place, each in enumerate(case.directive.territories):
            path, own = f"directive.territories[{place}].revised_at", injections.get(each.territory)
            yield from _beside(f"revision for {each.territory}", path, each.revised_at, () if own is None else (own,))
    if case.second_check is not None:
        yield from _beside("second check", "second_check.at", case.second_check.at, injections.values())


def _beside(label: str, path: str, text: str | None, injections: Collection[str]) -> Iterator[Finding]:
    """One record beside the first of the injections it is made for."""
    if text is None or not injections:
        return
    hours = min(hours_from(text, injection) for injection in injections)
    longest_h = reference.coefficient(_FORMULA, "longest_before_days") * instants.HOURS_PER_DAY
    if not 0 <= hours <= longest_h:
        side = "after" if hours < 0 else "before"
        words = f"The {label} is dated {instants.duration_in_words(hours)} {side} the injection: is its date right?"
        yield remark("record_instant", path, words, value=hours, to_acknowledge=True)


def of_readings(each: TerritoryDelivery, path: str) -> Iterator[Finding]:
    """A reading of the residual a day or more from the injection: decay brings it back, also from a wrong date."""
    before, after = each.rates_before, each.rates_after
    spans = (
        ("full vial", "before", "rates_before.measured_at", before.measured_at if before else None, each.injected_at),
        ("residual", "after", "rates_after.measured_at", each.injected_at, after.measured_at if after else None),
        ("residual", "after", "residual_measured_at", each.injected_at, each.residual_measured_at),
    )
    longest_h = reference.coefficient(_FORMULA, "longest_reading_h")
    for what, side, name, start, end in spans:
        if start is not None and end is not None and compare(np.array(hours_from(start, end)), ">=", longest_h):
            hours = hours_from(start, end)
            words = (
                f"The {what} was measured {instants.duration_in_words(hours)} {side} the injection, and the reading is "
                "brought back by decay: is its date right?"
            )
            yield remark(
                "late_reading", f"{path}.{name}", words, territory=each.territory, value=hours, to_acknowledge=True
            )


def _injections(case: Case) -> dict[str, str]:
    """When each territory was injected; where no delivery of it is recorded, when it is to be."""
    planned = {each.territory: each.injection_at for each in case.order.territories} if case.order else {}
    return planned | ({each.territory: each.injected_at for each in case.delivery.territories} if case.delivery else {})
