"""What becomes of rows that break rules, whatever the treatment: refused together, or kept with their marks."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from dosimetry.audit import names
from dosimetry.audit.marks import Marks
from dosimetry.audit.table_checks import plain
from dosimetry.audit.text_columns import row_texts
from dosimetry.problems import CaseError, Problem

Errors = Literal["raise", "mark"]
_MOST_SHOWN = 20


def check_options(errors: object, *, findings: object = False) -> None:
    """Refuse a word that is neither ``raise`` nor ``mark``, and findings that are not true or false.

    Raises
    ------
    ValueError, TypeError
        The option, and what it got.
    """
    if not isinstance(errors, str) or errors not in ("raise", "mark"):
        shown = repr(errors) if isinstance(errors, str) else f"a value of type {type(errors).__name__}"
        raise ValueError(f"errors must be 'raise' or 'mark'; got {shown}.")
    if not isinstance(findings, bool):
        raise TypeError(f"findings must be True or False; got a value of type {type(findings).__name__}.")


def refuse(frame: pd.DataFrame, marks: Marks, errors: str) -> None:
    """With ``errors='raise'``: a `CaseError` of the rows that break rules, each with all its rules."""
    if errors == "raise" and marks.bad.any():
        raise CaseError(row_problems(frame, marks))


def row_problems(frame: pd.DataFrame, marks: Marks) -> list[Problem]:
    """The first marked rows with their sentences, and how many more there are."""
    bad, texts = np.flatnonzero(marks.bad), marks.texts()
    found = [Problem(f"row {plain(frame.index[row])!r}", texts[row]) for row in bad[:_MOST_SHOWN]]
    if len(bad) > _MOST_SHOWN:
        found.append(Problem("", f"and {len(bad) - _MOST_SHOWN} more rows; errors='mark' keeps them with their marks."))
    return found


def with_results(frame: pd.DataFrame, marks: Marks, made: Mapping[str, Any]) -> pd.DataFrame:
    """The rows in their order with ``is_valid``, ``problems`` and what was made of them."""
    told = {names.VALID: ~marks.bad, names.PROBLEMS: row_texts(len(frame), marks.texts()), **made}
    return pd.concat([frame, pd.DataFrame(told, index=frame.index, copy=False)], axis=1)
