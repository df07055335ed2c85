"""The territories and lesions of a session as rows of inputs.

Every row has a number that no later row is given, and its inputs are kept under their flat name and that number. A
lesion belongs to the territory it was drawn in, whatever the territories are called now.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from dosimetry.web import typed_units
from dosimetry.web.prescribing import MODEL, TARGET, as_typed, with_target, without_resting
from dosimetry.web.screen import EARLIER, SEGMENTS, Row, TerritoryRow, is_chosen, names
from dosimetry.web.treatments import TREATMENTS

_ROWS, _LAST = "rows", "last_row"
KEPT = (_ROWS,)
"""What belongs to the case on the screen; the inputs of a row have keys that no other row is given."""


def _inputs(*levels: str) -> tuple[str, ...]:
    """The inputs of some levels, of either treatment."""
    return tuple(dict.fromkeys(name for each in TREATMENTS.values() for level in levels for name in names(level, each)))


_OF_TERRITORY, _OF_LESION = (*_inputs("territory"), SEGMENTS), _inputs("lesion")
_INPUTS = tuple(dict.fromkeys((*_OF_TERRITORY, *_OF_LESION, *_inputs(EARLIER))))


@dataclass(frozen=True, slots=True)
class Numbers:
    """The number of a territory and those of its lesions."""

    territory: int
    lesions: tuple[int, ...] = ()


def key(name: str, number: int) -> str:
    """Under which an input of a row is kept."""
    return f"{name}_{number}"


def numbered() -> tuple[Numbers, ...]:
    """The rows in their order; there is always a territory to type into."""
    rows: tuple[Numbers, ...] = st.session_state.get(_ROWS, ())
    if not rows:
        rows = st.session_state[_ROWS] = (_placed(TerritoryRow(inputs={})),)
    return rows


def typed(number: int, held: Mapping[str, Any]) -> Row:
    """The inputs of a row in which something stands.

    ``held`` is all that the session holds, asked for once: asking Streamlit for one key at a time is slow.
    """
    texts = {name: str(held.get(key(name, number)) or "").strip() for name in _INPUTS}
    return {name: text for name, text in texts.items() if text}


def model(number: int) -> str:
    """The model that a territory is prescribed by; empty while none is chosen."""
    return str(st.session_state.get(key(MODEL, number)) or "")


def models() -> tuple[str, ...]:
    """The models of all territories."""
    return tuple(model(row.territory) for row in numbered())


def territories(held: Mapping[str, Any]) -> tuple[TerritoryRow, ...]:
    """What stands in the rows and counts, in the units of the case, without rows in which nothing stands."""
    found = (
        TerritoryRow(
            inputs=_in_case_units(without_resting(typed(row.territory, held))),
            lesions=tuple(filter(None, (typed(number, held) for number in row.lesions))),
        )
        for row in numbered()
    )
    return tuple(with_target(row) for row in found if row.inputs or row.lesions)


def standing() -> tuple[TerritoryRow, ...]:
    """Every row as it stands there, in the units of the case: also empty ones, and inputs that rest."""
    held = st.session_state.to_dict()
    return tuple(
        TerritoryRow(
            inputs=_in_case_units(typed(row.territory, held)),
            lesions=tuple(typed(number, held) for number in row.lesions),
        )
        for row in numbered()
    )


def _in_case_units(inputs: Row) -> Row:
    return {name: typed_units.case_text(name, text) for name, text in inputs.items()}


def keys() -> Iterator[str]:
    """The widget keys of every input of every row."""
    for row in numbered():
        for number in (row.territory, *row.lesions):
            yield from (key(name, number) for name in _INPUTS)


def convert(name: str, way: Callable[[str], str]) -> None:
    """Put what stands in an input of every row through a function of texts."""
    for row in numbered():
        for number in (row.territory, *row.lesions):
            text = st.session_state.get(key(name, number))
            if text:
                st.session_state[key(name, number)] = way(text)


def put(new: Iterable[TerritoryRow]) -> None:
    """Put rows in place of those that stood there."""
    for row in numbered():
        remove_territory(row.territory)
    st.session_state[_ROWS] = tuple(_placed(as_typed(row)) for row in new)


def put_back(numbers: tuple[Numbers, ...], new: Iterable[TerritoryRow]) -> None:
    """Put rows back under the numbers they had: what is kept elsewhere under these numbers stays theirs.

    A box in which nothing stood is emptied: a browser would keep what stands in it.
    """
    kept = {number for row in numbers for number in (row.territory, *row.lesions)}
    forget(number for row in numbered() for number in (row.territory, *row.lesions) if number not in kept)
    for row, inputs in zip(numbers, map(as_typed, new), strict=True):
        _put_all(row.territory, _OF_TERRITORY, inputs.inputs)
        for number, texts in zip(row.lesions, inputs.lesions, strict=True):
            _put_all(number, _OF_LESION, texts)
    st.session_state[_ROWS] = numbers


def _put_all(number: int, inputs: Iterable[str], texts: Row) -> None:
    for name in inputs:
        st.session_state[key(name, number)] = texts.get(name, None if is_chosen(name) or name == TARGET else "")


def append_territories(new: Iterable[TerritoryRow]) -> None:
    """Put rows below those in which something stands."""
    held = st.session_state.to_dict()
    for row in numbered():
        if not typed(row.territory, held) and not row.lesions:
            remove_territory(row.territory)
    st.session_state[_ROWS] += tuple(_placed(row) for row in new)


def add_territory() -> None:
    """Put an empty row below the others."""
    st.session_state[_ROWS] = (*numbered(), _placed(TerritoryRow(inputs={})))


def add_lesion(territory: int, inputs: Row) -> None:
    """Put a lesion below the others of a territory; one without inputs is there to type into."""
    number = filled(inputs)
    st.session_state[_ROWS] = tuple(
        replace(row, lesions=(*row.lesions, number)) if row.territory == territory else row for row in numbered()
    )


def remove_territory(territory: int) -> None:
    """Forget a territory, its lesions, and what stands in them."""
    for row in numbered():
        if row.territory == territory:
            forget((territory, *row.lesions))
    st.session_state[_ROWS] = tuple(row for row in numbered() if row.territory != territory)


def remove_lesion(lesion: int) -> None:
    """Forget a lesion and what stands in it."""
    forget((lesion,))
    st.session_state[_ROWS] = tuple(
        replace(row, lesions=tuple(number for number in row.lesions if number != lesion)) for row in numbered()
    )


def _placed(row: TerritoryRow) -> Numbers:
    return Numbers(filled(row.inputs), tuple(filled(lesion) for lesion in row.lesions))


def filled(inputs: Row) -> int:
    """The number of a new row, with these inputs put in."""
    number = st.session_state[_LAST] = int(st.session_state.get(_LAST, 0)) + 1
    for name, text in inputs.items():
        st.session_state[key(name, number)] = text
    return number


def forget(numbers: Iterable[int]) -> None:
    """Forget rows and what stands in them."""
    for number in numbers:
        for name in _INPUTS:
            st.session_state.pop(key(name, number), None)
