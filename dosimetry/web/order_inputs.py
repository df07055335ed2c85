"""Inputs of an order that the device on the Plan page does not take: kept and told, but no part of the case."""

import streamlit as st

from dosimetry.ordering.inputs import not_taken
from dosimetry.web.day_inputs import key
from dosimetry.web.day_texts import Rows
from dosimetry.web.fields import field, label_of


def resting() -> tuple[tuple[str, Rows], ...]:
    """The flat names of the inputs that rest; before a device is chosen nothing is decided, and none does."""
    device = st.session_state.get("device")
    return tuple((name, ()) for name in not_taken(device).values()) if device else ()


def told() -> str:
    """What stands in inputs that rest; empty where nothing does."""
    held = {name: str(st.session_state.get(key(name)) or "").strip() for name, _ in resting()}
    lines = [f"{label_of(name)} {field(name).choices.get(text, text)}" for name, text in held.items() if text]
    return f"Kept, but not used for this device: {'; '.join(lines)}" if lines else ""
