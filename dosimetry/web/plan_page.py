"""The page on which a case is entered and its plan is shown."""

import streamlit as st

from dosimetry.report.inputs import shown
from dosimetry.web import guard, session
from dosimetry.web.case_bar import case_bar
from dosimetry.web.outcome import calculated
from dosimetry.web.results import results
from dosimetry.web.row_editors import LESIONS, TERRITORIES, hidden, rows_editor
from dosimetry.web.screen import Screen
from dosimetry.web.sections import cards, folds


def plan_page() -> None:
    """Inputs, and below them what belongs to these inputs and to no others."""
    case_bar()
    cards()
    folds()
    rows_editor(TERRITORIES)
    rows_editor(LESIONS)
    screen = session.screen()
    _also(screen)
    if st.button("Calculate", key="calculate", type="primary", width="stretch"):
        _calculate(screen)
    if results(screen, session.outcome()):
        _calculate(session.screen())
        st.rerun()


def _calculate(screen: Screen) -> None:
    session.forget_refusal()
    session.keep(calculated(screen))


def _also(screen: Screen) -> None:
    """What belongs to the case and is not to be seen on the page."""
    lines = [*_carried(screen), *hidden(screen)]
    if lines:
        with st.container(border=True, gap="small"):
            st.markdown("**Also in this case**")
            for line in lines:
                st.text(line)
