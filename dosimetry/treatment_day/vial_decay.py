"""Vials between calibration and injection: activity at an instant, and the window in which it stays near the plan.

Functions of arrays; times are hours from any one instant to another, activities GBq.
"""

import numpy as np

from dosimetry.arrays import ArrayLike, FloatArray, floats
from dosimetry.decay import elapsed_h, remaining_fraction


def activity_at_gbq(*, activity_gbq: ArrayLike, elapsed_h: ArrayLike, half_life_h: ArrayLike) -> FloatArray:
    """Activity a time after the instant at which it is stated; larger before it. [GBq]

    The arguments broadcast. [GBq, h, h] A half-life that is not positive is a ``ValueError``.
    """
    return floats(activity_gbq) * remaining_fraction(elapsed_h=elapsed_h, half_life_h=half_life_h)


def window_h(
    *,
    activity_at_injection_gbq: ArrayLike,
    planned_vial_activity_gbq: ArrayLike,
    tolerance_fraction: ArrayLike,
    half_life_h: ArrayLike,
) -> tuple[FloatArray, FloatArray]:
    r"""First and last instant at which an activity lies within a tolerance of the planned one.

    Parameters
    ----------
    activity_at_injection_gbq : array_like
        Activity of one vial, or of several together, at the planned instant of injection. [GBq]
    planned_vial_activity_gbq : array_like
        Activity that should be in the vial then. [GBq]
    tolerance_fraction : array_like
        Relative tolerance, 0 < x < 1. [1]
    half_life_h : array_like
        Half-life. [h]

    Returns
    -------
    tuple of ndarray
        Hours from the planned instant to the first and to the last one, negative before it: decay crosses
        :math:`A (1 + x)` first and :math:`A (1 - x)` last. The width, :math:`T \log_2((1 + x)/(1 - x))`, is the same
        for every vial. [h]

    Raises
    ------
    ValueError
        For a tolerance outside (0, 1).
    """
    tolerance = floats(tolerance_fraction)
    if np.any(~((tolerance > 0) & (tolerance < 1)) & ~np.isnan(tolerance)):
        raise ValueError("tolerance_fraction must be in (0, 1). Did you enter a percentage? Divide by 100.")
    planned = floats(planned_vial_activity_gbq)
    first, last = (
        elapsed_h(activity_start_gbq=activity_at_injection_gbq, activity_end_gbq=end, half_life_h=half_life_h)
        for end in (planned * (1.0 + tolerance), planned * (1.0 - tolerance))
    )
    return first, last


def drawn_volume_ml(*, drawn_gbq: ArrayLike, stock_gbq: ArrayLike, stock_volume_ml: ArrayLike) -> FloatArray:
    """Volume that holds an activity of an evenly mixed stock. Guidance only: the calibrator decides. [mL]

    The arguments broadcast. [GBq, GBq, mL]
    """
    return floats(stock_volume_ml) * floats(drawn_gbq) / floats(stock_gbq)
