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
from dosimetry.web import guard

_DIGITS = 15
"""As many as a float holds whatever its value."""


@dataclass(frozen=True, slots=True)
class OtherUnit:
    """A unit beside that of the case file, and the conversions."""

    unit: str
    to_case: Callable[[Any], Any]
    from_case: Callable[[Any], Any]


OTHER: Mapping[str, OtherUnit] = MappingProxyType(
    {
        "bilirubin_mg_dl": OtherUnit(
            "\N{MICRO SIGN}mol/L", liver_function.bilirubin_mg_dl, liver_function.bilirubin_umol_l
        ),
        "prescribed_activity_gbq": OtherUnit("mCi", units.gbq_from_mci, units.mci_from_gbq),
    }
)


def kept() -> tuple[str, ...]:
    """What belongs to the case on the screen."""
    return (*map(_key, OTHER), *map(_origins_key, OTHER))


def unit_of(name: str) -> str:
    """The unit an input is typed in now."""
    return OTHER[name].unit if _is_other(name) else reference.field(name).unit


def case_text(name: str, text: str) -> str:
    """What was typed, in the unit of the case; what is no number stays as it is and is refused by the library."""
    return _switched(name, text, OTHER[name].to_case) if name in OTHER and _is_other(name) else text


def switch(name: str, *, loads: int, convert: Callable[[str, Callable[[str], str]], None]) -> None:
    """The switch of one input; ``convert`` puts what stands in all its boxes through a function of texts."""
    choices = [reference.field(name).unit, OTHER[name].unit]
    key = f"switch_{name}_{loads}"

    def switched() -> None:
        """Take the unit over and convert what stands there."""
        is_other = st.session_state[key] == OTHER[name].unit
        if is_other is not _is_other(name):
            turn(name, convert, is_other=is_other)

    st.segmented_control(
        f"{reference.field(name).label} in",
        choices,
        default=unit_of(name),
        required=True,
        key=key,
        on_change=guard.callback(switched),
    )


def turn(name: str, convert: Callable[[str, Callable[[str], str]], None], *, is_other: bool = True) -> None:
    """Take another unit over for an input, and convert what stands in its boxes."""
    st.session_state[_key(name)] = is_other
    way = OTHER[name].from_case if is_other else OTHER[name].to_case
    origins: dict[str, str] = {}
    convert(name, lambda text: _noted(origins, text, _switched(name, text, way)))
    st.session_state[_origins_key(name)] = origins


def turned() -> tuple[str, ...]:
    """The inputs that are typed in another unit now than that of the case."""
    return tuple(filter(_is_other, OTHER))


def reset() -> None:
    """Back to the units of the case file, as a case that is opened is written in them."""
    for name in OTHER:
        st.session_state.pop(_key(name), None)
        st.session_state.pop(_origins_key(name), None)


def _is_other(name: str) -> bool:
    return bool(st.session_state.get(_key(name)))


def _key(name: str) -> str:
    return f"other_unit_{name}"


def _origins_key(name: str) -> str:
    """Under which stands what each text of the present unit was converted from."""
    return f"typed_as_{name}"


def _noted(origins: dict[str, str], text: str, converted: str) -> str:
    origins[converted] = text
    return converted


def _switched(name: str, text: str, way: Callable[[Any], Any]) -> str:
    """A text in the other unit: the one it was converted from, where it was."""
    origins: Mapping[str, str] = st.session_state.get(_origins_key(name), {})
    return origins[text] if text in origins else _converted(text, way)


def _converted(text: str, way: Callable[[Any], Any]) -> str:
    try:
        return figures.trimmed(float(way(number_from_text(text))), _DIGITS)
    except ValueError:
        return text
