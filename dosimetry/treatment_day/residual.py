"""What was left behind and what was delivered: residual fractions, delivered activity, and its uncertainty.

Functions of arrays. Three routes lead to the residual fraction, which is always a fraction of the activity at the
instant of injection: exposure rates of the jar, a measured activity, or a typed number.
"""

import numpy as np

from dosimetry.arrays import ArrayLike, FloatArray, floats
from dosimetry.decay import remaining_fraction


def residual_from_rates(
    *, net_before: ArrayLike, net_after: ArrayLike, hours_between: ArrayLike, half_life_h: ArrayLike
) -> FloatArray:
    r"""Residual fraction from exposure rates in one geometry.

    Parameters
    ----------
    net_before, net_after : array_like
        Mean rate over the positions, less background, before and after the injection, in one unit.
    hours_between : array_like
        Time from the first measurement to the second. [h]
    half_life_h : array_like
        Half-life. [h]

    Returns
    -------
    ndarray
        :math:`P\, 2^{t/T} / P_0`, the rate after brought back to the instant of the rate before. [1]

    Raises
    ------
    ValueError
        When a rate before is not positive, or one after is negative.

    Notes
    -----
    NRC event 56227, ``nrc-event-notifications``: 0.205 to 0.127 mR/h, without background and decay.
    """
    before, after = floats(net_before), floats(net_after)
    if np.any(before <= 0) or np.any(after < 0):
        raise ValueError("net_before must be > 0 and net_after >= 0; is the background larger than a reading?")
    return after / remaining_fraction(elapsed_h=hours_between, half_life_h=half_life_h) / before


def residual_from_activity(
    *, residual_gbq: ArrayLike, hours_since_injection: ArrayLike, half_life_h: ArrayLike, vial_gbq: ArrayLike
) -> FloatArray:
    """Residual fraction from the measured activity of what was left, brought back to the injection. [1]

    The arguments broadcast [GBq, h, h, GBq]; ``vial_gbq`` is the activity at the instant of injection.
    """
    left = remaining_fraction(elapsed_h=hours_since_injection, half_life_h=half_life_h)
    return floats(residual_gbq) / left / floats(vial_gbq)


def delivered_activity_gbq(*, vial_gbq: ArrayLike, residual_fraction: ArrayLike) -> FloatArray:
    """Administered activity at the instant of injection: what was in the vial less what was left. [GBq]

    The arguments broadcast [GBq, 1]. A residual outside [0, 1] is a ``ValueError``: more cannot leave a vial than was
    in it.
    """
    residual = floats(residual_fraction)
    if (~((residual >= 0) & (residual <= 1)) & ~np.isnan(residual)).any():
        raise ValueError("residual_fraction must be in [0, 1]. Were readings before and after swapped?")
    return floats(vial_gbq) * (1.0 - residual)


def relative_uncertainty(
    *,
    residual_fraction: ArrayLike,
    calibrator_uncertainty: ArrayLike,
    reading_uncertainty: ArrayLike,
    readings: ArrayLike,
) -> FloatArray:
    r"""Relative standard uncertainty of the delivered activity, to first order.

    Parameters
    ----------
    residual_fraction : array_like
        Residual fraction r. [1]
    calibrator_uncertainty, reading_uncertainty : array_like
        Relative standard uncertainties u_A of the calibrator, common to all its readings, and u_P of one mean reading
        of the residual. [1]
    readings : array_like
        Independent readings that the residual comes from: 2 for rates before and after, 1 for an activity, 0 for a
        typed fraction.

    Returns
    -------
    ndarray
        :math:`\sqrt{u_A^2 + n\,(r/(1-r))^2 u_P^2}`, from :math:`A_d = A(1-r)`; NaN where nothing was delivered. [1]
    """
    residual = floats(residual_fraction)
    stays = 1.0 - residual
    weight = np.divide(residual, stays, out=np.full(stays.shape, np.nan), where=stays > 0)
    of_readings = floats(readings) * (weight * floats(reading_uncertainty)) ** 2
    return floats(np.sqrt(floats(calibrator_uncertainty) ** 2 + of_readings))


def difference_fraction(*, delivered: ArrayLike, intended: ArrayLike) -> FloatArray:
    """By which part of the intended value the delivered one lies above it, negative below. [1]

    The arguments broadcast and have one unit.
    """
    return floats(delivered) / floats(intended) - 1.0
