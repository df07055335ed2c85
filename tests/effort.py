"""How many random cases a property is tried on: few in a default run, all of them where ``DOSIMETRY_THOROUGH=1``."""

import os
from collections.abc import Sequence
from typing import TypeVar

IS_THOROUGH = os.environ.get("DOSIMETRY_THOROUGH") == "1"
_PART, _LEAST = 5, 8
T = TypeVar("T")


def examples(thorough: int) -> int:
    """The number of random cases, from that of a thorough run."""
    return thorough if IS_THOROUGH else max(_LEAST, thorough // _PART)


def some(thorough: Sequence[T]) -> Sequence[T]:
    """Every fifth of what a thorough run tries."""
    return thorough if IS_THOROUGH else thorough[::_PART]
