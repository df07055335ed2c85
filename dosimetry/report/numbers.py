"""Activities, doses and masses as reports print them."""

import math
from collections.abc import Iterable

from dosimetry import figures, units
from dosimetry.plan_record import Bound, Plan, TerritoryPlan
from dosimetry.what_if.bound_words import DIGITS

_DECIMALS = 2


def activity(gbq: float | None, bounds_gbq: Iterable[float] = ()) -> tuple[str, str]:
    """An activity in GBq and in mCi: two decimals, or three significant digits, and never more than four of them.

    With more digits where these would round it past a bound that it keeps, and rounded down where four would do so too.
    """
    if gbq is None:
        return figures.MISSING, figures.MISSING
    kept = min((bound for bound in bounds_gbq if not figures.is_past(gbq, bound)), default=math.inf)
    pairs = (gbq, kept), (float(units.mci_from_gbq(gbq)), float(units.mci_from_gbq(kept)))
    in_gbq, in_mci = (figures.readable_below(value, bound, _DECIMALS, DIGITS) for value, bound in pairs)
    return in_gbq, in_mci


def both_units(gbq: float | None, bounds_gbq: Iterable[float] = ()) -> str:
    """An activity in GBq with mCi beside it, rounded as in `activity`."""
    if gbq is None:
        return figures.MISSING
    shown = activity(gbq, bounds_gbq)
    return f"{figures.with_unit(shown[0], 'GBq')} ({figures.with_unit(shown[1], 'mCi')})"


def vial(vial_gbq: float | None, given_gbq: float, bounds_gbq: Iterable[float]) -> tuple[str, str]:
    """What a vial holds of which this is given, never rounded past what would bring more than a bound that is kept."""
    return activity(vial_gbq, [bound * vial_gbq / given_gbq for bound in bounds_gbq] if vial_gbq else ())


def vial_of(territory: TerritoryPlan) -> tuple[str, str]:
    """The vial activity of a planned territory."""
    bounds_gbq = limits_gbq(territory.bounds)
    return vial(territory.vial_activity_gbq, territory.administered_activity_gbq, bounds_gbq)


def limits_gbq(bounds: Iterable[Bound]) -> tuple[float, ...]:
    """Activities at which a territory with these bounds reaches its limits. [GBq]"""
    return tuple(each.activity_gbq for each in bounds if each.kind == "limit" and each.activity_gbq is not None)


def bounds_of(plan: Plan, territory: str) -> tuple[Bound, ...]:
    """The bounds of the activity of the territory of this name."""
    return next(each.bounds for each in plan.territories if each.name == territory)


def limits_of(plan: Plan, territory: str) -> tuple[float, ...]:
    """Activities at which the territory of this name reaches its limits. [GBq]"""
    return limits_gbq(bounds_of(plan, territory))


def at_bound(gbq: float | None, kind: str) -> tuple[str, str]:
    """The activity of a bound in GBq and mCi, rounded so that it still keeps the limit or reaches the goal."""
    if gbq is None:
        return figures.MISSING, figures.MISSING
    rounded = figures.rounded_up if kind == "goal" else figures.rounded_down
    return rounded(gbq, DIGITS), rounded(float(units.mci_from_gbq(gbq)), DIGITS)


def with_gbq(gbq: float) -> str:
    """An activity on a chart: two decimals and its unit, whatever bounds are near."""
    return figures.with_unit(figures.readable(gbq, _DECIMALS), "GBq")


def with_gy(dose: float) -> str:
    """A dose on a chart, with its unit."""
    return figures.with_unit(gy(dose), "Gy")


def gy(dose: float | None) -> str:
    """A dose in Gy to one decimal, or to two significant digits."""
    return figures.readable(dose, 1)


def gy_beside(dose: float | None, planned: float | None) -> str:
    """A dose in Gy to the decimals that the planned dose beside it is printed with."""
    return figures.fixed(dose, len(gy(planned).partition(".")[2]) or 1)


def kg(mass: float | None) -> str:
    """A mass in kg to three decimals, or to two significant digits."""
    return figures.readable(mass, 3)
