"""Ids of cases: rows with equal ids are one case; ids that only look alike are refused."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from dosimetry.arrays import IntArray
from dosimetry.audit import cells
from dosimetry.audit.marks import Marks
from dosimetry.record_reader import LONGEST_TEXT, text_problem

_LONGEST = 4 * LONGEST_TEXT + 1
"""Signs that are looked at: composing shortens a text at most to a quarter, and takes long for a very long one."""
_ALIKE = "is also written with a blank or a character that is not seen; are those rows of the same case?"


def ids(series: "pd.Series[Any]", name: str, marks: Marks) -> tuple[IntArray, int]:
    """Codes of equal ids in the order in which they first stand, -1 where nothing was given; and how many codes.

    An id that cannot be seen to differ from another is refused with that other: without its rows a case is not whole.
    """
    values = series.to_numpy() if isinstance(series.dtype, np.dtype) and series.dtype.kind in "iu" else None
    if values is not None and len(values) and (values[1:] >= values[:-1]).all():
        codes = np.concatenate([[0], np.cumsum(values[1:] != values[:-1])])
        return codes, int(codes[-1]) + 1
    codes, unique = cells.keys(series)
    if pd.api.types.is_numeric_dtype(series.dtype) or _all_plain(unique):
        return codes, len(unique)
    why = {place: sentence for place, cell in enumerate(unique) if (sentence := _id_sentence(cell))}
    why |= _confused(unique, why)
    marks.add(name, np.isin(codes, list(why)), lambda row: f"{name} {why[int(codes[row])]}")
    return codes, len(unique)


def _all_plain(texts: list[Any]) -> bool:
    """Whether cells are short texts of printed characters without blanks around them: asked of all at once."""
    try:
        joined = "".join(texts)
    except TypeError:
        return False
    if not (joined.isascii() and joined.isprintable() and max(map(len, texts), default=0) <= LONGEST_TEXT):
        return False
    lines = "\n".join(["", *texts, ""])
    return not any(sign in lines for sign in ("\n ", " \n", "\n\n"))


def _id_sentence(cell: Any) -> str | None:
    """Why an id is refused: a text with blanks or what is not seen, or neither a text nor a number."""
    if isinstance(cell, str):
        return text_problem(cells.composed(cell[:_LONGEST]))
    is_number = isinstance(cell, int | float | Decimal | np.number) and not isinstance(cell, bool | np.bool_)
    return None if is_number else f"must be a text or a number; got {cells.shown(cell)}."


def _confused(unique: list[Any], refused: Mapping[int, str]) -> dict[int, str]:
    """The ids in order that a refused one looks like, by their places, and what is said of them."""
    seen = {_as_it_looks(unique[place]) for place in refused if isinstance(unique[place], str)}
    return {place: f"{cells.shown(cell)} {_ALIKE}" for place, cell in enumerate(unique)
            if place not in refused and cell in seen}  # fmt: skip


def _as_it_looks(text: str) -> str:
    """A text without what is not seen."""
    signs = (sign if sign.isprintable() else " " * sign.isspace() for sign in cells.composed(text[:_LONGEST]))
    return "".join(signs).strip()
