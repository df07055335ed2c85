"""What belongs to the case and is not to be seen: it stands in a closed fold, or has no input on the page."""

from collections.abc import Iterator

import streamlit as st

from dosimetry.web.fields import field
from dosimetry.web.screen import Screen
from dosimetry.web.sections import FOLDS, fold_key


def also(screen: Screen) -> None:
    """Say what is carried along, so that nothing of a case is hidden."""
    lines = [*_folded(screen), *_carried(screen)]
    if lines:
        with st.container(border=True, gap="small"):
            st.markdown("**Also in this case**")
            st.text("\n".join(lines))


def _folded(screen: Screen) -> Iterator[str]:
    for number, fold in enumerate(FOLDS):
        if not st.session_state.get(fold_key(number)):
            for name in (name for group in fold.groups for name in group.names if name in screen.case):
                found = field(name)
                yield f"{found.label}: {found.choices.get(screen.case[name], screen.case[name])}"


def _carried(screen: Screen) -> Iterator[str]:
    treatment, limits = screen.carried.get("treatment"), screen.carried.get("limits", {})
    if treatment:
        found = field("treatment")
        yield f"{found.label}: {found.choices.get(treatment, treatment)}"
    for limit_id in limits.get("on", ()):
        yield f"{field('limits_on').label}: {limit_id}"
    for switch in limits.get("off", ()):
        yield f"{field('limit_off').label}: {switch.get('id')}, by {switch.get('by')}: {switch.get('reason')}"
    for entry in screen.acknowledged:
        finding, by, reason = (entry.get(name) for name in ("finding", "by", "reason"))
        yield f"{field('acknowledged_finding').label}: {finding}, by {by}: {reason}"
