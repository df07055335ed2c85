"""The volume of a lesion from its three diameters; the formula is the library's."""

import streamlit as st

from dosimetry import figures
from dosimetry.lesion_geometry import ellipsoid_volume_ml
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
    volume = volume_text(*(str(st.session_state.get(_key(name, number)) or "") for name in _DIAMETERS))
    if volume is None:
        st.text("Three diameters above zero give \N{GREEK SMALL LETTER PI}/6 a b c.")
    else:
        st.text(f"\N{GREEK SMALL LETTER PI}/6 a b c = {figures.with_unit(volume, 'mL')}")
        st.button(
            "Use as lesion volume", key=f"use_diameters_{number}", on_click=guard.callback(_use), args=(number, volume)
        )


def volume_text(first: str, second: str, third: str) -> str | None:
    """The volume of the ellipsoid with these diameters as a text to type; nothing where they are not all numbers."""
    try:
        a, b, c = (number_from_text(text) for text in (first, second, third))
    except ValueError:
        return None
    if not min(a, b, c) > 0:
        return None
    volume = float(ellipsoid_volume_ml(diameter_cm=a, second_diameter_cm=b, third_diameter_cm=c))
    return figures.trimmed(volume, _DIGITS)


def _use(number: int, volume: str) -> None:
    st.session_state[rows.key("lesion_volume_ml", number)] = volume
    st.session_state[_USES] = int(st.session_state.get(_USES, 0)) + 1


def _key(name: str, number: int) -> str:
    return f"diameter_{name}_{number}"
