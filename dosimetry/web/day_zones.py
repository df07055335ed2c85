"""The zone of the delivery, which is that of the order until another one is chosen."""

import streamlit as st

from dosimetry.web.day_inputs import ZONES, key_is_of
from dosimetry.web.day_texts import is_instant, names_of

_TAKEN = "zone_taken_from_order"
_PARTS = ("delivery", "directive")


def is_zone_of_order() -> bool:
    """Put the zone of the order in where none is chosen for the delivery; true while the two are the same by that.

    It follows another choice on the Order page until an instant stands here: what was typed by a clock stays by it.
    """
    state = st.session_state
    of_order, here = state.get(ZONES["order"]), state.get(ZONES["delivery"])
    is_taken = here is not None and here == state.get(_TAKEN)
    if of_order and (here is None or (is_taken and not _is_typed())):
        state[ZONES["delivery"]] = state[_TAKEN] = of_order
        return True
    return bool(is_taken and here == of_order)


def _is_typed() -> bool:
    names = {name for part in _PARTS for name in names_of(part) if is_instant(name)}
    return any(value and key_is_of(str(key), names) for key, value in st.session_state.to_dict().items())
