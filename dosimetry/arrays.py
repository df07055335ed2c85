"""Array types of the library."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["AnyArray", "ArrayLike", "BoolArray", "FloatArray", "IntArray", "floats"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
AnyArray = NDArray[Any]


def floats(values: ArrayLike) -> FloatArray:
    """Values as an array of float64."""
    return np.asarray(values, dtype=np.float64)
