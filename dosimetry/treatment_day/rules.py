"""Rules on the treatment day of a case: names that exist, instants in order, residuals that are possible.

Outside them the input is a mistake and the case is refused. Fields that the reader refused may be missing.
"""

import datetime
from collections.abc import Iterator
from typing import Any

import numpy as np

from dosimetry import instants, reference
from dosimetry.case import Case
from dosimetry.case_fields import Leaf, leaves
from dosimetry.columns import TARGET_LESION, TARGET_NORMAL, TARGET_PERFUSED, flat_names
from dosimetry.conventions import Constants
from dosimetry.problems import Problem
from dosimetry.ranges import outside, range_sentence
from dosimetry.treatment_day.case import TerritoryDirective
from dosimetry.treatment_day.delivery_rules import of_amounts, of_delivery
from dosimetry.treatment_day.instant_rules import not_later, possible_age

_TARGETS = (TARGET_PERFUSED, TARGET_NORMAL)


def problems(case: Case, constants: Constants, *, is_read: bool) -> list[Problem]:
    """Every broken rule of the treatment day. Amounts are computed once everything was read and is possible."""
    found = [
        *_listed_ranges(case),
        *_names(case),
        *_half_life(case, constants),
        *_sessions(case),
        *_directive(case),
        *_order(case),
        *of_delivery(case),
    ]
    return found if found or not is_read else list(of_amounts(case, float(constants.half_life_h[0])))


def _listed_ranges(case: Case) -> Iterator[Problem]:
    """Every number of a list inside the range of its rule; numbers outside lists are checked as columns."""
    for leaf in leaves():
        if leaf.level == "list" and leaf.field.kind in (int, float):
            rule = reference.field(flat_names()[leaf.path])
            for path, value in _values(case, leaf):
                if value is not None and outside(rule, np.array([value], dtype=np.float64)).any():
                    yield Problem(path, range_sentence(rule, value))


def _values(case: Case, leaf: Leaf) -> Iterator[tuple[str, Any]]:
    """Every value of a field inside lists, with its path."""
    found: list[tuple[str, Any]] = [("", case)]
    for step in leaf.path.split("."):
        name = step.removesuffix("[]")
        inner = [(f"{path}.{name}".lstrip("."), getattr(record, name)) for path, record in found]
        found = [(path, value) for path, value in inner if value is not None]
        if step.endswith("[]"):
            found = [(f"{path}[{place}]", one) for path, value in found for place, one in enumerate(value)]
    yield from found


def _names(case: Case) -> Iterator[Problem]:
    """Territories of a treatment day are territories of the case, each at most once; so are their lesions."""
    known = [territory.name for territory in case.territories]
    for part in ("directive", "order", "delivery", "scout", "second_check"):
        record = getattr(case, part)
        if record is None:
            continue
        names = [getattr(each, "territory", None) or getattr(each, "name", None) for each in record.territories]
        if not names:
            yield Problem(f"{part}.territories", "must hold at least one territory.")
        for place, name in enumerate(names):
            path = f"{part}.territories[{place}]"
            if name is not None and name not in known:
                yield Problem(path, _no_such_territory(part, name, known))
            elif name is not None and name in names[:place]:
                yield Problem(path, f"territory {name!r} stands more than once.")


def _no_such_territory(part: str, name: str, known: list[str]) -> str:
    text = f"the case has no territory {name!r}; it has {', '.join(repr(each) for each in known if each) or 'none'}."
    if part != "second_check":
        return text
    return f"{text} If it was renamed after the second check, write the new name there, or check again."


def _half_life(case: Case, constants: Constants) -> Iterator[Problem]:
    if (case.order or case.delivery) and np.isnan(constants.half_life_h[0]):
        yield Problem(
            "constants.half_life_h",
            "half_life_h is missing: orders and deliveries decay. Name a convention or type it under constants.",
        )


