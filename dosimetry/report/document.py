"""The report as a small tree: headings, facts, tables, worksheet steps, signatures. Renderers only draw it."""

from dataclasses import dataclass, field
from typing import Literal

from dosimetry.expression import Expression, Figure, Symbol


@dataclass(frozen=True, slots=True)
class Heading:
    """A section title; level 1 starts a part, level 2 a section inside it."""

    text: str
    level: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of name and value."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A table column: its title, the unit under it, and whether it holds figures."""

    title: str
    unit: str = ""
    is_figure: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells. ``widths`` are relative, 0 for as wide as needed."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One result of the worksheet: its equation, the numbers put in, and the result."""

    title: str
    result: Symbol
    equation: Expression
    numbers: Expression
    value: Figure


@dataclass(frozen=True, slots=True)
class Worksheet:
    """Steps that belong together: one territory, or the session."""

    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Blanks:
    """Lines that a person completes by hand on the printed report."""

    names: tuple[str, ...]


PATIENT = Blanks(("Patient name", "Record number"))
"""Who a sheet is for: never typed, filled in by hand."""


@dataclass(frozen=True, slots=True)
class Signatures:
    """One line a role for name, signature and date; ``signed`` is repeated above them where page 1 has no room."""

    roles: tuple[str, ...]
    signed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as SVG of our own making, with a title that stands for it where nothing can be drawn."""

    title: str
    svg: str


@dataclass(frozen=True, slots=True)
class PageBreak:
    """The rest begins on a new page."""


Block = Heading | Paragraph | Facts | Table | Worksheet | Blanks | Signatures | Drawing | PageBreak


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report: its blocks, what stands on every page, and what is attached to it."""

    title: str
    label: str
    footer: str
    computed_at: str
    case_json: str
    blocks: tuple[Block, ...] = field(default_factory=tuple)
