"""Taking back changes of the inputs, one by one. What is typed into one box in a row is one change."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import streamlit as st

from dosimetry.web import rows, session, typed_units
from dosimetry.web.screen import Screen, TerritoryRow
from dosimetry.web.unit_switch import convert

_PAST, _NOW, _TOUCHED = "past", "now", "touched"
KEPT = (_PAST, _NOW, _TOUCHED)
"""What belongs to the case on the screen."""
_MOST = 50


@dataclass(frozen=True, slots=True)
class _Standing:
    """What stood on the screen, and in its rows also what is no part of the case: a row that is still empty."""

    screen: Screen
    rows: tuple[TerritoryRow, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """How many lesions there are in each territory."""
        return tuple(len(row.lesions) for row in self.rows)


def note() -> None:
    """Remember how the inputs stood before they last changed. To be called once a run, when all of them were read."""
    state, now = st.session_state, _Standing(session.screen(), rows.standing())
    before = state.get(_NOW)
    if before is None or (before.screen.digest, before.shape) == (now.screen.digest, now.shape):
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

    What was acknowledged or withdrawn meanwhile stays so. To be called before any widget is drawn.
    """
    # What was typed a moment ago has reached the server with the button, and is the change that is meant.
    note()
    state, now = st.session_state, session.screen()
    *past, last = state[_PAST]
    units = typed_units.turned()
    is_same = last.screen.case.get("label") == now.case.get("label")
    doubts = session.doubts() if is_same else ()
    session.put(replace(last.screen, acknowledged=now.acknowledged) if is_same else last.screen, is_saved=False)
    rows.put(last.rows)
    session.doubt(doubts)
    for name in units:
        typed_units.turn(name, convert)
    state[_PAST], state[_NOW], state[_TOUCHED] = tuple(past), _Standing(session.screen(), rows.standing()), None


def _changed(before: _Standing, now: _Standing) -> Iterator[object]:
    """Which inputs differ, by name and row."""
    old, new = before.screen, now.screen
    compared = [("case", old.case, new.case), ("carried", old.carried, new.carried)]
    if before.shape != now.shape:
        yield "rows"
        yield "lesions"
    if len(old.earlier) != len(new.earlier):
        yield "rows"
        yield "earlier"
    compared += [(f"earlier {place}", *pair) for place, pair in enumerate(zip(old.earlier, new.earlier, strict=False))]
    for place, (was, row) in enumerate(zip(before.rows, now.rows, strict=False)):
        compared.append((str(place), was.inputs, row.inputs))
        for number, pair in enumerate(zip(was.lesions, row.lesions, strict=False)):
            compared.append((f"{place}.{number}", *pair))
    for where, was_there, is_there in compared:
        yield from ((where, name) for name in {*was_there, *is_there} if was_there.get(name) != is_there.get(name))
