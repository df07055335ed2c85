"""The only reader of ``reference_data/``: one CSV a kind of published number, one row a number, each with its source.

A row without a source, an unknown column or a duplicate key does not load. Tables are handed out as tuples of frozen
records, so that no caller can edit them.
"""

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dosimetry.clauses import clauses
from dosimetry.quantities import QUANTITIES, level_of
from dosimetry.reference_reading import ReferenceDataError, check_complete, check_numbers, records
from dosimetry.reference_rows import (
    ANY,
    ActivityBand,
    Band,
    Coefficient,
    ConventionValue,
    Device,
    InputRule,
    IntentShare,
    Limit,
    LobeShare,
    Nuclide,
    Slip,
    Source,
    SphereActivity,
    UnusualInterval,
    Variation,
)
from dosimetry.tace_rows import TACE_TABLES
from dosimetry.treatment_day.rows import TREATMENT_TABLES, Calibration, ShelfLife, Vial

TABLES: dict[str, type[Any]] = {
    "sources": Source,
    "nuclides": Nuclide,
    "conventions": ConventionValue,
    "devices": Device,
    "limits": Limit,
    "coefficients": Coefficient,
    "activity_bands": ActivityBand,
    "sphere_activities": SphereActivity,
    "variations": Variation,
    "intent_shares": IntentShare,
    "lobe_shares": LobeShare,
    "input_rules": InputRule,
    "score_bands": Band,
    **TACE_TABLES,
    **TREATMENT_TABLES,
    "slips": Slip,
    "unusual_intervals": UnusualInterval,
}

_COMPARATORS = {"limit": ("<", "<="), "goal": (">", ">="), "target": ("=",)}
INPUT_TABLES = ("input_rules", "tace_input_rules")
"""Tables of fields; a name stands in one of them only."""
LIMIT_TABLES = ("limits", "tace_limits")


