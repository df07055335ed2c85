"""The frame of a chart: scales on paper with their axes, alike in every drawing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dosimetry import figures
from dosimetry.report import svg
from dosimetry.report.axes import Scale

WIDTH, LEFT, RIGHT, TOP, HEIGHT = 640.0, 56.0, 16.0, 30.0, 200.0
AXIS_WORDS = 34.0
"""The room below the lower axis that its words take."""
_GRID, _SMALL = "#8c8c8c", 10.0
_LETTER, _BETWEEN, _MOST_COLUMNS = 0.52, 14.0, 3
Words = Sequence[tuple[float, str]]
"""Places along an axis that have a name, in place of round numbers."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A scale from left to right and one from bottom to top."""

    across: Scale
    up: Scale

    def place(self, x: float, y: float) -> svg.Place:
        """Where a pair of numbers lies on paper."""
        return self.across.at(x), self.up.at(y)

    def axes(self, x_title: str, y_title: str, x_words: Words = ()) -> Iterator[str]:
        """Both axes, with level lines at the round numbers of the upright one."""
        left, floor = self.across.start, self.up.start
        for number in self.up.steps():
            y = self.up.at(number)
            yield svg.line((left, y), (self.across.end, y), ink=_GRID, width=0.4)
            yield svg.words((left - 5, y + 3.5), _figure(number), anchor="end", size=_SMALL)
        yield from lower_axis(self.across, floor, x_title, x_words)
        yield svg.line((left, floor), (left, self.up.end))
        yield svg.words((8, self.up.end - 14), y_title, size=_SMALL)

    def drawn(self, marks: Iterable[str], x_title: str, y_title: str, x_words: Words = ()) -> str:
        """The chart with its axes."""
        parts = (*self.axes(x_title, y_title, x_words), *marks)
        return svg.drawing(WIDTH, self.up.start + AXIS_WORDS, f"{y_title} over {x_title}", parts)


def plot(
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    *,
    top: float = TOP,
    height: float = HEIGHT,
    of_counts: bool = False,
) -> Plot:
    """A plot over the width of a drawing, its upper edge at ``top``; ``of_counts`` says that its heights are counts."""
    return Plot(Scale(*x_range, LEFT, WIDTH - RIGHT), Scale(*y_range, top + height, top, of_counts))


def lower_axis(scale: Scale, y: float, title: str, words: Words = ()) -> Iterator[str]:
    """An axis from left to right at a height."""
    yield svg.line((scale.start, y), (scale.end, y))
    for number, word in words or [(step, _figure(step)) for step in scale.steps()]:
        x = scale.at(number)
        yield svg.line((x, y), (x, y + 4))
        yield svg.words((x, y + 14), word, anchor="middle", size=_SMALL)
    yield svg.words((scale.end, y + 27), title, anchor="end", size=_SMALL)


def key_places(texts: Sequence[str], left: float, top: float, *, lead: float, row: float) -> list[svg.Place]:
    """Where the entries of a key stand, in as many columns as the longest fits into; ``lead`` is the room before it."""
    longest = lead + max(map(width_of, texts), default=0.0) + _BETWEEN
    columns = max(1, min(_MOST_COLUMNS, int((WIDTH - left) // longest)))
    pitch = (WIDTH - left) / columns
    return [(left + place % columns * pitch, top + place // columns * row) for place in range(len(texts))]


def width_of(text: str, size: float = 10.5) -> float:
    """About how wide a text is drawn: no drawing measures its letters, and this is rather too wide."""
    return _LETTER * size * len(text)


def _figure(number: float) -> str:
    return figures.in_unit(number, "", digits=6)
