"""The bound beside each dose: of the limits that a compartment is held to the nearest, else of its main goals.

A bound that was read at its source goes before one that is only recalled; what the latter says stands with the others.
"""

from typing import NamedTuple

from dosimetry import figures
from dosimetry.plan_record import Finding, Plan
from dosimetry.report.finding_blocks import limit_of

_NOT_CHECKED = "not checked"


class About(NamedTuple):
    """What a dose is of: a computed quantity, of a territory or a lesion in it where it is not of the session."""

    quantity: str
    territory: str | None = None
    lesion: str | None = None


def bound_and_room(plan: Plan, about: About) -> str:
    """The bound of a dose and, in brackets, the distance to it; negative where the bound is not kept. [Gy]"""
    found = [each for each in plan.findings if (each.quantity, each.territory, each.lesion) == about]
    held = nearest(found)
    if held is None:
        is_open = any(each.kind == "not_checked" for each in found)
        return _NOT_CHECKED if is_open else figures.MISSING
    digits = figures.apart(held.value or 0.0, held.bound)
    bound, room = (figures.in_unit(number or 0.0, "", digits) for number in (held.bound, held.margin))
    return f"{figures.SIGNS[limit_of(held).comparator]}\N{NO-BREAK SPACE}{bound} ({room})"


def nearest(found: list[Finding]) -> Finding | None:
    """Of findings about one quantity the limit with the least room; without a limit the main goal with the least."""
    held = [each for each in found if each.margin is not None and limit_of(each).severity != "note"]

    def order(each: Finding) -> tuple[bool, bool, float]:
        """Limits first, verified ones first, the least room first; one that is not kept before all others."""
        return each.kind != "limit", not each.verified and (each.margin or 0.0) >= 0, each.margin or 0.0

    return min(held, key=order, default=None)
