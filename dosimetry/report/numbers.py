"""Activities, doses and masses as reports print them."""

import math
from collections.abc import Iterable, Iterator

from dosimetry import figures, units
from dosimetry.plan_record import TerritoryPlan
from dosimetry.what_if.bound_words import DIGITS


def activity(gbq: float | None, bounds_gbq: Iterable[float] = ()) -> tuple[str, str]:
    """An activity in GBq and in mCi, two decimals or two significant digits.

    With more decimals where these would round it past a bound that it keeps.
    """
    if gbq is None:
        return figures.MISSING, figures.MISSING
    kept = min((bound for bound in bounds_gbq if bound >= gbq), default=math.inf)
    mci, kept_mci = (float(units.mci_from_gbq(value)) for value in (gbq, kept))
    return figures.readable_below(gbq, kept, 2), figures.readable_below(mci, kept_mci, 2)


def limits_gbq(territory: TerritoryPlan) -> Iterator[float]:
    """Activities at which a territory reaches its limits. [GBq]"""
    for bound in territory.bounds:
        if bound.kind == "limit" and bound.activity_gbq is not None:
            yield bound.activity_gbq


def at_bound(gbq: float | None, kind: str) -> tuple[str, str]:
    """The activity of a bound in GBq and mCi, rounded so that it still keeps the limit or reaches the goal."""
    if gbq is None:
        return figures.MISSING, figures.MISSING
    rounded = figures.rounded_up if kind == "goal" else figures.rounded_down
    return rounded(gbq, DIGITS), rounded(float(units.mci_from_gbq(gbq)), DIGITS)


def gy(dose: float | None) -> str:
    """A dose in Gy to one decimal, or to two significant digits."""
    return figures.readable(dose, 1)


def kg(mass: float | None) -> str:
    """A mass in kg to three decimals, or to two significant digits."""
    return figures.readable(mass, 3)
