"""A document as PDF/A-3b, typeset by typst, with the case file attached.

Every text reaches typst as a value in JSON, never as markup. A character that the built-in fonts cannot print is
refused by name. The same document gives the same bytes.
"""

import datetime
import json
import re
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from dosimetry.expression import tree
from dosimetry.report.document import Block, Document, Worksheet

_UNSETTLED = "did not converge"
"""Of the warning that lines and pages kept moving: the page numbers that were printed may be wrong."""
PAPER = {"a4": "a4", "letter": "us-letter"}


def render(document: Document, page: str) -> bytes:
    """The report as PDF; raises ``ValueError`` for a character without a glyph, or pages that could not be numbered."""
    computed_at = datetime.datetime.fromisoformat(document.computed_at)
    content = {
        "title": document.title,
        "label": document.label,
        "footer": document.footer,
        "paper": PAPER[page],
        "case_json": document.case_json,
        "computed_at": [
            computed_at.year,
            computed_at.month,
            computed_at.day,
            computed_at.hour,
            computed_at.minute,
            computed_at.second,
        ],
        "blocks": [_plain(block) for block in document.blocks],
    }
    try:
        made, warnings = typst.compile_with_warnings(
            _template(),
            sys_inputs={"document": json.dumps(content)},
            pdf_standards="a-3b",
            ignore_system_fonts=True,
            timestamp=computed_at,
        )
    except typst.TypstError as error:
        raise ValueError(_sentence(error)) from None
    if any(_UNSETTLED in warning.message for warning in warnings):
        raise ValueError("the pages of this report could not be laid out; make it as HTML instead.")
    return bytes(made)


def refusal(text: str) -> str | None:
    """Why a report with this text would be refused; ``None`` where every character of it has a sign."""
    unknown = sorted({character for character in text if not character.isascii()})
    return next(filter(None, map(_refusal_of, unknown)), None)


@cache
def _refusal_of(character: str) -> str | None:
    alone = _template().partition(b"#set text(")[2].partition(b"\n")[0]
    try:
        typst.compile(
            b"#set text(" + alone + b"\n#sys.inputs.text",
            sys_inputs={"text": character},
            pdf_standards="a-3b",
            ignore_system_fonts=True,
        )
    except typst.TypstError as error:
        return _sentence(error)
    return None


@cache
def _template() -> bytes:
    return files("dosimetry.report").joinpath("report.typ").read_bytes()


def _plain(block: Block) -> dict[str, Any]:
    plain = {"kind": type(block).__name__, **asdict(block)}
    if isinstance(block, Worksheet):
        plain["steps"] = [
            {
                "title": step.title,
                "chain": [tree(step.result), tree(step.equation), tree(step.numbers)],
                "value": step.value.text,
                "unit": step.value.unit,
            }
            for step in block.steps
        ]
    return plain


def _sentence(error: Exception) -> str:
    """What a person can do about a refused document."""
    missing = re.search(r"text `\"(.+)\"` could not be displayed", str(error))
    if missing:
        return (
            f"the report cannot print {missing.group(1)!r}: its fonts have no sign for it. "
            "Write label, names and notes without it; HTML and text reports can print it."
        )
    return f"the report could not be typeset: {str(error).splitlines()[0]}"
