"""Findings that a person must confirm before any result is shown: initials and a reason for each."""

import streamlit as st

from dosimetry.plan_record import Finding
from dosimetry.planning import AnyPlan
from dosimetry.report.finding_blocks import severity
from dosimetry.web import session
from dosimetry.web.findings_view import finding_line


def acknowledging(plan: AnyPlan) -> bool:
    """Ask for the missing acknowledgements; true when they were just given and the plan is to be made again."""
    waiting = plan.unacknowledged
    st.subheader("To acknowledge before results are shown", anchor=False)
    for number, finding in enumerate(waiting):
        with st.container(border=True, key=f"severity_{finding.severity}_{number}"):
            st.markdown(f"**{severity(finding)}**")
            finding_line(finding)
            initials, reason = st.columns((1, 4))
            initials.text_input("Initials", key=_key("by", finding), autocomplete="off")
            reason.text_input("Reason", key=_key("reason", finding), autocomplete="off")
    pressed = st.button("Acknowledge", key="acknowledge", type="primary")
    if not pressed:
        return False
    entries = [_entry(finding) for finding in waiting]
    if not all(entry["by"] and entry["reason"] for entry in entries):
        st.warning("Initials and a reason are needed for each.")
        return False
    session.acknowledge(entries)
    return True


def _key(what: str, finding: Finding) -> str:
    return f"acknowledge_{what}_{finding.id}"


def _entry(finding: Finding) -> dict[str, object]:
    typed = {what: str(st.session_state[_key(what, finding)]).strip() for what in ("by", "reason")}
    about = {"value": finding.value, "territory": finding.territory, "lesion": finding.lesion}
    return {"finding": finding.id, **{name: known for name, known in about.items() if known is not None}, **typed}
