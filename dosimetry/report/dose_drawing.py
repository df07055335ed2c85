"""The chart of dose against activity as a vector drawing, from the numbers that every face draws."""

from collections.abc import Iterator

from dosimetry import figures
from dosimetry.chart_data import DoseChart, dose_charts
from dosimetry.plan_record import Plan
from dosimetry.report import svg
from dosimetry.report.axes import Scale
from dosimetry.report.document import Block, Drawing, Heading, Paragraph
from dosimetry.report.numbers import activity, at_bound

WIDTH, _LEFT, _RIGHT, _TOP, _PLOT, _KEY_ROW = 640.0, 48.0, 16.0, 30.0, 230.0, 15.0
_AXIS_WORDS, _UPRIGHT_ROW, _UPRIGHT_WORDS = 34.0, 13.0, 125.0
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
    rows = (len(chart.lines) + 1) // 2
    top = _TOP + _UPRIGHT_ROW * len(tuple(uprights(chart)))
    bottom = top + _PLOT
    doses = Scale(max(max(line.dose_gy) for line in chart.lines) or 1.0, bottom, top)
    activities = Scale(chart.activity_gbq[-1], _LEFT, WIDTH - _RIGHT)
    height = bottom + _AXIS_WORDS + rows * _KEY_ROW + 6
    title = f"Mean absorbed dose of every compartment against the administered activity of {chart.territory}"
    parts = (
        *_axes(activities, doses),
        *_lines(chart, activities, doses),
        *_uprights(chart, activities, bottom),
        *_key(chart, bottom + _AXIS_WORDS + 8),
    )
    return svg.drawing(WIDTH, height, title, parts)


def _axes(activities: Scale, doses: Scale) -> Iterator[str]:
    bottom, top = doses.start, doses.end
    for dose in doses.steps():
        y = doses.at(dose)
        yield svg.line((_LEFT, y), (WIDTH - _RIGHT, y), ink="#9a9a9a", width=0.4)
        yield svg.words((_LEFT - 5, y + 3.5), figures.trimmed(dose), anchor="end", size=10)
    for gbq in activities.steps():
        x = activities.at(gbq)
        yield svg.line((x, bottom), (x, bottom + 4))
        yield svg.words((x, bottom + 14), figures.trimmed(gbq), anchor="middle", size=10)
    yield svg.line((_LEFT, bottom), (WIDTH - _RIGHT, bottom))
    yield svg.line((_LEFT, bottom), (_LEFT, top))
    yield svg.words((_LEFT - 40, top - 14), "Dose [Gy]", size=10)
    yield svg.words((WIDTH - _RIGHT, bottom + 27), "Administered activity [GBq]", anchor="end", size=10)


def _lines(chart: DoseChart, activities: Scale, doses: Scale) -> Iterator[str]:
    inks = _inks(chart)
    chosen = activities.at(chart.chosen_gbq)
    for place, line in enumerate(chart.lines):
        ink = inks[line.compartment]
        points = zip(map(activities.at, chart.activity_gbq), map(doses.at, line.dose_gy), strict=True)
        yield svg.curve(points, ink=ink, dash=svg.DASHES[place % len(svg.DASHES)])
        if line.least_gy is not None and line.most_gy is not None:
            yield svg.line((chosen, doses.at(line.least_gy)), (chosen, doses.at(line.most_gy)), ink=ink, width=3)
        planned = line.dose_gy[chart.activity_gbq.index(chart.chosen_gbq)]
        yield svg.dot((chosen, doses.at(planned)), 3, ink=ink)
    for mark in chart.marks:
        if mark.dose_gy is not None and mark.compartment is not None:
            place_of = activities.at(mark.activity_gbq), doses.at(mark.dose_gy)
            ink = inks[mark.compartment]
            yield svg.triangle(place_of, up=mark.kind == "goal", ink=ink, filled=mark.verified)


def uprights(chart: DoseChart) -> Iterator[tuple[float, str]]:
    """The planned activity and the binding ones, each with its words: none is rounded past a limit it keeps."""
    limits = [mark.activity_gbq for mark in chart.marks if mark.kind == "limit"]
    yield chart.chosen_gbq, f"planned {figures.with_unit(activity(chart.chosen_gbq, limits)[0], 'GBq')}"
    for mark in chart.marks:
        if mark.binding:
            yield mark.activity_gbq, f"binds {figures.with_unit(at_bound(mark.activity_gbq, mark.kind)[0], 'GBq')}"


def _uprights(chart: DoseChart, activities: Scale, bottom: float) -> Iterator[str]:
    """Each line reaches its words above the plot; those whose words run away from the others stand lowest."""
    found = sorted((activities.at(gbq), text) for gbq, text in uprights(chart))
    is_right = found[-1][0] + _UPRIGHT_WORDS <= WIDTH or found[0][0] < _LEFT + _UPRIGHT_WORDS
    for row, (x, text) in enumerate(found if is_right else reversed(found)):
        y = _UPRIGHT_ROW * (row + 1)
        yield svg.line((x, bottom), (x, y - 8), dash="3 3", width=0.8)
        is_after = is_right and x + _UPRIGHT_WORDS <= WIDTH
        yield svg.words((x + (4 if is_after else -4), y), text, anchor="start" if is_after else "end")


def _key(chart: DoseChart, top: float) -> Iterator[str]:
    inks = _inks(chart)
    for place, line in enumerate(chart.lines):
        x, y = _LEFT + (place % 2) * (WIDTH - _LEFT) / 2, top + (place // 2) * _KEY_ROW
        dash = svg.DASHES[place % len(svg.DASHES)]
        yield svg.line((x, y), (x + 34, y), ink=inks[line.compartment], dash=dash, width=1.8)
        yield svg.words((x + 40, y + 3.5), line.compartment, size=10.5)


def _inks(chart: DoseChart) -> dict[str, str]:
    return {line.compartment: svg.INKS[place % len(svg.INKS)] for place, line in enumerate(chart.lines)}
