"""Ids of cases: rows with equal ids are one case; ids that only look alike are refused."""

from typing import Any

import numpy as np
import pandas as pd

from dosimetry.arrays import IntArray
from dosimetry.audit import cells
from dosimetry.audit.look_alikes import is_number, look_alikes
from dosimetry.audit.marks import Marks
from dosimetry.record_reader import LONGEST_TEXT, text_problem


def ids(series: "pd.Series[Any]", name: str, marks: Marks) -> tuple[IntArray, int]:
    """Codes of equal ids in the order in which they first stand, -1 where nothing was given; and how many codes.

    A text is one id however its characters are composed. An id that can hardly be seen to differ from another is
    refused with that other: without its rows a case may not be whole.
    """
    values = series.to_numpy() if isinstance(series.dtype, np.dtype) and series.dtype.kind in "iu" else None
    if values is not None and len(values) and (values[1:] >= values[:-1]).all():
        codes = np.concatenate([[0], np.cumsum(values[1:] != values[:-1])])
        return codes, int(codes[-1]) + 1
    codes, unique = cells.keys(series)
    if pd.api.types.is_numeric_dtype(series.dtype) or _all_plain(unique):
        return codes, len(unique)
    why = look_alikes(unique)
    why |= {place: sentence for place, cell in enumerate(unique) if (sentence := _id_sentence(cell))}
    marks.add(name, np.isin(codes, list(why)), lambda row: f"{name} {why[int(codes[row])]}")
    return codes, len(unique)


def _all_plain(texts: list[Any]) -> bool:
    """Whether cells are short texts of printed characters that no blank or capital letter makes look alike.

    Asked of all at once, because nearly every table has such ids and nothing more.
    """
    try:
        joined = "".join(texts)
    except TypeError:
        return False
    if not (joined.isascii() and joined.isprintable() and max(map(len, texts), default=0) <= LONGEST_TEXT):
        return False
    lines = "\n".join(["", *texts, ""])
    if any(sign in lines for sign in ("\n ", " \n", "\n\n", "  ")):
        return False
    return joined in (joined.lower(), joined.upper()) or len(set(map(str.lower, texts))) == len(texts)


def _id_sentence(cell: Any) -> str | None:
    """Why an id is refused: a text with blanks or what is not seen, or neither a text nor a number."""
    if isinstance(cell, str):
        return text_problem(cells.composed(cell[: cells.LONGEST_COMPOSED]))
    return None if is_number(cell) else f"must be a text or a number; got {cells.shown(cell)}."
