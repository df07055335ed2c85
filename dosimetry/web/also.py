"""What belongs to the case on the page and has no input on it."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import streamlit as st

from dosimetry import reference
from dosimetry.columns import flat_names
from dosimetry.finding_records import acknowledged_in_words
from dosimetry.web import day_parts
from dosimetry.web.fields import field
from dosimetry.web.screen import Screen

_PAGES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "An order: on the page Order": ("order",),
        "A delivery, a written directive or earlier treatment: on the page Deliver": (
            "delivery",
            "directive",
            "sessions",
            "scout",
        ),
        "A second check: on the page Second check": ("second_check",),
    }
)
_UNFINISHED: Mapping[str, str] = MappingProxyType(
    {
        "order": "The order on the page Order",
        "delivery": "The delivery on the page Deliver",
        "directive": "The written directive on the page Deliver",
        "sessions": "An earlier session on the page Deliver",
        "scout": "The scout activity on the page Deliver",
    }
)
_ON_PAGES = frozenset(name for parts in _PAGES.values() for name in parts)


def also(screen: Screen) -> None:
    """Say what is carried along, so that nothing of a case is hidden."""
    lines = [*_carried(screen), *_renamed(), *_acknowledged(screen)]
    if lines:
        with st.container(key="quiet_also"):
            st.text("\n".join(["Also in this case:", *lines]))


def unfinished() -> list[str]:
    """What was begun on another page and is no part of the case yet: neither its files nor its reports have it."""
    return [f"{_UNFINISHED[part]} is not complete: it is in no file and no report." for part in day_parts.incomplete()]


def _renamed() -> Iterator[str]:
    """A record that is signed and dated does not change its name without a word."""
    for was, now in day_parts.renamed():
        yield f"Directive, delivery and scout of {was}, as the case was opened, stand under {now} now: is it the same?"


def _carried(screen: Screen) -> Iterator[str]:
    for name, value in screen.carried.items():
        if name not in _ON_PAGES:
            yield from _told(name, value)
    for words, parts in _PAGES.items():
        if any(name in screen.carried for name in parts):
            yield words


def _told(path: str, value: Any) -> Iterator[str]:
    """The leaves of a value, one a line; the leaves of an object in a list together."""
    if isinstance(value, dict):
        leaves = {name: inner for name, inner in value.items() if not isinstance(inner, dict | list)}
        if leaves:
            yield ", ".join(_leaf(f"{path}.{name}", leaf) for name, leaf in leaves.items())
        for name, inner in value.items():
            if name not in leaves:
                yield from _told(f"{path}.{name}", inner)
    elif isinstance(value, list):
        for entry in value:
            yield from _told(f"{path}[]", entry)
    else:
        yield _leaf(path, value)


def _leaf(path: str, value: Any) -> str:
    """One value with its label, in words where it has some."""
    name = flat_names().get(path)
    label = field(name).label if name else path
    if isinstance(value, bool):
        return f"{label} {'yes' if value else 'no'}"
    return f"{label} {reference.choices(name).get(value, value) if name and isinstance(value, str) else value}"


def _acknowledged(screen: Screen) -> Iterator[str]:
    for entry in screen.acknowledged:
        finding, by, reason = (str(entry.get(name, "")) for name in ("finding", "by", "reason"))
        about = acknowledged_in_words(finding, *(entry.get(name) for name in ("territory", "lesion")))
        yield f"{field('acknowledged_finding').label}: {about}, by {by}: {reason}"
