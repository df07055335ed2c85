"""The result of a radioembolization: what stands beside the inputs, and the details below them."""

import streamlit as st

from dosimetry import figures, reference
from dosimetry.plan_record import Plan, TerritoryPlan
from dosimetry.planning import AnyPlan
from dosimetry.report.budget_blocks import TITLE as BUDGET
from dosimetry.report.contents import constants_in_short, shown_instant
from dosimetry.report.inputs import prescribed, shown
from dosimetry.report.numbers import activity, limits_gbq, vial_of
from dosimetry.web import guard, session
from dosimetry.web.also import unfinished
from dosimetry.web.comparing import beside, keeping, kept_beside
from dosimetry.web.dose_chart import READING, Chart
from dosimetry.web.downloads import downloads
from dosimetry.web.findings_view import findings_in_short, findings_view, stops_in_short
from dosimetry.web.outcome import View
from dosimetry.web.result_sections import DOSES, Section


def in_short(plan: Plan) -> str:
    """The activity of every territory, and how much stops."""
    shown = [
        f"{each.name}: {figures.with_unit(activity(each.administered_activity_gbq, limits_gbq(each.bounds))[0], 'GBq')}"
        for each in plan.territories
    ]
    return "; ".join([*stops_in_short(plan), *shown])


def summary(plan: Plan, view: View) -> None:
    """Beside the inputs: what stops, the activities, and the doses they lead to."""
    origin(plan)
    findings_in_short(view.findings)
    _territories(plan, view.activities)
    with st.container(key="quiet_constants"):
        st.text(f"Computed with {constants_in_short(plan)}")
    st.subheader(DOSES, anchor=False)
    st.html(view.doses)
    st.subheader("Report", anchor=False)
    for line in unfinished():
        st.warning(line)
    downloads(plan)
    keeping(plan)


def details(plan: Plan, view: View) -> None:
    """Below the inputs: findings, charts, the kept plan, and everything else in tabs."""
    st.subheader("Findings", anchor=False)
    findings_view(view.findings)
    withdrawing(plan)
    chart, budget = st.columns(2, gap="medium")
    with chart:
        _chart(view.charts)
    with budget:
        if view.budget:
            st.subheader(BUDGET, anchor=False)
            st.html(view.budget)
    kept = kept_beside(plan)
    if kept is not None:
        beside(kept, plan)
    draw_sections(view.sections)


def withdrawing(plan: AnyPlan) -> None:
    """Take back what was acknowledged, where something was, also of findings that the case no longer has."""
    if plan.case.acknowledged:
        st.button("Withdraw acknowledgements", key="withdraw", on_click=guard.callback(session.withdraw))


def origin(plan: AnyPlan) -> None:
    """Which case the numbers below belong to."""
    instant = shown_instant(plan.computed_at)
    with st.container(key="result_label", gap=None):
        st.text(plan.label)
        st.caption(f"Computed {instant} from input {plan.input_sha256[:12]}, reference data {plan.data_fingerprint}")


def _territories(plan: Plan, equations: tuple[str, ...]) -> None:
    columns = st.columns(len(plan.territories), gap="medium")
    for row, (column, territory) in enumerate(zip(columns, plan.territories, strict=False)):
        with column.container(border=True):
            st.text(territory.name)
            with st.container(key=f"quiet_prescription_{row}"):
                st.text("\n".join([prescribed(plan.case, row), _of_what(plan, row)]))
            _activities(territory)
            if equations[row]:
                st.html(equations[row])


def _of_what(plan: Plan, row: int) -> str:
    """The inputs that weigh most, said again beside the number they lead to: a slip of typing shows here."""
    volume = shown("perfused_volume_ml", plan.case.territories[row].perfused_volume_ml)
    shunt = figures.percent(plan.territories[row].effective_lung_shunt_fraction)
    return f"{volume} perfused, lung shunt {shunt}"


def _activities(territory: TerritoryPlan) -> None:
    administered, vial = st.columns(2)
    with administered.container(gap=None):
        _activity("Administered activity", *activity(territory.administered_activity_gbq, limits_gbq(territory.bounds)))
    with vial.container(gap=None):
        if territory.vial_activity_gbq is None:
            st.metric("Vial at treatment", figures.MISSING)
            st.text(f"needs {reference.field('residual_fraction').label.lower()}")
        else:
            _activity("Vial at treatment", *vial_of(territory))


def _activity(label: str, gbq: str, mci: str) -> None:
    st.metric(label, figures.with_unit(gbq, "GBq"))
    st.text(figures.with_unit(mci, "mCi"))


def _chart(charts: tuple[Chart, ...]) -> None:
    st.subheader("Dose against activity", anchor=False)
    place = 0
    if len(charts) > 1:
        places = range(len(charts))
        place = st.selectbox(
            "Territory",
            places,
            format_func=lambda row: charts[row].territory,
            key="chart_territory",
            persist_state="session",
        )
    st.vega_lite_chart(charts[place].spec, key="chart")
    st.caption(READING)


def draw_sections(sections: tuple[Section, ...]) -> None:
    """The parts of the results as tabs; only the open one is drawn."""
    titles = [section.title for section in sections]
    for tab, section in zip(st.tabs(titles, key="sections", on_change="rerun"), sections, strict=True):
        if tab.open:
            with tab:
                st.html(section.html)
