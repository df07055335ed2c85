"""What makes a whole table impossible to audit: names of columns, and rows that cannot be told apart."""

import pandas as pd

from dosimetry.audit import names


class TableError(ValueError):
    """A table cannot be audited at all; the message lists every reason, one a line."""


def check_frame(frame: pd.DataFrame, what: str = "the table", vocabulary: names.Vocabulary | None = None) -> None:
    """Refuse what cannot be told apart: names of columns, and a duplicate index.

    Raises
    ------
    TableError
        Every reason.
    """
    found = names.column_problems(frame.columns, vocabulary)
    if not frame.index.is_unique:
        twice = frame.index[frame.index.duplicated()][0]
        found.append(f"{what} has an index that is not unique: {twice!r} stands more than once; use reset_index().")
    if found:
        raise TableError("\n".join(found))
