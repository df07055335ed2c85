"""The page on which what was delivered is recorded, beside the plan and the written directive."""

import streamlit as st

from dosimetry.reference import device_named
from dosimetry.web import session
from dosimetry.web.day_case import is_case, planned
from dosimetry.web.day_inputs import ZONES, Named, key, on_plan
from dosimetry.web.day_parts import DELIVERY, follow
from dosimetry.web.day_texts import Rows
from dosimetry.web.day_widgets import boxes, instant_box, name_of, row_buttons, row_numbers, text_box, zone_box
from dosimetry.web.day_zones import is_zone_of_order
from dosimetry.web.deliver_view import deliver_view
from dosimetry.web.directive_box import directive_box
from dosimetry.web.earlier_box import earlier_box
from dosimetry.web.fields import fraction_line, widget
from dosimetry.web.residual_ways import ACTIVITY, RATES, TYPED, WAYS, positions, rate_unit, told, way, way_key
from dosimetry.web.unit_switch import activity_switch

VIAL = ("assay_activity_gbq", "before_drawing_gbq", "after_drawing_gbq", "assayed_at", "vial_lot", "calibrator",
        "calibrator_setting")  # fmt: skip
VIALS = "delivered_vials"


def deliver_page() -> None:
    """Inputs of the delivery, and below them what belongs to these inputs and to no others."""
    st.header("Deliver", anchor=False)
    if not is_case():
        return
    territories, is_drawn = on_plan(), device_named(session.screen().case["device"]).ordered_as == "stock"
    follow()
    _zone()
    directive_box(territories)
    earlier_box(territories)
    for territory in territories:
        with st.container(border=True, key=f"delivery_{territory.number}"):
            _territory(territory, is_drawn=is_drawn)
    _session()
    plan = planned(DELIVERY, territories, "delivery")
    if plan is not None:
        deliver_view(plan)


def _zone() -> None:
    """The zone of the delivery: while none is chosen here that of the order is put in, and told."""
    is_of_order = is_zone_of_order()
    with st.container(horizontal=True, vertical_alignment="top"):
        zone_box("Time zone", ZONES["delivery"])
        activity_switch()
    if is_of_order:
        with st.container(key="quiet_zone"):
            st.text("As chosen on the Order page. Choose another one here if the clocks of the delivery differ.")


def _session() -> None:
    """What belongs to all territories."""
    boxes(("calibrator_uncertainty_fraction", "reading_uncertainty_fraction"), width=330)
    boxes(("measured_lung_dose_gy", "measured_lung_shunt_fraction"), width=330)
    fraction_line("measured_lung_shunt_fraction")


def _territory(territory: Named, *, is_drawn: bool) -> None:
    number = territory.number
    name_of(territory.name, f"delivery_{number}")
    instant_box("injected_at", (number,))
    rows = row_numbers(VIALS, VIAL, number, least=1)
    for row in rows:
        _vial((number, row), is_drawn=is_drawn)
    row_buttons(VIALS, VIAL, number, rows, least=1, word="vial")
    _residual(number)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        boxes(("contamination_checked", "survey", "stasis", "stopped_early"), (number,), width=210)
        text_box("delivery_reason", (number,), "Reason, where it was stopped early", width=260)
    _measured(territory)


def _vial(at: Rows, *, is_drawn: bool) -> None:
    """One vial: of a stock vial the readings before and after drawing, else its assay."""
    is_drawn = is_drawn or any(st.session_state.get(key(name, at)) for name in VIAL[1:3])
    with st.container(horizontal=True, vertical_alignment="top"):
        boxes((*VIAL[:1], *(VIAL[1:3] if is_drawn else ())), at, width=190)
        instant_box(VIAL[3], at)
        boxes(VIAL[4:], at, width=170)


def _residual(number: int) -> None:
    """The residual by one of three ways; one that a case brought is chosen already."""
    known = way(number)
    if known is not None:
        st.session_state[way_key(number)] = known
    chosen = st.selectbox(
        "How the residual after injection is known",
        list(WAYS),
        index=None,
        key=way_key(number),
        placeholder="Choose",
        persist_state="session",
        width=330,
    )
    at = (number,)
    if chosen == TYPED:
        boxes(WAYS[TYPED], at)
    elif chosen == ACTIVITY:
        with st.container(horizontal=True, vertical_alignment="top"):
            boxes(("residual_activity_gbq",), at)
            instant_box("residual_measured_at", at)
    elif chosen == RATES:
        _rates(number)
    rests = told(number)
    if rests:
        with st.container(key=f"quiet_residual_{number}"):
            st.text(rests)


def _rates(number: int) -> None:
    """Readings of the jar from its sides, before and after."""
    widget("rate_unit", key=key("rate_unit", (number,)), width=220)
    unit = rate_unit(number)
    for when in ("before", "after"):
        with st.container(horizontal=True, vertical_alignment="top"):
            for position in positions(number):
                text_box(f"rate_{when}", (number, position), f"Side {position + 1}, {when}{unit}", width=190)
            text_box(f"background_{when}", (number,), f"Background, {when}{unit}", width=190)
            instant_box(f"rates_{when}_at", (number,))


def _measured(territory: Named) -> None:
    """Doses or ratios from imaging after treatment."""
    at = (territory.number,)
    names = ("imaging", "measured_normal_dose_gy")
    filled = any(st.session_state.get(key(name, at)) for name in names)
    with st.expander("Imaging after treatment", expanded=filled, key=f"fold_imaging_{territory.number}"):
        boxes(names, at, width=260)
        for lesion in territory.lesions:
            st.text(lesion.name)
            boxes(("measured_dose_gy", "measured_ratio"), (*at, lesion.number), width=260)
