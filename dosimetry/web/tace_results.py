"""What the TACE page shows of a plan: the blocks of its report, as HTML made once with the plan."""

from collections.abc import Iterable
from dataclasses import dataclass

import streamlit as st

from dosimetry.report import finding_blocks, tace_allocation, tace_contents
from dosimetry.report.document import Block
from dosimetry.report.score_blocks import scores
from dosimetry.report.tace_contents import amount
from dosimetry.report.tace_worksheet import worksheets
from dosimetry.tace.plan_record import TacePlan
from dosimetry.web.downloads import downloads
from dosimetry.web.findings_view import FindingGroups, finding_groups, findings_in_short, findings_view, stops_in_short
from dosimetry.web.html_blocks import html_of
from dosimetry.web.result_sections import Section, section, without_title
from dosimetry.web.results import draw_sections, origin, withdrawing

_STEPS = "Dose of drug, step by step"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaceView:
    """What is drawn of a plan, made once with it."""

    dose: str
    carrier: str
    treated: str
    findings: FindingGroups
    sections: tuple[Section, ...]


def tace_view(plan: TacePlan) -> TaceView:
    """The parts of the page."""
    return TaceView(
        dose=_html(_STEPS, tace_contents.dose(plan)),
        carrier=_html("Carrier, as planned", tace_contents.carrier(plan)),
        treated=_html("As treated", tace_contents.as_treated(plan)),
        findings=finding_groups(plan),
        sections=_sections(plan),
    )


def _sections(plan: TacePlan) -> tuple[Section, ...]:
    made = (
        section("Carrier estimate", tace_allocation.allocation(plan)),
        section("Oil seen in the tumors", tace_allocation.observed(plan)),
        section("Limits and goals", finding_blocks.checked_bounds(plan)),
        section("Scores", scores(plan.scores)),
        section("Preparation", tace_contents.preparation(plan)),
        section("Equations", worksheets(plan)),
        section("Sources", [*tace_contents.sources(plan), *finding_blocks.limit_sources(plan)]),
    )
    return tuple(filter(None, made))


def _html(title: str, blocks: Iterable[Block]) -> str:
    return html_of(without_title(blocks), alt=title)


def tace_in_short(plan: TacePlan) -> str:
    """The planned dose, and how much stops."""
    return "; ".join([*stops_in_short(plan), f"Planned dose {amount(plan.planned_mg, 'mg')}"])


def tace_summary(plan: TacePlan, view: TaceView) -> None:
    """Beside the inputs: what stops, and what is prepared, given and counted."""
    origin(plan)
    findings_in_short(view.findings)
    _amounts(plan)
    for title, html in (("Carrier, as planned", view.carrier), ("As treated", view.treated)):
        if html:
            st.subheader(title, anchor=False)
            st.html(html)
    st.subheader("Report", anchor=False)
    downloads(plan)


def tace_details(plan: TacePlan, view: TaceView) -> None:
    """Below the inputs: findings, the dose step by step, and everything else in tabs."""
    st.subheader("Findings", anchor=False)
    findings_view(view.findings)
    withdrawing(plan)
    st.subheader(_STEPS, anchor=False)
    st.html(view.dose)
    draw_sections(view.sections)


def _amounts(plan: TacePlan) -> None:
    """The numbers that are prepared, given and counted, each with what it is made of."""
    shown = [
        ("Planned dose", amount(plan.planned_mg, "mg"), _of(plan.planned_mg_per_m2, "mg/m2")),
        ("Vials", amount(plan.vials, ""), _of(plan.vial_mg, "mg each")),
        ("Beads", amount(plan.bead_ml, "mL"), _of(plan.loading_mg_per_ml, "mg/mL")),
        ("Iodized oil", amount(plan.oil_ml, "mL"), _of(plan.aqueous_ml, "mL of drug solution")),
        ("Injected", amount(plan.delivered_mg, "mg"), _of(plan.remaining_mg, "mg not injected")),
        (
            "Anthracyclines in all",
            amount(plan.cumulative_anthracycline_mg_per_m2 or None, "mg/m2"),
            f"cardiomyopathy, label: {plan.anthracycline_risk}" if plan.anthracycline_risk else "as doxorubicin",
        ),
    ]
    missing = amount(None, "")
    known = [each for each in shown if each[1] != missing]
    for column, (label, value, below) in zip(st.columns(max(len(known), 1)), known, strict=False):
        with column.container(border=True, gap=None, height="stretch"):
            st.metric(label, value)
            st.text(below)


def _of(value: float | None, unit: str) -> str:
    return "" if value is None else amount(value, unit)
