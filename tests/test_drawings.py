"""Drawings: shapes of one module, scales with round numbers, inks that are seen on light and dark paper."""

import ast
import base64
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from cases import EXAMPLES, ROOT, changed, example, planned, two_lobes
from contrast import LINES, WORDS, color, contrast
from each import each

from dosimetry import plan, read_case
from dosimetry.audit import charts
from dosimetry.budgets import Budget, Ceiling, Part
from dosimetry.chart_data import DoseChart, dose_charts
from dosimetry.order_chart import time_chart
from dosimetry.ordering.sheet import order_sheet
from dosimetry.report import budget_blocks, dose_drawing
from dosimetry.report.axes import Scale
from dosimetry.report.contents import document
from dosimetry.report.document import Drawing
from dosimetry.report.order_document import order_document
from dosimetry.report.pens import pens
from dosimetry.report.svg import DASHES, INKS
from dosimetry.report.time_drawing import time_drawing
from dosimetry.web import html_blocks
from dosimetry.web.dose_chart import Chart

PACKAGE = ROOT / "dosimetry"
TAG = re.compile(r"</?(?:svg|text|line|polyline|polygon|path|rect|circle|g)\b")
THEMES = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
WHITE, DARK = color("#ffffff"), color(THEMES["dark"]["backgroundColor"])


def of_plans() -> Iterator[Drawing]:
    """Dose against activity and budget of the examples, and the order of one of them."""
    for path in EXAMPLES:
        yield from (block for block in document(plan(read_case(path))).blocks if isinstance(block, Drawing))
    ordered = planned(example("segmentectomy-tokyo"))
    yield from (block for block in order_document(ordered, order_sheet(ordered)).blocks if isinstance(block, Drawing))


def of_an_audit() -> Iterator[Drawing]:
    """The three charts of an audit."""
    edges, values = np.array([-np.inf, -10.0, 0.0, 10.0, np.inf]), np.array([1.0, 2.0])
    yield Drawing("histogram", charts.histogram(edges, [1, 0, 3, 1], x="x", y="y"))
    yield Drawing("points", charts.points(values, values, [("mean", 1.5)], x="x", y="y"))
    yield Drawing("bars", charts.bars(["a", "b"], [2, 1], x="x"))


@cache
def drawings() -> list[Drawing]:
    return [*of_plans(), *of_an_audit()]


def picture(drawing: Drawing) -> ET.Element:
    """The drawing as the page shows it."""
    html = html_blocks.html_of([drawing])
    return ET.fromstring(base64.b64decode(re.search(r"base64,([^\"]+)", html)[1]))


def budget(made) -> Drawing:
    (drawing,) = [block for block in budget_blocks.budget(made) if isinstance(block, Drawing)]
    return drawing


def said(shapes: ET.Element) -> list[str]:
    return [shape.text for shape in shapes if shape.text]


def test_shapes_are_written_in_one_module():
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and TAG.search(node.value)
    }
    assert found == {"report/svg.py"}


def test_every_drawing_says_its_title_and_lies_within_its_paper():
    for drawing in drawings():
        shapes = ET.fromstring(drawing.svg)
        assert shapes.get("aria-label"), drawing.title
        width, height = (float(shapes.get(side)) for side in ("width", "height"))
        for names, end in ((("x", "x1", "x2", "cx"), width), (("y", "y1", "y2", "cy"), height)):
            places = [float(shape.get(name)) for shape in shapes for name in names if shape.get(name)]
            assert places
            assert [place for place in places if not 0 <= place <= end] == [], drawing.title
        for shape in shapes:
            if shape.get("width"):
                x, y, wide, high = (float(shape.get(side)) for side in ("x", "y", "width", "height"))
                assert min(wide, high) >= 0, drawing.title
                assert (x + wide, y + high) <= (width, height), drawing.title
            for point in (shape.get("points") or "").split():
                x, y = map(float, point.split(","))
                assert 0 <= x <= width, drawing.title
                assert 0 <= y <= height, drawing.title


def places(shapes: ET.Element) -> dict[str, tuple[float, float, float, float]]:
    """Left, right, top and bottom of every text, with letters of half their size in width."""
    found = {}
    for shape in shapes:
        if shape.text:
            x, y, size = (float(shape.get(name)) for name in ("x", "y", "font-size"))
            width = 0.5 * size * len(shape.text)
            left = x - {"start": 0, "middle": width / 2, "end": width}[shape.get("text-anchor")]
            found[f"{shape.text} at {x:g} {y:g}"] = left, left + width, y - 0.7 * size, y
    return found


