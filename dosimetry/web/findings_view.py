"""Findings on the page: by severity, each with its word and symbol, where it is and where it comes from."""

import streamlit as st

from dosimetry.plan_record import Finding, Plan
from dosimetry.report.finding_blocks import NOT_CHECKED, SYMBOLS, verified


def findings_view(plan: Plan) -> None:
    """All findings of a plan: what stops or warns across the page, then notes beside what was not checked."""
    checked = [finding for finding in plan.findings if finding.kind != "not_checked"]
    for severity in ("stop", "caution"):
        _group(severity, SYMBOLS[severity], [finding for finding in checked if finding.severity == severity])
    notes, unchecked = st.columns(2)
    with notes:
        _group("note", SYMBOLS["note"], [finding for finding in checked if finding.severity == "note"])
    with unchecked:
        _group("unchecked", NOT_CHECKED, [finding for finding in plan.findings if finding.kind == "not_checked"])


def _group(name: str, words: str, found: list[Finding]) -> None:
    if not found:
        return
    # The style of the page finds the severity in the key.
    with st.container(border=True, gap="small", key=f"severity_{name}"):
        st.markdown(f"**{words}** ({len(found)})")
        for finding in found:
            finding_line(finding)


def finding_line(finding: Finding) -> None:
    """One finding: where, the sentence, and its source with the mark whether it was read there."""
    place = ", ".join(part for part in (finding.territory, finding.lesion) if part)
    with st.container(gap=None):
        st.text(f"{place}: {finding.message}" if place else finding.message)
        if finding.source:
            st.caption(f"{finding.source}; {finding.locator} ({verified(finding.verified)})")
