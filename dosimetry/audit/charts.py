"""Charts of an audit as SVG: bars, and points with lines. No script, no font, nothing loaded; all text is escaped."""

from collections.abc import Sequence
from html import escape

import numpy as np

from dosimetry.arrays import FloatArray

_WIDTH, _HEIGHT = 640.0, 260.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 60.0, 15.0, 15.0, 45.0
_INK, _FILL, _LINE = "#1a1a1a", "#4a6fa5", "#a33"
_TICKS = 5


def histogram(edges: FloatArray, counts: Sequence[float], *, x: str, y: str) -> str:
    """Counts over bins; the first and last edge may be infinite: those bins are drawn as wide as their neighbors."""
    inner = edges[1:-1]
    width = float(inner[1] - inner[0])
    lefts = np.concatenate([[inner[0] - width], inner])
    plot = _Plot((float(lefts[0]), float(lefts[-1]) + width), (0.0, max(*counts, 1)))
    bars = [
        f'<rect x="{plot.x(left):.1f}" y="{plot.y(count):.1f}" width="{plot.x(left + width) - plot.x(left):.2f}" '
        f'height="{plot.y(0) - plot.y(count):.1f}" fill="{_FILL}"/>'
        for left, count in zip(lefts.tolist(), counts, strict=True)
        if count
    ]
    return plot.drawn(bars, x, y)


def points(x_values: FloatArray, y_values: FloatArray, lines: Sequence[tuple[str, float]], *, x: str, y: str) -> str:
    """Points, and level lines with a word each."""
    levels = [level for _, level in lines if np.isfinite(level)]
    low, high = float(np.min([*y_values, *levels], initial=0.0)), float(np.max([*y_values, *levels], initial=0.0))
    room = 0.08 * (high - low) or 1.0
    plot = _Plot((0.0, float(np.max(x_values, initial=0.0)) * 1.05 or 1.0), (low - room, high + room))
    marks = [
        f'<circle cx="{plot.x(at):.1f}" cy="{plot.y(value):.1f}" r="2.2" fill="{_FILL}" fill-opacity="0.6"/>'
        for at, value in zip(x_values.tolist(), y_values.tolist(), strict=True)
    ]
    for word, level in lines:
        if np.isfinite(level):
            at = plot.y(level)
            marks.append(
                f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{at:.1f}" y2="{at:.1f}" stroke="{_LINE}" '
                f'stroke-dasharray="5 3"/><text x="{_WIDTH - _RIGHT}" y="{at - 3:.1f}" text-anchor="end" '
                f'font-size="11" fill="{_LINE}">{escape(word)}</text>'
            )
    return plot.drawn(marks, x, y)


class _Plot:
    """The frame of a chart: two linear scales with their axes."""

    def __init__(self, x_range: tuple[float, float], y_range: tuple[float, float]) -> None:
        self._x, self._y = x_range, y_range

    def x(self, value: float) -> float:
        """Where a value lies from left to right."""
        low, high = self._x
        return _LEFT + (value - low) / (high - low) * (_WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        """Where a value lies from top to bottom."""
        low, high = self._y
        return _HEIGHT - _BOTTOM - (value - low) / (high - low) * (_HEIGHT - _TOP - _BOTTOM)

    def drawn(self, marks: Sequence[str], x_title: str, y_title: str) -> str:
        """The chart with its axes."""
        floor, side = _HEIGHT - _BOTTOM, f'stroke="{_INK}"'
        middle, side_title = (_TOP + floor) / 2, f'text-anchor="middle" font-size="12" fill="{_INK}"'
        axes = [
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{floor}" y2="{floor}" {side}/>',
            f'<line x1="{_LEFT}" x2="{_LEFT}" y1="{_TOP}" y2="{floor}" {side}/>',
            *(_text(self.x(tick), floor + 16, f"{tick:g}", "middle") for tick in _ticks(self._x)),
            *(_text(_LEFT - 6, self.y(tick) + 4, f"{tick:g}", "end") for tick in _ticks(self._y)),
            _text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 8, x_title, "middle"),
            f'<text transform="translate(14 {middle}) rotate(-90)" {side_title}>{escape(y_title)}</text>',
        ]
        label = escape(f"{y_title} over {x_title}", quote=True)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" '
            f'aria-label="{label}">{"".join([*axes, *marks])}</svg>'
        )


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="12" fill="{_INK}">{escape(text)}</text>'


def _ticks(span: tuple[float, float]) -> list[float]:
    """Round numbers inside a range."""
    low, high = span
    rough = (high - low) / _TICKS
    step = 10.0 ** np.floor(np.log10(rough))
    step *= next(factor for factor in (1, 2, 5, 10) if factor * step >= rough)
    first = np.ceil(low / step)
    return [float(np.round(place * step, 10)) for place in np.arange(first, np.floor(high / step) + 1)]
