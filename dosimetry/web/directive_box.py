"""The written directive of the session, and its revisions."""

from collections.abc import Iterable

import streamlit as st

from dosimetry.web.day_inputs import Named, key
from dosimetry.web.day_widgets import boxes, instant_box

_FIRST = ("directed_target", "directed_dose_gy", "directed_activity_gbq", "until_stasis")
_REVISED = ("revised_dose_gy", "revised_activity_gbq", "revised_reason")


def directive_box(territories: Iterable[Named]) -> None:
    """The fold of the written directive; open where something stands in it."""
    territories = tuple(territories)
    filled = any(st.session_state.get(key(name, (each.number,))) for each in territories for name in _FIRST)
    with st.expander("Written directive", expanded=filled, key="fold_directive"):
        instant_box("directive_written_at")
        for each in territories:
            st.text(each.name)
            boxes(_FIRST, (each.number,), width=220)
            with st.container(horizontal=True, vertical_alignment="top"):
                boxes(_REVISED, (each.number,), width=220)
                instant_box("revised_at", (each.number,))
