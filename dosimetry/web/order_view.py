"""What follows from an order: what each vial must hold, the options, their course over time, and the order sheet."""

from dataclasses import dataclass

import streamlit as st

from dosimetry import instants
from dosimetry.order_chart import time_chart
from dosimetry.ordering.sheet import order_sheet
from dosimetry.plan_record import Plan
from dosimetry.problems import CaseError
from dosimetry.reference import device_named
from dosimetry.report import ORDER_FORMATS, option_tables, treatment_blocks
from dosimetry.report.numbers import bounds_of
from dosimetry.report.order_document import assumptions, in_words, needed, stock_blocks
from dosimetry.report.time_drawing import READING
from dosimetry.treatment_day.order_records import Option, OrderSheet, TerritoryOptions
from dosimetry.typed_text import text_from_number
from dosimetry.web import guard, session, typed_units
from dosimetry.web.day_inputs import Named, key
from dosimetry.web.day_widgets import name_of
from dosimetry.web.downloads import downloads
from dosimetry.web.problem_text import sentence
from dosimetry.web.report_table import show_blocks, show_table
from dosimetry.web.time_chart import time_spec

_SHOWN, _SHEET = 200, "order_sheet"
_ORDERED_ACTIVITY = "ordered_activity_gbq"
_AS_LISTED, _PLANNED, _ORDERED = "calibration, then size", "exactly as planned", "the ordered vials"
_LIST = (
    "A list to choose from, not a recommendation. Instants within tolerance are by the clocks of the injection's zone, "
    "the whole minutes inside the window."
)


@dataclass(frozen=True, slots=True)
class _Made:
    """The sheet of one plan."""

    plan: Plan
    sheet: OrderSheet


def order_view(plan: Plan, territories: tuple[Named, ...]) -> None:
    """Draw the order of a plan."""
    if plan.case.order is None:
        st.text("No order yet: it needs a tolerance and the instants of injection.")
        return
    try:
        sheet = _sheet(plan)
    except CaseError as error:
        st.error("The order is not complete.")
        for problem in error.problems:
            st.text(sentence(problem, session.screen()))
        return
    with st.container(key="results"):
        st.subheader("Needed", anchor=False)
        show_table(needed(plan, sheet), alt="Needed")
        show_blocks([*in_words(sheet), *treatment_blocks.ordered(plan)], alt="Ordered vials")
        for each in sheet.territories:
            number = next(named.number for named in territories if named.name == each.name)
            _territory(plan, sheet, each, number)
        for stock in sheet.stocks:
            show_blocks(stock_blocks(stock), alt="Stock vial")
        st.subheader("Sizes, calibrations and shelf life", anchor=False)
        show_table(assumptions(sheet), alt="Sizes, calibrations and shelf life")
        st.subheader("Order sheet", anchor=False)
        downloads(plan, formats=ORDER_FORMATS, sheet="order")


def _sheet(plan: Plan) -> OrderSheet:
    """The sheet of this very plan, made once."""
    found = st.session_state.get(_SHEET)
    if not isinstance(found, _Made) or found.plan is not plan:
        found = st.session_state[_SHEET] = _Made(plan, order_sheet(plan))
    return found.sheet


def _territory(plan: Plan, sheet: OrderSheet, each: TerritoryOptions, number: int) -> None:
    name_of(each.name, f"options_{number}")
    chosen_gbq = _chosen_gbq(plan, each, number)
    if each.options:
        _options(plan, each, number)
    elif device_named(plan.case.device).ordered_as == "vials":
        st.text("No calibration on file or typed lies before the injection and within the shelf life.")
    st.vega_lite_chart(time_spec(time_chart(plan, sheet, each.name, chosen_gbq)), key=f"time_chart_{number}")
    st.caption(READING)


def _options(plan: Plan, each: TerritoryOptions, number: int) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.selectbox(
            "Sort by", [_AS_LISTED, *option_tables.SORTS], key=f"sort_{number}", width=300, persist_state="session"
        )
        is_within = st.toggle("Only within tolerance", key=f"within_{number}", persist_state="session")
    found = [option for option in each.options if option.is_within_tolerance or not is_within]
    if by in option_tables.SORTS:
        found.sort(key=option_tables.SORTS[by])
    if not found:
        st.text("No option is within tolerance.")
        return
    made = option_tables.options_table(found[:_SHOWN], bounds_of(plan, each.name), with_calibration=True)
    show_table(made, alt=f"Options for {each.name}")
    more = f" {_SHOWN} of {len(found)} are shown; the files hold all." if len(found) > _SHOWN else ""
    st.caption(_LIST + more)


def _chosen_gbq(plan: Plan, each: TerritoryOptions, number: int) -> float:
    """The activity of what is chosen: it is drawn over time, and a vial is entered as ordered by a button. [GBq]"""
    ordered = next((line.administered_activity_gbq for line in plan.ordered if line.name == each.name), None)
    given: dict[str, float] = {} if ordered is None else {_ORDERED: ordered}
    given[_PLANNED] = each.planned_activity_gbq
    options = {option_tables.in_words(option): option for option in each.options}
    given |= {words: option.administered_activity_gbq for words, option in options.items()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Vial to order, or to see over time",
            list(given),
            key=f"over_time_{number}",
            width=420,
            persist_state="session",
        )
        if chosen in options:
            st.button(
                "Enter it as ordered",
                key=f"take_{number}",
                on_click=guard.callback(_enter),
                args=(options[chosen], number),
            )
    return given[chosen]


def _enter(option: Option, number: int) -> None:
    """Put the vials of an option into the inputs of what was ordered, in place of what stands there."""
    count = int(st.session_state.get(f"ordered_vials_{number}", 0))
    for row in range(max(count, len(option.vials))):
        for name in (_ORDERED_ACTIVITY, "ordered_calibrated_at"):
            st.session_state.pop(key(name, (number, row)), None)
    st.session_state[f"ordered_vials_{number}"] = len(option.vials)
    for row, vial in enumerate(option.vials):
        gbq = text_from_number(vial.calibrated_activity_gbq)
        st.session_state[key(_ORDERED_ACTIVITY, (number, row))] = typed_units.shown_text(_ORDERED_ACTIVITY, gbq)
        st.session_state[key("ordered_calibrated_at", (number, row))] = instants.typed_again(vial.calibrated_local)
