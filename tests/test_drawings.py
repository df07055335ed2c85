"""Drawings: shapes of one module, scales with round numbers."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from cases import EXAMPLES, ROOT, example, planned
from each import each

from dosimetry import plan, read_case
from dosimetry.audit import charts
from dosimetry.ordering.sheet import order_sheet
from dosimetry.report.axes import Scale
from dosimetry.report.contents import document
from dosimetry.report.document import Drawing
from dosimetry.report.order_document import order_document

PACKAGE = ROOT / "dosimetry"
TAG = re.compile(r"</?(?:svg|text|line|polyline|polygon|path|rect|circle|g)\b")


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
