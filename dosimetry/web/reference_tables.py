"""What the Reference page shows of each reference table: its columns in words and its rows as texts."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from types import MappingProxyType
from typing import Any

from dosimetry import figures, reference
from dosimetry.limits.scope import ANY
from dosimetry.limits.words import condition_in_words
from dosimetry.reference_rows import ConventionValue, InputRule, Limit, Sourced, UnusualInterval
from dosimetry.report.document import Column, Table
from dosimetry.report.finding_blocks import verified
from dosimetry.web.html_blocks import ROW_ID

Cell = Callable[[Any], str]
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Section:
    """One table: its name on file, and its columns with what each shows of a row."""

    title: str
    table: str
    columns: tuple[tuple[Column, Cell], ...]


def table(section: Section, wanted: str) -> Table:
    """The rows that hold the wanted text in any cell, letters large or small; all of them when it is empty."""
    cells = (row for row in _cells(section) if wanted.casefold() in "\n".join(row).casefold())
    return Table(_titles(section), tuple(cells))


def row_of(section: Section, row_id: str) -> Table:
    """The one row of an id, if it is in this table."""
    return Table(_titles(section), tuple(row for row in _cells(section) if row[-1] == row_id))


def _titles(section: Section) -> tuple[Column, ...]:
    return (*(column for column, _ in section.columns), Column(ROW_ID))


@cache
def _cells(section: Section) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (*(show(row) for _, show in section.columns), _row_id(section, row)) for row in reference.table(section.table)
    )


def _row_id(section: Section, row: Any) -> str:
    """Table and key of a row: what stays when rows are added."""
    return ".".join((section.table, *(str(getattr(row, name)) for name in row.key)))


def _of(name: str) -> Cell:
    return lambda row: str(getattr(row, name))


def _device(row: Limit | UnusualInterval) -> str:
    return _ALL if row.device == ANY else row.device


def _choices(name: str) -> Cell:
    """The words a limit is for, as people read them."""

    def shown(row: Limit) -> str:
        """All, or the choices."""
        words = getattr(row, name).split("|")
        return _ALL if words == [ANY] else ", ".join(reference.choices(name)[word] for word in words)

    return shown


def _figure(value: float | None, unit: str = "") -> str:
    if value is None:
        return figures.MISSING
    return figures.percent(value, 8) if unit == "%" else figures.trimmed(value, 8)


def _between(lower: str, upper: str) -> Cell:
    return lambda row: f"{_figure(getattr(row, lower))} to {_figure(getattr(row, upper))}"


_NOT_AN_INPUT = {"mean_electron_energy_mev": ("Mean electron energy per decay", "MeV")}


def _quantity(row: ConventionValue) -> str:
    return _NOT_AN_INPUT[row.quantity][0] if row.quantity in _NOT_AN_INPUT else reference.field(row.quantity).label


def _unit_of_constant(row: ConventionValue) -> str:
    return _NOT_AN_INPUT[row.quantity][1] if row.quantity in _NOT_AN_INPUT else reference.field(row.quantity).unit


def _allowed(rule: InputRule) -> str:
    """The range of an input as it is typed, or its choices."""
    if rule.choices:
        return ", ".join(reference.choices(rule.name).values())
    unit = rule.entered_as
    parts = [
        f"{'above' if rule.lower_open else 'from'} {_figure(rule.lower, unit)}" if rule.lower is not None else "",
        f"{'below' if rule.upper_open else 'to'} {_figure(rule.upper, unit)}" if rule.upper is not None else "",
    ]
    return " ".join(part for part in parts if part)


def _unusual(row: UnusualInterval) -> str:
    """The open interval in which a value needs an acknowledgement, as it is typed."""
    unit = reference.field(row.name).entered_as
    lower, upper = _figure(row.lower, unit), _figure(row.upper, unit)
    if row.lower is None:
        return f"below {upper}"
    return f"above {lower}" if row.upper is None else f"between {lower} and {upper}"


def _unit_of_input(row: UnusualInterval | InputRule) -> str:
    """The unit beside the figures; a percentage has its sign in them."""
    return reference.field(row.name).unit


_ORIGIN: tuple[tuple[Column, Cell], ...] = (
    (Column("Read at source"), lambda row: verified(row.verified)),
    (Column("Source"), lambda row: reference.citation(row.source_id)),
    (Column("Place in the source"), _of("locator")),
    (Column("Evidence"), _of("evidence")),
)
_SHOWN = (
    Section(
        "Constants of the conventions",
        "conventions",
        (
            (Column("Convention"), _of("convention")),
            (Column("Nuclide"), _of("nuclide")),
            (Column("Constant"), _quantity),
            (Column("Value", is_figure=True), lambda row: _figure(row.value)),
            (Column("Unit"), _unit_of_constant),
            *_ORIGIN,
            (Column("Note"), _of("note")),
        ),
    ),
    Section(
        "Devices",
        "devices",
        (
            (Column("Device"), _of("device")),
            (Column("Product"), _of("product")),
            (Column("Nuclide"), _of("nuclide")),
            (Column("Material"), _of("material")),
            (
                Column("Sphere diameter", "\N{MICRO SIGN}m", True),
                _between("sphere_diameter_lower_um", "sphere_diameter_upper_um"),
            ),
            *_ORIGIN,
        ),
    ),
    Section(
        "Nuclides: what a typed constant may be",
        "nuclides",
        (
            (Column("Nuclide"), _of("nuclide")),
            (Column("Name"), _of("name")),
            (
                Column("Energy per activity", "Gy kg/GBq", True),
                _between("energy_lower_gy_kg_per_gbq", "energy_upper_gy_kg_per_gbq"),
            ),
            (Column("Half-life", "h", True), _between("half_life_lower_h", "half_life_upper_h")),
            *_ORIGIN,
        ),
    ),
    Section(
        "Limits",
        "limits",
        (
            (Column("Limit"), _of("limit_id")),
            (Column("What"), _of("label")),
            (Column("Kind"), _of("kind")),
            (Column("Device"), _device),
            (Column("Disease"), _choices("disease")),
            (Column("Intent"), _choices("intent")),
            (Column("Bound", is_figure=True), lambda row: f"{figures.SIGNS[row.comparator]} {_figure(row.bound)}"),
            (Column("Unit"), _of("unit")),
            (Column("Only when"), condition_in_words),
            *_ORIGIN,
            (Column("Note"), _of("note")),
        ),
    ),
    Section(
        "Inputs: what is refused",
        "input_rules",
        (
            (Column("Input"), _of("label")),
            (Column("Allowed"), _allowed),
            (Column("Unit"), _unit_of_input),
            (Column("Help"), _of("help")),
            (Column("Place in a case file"), _of("path")),
            (Column("Name in tables"), _of("name")),
            *_ORIGIN,
        ),
    ),
    Section(
        "Inputs: what needs an acknowledgement",
        "unusual_intervals",
        (
            (Column("Input"), lambda row: reference.field(row.name).label),
            (Column("Device"), _device),
            (Column("Value"), _unusual),
            (Column("Unit"), _unit_of_input),
            (Column("Hint"), _of("hint")),
            *_ORIGIN,
        ),
    ),
    Section(
        "Sources",
        "sources",
        (
            (Column("Source"), _of("citation")),
            (Column("DOI"), _of("doi")),
            (Column("Kind"), _of("kind")),
            (Column("Read"), lambda row: "read" if row.read else "not read"),
            (Column("What was taken from it"), _of("note")),
        ),
    ),
)


_TITLES = MappingProxyType(
    {
        "coefficients": "Coefficients of formulas",
        "activity_bands": "Bands of shunt and tumor involvement",
        "sphere_activities": "Activity per sphere",
        "variations": "Steps of the sensitivity",
        "slips": "Inputs: usual slips",
    }
)


def _plainly(name: str) -> Section:
    """A table as it is on file: a column for each of its own fields."""
    origin = {field.name for field in fields(Sourced)}
    own = [field.name for field in fields(reference.TABLES[name]) if field.name not in origin]
    columns = tuple((Column(_words(each)), _value(each)) for each in own)
    return Section(_TITLES.get(name, _words(name)), name, (*columns, *_ORIGIN))


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _value(name: str) -> Cell:
    """A value of a row as text: numbers without zeros that say nothing, nothing as a dash."""

    def shown(row: Any) -> str:
        """The text of one cell."""
        value = getattr(row, name)
        if isinstance(value, bool):
            return "yes" if value else "no"
        return _figure(value) if value is None or isinstance(value, int | float) else str(value)

    return shown


SECTIONS = (
    *_SHOWN[:-1],
    *(_plainly(name) for name in reference.TABLES if name not in {section.table for section in _SHOWN}),
    _SHOWN[-1],
)
"""Every reference table there is; the sources stand last."""
