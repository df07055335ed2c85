"""Radioactive decay of a single nuclide, and the energy that a unit of activity releases."""

import math

import numpy as np

from dosimetry.arrays import ArrayLike, FloatArray, floats

JOULE_PER_MEV = 1.602176634e-13  # exact since the SI of 2019
SECONDS_PER_HOUR = 3600.0
BQ_PER_GBQ = 1e9


def remaining_fraction(*, elapsed_h: ArrayLike, half_life_h: ArrayLike) -> FloatArray:
    r"""Fraction of the activity left after a time; more than one before the reference instant.

    Parameters
    ----------
    elapsed_h : array_like
        Time since the reference instant; negative before it. [h]
    half_life_h : array_like
        Half-life, positive. [h]

    Returns
    -------
    ndarray
        :math:`2^{-t/T}`, in the broadcast shape. [1]

    Raises
    ------
    ValueError
        When a half-life is not positive.
    """
    half_life = floats(half_life_h)
    if np.any(~(half_life > 0) & ~np.isnan(half_life)):
        raise ValueError("half_life_h must be > 0.")
    return np.exp2(-floats(elapsed_h) / half_life)


def elapsed_h(*, activity_start_gbq: ArrayLike, activity_end_gbq: ArrayLike, half_life_h: ArrayLike) -> FloatArray:
    """Time in which one activity decays to another, in h; negative when the second is the larger one.

    The arguments broadcast. [GBq, GBq, h]
    """
    ratio = floats(activity_start_gbq) / floats(activity_end_gbq)
    return floats(np.log2(ratio) * floats(half_life_h))


def energy_gy_kg_per_gbq(*, mean_energy_mev: ArrayLike, half_life_h: ArrayLike) -> FloatArray:
    r"""Energy absorbed locally per unit activity that decays completely in place.

    Parameters
    ----------
    mean_energy_mev : array_like
        Mean energy released per decay and absorbed where it is emitted. [MeV]
    half_life_h : array_like
        Half-life. [h]

    Returns
    -------
    ndarray
        :math:`K = \bar E\, T / \ln 2`. [Gy kg/GBq, the same as J/GBq]

    Notes
    -----
    All decays, full local absorption. With the ICRP 107 pair for Y-90 (0.93310 MeV, 64.10 h) this is 49.771.
    """
    mean_life_s = floats(half_life_h) * SECONDS_PER_HOUR / math.log(2.0)
    return BQ_PER_GBQ * floats(mean_energy_mev) * JOULE_PER_MEV * mean_life_s
