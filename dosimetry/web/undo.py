"""Taking back changes of the inputs, one by one. What is typed into one box in a row is one change."""

from collections.abc import Iterator

import streamlit as st

from dosimetry.web import session, typed_units
from dosimetry.web.screen import Screen
from dosimetry.web.unit_switch import convert

_PAST, _NOW, _TOUCHED = "past", "now", "touched"
KEPT = (_PAST, _NOW, _TOUCHED)
"""What belongs to the case on the screen."""
_MOST = 50


def note() -> None:
    """Remember how the inputs stood before they last changed. To be called once a run, when all of them were read."""
    state, now = st.session_state, session.screen()
    before = state.get(_NOW)
    if before is None or before.digest == now.digest:
        state[_NOW] = now
        return
    touched = tuple(_changed(before, now))
    if touched != state.get(_TOUCHED) or len(touched) != 1:
        state[_PAST] = (*state.get(_PAST, ()), before)[-_MOST:]
    state[_NOW], state[_TOUCHED] = now, touched


def note_apart() -> None:
    """The same, and what is changed next is a change of its own, also where it touches what was typed last."""
    note()
    st.session_state[_TOUCHED] = None


def can() -> bool:
    """Whether there is a change to take back."""
    return bool(st.session_state.get(_PAST))


def undo() -> None:
    """Put the inputs back as they stood before the last change, in the units they are typed in now.

    To be called before any widget is drawn.
    """
    state = st.session_state
    *past, last = state[_PAST]
    units = typed_units.turned()
    doubts = session.doubts() if last.case.get("label") == session.screen().case.get("label") else ()
    session.put(last, is_saved=False)
    session.doubt(doubts)
    for name in units:
        typed_units.turn(name, convert)
    state[_PAST], state[_NOW], state[_TOUCHED] = tuple(past), session.screen(), None


def _changed(before: Screen, now: Screen) -> Iterator[object]:
    """Which inputs differ, by name and row."""
    rows = [("case", before.case, now.case), ("carried", before.carried, now.carried)]
    if [len(row.lesions) for row in before.territories] != [len(row.lesions) for row in now.territories]:
        yield "rows"
        yield "lesions"
    if len(before.earlier) != len(now.earlier):
        yield "rows"
        yield "earlier"
    rows += [(f"earlier {place}", *pair) for place, pair in enumerate(zip(before.earlier, now.earlier, strict=False))]
    for place, (old, new) in enumerate(zip(before.territories, now.territories, strict=False)):
        rows.append((str(place), old.inputs, new.inputs))
        for number, pair in enumerate(zip(old.lesions, new.lesions, strict=False)):
            rows.append((f"{place}.{number}", *pair))
    for row, old_inputs, new_inputs in rows:
        yield from ((row, name) for name in {*old_inputs, *new_inputs} if old_inputs.get(name) != new_inputs.get(name))
