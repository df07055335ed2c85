"""Two activities that would fit each other's places better than their own: the signature of a swap."""

import numpy as np

from dosimetry import reference, units
from dosimetry.arrays import ArrayLike, floats
from dosimetry.comparison import compare
from dosimetry.treatment_day.residual import difference_fraction

_FORMULA = "swap_signature"


def swapped_pairs(*, activity_gbq: ArrayLike, planned_gbq: ArrayLike) -> list[tuple[int, int]]:
    """Pairs of places whose activities look swapped.

    Parameters
    ----------
    activity_gbq, planned_gbq : array_like
        What each place got, and what was planned for it. NaN never looks swapped. [GBq]

    Returns
    -------
    list of tuple of int
        Each pair once, in which both are off their own plan by more than a calibrator explains, and that the exchange
        would fit better by the factor on file, the worse of the two counted.
    """
    activity, planned = floats(activity_gbq), floats(planned_gbq)
    least = units.bound_in_library_unit(reference.coefficient(_FORMULA, "least_difference_percent"), "%")
    with np.errstate(invalid="ignore"):
        difference = np.abs(difference_fraction(delivered=activity[:, None], intended=planned[None, :]))
        own = np.diagonal(difference)
        is_off = compare(own, ">=", least)
        stated = np.maximum(own[:, None], own[None, :])
        exchanged = np.maximum(difference, difference.T) * reference.coefficient(_FORMULA, "better_by")
        swapped = is_off[:, None] & is_off[None, :] & compare(exchanged, "<=", stated)
    return [(int(one), int(other)) for one, other in np.argwhere(np.triu(swapped, k=1))]
