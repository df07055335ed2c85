"""docs/formulas.md and docs/validation.md, made from models, reference tables and golden tables. Run this file."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import validation_table
from cases import ROOT

from dosimetry import reference
from dosimetry.expression import tree
from dosimetry.web.formulas import SYMBOLS, formula_groups

DOCS = ROOT / "docs"
COMMAND = "python tests/reference_documents.py"
_SIGNS = {"sum": " + ", "difference": " - ", "product": r" \times "}
_TABLES = (
    ("Conventions", "conventions", ("convention", "nuclide", "quantity", "value")),
    ("Coefficients", "coefficients", ("formula", "coefficient", "value", "unit")),
    ("Bands of shunt and tumor involvement", "activity_bands", ("rule", "quantity", "lower", "upper", "value", "unit")),
    ("Steps of the sensitivity", "variations", ("label", "step")),
)

_SUMMARY = (
    "{printed} numbers printed by others and {derived} that follow from their printed inputs or formulas, from",
    "{sources} sources. A number agrees when it comes within half of the last printed digit, or within a wider margin",
    "whose reason stands in the table. The difference is relative to the printed number, so that a number printed with",
    "two digits may differ by some percent. {disputed} printed numbers do not follow from their own printed inputs; a",
    "note argues why, and a test keeps them apart.",
)
_ELSEWHERE = "What else is compared with what, and mistakes made on purpose: [tests/README.md](../tests/README.md)."


def latex(node: list[Any]) -> str:
    """An equation as documents typeset it."""
    match node:
        case ["symbol", name, sub]:
            word = name if len(name) < 3 else rf"\mathrm{{{name}}}"
            word = r"\rho" if name == "\N{GREEK SMALL LETTER RHO}" else word
            return rf"{word}_{{\mathrm{{{sub}}}}}".replace(" ", r"\,") if sub else word
        case ["figure", text]:
            return text
        case ["sum" | "difference" | "product" as kind, parts]:
            return _SIGNS[kind].join(map(latex, parts))
        case ["fraction", over, under]:
            return rf"\frac{{{latex(over)}}}{{{latex(under)}}}"
        case ["root", inside]:
            return rf"\sqrt{{{latex(inside)}}}"
        case ["power", base, exponent]:
            return rf"{{{latex(base)}}}^{{{exponent}}}"
        case ["brackets", inside]:
            return rf"\left({latex(inside)}\right)"
    raise ValueError(node)


def table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A table of a document."""
    yield f"| {' | '.join(titles)} |"
    yield f"|{'---|' * len(titles)}"
    for row in rows:
        yield f"| {' | '.join(str(cell).replace('|', ' or ') for cell in row)} |"
    yield ""


def formulas() -> str:
    """Every formula in symbols, then the numbers it uses with their sources."""
    lines = ["# Formulas", "", f"Made by `{COMMAND}` from the models and the reference tables; not edited by hand.", ""]
    lines += [SYMBOLS, "", "Several lesions and territories are numbered; the example has two lesions, A and B.", ""]
    for title, group in formula_groups():
        lines += [f"## {title}", ""]
        for name, sides in group:
            lines += [f"**{name}**", "", f"$${' = '.join(latex(tree(side)) for side in sides)}$$", ""]
    for title, name, columns in _TABLES:
        lines += [f"## {title}", ""]
        rows = ((*(_cell(getattr(row, column)) for column in columns), *_origin(row)) for row in reference.table(name))
        lines += table([*columns, "source", "place in it", "read there"], rows)
    return "\n".join(lines)


def _cell(value: object) -> object:
    return "" if value is None else f"{value:.12g}" if isinstance(value, float) else value


def _origin(row: Any) -> tuple[str, str, str]:
    return reference.citation(row.source_id), row.locator, "yes" if row.verified else "no"


def validation() -> str:
    """How the numbers of the library compare with those of others."""
    rows = list(csv.DictReader(validation_table.text().splitlines()))
    printed, derived, disputed = (sum(int(row[name]) for row in rows) for name in ("published", "derived", "disputed"))
    lines = [
        "# Validation",
        "",
        f"Made by `{COMMAND}` from the golden tables in `tests/golden`; not edited by hand.",
        "",
        " ".join(_SUMMARY).format(printed=printed, derived=derived, sources=len(rows), disputed=disputed),
        "",
        _ELSEWHERE,
        "",
    ]
    titles = ("source", "printed", "derived", "worst difference [%]", "disputed")
    columns = ("published", "derived", "worst_difference", "disputed")
    lines += table(titles, ((reference.citation(row["source_id"]), *(row[name] for name in columns)) for row in rows))
    return "\n".join(lines)


DOCUMENTS = {"formulas.md": formulas, "validation.md": validation}

if __name__ == "__main__":
    validation_table.PLACE.write_text(validation_table.text(), encoding="utf-8")
    for place, make in DOCUMENTS.items():
        (DOCS / place).write_text(make(), encoding="utf-8")
