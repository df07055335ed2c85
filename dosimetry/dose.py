"""Absorbed doses that follow from administered activities: the physics core, one formula a function.

Permanent trapping and local absorption of all energy are assumed; lungs, lesions and normal liver share the energy
``K A``. Doses follow from the administered activity, never from the activity in the vial. NaN in gives NaN out.
"""

import numpy as np

from dosimetry.arrays import ArrayLike, FloatArray, floats


def refuse_impossible_shunt(lung_shunt_fraction: ArrayLike) -> FloatArray:
    """The shunt as an array.

    Raises
    ------
    ValueError
        When any value lies outside [0, 1), where no activity and no dose exist.
    """
    return _fraction_below_one("lung_shunt_fraction", lung_shunt_fraction)


def _fraction_below_one(name: str, values: ArrayLike) -> FloatArray:
    fraction = floats(values)
    bad = (fraction < 0) | (fraction >= 1)  # NaN is neither
    if bad.any():
        got = float(fraction[bad].flat[0])
        raise ValueError(f"{name} must be in [0, 1); got {got}. Did you enter a percentage? Divide by 100.")
    return fraction


def liver_energy_gy_kg(
    *, activity_gbq: ArrayLike, lung_shunt_fraction: ArrayLike, energy_gy_kg_per_gbq: ArrayLike
) -> FloatArray:
    r"""Energy absorbed in the perfused liver.

    Parameters
    ----------
    activity_gbq : array_like
        Administered activity. [GBq]
    lung_shunt_fraction : array_like
        Fraction of it that lodges in the lungs. [1]
    energy_gy_kg_per_gbq : array_like
        Energy per activity, fully decayed in place. [Gy kg/GBq]

    Returns
    -------
    ndarray
        :math:`E = K A (1 - LSF)`, in the broadcast shape. [Gy kg, which is J]

    Raises
    ------
    ValueError
        When a shunt lies outside [0, 1).

    Notes
    -----
    Source ``radiology-key`` for the (1 - LSF) form with K = 50; ``van-roekel-thesis``, p. 125, with K = 49.67.
    """
    stays = 1.0 - refuse_impossible_shunt(lung_shunt_fraction)
    return floats(energy_gy_kg_per_gbq) * floats(activity_gbq) * stays


def mean_dose_gy(*, energy_gy_kg: ArrayLike, mass_kg: ArrayLike) -> FloatArray:
    """Mean absorbed dose :math:`E / m`; NaN, no phantom number, where the mass is zero or unknown.

    The arguments broadcast. [Gy kg, kg]
    """
    energy, mass = floats(energy_gy_kg), floats(mass_kg)
    has_mass = mass > 0
    if has_mass.all():
        return floats(energy / mass)
    energy, mass = np.broadcast_arrays(energy, mass)
    return floats(np.divide(energy, mass, out=np.full(mass.shape, np.nan), where=has_mass))


def normal_perfused_dose_gy(
    *, liver_energy_gy_kg: ArrayLike, uptake_mass_kg: ArrayLike, normal_mass_kg: ArrayLike
) -> FloatArray:
    r"""Mean absorbed dose of the normal liver inside a territory, by partition over its lesions.

    Parameters
    ----------
    liver_energy_gy_kg : array_like
        Energy absorbed in the perfused liver. [Gy kg]
    uptake_mass_kg : array_like
        Normal mass plus the ratio-weighted viable mass of every lesion, :math:`m_N + \sum r_i m_i`. [kg]
    normal_mass_kg : array_like
        Normal perfused mass. [kg]

    Returns
    -------
    ndarray
        :math:`D_N = E / (m_N + \sum r_i m_i)`; NaN where there is no normal tissue. [Gy]

    Notes
    -----
    Partition of Ho 1996 with concentration ratios, ``van-roekel-thesis`` p. 30, extended to several lesions by
    conservation of activity.
    """
    return np.where(
        floats(normal_mass_kg) > 0, mean_dose_gy(energy_gy_kg=liver_energy_gy_kg, mass_kg=uptake_mass_kg), np.nan
    )


def lesion_dose_gy(
    *,
    liver_energy_gy_kg: ArrayLike,
    uptake_mass_kg: ArrayLike,
    tumor_normal_ratio: ArrayLike,
    viable_mass_kg: ArrayLike,
) -> FloatArray:
    r"""Mean absorbed dose of the viable part of a lesion, by partition.

    The arguments broadcast. [Gy kg, kg, 1, kg] Returns :math:`D_i = r_i E / (m_N + \sum r_i m_i)`; NaN where the
    lesion has no viable tissue. Same source as `normal_perfused_dose_gy`.
    """
    per_uptake = mean_dose_gy(energy_gy_kg=liver_energy_gy_kg, mass_kg=uptake_mass_kg)
    return np.where(floats(viable_mass_kg) > 0, floats(tumor_normal_ratio) * per_uptake, np.nan)


def lung_energy_gy_kg(
    *, activity_gbq: ArrayLike, lung_shunt_fraction: ArrayLike, energy_gy_kg_per_gbq: ArrayLike
) -> FloatArray:
    """Energy absorbed in the lungs from one injection, :math:`K A LSF`. [Gy kg]

    The arguments broadcast [GBq, 1, Gy kg/GBq]; a shunt outside [0, 1) is a ``ValueError``. Uses the administered
    activity: what stays in the vial never reaches the lungs.
    """
    shunt = refuse_impossible_shunt(lung_shunt_fraction)
    return floats(energy_gy_kg_per_gbq) * floats(activity_gbq) * shunt


def vial_activity_gbq(*, activity_gbq: ArrayLike, residual_fraction: ArrayLike) -> FloatArray:
    """Activity that must be in the vial at treatment so that the administered activity leaves it. [GBq]

    The arguments broadcast [GBq, 1]; a residual outside [0, 1) is a ``ValueError``. Source ``ific-congress``:
    the instructions divide by (1 - R).
    """
    return floats(activity_gbq) / (1.0 - _fraction_below_one("residual_fraction", residual_fraction))
