"""Scales of drawings: round steps, and places on paper for numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers from zero to ``top`` laid out from one place to another."""

    top: float
    start: float
    end: float

    def at(self, number: float) -> float:
        """Where a number lies."""
        return self.start + (self.end - self.start) * number / self.top

    def steps(self) -> Iterator[float]:
        """Round numbers along the scale, zero first."""
        step = round_step(self.top)
        for number in count():
            if number * step > self.top * (1 + 1e-9):
                return
            yield number * step


def round_step(top: float, most: int = 6) -> float:
    """The smallest round number of which at most so many fit below the top."""
    power = 1.0
    while power * 10 * most < top:
        power *= 10
    while power and power * most >= top:
        power /= 10
    return next(power * each for each in (*_ROUND, *(10 * further for further in _ROUND)) if power * each * most >= top)
