"""Inputs that may be typed in another unit: a switch converts what stands there, and the case is always in its own.

Both ways go through the library's conversions. A text that was converted is remembered beside the one it came from, and
becomes that one again: switching to and fro changes nothing, neither in the box nor in the case.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import streamlit as st

from dosimetry import figures, reference, units
from dosimetry.number_text import number_from_text
from dosimetry.scores import liver_function

_DIGITS = 15
"""As many as a float holds whatever its value."""


@dataclass(frozen=True, slots=True)
class OtherUnit:
    """A unit beside that of the case file, the inputs that are turned to it together, and the conversions."""

    unit: str
    names: tuple[str, ...]
    to_case: Callable[[Any], Any]
    from_case: Callable[[Any], Any]


_UNITS = (
    OtherUnit(
        "\N{MICRO SIGN}mol/L", ("bilirubin_mg_dl",), liver_function.bilirubin_mg_dl, liver_function.bilirubin_umol_l
    ),
    OtherUnit(
        "mCi",
        (
            "prescribed_activity_gbq", "directed_activity_gbq", "revised_activity_gbq", "order_vial_activity_gbq",
            "ordered_activity_gbq", "assay_activity_gbq", "before_drawing_gbq", "after_drawing_gbq",
            "residual_activity_gbq", "session_activity_gbq", "scout_activity_gbq", "checked_activity_gbq",
        ),
        units.gbq_from_mci,
        units.mci_from_gbq,
    ),
)  # fmt: skip
OTHER: Mapping[str, OtherUnit] = MappingProxyType({name: each for each in _UNITS for name in each.names})


def kept() -> tuple[str, ...]:
    """What belongs to the case on the screen."""
    return (*map(_key, _UNITS), *map(_origins_key, _UNITS))


def unit_of(name: str) -> str:
    """The unit an input is typed in now."""
    return OTHER[name].unit if is_other(name) else reference.field(name).unit


def case_text(name: str, text: str) -> str:
    """What was typed, in the unit of the case; what is no number stays as it is and is refused by the library."""
    return _switched(OTHER[name], text, OTHER[name].to_case) if name in OTHER and is_other(name) else text


def shown_text(name: str, text: str) -> str:
    """A text of the case in the unit that its input is typed in now; it reads back as the same value of the case."""
    if name not in OTHER or not is_other(name):
        return text
    converted, key = _converted(text, OTHER[name].from_case), _origins_key(OTHER[name])
    st.session_state[key] = {**st.session_state.get(key, {}), converted: text}
    return converted


def turn(name: str, convert: Callable[[str, Callable[[str], str]], None], *, to_other: bool = True) -> None:
    """Take a unit over for an input and those that go with it; ``convert`` puts all boxes of one through a function."""
    other = OTHER[name]
    st.session_state[_key(other)] = to_other
    way = other.from_case if to_other else other.to_case
    origins: dict[str, str] = {}
    for each in other.names:
        convert(each, lambda text: _noted(origins, text, _switched(other, text, way)))
    st.session_state[_origins_key(other)] = origins


def turned() -> tuple[str, ...]:
    """One input of each unit that is typed in now in place of that of the case."""
    return tuple(other.names[0] for other in _UNITS if is_other(other.names[0]))


def reset() -> None:
    """Back to the units of the case file, as a case that is opened is written in them."""
    for each in kept():
        st.session_state.pop(each, None)


def is_other(name: str) -> bool:
    """Whether an input is typed in another unit now than that of the case."""
    return bool(st.session_state.get(_key(OTHER[name])))


def _key(other: OtherUnit) -> str:
    return f"other_unit_{other.names[0]}"


def _origins_key(other: OtherUnit) -> str:
    """Under which stands what each text of the present unit was converted from."""
    return f"typed_as_{other.names[0]}"


def _noted(origins: dict[str, str], text: str, converted: str) -> str:
    origins[converted] = text
    return converted


def _switched(other: OtherUnit, text: str, way: Callable[[Any], Any]) -> str:
    """A text in the other unit: the one it was converted from, where it was."""
    origins: Mapping[str, str] = st.session_state.get(_origins_key(other), {})
    return origins[text] if text in origins else _converted(text, way)


def _converted(text: str, way: Callable[[Any], Any]) -> str:
    try:
        return figures.trimmed(float(way(number_from_text(text))), _DIGITS)
    except ValueError:
        return text
