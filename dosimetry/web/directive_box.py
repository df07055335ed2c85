"""The written directive of the session, and its revisions."""

from collections.abc import Iterable, Mapping

import streamlit as st

from dosimetry.columns import TARGET_LESION, TARGET_NORMAL, TARGET_PERFUSED, target_words
from dosimetry.web.day_inputs import Named, key
from dosimetry.web.day_widgets import boxes, instant_box
from dosimetry.web.fields import listed

_TARGET = "directed_target"
_FIRST = ("directed_dose_gy", "directed_activity_gbq", "until_stasis")
_REVISED = ("revised_dose_gy", "revised_activity_gbq", "revised_reason")


def directive_box(territories: Iterable[Named]) -> None:
    """The fold of the written directive; open where something stands in it."""
    territories = tuple(territories)
    filled = any(st.session_state.get(key(name, (each.number,))) for each in territories for name in (_TARGET, *_FIRST))
    with st.expander("Written directive", expanded=filled, key="fold_directive"):
        instant_box("directive_written_at")
        for each in territories:
            st.text(each.name)
            with st.container(horizontal=True, vertical_alignment="top"):
                listed(_TARGET, _targets(each), key=key(_TARGET, (each.number,)), width=220)
                boxes(_FIRST, (each.number,), width=220)
            with st.container(horizontal=True, vertical_alignment="top"):
                boxes(_REVISED, (each.number,), width=220)
                instant_box("revised_at", (each.number,))


def _targets(territory: Named) -> Mapping[str, str]:
    """What a dose of the directive can be meant for, as a case says it, in words."""
    lesions = (f"{TARGET_LESION}{lesion.name}" for lesion in territory.lesions if lesion.name)
    return {target: target_words(target) for target in (TARGET_PERFUSED, TARGET_NORMAL, *lesions)}
