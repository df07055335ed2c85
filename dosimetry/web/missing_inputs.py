"""What could be added to the inputs, and what it would show."""

import streamlit as st

from dosimetry.web.outcome import Outcome
from dosimetry.web.problem_text import place_of
from dosimetry.web.screen import Screen


def missing_inputs(screen: Screen, outcome: Outcome | None) -> None:
    """The list of the plan that belongs to these inputs; each input once, with the rows that lack it."""
    plan = outcome.plan if outcome and outcome.digest == screen.digest else None
    if plan is None or not plan.missing:
        return
    rows: dict[str, list[str]] = {}
    for each in plan.missing:
        rows.setdefault(each.message, []).append(place_of(each.path, screen))
    with st.container(key="quiet_missing"):
        lines = [f"{message} ({', '.join(places)})" if places[0] else message for message, places in rows.items()]
        st.text("\n".join(["To see more:", *lines]))
