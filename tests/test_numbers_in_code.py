"""No clinical number stands in Python: they are rows of the reference tables, each with its source."""

import ast
import re
from collections.abc import Iterator

import pytest
from cases import ROOT
from each import each

PACKAGE = ROOT / "dosimetry"
LAID_OUT = ("report", "web", "audit/charts.py")
"""Whole numbers there are widths, digits and places of a page; what they compute with is looked at all the same."""
PLAIN = {0, 1, 2, 100}
"""Numbers that mean what they are everywhere: none, one, two, and the parts of a percentage."""
OF_FILES = {
    "figures.py": "digits and lengths of printed numbers",
    "number_text.py": "longest text of a number",
    "typed_text.py": "longest text of a number",
    "strict_json.py": "size and depth of a file",
    "record_reader.py": "length of a text",
    "instants.py": "hours, minutes and seconds; places in a date",
    "time_spans.py": "rounding of a second",
    "planning.py": "years a plan can be of",
    "chart_data.py": "points of a curve",
    "order_chart.py": "points and hours of a chart",
    "units.py": "factors between units",
    "decay.py": "joules of an electronvolt, seconds of an hour",
    "body_surface.py": "grams of a kilogram",
    "spheres.py": "spheres of a million",
    "lesion_geometry.py": "the sixth of an ellipsoid",
    "second_check/energy_route.py": "grams of a kilogram",
    "scores/liver_function.py": "grams per liter of a gram per deciliter; half up",
    "cli.py": "ports and exit codes",
    "audit": "hours of a day, days of a month, powers of ten, sizes of pieces, tolerances of an agreement",
}
"""Files, or folders, whose other numbers are no clinical ones, and what they are."""
TOLERANCES = {1e-12, 1e-9}
DIGITS = {3, 4, 5, 6}
DIGITS_OF_SENTENCES = (
    "cautions.py", "lobes.py", "delivery/amounts.py", "delivery/criterion.py", "ordering/ordered.py",
    "ordering/stock.py", "ranges.py", "rules.py", "tace/steps.py", "treatment_day/delivery_findings.py",
    "treatment_day/directive_findings.py",
    "treatment_day/findings.py",
    "treatment_day/sessions.py", "unusual.py",
    "what_if/bound_words.py",
)  # fmt: skip
CODES = {"columns.py": {3}, "future_dates.py": {14}, "reference.py": {12}}
"""A code of a missing target; hours that a zone may be ahead; characters of the fingerprint."""
WITH_UNIT = re.compile(r"\d[\N{NO-BREAK SPACE} ]?(?:Gy|GBq|mCi|MBq|mL|mg|%|percent)\b")
FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def tree_of(name: str) -> ast.Module:
    return ast.parse((PACKAGE / name).read_text("utf-8"))


def numbers(nodes: Iterator[ast.AST]) -> set[float]:
    found = (node.value for node in nodes if isinstance(node, ast.Constant) and type(node.value) in (int, float))
    return {value for value in found if value not in PLAIN}


def of_arithmetic(tree: ast.Module) -> Iterator[ast.AST]:
    """What is added, multiplied, compared; and every number with a point."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp | ast.Compare):
            yield from ast.iter_child_nodes(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node


@each(name=[name for name in FILES if not name.startswith((*LAID_OUT, *OF_FILES))])
def test_formulas_rules_and_models_hold_no_number_of_a_source(name):
    allowed = TOLERANCES | CODES.get(name, set()) | (DIGITS if name in DIGITS_OF_SENTENCES else set())
    assert numbers(ast.walk(tree_of(name))) - allowed == set()


OF_A_PAGE = {
    "report/text_report.py": {12, 20, 24, 28},
    "web/dose_chart.py": {0.4},
    "web/downloads.py": {0.5},
    "web/left_sessions.py": {15, 120},
}
"""Underscores of a line to sign on; how faint a band is drawn; seconds that a file waits and a left page stays."""
DRAWINGS = ("axes.py", "svg.py", "svg_plot.py", "dose_drawing.py", "time_drawing.py", "budget_blocks.py")
"""Places on paper, all over."""


@pytest.mark.parametrize(
    "name", [name for name in FILES if name.startswith(("report", "web")) and not name.endswith(DRAWINGS)]
)
def test_a_face_neither_computes_nor_compares_with_a_number(name):
    assert numbers(of_arithmetic(tree_of(name))) - OF_A_PAGE.get(name, set()) == set()


def texts(tree: ast.Module) -> list[str]:
    """Texts of a module but its docstrings."""
    documented = (node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef))
    spoken = {id(node.body[0].value) for node in documented if ast.get_docstring(node)}
    spoken |= {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [node.value for node in found if id(node) not in spoken]


SAID = {"report/tace_contents.py": "of 50 and 100 mg found no difference"}
"""What a trial is known by, in the sentence that names it."""


@each(name=FILES)
def test_no_sentence_has_a_dose_or_an_activity_written_into_it(name):
    written = [text for text in texts(tree_of(name)) if WITH_UNIT.search(text)]
    assert [text for text in written if SAID.get(name, "\0") not in text] == []
