"""The three ways to state what was left in a vial, and the inputs of each; those of the other ways rest."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import streamlit as st

from dosimetry.treatment_day.delivery_findings import JAR_POSITIONS
from dosimetry.web.day_inputs import Named, key
from dosimetry.web.day_texts import Rows
from dosimetry.web.fields import field, label_of

RATES, ACTIVITY, TYPED = "by exposure rates of the jar", "by a measured activity", "as a typed percentage"
_MOST = 20
_READINGS = ("rate_before", "rate_after")
WAYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        RATES: (
            "rate_unit", "rate_before", "background_before", "rates_before_at", "rate_after", "background_after",
            "rates_after_at",
        ),
        ACTIVITY: ("residual_activity_gbq", "residual_measured_at"),
        TYPED: ("delivered_residual_fraction",),
    }
)  # fmt: skip


def way_key(number: int) -> str:
    """Under which the way of a territory is kept."""
    return f"residual_way_{number}"


def way(number: int) -> str | None:
    """The way that was chosen, or whose inputs a case filled; several ways in one case have none."""
    return _way(number, _standing())


def positions(number: int) -> range:
    """The readings of a jar that have a box: those of four sides, and more where a case brought more."""
    return _positions(number, _standing())


def rate_unit(number: int) -> str:
    """The unit that was chosen for the readings of a jar, as it stands in their labels; empty before one is."""
    chosen = st.session_state.get(key("rate_unit", (number,)))
    return f" [{field('rate_unit').choices[chosen]}]" if chosen else ""


def _standing() -> frozenset[str]:
    """The keys under which something stands."""
    return frozenset(str(name) for name, value in st.session_state.to_dict().items() if value)


def _way(number: int, standing: frozenset[str]) -> str | None:
    chosen = st.session_state.get(way_key(number))
    places: list[Rows] = [(number,), *((number, position) for position in _positions(number, standing))]
    filled = [each for each, names in WAYS.items() if any(key(name, at) in standing for name in names for at in places)]
    return str(chosen) if chosen else (filled[0] if len(filled) == 1 else None)


def _positions(number: int, standing: frozenset[str]) -> range:
    read = (
        position + 1 for position in range(_MOST) for name in _READINGS if key(name, (number, position)) in standing
    )
    return range(max(JAR_POSITIONS, *read, 0))


def resting(territories: Iterable[Named]) -> list[tuple[str, Rows]]:
    """The inputs of the ways that were not chosen; where none is, nothing rests."""
    found: list[tuple[str, Rows]] = []
    standing = _standing()
    for territory in territories:
        found += [(name, (territory.number,)) for name in _others(territory.number, standing)]
    return found


def _others(number: int, standing: frozenset[str]) -> list[str]:
    """The inputs of the ways that were not chosen."""
    chosen = _way(number, standing)
    return [name for each, names in WAYS.items() if chosen and each != chosen for name in names]


def told(number: int) -> str:
    """What stands in the inputs of the ways that were not chosen; empty where nothing does."""
    standing = _standing()
    held = {name: _held(name, number, standing) for name in _others(number, standing)}
    lines = [f"{label_of(name)} {', '.join(texts)}" for name, texts in held.items() if texts]
    return f"Kept, but not used by this way: {'; '.join(lines)}" if lines else ""


def _held(name: str, number: int, standing: frozenset[str]) -> list[str]:
    """What stands in the boxes of an input, a choice by its label."""
    at: list[Rows] = [(number,), *((number, position) for position in range(_MOST))]
    texts = [str(st.session_state[key(name, each)]).strip() for each in at if key(name, each) in standing]
    return [field(name).choices.get(text, text) for text in texts if text]
