"""Unit conversions. Inside the library everything is GBq, Gy, kg and h; other units exist only at its edges."""

from dosimetry.arrays import ArrayLike, FloatArray, floats

GBQ_PER_MCI = 0.037
ML_PER_L = 1000.0
PERCENT = 100.0


def gbq_from_mci(activity_mci: ArrayLike) -> FloatArray:
    """Activity in GBq from mCi; 1 mCi is 0.037 GBq by definition of the curie."""
    return floats(activity_mci) * GBQ_PER_MCI


def mci_from_gbq(activity_gbq: ArrayLike) -> FloatArray:
    """Activity in mCi from GBq; 1 mCi is 0.037 GBq by definition of the curie."""
    return floats(activity_gbq) / GBQ_PER_MCI


def kg_from_ml(volume_ml: ArrayLike, *, density_g_per_ml: ArrayLike) -> FloatArray:
    """Mass in kg of a volume in mL; the arguments broadcast."""
    return floats(volume_ml) * floats(density_g_per_ml) / ML_PER_L


def percent_from_fraction(fraction: ArrayLike) -> FloatArray:
    """Percentage from a fraction."""
    return floats(fraction) * PERCENT


def fraction_from_percent(percent: ArrayLike) -> FloatArray:
    """Fraction from a percentage."""
    return floats(percent) / PERCENT


_ENDINGS = (("_mg_per_m2", "mg/m2"), ("_mg_per_ml", "mg/mL"), ("_mg", "mg"), ("_ml", "mL"), ("_m2", "m2"))


def unit_of_name(name: str) -> str:
    """The unit that the name of a quantity of drug ends in, as in ``planned_mg``; empty where it has none."""
    return next((unit for ending, unit in _ENDINGS if name.endswith(ending)), "")


def bound_in_library_unit(bound: float, unit: str) -> float:
    """A bound as a source prints it, in the unit of the library: percent become a fraction, others stay."""
    return bound / PERCENT if unit == "%" else bound
