"""A document as plain text, 100 characters wide."""

import textwrap
from collections.abc import Iterator

from dosimetry.expression import linear
from dosimetry.report.document import (
    Blanks,
    Block,
    Document,
    Drawing,
    Facts,
    Heading,
    PageBreak,
    Paragraph,
    Signatures,
    Step,
    Table,
    Worksheet,
)

WIDTH = 100
_NARROWEST = 12


def render(document: Document) -> bytes:
    """The report as UTF-8 text."""
    lines = [document.title, "=" * len(document.title), ""]
    for block in document.blocks:
        lines += [*_lines(block), ""]
    lines.append(f"{document.label}, {document.footer}")
    return "\n".join(line.rstrip() for line in lines).encode() + b"\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(text, level):
            yield text
            yield ("-" if level == 1 else ".") * len(text)
        case Paragraph(text):
            yield from textwrap.wrap(text, WIDTH)
        case Facts(pairs):
            yield from _facts(pairs)
        case Table():
            yield from _table(block)
        case Worksheet(title, steps):
            yield title
            yield from _steps(steps)
        case _:
            yield from _marks(block)


def _marks(block: Block) -> Iterator[str]:
    """What is written into by hand, or cannot be drawn in a text."""
    match block:
        case Blanks(names):
            yield "    ".join(f"{name}: {'_' * 24}" for name in names)
        case Signatures(roles, _):
            for role in roles:
                yield f"{role + ':':12}{'_' * 28}  Signature: {'_' * 20}  Date: {'_' * 12}"
        case Drawing(title):
            yield from textwrap.wrap(f"{title}: a chart, drawn in the PDF and the HTML.", WIDTH)
        case PageBreak():
            yield "_" * WIDTH


def _facts(pairs: tuple[tuple[str, str], ...]) -> Iterator[str]:
    width = max((len(name) for name, _ in pairs), default=0)
    for name, value in pairs:
        yield from textwrap.wrap(f"{name:{width}}  {value}", WIDTH, subsequent_indent=" " * (width + 2))


def _steps(steps: tuple[Step, ...]) -> Iterator[str]:
    for step in steps:
        yield f"  {step.title}"
        chain = " = ".join(linear(part) for part in (step.result, step.equation, step.numbers))
        line = f"{chain} = {_with_unit(step.value.text, step.value.unit)}"
        yield from textwrap.wrap(line, WIDTH, initial_indent="    ", subsequent_indent="      ")


def _with_unit(text: str, unit: str) -> str:
    return f"{text} {unit}".rstrip()


def _table(table: Table) -> Iterator[str]:
    titles = tuple(f"{column.title} [{column.unit}]" if column.unit else column.title for column in table.columns)
    widths = _widths([titles, *table.rows])
    for number, row in enumerate((titles, *table.rows)):
        cells = [textwrap.wrap(cell, width) or [""] for cell, width in zip(row, widths, strict=True)]
        for place in range(max(map(len, cells))):
            parts = [cell[place] if place < len(cell) else "" for cell in cells]
            aligned = zip(parts, widths, table.columns, strict=True)
            yield "  ".join(
                f"{part:>{width}}" if column.is_figure else f"{part:{width}}" for part, width, column in aligned
            )
        if number == 0:
            yield "  ".join("-" * width for width in widths)


def _widths(rows: list[tuple[str, ...]]) -> list[int]:
    """As wide as the longest cell, the widest columns cut until a line fits."""
    widths = [max(1, *(len(cell) for cell in column)) for column in zip(*rows, strict=True)]
    while sum(widths) + 2 * (len(widths) - 1) > WIDTH and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths
