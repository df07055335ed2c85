"""Two pages, two cases: what stands on one page waits, untouched, while the other is on the screen.

Both pages use the same keys, the flat names; the case of the page that is left is put aside with all that belongs to
it. A callback runs before its page is drawn anew, and so always finds the case of its own page.
"""

import streamlit as st

from dosimetry.web import comparing, earlier_rows, rows, session, typed_units, undo
from dosimetry.web.screen import is_chosen, names
from dosimetry.web.treatments import TREATMENTS, Treatment

_ASIDE, _UNSAVED = "put_aside", "unsaved_aside"
_INPUTS = tuple(dict.fromkeys(name for each in TREATMENTS.values() for name in names("case", each)))
_KEPT = (*session.KEPT, *rows.KEPT, *earlier_rows.KEPT, *undo.KEPT, *comparing.KEPT, *typed_units.kept())


def turn_to(treatment: Treatment) -> None:
    """Put the case of this treatment on the screen. To be called before any widget is drawn."""
    left = session.treatment()
    if left is treatment:
        return
    state, is_left_saved = st.session_state, session.is_saved_whole()
    aside = {**state.get(_ASIDE, {}), left.key: {key: state[key] for key in (*_INPUTS, *_KEPT) if key in state}}
    wanted = aside.pop(treatment.key, {})
    for key in _KEPT:
        state.pop(key, None)
    for name in _INPUTS:
        state[name] = wanted.pop(name, None if is_chosen(name) else "")
    state.update(wanted)
    unsaved = {**state.get(_UNSAVED, {}), left.key: not is_left_saved, treatment.key: False}
    state[_ASIDE], state[_UNSAVED] = aside, unsaved
    session.show(treatment)


def is_every_case_saved() -> bool:
    """Whether neither the case on the screen nor one that was put aside would be lost with the page."""
    return session.is_saved_whole() and not any(st.session_state.get(_UNSAVED, {}).values())
