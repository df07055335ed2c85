"""Findings on the page: by severity, each with its word and symbol, where it is and where it comes from."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import streamlit as st

from dosimetry.plan_record import Finding
from dosimetry.planning import AnyPlan
from dosimetry.report.finding_blocks import NOT_CHECKED, SYMBOLS, placed, verified
from dosimetry.web.html_blocks import folded, linked

_QUIET = "No finding stops or warns. What was checked stands below under limits and goals."
_YET = "What was not checked, and why, is listed apart: it is no clearance."


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingGroups:
    """Findings as HTML: what stops, what warns, what was not checked, and remarks. Empty where there are none.

    Limits and goals that are met stand in their table and not here.
    """

    stops: str
    cautions: str
    unchecked: str
    remarks: str


def finding_groups(plan: AnyPlan) -> FindingGroups:
    """The findings of a plan in their groups."""

    def group(words: str, belongs: Callable[[Finding], bool]) -> str:
        """The findings of one group under its words and their number."""
        found = [_html(finding) for finding in plan.findings if belongs(finding)]
        return f"<h4>{escape(words)} ({len(found)})</h4>{''.join(found)}" if found else ""

    return FindingGroups(
        stops=group(SYMBOLS["stop"], lambda each: each.severity == "stop"),
        cautions=group(SYMBOLS["caution"], lambda each: each.severity == "caution" and each.kind != "not_checked"),
        unchecked=group(NOT_CHECKED, lambda each: each.kind == "not_checked"),
        remarks=group(SYMBOLS["note"], lambda each: each.kind == "caution" and each.severity == "note"),
    )


def findings_view(groups: FindingGroups) -> None:
    """What stops or warns and what is remarked, beside what was not checked."""
    warns, rest = st.columns((3, 2), gap="medium")
    with warns:
        for name, html in (("stop", groups.stops), ("caution", groups.cautions)):
            _drawn(name, html)
        if not groups.stops and not groups.cautions:
            st.text(f"{_QUIET} {_YET}" if groups.unchecked else _QUIET)
        _drawn("note", groups.remarks)
    with rest:
        _drawn("unchecked", groups.unchecked)


def _drawn(severity: str, html: str) -> None:
    if html:
        # The style of the page finds the severity in the key.
        with st.container(border=True, gap="small", key=f"severity_{severity}"):
            st.html(html)


def finding_line(finding: Finding) -> None:
    """One finding: where, the sentence, and its source with the mark whether it was read there."""
    st.html(_html(finding))


def _html(finding: Finding) -> str:
    sentence = linked(placed(finding))
    origin = ""
    if finding.source and finding.kind != "not_checked":
        source = f"{finding.id.partition('@')[0]}: {finding.source}; {finding.locator}"
        origin = folded(f"Source, {verified(finding.verified)}", f"<p>{linked(source)}</p>")
    return f'<div class="finding"><p>{sentence}</p>{origin}</div>'
