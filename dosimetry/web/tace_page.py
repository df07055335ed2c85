"""The page on which a chemoembolization is entered and its plan is shown."""

import streamlit as st

from dosimetry.web import session, undo
from dosimetry.web.case_bar import case_bar
from dosimetry.web.missing_inputs import missing_inputs
from dosimetry.web.outcome import calculated
from dosimetry.web.results import results
from dosimetry.web.screen import Screen
from dosimetry.web.sections import choices, folds
from dosimetry.web.tace_inputs import CHOICES, FOLDS, LAYOUT, partition_inputs, tace_inputs, used
from dosimetry.web.tace_results import tace_computed, tace_view
from dosimetry.web.territory_boxes import territory_boxes


def tace_page() -> None:
    """Inputs, and below them what belongs to these inputs and to no others."""
    undo.note()
    case_bar()
    choices(used(CHOICES))
    tace_inputs()
    folds(FOLDS)
    territory_boxes(LAYOUT)
    partition_inputs()
    screen = session.screen()
    to_add = st.container()
    if st.button("Calculate", key="calculate", type="primary", width="stretch"):
        _calculate(screen)
    with to_add:
        missing_inputs(screen, session.outcome())
    if results(screen, session.outcome(), tace_computed):
        _calculate(session.screen())
        st.rerun()


def _calculate(screen: Screen) -> None:
    session.forget_refusal()
    session.keep(calculated(screen, tace_view))
