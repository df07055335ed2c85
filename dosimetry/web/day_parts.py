"""The parts of a case that have pages of their own: kept with the case as they stand there, under the names of today.

A part joins the case once it is complete; what is half typed stays on its page.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from dosimetry.problems import Problem
from dosimetry.web import order_inputs, residual_ways, session
from dosimetry.web.day_inputs import Named, boxes_of, is_taken_over, on_plan, take_over, typed
from dosimetry.web.day_texts import Texts, names_of, plain_from_texts
from dosimetry.web.field_errors import Keys
from dosimetry.web.screen import Screen, problems_of

ORDER = ("order",)
DELIVERY = ("delivery", "directive", "sessions", "scout")
_FOLLOWED, _NAMED = "followed", "named_in_records"
"""Under which is kept what the parts were last made with, and what territories were called in the opened case."""


def with_parts(screen: Screen, parts: Iterable[str], plain: Mapping[str, Any]) -> Screen:
    """The screen with some parts of its case as they stand on a page."""
    names = set(parts)
    rest = {name: value for name, value in screen.carried.items() if name not in names}
    return replace(screen, carried={**rest, **plain})


def read(parts: tuple[str, ...], territories: tuple[Named, ...]) -> tuple[Screen, list[Problem]]:
    """The screen with what stands on the page of some parts, and what is wrong with these parts."""
    plain, unreadable = plain_from_texts(texts_of(parts, territories))
    screen = with_parts(session.screen(), parts, plain)
    known = {problem.path for problem in unreadable}
    found = (each for each in problems_of(screen) if each.path.startswith(parts) and each.path not in known)
    return screen, [*unreadable, *found]


def texts_of(parts: tuple[str, ...], territories: tuple[Named, ...]) -> Texts:
    """What stands on the page of some parts, without inputs that rest."""
    return typed(parts, territories, (*residual_ways.resting(territories), *order_inputs.resting()))


def boxes_for(parts: tuple[str, ...], territories: tuple[Named, ...]) -> Keys:
    """What gives the boxes of a path on the page of some parts."""
    texts = texts_of(parts, territories)
    return lambda path: boxes_of(path, texts)


def incomplete() -> tuple[str, ...]:
    """The parts for which something stands on a page, and which are no part of the case yet."""
    parts, carried = (*ORDER, *DELIVERY), session.carried()
    texts = {name for name, _ in texts_of(parts, on_plan())}
    return tuple(part for part in parts if part not in carried and not texts.isdisjoint(names_of(part)))


def keep(parts: tuple[str, ...], screen: Screen) -> None:
    """Make parts of a screen those of the case."""
    before = session.screen().carried
    for part in parts:
        value = screen.carried.get(part, {})
        if value != before.get(part, {}):
            session.carry(part, value)


def without_broken(parts: tuple[str, ...], screen: Screen, problems: Iterable[Problem]) -> Screen:
    """The screen without those parts that something is wrong with."""
    broken = [part for part in parts if any(problem.path.startswith(part) for problem in problems)]
    return with_parts(screen, broken, {})


def renamed() -> list[tuple[str, str]]:
    """Territories under whose records another name stands now than in the case that was opened: before, and now."""
    if not any(part in session.carried() for part in DELIVERY):
        return []
    before: Mapping[int, str] = st.session_state.get(_NAMED, {})
    pairs = ((before.get(each.number, each.name), each.name) for each in on_plan())
    return [(was, now) for was, now in pairs if now and was != now]


def follow() -> None:
    """Take over what a case brought, and let the parts follow new names and another device."""
    groups, carried = (ORDER, DELIVERY), session.carried()
    is_new = not all(map(is_taken_over, groups))
    if not is_new and not any(part in carried for parts in groups for part in parts):
        return
    territories = on_plan()
    made_with = (territories, order_inputs.resting())
    if not is_new and st.session_state.get(_FOLLOWED) == made_with:
        return
    wrong: list[Problem] = []
    if is_new:
        st.session_state[_NAMED] = {each.number: each.name for each in territories}
    for parts in groups:
        take_over(parts, territories)
        if any(part in carried for part in parts):
            screen, problems = read(parts, territories)
            wrong += problems
            if not problems:
                keep(parts, screen)
    st.session_state[_FOLLOWED] = None if wrong else made_with