def folder() -> Path:
    """Where the tables are: beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).resolve().parent
    checkout = package.parent / "reference_data"
    return (
        checkout if (package.parent / "pyproject.toml").is_file() and checkout.is_dir() else package / "_reference_data"
    )


@cache
def table(name: str) -> tuple[Any, ...]:
    """All rows of a table."""
    with (folder() / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(read_rows(lines, name=name))


def read_rows(lines: Iterator[str] | Any, *, name: str) -> list[Any]:
    """The checked records of one table.

    Parameters
    ----------
    lines : iterable of str
        The CSV text, line by line.
    name : str
        One of ``TABLES``.

    Raises
    ------
    ReferenceDataError
        Unknown or missing column, value of the wrong type, duplicate key, a row without a usable source, or one that
        could never act or would mislead: a word that points nowhere, a unit of another quantity, an empty interval.
    """
    rows: list[Any] = []
    for place, row in records(lines, name=name, record=TABLES[name]):
        _check_source(row, place)
        _check_words(row, place)
        check_numbers(row, place)
        rows.append(row)
    if name == "conventions":
        check_complete(rows)
    return rows


def _check_source(row: Any, place: str) -> None:
    if isinstance(row, Source):
        if not row.source_id or not row.citation:
            raise ReferenceDataError(f"{place}: a source needs a source_id and a citation.")
        return
    if row.source_id not in {source.source_id for source in sources()}:
        raise ReferenceDataError(f"{place}: source_id {row.source_id!r} is not in sources.csv; no number without one.")
    if not row.locator:
        raise ReferenceDataError(f"{place}: a locator is needed: the place in the source, as in 'Table 2, row 3'.")


def _check_words(row: Any, place: str) -> None:
    """Words that point into another table or at a quantity must be found there: a misspelt one would never act."""
    for column, known in _pointers(row).items():
        for word in getattr(row, column).split("|"):
            if word not in known:
                known_words = ", ".join(sorted(known))
                raise ReferenceDataError(f"{place}, {column}: {word!r} is not known; known: {known_words}.")
    if isinstance(row, Limit):
        if row.comparator not in _COMPARATORS[row.kind]:
            raise ReferenceDataError(f"{place}: a {row.kind} has no comparator {row.comparator!r}.")
        _check_condition(row, place)


def _check_condition(limit: Limit, place: str) -> None:
    try:
        found = clauses(limit.condition)
    except ValueError as error:
        raise ReferenceDataError(f"{place}, condition: {error}.") from None
    for clause in found:
        if clause.name not in _input_names() | _quantity_names():
            raise ReferenceDataError(f"{place}, condition: {clause.name!r} is no input and no computed quantity.")
        has_words = clause.name in _input_names() and bool(choices(clause.name))
        if clause.word is not None and not (has_words and clause.word in choices(clause.name)):
            raise ReferenceDataError(f"{place}, condition: {clause.word!r} is no choice of {clause.name}.")
        if clause.bound is not None and has_words:
            raise ReferenceDataError(
                f"{place}, condition: {clause.name} is a word and cannot be compared with a number."
            )
        if clause.name in _quantity_names() and level_of(clause.name) != "case":
            raise ReferenceDataError(f"{place}, condition: {clause.name} is not a quantity of the case.")


def _input_names() -> set[str]:
    return {rule.name for table in INPUT_TABLES for rule in input_rules(table)}


def _device_words() -> set[str]:
    return {ANY, *(device.device for device in devices())}


def _quantity_names() -> set[str]:
    return {quantity.name for quantity in QUANTITIES}


def _pointers(row: Any) -> dict[str, set[str]]:
    """The words a row may point with, by column."""
    match row:
        case Device() | ConventionValue():
            return {"nuclide": {nuclide.nuclide for nuclide in nuclides()}}
        case Limit():
            words = {name: {ANY, *choices(name)} for name in ("disease", "intent")}
            return {"device": _device_words(), "quantity": _quantity_names(), **words}
        case UnusualInterval():
            return {"device": _device_words(), "name": _input_names()}
        case SphereActivity() | Vial() | Calibration() | ShelfLife():
            return {"device": _device_words()}
        case ActivityBand():
            return {"quantity": _quantity_names()}
        case Variation():
            return {"quantity": _input_names()}
        case IntentShare():
            return {"intent": set(choices("intent"))}
        case Slip():
            return {"name": _input_names()}
    return {}


def sources() -> tuple[Source, ...]:
    """All sources."""
    return table("sources")


def nuclides() -> tuple[Nuclide, ...]:
    """All nuclides."""
    return table("nuclides")


def conventions() -> tuple[ConventionValue, ...]:
    """All constants of all conventions, one row each."""
    return table("conventions")


def devices() -> tuple[Device, ...]:
    """All devices."""
    return table("devices")


def limits() -> tuple[Limit, ...]:
    """All limits and goals."""
    return table("limits")


def limit_named(limit_id: str) -> Limit:
    """The limit or goal with an id; ``KeyError`` for an unknown one."""
    return _limits_by_id()[limit_id]


@cache
def _limits_by_id() -> dict[str, Limit]:
    return {row.limit_id: row for row in limits()}


@cache
def limit_labels() -> Mapping[str, str]:
    """The labels of the limits of every treatment, by id."""
    return {limit.limit_id: limit.label for name in LIMIT_TABLES for limit in table(name)}


def coefficients() -> tuple[Coefficient, ...]:
    """All numbers of published formulas."""
    return table("coefficients")


def activity_bands() -> tuple[ActivityBand, ...]:
    """All steps of rules that read an activity or its reduction off a table."""
    return table("activity_bands")


def input_rules(name: str = "input_rules") -> tuple[InputRule, ...]:
    """The fields of a case in one table: those of every case, or those of one treatment only."""
    return table(name)


def slips() -> tuple[Slip, ...]:
    """All usual slips."""
    return table("slips")


def unusual_intervals() -> tuple[UnusualInterval, ...]:
    """All intervals that need an acknowledgement."""
    return table("unusual_intervals")


@cache
def citation(source_id: str) -> str:
    """The citation of a source, with its DOI where it has one."""
    source = next(source for source in sources() if source.source_id == source_id)
    return f"{source.citation}, doi:{source.doi}" if source.doi else source.citation


@cache
def device_named(device: str) -> Device:
    """The row of a device; ``StopIteration`` never reaches a user, the case reader refuses unknown devices."""
    return next(row for row in devices() if row.device == device)


@cache
def coefficient(formula: str, name: str) -> float:
    """One number of a published formula."""
    return next(row.value for row in coefficients() if (row.formula, row.coefficient) == (formula, name))


@cache
def field(name: str) -> InputRule:
    """The input rule of a flat name: label, unit, range, choices and help of one field of the case."""
    return next(rule for table in INPUT_TABLES for rule in input_rules(table) if rule.name == name)


@cache
def choices(name: str) -> Mapping[str, str]:
    """The allowed values of a field with their labels; empty for a field that has no fixed list."""
    pairs = (pair.partition("=") for pair in field(name).choices.split("|") if pair)
    return MappingProxyType({value: label for value, _, label in pairs})


@cache
def fingerprint() -> str:
    """Twelve hexadecimal digits over all tables, the same on every machine; printed in every plan and report."""
    digest = hashlib.sha256()
    for path in sorted(folder().glob("*.csv"), key=lambda path: path.name):
        digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:12]
