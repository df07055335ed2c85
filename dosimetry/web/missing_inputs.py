"""What could be added to the inputs, and what it would show."""

from html import escape

import streamlit as st

from dosimetry.plan_record import MissingInput
from dosimetry.planning import AnyPlan
from dosimetry.web.html_blocks import folded
from dosimetry.web.page_order import where_of
from dosimetry.web.problem_text import place_of
from dosimetry.web.screen import Screen

_SHORT = 4
"""A longer list is folded: it would push the result off the page."""


def missing_inputs(screen: Screen, plan: AnyPlan) -> None:
    """The list of the plan of these inputs; each input once, with the rows that lack it."""
    if not plan.missing:
        return
    rows: dict[str, list[str]] = {}
    for each in plan.missing:
        rows.setdefault(_line(each, screen), []).append(place_of(each.path, screen))
    lines = [f"{line} ({', '.join(places)})" if places[0] else line for line, places in rows.items()]
    with st.container(key="quiet_missing"):
        if len(lines) <= _SHORT:
            st.text("\n".join(["To see more:", *lines]))
        else:
            st.html(folded(f"To see more: {len(lines)} inputs", "".join(f"<p>{escape(line)}</p>" for line in lines)))


def _line(missing: MissingInput, screen: Screen) -> str:
    """What to add for what, and where its box is found."""
    where = where_of(missing.path, screen.treatment)
    return f"{missing.message.removesuffix('.')} (under '{where}')." if where else missing.message
