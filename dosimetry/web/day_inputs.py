"""The inputs of the pages of a treatment day: what stands in them, and what a case that was opened puts there.

A widget's key is the flat name of its field and the numbers of its rows; territories and lesions have the numbers of
their rows on the Plan page, so that a new name there moves nothing here.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import streamlit as st

from dosimetry import instants
from dosimetry.web import rows, session, typed_units
from dosimetry.web.day_texts import Rows, Texts, is_instant, names_of, path_of, place_of, texts_from_plain
from dosimetry.web.screen import Screen

_KEY = re.compile(r"(.+?)((?:_\d+)*)")
_SEPARATOR = ";"
ZONES: Mapping[str, str] = MappingProxyType(
    {
        "order": "zone_of_order",
        "directive": "zone_of_delivery",
        "delivery": "zone_of_delivery",
        "second_check": "zone_of_check",
    }
)
CALIBRATED, ZONE_OF_CALIBRATIONS = ("ordered_calibrated_at", "order_calibrated_at"), "zone_of_calibrations"
_TERRITORY_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "directive": "directed_territory",
        "order": "ordered_territory",
        "delivery": "delivered_territory",
        "scout": "scout_territory",
        "second_check": "checked_territory",
    }
)
_LESION_NAMES: Mapping[str, str] = MappingProxyType({"delivery": "measured_lesion", "second_check": "checked_lesion"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A territory or lesion: the number of its row, its name, and in a territory its lesions."""

    number: int
    name: str
    lesions: tuple["Named", ...] = ()


def named_by(screen: Screen, numbers: Iterable[rows.Numbers]) -> tuple[Named, ...]:
    """The territories of a case with the numbers of their rows."""
    return tuple(
        Named(
            number=row.territory,
            name=territory.inputs.get("territory_name", ""),
            lesions=tuple(
                Named(number=number, name=lesion.get("lesion_name", ""))
                for number, lesion in zip(row.lesions, territory.lesions, strict=False)
            ),
        )
        for row, territory in zip(numbers, screen.territories, strict=False)
    )


def on_plan() -> tuple[Named, ...]:
    """The territories on the Plan page in which something stands, with those of their lesions."""
    numbers, held = rows.numbered(), st.session_state.to_dict()
    found = (_named(row, held) for row in numbers)
    return tuple(each for each in found if each is not None)


def _named(row: rows.Numbers, held: Mapping[str, Any]) -> Named | None:
    inputs, lesions = rows.typed(row.territory, held), [(number, rows.typed(number, held)) for number in row.lesions]
    filled = tuple(Named(number=number, name=lesion.get("lesion_name", "")) for number, lesion in lesions if lesion)
    named = Named(number=row.territory, name=inputs.get("territory_name", ""), lesions=filled)
    return named if inputs or filled else None


def key(name: str, at: Rows = ()) -> str:
    """Under which an input is kept."""
    return "_".join([name, *map(str, at)])


def key_is_of(state_key: str, names: Container[str]) -> bool:
    """Whether something is kept under the key of an input of one of some names."""
    match = _KEY.fullmatch(state_key)
    return match is not None and match.group(1) in names


def typed(parts: Iterable[str], territories: Iterable[Named], resting: Iterable[tuple[str, Rows]] = ()) -> Texts:
    """What stands in the inputs of some parts of a case, without inputs that rest."""
    parts, territories, left_out = tuple(parts), tuple(territories), set(resting)
    of_part = {name: part for part in parts for name in names_of(part)}
    found: dict[tuple[str, Rows], str] = {}
    for state_key, value in st.session_state.to_dict().items():
        match = _KEY.fullmatch(str(state_key))
        name, numbers = (match.group(1), match.group(2)) if match else ("", "")
        at = tuple(int(number) for number in numbers.split("_")[1:])
        if name in of_part and isinstance(value, str) and value.strip() and not _rests(name, at, left_out):
            found |= dict(_pieces(name, at, value.strip()))
    known = {each.number for each in territories}
    found = {(name, at): text for (name, at), text in found.items() if not _is_in_territory(name) or at[0] in known}
    return found | dict(_names(found, of_part, territories))


def boxes_of(path: str, texts: Texts) -> Iterator[str]:
    """The key of the box of a path, and of that of its zone where none is chosen; none for what has no box."""
    found = place_of(path, texts)
    if found is not None:
        name, at = found
        yield key(name, at[:-1] if _is_one_box(name) else at)
        typed_in_full = instants.is_complete(texts.get(found, ""))
        if is_instant(name) and not typed_in_full and not st.session_state.get(zone_key(name)):
            yield zone_key(name)


def _is_one_box(name: str) -> bool:
    """Whether one box holds a whole list."""
    return path_of(name).endswith("[]") and not _is_in_territory(name)


def _rests(name: str, at: Rows, resting: set[tuple[str, Rows]]) -> bool:
    return any((name, at[:depth]) in resting for depth in range(len(at) + 1))


def _is_in_territory(name: str) -> bool:
    return ".territories[]" in path_of(name)


