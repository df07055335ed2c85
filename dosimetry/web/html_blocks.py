"""Blocks of the report as HTML for the page: the same words and digits, every text escaped, ids of limits as links.

A string that is made once with the plan costs a rerun nothing, and a real table is read aloud, wraps, zooms and prints.
"""

import re
from collections.abc import Iterable
from functools import cache
from html import escape
from typing import Any

from dosimetry import reference
from dosimetry.expression import MINUS, TIMES, Expression, linear, tree
from dosimetry.report.document import Block, Column, Facts, Heading, Paragraph, Step, Table, Worksheet

_ID = re.compile(r"[A-Z][A-Za-z0-9]*(?:-[A-Za-z0-9.]+)+")
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:Gy|GBq|mCi|MBq|mL|kg|g|h|%|mg|points)(?!\w))")
_SIGNS = {"sum": "+", "difference": MINUS, "product": TIMES}
Node = list[Any]


def html_of(blocks: Iterable[Block], *, alt: str = "") -> str:
    """Blocks one below the other; ``alt`` names the tables among them for a screen reader."""
    return "".join(_block(block, alt) for block in blocks)


def folded(title: str, inner: str) -> str:
    """What is there for whoever opens it; nothing where there is nothing."""
    return f"<details><summary>{escape(title)}</summary>{inner}</details>" if inner else ""


def _block(block: Block, alt: str) -> str:
    match block:
        case Heading(text, _):
            return f"<h4>{escape(text)}</h4>"
        case Paragraph(text):
            return f"<p>{linked(text)}</p>"
        case Facts(pairs):
            return f"<dl>{''.join(f'<dt>{linked(name)}</dt><dd>{linked(value)}</dd>' for name, value in pairs)}</dl>"
        case Table():
            return table_html(block, alt=alt)
        case Worksheet(title, steps):
            return f"<h4>{escape(title)}</h4>{''.join(map(_step, steps))}"
    return ""


def table_html(table: Table, *, alt: str, links: bool = True) -> str:
    """A table, figures to the right, that scrolls within itself where the page is narrow."""
    show = linked if links else escape
    head = "".join(map(_head, table.columns))
    body = "".join(
        f"<tr>{''.join(_cell(cell, column, show) for cell, column in zip(row, table.columns, strict=True))}</tr>"
        for row in table.rows
    )
    name = escape(alt, quote=True)
    return (
        f'<div class="wide" role="group" tabindex="0" aria-label="{name}"><table aria-label="{name}">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _head(column: Column) -> str:
    unit = f' <span class="unit">[{escape(column.unit)}]</span>' if column.unit else ""
    return f'<th scope="col"{_figure(column)}>{escape(column.title)}{unit}</th>'


def _cell(text: str, column: Column, show: Any) -> str:
    return f"<td{_figure(column)}>{show(text)}</td>"


def _figure(column: Column) -> str:
    return ' class="figure"' if column.is_figure else ""


def linked(text: str) -> str:
    """A text escaped, units kept by their figures, ids of limits as links to their rows on the Reference page.

    A link opens a tab of its own: the inputs live in this one.
    """
    return _ID.sub(lambda found: _link(found.group()), _BEFORE_UNIT.sub("\N{NO-BREAK SPACE}", escape(text)))


def _link(word: str) -> str:
    return f'<a href="reference?row={word}" target="_blank">{word}</a>' if word in _limit_ids() else word


@cache
def _limit_ids() -> frozenset[str]:
    return frozenset(limit.limit_id for limit in reference.limits())


def _step(step: Step) -> str:
    """One line of the worksheet: symbols, numbers, result."""
    parts = [_equation(part) for part in (step.result, step.equation, step.numbers)]
    spoken = " = ".join(linear(part) for part in (step.result, step.equation, step.numbers))
    value = f"{escape(step.value.text)} {escape(step.value.unit)}".rstrip()
    return (
        f'<div class="step">{escape(step.title)}</div><div class="line" role="math" '
        f'aria-label="{escape(f"{spoken} = {value}", quote=True)}"><span>{" = ".join([*parts, value])}</span></div>'
    )


def _equation(expression: Expression) -> str:
    return _drawn(tree(expression))


def _drawn(node: Node) -> str:
    match node:
        case ["symbol", name, sub]:
            return f"<i>{escape(name)}</i>{f'<sub>{escape(sub)}</sub>' if sub else ''}"
        case ["figure", text]:
            return escape(text)
        case ["sum" | "difference" | "product" as kind, parts]:
            return f" {_SIGNS[kind]} ".join(map(_drawn, parts))
        case ["fraction", over, under]:
            return f'<span class="fraction"><span>{_drawn(over)}</span><span>{_drawn(under)}</span></span>'
        case ["root", inside]:
            return f"\N{SQUARE ROOT}({_drawn(inside)})"
        case ["power", base, exponent]:
            return f"{_drawn(base)}<sup>{escape(exponent)}</sup>"
        case ["brackets", inside]:
            return f"({_drawn(inside)})"
    return ""
