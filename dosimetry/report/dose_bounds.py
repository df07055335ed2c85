"""The bound beside each dose: of the limits that a compartment is held to the nearest, else of its main goals.

A bound that was read at its source goes before one that is only recalled; what the latter says stands with the others.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from dosimetry import figures, reference
from dosimetry.limits import is_off, switches
from dosimetry.plan_record import Finding, Plan
from dosimetry.reference_rows import ANY, Limit
from dosimetry.report.finding_blocks import before_room, limit_of

_NOT_CHECKED, _SWITCHED_OFF, _NOT_VERIFIED = "not checked", "switched off", ", not verified"


class About(NamedTuple):
    """What a dose is of: a computed quantity, of a territory or a lesion in it where it is not of the session."""

    quantity: str
    territory: str | None = None
    lesion: str | None = None


def findings_about(plan: Plan, about: About | None) -> list[Finding]:
    """The findings of a plan about one dose; none where a dose is held against nothing."""
    return [each for each in plan.findings if (each.quantity, each.territory, each.lesion) == about]


def bound_and_room(plan: Plan, about: About) -> str:
    """The bound of a dose and, in brackets, the distance to it; negative where the bound is not kept. [Gy]

    Without a bound the cell says why, where that is known.
    """
    found = findings_about(plan, about)
    off = switches(plan.case).off
    held = nearest(found, off)
    if held is None:
        return _without_bound(plan, about, found, off)
    digits = figures.apart(held.value or 0.0, held.bound)
    bound, room = (figures.in_unit(number or 0.0, "", digits) for number in (held.bound, held.margin))
    mark = "" if held.verified else _NOT_VERIFIED
    sign = figures.SIGNS[limit_of(held).comparator]
    return f"{sign}\N{NO-BREAK SPACE}{bound} ({before_room(held)}{room}){mark}"


def nearest(found: list[Finding], off: Collection[str] = ()) -> Finding | None:
    """Of findings about one quantity the limit with the least room; without a limit the main goal with the least.

    ``off`` has the ids of the limits that a person switched off: none of them is chosen.
    """
    held = [each for each in found if _is_main(each) and limit_of(each).limit_id not in off]

    def order(each: Finding) -> tuple[bool, bool, float]:
        """Limits first, verified ones first, the least room first; one that is not kept before all others."""
        return each.kind != "limit", not each.verified and (each.margin or 0.0) >= 0, each.margin or 0.0

    return min(held, key=order, default=None)


def _is_main(finding: Finding) -> bool:
    """Whether a finding has room to a limit, or to a goal that is more than context."""
    return finding.margin is not None and limit_of(finding).severity != "note"


def _without_bound(plan: Plan, about: About, found: list[Finding], off: Collection[str]) -> str:
    """Why no bound stands beside a dose: not checked, switched off, or for want of disease or intent; else a dash."""
    if any(each.kind == "not_checked" and each.id.partition("@")[0] not in off for each in found):
        return _NOT_CHECKED
    if any(_is_main(each) for each in found):
        return _SWITCHED_OFF
    needed = min(filter(None, _needed(plan, about)), key=lambda names: (len(names), names), default=())
    return f"needs {' and '.join(needed)}" if needed else figures.MISSING


def _needed(plan: Plan, about: About) -> Iterator[tuple[str, ...]]:
    """Of each bound on file for the device and the dose that may hold, what must be stated before that is known."""
    missing = {each.path for each in plan.missing}
    case, on = plan.case, switches(plan.case).on
    stated: dict[str, set[str | None]] = {
        "device": {case.device},
        "disease": {case.disease},
        "intent": {case.intent, *(territory.intent for territory in case.territories)},
    }
    for limit in reference.limits():
        if limit.quantity == about.quantity and _is_asked(limit, on):
            words = {name: set(getattr(limit, name).split("|")) for name in stated}
            open_names = {name for name in missing & set(stated) if words[name] != {ANY}}
            if all(name in open_names or words[name] & {ANY, *stated[name]} for name in stated):
                yield tuple(sorted(open_names))


def _is_asked(limit: Limit, on: Collection[str]) -> bool:
    return limit.kind != "target" and limit.severity != "note" and not is_off(limit, on)
