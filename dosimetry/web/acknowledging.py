"""Findings that a person must confirm before any result is shown: initials once, and a reason for each."""

import hashlib

import streamlit as st

from dosimetry.plan_record import Finding, Plan
from dosimetry.planning import AnyPlan
from dosimetry.report.finding_blocks import severity
from dosimetry.web import session
from dosimetry.web.findings_view import finding_line

_KEY_DIGITS = 16


def acknowledging(plan: AnyPlan) -> None:
    """Ask for the missing acknowledgements; with all of them given the page is drawn anew, with its result."""
    waiting = plan.unacknowledged
    st.text("To acknowledge before the result is shown:")
    for number, finding in enumerate(waiting):
        with st.container(border=True, key=f"severity_{finding.severity}_{number}"):
            st.markdown(f"**{severity(finding)}**")
            finding_line(finding)
            st.text_input("Reason", key=_reason_key(finding), autocomplete="off", persist_state="session")
    _told_what_limits_allow(plan)
    st.text_input("Initials", key=_initials_key(), autocomplete="off", width=160, persist_state="session")
    if not st.button("Acknowledge", key="acknowledge", type="primary"):
        return
    entries = [_entry(finding) for finding in waiting]
    if not all(entry["by"] and entry["reason"] for entry in entries):
        st.warning("Initials, and a reason for each, are needed.")
        return
    session.acknowledge(entries)
    st.rerun()


def _told_what_limits_allow(plan: AnyPlan) -> None:
    """What activity keeps the limits, where nothing else waits: no typed value is in doubt that it would rest on."""
    if isinstance(plan, Plan) and all(finding.kind == "limit" for finding in plan.unacknowledged):
        lines = (f"{territory.name}: {territory.bounds_in_short}." for territory in plan.territories)
        st.text("\n".join(["Limits allow", *lines]))


def _initials_key() -> str:
    return f"acknowledge_by_{_shown()}"


def _reason_key(finding: Finding) -> str:
    """A reason that was given for one sentence holds for no other."""
    return f"acknowledge_reason_{_shown(finding.id, finding.territory, finding.lesion, finding.message)}"


def _shown(*what: str | None) -> str:
    """What stands on the screen, in short: what is typed beside it belongs to it, and to this case under this label."""
    text = repr((session.loads(), session.screen().case.get("label"), *what))
    return hashlib.sha256(text.encode()).hexdigest()[:_KEY_DIGITS]


def _entry(finding: Finding) -> dict[str, object]:
    keys = {"by": _initials_key(), "reason": _reason_key(finding)}
    typed = {what: str(st.session_state[key]).strip() for what, key in keys.items()}
    about = {"value": finding.value, "territory": finding.territory, "lesion": finding.lesion}
    return {"finding": finding.id, **{name: known for name, known in about.items() if known is not None}, **typed}
