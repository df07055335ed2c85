"""The chart of dose against activity as a vector drawing, from the numbers that every face draws."""

from collections.abc import Iterator

from dosimetry import figures
from dosimetry.chart_data import DoseChart, dose_charts
from dosimetry.plan_record import Plan
from dosimetry.report import svg
from dosimetry.report.document import Block, Drawing, Heading, Paragraph
from dosimetry.report.numbers import activity, at_bound
from dosimetry.report.pens import Pen, pens
from dosimetry.report.svg_plot import AXIS_WORDS, LEFT, TOP, WIDTH, Plot, key_places, plot

_HEIGHT, _KEY_ROW, _UPRIGHT_ROW, _UPRIGHT_WORDS = 230.0, 15.0, 13.0, 125.0
_READING = (
    "Mean absorbed dose against administered activity, the other territories as planned. Upright lines: the planned "
    "activity, and the one at which the first limit binds. Dots: the planned doses, with bars for the sensitivity "
    "steps. Triangles where a limit (pointing down) or a goal (pointing up) is reached; hollow ones are not verified."
)


def charts(plan: Plan) -> Iterator[Block]:
    """One drawing a territory."""
    yield Heading("Dose against activity")
    yield Paragraph(_READING)
    for chart in dose_charts(plan):
        yield Drawing(f"Dose against activity, {chart.territory}", drawn(chart))


def drawn(chart: DoseChart) -> str:
    """The drawing of one territory."""
    top = TOP + _UPRIGHT_ROW * len(tuple(uprights(chart)))
    most_gy = max(max(line.dose_gy) for line in chart.lines) or 1.0
    frame = plot((0.0, chart.activity_gbq[-1]), (0.0, most_gy), top=top, height=_HEIGHT)
    below = frame.up.start + AXIS_WORDS
    title = f"Mean absorbed dose of every compartment against the administered activity of {chart.territory}"
    parts = (
        *frame.axes("Administered activity [GBq]", "Dose [Gy]"),
        *_lines(chart, frame),
        *_uprights(chart, frame),
        *_key(chart, below + 8),
    )
    return svg.drawing(WIDTH, _key_places(chart, below + 8)[-1][1] + 10, title, parts)


def _lines(chart: DoseChart, frame: Plot) -> Iterator[str]:
    drawn_by, chosen = _pens(chart), chart.chosen_gbq
    for line in chart.lines:
        ink, dash = drawn_by[line.compartment]
        points = map(frame.place, chart.activity_gbq, line.dose_gy)
        yield svg.curve(points, ink=ink, dash=dash)
        if line.least_gy is not None and line.most_gy is not None:
            yield svg.line(frame.place(chosen, line.least_gy), frame.place(chosen, line.most_gy), ink=ink, width=3)
        planned = line.dose_gy[chart.activity_gbq.index(chosen)]
        yield svg.dot(frame.place(chosen, planned), 3, ink=ink)
    for mark in chart.marks:
        if mark.dose_gy is not None and mark.compartment is not None:
            center = frame.place(mark.activity_gbq, mark.dose_gy)
            yield svg.triangle(center, up=mark.kind == "goal", ink=drawn_by[mark.compartment].ink, filled=mark.verified)


def uprights(chart: DoseChart) -> Iterator[tuple[float, str]]:
    """The planned activity and the binding ones, each with its words: none is rounded past a limit it keeps."""
    limits = [mark.activity_gbq for mark in chart.marks if mark.kind == "limit"]
    yield chart.chosen_gbq, f"planned {figures.with_unit(activity(chart.chosen_gbq, limits)[0], 'GBq')}"
    for mark in chart.marks:
        if mark.binding:
            yield mark.activity_gbq, f"binds {figures.with_unit(at_bound(mark.activity_gbq, mark.kind)[0], 'GBq')}"


def _uprights(chart: DoseChart, frame: Plot) -> Iterator[str]:
    """Each line reaches its words above the plot; those whose words run away from the others stand lowest."""
    found = sorted((frame.across.at(gbq), text) for gbq, text in uprights(chart))
    is_right = found[-1][0] + _UPRIGHT_WORDS <= WIDTH or found[0][0] < LEFT + _UPRIGHT_WORDS
    for row, (x, text) in enumerate(found if is_right else reversed(found)):
        y = _UPRIGHT_ROW * (row + 1)
        yield svg.line((x, frame.up.start), (x, y - 8), dash="3 3", width=0.8)
        is_after = is_right and x + _UPRIGHT_WORDS <= WIDTH
        yield svg.words((x + (4 if is_after else -4), y), text, anchor="start" if is_after else "end")


def _key(chart: DoseChart, top: float) -> Iterator[str]:
    drawn_by = _pens(chart)
    for line, (x, y) in zip(chart.lines, _key_places(chart, top), strict=True):
        ink, dash = drawn_by[line.compartment]
        yield svg.line((x, y), (x + 34, y), ink=ink, dash=dash, width=1.8)
        yield svg.words((x + 40, y + 3.5), line.compartment, size=10.5)


def _key_places(chart: DoseChart, top: float) -> list[svg.Place]:
    return key_places([line.compartment for line in chart.lines], LEFT, top, lead=40, row=_KEY_ROW)


def _pens(chart: DoseChart) -> dict[str, Pen]:
    names = [line.compartment for line in chart.lines]
    return dict(zip(names, pens(names), strict=True))
