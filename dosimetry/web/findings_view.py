"""Findings on the page: by severity, each with its word and symbol, where it is and where it comes from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from types import MappingProxyType

import streamlit as st

from dosimetry.plan_record import Finding
from dosimetry.planning import AnyPlan
from dosimetry.report.finding_blocks import NOT_CHECKED, SYMBOLS, placed, verified
from dosimetry.web.html_blocks import folded, linked

_QUIET = "No finding stops or warns. What was checked stands below under limits and goals."
_ANSWERED = f"{SYMBOLS['caution']}, acknowledged"
_BESIDE = ("stops", "answered")
"""What stands beside the inputs, in full."""
_GROUPS: Mapping[str, tuple[str, Callable[[Finding], bool]]] = MappingProxyType(
    {
        "stops": (SYMBOLS["stop"], lambda each: each.severity == "stop"),
        "answered": (_ANSWERED, lambda each: each.severity != "stop" and each.acknowledgement == "given"),
        "cautions": (
            SYMBOLS["caution"],
            lambda each: each.severity == "caution" and each.kind != "not_checked" and each.acknowledgement != "given",
        ),
        "unchecked": (NOT_CHECKED, lambda each: each.kind == "not_checked"),
        "remarks": (
            SYMBOLS["note"],
            lambda each: each.kind == "caution" and each.severity == "note" and each.acknowledgement != "given",
        ),
    }
)
"""The words of each group, and which findings belong to it."""
_YET = "What was not checked, and why, is listed apart: it is no clearance."


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingGroups:
    """Findings as HTML: what stops, what warns, what was not checked, and remarks. Empty where there are none.

    Limits and goals that are met stand in their table and not here. ``answered`` is what was acknowledged and does not
    stop, ``in_short`` counts what is neither.
    """

    stops: str
    answered: str
    cautions: str
    unchecked: str
    remarks: str
    in_short: str


def finding_groups(plan: AnyPlan) -> FindingGroups:
    """The findings of a plan in their groups."""
    groups = {
        name: [finding for finding in plan.findings if belongs(finding)] for name, (_, belongs) in _GROUPS.items()
    }
    counts = [f"{_GROUPS[name][0]} {len(found)}" for name, found in groups.items() if found and name not in _BESIDE]
    html = {name: _group(_GROUPS[name][0], found) for name, found in groups.items()}
    return FindingGroups(**html, in_short=", ".join(counts))


def _group(words: str, found: Sequence[Finding]) -> str:
    """The findings of one group under its words and their number."""
    return f"<h4>{escape(words)} ({len(found)})</h4>{''.join(map(_html, found))}" if found else ""


def stops_in_short(plan: AnyPlan) -> list[str]:
    """How many findings stop; nothing where none does."""
    count = sum(finding.severity == "stop" for finding in plan.findings)
    return [f"{SYMBOLS['stop']} {count}"] if count else []


def findings_in_short(groups: FindingGroups) -> None:
    """What stops and what was acknowledged, in full; of the rest how many there are, which stand under the findings."""
    _drawn("stop", groups.stops)
    _drawn("caution_answered", groups.answered)
    if groups.in_short:
        st.text(f"Findings, below: {groups.in_short}")


def findings_view(groups: FindingGroups) -> None:
    """What warns and what is remarked, beside what was not checked; what stops stands beside the inputs."""
    warns, rest = st.columns((3, 2), gap="medium")
    with warns:
        _drawn("caution", groups.cautions)
        if not any((groups.stops, groups.answered, groups.cautions)):
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
