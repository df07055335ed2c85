"""What belongs to the case on the page and has no input on it."""

from collections.abc import Iterator

import streamlit as st

from dosimetry.web.fields import field
from dosimetry.web.screen import Screen


def also(screen: Screen) -> None:
    """Say what is carried along, so that nothing of a case is hidden."""
    lines = list(_carried(screen))
    if lines:
        st.text("\n".join(["Also in this case:", *lines]))


def _carried(screen: Screen) -> Iterator[str]:
    treatment, limits = screen.carried.get("treatment"), screen.carried.get("limits", {})
    if treatment:
        yield f"{field('treatment').label}: {field('treatment').choices.get(treatment, treatment)}"
    for limit_id in limits.get("on", ()):
        yield f"{field('limits_on').label}: {limit_id}"
    for switch in limits.get("off", ()):
        yield f"{field('limit_off').label}: {switch.get('id')}, by {switch.get('by')}: {switch.get('reason')}"
    for entry in screen.acknowledged:
        finding, by, reason = (entry.get(name) for name in ("finding", "by", "reason"))
        yield f"{field('acknowledged_finding').label}: {finding}, by {by}: {reason}"
