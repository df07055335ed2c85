"""Earlier sessions and the scout activity of this one: what adds to its doses."""

from collections.abc import Iterable

import streamlit as st

from dosimetry.web.day_inputs import Named, key
from dosimetry.web.day_widgets import boxes, row_buttons

_SESSION = (
    "session_date", "session_device", "session_activity_gbq", "session_lung_dose_gy", "session_whole_normal_dose_gy",
    "session_whole_normal_mass_kg",
)  # fmt: skip
_SESSIONS, _OWNER, _MOST = "earlier_sessions", 0, 20
"""Sessions belong to no row of the Plan page; their buttons have one owner."""


def earlier_box(territories: Iterable[Named]) -> None:
    """The fold of what was given before; open where something stands in it."""
    territories = tuple(territories)
    rows = _rows()
    scouts = [key("scout_activity_gbq", (each.number,)) for each in territories]
    is_filled = bool(rows) or any(map(st.session_state.get, scouts))
    with st.expander("Earlier sessions, and a scout activity at mapping", expanded=is_filled, key="fold_earlier"):
        for row in rows:
            boxes(_SESSION, (row,), width=200)
        row_buttons(_SESSIONS, _SESSION, _OWNER, rows, least=0, word="earlier session")
        for each in territories:
            st.text(each.name)
            boxes(("scout_activity_gbq",), (each.number,), width=220)


def _rows() -> tuple[int, ...]:
    asked = int(st.session_state.get(f"{_SESSIONS}_{_OWNER}", 0))
    filled = [row + 1 for row in range(_MOST) if any(st.session_state.get(key(name, (row,))) for name in _SESSION)]
    return tuple(range(max([asked, *filled])))
