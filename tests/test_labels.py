"""Texts of people and files in labels: Streamlit reads labels as markup, and what others wrote must never be any."""

import ast
from collections.abc import Iterator

import pytest
from cases import ROOT

from dosimetry.web.labels import as_label

MARKED = {
    "badge", "button", "caption", "checkbox", "download_button", "error", "expander", "file_uploader", "header",
    "image", "info", "link_button", "markdown", "metric", "multiselect", "number_input", "pills", "popover", "radio",
    "segmented_control", "selectbox", "subheader", "success", "tabs", "text_area", "text_input", "title", "toast",
    "toggle", "warning", "write",
}  # fmt: skip
"""Elements whose first argument, or whose help, is read as Markdown."""
OUR_OWN = {
    "acknowledging": {"severity(finding)"},
    "audit_columns": {"constant_label(name)"},
    "audit_page": {"MOST_ROWS", "limit_mb", "shown"},
    "audit_results": {"title"},
    "day_widgets": {"field(name).help or ''", "field(name).label", "field(name).help", "_in_the_other_unit(name, gbq)",
                    "label", "label or field(name).label", "label_of(name)", "word"},
    "diameters": {"name.capitalize()"},
    "downloads": {"title", "why_not"},
    "fields": {"found.help", "found.label", "label_of(name)", "reference.field(name).label", "shown"},
    "guard": {"failed", "sentence_for(error)"},
    "open_points": {"what"},
    "order_page": {"' and '.join(zones)"},
    "order_view": {"more"},
    "protocol_box": {"field(_NAME).help", "field(_NAME).label"},
    "paste_box": {"', '.join((label_of(name) for name in kind.inputs))", "kind.title", "kind.title.lower()"},
    "reference_page": {"__version__", "len(content.rows)", "reference.fingerprint()", "section.title", "title"},
    "results": {"instant", "label", "plan.data_fingerprint", "plan.input_sha256[:12]", "line", "titles"},
    "sections": {"', '.join(titles).lower()", "field(name).title", "fold.title", "group.title"},
    "start": {"__version__"},
    "tace_inputs": {"misfit"},
    "tace_results": {"label", "title"},
    "unit_switch": {"reference.field(name).label"},
}  # fmt: skip
"""What stands in labels beside constants, by module: words of the tables and of the program, figures, digests."""


def parts(node: ast.expr) -> Iterator[str]:
    """The expressions of a text that are neither written out, nor a constant of the module, nor made to show as is."""
    match node:
        case ast.Constant():
            return
        case ast.JoinedStr(values):
            for each in values:
                yield from parts(each.value) if isinstance(each, ast.FormattedValue) else ()
        case ast.BinOp(left, _, right) | ast.IfExp(_, left, right):
            yield from parts(left)
            yield from parts(right)
        case ast.Call(ast.Name("as_label")):
            return
        case ast.Call(ast.Attribute(inner, "strip")):
            yield from parts(inner)
        case ast.Name(name) if name.isupper():
            return
        case _:
            yield ast.unparse(node)


def labels(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MARKED:
            yield from node.args[:1]
            yield from (each.value for each in node.keywords if each.arg in ("label", "body", "help"))


@pytest.mark.parametrize("path", sorted((ROOT / "dosimetry" / "web").glob("*.py")), ids=lambda path: path.stem)
def test_what_others_wrote_reaches_a_label_only_as_it_is(path):
    found = {part for label in labels(ast.parse(path.read_text("utf-8"))) for part in parts(label)}
    assert found - OUR_OWN.get(path.stem, set()) == set()


@pytest.mark.parametrize("sign", [*"\\`*_{}[]()#+-.!|~<>$:&\"'=^@"])
def test_every_sign_of_markup_is_escaped(sign):
    assert as_label(f"a{sign}b").replace("\N{WORD JOINER}", "") == f"a\\{sign}b"


def test_a_label_has_one_line_and_no_joint_by_which_an_icon_an_address_or_an_arrow_is_known():
    assert as_label(" a\r\nb\u2028c ") == "a b c"
    assert len(as_label("x" * 1000)) < 150
    for joint in (":m", "w\\.", "@a", "-\\>", "\\<-"):
        assert joint not in as_label(":material/home: www.a.example b@a.example -> <-")
    assert as_label("left lobe, S4") == "left lobe, S4"
