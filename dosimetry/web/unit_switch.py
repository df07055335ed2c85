"""The switch between the unit of the case and another one that people type: it converts what stands in the boxes."""

from collections.abc import Callable

import streamlit as st

from dosimetry import reference
from dosimetry.web import day_inputs, guard, rows, session, typed_units
from dosimetry.web.screen import names, number_of

ACTIVITY = "prescribed_activity_gbq"
"""All activities are typed in one unit."""
_UNREAD = "unread_by_switch"


def activity_switch() -> None:
    """The switch of all activities."""
    unit_switch(ACTIVITY)


def unit_switch(name: str) -> None:
    """The switch of an input, and of all that go with it on any page."""
    key = f"switch_{name}_{session.loads()}"

    def switched() -> None:
        """Take the unit over and convert what stands there; what cannot be read would be of neither unit."""
        to_other = st.session_state[key] == typed_units.OTHER[name].unit
        st.session_state[_UNREAD] = found = unreadable(name)
        if found:
            st.session_state[key] = typed_units.unit_of(name)
        elif to_other is not typed_units.is_other(name):
            typed_units.turn(name, convert, to_other=to_other)

    st.segmented_control(
        f"{reference.field(name).label} in",
        [reference.field(name).unit, typed_units.OTHER[name].unit],
        default=typed_units.unit_of(name),
        required=True,
        key=key,
        on_change=guard.callback(switched),
    )
    found = st.session_state.pop(_UNREAD, ())
    if found:
        st.warning("The unit stays until this is mended:")
        st.text("; ".join(found))


def unreadable(name: str) -> list[str]:
    """What stands in the boxes that are switched together and is no number."""
    found: list[str] = []

    def looked_at(text: str) -> str:
        """The text as it is."""
        if number_of(name, text) is None:
            found.append(text)
        return text

    for each in typed_units.OTHER[name].names:
        convert(each, looked_at)
    return found


def convert(name: str, way: Callable[[str], str]) -> None:
    """Put what stands in all boxes of an input, on whatever page, through a function of texts."""
    if name in names("case"):
        session.convert(name, way)
    elif name == ACTIVITY:
        rows.convert(name, way)
    else:
        day_inputs.convert(name, way)
