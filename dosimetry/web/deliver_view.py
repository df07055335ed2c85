"""What follows from a delivery: every denominator, directive, doses planned, delivered and measured, and the sheet."""

from dataclasses import dataclass

import streamlit as st

from dosimetry.plan_record import Plan
from dosimetry.report import DELIVERY_FORMATS, directive_blocks, treatment_blocks
from dosimetry.report.order_document import finding_table
from dosimetry.web.downloads import downloads
from dosimetry.web.html_blocks import html_of

_VIEW = "delivery_view"


@dataclass(frozen=True, slots=True)
class _Made:
    """What is drawn of one plan."""

    plan: Plan
    html: str


def deliver_view(plan: Plan) -> None:
    """Draw the session as it was treated."""
    if plan.as_treated is None:
        st.text("No delivery yet: it needs a vial, the instant of injection and the residual.")
    with st.container(key="results"):
        html = _html(plan)
        if html:
            st.html(html)
        if plan.as_treated is not None:
            st.subheader("As-treated sheet", anchor=False)
            downloads(plan, formats=DELIVERY_FORMATS, sheet="delivery")


def _html(plan: Plan) -> str:
    """The blocks of this very plan, made once."""
    found = st.session_state.get(_VIEW)
    if not isinstance(found, _Made) or found.plan is not plan:
        remarks = [finding for finding in plan.findings if "@delivery" in finding.id or "@sessions" in finding.id]
        blocks = (
            *directive_blocks.directive(plan),
            *treatment_blocks.as_treated(plan),
            *treatment_blocks.cumulative(plan),
            *finding_table(remarks),
        )
        found = st.session_state[_VIEW] = _Made(plan, html_of(blocks, alt="As treated"))
    return found.html