def overlapping(shapes: ET.Element) -> list[tuple[str, str]]:
    pairs = combinations(places(shapes).items(), 2)
    return [
        (one, other)
        for (one, (left, right, top, bottom)), (other, (at, to, up, down)) in pairs
        if left < to and at < right and top < down and up < bottom
    ]


def test_no_word_of_a_drawing_lies_on_another():
    found = {drawing.title: overlapping(ET.fromstring(drawing.svg)) for drawing in drawings()}
    assert {title: pairs for title, pairs in found.items() if pairs} == {}


@each(bounds=[(30, 30.5), (30, 31, 32, 50), (9.9, 10, 100)])
def test_bounds_that_lie_close_and_long_names_are_read_one_by_one(bounds):
    ceilings = tuple(
        Ceiling(
            limit=f"L{gy}",
            label="lungs",
            comparator="<=",
            bound_gy=gy,
            room_gy=gy - 31.0,
            is_at_most=False,
            verified=True,
        )
        for gy in bounds
    )
    parts = tuple(Part(name=name, dose_gy=15.5) for name in ("segments 5, 6, 7 and 8 with caudate branches", "right"))
    lungs = Budget(compartment="lungs", dose_gy=31.0, parts=parts, ceilings=ceilings)
    shapes = ET.fromstring(budget_blocks.drawn([lungs, replace(lungs, compartment="lungs, all sessions")]))
    assert overlapping(shapes) == []
    assert len([text for text in said(shapes) if text.startswith("\N{LESS-THAN OR EQUAL TO}")]) == 2 * len(bounds)
    [dose, _] = [text for text in said(shapes) if text == "31.0\N{NO-BREAK SPACE}Gy"]
    limits = [float(shape.get("x1")) for shape in shapes if shape.get("stroke-width") == "1.8"]
    left_of_dose = min(place[0] for text, place in places(shapes).items() if text.startswith(dose))
    assert max(limits) < left_of_dose


def test_every_ink_is_seen_on_white_paper_and_on_the_dark_page():
    assert min(contrast(color(ink), WHITE) for ink in INKS) >= WORDS
    assert min(contrast(color(ink), DARK) for ink in INKS) >= LINES
    used = {
        (shape.tag.rpartition("}")[2], shape.get(name))
        for drawing in drawings()
        for shape in ET.fromstring(drawing.svg)
        for name in ("fill", "stroke")
        # A band is laid under what is read.
        if shape.get(name) and float(shape.get("fill-opacity", 1)) == 1
    }
    assert {ink for tag, ink in used if tag == "text"} == {"currentColor"}
    inks = {ink for _, ink in used} - {"currentColor", "none"}
    assert len(inks) > 3
    assert [ink for ink in inks for paper in (WHITE, DARK) if contrast(color(ink), paper) < LINES] == []


def test_a_picture_has_letters_paper_and_ink_of_the_page_in_both_themes():
    style = picture(budget(planned(two_lobes()))).get("style")
    stated = dict(re.findall(r"([a-z-]+): ([^;]+)", style))
    assert "serif" not in stated["font-family"].replace("sans-serif", "")
    assert stated["color-scheme"] == "light dark"
    dark = THEMES["dark"]
    assert stated["background"] == f"light-dark(#ffffff, {dark['backgroundColor']})"
    assert stated["color"] == f"light-dark({THEMES['light']['textColor']}, {dark['textColor']})"
    # Who knows no pairs reads dark on white.
    assert re.search(r"background: #ffffff; .*background: light", style)
    assert re.search(rf"color: {THEMES['light']['textColor']}; .*color: light", style)


def test_a_name_is_no_ink_and_no_style():
    names = ["currentColor", "Libertinus Serif, Georgia, serif"]
    plain = changed(two_lobes(), {f"territories[{place}].name": name for place, name in enumerate(names)})
    assert set(names) <= set(said(picture(budget(planned(plain)))))


def test_a_drawing_of_a_report_says_nothing_of_the_dark():
    themed = re.compile("light-dark|color-scheme|background")
    assert [drawing.title for drawing in drawings() if themed.search(drawing.svg)] == []


def test_a_compartment_has_one_ink_and_one_dash_in_form_and_report():
    for chart in dose_charts(planned(two_lobes())):
        curves = [shape for shape in ET.fromstring(dose_drawing.drawn(chart)) if shape.tag.endswith("polyline")]
        encoding = Chart(data=chart).spec["layer"][0]["layer"][0]["encoding"]
        assert encoding["color"]["scale"]["range"] == [curve.get("stroke") for curve in curves]
        dashes = [" ".join(map(str, lengths)) for lengths in encoding["strokeDash"]["scale"]["range"]]
        assert dashes == [curve.get("stroke-dasharray", "1 0") for curve in curves]
        assert len(set(dashes)) == len(curves) > 2
    assert len(set(DASHES)) == len(set(INKS)) == len(INKS)


