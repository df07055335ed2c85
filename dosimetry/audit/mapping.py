"""Another department's table in the names and units of the library, by a mapping that says every header and unit."""

import datetime
import difflib
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from pathlib import Path
from typing import Any

import pandas as pd

from dosimetry.audit import names
from dosimetry.audit.conversions import converted, has_conversion, units_of
from dosimetry.audit.last_digits import written_digits
from dosimetry.audit.table_checks import TableError, comparable, empty_rows, plain
from dosimetry.number_text import number_from_text

_KEYS = {"field", "unit", "words"}


@dataclass(frozen=True, slots=True)
class Mapped:
    """One header of a table: the field it holds, its unit there, and words of the table in words of the library."""

    header: str
    field: str
    unit: str = ""
    words: Mapping[str, str] = default(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableMapping:
    """A mapping file: headers, and values that hold for every row."""

    columns: tuple[Mapped, ...] = ()
    constants: Mapping[str, Any] = default(default_factory=dict)


def read_mapping(path: str | Path, vocabulary: names.Vocabulary | None = None) -> TableMapping:
    """A mapping from a TOML file; ``vocabulary`` names the columns of another treatment than radioembolization.

    ``[columns]`` has one line a header: ``"LSF (%)" = {field = "lung_shunt_fraction", unit = "%"}``, with
    ``words = {"TheraSphere" = "glass"}`` where the table has words of its own. ``[constants]`` has values of fields
    that hold for every row.

    Raises
    ------
    TableError
        Every line that is refused, and why; a file that is not there.
    """
    if not isinstance(path, str | Path):
        raise TableError(f"a mapping is read from the path of a TOML file; got a value of type {type(path).__name__}.")
    try:
        content = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise TableError(f"{path}: the mapping cannot be opened: {why}.") from None
    return mapping_from_toml(content, str(path), vocabulary)


def mapping_from_toml(
    content: bytes, where: str = "the mapping", vocabulary: names.Vocabulary | None = None
) -> TableMapping:
    """A checked mapping from the content of its TOML file; raises as `read_mapping`."""
    try:
        plain = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TableError(f"{where}: the mapping cannot be read as TOML: {error}.") from None
    except (RecursionError, ValueError):
        raise TableError(f"{where}: the mapping is nested too deep, or holds a number too long, to be read.") from None
    return mapping_from(plain, where, vocabulary)


def mapping_from(
    plain: Mapping[str, Any], where: str = "the mapping", vocabulary: names.Vocabulary | None = None
) -> TableMapping:
    """A checked mapping from plain values; raises as `read_mapping`."""
    known = vocabulary.known if vocabulary else names.known_columns()
    if not isinstance(plain, Mapping):
        raise TableError(f"{where}: a mapping has [columns] and [constants]; got a value of type {kind_of(plain)}.")
    found = [f"{where}: {key!r} is not known; a mapping has [columns] and [constants]."
             for key in plain if key not in ("columns", "constants")]  # fmt: skip
    columns, constants = plain.get("columns", {}), plain.get("constants", {})
    if not isinstance(columns, Mapping) or not isinstance(constants, Mapping):
        raise TableError(f"{where}: columns and constants must be tables of TOML.")
    mapped: list[Mapped] = []
    for header, entry in columns.items():
        problem = _problem(header, entry, known)
        if problem:
            found.append(f"{where}: {header!r} {problem}")
        else:
            mapped.append(Mapped(header, entry["field"], entry.get("unit", ""), dict(entry.get("words", {}))))
    fields = [each.field for each in mapped] + list(constants)
    found += [f"{where}: {name!r} is filled twice." for name in dict.fromkeys(fields) if fields.count(name) > 1]
    found += [
        f"{where}: {name!r} is not a field; see the input rules." for name in constants if not _is_input(name, known)
    ]
    found += [f"{where}: the constant {name!r} {why}" for name, value in constants.items() if (why := _no_value(value))]
    if found:
        raise TableError("\n".join(found))
    return TableMapping(tuple(mapped), dict(constants))


def _problem(header: Any, entry: Any, known_names: frozenset[str]) -> str:
    """Why a line of the mapping is refused; empty where it is not."""
    if not isinstance(header, str):
        return "is no header; a header is a text."
    if not isinstance(entry, Mapping) or "field" not in entry or not set(entry) <= _KEYS:
        return 'needs field = "..." and may have unit and words.'
    name, unit = entry["field"], entry.get("unit", "")
    for key, value in (("field", name), ("unit", unit)):
        if not isinstance(value, str):
            return f"needs {key} as one text in quotation marks; got a value of type {kind_of(value)}."
    if name not in known_names:
        return (
            f"is mapped to {name!r}, which is not a field, {names.CASE_ID}, {' or '.join(names.GROUPS)}, nor a record."
        )
    known = units_of(name)
    if known and unit not in known:
        return f"needs the unit of {name}, one of {', '.join(known)}; got {unit!r}. A unit is never guessed."
    if not known and unit:
        return f"has the unit {unit!r}, but {name} has none."
    words = entry.get("words", {})
    if not isinstance(words, Mapping):
        return f'needs words as pairs, like {{"theirs" = "ours"}}; got a value of type {kind_of(words)}.'
    if not all(isinstance(word, str) for pair in words.items() for word in pair):
        return "needs words as texts."
    return ""


def _no_value(value: Any) -> str:
    """Why a constant is refused that no cell of a table could hold; empty where it is not."""
    if not isinstance(value, str | int | float):
        hint = " Write a date in quotation marks." if isinstance(value, datetime.date) else ""
        return f"must be a text, a number, or true or false; got a value of type {kind_of(value)}.{hint}"
    return "must be a finite number." if isinstance(value, float) and not math.isfinite(value) else ""


def kind_of(value: object) -> str:
    """What a value is, where it is not what was asked for."""
    return type(value).__name__


def constant_from_text(name: str, text: str) -> Any:
    """A value that holds for every row, as it was typed; a number in the unit of the library.

    Raises
    ------
    TableError
        For a text that is no number where one belongs.
    """
    if names.input_named(name).kind not in (int, float):
        return text
    try:
        return number_from_text(text)
    except ValueError as error:
        raise TableError(f"{name} must be a number; {error}.") from None


def _is_input(name: str, known: frozenset[str]) -> bool:
    return name in known - {names.CASE_ID, *names.GROUPS} and not name.startswith(names.RECORDED)


def apply(frame: pd.DataFrame, mapping: TableMapping | None) -> pd.DataFrame:
    """A table under the names and in the units of the library; what no line names is carried along.

    Raises
    ------
    TableError
        For a header that the table does not have, or a field that stands in the table already.
    """
    if mapping is None:
        return frame
    if not isinstance(mapping, TableMapping):
        raise TableError(
            f"a mapping must be a TableMapping, made by read_mapping; got a value of type {kind_of(mapping)}."
        )
    with comparable(frame):
        return _applied(frame, mapping)


def _applied(frame: pd.DataFrame, mapping: TableMapping) -> pd.DataFrame:
    headers = list(frame.columns)
    if not frame.columns.is_unique:
        twice = frame.columns[frame.columns.duplicated()][0]
        raise TableError(f"the column {plain(twice)!r} stands more than once; which is right?")
    mapped = {each.header: each for each in mapping.columns}
    found = [
        f"the mapping names {header!r}, which is no column of the table.{_alike(header, headers)}"
        for header in mapped
        if header not in headers
    ]
    filled = [*(each.field for each in mapping.columns), *mapping.constants]
    kept = [header for header in headers if header not in mapped]
    found += [f"{name!r} is filled by the mapping and is a column of the table too." for name in filled if name in kept]
    if found:
        raise TableError("\n".join(found))
    columns: dict[Any, Any] = {}
    for header in headers:
        own = mapped.get(header)
        if own is None:
            columns[header] = frame[header]
            continue
        said = _in_words_of_the_library(frame[header], own.words)
        columns[own.field] = converted(said, own.field, own.unit)
        digit = names.digit_column(own.field)
        if digit in names.digit_columns() and digit not in headers and has_conversion(own.field, own.unit):
            # Converted, 24.7 mCi is 0.9139 GBq, which does not tell that it was read to 0.1 mCi.
            written = pd.Series(written_digits(said), index=frame.index).mask(said.isna())
            columns[digit] = converted(written, own.field, own.unit)
    constants = {name: _constant(value, frame) for name, value in mapping.constants.items()}
    return pd.DataFrame({**columns, **constants}, index=frame.index)


def _constant(value: Any, frame: pd.DataFrame) -> "pd.Series[Any]":
    """A value in every row in which anything stands; a row without anything stays empty."""
    column = pd.Series([value] * len(frame), index=frame.index)
    empty = empty_rows(frame)
    return column.mask(empty) if empty.any() else column


def _alike(header: str, headers: list[Any]) -> str:
    """The header of the table that was probably meant: spaces and capitals count, and are easily missed."""
    close = difflib.get_close_matches(header, [each for each in headers if isinstance(each, str)], n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


def _in_words_of_the_library(series: "pd.Series[Any]", words: Mapping[str, str]) -> "pd.Series[Any]":
    """A column, still in its unit, with the words of the table replaced."""
    if not words or pd.api.types.is_numeric_dtype(series.dtype):
        return series
    return series.map(lambda cell: words.get(cell, cell) if isinstance(cell, str) else cell)
