"""Activities, doses and masses as reports print them."""

import math
from collections.abc import Iterable

from dosimetry import figures, units


def activity(gbq: float | None, bounds_gbq: Iterable[float] = ()) -> tuple[str, str]:
    """An activity in GBq and in mCi, two decimals or two significant digits.

    With more decimals where these would round it past a bound that it keeps.
    """
    if gbq is None:
        return figures.MISSING, figures.MISSING
    kept = min((bound for bound in bounds_gbq if bound >= gbq), default=math.inf)
    mci, kept_mci = (float(units.mci_from_gbq(value)) for value in (gbq, kept))
    return figures.readable_below(gbq, kept, 2), figures.readable_below(mci, kept_mci, 2)


def gy(dose: float | None) -> str:
    """A dose in Gy to one decimal, or to two significant digits."""
    return figures.readable(dose, 1)


def kg(mass: float | None) -> str:
    """A mass in kg to three decimals, or to two significant digits."""
    return figures.readable(mass, 3)
