"""What makes a whole table impossible to audit: names of columns, and rows that cannot be told apart."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import pandas as pd

from dosimetry.arrays import BoolArray
from dosimetry.audit import names


class TableError(ValueError):
    """A table cannot be audited at all; the message lists every reason, one a line."""


def check_frame(frame: pd.DataFrame, what: str = "the table", vocabulary: names.Vocabulary | None = None) -> None:
    """Refuse what is no frame and what cannot be told apart: names of columns, and a duplicate index.

    Raises
    ------
    TableError
        Every reason.
    """
    if not isinstance(frame, pd.DataFrame):
        raise TableError(f"{what} must be a DataFrame of pandas; got a value of type {type(frame).__name__}.")
    found = names.column_problems(frame.columns, vocabulary)
    if not frame.index.is_unique:
        twice = frame.index[frame.index.duplicated()][0]
        found.append(
            f"{what} has an index that is not unique: {plain(twice)!r} stands more than once; use reset_index()."
        )
    if found:
        raise TableError("\n".join(found))


def empty_rows(frame: pd.DataFrame) -> BoolArray:
    """Rows in which no cell holds anything; looks at a further column only while any row may be one."""
    empty = np.ones(len(frame), dtype=np.bool_)
    for name in frame.columns:
        empty &= frame[name].isna().to_numpy()
        if not empty.any():
            break
    return empty


def plain(value: Any) -> Any:
    """A label or an id without the type that numpy gives it, so that a sentence shows the value alone."""
    if isinstance(value, tuple):
        return tuple(plain(each) for each in value)
    return value.item() if hasattr(value, "item") else value


@contextmanager
def comparable(frame: pd.DataFrame) -> Iterator[None]:
    """Refuse a decimal that cannot even be asked whether it is missing: no comparison of it has an answer.

    Raises
    ------
    TableError
        The column that holds one.
    """
    try:
        yield
    except InvalidOperation:
        held = [name for name in frame.columns if any(map(_is_signaling, frame[name]))]
        if not held:
            raise
        raise TableError(
            f"the column {held[0]!r} holds a decimal that is no number (sNaN); "
            "leave the cell empty where it is not known."
        ) from None


def _is_signaling(cell: Any) -> bool:
    return isinstance(cell, Decimal) and cell.is_snan()
