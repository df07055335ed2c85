"""Activities, doses and masses as reports print them."""

from dosimetry import figures, units


def activity(gbq: float | None) -> tuple[str, str]:
    """An activity in GBq and in mCi, two decimals or two significant digits."""
    mci = None if gbq is None else float(units.mci_from_gbq(gbq))
    return figures.readable(gbq, 2), figures.readable(mci, 2)


def gy(dose: float | None) -> str:
    """A dose in Gy to one decimal, or to two significant digits."""
    return figures.readable(dose, 1)


def kg(mass: float | None) -> str:
    """A mass in kg to three decimals, or to two significant digits."""
    return figures.readable(mass, 3)
