"""The page on which a case is entered and its plan is shown."""

import streamlit as st

from dosimetry.web import day_parts, session, undo
from dosimetry.web.also import also
from dosimetry.web.case_bar import case_bar
from dosimetry.web.limit_switches import limit_switches
from dosimetry.web.missing_inputs import missing_inputs
from dosimetry.web.outcome import calculated
from dosimetry.web.results import results
from dosimetry.web.screen import Screen
from dosimetry.web.sections import cards, choices, folds
from dosimetry.web.territory_boxes import territory_boxes


def plan_page() -> None:
    """Inputs, and below them what belongs to these inputs and to no others."""
    undo.note()
    case_bar()
    choices()
    cards()
    folds()
    limit_switches(session.screen())
    territory_boxes()
    day_parts.follow()
    screen = session.screen()
    also(screen, day_parts.incomplete())
    to_add = st.container()
    if st.button("Calculate", key="calculate", type="primary", width="stretch"):
        _calculate(screen)
    with to_add:
        missing_inputs(screen, session.outcome())
    if results(screen, session.outcome()):
        _calculate(session.screen())
        st.rerun()


def _calculate(screen: Screen) -> None:
    session.forget_refusal()
    session.keep(calculated(screen))
