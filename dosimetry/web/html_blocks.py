"""Blocks of the report as HTML for the page: the same words and digits, every text escaped, ids of limits as links.

A string that is made once with the plan costs a rerun nothing, and a real table is read aloud, wraps, zooms and prints.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from html import escape
from typing import Any
from urllib.parse import quote

from dosimetry import reference
from dosimetry.expression import TIMES, Expression, linear, tree
from dosimetry.figures import MINUS
from dosimetry.report.document import Block, Column, Drawing, Facts, Heading, Paragraph, Step, Table, Worksheet
from dosimetry.report.svg import styled

_ID = re.compile(r"[A-Z][A-Za-z0-9]*(?:-[A-Za-z0-9.]+)+")
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:Gy|GBq|mCi|MBq|mL|kg|g|h|%|mg|points)(?!\w))")
_SIGNS = {"sum": "+", "difference": MINUS, "product": TIMES}
_AS_THE_PAGE = (
    "font-family: system-ui, Helvetica, Arial, sans-serif; color-scheme: light dark; background: #ffffff; "
    "color: #0a0a0a; background: light-dark(#ffffff, #050505); color: light-dark(#0a0a0a, #f7f7f7)"
)
"""Letters, paper and ink of the page in its light and its dark theme. A picture brings its own paper: it can be read
also where the browser does not tell it the theme, or knows no colors in pairs."""
ROW_ID = "Link"
"""The title of the column that holds ids of reference rows: each becomes a link that stays."""
Node = list[Any]


def html_of(blocks: Iterable[Block], *, alt: str = "") -> str:
    """Blocks one below the other; ``alt`` names the tables among them for a screen reader."""
    return "".join(_block(block, alt) for block in blocks)


def listed(lines: Iterable[str]) -> str:
    """Sentences one below the other, read aloud as a list."""
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


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
        case Drawing(title, svg):
            return f"<figure>{_picture(title, svg)}</figure>"
        case Worksheet(title, steps):
            return f"<h4>{escape(title)}</h4>{''.join(map(step_html, steps))}"
    return ""


def _picture(title: str, svg: str) -> str:
    """A drawing as a picture: the page lets no drawing into its own text, and a picture can run nothing."""
    content = b64encode(styled(svg, _AS_THE_PAGE).encode()).decode()
    return f'<img alt="{escape(title, quote=True)}" src="data:image/svg+xml;base64,{content}">'


def table_html(table: Table, *, alt: str, links: bool = True) -> str:
    """A table, figures to the right, that scrolls within itself where the page is narrow."""
    show = linked if links else escape
    body = "".join(
        f"<tr>{''.join(_cell(cell, column, show) for cell, column in zip(row, table.columns, strict=True))}</tr>"
        for row in table.rows
    )
    return _table(table, body, alt)


def _table(table: Table, body: str, alt: str) -> str:
    shares = table.widths or (0,) * len(table.columns)
    head = "".join(map(_head, table.columns, shares))
    name = escape(alt, quote=True)
    return (
        f'<div class="wide" role="group" tabindex="0" aria-label="{name}"><table aria-label="{name}">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def opening_table(table: Table, opened: Sequence[str], *, opens: int, alt: str) -> str:
    """A table in which one figure of a row opens a row below it: how it was computed; nothing where that is empty.

    ``opens`` is the place of its column; two before it stands what the figure is of.
    """
    rows: list[str] = []
    for row, inner in zip(table.rows, opened, strict=True):
        cells = [_cell(cell, column, escape) for cell, column in zip(row, table.columns, strict=True)]
        if inner:
            spoken = escape(f"How {row[opens]} is computed: {row[opens - 2]}", quote=True)
            cells[opens] = (
                f'<td class="figure"><details class="why"><summary aria-label="{spoken}">{escape(row[opens])}</summary>'
                "</details></td>"
            )
        rows.append(f"<tr>{''.join(cells)}</tr>")
        if inner:
            rows.append(f'<tr class="opened"><td colspan="{len(row)}">{inner}</td></tr>')
    return _table(table, "".join(rows), alt)


def _head(column: Column, share: int) -> str:
    """The title of a column; on a narrow page the style keeps it as wide as its share of the report's asks for."""
    unit = f' <span class="unit">[{escape(column.unit)}]</span>' if column.unit else ""
    return f'<th scope="col"{_figure(column)} style="--share: {share}">{escape(column.title)}{unit}</th>'


def _cell(text: str, column: Column, show: Callable[[str], str]) -> str:
    return f"<td{_figure(column)}>{_link(text) if column.title == ROW_ID else show(text)}</td>"


def _figure(column: Column) -> str:
    return ' class="figure"' if column.is_figure else ""


def linked(text: str) -> str:
    """A text escaped, units kept by their figures, ids of limits as links to their rows on the Reference page.

    A link opens a tab of its own: the inputs live in this one.
    """
    return _ID.sub(lambda found: _limit_link(found.group()), _BEFORE_UNIT.sub("\N{NO-BREAK SPACE}", escape(text)))


def _limit_link(word: str) -> str:
    return _link(_limit_rows()[word], word) if word in _limit_rows() else word


def _link(row_id: str, text: str = "link") -> str:
    address, name = (escape(each, quote=True) for each in (quote(row_id), row_id))
    return f'<a href="reference?row={address}" target="_blank" aria-label="{name}">{escape(text)}</a>'


@cache
def _limit_rows() -> Mapping[str, str]:
    """The row on the Reference page of every limit; the ids of no two treatments are alike."""
    tables = ("limits", "tace_limits")
    return {limit.limit_id: f"{table}.{limit.limit_id}" for table in tables for limit in reference.table(table)}


def step_html(step: Step) -> str:
    """One line of the worksheet: symbols, numbers, result."""
    value = f"{step.value.text} {step.value.unit}".rstrip()
    return equation_html(step.title, (step.result, step.equation, step.numbers), value)


def equation_html(title: str, sides: Iterable[Expression], value: str = "") -> str:
    """An equation under its title, typeset, and read aloud as one line."""
    sides = tuple(sides)
    end = [value] if value else []
    spoken = " = ".join([*map(linear, sides), *end])
    shown = [*(_drawn(tree(side)) for side in sides), *map(escape, end)]
    # A line breaks before an equals sign and nowhere else.
    drawn = " ".join(f'<span class="side">{"= " if place else ""}{side}</span>' for place, side in enumerate(shown))
    return (
        f'<div class="step">{escape(title)}</div>'
        f'<div class="line" role="math" aria-label="{escape(spoken, quote=True)}"><span>{drawn}</span></div>'
    )


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