def _pieces(name: str, at: Rows, text: str) -> Iterator[tuple[tuple[str, Rows], str]]:
    """One text for one value; a box that holds a whole list has them apart by semicolons."""
    is_list = path_of(name).count("[]") == len(at) + 1
    for place, piece in enumerate(text.split(_SEPARATOR) if is_list else (text,)):
        text_of_case = typed_units.case_text(name, _in_zone(name, piece.strip()))
        yield (name, (*at, place) if is_list else at), text_of_case


def _in_zone(name: str, text: str) -> str:
    zone = st.session_state.get(zone_key(name)) if is_instant(name) else None
    return instants.with_zone(text, zone) if zone else text


def zone_key(name: str) -> str:
    """Under which the zone that was chosen for an instant is kept."""
    if name in CALIBRATED:
        return ZONE_OF_CALIBRATIONS
    return next((ZONES[part] for part in ZONES if name in names_of(part)), "")


def _names(
    found: Texts, of_part: Mapping[str, str], territories: Iterable[Named]
) -> Iterator[tuple[tuple[str, Rows], str]]:
    """The names of the territories and lesions for which something was typed."""
    for (name, at), part in [(each, of_part[each[0]]) for each in found]:
        for territory in territories:
            if _is_in_territory(name) and at[0] == territory.number:
                yield (_TERRITORY_NAMES[part], at[:1]), territory.name
                for lesion in territory.lesions:
                    if ".lesions[]" in path_of(name) and at[1] == lesion.number:
                        yield (_LESION_NAMES[part], at[:2]), lesion.name


def convert(name: str, way: Callable[[str], str]) -> None:
    """Put what stands in all boxes of an input through a function of texts."""
    for state_key, text in st.session_state.to_dict().items():
        if key_is_of(str(state_key), (name,)) and isinstance(text, str) and text.strip():
            pieces = text.split(_SEPARATOR) if _is_one_box(name) else (text,)
            st.session_state[state_key] = f"{_SEPARATOR} ".join(way(piece.strip()) for piece in pieces)


def take_over(parts: Iterable[str], territories: Iterable[Named]) -> None:
    """Put what the case brought into the inputs, once for every case that is put on the screen."""
    parts = tuple(parts)
    if is_taken_over(parts):
        return
    st.session_state[_mark(parts)] = session.case_number()
    forget(parts)
    texts = texts_from_plain(session.screen().carried, parts)
    numbers = _numbers(texts, tuple(territories))
    joined: dict[str, list[str]] = {}
    for (name, at), text in texts.items():
        rows_of = _renumbered(name, at, numbers, parts)
        if rows_of is not None:
            shown = _apart(name, text) if is_instant(name) else typed_units.shown_text(name, text)
            joined.setdefault(key(name, rows_of[:-1] if _is_one_box(name) else rows_of), []).append(shown)
    for state_key, pieces in joined.items():
        st.session_state[state_key] = f"{_SEPARATOR} ".join(pieces)


def is_taken_over(parts: Iterable[str]) -> bool:
    """Whether the inputs of some parts are those of the case that was last put on the screen, or typed since."""
    return bool(st.session_state.get(_mark(parts)) == session.case_number())


def _mark(parts: Iterable[str]) -> str:
    return f"taken_over_{'_'.join(parts)}"


def forget(parts: Iterable[str]) -> None:
    """Empty all inputs of some parts."""
    names = {name for part in parts for name in names_of(part)}
    zones = {zone_key(name) for name in names if is_instant(name)}
    for state_key in list(st.session_state):
        if key_is_of(str(state_key), names) or state_key in zones:
            st.session_state.pop(state_key, None)


def _apart(name: str, text: str) -> str:
    """The clock time alone where its zone is the one chosen for it, or the first of its kind."""
    local, zone = instants.without_zone(text)
    if not zone or st.session_state.setdefault(zone_key(name), zone) != zone:
        return text
    return local.replace("T", " ")


def _numbers(texts: Texts, territories: tuple[Named, ...]) -> dict[tuple[str, Rows], int]:
    """The row numbers of the territories and lesions that the parts name."""
    owners = {
        (name, at): each
        for (name, at), text in texts.items()
        for each in territories
        if name in _TERRITORY_NAMES.values() and each.name == text
    }
    lesions = {
        (_LESION_NAMES[part], at): each.number
        for part in _LESION_NAMES
        for (name, at), text in texts.items()
        if name == _LESION_NAMES[part] and (_TERRITORY_NAMES[part], at[:1]) in owners
        for each in owners[_TERRITORY_NAMES[part], at[:1]].lesions
        if each.name == text
    }
    return {**{where: each.number for where, each in owners.items()}, **lesions}


def _renumbered(name: str, at: Rows, numbers: Mapping[tuple[str, Rows], int], parts: tuple[str, ...]) -> Rows | None:
    """Rows of the case file as rows of the page; ``None`` for what names no territory or lesion of the case."""
    part = next(part for part in parts if name in names_of(part))
    if name in _TERRITORY_NAMES.values() or name in _LESION_NAMES.values():
        return None
    if not _is_in_territory(name):
        return at
    territory = numbers.get((_TERRITORY_NAMES[part], at[:1]))
    if territory is None:
        return None
    if ".lesions[]" not in path_of(name):
        return (territory, *at[1:])
    lesion = numbers.get((_LESION_NAMES[part], at[:2]))
    return None if lesion is None else (territory, lesion)
