r"""Where an administered carrier goes: an estimate by partition, in milligrams, never a measured tissue dose.

The algebra is that of the partition of activity: with M the administered amount, L the part that reaches the lungs,
r_i the ratio of carrier per volume in lesion i and in normal liver, V_i and V_N their volumes inside the territory,

.. math:: U = V_N + \sum r_i V_i,\quad m_i = M (1 - L) r_i V_i / U,\quad m_N = M (1 - L) V_N / U,\quad m_L = M L

so that the parts add up to M and the ratio of the two densities is r_i. All arguments broadcast.
"""

import numpy as np

from dosimetry.arrays import ArrayLike, FloatArray, floats
from dosimetry.tace.drug_dose import refuse_negative


def lung_mg(*, administered_mg: ArrayLike, lung_fraction: ArrayLike) -> FloatArray:
    """Carrier that reaches the lungs. [mg]

    Raises
    ------
    ValueError
        When a fraction lies outside [0, 1), or an amount is negative.
    """
    refuse_negative(administered_mg=administered_mg)
    return floats(administered_mg) * _fraction(lung_fraction)


def per_uptake_mg_per_ml(
    *, administered_mg: ArrayLike, lung_fraction: ArrayLike, uptake_volume_ml: ArrayLike
) -> FloatArray:
    r"""Carrier per volume of normal liver, :math:`M (1 - L) / U`. [mg/mL]

    Parameters
    ----------
    administered_mg : array_like
        What is, or was, injected into the territory. [mg]
    lung_fraction : array_like
        The part of it that reaches the lungs. [1]
    uptake_volume_ml : array_like
        Normal volume plus the ratio-weighted volume of every lesion. [mL]

    Raises
    ------
    ValueError
        When a fraction lies outside [0, 1), or an amount is negative.
    """
    refuse_negative(administered_mg=administered_mg, uptake_volume_ml=uptake_volume_ml)
    stays = floats(administered_mg) * (1.0 - _fraction(lung_fraction))
    amount, uptake = np.broadcast_arrays(stays, floats(uptake_volume_ml))
    return floats(np.divide(amount, uptake, out=np.full(amount.shape, np.nan), where=uptake > 0))


def ratio_from_fraction(
    *, tumor_fraction: ArrayLike, tumor_volume_ml: ArrayLike, normal_volume_ml: ArrayLike
) -> FloatArray:
    r"""The ratio behind an observed part f of the liver's carrier in tumor, :math:`f / (1 - f) \cdot V_N / V_T`.

    Raises
    ------
    ValueError
        When a fraction lies outside [0, 1).
    """
    seen = _fraction(tumor_fraction, "tumor_fraction")
    tumor, normal = np.broadcast_arrays(floats(tumor_volume_ml), floats(normal_volume_ml))
    per_volume = np.divide(normal, tumor, out=np.full(tumor.shape, np.nan), where=tumor > 0)
    return floats(seen / (1.0 - seen) * per_volume)


def oil_ml_from_iodine(*, iodine_mg: ArrayLike, iodine_mg_per_ml: ArrayLike) -> FloatArray:
    """Oil in a lesion from its iodine on CT. [mL]"""
    refuse_negative(iodine_mg=iodine_mg)
    return floats(iodine_mg) / floats(iodine_mg_per_ml)


def iodine_mg_from_oil(*, oil_ml: ArrayLike, iodine_mg_per_ml: ArrayLike) -> FloatArray:
    """Iodine in a volume of oil. [mg]"""
    refuse_negative(oil_ml=oil_ml)
    return floats(oil_ml) * floats(iodine_mg_per_ml)


def _fraction(values: ArrayLike, name: str = "lung_fraction") -> FloatArray:
    given = floats(values)
    bad = given[~((given >= 0) & (given < 1)) & ~np.isnan(given)]
    if bad.size:
        raise ValueError(
            f"{name} must be in [0, 1); got {float(bad.flat[0]):g}. Did you enter a percentage? Divide by 100."
        )
    return given
