"""The dose of drug, one step a function: base dose, bilirubin, cap, vials. All arguments broadcast; NaN gives NaN.

Vials of drug are given whole, so a dose is rounded down to them. Beads are loaded with a dose: they set how much fits
on so many vials of them, and never round it.
"""

import numpy as np

from dosimetry.arrays import ArrayLike, FloatArray, floats

WHOLE_RTOL = 1e-12
"""Within this part of a whole number of vials it is that number: 150 mg in vials of 37.5 mg/mL times 2 mL are two."""


def refuse_negative(**values: ArrayLike) -> None:
    """Refuse amounts below zero.

    Raises
    ------
    ValueError
        When any value is negative, where no dose exists.
    """
    for name, given in values.items():
        bad = floats(given)[floats(given) < 0]
        if bad.size:
            raise ValueError(f"{name} must be >= 0; got {float(bad.flat[0]):g}.")


def divided(over: FloatArray, under: FloatArray) -> FloatArray:
    """One over the other; NaN, no phantom number, where the other is none."""
    return floats(np.divide(over, under, out=np.full(under.shape, np.nan), where=under > 0))


def base_dose_mg(*, dose: ArrayLike, per: ArrayLike) -> FloatArray:
    """Dose before any reduction: mg/m2 times body surface, mg/mL times oil, or mg times 1. [mg]

    Raises
    ------
    ValueError
        For a negative amount.
    """
    refuse_negative(dose=dose, per=per)
    return floats(dose) * floats(per)


def reduced_dose_mg(*, dose_mg: ArrayLike, remaining_part: ArrayLike) -> FloatArray:
    """Dose after the reduction by bilirubin; NaN where the rule gives none. [mg]"""
    refuse_negative(dose_mg=dose_mg, remaining_part=remaining_part)
    return floats(dose_mg) * floats(remaining_part)


def smallest_cap_mg(*caps_mg: ArrayLike) -> FloatArray:
    """The smallest of several caps; NaN where there is none. [mg]"""
    found = floats(caps_mg[0])
    for cap in caps_mg[1:]:
        found = np.fmin(found, floats(cap))
    return found


def capped_dose_mg(*, dose_mg: ArrayLike, cap_mg: ArrayLike) -> FloatArray:
    """Dose after the cap; unchanged where there is none. [mg]"""
    refuse_negative(dose_mg=dose_mg, cap_mg=cap_mg)
    dose, cap = np.broadcast_arrays(floats(dose_mg), floats(cap_mg))
    return np.where(np.isnan(cap), dose, np.minimum(dose, cap))


def whole_vials(*, dose_mg: ArrayLike, vial_mg: ArrayLike) -> FloatArray:
    """Whole vials in a dose, always rounded down. [1]"""
    return floats(np.floor(_vials(dose_mg, vial_mg) * (1.0 + WHOLE_RTOL)))


def vials_that_hold(*, dose_mg: ArrayLike, vial_mg: ArrayLike) -> FloatArray:
    """The fewest whole vials that hold a dose: of beads at their highest loading, or of drug to be opened. [1]"""
    return floats(np.ceil(_vials(dose_mg, vial_mg) * (1.0 - WHOLE_RTOL)))


def _vials(dose_mg: ArrayLike, vial_mg: ArrayLike) -> FloatArray:
    refuse_negative(dose_mg=dose_mg, vial_mg=vial_mg)
    dose, size = np.broadcast_arrays(floats(dose_mg), floats(vial_mg))
    return floats(np.divide(dose, size, out=np.full(dose.shape, np.nan), where=size > 0))


def dose_on_beads_mg(*, dose_mg: ArrayLike, vial_mg: ArrayLike, largest_vials: ArrayLike) -> FloatArray:
    """Dose as far as it fits on the beads of the most vials; the dose itself where either is not known. [mg]"""
    refuse_negative(dose_mg=dose_mg, vial_mg=vial_mg, largest_vials=largest_vials)
    return capped_dose_mg(dose_mg=dose_mg, cap_mg=floats(largest_vials) * floats(vial_mg))


def dose_in_vials_mg(*, dose_mg: ArrayLike, vials: ArrayLike, vial_mg: ArrayLike) -> FloatArray:
    """Dose in whole vials; the dose itself where the size of a vial is not known. Never above the dose. [mg]"""
    dose, whole = np.broadcast_arrays(floats(dose_mg), floats(vials) * floats(vial_mg))
    return np.where(np.isnan(whole), dose, np.minimum(whole, dose))


def delivered_mg(*, prepared_mg: ArrayLike, fraction_injected: ArrayLike) -> FloatArray:
    """What was injected of a prepared amount. [mg, or the unit given]

    Raises
    ------
    ValueError
        When a fraction lies outside [0, 1].
    """
    fraction = floats(fraction_injected)
    bad = fraction[~((fraction >= 0) & (fraction <= 1)) & ~np.isnan(fraction)]
    if bad.size:
        raise ValueError(
            f"fraction_injected must be in [0, 1]; got {float(bad.flat[0]):g}. "
            "Did you enter a percentage? Divide by 100."
        )
    return floats(prepared_mg) * fraction


def aqueous_ml(*, oil_ml: ArrayLike, oil_to_aqueous_ratio: ArrayLike) -> FloatArray:
    """Drug solution to an emulsion of so many parts of oil to one part of it. [mL]"""
    refuse_negative(oil_ml=oil_ml, oil_to_aqueous_ratio=oil_to_aqueous_ratio)
    return floats(oil_ml) / floats(oil_to_aqueous_ratio)


def doxorubicin_equivalent_mg_per_m2(*, dose_mg_per_m2: ArrayLike, factor: ArrayLike) -> FloatArray:
    """A dose of an anthracycline as doxorubicin, for the heart. [mg/m2]"""
    refuse_negative(dose_mg_per_m2=dose_mg_per_m2, factor=factor)
    return floats(dose_mg_per_m2) * floats(factor)
