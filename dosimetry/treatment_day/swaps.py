"""Two activities that would fit each other's places better than their own: the signature of a swap."""

import numpy as np

from dosimetry.arrays import ArrayLike, floats


def swapped_pairs(*, activity_gbq: ArrayLike, planned_gbq: ArrayLike, off_from: float) -> list[tuple[int, int]]:
    """Pairs of places whose activities look swapped.

    Parameters
    ----------
    activity_gbq, planned_gbq : array_like
        What each place got, and what was planned for it. NaN never looks swapped. [GBq]
    off_from : float
        Relative difference from which on an activity is off its plan. [1]

    Returns
    -------
    list of tuple of int
        Each pair once, in which both are off their own plan and neither is off the other's.
    """
    activity, planned = floats(activity_gbq), floats(planned_gbq)
    with np.errstate(invalid="ignore"):
        difference = np.abs(activity[:, None] / planned[None, :] - 1.0)
        is_off = np.diagonal(difference) >= off_from
        fits = difference < off_from
    swapped = is_off[:, None] & is_off[None, :] & fits & fits.T
    return [(int(one), int(other)) for one, other in np.argwhere(np.triu(swapped, k=1))]