def test_a_compartment_has_one_pen_in_the_charts_of_all_territories():
    """The first lobe has two lesions, the second none: what follows them in the key keeps its ink and dash."""
    plain = changed(two_lobes(), {"territories[1].lesions": []})
    second = {"name": "C", "volume_ml": 20, "tumor_normal_ratio": 2}
    plain["territories"][0]["lesions"].append(second)
    charts = dose_charts(planned(plain))
    drawn = [dict(zip(names, pens(names), strict=True)) for names in ([x.compartment for x in c.lines] for c in charts)]
    shared = set(drawn[0]) & set(drawn[1])
    assert {"perfused volume", "lungs"} <= shared
    assert all(drawn[0][name] == drawn[1][name] for name in shared)
    many = [*(f"lesion {place}" for place in range(12)), *shared]
    assert len(set(pens(many))) == len(many)


@each(top=[1.05, 0.3, 2.1, 7, 11, 99, 1234])
def test_an_axis_has_at_least_three_steps(top):
    steps = list(Scale(0.0, top, 0.0, 1.0).steps())
    assert steps[0] == 0
    assert 4 <= len(steps) <= 8


@each(span=[(-110.0, 60.0), (0.2, 0.9), (5.0, 5.5), (-3.0, -1.0), (-1e-7, 1e-7), (1e6, 3e6)])
def test_steps_of_any_scale_are_round_and_lie_on_it(span):
    steps = list(Scale(*span, 0.0, 1.0).steps())
    assert 3 <= len(steps) <= 8
    rounding = 1e-9 * (span[1] - span[0])
    assert span[0] - rounding <= steps[0]
    assert steps[-1] <= span[1] + rounding
    assert np.diff(steps) == pytest.approx([steps[1] - steps[0]] * (len(steps) - 1))
    assert 0 in steps or span[0] * span[1] > 0


def test_the_ends_of_a_scale_are_steps_where_they_are_round():
    assert list(Scale(-0.3, 0.3, 0.0, 1.0).steps()) == pytest.approx([-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3])


@each(most=[1, 2, 3, 4, 7, 13, 14, 999])
def test_counts_have_no_halves(most):
    steps = list(Scale(0.0, most, 0.0, 1.0, of_counts=True).steps())
    assert len(steps) >= 2
    assert all(step == int(step) for step in steps)
    drawn = charts.histogram(np.array([-np.inf, 0.0, 1.0, np.inf]), [most, 0, 1], x="", y="rows")
    level = [shape.text for shape in ET.fromstring(drawn) if shape.get("text-anchor") == "end" and shape.text]
    assert [float(text) for text in level] == steps


def test_negative_numbers_of_an_axis_have_the_minus_sign_of_the_report():
    values = np.array([-100.0, 50.0])
    words = said(ET.fromstring(charts.points(np.abs(values), values, [], x="", y="")))
    assert "\N{MINUS SIGN}100" in words
    assert not [word for word in words if word.startswith("-")]


def of_tag(shapes: ET.Element, tag: str) -> list[ET.Element]:
    return [shape for shape in shapes if shape.tag.endswith(f"}}{tag}")]


def numbers(shape: ET.Element, *names: str) -> list[float]:
    return [float(shape.get(name)) for name in names]


def corners(shape: ET.Element) -> list[tuple[float, float]]:
    return [tuple(map(float, each.split(","))) for each in shape.get("points").split()]


def scale_of(chart: DoseChart, shapes: ET.Element) -> Callable[[float, float], tuple[float, float]]:
    """Where an activity and a dose lie, by the ends of the curves: from nothing to the greatest of both."""
    points = [point for curve in of_tag(shapes, "polyline") for point in corners(curve)]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    floor, top = max(y for _, y in points), min(y for _, y in points)
    most_gbq, most_gy = chart.activity_gbq[-1], max(max(line.dose_gy) for line in chart.lines)
    return lambda gbq, gy: (left + (right - left) * gbq / most_gbq, floor - (floor - top) * gy / most_gy)


@cache
def dose_drawings() -> list[tuple[DoseChart, ET.Element]]:
    plain = changed(two_lobes(), {"disease": "hcc", "intent": "unilobar", "patient.bilirubin_mg_dl": 0.8})
    return [(chart, ET.fromstring(dose_drawing.drawn(chart))) for chart in dose_charts(planned(plain))]


