"""The page of a case: its inputs, beside them the result that follows them, and below both the details of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dosimetry.web import session, undo
from dosimetry.web.acknowledging import acknowledging
from dosimetry.web.case_bar import case_bar
from dosimetry.web.field_errors import field_questions
from dosimetry.web.live import outcome_of
from dosimetry.web.missing_inputs import missing_inputs
from dosimetry.web.open_points import open_points
from dosimetry.web.outcome import Outcome
from dosimetry.web.screen import Screen, empty

_START = "Enter a case, or open one: the result stands here as soon as its inputs are complete, and follows them."
_WIDTHS = (8, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What a page draws: its inputs, and of a plan and its view what stands beside the inputs and what below.

    ``in_short`` is what a narrow window, in which the result lies below the inputs, shows of a plan at its lower edge.
    """

    inputs: Callable[[], None]
    view_of: Callable[[Any], Any] | None = None
    in_short: Callable[[Any], str]
    summary: Callable[[Any, Any], None]
    details: Callable[[Any, Any], None]


def live_page(drawn: Drawn) -> None:
    """Draw the page; a window that is too narrow for both shows the result below the inputs."""
    undo.note()
    case_bar()
    with st.container(key="workspace"):
        inputs, result = st.columns(_WIDTHS, gap="medium")
    with inputs:
        drawn.inputs()
        edge = st.container(key="lower_edge")
    screen = session.screen()
    outcome = outcome_of(screen, drawn.view_of)
    with result, st.container(key="result_now"):
        _result(screen, outcome, drawn)
    with edge:
        st.text(_in_short(outcome, drawn))
    if outcome.is_shown:
        with st.container(key="results"):
            drawn.details(outcome.plan, outcome.view)


def _in_short(outcome: Outcome, drawn: Drawn) -> str:
    if outcome.plan is None:
        return "No result yet"
    return drawn.in_short(outcome.plan) if outcome.is_shown else "Waits for an acknowledgement"


def _result(screen: Screen, outcome: Outcome, drawn: Drawn) -> None:
    st.subheader("Result", anchor=False)
    if screen.digest == empty(screen.treatment).digest:
        st.text(_START)
    elif outcome.plan is None:
        open_points(outcome.problems, screen)
    else:
        if outcome.is_shown:
            drawn.summary(outcome.plan, outcome.view)
        else:
            acknowledging(outcome.plan)
            field_questions(outcome.plan.unacknowledged, screen)
        missing_inputs(screen, outcome.plan)
