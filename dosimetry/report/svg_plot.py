"""The frame of a chart as SVG: two linear scales with their axes. No script, nothing loaded; all text is escaped."""

from collections.abc import Sequence
from html import escape

import numpy as np

from dosimetry.report.axes import round_step

WIDTH, HEIGHT = 640.0, 260.0
LEFT, RIGHT, TOP, BOTTOM = 60.0, 15.0, 15.0, 45.0
INK, FILL, LINE = "#1a1a1a", "#4a6fa5", "#a33"
_TICKS = 5


class Plot:
    """The frame of a chart: two linear scales with their axes."""

    def __init__(self, x_range: tuple[float, float], y_range: tuple[float, float]) -> None:
        self._x, self._y = x_range, y_range

    @property
    def top(self) -> float:
        """The upper end of the upright scale."""
        return self._y[1]

    def x(self, value: float) -> float:
        """Where a value lies from left to right."""
        low, high = self._x
        return LEFT + (value - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        """Where a value lies from top to bottom."""
        low, high = self._y
        return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    def drawn(
        self, marks: Sequence[str], x_title: str, y_title: str, *, x_labels: Sequence[tuple[float, str]] | None = None
    ) -> str:
        """The chart with its axes; ``x_labels`` name places along the lower one, in place of round numbers."""
        labels = [(tick, f"{tick:g}") for tick in ticks(self._x)] if x_labels is None else x_labels
        floor, side = HEIGHT - BOTTOM, f'stroke="{INK}"'
        middle, side_title = (TOP + floor) / 2, f'text-anchor="middle" font-size="12" fill="{INK}"'
        axes = [
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{floor}" y2="{floor}" {side}/>',
            f'<line x1="{LEFT}" x2="{LEFT}" y1="{TOP}" y2="{floor}" {side}/>',
            *(text(self.x(place), floor + 16, word, "middle") for place, word in labels),
            *(text(LEFT - 6, self.y(tick) + 4, f"{tick:g}", "end") for tick in ticks(self._y)),
            text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, x_title, "middle"),
            f'<text transform="translate(14 {middle}) rotate(-90)" {side_title}>{escape(y_title)}</text>',
        ]
        return svg([*axes, *marks], HEIGHT, f"{y_title} over {x_title}")


def svg(parts: Sequence[str], height: float, label: str) -> str:
    """A drawing of its parts on white, with a label that stands for it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" role="img" '
        f'style="background:#fff" aria-label="{escape(label, quote=True)}">{"".join(parts)}</svg>'
    )


def text(x: float, y: float, words: str, anchor: str) -> str:
    """A text at a place, escaped."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="12" fill="{INK}">{escape(words)}</text>'


def ticks(span: tuple[float, float]) -> list[float]:
    """Round numbers inside a range."""
    low, high = span
    step = round_step(high - low, _TICKS)
    first = np.ceil(low / step)
    # Adding zero turns -0.0, which would be printed with its sign, into 0.0.
    return [float(np.round(place * step, 10)) + 0.0 for place in np.arange(first, np.floor(high / step) + 1)]
