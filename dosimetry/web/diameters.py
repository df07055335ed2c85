"""The volume of a lesion from its three diameters; the formula is the library's."""

from collections.abc import Iterable

import streamlit as st

from dosimetry import figures
from dosimetry.lesion_geometry import ellipsoid_volume_ml, has_unlike_diameters
from dosimetry.number_text import number_from_text
from dosimetry.web import guard, rows

_DIAMETERS = ("first", "second", "third")
_USES = "diameter_uses"
_DIGITS = 6


def diameters(number: int) -> None:
    """The pop-over beside the volume of a lesion; it closes when the volume is taken over."""
    uses = st.session_state.get(_USES, 0)
    with st.popover("Diameters", key=f"diameters_{number}_{uses}", on_change="rerun") as box:
        if box.open:
            _content(number)


def _content(number: int) -> None:
    for column, name in zip(st.columns(len(_DIAMETERS)), _DIAMETERS, strict=True):
        column.text_input(f"{name.capitalize()} diameter [cm]", key=_key(name, number), autocomplete="off", live=True)
    found = positive_numbers(str(st.session_state.get(_key(name, number)) or "") for name in _DIAMETERS)
    if found is None:
        st.text("Three diameters above zero, with a decimal point, give \N{GREEK SMALL LETTER PI}/6 a b c.")
        return
    volume = volume_text(found)
    st.text(f"\N{GREEK SMALL LETTER PI}/6 a b c = {figures.with_unit(volume, 'mL')}")
    if has_unlike_diameters(diameters_cm=found):
        st.warning("One diameter is many times another: is one of them typed in millimeters?")
    st.button(
        "Use as lesion volume", key=f"use_diameters_{number}", on_click=guard.callback(_use), args=(number, volume)
    )


def positive_numbers(texts: Iterable[str]) -> tuple[float, ...] | None:
    """The diameters, where all of them are numbers above zero."""
    try:
        found = tuple(map(number_from_text, texts))
    except ValueError:
        return None
    return found if min(found) > 0 else None


def volume_text(diameters: tuple[float, ...]) -> str:
    """The volume of the ellipsoid with these diameters as a text to type."""
    a, b, c = diameters
    volume = float(ellipsoid_volume_ml(diameter_cm=a, second_diameter_cm=b, third_diameter_cm=c))
    return figures.trimmed(volume, _DIGITS)


def _use(number: int, volume: str) -> None:
    st.session_state[rows.key("lesion_volume_ml", number)] = volume
    st.session_state[_USES] = int(st.session_state.get(_USES, 0)) + 1


def _key(name: str, number: int) -> str:
    return f"diameter_{name}_{number}"
