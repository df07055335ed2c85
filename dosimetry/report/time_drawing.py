"""Activity over time as a drawing for paper: the curve, the tolerance band, and the window in which it lies in it."""

from collections.abc import Iterator, Sequence
from html import escape

from dosimetry import figures
from dosimetry.order_chart import TimeChart
from dosimetry.report.document import Drawing
from dosimetry.report.svg_plot import FILL, INK, LINE, Plot, text

_BAND, _WINDOW = "#d9a441", "#4a6fa5"
_LABEL_EVERY = 8
"""Grid steps between two clock times on the axis."""
_ROOM = 1.05
READING = (
    "Curve: what would be given at each instant, with the dose to the perfused volume. Level band: tolerance around "
    "the planned activity. Upright band: instants at which the curve lies in it."
)


def time_drawing(chart: TimeChart, given: str) -> Drawing:
    """The drawing of one territory; ``given`` says in words whose activity is drawn."""
    top = max(*chart.administered_activity_gbq, chart.band_gbq[1]) * _ROOM
    plot = Plot((chart.hours[0], chart.hours[-1]), (0.0, top))
    labels = list(zip(chart.hours, chart.clocks, strict=True))[:-1:_LABEL_EVERY]
    marks = [*_bands(plot, chart), *_lines(plot, chart), *_doses(plot, chart)]
    zone = chart.injection_local.partition("UTC")[2]
    svg = plot.drawn(marks, f"Instant of injection, UTC{zone}", "Administered activity [GBq]", x_labels=labels)
    return Drawing(f"{chart.territory}: {given} over time", svg)


def _bands(plot: Plot, chart: TimeChart) -> Iterator[str]:
    first, last = (min(max(hour, chart.hours[0]), chart.hours[-1]) for hour in chart.window_h)
    floor = plot.y(0.0)
    high = min(chart.band_gbq[1], plot.top)
    yield _box(plot.x(chart.hours[0]), plot.y(high), plot.x(chart.hours[-1]), plot.y(chart.band_gbq[0]), _BAND)
    if last > first:
        yield _box(plot.x(first), plot.y(plot.top), plot.x(last), floor, _WINDOW)


def _box(left: float, upper: float, right: float, lower: float, color: str) -> str:
    return (
        f'<rect x="{left:.1f}" y="{upper:.1f}" width="{right - left:.1f}" height="{lower - upper:.1f}" '
        f'fill="{color}" fill-opacity="0.25"/>'
    )


def _lines(plot: Plot, chart: TimeChart) -> Iterator[str]:
    pairs = zip(chart.hours, chart.administered_activity_gbq, strict=True)
    points = " ".join(f"{plot.x(hour):.1f},{plot.y(activity):.1f}" for hour, activity in pairs)
    yield f'<polyline points="{points}" fill="none" stroke="{FILL}" stroke-width="2"/>'
    planned, left, right = plot.y(chart.planned_gbq), plot.x(chart.hours[0]), plot.x(chart.hours[-1])
    yield _line(left, planned, right, planned)
    yield _line(plot.x(0.0), plot.y(plot.top), plot.x(0.0), plot.y(0.0))
    yield text(left + 4, planned - 4, f"planned {_gbq(chart.planned_gbq)}", "start")
    yield text(plot.x(0.0) + 4, plot.y(plot.top) + 12, "planned injection", "start")


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{LINE}" stroke-dasharray="5 3"/>'


def _doses(plot: Plot, chart: TimeChart) -> Iterator[str]:
    """Doses beside the points of the curve: they fall with the activity, at the same instants."""
    rows: Sequence[tuple[float, float, float]] = list(
        zip(chart.hours, chart.administered_activity_gbq, chart.perfused_dose_gy, strict=True)
    )
    for hour, activity, dose in rows[_LABEL_EVERY::_LABEL_EVERY][:-1]:
        at, up = plot.x(hour), plot.y(activity)
        yield f'<circle cx="{at:.1f}" cy="{up:.1f}" r="3" fill="{FILL}"/>'
        words = escape(figures.with_unit(figures.readable(dose, 1), "Gy"))
        yield f'<text x="{at + 5:.1f}" y="{up - 5:.1f}" font-size="11" fill="{INK}">{words}</text>'


def _gbq(activity: float) -> str:
    return figures.with_unit(figures.readable(activity, 2), "GBq")
