"""Charts of an audit as SVG: bars, and points with lines. No script, no font, nothing loaded; all text is escaped."""

from collections.abc import Sequence
from html import escape

import numpy as np

from dosimetry.arrays import FloatArray
from dosimetry.report.svg_plot import FILL, LEFT, LINE, RIGHT, WIDTH, Plot, svg, text

_STEP, _WORDS = 26.0, 330.0
_NARROWEST = 1e-6


def histogram(edges: FloatArray, counts: Sequence[float], *, x: str, y: str) -> str:
    """Counts over bins; the first and last edge may be infinite: those bins are drawn as wide as their neighbors."""
    inner = edges[1:-1]
    width = float(inner[1] - inner[0])
    lefts = np.concatenate([[inner[0] - width], inner])
    plot = Plot((float(lefts[0]), float(lefts[-1]) + width), (0.0, max(*counts, 1)))
    bars = [
        f'<rect x="{plot.x(left):.1f}" y="{plot.y(count):.1f}" width="{plot.x(left + width) - plot.x(left):.2f}" '
        f'height="{plot.y(0) - plot.y(count):.1f}" fill="{FILL}"/>'
        for left, count in zip(lefts.tolist(), counts, strict=True)
        if count
    ]
    return plot.drawn(bars, x, y)


def points(x_values: FloatArray, y_values: FloatArray, lines: Sequence[tuple[str, float]], *, x: str, y: str) -> str:
    """Points, and level lines with a word each."""
    levels = [level for _, level in lines if np.isfinite(level)]
    low, high = float(np.min([*y_values, *levels], initial=0.0)), float(np.max([*y_values, *levels], initial=0.0))
    # Narrower than this the scale would show what computing alone does to numbers that agree.
    room = 0.08 * (high - low) if high - low > _NARROWEST else 1.0
    plot = Plot((0.0, float(np.max(x_values, initial=0.0)) * 1.05 or 1.0), (low - room, high + room))
    marks = [
        f'<circle cx="{plot.x(at):.1f}" cy="{plot.y(value):.1f}" r="2.2" fill="{FILL}" fill-opacity="0.6"/>'
        for at, value in zip(x_values.tolist(), y_values.tolist(), strict=True)
    ]
    for word, level in lines:
        if np.isfinite(level):
            at = plot.y(level)
            marks.append(
                f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}" stroke="{LINE}" '
                f'stroke-dasharray="5 3"/><text x="{WIDTH - RIGHT}" y="{at - 3:.1f}" text-anchor="end" '
                f'font-size="11" fill="{LINE}">{escape(word)}</text>'
            )
    return plot.drawn(marks, x, y)


def bars(words: Sequence[str], counts: Sequence[float], *, x: str) -> str:
    """A bar a word, one below the other, each with its count, under a title of the counts."""
    most, height = max(*counts, 1), _STEP * len(words) + 30
    drawn: list[str] = [text(_WORDS, height - 6, x, "start")]
    for place, (word, count) in enumerate(zip(words, counts, strict=True)):
        top, width = 10 + _STEP * place, count / most * (WIDTH - _WORDS - 90)
        drawn += [
            text(_WORDS - 8, top + 14, word, "end"),
            f'<rect x="{_WORDS:g}" y="{top:g}" width="{width:.1f}" height="{_STEP - 6:g}" fill="{FILL}"/>',
            text(_WORDS + width + 6, top + 14, f"{count:,}", "start"),
        ]
    return svg(drawn, height, x)
