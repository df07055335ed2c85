"""Taking back changes of the inputs, one by one. What is typed into one box in a row is one change."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import streamlit as st

from dosimetry.web import rows, session, typed_units
from dosimetry.web.day_texts import PARTS
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
    numbers: tuple[rows.Numbers, ...]
    rows: tuple[TerritoryRow, ...]
    case: int

    @property
    def of_plan(self) -> Screen:
        """The screen without what stands on the pages of the treatment day."""
        carried = {name: part for name, part in self.screen.carried.items() if name not in PARTS}
        return replace(self.screen, carried=carried)

    @property
    def shape(self) -> tuple[int, ...]:
        """How many lesions there are in each territory."""
        return tuple(len(row.lesions) for row in self.rows)


def note() -> None:
    """Remember how the inputs stood before they last changed. To be called once a run, when all of them were read."""
    state, now = st.session_state, _standing()
    before = state.get(_NOW)
    if before is None or (before.of_plan.digest, before.shape) == (now.of_plan.digest, now.shape):
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

    What was acknowledged or withdrawn meanwhile stays so, and what stands on the pages of the treatment day: there it
    was typed, and is not seen here. To be called before any widget is drawn.
    """
    # What was typed a moment ago has reached the server with the button, and is the change that is meant.
    note()
    state = st.session_state
    *past, last = state[_PAST]
    units = typed_units.turned()
    # All boxes back into the units of the case, those of other pages too, which stay as they stand there.
    for name in units:
        typed_units.turn(name, convert, to_other=False)
    doubts = session.doubts() if _is_of_label_of(last) else ()
    session.put_back(_as_before(last), last.case)
    rows.put_back(last.numbers, last.rows)
    session.doubt(doubts)
    for name in units:
        typed_units.turn(name, convert)
    state[_PAST], state[_NOW], state[_TOUCHED] = tuple(past), _standing(), None


def _standing() -> _Standing:
    return _Standing(session.screen(), rows.numbered(), rows.standing(), session.case_number())


def _is_of_label_of(last: _Standing) -> bool:
    return last.screen.case.get("label") == session.screen().case.get("label")


def _as_before(last: _Standing) -> Screen:
    """The screen of a step, with what is not taken back as it is now."""
    now, then = session.screen(), last.screen
    if _is_of_label_of(last):
        then = replace(then, acknowledged=now.acknowledged)
    if last.case != session.case_number():
        return then
    of_the_day = {name: part for name, part in now.carried.items() if name in PARTS}
    return replace(then, carried={**last.of_plan.carried, **of_the_day})


def _changed(before: _Standing, now: _Standing) -> Iterator[object]:
    """Which inputs differ, by name and row."""
    old, new = before.of_plan, now.of_plan
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
