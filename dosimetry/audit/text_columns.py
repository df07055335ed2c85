"""Columns of texts of which most rows hold none: categories, so that a million empty texts cost a byte each."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from dosimetry.arrays import AnyArray


def text_column(rows: int, at: AnyArray, texts: Sequence[str] | AnyArray) -> pd.Categorical:
    """Texts at some rows of a column, given as numbers; empty texts in all others."""
    places: dict[str, int] = {"": 0}
    own = [places.setdefault(text, len(places)) for text in texts]
    codes = np.zeros(rows, dtype=np.min_scalar_type(-len(places)))
    codes[at] = own
    return pd.Categorical.from_codes(codes, pd.Index(list(places), dtype="str"))


def row_texts(rows: int, texts: Mapping[int, str]) -> pd.Categorical:
    """Texts by row as a column; empty texts in all others."""
    return text_column(rows, np.array(list(texts), dtype=np.int64), list(texts.values()))
