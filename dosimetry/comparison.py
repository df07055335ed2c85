"""Comparison of computed values with published bounds: one place decides what lies on a bound."""

import numpy as np

from dosimetry.arrays import BoolArray, FloatArray

RTOL = 1e-12
"""Relative band in which values count as equal: what computing in another order changes, and no input does."""


def compare(value: FloatArray, comparator: str, bound: float, *, rtol: float = RTOL) -> BoolArray:
    """Whether values stand to a bound as a limit asks; NaN never does.

    Parameters
    ----------
    value : ndarray
        Unrounded values.
    comparator : {'<', '<=', '>', '>='}
    bound : float
        In the unit of the values.
    rtol : float
        Values within this relative band of the bound count as equal to it, which decides exact decimal boundaries
        rightly: 9.52 of 11.9 is exactly 20 % low.

    Raises
    ------
    ValueError
        For another comparator.
    """
    same = on_bound(value, bound, rtol=rtol)
    if comparator in ("<", "<="):
        return np.asarray(((value < bound) & ~same) | (same & (comparator == "<=")))
    if comparator in (">", ">="):
        return np.asarray(((value > bound) & ~same) | (same & (comparator == ">=")))
    raise ValueError(f"comparator must be one of <, <=, >, >=; got {comparator!r}.")


def on_bound(value: FloatArray, bound: float, *, rtol: float = RTOL) -> BoolArray:
    """Whether values equal a bound within the relative band."""
    return np.asarray(np.abs(value - bound) <= rtol * abs(bound))
