"""Two pages, two cases: what stands on one page waits, untouched, while the other is on the screen.

Both pages use the same keys, the flat names; the case of the page that is left is put aside with all that belongs to
it. A callback runs before its page is drawn anew, and so always finds the case of its own page.
"""

import streamlit as st

from dosimetry.web import comparing, earlier_rows, rows, session, typed_units, undo
from dosimetry.web.screen import is_chosen, names
from dosimetry.web.treatments import TREATMENTS, Treatment

_ASIDE = "put_aside"
_INPUTS = tuple(dict.fromkeys(name for each in TREATMENTS.values() for name in names("case", each)))
_KEPT = (*session.KEPT, *rows.KEPT, *earlier_rows.KEPT, *undo.KEPT, *comparing.KEPT, *typed_units.kept())


def turn_to(treatment: Treatment) -> None:
    """Put the case of this treatment on the screen. To be called before any widget is drawn."""
    left = session.treatment()
    if left is treatment:
        return
    state = st.session_state
    aside = {**state.get(_ASIDE, {}), left.key: {key: state[key] for key in (*_INPUTS, *_KEPT) if key in state}}
    wanted = aside.pop(treatment.key, {})
    for key in _KEPT:
        state.pop(key, None)
    for name in _INPUTS:
        state[name] = wanted.pop(name, None if is_chosen(name) else "")
    state.update(wanted)
    state[_ASIDE] = aside
    session.show(treatment)
