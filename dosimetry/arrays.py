"""Array types of the library."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["AnyArray", "ArrayLike", "BoolArray", "FloatArray", "IntArray", "at", "floats"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
AnyArray = NDArray[Any]


def floats(values: ArrayLike) -> FloatArray:
    """Values as an array of float64."""
    return np.asarray(values, dtype=np.float64)


def at(values: AnyArray, rows: IntArray) -> AnyArray:
    """Values at some rows that stand in order, each once; not copied, so not to be written to, where it is all."""
    return values if len(rows) == len(values) else values[rows]
