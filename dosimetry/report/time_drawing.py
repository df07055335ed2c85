"""Activity over time as a drawing for paper: the curve, the tolerance band, and the window in which it lies in it."""

from collections.abc import Iterator

from dosimetry.order_chart import TimeChart
from dosimetry.report import svg
from dosimetry.report.document import Drawing
from dosimetry.report.numbers import with_gbq, with_gy
from dosimetry.report.svg_plot import Plot, plot

BAND, WINDOW = "#d9a441", "#4a6fa5"
FAINT = 0.25
"""How much of a band's color is laid on the paper: curve and words are read through it."""
_LABEL_EVERY = 8
"""Grid steps between two clock times on the axis."""
_ROOM = 1.05
READING = (
    "Curve: what would be given at each instant, with the dose to the perfused volume. Level band: tolerance around "
    "the planned activity. Upright band: instants at which the curve lies in it."
)


def time_drawing(chart: TimeChart, given: str) -> Drawing:
    """The drawing of one territory; ``given`` says in words whose activity is drawn."""
    top_gbq = max(*chart.administered_activity_gbq, chart.band_gbq[1]) * _ROOM
    frame = plot((chart.hours[0], chart.hours[-1]), (0.0, top_gbq))
    clocks = list(zip(chart.hours, chart.clocks, strict=True))[:-1:_LABEL_EVERY]
    marks = (*_bands(frame, chart), *_planned(frame, chart), *_curve(frame, chart))
    zone = chart.injection_local.partition("UTC")[2]
    drawn = frame.drawn(marks, f"Instant of injection, UTC{zone}", "Administered activity [GBq]", clocks)
    return Drawing(f"{chart.territory}: {given} over time", drawn)


def _bands(frame: Plot, chart: TimeChart) -> Iterator[str]:
    start, end = chart.hours[0], chart.hours[-1]
    first, last = (min(max(hour, start), end) for hour in chart.window_h)
    low_gbq, high_gbq = chart.band_gbq
    yield _box(frame.place(start, high_gbq), frame.place(end, low_gbq), BAND)
    if last > first:
        yield _box(frame.place(first, frame.up.high), frame.place(last, 0.0), WINDOW)


def _box(upper_left: svg.Place, lower_right: svg.Place, ink: str) -> str:
    (left, upper), (right, lower) = upper_left, lower_right
    return svg.bar(upper_left, right - left, lower - upper, ink=ink, opacity=FAINT)


def _planned(frame: Plot, chart: TimeChart) -> Iterator[str]:
    left, level = frame.place(chart.hours[0], chart.planned_gbq)
    upright, top = frame.place(0.0, frame.up.high)
    yield svg.line((left, level), (frame.across.end, level), dash="5 3")
    yield svg.line((upright, frame.up.start), (upright, top), dash="5 3")
    yield svg.words((left + 4, level - 4), f"planned {with_gbq(chart.planned_gbq)}")
    yield svg.words((upright, top - 4), "planned injection", anchor="middle")


def _curve(frame: Plot, chart: TimeChart) -> Iterator[str]:
    """The curve, with doses beside some of its points: they fall with the activity, at the same instants."""
    ink = svg.INKS[0]
    points = list(map(frame.place, chart.hours, chart.administered_activity_gbq))
    yield svg.curve(points, ink=ink, width=2)
    doses = list(zip(points, chart.perfused_dose_gy, strict=True))
    for (x, y), dose_gy in doses[_LABEL_EVERY::_LABEL_EVERY][:-1]:
        yield svg.dot((x, y), 3, ink=ink)
        yield svg.words((x + 5, y - 8), with_gy(dose_gy))