def test_a_bar_of_the_sensitivity_reaches_from_the_least_dose_to_the_greatest():
    for chart, shapes in dose_drawings():
        place = scale_of(chart, shapes)
        bars = [numbers(line, "y1", "y2") for line in of_tag(shapes, "line") if line.get("stroke-width") == "3"]
        known = [line for line in chart.lines if line.least_gy is not None and line.most_gy is not None]
        ends = [[place(0, gy)[1] for gy in (line.least_gy, line.most_gy)] for line in known]
        assert len(bars) > 2
        assert bars == [pytest.approx(each, abs=0.1) for each in ends]


def test_a_triangle_lies_on_its_bound_points_down_for_a_limit_and_is_hollow_where_not_verified():
    seen = set()
    for chart, shapes in dose_drawings():
        place = scale_of(chart, shapes)
        marks = [mark for mark in chart.marks if mark.dose_gy is not None and mark.compartment is not None]
        for mark, triangle in zip(marks, of_tag(shapes, "polygon"), strict=True):
            (left, base), (right, _), (_, tip) = corners(triangle)
            middle = (left + right) / 2, (base + tip) / 2
            assert middle == pytest.approx(place(mark.activity_gbq, mark.dose_gy), abs=0.1)
            assert (tip < base) is (mark.kind == "goal")
            assert (triangle.get("fill") != "none") is mark.verified
            seen |= {mark.kind, mark.verified}
    assert seen == {"limit", "goal", True, False}


def test_a_chart_of_time_has_its_band_window_and_planned_line_where_the_numbers_are():
    ordered = planned(example("segmentectomy-tokyo"))
    sheet = order_sheet(ordered)
    planned_gbq = ordered.territories[0].administered_activity_gbq
    chart = time_chart(ordered, sheet, sheet.territories[0].name, 1.02 * planned_gbq)
    shapes = ET.fromstring(time_drawing(chart, "x").svg)
    [curve] = of_tag(shapes, "polyline")
    (left, first), *_, (right, last) = corners(curve)
    per_gbq = (last - first) / (chart.administered_activity_gbq[-1] - chart.administered_activity_gbq[0])
    per_hour = (right - left) / (chart.hours[-1] - chart.hours[0])

    def y(gbq):
        return pytest.approx(first + (gbq - chart.administered_activity_gbq[0]) * per_gbq, abs=0.1)

    def x(hour):
        return pytest.approx(left + (hour - chart.hours[0]) * per_hour, abs=0.1)

    band, window = (numbers(shape, "x", "y", "width", "height") for shape in of_tag(shapes, "rect"))
    assert (band[1], band[1] + band[3]) == (y(chart.band_gbq[1]), y(chart.band_gbq[0]))
    inside = [min(max(hour, chart.hours[0]), chart.hours[-1]) for hour in chart.window_h]
    assert (window[0], window[0] + window[2]) == (x(inside[0]), x(inside[1]))
    level, upright = (line for line in of_tag(shapes, "line") if line.get("stroke-dasharray") == "5 3")
    assert numbers(level, "y1", "y2") == [y(chart.planned_gbq)] * 2
    assert numbers(upright, "x1", "x2") == [x(0)] * 2


def test_bars_of_an_audit_are_as_high_and_wide_as_their_counts():
    counts = [1, 0, 3, 2]
    edges = np.array([-np.inf, -10.0, 0.0, 10.0, np.inf])
    bars = of_tag(ET.fromstring(charts.histogram(edges, counts, x="x", y="y")), "rect")
    heights = [float(bar.get("height")) for bar in bars]
    assert heights == pytest.approx([heights[0] * count for count in counts if count], rel=1e-3)
    rows = of_tag(ET.fromstring(charts.bars(["a", "b"], [4, 1], x="x")), "rect")
    widths = [float(bar.get("width")) for bar in rows]
    assert widths[0] == pytest.approx(4 * widths[1], rel=1e-3)


def test_level_lines_of_an_audit_lie_at_their_values():
    values = np.array([1.0, 2.0])
    shapes = ET.fromstring(charts.points(values, values, [("mean", 1.5)], x="x", y="y"))
    dots = [float(dot.get("cy")) for dot in of_tag(shapes, "circle")]
    [level] = [line for line in of_tag(shapes, "line") if line.get("stroke-dasharray")]
    assert numbers(level, "y1", "y2") == pytest.approx([sum(dots) / 2] * 2, abs=0.1)
