"""Cells of a column as numbers, words and texts; each cell that is none is marked with a sentence.

A missing value (NaN, ``None``, ``NA``) was not given. A text where a number belongs is read as if it were typed.
"""

import datetime
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from dosimetry.arrays import AnyArray, BoolArray, FloatArray, IntArray
from dosimetry.audit import dates
from dosimetry.audit.marks import Marks
from dosimetry.audit.names import Input
from dosimetry.columns import Words
from dosimetry.number_text import number_from_text
from dosimetry.record_reader import LONGEST_TEXT, text_problem
from dosimetry.strict_json import printable

_PLAIN_NUMBER = r"-?[0-9]{1,17}(?:\.[0-9]{0,18})?"
_PLAIN = re.compile(_PLAIN_NUMBER, re.ASCII)
"""Texts that every reader of numbers reads alike; all others go through `number_text`."""
_FLAGS = {"true": 1.0, "false": 0.0}
_UNKNOWN = frozenset({"-", "--", "?", "n/a", "na", "n.a.", "nan", "nd", "none", "null", "unknown", "not known", "tbd"})
_LONGEST_SHOWN = 60
_ABSENT = -1
LONGEST_COMPOSED = 4 * LONGEST_TEXT + 1
"""Signs that are looked at: composing shortens a text at most to a quarter, and takes long for a very long one."""


def numbers(series: "pd.Series[Any]", name: str, marks: Marks, *, whole: bool = False) -> FloatArray:
    """A column of numbers; NaN where nothing was given or the cell was refused."""
    values = _floats(series, lambda cells: _typed_numbers(cells, name, marks), name)
    endless = np.isinf(values)
    if endless.any():
        marks.add(name, endless, lambda row: f"{name} must be a number; a finite number of ordinary size is needed.")
        values = np.where(endless, np.nan, values)
    if whole:
        broken = values != np.floor(values)
        broken &= ~np.isnan(values)
        kept = values
        marks.add(name, broken, lambda row: f"{name} must be a whole number; got {kept[row]:g}.")
        values = np.where(broken, np.nan, values)
    return values


def _floats(series: "pd.Series[Any]", otherwise: Callable[["pd.Series[Any]"], FloatArray], name: str) -> FloatArray:
    kind = series.dtype
    if isinstance(kind, pd.CategoricalDtype):
        return otherwise(series.astype(object))
    if pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind):
        if pd.api.types.is_complex_dtype(kind):
            raise ValueError(f"the column {name!r} holds complex numbers.")
        # Adding zero turns -0.0 into 0.0, as the reader of case files does.
        return series.to_numpy(dtype=np.float64, na_value=np.nan) + 0.0
    return otherwise(series)


def _typed_numbers(series: "pd.Series[Any]", name: str, marks: Marks) -> FloatArray:
    values = np.full(len(series), np.nan)
    cells = series.to_numpy(dtype=object)
    given = series.notna().to_numpy()
    is_text = _is_text(series, cells)
    plain = np.zeros(len(series), dtype=np.bool_)
    if isinstance(series.dtype, pd.StringDtype):
        plain[given] = series[given].str.fullmatch(_PLAIN_NUMBER).to_numpy(dtype=np.bool_)
    elif is_text.any():
        plain[is_text] = [_PLAIN.fullmatch(cell) is not None for cell in cells[is_text]]
    values[plain] = cells[plain].astype(np.float64)
    why: dict[int, str] = {}
    for row in np.flatnonzero(given & ~plain).tolist():
        try:
            values[row] = _number(cells[row])
        except ValueError as error:
            why[row] = f"{name} must be a number; {error}.{_empty_hint(cells[row])}"
    marks.add(name, np.array(list(why), dtype=np.int64), lambda row: why[row])
    return values + 0.0


def _number(cell: Any) -> float:
    """One cell as a number.

    Raises
    ------
    ValueError
        What stands there instead.
    """
    if isinstance(cell, str):
        return number_from_text(cell)
    if isinstance(cell, int | float | Decimal | np.number) and not isinstance(cell, bool | np.bool_):
        try:
            return float(cell)
        except OverflowError:
            raise ValueError("a finite number of ordinary size is needed") from None
    raise ValueError(f"got {shown(cell)}")


def _empty_hint(cell: Any) -> str:
    """What to do with a cell that says that nothing is known."""
    is_unknown = isinstance(cell, str) and cell.strip().lower() in _UNKNOWN
    return " Leave the cell empty where it is not known." if is_unknown else ""


def flags(series: "pd.Series[Any]", name: str, marks: Marks) -> FloatArray:
    """A column of true and false as 1 and 0; NaN where nothing was given or the cell was refused."""
    if pd.api.types.is_bool_dtype(series.dtype):
        return series.to_numpy(dtype=np.float64, na_value=np.nan)
    codes, unique = coded(series)
    read = [_flag(cell) for cell in unique]
    values = np.array([*(np.nan if one is None else one for one in read), np.nan])[codes]
    marks.add(
        name,
        np.isnan(values) & (codes != _ABSENT),
        lambda row: f"{name} must be true or false; got {shown(unique[codes[row]])}.",
    )
    return values


def _flag(cell: Any) -> float | None:
    if isinstance(cell, bool | np.bool_):
        return float(cell)
    return _FLAGS.get(cell.strip().lower()) if isinstance(cell, str) else None


