"""Standard liver volume from body surface: only to question an entered volume, never in place of a measured one."""

import numpy as np

from dosimetry.arrays import ArrayLike, FloatArray, floats
from dosimetry.reference import coefficient

FORMULAS = ("urata", "vauthey", "heinemann", "korean_du_bois", "korean_mosteller", "feng")
"""Keys of the formulas that are linear in body surface."""
BAND_FORMULA = "vauthey"


def standard_volume_ml(formula: str, *, body_surface_m2: ArrayLike) -> FloatArray:
    """Standard liver volume of a formula by its key, linear in body surface. [mL]

    Each formula was fitted with a body surface of its own: Heinemann and one of the Korean ones with Du Bois, the
    other Korean one with Mosteller.
    """
    key = f"liver_volume_{formula}"
    return coefficient(key, "per_m2_ml") * floats(body_surface_m2) + coefficient(key, "constant_ml")


def standard_weight_chan_g(*, weight_kg: ArrayLike, is_male: ArrayLike) -> FloatArray:
    """Standard liver weight by Chan; ``is_male`` is 1 or 0. [g]"""
    key = "liver_weight_chan"
    per_kg, male = coefficient(key, "per_kg_g"), coefficient(key, "male_g")
    return coefficient(key, "constant_g") + per_kg * floats(weight_kg) + male * floats(is_male)


def part_of_standard(*, volume_ml: ArrayLike, body_surface_m2: ArrayLike) -> FloatArray:
    """An entered volume as part of the standard volume by Vauthey. [1]"""
    standard = standard_volume_ml(BAND_FORMULA, body_surface_m2=body_surface_m2)
    return floats(np.divide(floats(volume_ml), standard, out=np.full(np.shape(standard), np.nan), where=standard > 0))


def is_unusual(part: ArrayLike) -> FloatArray:
    """1 where an entered volume lies outside the soft band around the standard volume; 0 inside or not known."""
    lower, upper = (coefficient("liver_volume_band", f"unusual_{end}") for end in ("lower", "upper"))
    return floats((floats(part) < lower) | (floats(part) > upper))
