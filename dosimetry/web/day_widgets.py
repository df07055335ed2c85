"""Widgets of the pages of a treatment day: instants with their zone, activities in both units, rows of vials."""

import datetime
from collections.abc import Callable, Iterable

import streamlit as st

from dosimetry import figures, instants, reference
from dosimetry.web import guard, typed_units
from dosimetry.web.day_inputs import key, zone_key
from dosimetry.web.day_texts import Rows
from dosimetry.web.fields import field, label_of, widget
from dosimetry.web.screen import number_of

_WIDTH = 230
"""[pixels]"""
_MOST = 20
"""Rows of one list that a case that was opened can fill."""
_NOTHING = "\N{NO-BREAK SPACE}"
"""Below an empty box: a line all the same, so that nothing moves while typing."""
_FORM = "as in 2026-04-07 09:30"


def name_of(name: str, state_key: str) -> None:
    """The name of a territory as a title: as it was typed, never as markup."""
    with st.container(key=f"name_of_{state_key}"):
        st.text(name)


def zone_box(label: str, state_key: str) -> None:
    """The zone whose clocks the times of a group are read by. None is chosen to begin with."""
    st.selectbox(
        label,
        instants.zones(),
        index=None,
        key=state_key,
        placeholder="Choose",
        help="A time may also name its own zone or offset, as in 2026-04-07T09:30+09:00.",
        persist_state="session",
        width=360,
    )


def instant_box(name: str, at: Rows = (), *, label: str | None = None) -> None:
    """A date and clock time, and below it how it was read; a time that clocks show twice is asked about."""
    state_key = key(name, at)
    with st.container(width=320, gap="small", key=f"instant_{state_key}"):
        st.text_input(
            label or field(name).label,
            key=state_key,
            help=f"Year-month-day and 24-hour clock, {_FORM}, by the clocks of the zone chosen above.",
            live=True,
            autocomplete="off",
            placeholder=_FORM,
            persist_state="session",
        )
        _read(name, state_key)


def _read(name: str, state_key: str) -> None:
    text = str(st.session_state.get(state_key) or "").strip()
    zone = st.session_state.get(zone_key(name))
    whole = instants.with_zone(text, zone) if zone else text
    both = instants.repeated(whole)
    if both:
        st.selectbox(
            "Clocks show this time twice. Which one?",
            both,
            index=None,
            key=f"which_{state_key}",
            placeholder="Choose",
            on_change=guard.callback(_choose),
            args=(state_key,),
        )
    with st.container(key=f"quiet_read_{state_key}"):
        st.text(_in_words(whole) or _NOTHING)


def _choose(state_key: str) -> None:
    chosen = st.session_state.get(f"which_{state_key}")
    if chosen:
        st.session_state[state_key] = chosen


def _in_words(text: str) -> str:
    """How a text is read, with its weekday; of a finished text that is no instant the sentence that says why."""
    try:
        found = instants.instant_from_text(text)
    except ValueError as error:
        said = str(error)
        return f"{said[:1].upper()}{said[1:]}" if instants.is_complete(text) else ""
    local: datetime.datetime = found.utc.astimezone(found.shown_in)
    return f"{local:%A}, {found.local} = {found.text}"


def boxes(names: Iterable[str], at: Rows = (), *, width: int = _WIDTH) -> None:
    """Inputs side by side."""
    names = tuple(names)
    with st.container(horizontal=True, vertical_alignment="top", width="content", key=key(f"boxes_{names[0]}", at)):
        for name in names:
            if reference.field(name).unit == "GBq":
                activity_box(name, at, width=width)
            else:
                widget(name, key=key(name, at), width=width)


def activity_box(name: str, at: Rows, *, width: int = _WIDTH) -> None:
    """An activity, and below it the same in the unit it is not typed in: one typed in the wrong unit shows at once."""
    with st.container(width=width, gap="small", key=f"activity_{key(name, at)}"):
        widget(name, key=key(name, at))
        typed = str(st.session_state.get(key(name, at)) or "")
        gbq = number_of(name, typed_units.case_text(name, typed))
        st.caption(_NOTHING if gbq is None else f"= {_in_the_other_unit(name, gbq)}")


def _in_the_other_unit(name: str, gbq: float) -> str:
    other, shown, unit = typed_units.OTHER[name], gbq, reference.field(name).unit
    if not typed_units.is_other(name):
        shown, unit = float(other.from_case(gbq)), other.unit
    return figures.with_unit(figures.trimmed(shown, 4), unit)


def text_box(name: str, at: Rows, label: str, *, width: int = _WIDTH) -> None:
    """An input under a label that says more of it than its own does."""
    st.text_input(
        label,
        key=key(name, at),
        help=field(name).help,
        live=True,
        autocomplete="off",
        persist_state="session",
        width=width,
    )


def list_box(name: str, *, width: int = 420) -> None:
    """One text that holds a whole list."""
    st.text_input(
        label_of(name),
        key=key(name),
        help=f"{field(name).help or ''} Several stand apart by semicolons.".strip(),
        live=True,
        autocomplete="off",
        persist_state="session",
        width=width,
    )


def row_numbers(kind: str, names: Iterable[str], owner: int, *, least: int) -> tuple[int, ...]:
    """The numbers of the rows of vials of a territory: those asked for, and those in which something stands."""
    asked = max(int(st.session_state.get(f"{kind}_{owner}", 0)), least)
    beyond = range(asked, asked + _MOST)
    filled = [row + 1 for row in beyond if any(st.session_state.get(key(name, (owner, row))) for name in names)]
    return tuple(range(max([asked, *filled])))


def row_buttons(
    kind: str, names: Iterable[str], owner: int, numbers: tuple[int, ...], *, least: int, word: str
) -> None:
    """Adding a row, and taking the last one away with what stands in it."""
    with st.container(horizontal=True):
        st.button(
            f"Add {word}", key=f"add_{kind}_{owner}", on_click=guard.callback(_set(kind, owner, len(numbers) + 1))
        )
        if len(numbers) > least:
            st.button(
                f"Remove the last {word}",
                key=f"remove_{kind}_{owner}",
                on_click=guard.callback(_remove(kind, tuple(names), owner, len(numbers) - 1)),
            )


def _set(kind: str, owner: int, count: int) -> Callable[[], None]:
    def put() -> None:
        """Take the number of rows over."""
        st.session_state[f"{kind}_{owner}"] = count

    return put


def _remove(kind: str, names: tuple[str, ...], owner: int, row: int) -> Callable[[], None]:
    def take_away() -> None:
        """Forget the last row."""
        st.session_state[f"{kind}_{owner}"] = row
        for name in names:
            st.session_state.pop(key(name, (owner, row)), None)

    return take_away
