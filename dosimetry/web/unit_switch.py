"""The switch between the unit of the case and another one that people type: it converts what stands in the boxes."""

from collections.abc import Callable

import streamlit as st

from dosimetry import reference
from dosimetry.web import day_inputs, guard, rows, session, typed_units
from dosimetry.web.screen import names

ACTIVITY = "prescribed_activity_gbq"
"""All activities are typed in one unit."""


def activity_switch() -> None:
    """The switch of all activities."""
    unit_switch(ACTIVITY)


def unit_switch(name: str) -> None:
    """The switch of an input, and of all that go with it on any page."""
    key = f"switch_{name}_{session.loads()}"

    def switched() -> None:
        """Take the unit over and convert what stands there."""
        to_other = st.session_state[key] == typed_units.OTHER[name].unit
        if to_other is not typed_units.is_other(name):
            typed_units.turn(name, convert, to_other=to_other)

    st.segmented_control(
        f"{reference.field(name).label} in",
        [reference.field(name).unit, typed_units.OTHER[name].unit],
        default=typed_units.unit_of(name),
        required=True,
        key=key,
        on_change=guard.callback(switched),
    )


def convert(name: str, way: Callable[[str], str]) -> None:
    """Put what stands in all boxes of an input, on whatever page, through a function of texts."""
    if name in names("case"):
        session.convert(name, way)
    elif name == ACTIVITY:
        rows.convert(name, way)
    else:
        day_inputs.convert(name, way)
