"""Scales of drawings: round steps, and places on paper for numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor

_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
_EDGE = 1e-9
"""What a step may lie past the end of a scale, in parts of a step, by rounding alone."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers from ``low`` to ``high`` laid out from one place on paper to another; counts have no halves."""

    low: float
    high: float
    start: float
    end: float
    of_counts: bool = False

    def at(self, number: float) -> float:
        """Where a number lies."""
        return self.start + (self.end - self.start) * (number - self.low) / (self.high - self.low)

    def steps(self) -> Iterator[float]:
        """Round numbers along the scale; zero has no sign."""
        step = round_step(self.high - self.low)
        for number in range(ceil(self.low / step - _EDGE), floor(self.high / step + _EDGE) + 1):
            if not self.of_counts or (number * step).is_integer():
                yield number * step


def round_step(span: float, most: int = 6) -> float:
    """The smallest round number of which at most so many fit into a span."""
    power = 1.0
    while power * 10 * most < span:
        power *= 10
    while power and power * most >= span:
        power /= 10
    rounds = (*_ROUND, *(10 * further for further in _ROUND))
    return next(power * each for each in rounds if power * each * most >= span)
