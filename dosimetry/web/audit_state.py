"""What one browser session holds of an audit: the uploaded table, and the outcome that belongs to it and no other.

Like everything of a session it lies in the memory of the server while the session is open, and nowhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dosimetry.audit.table_checks import TableError
from dosimetry.audit.tables import Upload
from dosimetry.audit.tallying import Tally
from dosimetry.audit.uploads import table_of
from dosimetry.report.document import Block

_HELD, _DONE, _STALE, _DESCRIBED = "audit_table", "audit_done", "audit_stale", "audit_described"


@dataclass(frozen=True, slots=True)
class Held:
    """An uploaded table under the headers it came with, or why it was refused."""

    file_id: str
    name: str
    frame: pd.DataFrame | None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """An audit: ``key`` tells from which table, mapping and tolerance."""

    key: str
    table: str
    tolerance: float
    computed_at: str
    compared: pd.DataFrame
    counted: Tally
    blocks: tuple[Block, ...]
    """The report, made once: a rerun only hands it over."""


def held(file_id: str, name: str, content: bytes) -> Held:
    """The table of an upload, read once."""
    found = st.session_state.get(_HELD)
    if not isinstance(found, Held) or found.file_id != file_id:
        try:
            found = Held(file_id, name, table_of(Upload(name, content)))
        except TableError as error:
            found = Held(file_id, name, None, tuple(str(error).splitlines()))
        st.session_state[_HELD] = found
    return found


def release() -> None:
    """Forget the table and what was made of it."""
    for key in (_HELD, _DONE, _STALE, _DESCRIBED):
        st.session_state.pop(key, None)


def described(key: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """What would be read under one mapping, looked at once."""
    found = st.session_state.get(_DESCRIBED)
    if found is None or found[0] != key:
        found = st.session_state[_DESCRIBED] = (key, make())
    lines: pd.DataFrame = found[1]
    return lines


def keep(done: Done) -> None:
    """Keep an outcome until its inputs change."""
    st.session_state[_DONE] = done
    st.session_state.pop(_STALE, None)


def done(key: str) -> Done | None:
    """The outcome of these inputs; one of others is forgotten."""
    found = st.session_state.get(_DONE)
    if isinstance(found, Done) and found.key == key:
        return found
    if found is not None:
        st.session_state.pop(_DONE)
        st.session_state[_STALE] = True
    return None


def was_discarded() -> bool:
    """Whether there was an outcome, and its inputs changed."""
    return bool(st.session_state.get(_STALE))
