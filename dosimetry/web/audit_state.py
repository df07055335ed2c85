"""What one browser session holds of an audit: the uploaded table, and the outcome that belongs to it and no other.

Like everything of a session it lies in the memory of the server while the session is open, and nowhere else. It stays
while another page is shown, until another table is uploaded or this one is closed.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dosimetry.audit.mapping import TableMapping
from dosimetry.audit.table_checks import TableError
from dosimetry.audit.tables import Upload
from dosimetry.audit.tallying import Tally
from dosimetry.audit.uploads import check_size, table_of
from dosimetry.report.document import Block

_MARK = "audit_"
_HELD, _DONE, _STALE, _DESCRIBED, _FILE = (f"{_MARK}{each}" for each in ("table", "done", "stale", "described", "file"))
TOLERANCE = f"{_MARK}tolerance"
_UPLOADS = "uploads_to_audit"


@dataclass(frozen=True, slots=True)
class Held:
    """An uploaded table under the headers it came with, or why it was refused; ``number`` counts the uploads."""

    number: int
    name: str
    frame: pd.DataFrame | None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """An audit: ``key`` tells from which table, mapping and tolerance."""

    key: str
    table: str
    mapping: TableMapping
    tolerance: float
    computed_at: str
    compared: pd.DataFrame
    counted: Tally
    blocks: tuple[Block, ...]
    """The report, made once: a rerun only hands it over."""


def uploads() -> int:
    """How many tables were uploaded, so that the next one has a box of its own and the server lets go of this one."""
    return int(st.session_state.get(_UPLOADS, 0))


def hold(name: str, content: bytes, most_mb: int) -> None:
    """Read an uploaded table, in place of the one that was held and all that was made of it."""
    close()
    st.session_state[_UPLOADS] = number = uploads() + 1
    try:
        check_size(name, len(content), most_mb)
        st.session_state[_HELD] = Held(number, name, table_of(Upload(name, content)))
    except TableError as error:
        st.session_state[_HELD] = Held(number, name, None, tuple(str(error).splitlines()))


def held() -> Held | None:
    """The table that was uploaded last."""
    found = st.session_state.get(_HELD)
    return found if isinstance(found, Held) else None


def close() -> None:
    """Forget the table, what was said of its columns, and what was made of it. The tolerance stays."""
    for key in [key for key in st.session_state if str(key).startswith(_MARK) and key != TOLERANCE]:
        del st.session_state[key]


def keep_mapping(mapping: TableMapping) -> None:
    """Keep what a mapping file said of this table, also what no box shows."""
    st.session_state[_FILE] = mapping


def mapping_of_file() -> TableMapping:
    """What the mapping file said that was opened last; an empty one where there was none."""
    found = st.session_state.get(_FILE)
    return found if isinstance(found, TableMapping) else TableMapping()


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
