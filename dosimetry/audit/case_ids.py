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


def ids(series: "pd.Series[Any]", name: str, marks: Marks) -> tuple[IntArray, int]:
    """Codes of equal ids in the order in which they first stand, -1 where nothing was given; and how many codes.

    An id that is refused shares the code of the one that it looks like: its rows were meant to be of that case.
    """
    values = series.to_numpy() if isinstance(series.dtype, np.dtype) and series.dtype.kind in "iu" else None
    if values is not None and len(values) and (values[1:] >= values[:-1]).all():
        codes = np.concatenate([[0], np.cumsum(values[1:] != values[:-1])])
        return codes, int(codes[-1]) + 1
    codes, unique = cells.keys(series)
    if pd.api.types.is_numeric_dtype(series.dtype) or _all_plain(unique):
        return codes, len(unique)
    why = {place: sentence for place, cell in enumerate(unique) if (sentence := _id_sentence(cell))}
    marks.add(name, np.isin(codes, list(why)), lambda row: f"{name} {why[int(codes[row])]}")
    alike = np.array([*_as_they_look(unique, why), -1], dtype=np.int64)[codes]
    used = np.unique(alike[alike >= 0])
    return np.where(alike < 0, -1, np.searchsorted(used, alike)), len(used)


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
        return text_problem(cells.composed(cell[: 4 * LONGEST_TEXT + 1]))
    is_number = isinstance(cell, int | float | Decimal | np.number) and not isinstance(cell, bool | np.bool_)
    return None if is_number else f"must be a text or a number; got {cells.shown(cell)}."


def _as_they_look(unique: list[Any], refused: Mapping[int, str]) -> list[int]:
    """The place of each id; of a refused text that of the id it looks like."""
    places = {cell: place for place, cell in enumerate(unique) if place not in refused and isinstance(cell, str)}
    found = list(range(len(unique)))
    for place in refused:
        if isinstance(unique[place], str):
            seen = "".join(sign for sign in cells.composed(unique[place]) if sign.isprintable()).strip()
            found[place] = places.setdefault(seen, place)
    return found
