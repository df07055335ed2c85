"""Charts of an audit as SVG: bars, and points with lines. No script, no font, nothing loaded; all text is escaped."""

from collections.abc import Sequence

import numpy as np

from dosimetry.arrays import FloatArray
from dosimetry.report import svg
from dosimetry.report.svg_plot import WIDTH, plot

_INK = svg.INKS[0]
_STEP, _WORDS = 26.0, 330.0
_NARROWEST = 1e-6


def histogram(edges: FloatArray, counts: Sequence[float], *, x: str, y: str) -> str:
    """Counts over bins; the first and last edge may be infinite: those bins are drawn as wide as their neighbors."""
    inner = edges[1:-1]
    width = float(inner[1] - inner[0])
    lefts = np.concatenate([[inner[0] - width], inner])
    frame = plot((float(lefts[0]), float(lefts[-1]) + width), (0.0, max(*counts, 1)), of_counts=True)
    bars = []
    for left, count in zip(lefts.tolist(), counts, strict=True):
        if count:
            (at, top), (end, floor) = frame.place(left, count), frame.place(left + width, 0.0)
            bars.append(svg.bar((at, top), end - at, floor - top, ink=_INK))
    return frame.drawn(bars, x, y)


def points(x_values: FloatArray, y_values: FloatArray, lines: Sequence[tuple[str, float]], *, x: str, y: str) -> str:
    """Points, and level lines with a word each."""
    levels = [(word, level) for word, level in lines if np.isfinite(level)]
    heights = [*y_values, *(level for _, level in levels)]
    low, high = float(np.min(heights, initial=0.0)), float(np.max(heights, initial=0.0))
    # Narrower than this the scale would show what computing alone does to numbers that agree.
    room = 0.08 * (high - low) if high - low > _NARROWEST else 1.0
    frame = plot((0.0, float(np.max(x_values, initial=0.0)) * 1.05 or 1.0), (low - room, high + room))
    places = map(frame.place, x_values.tolist(), y_values.tolist())
    marks = [svg.dot(place, 2.2, ink=_INK, opacity=0.6) for place in places]  # where many lie, it is darker
    for word, level in levels:
        at, right = frame.up.at(level), frame.across.end
        marks += [
            svg.line((frame.across.start, at), (right, at), dash="5 3"),
            svg.words((right, at - 4), word, anchor="end"),
        ]
    return frame.drawn(marks, x, y)


def bars(words: Sequence[str], counts: Sequence[float], *, x: str) -> str:
    """A bar a word, one below the other, each with its count, under a title of the counts."""
    most, height = max(*counts, 1), _STEP * len(words) + 30
    drawn = [svg.words((_WORDS, height - 6), x)]
    for place, (word, count) in enumerate(zip(words, counts, strict=True)):
        top, width = 10 + _STEP * place, count / most * (WIDTH - _WORDS - 90)
        drawn += [
            svg.words((_WORDS - 8, top + 14), word, anchor="end"),
            svg.bar((_WORDS, top), width, _STEP - 6, ink=_INK),
            svg.words((_WORDS + width + 6, top + 14), f"{count:,}"),
        ]
    return svg.drawing(WIDTH, height, x, drawn)
