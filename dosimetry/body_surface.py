"""Body surface area from height and weight, by the formula that a person names.

The resin method is defined on Du Bois and keeps it; a drug dose by body surface names its formula. None is a default.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from dosimetry.arrays import ArrayLike, BoolArray, FloatArray, floats
from dosimetry.reference import coefficient

CM_PER_M = 100.0
G_PER_KG = 1000.0


def du_bois_m2(*, height_cm: ArrayLike, weight_kg: ArrayLike) -> FloatArray:
    r"""Body surface area by Du Bois, as the resin method uses it.

    Parameters
    ----------
    height_cm : array_like
        Height. [cm]
    weight_kg : array_like
        Weight. [kg]

    Returns
    -------
    ndarray
        :math:`0.20247\,H^{0.725}\,W^{0.425}` with H in meters, in the broadcast shape. [m2]

    Notes
    -----
    Its numbers stand in ``coefficients.csv``; the form with H in centimeters, 0.007184, differs by less than 0.03 %.
    """
    return _power("du_bois", height=floats(height_cm) / CM_PER_M, weight=floats(weight_kg))


def body_mass_index(*, height_cm: ArrayLike, weight_kg: ArrayLike) -> FloatArray:
    """Weight over the square of the height: to question an entry, never for a dose. [cm, kg; kg/m2]"""
    return floats(floats(weight_kg) / (floats(height_cm) / CM_PER_M) ** 2)


def mosteller_m2(*, height_cm: ArrayLike, weight_kg: ArrayLike) -> FloatArray:
    r"""Body surface area by Mosteller, :math:`\sqrt{H W / 3600}`; the arguments broadcast. [cm, kg; m2]"""
    return np.sqrt(floats(height_cm) * floats(weight_kg) / coefficient("body_surface_mosteller", "divisor"))


def boyd_m2(*, height_cm: ArrayLike, weight_kg: ArrayLike) -> FloatArray:
    r"""Body surface area by Boyd, in his own form: :math:`k H^a w^{b - c \log_{10} w}` with w in grams.

    The arguments broadcast. [cm, kg; m2]
    """
    return _boyd("boyd", height_cm, floats(weight_kg) * G_PER_KG)


def boyd_kg_m2(*, height_cm: ArrayLike, weight_kg: ArrayLike) -> FloatArray:
    """Body surface area by Boyd in the form with kilograms, 0.01 % above the one with grams. [cm, kg; m2]"""
    return _boyd("boyd_kg", height_cm, floats(weight_kg))


def livingston_lee_m2(*, weight_kg: ArrayLike) -> FloatArray:
    """Body surface area by Livingston and Lee, from the weight alone; below 10 kg another curve. [kg; m2]"""

    def number(name: str) -> float:
        """A coefficient of the formula."""
        return coefficient("body_surface_livingston_lee", name)

    weight = floats(weight_kg)
    small = number("small_factor") * weight ** number("small_weight_exponent")
    usual = number("factor") * weight ** number("weight_exponent")
    return np.where(weight < number("small_below_kg"), small, usual)


def schlich_m2(*, height_cm: ArrayLike, weight_kg: ArrayLike, is_female: ArrayLike) -> FloatArray:
    """Body surface area by Schlich, one curve for women and one for men; NaN where the sex is not known.

    ``is_female`` is 1, 0 or NaN. The arguments broadcast. [cm, kg; m2]
    """
    height, weight, female = floats(height_cm), floats(weight_kg), floats(is_female)
    of_women = _power("schlich_female", height=height, weight=weight)
    of_men = _power("schlich_male", height=height, weight=weight)
    return np.where(female == 1, of_women, np.where(female == 0, of_men, np.nan))


def power_m2(formula: str, *, height_cm: ArrayLike, weight_kg: ArrayLike) -> FloatArray:
    r"""Body surface area of a formula :math:`k H^a W^b` by its key in ``coefficients.csv``. [cm, kg; m2]"""
    return _power(formula, height=floats(height_cm), weight=floats(weight_kg))


def _power(formula: str, *, height: FloatArray, weight: FloatArray) -> FloatArray:
    key = f"body_surface_{formula}"
    of_height = height ** coefficient(key, "height_exponent")
    return floats(coefficient(key, "factor") * of_height * weight ** coefficient(key, "weight_exponent"))


def _boyd(formula: str, height_cm: ArrayLike, weight: FloatArray) -> FloatArray:
    key = f"body_surface_{formula}"
    exponent = coefficient(key, "weight_exponent") - coefficient(key, "weight_log_exponent") * np.log10(weight)
    return floats(
        coefficient(key, "factor") * floats(height_cm) ** coefficient(key, "height_exponent") * weight**exponent
    )


@dataclass(frozen=True, slots=True)
class Formula:
    """A named formula: ``m2`` takes height, weight and whether female, and leaves aside what it does not need.

    ``numbers`` names its rows in ``coefficients.csv``.
    """

    key: str
    label: str
    inputs: tuple[str, ...]
    numbers: str
    m2: Callable[[FloatArray, FloatArray, FloatArray], FloatArray]


_SIZE = ("height_cm", "weight_kg")


def _of_size(key: str, label: str, law: Callable[..., FloatArray]) -> Formula:
    """A formula of height and weight with numbers and a function of its own."""
    return Formula(key, label, _SIZE, key, lambda height, weight, _: law(height_cm=height, weight_kg=weight))


def _power_law(key: str, label: str, numbers: str = "") -> Formula:
    """A formula that is a product of powers."""
    return replace(_of_size(key, label, partial(power_m2, numbers or key)), numbers=numbers or key)


def _schlich(height: FloatArray, weight: FloatArray, female: FloatArray) -> FloatArray:
    return schlich_m2(height_cm=height, weight_kg=weight, is_female=female)


def _livingston_lee(_height: FloatArray, weight: FloatArray, _female: FloatArray) -> FloatArray:
    return livingston_lee_m2(weight_kg=weight)


FORMULAS: tuple[Formula, ...] = (
    _of_size("mosteller", "Mosteller 1987", mosteller_m2),
    _power_law("du_bois", "Du Bois 1916", "du_bois_cm"),
    _power_law("haycock", "Haycock 1978"),
    _power_law("gehan_george", "Gehan and George 1970"),
    _of_size("boyd", "Boyd 1935", boyd_m2),
    _of_size("boyd_kg", "Boyd, form in kilograms", boyd_kg_m2),
    _power_law("fujimoto", "Fujimoto 1968"),
    _power_law("takahira", "Takahira 1925"),
    _power_law("shuter_aslani", "Shuter and Aslani 2000"),
    Formula("schlich", "Schlich 2010", (*_SIZE, "sex"), "schlich_male", _schlich),
    Formula("livingston_lee", "Livingston and Lee 2001", ("weight_kg",), "livingston_lee", _livingston_lee),
)
"""The formulas a person can name, the one offered first at the head."""


def formula_named(key: str) -> Formula:
    """The formula of a key."""
    return next(formula for formula in FORMULAS if formula.key == key)


def body_surface_m2(
    *, height_cm: FloatArray, weight_kg: FloatArray, is_female: FloatArray, chosen: dict[str, BoolArray]
) -> FloatArray:
    """Body surface of every row by its own formula; ``chosen`` marks the rows of each key, others are NaN. [m2]"""
    found = np.full(np.shape(weight_kg), np.nan)
    for key, rows in chosen.items():
        found = np.where(rows, formula_named(key).m2(height_cm, weight_kg, is_female), found)
    return found
