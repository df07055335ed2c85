"""Dates of what is recorded as done, after the day on which the plan is made: the year or the month is a slip."""

import datetime
from collections.abc import Iterator
from typing import Any

from dosimetry import instants, reference
from dosimetry.case import Case
from dosimetry.finding_records import remark
from dosimetry.plan_record import Finding

_ZONES = datetime.timedelta(hours=14)
"""As far as any place is ahead of universal time: there the next day has come already."""
_RULE = "future_date"


def future_dates(case: Any, computed_at: str) -> Iterator[Finding]:
    """What is dated on a later day than the plan of a case of any treatment was made; ISO 8601 instants."""
    for name, path, day in _dated(case):
        if day and datetime.date.fromisoformat(day) > _latest(computed_at):
            yield remark(_RULE, path, _sentence(name, day, computed_at))


def _dated(case: Any) -> Iterator[tuple[str, str, str | None]]:
    """Flat name, path and day of everything that was done before a plan is made."""
    patient, mapping = case.patient, getattr(case, "mapping", None)
    yield "lab_date", "patient.lab_date", patient.lab_date if patient else None
    yield "mapping_date", "mapping.date", mapping.date if mapping else None
    for row, session in enumerate(getattr(case, "sessions", None) or ()):
        yield "session_date", f"sessions[{row}].date", session.date
    directive = getattr(case, "directive", None)
    if directive is not None:
        yield "directive_written_at", "directive.written_at", _day(directive.written_at)
        for row, each in enumerate(directive.territories):
            yield "revised_at", f"directive.territories[{row}].revised_at", _day(each.revised_at)


def _day(instant: str | None) -> str | None:
    return None if instant is None else str(instants.instant_from_text(instant).utc.date())


def future_injections(case: Case, computed_at: str) -> Iterator[Finding]:
    """Injections recorded for a later day than that of the plan: to be confirmed, a record is made of them."""
    for row, each in enumerate(case.delivery.territories if case.delivery else ()):
        day = _day(each.injected_at)
        if day and datetime.date.fromisoformat(day) > _latest(computed_at):
            path, text = f"delivery.territories[{row}].injected_at", _sentence("injected_at", day, computed_at)
            yield remark(_RULE, path, text, territory=each.territory, to_acknowledge=True)


def _latest(computed_at: str) -> datetime.date:
    return (datetime.datetime.fromisoformat(computed_at) + _ZONES).date()


def _sentence(name: str, day: str, computed_at: str) -> str:
    today = computed_at.partition("T")[0]
    return f"{reference.field(name).label} {day}: in the future, as this was computed on {today}. Is the date right?"
