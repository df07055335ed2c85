"""A document as one HTML page: no script, nothing loaded from anywhere, equations as MathML. All text is escaped."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup, escape

from dosimetry.expression import TIMES, Expression, tree
from dosimetry.figures import MINUS
from dosimetry.report.document import Document

_SIGNS = {"sum": "+", "difference": MINUS, "product": TIMES}
PAPER = {"a4": "A4", "letter": "letter"}


def render(document: Document, page: str) -> bytes:
    """The report as UTF-8 HTML; the page size matters when it is printed."""
    blocks = [(type(block).__name__, block) for block in document.blocks]
    return _template().render(document=document, blocks=blocks, paper=PAPER[page], math=math).encode()


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("dosimetry.report", "."),
        autoescape=select_autoescape(default_for_string=True, default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.jinja")


def math(expression: Expression) -> Markup:
    """An expression as MathML."""
    return _drawn(tree(expression))


def _drawn(node: list[Any]) -> Markup:
    match node:
        case ["symbol", name, ""]:
            return Markup("<mi>{}</mi>").format(name)
        case ["symbol", name, sub]:
            return Markup("<msub><mi>{}</mi><mtext>{}</mtext></msub>").format(name, sub)
        case ["figure", text]:
            return Markup("<mn>{}</mn>").format(text)
        case ["sum" | "difference" | "product" as kind, parts]:
            sign = Markup("<mo>{}</mo>").format(_SIGNS[kind])
            return Markup("<mrow>{}</mrow>").format(sign.join(_drawn(part) for part in parts))
        case ["fraction", over, under]:
            return Markup("<mfrac><mrow>{}</mrow><mrow>{}</mrow></mfrac>").format(_drawn(over), _drawn(under))
        case ["root", inside]:
            return Markup("<msqrt>{}</msqrt>").format(_drawn(inside))
        case ["power", base, exponent]:
            return Markup("<msup><mrow>{}</mrow><mn>{}</mn></msup>").format(_drawn(base), exponent)
        case ["brackets", inside]:
            return Markup("<mrow><mo>(</mo>{}<mo>)</mo></mrow>").format(_drawn(inside))
    return escape("")