def _sessions(case: Case) -> Iterator[Problem]:
    if case.sessions is None:
        return
    if not case.sessions:
        yield Problem("sessions", "sessions must hold at least one session; leave the key out when there was none.")
    if case.lung and case.lung.previous_dose_gy is not None:
        text = "the lung dose of earlier sessions also stands in previous_lung_dose_gy; state it in one place only."
        yield Problem("sessions", text)
    if case.prior and case.prior.tare is False:
        yield Problem("prior.tare", "prior_tare is false, but earlier sessions are stated; which is right?")
    yield from _sessions_after_the_day(case)


def _sessions_after_the_day(case: Case) -> Iterator[Problem]:
    """An earlier session lies before the first injection of this one."""
    found: list[str | None] = [each.injection_at for each in case.order.territories] if case.order else []
    found += [each.injected_at for each in case.delivery.territories] if case.delivery else []
    days = [_local_date(text) for text in found if text is not None]
    for place, each in enumerate(case.sessions or ()):
        if days and _is_read(each.date) and datetime.date.fromisoformat(each.date) > min(days):
            text = (
                f"session_date must not be later than the injection on {min(days)}; got {each.date}. Is the year right?"
            )
            yield Problem(f"sessions[{place}].date", text)


def _is_read(text: str | None) -> bool:
    return text is not None


def _local_date(text: str) -> datetime.date:
    """The day of an instant by the clocks it was typed in."""
    found = instants.instant_from_text(text)
    return found.utc.astimezone(found.shown_in).date()


def _directive(case: Case) -> Iterator[Problem]:
    for place, each in enumerate(case.directive.territories if case.directive else ()):
        path = f"directive.territories[{place}]"
        if (each.dose_gy is None) == (each.activity_gbq is None):
            yield Problem(path, "a directive states a dose or an activity: directed_dose_gy or directed_activity_gbq.")
        elif each.dose_gy is None and each.target is not None:
            yield Problem(f"{path}.target", "directed_target belongs to a dose; a directed activity has none.")
        elif each.dose_gy is not None and each.target not in _targets(case, each):
            known = ", ".join(_targets(case, each))
            got = "it is missing" if each.target is None else f"got {each.target!r}"
            yield Problem(f"{path}.target", f"directed_target must be one of {known}; {got}.")
        yield from _revision(each, path)
        written = case.directive.written_at if case.directive else None
        if written is not None and each.revised_at is not None:
            yield from not_later("directive_written_at", written, "revised_at", each.revised_at, f"{path}.revised_at")


def _revision(each: TerritoryDirective, path: str) -> Iterator[Problem]:
    revised = (each.revised_dose_gy, each.revised_activity_gbq)
    if revised == (None, None):
        return
    if (each.revised_dose_gy is None) != (each.dose_gy is None) or None not in revised:
        yield Problem(path, "a revision has the quantity of the first value: a dose or an activity, as there.")
    if each.revised_reason is None:
        yield Problem(f"{path}.revised_reason", "a revision needs its reason: revised_reason.")


def _targets(case: Case, directive: TerritoryDirective) -> list[str]:
    lesions = [each.lesions for each in case.territories if each.name == directive.territory]
    return [*_TARGETS, *(f"{TARGET_LESION}{lesion.name}" for held in lesions for lesion in held if lesion.name)]


def _order(case: Case) -> Iterator[Problem]:
    if case.order is None:
        return
    for place, each in enumerate(case.order.territories):
        path = f"order.territories[{place}]"
        for row, vial in enumerate(each.vials or ()):
            yield from possible_age(vial.calibrated_at, each.injection_at, f"{path}.vials[{row}].calibrated_at")
        for row, text in enumerate(case.order.calibrated_at or ()):
            yield from possible_age(text, each.injection_at, f"order.calibrated_at[{row}]")
        for name in ("drawn_at", "reference_at"):
            yield from possible_age(getattr(case.order, name), each.injection_at, f"order.{name}")
        if case.order.drawn_at is not None and each.injection_at is not None:
            yield from not_later("drawn_at", case.order.drawn_at, "injection_at", each.injection_at, "order.drawn_at")
