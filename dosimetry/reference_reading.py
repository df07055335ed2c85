"""Text of a reference table to records: columns, types, keys, and numbers that could mean nothing.

What the words of a row point at is not known here.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import fields
from types import UnionType
from typing import Any, Literal, get_args, get_origin

from dosimetry.number_text import number_from_text
from dosimetry.quantities import level_of, quantity_named
from dosimetry.reference_rows import ConventionValue, Limit, Variation

CONSTANTS = frozenset(("energy_gy_kg_per_gbq", "half_life_h", "tissue_density_g_per_ml"))
"""What every convention has of its nuclide."""
_COMPUTED = ("mean_electron_energy_mev", "energy_gy_kg_per_gbq")
FOUND = "found"
"""The unit of a limit on whether something was found."""


class ReferenceDataError(ValueError):
    """A reference table breaks a rule; the message names table, row and rule."""


def records(lines: Iterator[str] | Any, *, name: str, record: type[Any]) -> Iterator[tuple[str, Any]]:
    """The records of a table, each with its place in it, as in ``limits.csv, line 3``.

    Raises
    ------
    ReferenceDataError
        Unknown, missing or repeated column, value of the wrong type, or a key that stood before.
    """
    columns = {field.name: field.type for field in fields(record)}
    reader = csv.DictReader(lines, strict=True)
    found = reader.fieldnames or []
    wrong = sorted(set(found) ^ set(columns)) or sorted({column for column in found if list(found).count(column) > 1})
    if wrong:
        raise ReferenceDataError(f"{name}.csv: unknown, missing or repeated column {', '.join(map(repr, wrong))}.")
    keys: set[tuple[Any, ...]] = set()
    for number, texts in enumerate(reader, start=2):
        place = f"{name}.csv, line {number}"
        if None in texts or None in texts.values():
            raise ReferenceDataError(f"{place}: the row does not have {len(columns)} cells.")
        row = record(**{column: _cell(text, columns[column], f"{place}, {column}") for column, text in texts.items()})
        key = tuple(getattr(row, column) for column in record.key)
        if key in keys:
            raise ReferenceDataError(f"{place}: the key {key!r} stands in an earlier row already.")
        keys.add(key)
        yield place, row


def _cell(text: str, kind: Any, place: str) -> Any:
    if kind is bool:
        if text not in ("yes", "no", ""):
            raise ReferenceDataError(f"{place} must be yes or no; got {text!r}.")
        return text == "yes"
    if kind is float or (isinstance(kind, UnionType) and float in get_args(kind)):
        if not text and kind is not float:
            return None
        try:
            return number_from_text(text)
        except ValueError as error:
            raise ReferenceDataError(f"{place} must be a number; {error}.") from None
    if get_origin(kind) is Literal and text not in get_args(kind):
        raise ReferenceDataError(f"{place} must be one of {', '.join(map(repr, get_args(kind)))}; got {text!r}.")
    return text


def check_numbers(row: Any, place: str) -> None:
    """Refuse numbers that could mean nothing: an empty interval, a bound in another unit, a negative bound or step."""
    lower, upper = getattr(row, "lower", None), getattr(row, "upper", None)
    if lower is not None and upper is not None and lower > upper:
        raise ReferenceDataError(f"{place}: lower {lower:g} is above upper {upper:g}.")
    if isinstance(row, Limit):
        quantity = quantity_named(row.quantity, level_of(row.quantity))
        own = quantity.unit or ("%" if row.quantity.endswith("_fraction") else FOUND)
        if row.unit != own:
            raise ReferenceDataError(f"{place}: the bound of {row.quantity} is in {own}; got {row.unit!r}.")
    column = {Limit: "bound", Variation: "step", ConventionValue: "value"}.get(type(row))
    if column is not None and getattr(row, column) < 0:
        raise ReferenceDataError(f"{place}: {column} must not be negative; got {getattr(row, column):g}.")


def check_complete(rows: Iterable[ConventionValue]) -> None:
    """Refuse a convention without everything a plan asks of one: half of one would fail in the middle of a case."""
    held: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        held.setdefault((row.convention, row.nuclide), set()).add(row.quantity.replace(*_COMPUTED))
    for (convention, nuclide), quantities in held.items():
        missing = sorted(CONSTANTS - quantities)
        if missing:
            raise ReferenceDataError(f"conventions.csv: {convention} of {nuclide} lacks {', '.join(missing)}.")
