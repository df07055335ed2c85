"""What a report lists of the rows of an audit: those that are far off, and why others were refused."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from dosimetry.arrays import IntArray
from dosimetry.audit import cells
from dosimetry.audit.comparing import FAR, far_difference
from dosimetry.audit.marks import Marks
from dosimetry.audit.names import CASE_ID, DIFFERENCE, GRADE, PROBLEMS, RECORDED, SLIPS_OF
from dosimetry.comparison import compare as stands_to
from dosimetry.strict_json import printable

MOST_FAR = 50
_FIRST_ROWS = 5
_TERRITORY = "territory_name"
_GOT, _SENTENCE_END = "; got ", ". "


def far_rows(compared: pd.DataFrame, quantities: Iterable[str]) -> pd.DataFrame:
    """The records that are far off, the largest difference first: a line for each row and quantity, `MOST_FAR` at most.

    ``row`` counts from 1, or is the label of the row; ``case`` and ``territory`` are empty where the table has none.
    """
    is_far = (compared[GRADE] == FAR).to_numpy(dtype=np.bool_)
    found = [_far_of(compared, name, is_far) for name in quantities]
    return _largest(pd.concat(found, ignore_index=True)) if found else pd.DataFrame()


def _far_of(compared: pd.DataFrame, name: str, is_far: Any) -> pd.DataFrame:
    difference = np.abs(compared[f"{DIFFERENCE}{name}"].to_numpy(dtype=np.float64))
    places = np.flatnonzero(is_far & stands_to(difference, ">=", far_difference()))
    places = places[np.argsort(-difference[places], kind="stable")][:MOST_FAR]
    rows = compared.iloc[places]
    record = f"{RECORDED}{name}"
    return pd.DataFrame(
        {
            "quantity": name,
            "row": _labels(compared, places),
            "case": _words(rows, CASE_ID),
            "territory": _words(rows, _TERRITORY),
            "recorded": cells.numbers(rows[record], record, Marks(len(rows))),
            "computed": rows[name].to_numpy(dtype=np.float64),
            "difference": rows[f"{DIFFERENCE}{name}"].to_numpy(dtype=np.float64),
            "slips": rows[f"{SLIPS_OF}{name}"].astype(str).tolist(),
        }
    )


def _labels(compared: pd.DataFrame, places: IntArray) -> list[str]:
    """Rows as people count them, from 1; a label that is no number stands as it is."""
    labels = compared.index[places]
    if pd.api.types.is_integer_dtype(labels.dtype):
        return [str(label + 1) for label in labels.tolist()]
    return [printable(str(label)) for label in labels.tolist()]


def _words(rows: pd.DataFrame, name: str) -> list[str]:
    if name not in rows.columns:
        return [""] * len(rows)
    return ["" if pd.isna(cell) else printable(str(cell)) for cell in rows[name].tolist()]


def _largest(lines: pd.DataFrame) -> pd.DataFrame:
    order = np.argsort(-lines["difference"].abs().to_numpy(dtype=np.float64), kind="stable")[:MOST_FAR]
    return lines.iloc[order].reset_index(drop=True)


def refusals(compared: pd.DataFrame) -> pd.DataFrame:
    """Why rows were refused: ``reason``, its ``count`` of rows, and ``rows``, the first of them.

    A row counts once, for the first rule it breaks; the value it broke it with is left out.
    """
    codes, texts = cells.labels(compared[PROBLEMS])
    reasons = [_reason(text) for text in texts]
    words = [word for word in dict.fromkeys(reasons) if word]
    places = {word: place for place, word in enumerate(words)}
    of_row = np.array([*(places.get(word, -1) for word in reasons), -1], dtype=np.int64)[codes]
    bad = np.flatnonzero(of_row >= 0)
    counts = np.bincount(of_row[bad], minlength=len(words))
    first = [", ".join(_labels(compared, bad[of_row[bad] == place][:_FIRST_ROWS])) for place in range(len(words))]
    found = pd.DataFrame({"reason": words, "count": counts, "rows": first})
    return found[counts > 0].reset_index(drop=True)


def _reason(problems: str) -> str:
    """The first broken rule of a row without the value that broke it."""
    if not problems:
        return ""
    return f"{problems.partition(_SENTENCE_END)[0].partition(_GOT)[0].removesuffix('.')}."


def far_together(found: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The far rows of a table from those of its pieces."""
    held = [each for each in found if len(each)]
    return _largest(pd.concat(held, ignore_index=True)) if held else pd.DataFrame()


def refusals_together(found: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The reasons of a table from those of its pieces."""
    held = [each for each in found if len(each)]
    if not held:
        return pd.DataFrame()
    groups = pd.concat(held, ignore_index=True).groupby("reason", sort=False)
    rows = groups["rows"].agg(lambda own: ", ".join(", ".join(own).split(", ")[:_FIRST_ROWS]))
    return pd.DataFrame({"count": groups["count"].sum(), "rows": rows}).reset_index()
