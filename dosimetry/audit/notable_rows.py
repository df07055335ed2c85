"""What a report lists of the rows of an audit: those that are far off, and why others were refused."""

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from dosimetry.arrays import IntArray
from dosimetry.audit import cells
from dosimetry.audit.comparing import far_by
from dosimetry.audit.marks import Marks
from dosimetry.audit.names import CASE_ID, DIFFERENCE, PROBLEMS, RECORDED, SLIPS_OF
from dosimetry.audit.refusal_counts import QUOTED, sentence_kind
from dosimetry.strict_json import printable

MOST_FAR = 50
MOST_REASONS = 20
"""Lines of a report; the file of the rows has the others."""
_FIRST_ROWS = 5
_TERRITORY = "territory_name"
_GOT, _SENTENCE_END = "; got ", re.compile(r"[.?](?= |$)")


def far_rows(compared: pd.DataFrame, quantities: Iterable[str]) -> pd.DataFrame:
    """The records that are far off, the largest difference first: a line for each row and quantity, `MOST_FAR` at most.

    ``row`` counts from 1, or is the label of the row; ``case`` and ``territory`` are empty where the table has none.
    """
    found = [_far_of(compared, name) for name in quantities]
    return _largest(pd.concat(found, ignore_index=True)) if found else pd.DataFrame()


def _far_of(compared: pd.DataFrame, name: str) -> pd.DataFrame:
    places = np.flatnonzero(far_by(compared, name))
    size = np.abs(compared[f"{DIFFERENCE}{name}"].to_numpy(dtype=np.float64)[places])
    places = places[np.argsort(-size, kind="stable")][:MOST_FAR]
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

    A row counts once, for the first rule it breaks; rows that break it with different values are counted together, and
    the sentence is that of the first.
    """
    codes, texts = cells.labels(compared[PROBLEMS])
    reasons = [_reason(text) for text in texts]
    kinds = [sentence_kind(reason) for reason in reasons]
    places = {kind: place for place, kind in enumerate(dict.fromkeys(filter(None, kinds)))}
    of_row = np.array([*(places.get(kind, -1) for kind in kinds), -1], dtype=np.int64)[codes]
    bad = np.flatnonzero(of_row >= 0)
    bad = bad[np.argsort(of_row[bad], kind="stable")]
    counts = np.bincount(of_row[bad], minlength=len(places))
    groups = [own[:_FIRST_ROWS] for own in np.split(bad, np.cumsum(counts)[:-1]) if len(own)]
    return pd.DataFrame(
        {
            "reason": [reasons[codes[own[0]]] for own in groups],
            "count": counts[counts > 0],
            "rows": [", ".join(_labels(compared, own)) for own in groups],
        }
    )


def _reason(problems: str) -> str:
    """The first broken rule of a row without the value that broke it."""
    unquoted = QUOTED.sub(lambda quote: "_" * len(quote[0]), problems)
    end = _SENTENCE_END.search(unquoted)
    whole = problems[: end.end() if end else len(problems)]
    got = unquoted[: len(whole)].find(_GOT)
    return whole if got < 0 else f"{whole[:got]}."


def far_together(found: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The far rows of a table from those of its pieces."""
    held = [each for each in found if len(each)]
    return _largest(pd.concat(held, ignore_index=True)) if held else pd.DataFrame()


def refusals_together(found: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The reasons of a table from those of its pieces."""
    held = [each for each in found if len(each)]
    if not held:
        return pd.DataFrame()
    joined = pd.concat(held, ignore_index=True)
    groups = joined.groupby(joined["reason"].map(sentence_kind), sort=False)
    rows = groups["rows"].agg(lambda own: ", ".join(", ".join(own.iloc[:_FIRST_ROWS]).split(", ")[:_FIRST_ROWS]))
    summed = {"reason": groups["reason"].first(), "count": groups["count"].sum(), "rows": rows}
    return pd.DataFrame(summed).reset_index(drop=True)