def words(series: "pd.Series[Any]", field: Input, marks: Marks) -> Words:
    """A column of words of a closed list; codes point into its choices."""
    codes, unique = coded(series)
    places = {word: place for place, word in enumerate(field.choices)}
    read = [places.get(cell, _ABSENT) if isinstance(cell, str) else _ABSENT for cell in unique]
    found = np.array([*read, _ABSENT], dtype=np.int64)[codes]
    allowed = ", ".join(field.choices)
    marks.add(
        field.name,
        (found == _ABSENT) & (codes != _ABSENT),
        lambda row: f"{field.name} must be one of {allowed}; got {shown(unique[codes[row]])}.",
    )
    return Words(found, field.choices)


@dataclass(frozen=True, slots=True)
class Texts:
    """A column of free texts: ``codes`` point into ``values``, in which no text stands twice; -1 for none."""

    codes: IntArray
    values: list[str]


def texts(series: "pd.Series[Any]", name: str, marks: Marks, *, is_date: bool = False) -> Texts:
    """A column of free texts, composed and checked for what hides or reorders; the refused ones are left out."""
    codes, unique = coded(series)
    sentences = [_text_sentence(cell, is_date=is_date) for cell in unique]
    refused = np.array([*(sentence is not None for sentence in sentences), False], dtype=np.bool_)[codes]
    marks.add(name, refused, lambda row: f"{name} {sentences[codes[row]]}")
    kept = [None if why else composed(cell) for cell, why in zip(unique, sentences, strict=True)]
    places = {text: place for place, text in enumerate(dict.fromkeys(text for text in kept if text is not None))}
    new = [_ABSENT if text is None else places[text] for text in kept]
    return Texts(np.array([*new, _ABSENT], dtype=np.int64)[codes], list(places))


def composed(cell: str) -> str:
    """A text in the one spelling of its characters."""
    return cell if cell.isascii() else unicodedata.normalize("NFC", cell)


def _text_sentence(cell: Any, *, is_date: bool) -> str | None:
    if is_date and isinstance(cell, datetime.date):
        return f"{dates.WANTED}, as a text."
    if not isinstance(cell, str):
        return f"must be a text; got {shown(cell)}."
    is_plain = len(cell) <= LONGEST_TEXT and cell.isascii() and cell.isprintable() and cell == cell.strip() != ""
    problem = None if is_plain else text_problem(composed(cell[:LONGEST_COMPOSED]))
    if problem or not is_date:
        return problem
    return None if dates.is_day(cell) else f"{dates.WANTED}; got {shown(cell)}."


def keys(series: "pd.Series[Any]") -> tuple[IntArray, list[Any]]:
    """Codes of equal cells, -1 where nothing was given, and the cells in the order in which they first stand.

    Texts are equal however their characters are composed, and stand composed.
    """
    if isinstance(series.dtype, pd.CategoricalDtype):
        own, unique = pd.factorize(series)
        codes, held = np.asarray(own, dtype=np.int64), list(unique)
    else:
        codes, held = coded(series)
    if pd.api.types.is_numeric_dtype(series.dtype) or are_ascii(held):
        return codes, held
    places: dict[Any, int] = {}
    again = [places.setdefault(in_one_spelling(cell), len(places)) for cell in held]
    return np.array([*again, _ABSENT], dtype=np.int64)[codes], list(places)


def are_ascii(held: list[Any]) -> bool:
    """Whether cells are texts that have one spelling only: asked of all at once."""
    try:
        return "".join(held).isascii()
    except TypeError:
        return False


def in_one_spelling(cell: Any) -> Any:
    """A text with its characters composed, unless it is refused as too long; anything else as it is."""
    return composed(cell) if isinstance(cell, str) and len(cell) <= LONGEST_COMPOSED else cell


def labels(series: "pd.Series[Any]") -> tuple[IntArray, list[str]]:
    """Codes of equal cells, -1 where nothing was given, and each as a text that can be printed."""
    own, unique = coded(series)
    return own, [printable(_spelled(cell)) for cell in unique]


def _spelled(cell: Any) -> str:
    try:
        return str(cell)
    except ValueError:  # a whole number of thousands of digits
        return shown(cell)


def coded(series: "pd.Series[Any]") -> tuple[AnyArray, list[Any]]:
    """Codes of equal cells, -1 where nothing was given, and the cells; those of a category may hold unused ones."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        return np.asarray(series.cat.codes, dtype=np.int64), list(series.cat.categories)
    try:
        own, unique = pd.factorize(series)
    except TypeError:  # a list or an object in a cell has no hash
        own, unique = pd.factorize(series.map(lambda cell: cell if _has_hash(cell) else _Foreign(cell)))
    return np.asarray(own, dtype=np.int64), list(unique)


def _has_hash(cell: Any) -> bool:
    try:
        hash(cell)
    except TypeError:
        return False
    return True


@dataclass(frozen=True, slots=True, eq=False)
class _Foreign:
    """Stands for a cell that no column can hold: a list, or an object with fields."""

    cell: Any


def _is_text(series: "pd.Series[Any]", cells: AnyArray) -> BoolArray:
    if isinstance(series.dtype, pd.StringDtype):
        return series.notna().to_numpy()
    return np.fromiter((isinstance(cell, str) for cell in cells), dtype=np.bool_, count=len(cells))


def shown(cell: Any) -> str:
    """A cell as it is quoted in a sentence: short and printable."""
    if isinstance(cell, bool | np.bool_):
        return str(bool(cell)).lower()
    if isinstance(cell, str):
        text = repr(printable(cell))
    elif isinstance(cell, int | float | np.number):
        text = _number_shown(cell)
    else:
        held = cell.cell if isinstance(cell, _Foreign) else cell
        return f"a value of type {type(held).__name__}"
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def _number_shown(number: float | np.number[Any]) -> str:
    try:
        return f"{number:g}"
    except OverflowError:
        return "a number too large to be one"
