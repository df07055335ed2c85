"""Findings on the page: by severity, each with its word and symbol, where it is and where it comes from."""

import streamlit as st

from dosimetry.plan_record import Finding, Plan
from dosimetry.report.finding_blocks import NOT_CHECKED, SYMBOLS, verified


def findings_view(plan: Plan) -> None:
    """All findings of a plan, the gravest first, what was not checked last."""
    checked = [finding for finding in plan.findings if finding.kind != "not_checked"]
    for severity, words in SYMBOLS.items():
        _group(words, [finding for finding in checked if finding.severity == severity])
    _group(NOT_CHECKED, [finding for finding in plan.findings if finding.kind == "not_checked"])


def _group(words: str, found: list[Finding]) -> None:
    if not found:
        return
    with st.container(border=True, gap="small"):
        st.markdown(f"**{words}**")
        for finding in found:
            finding_line(finding)


def finding_line(finding: Finding) -> None:
    """One finding: where, the sentence, and its source with the mark whether it was read there."""
    place = ", ".join(part for part in (finding.territory, finding.lesion) if part)
    st.text(f"{place}: {finding.message}" if place else finding.message)
    if finding.source:
        mark = verified(finding.verified)
        st.caption(f"{finding.source}; {finding.locator} ({mark})")
