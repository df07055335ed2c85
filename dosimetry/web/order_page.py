"""The page on which vials are chosen for the instants of injection, and what was ordered is entered."""

import streamlit as st

from dosimetry import reference
from dosimetry.reference import device_named
from dosimetry.web import order_inputs, session
from dosimetry.web.day_case import is_case, planned
from dosimetry.web.day_inputs import ZONE_OF_CALIBRATIONS, ZONES, Named, key, on_plan
from dosimetry.web.day_parts import ORDER, follow
from dosimetry.web.day_widgets import boxes, instant_box, list_box, name_of, row_buttons, row_numbers, zone_box
from dosimetry.web.fields import widget
from dosimetry.web.order_view import order_view
from dosimetry.web.unit_switch import activity_switch

VIAL = ("ordered_activity_gbq", "ordered_calibrated_at")
VIALS = "ordered_vials"
_RESIDUAL_HELP = "Where the residual of an order is empty, the one on the Plan page counts."


def order_page() -> None:
    """Inputs of the order, and below them what belongs to these inputs and to no others."""
    st.header("Order", anchor=False)
    if not is_case():
        return
    territories, ordered_as = on_plan(), device_named(session.screen().case["device"]).ordered_as
    follow()
    _zones()
    with st.container(horizontal=True, vertical_alignment="top"):
        widget("order_tolerance_fraction", width=260)
        if ordered_as == "vials":
            widget("order_pairs", width=180)
            widget("order_custom_steps", width=220)
        elif ordered_as == "stock":
            instant_box("drawn_at")
        else:
            instant_box("reference_at")
    _own_values(ordered_as)
    _told_of_rest()
    for territory in territories:
        with st.container(border=True, key=f"order_{territory.number}"):
            _territory(territory)
    st.caption(_RESIDUAL_HELP)
    plan = planned(ORDER, territories, "order")
    if plan is not None:
        order_view(plan, territories)


def _zones() -> None:
    with st.container(horizontal=True, vertical_alignment="top"):
        zone_box("Time zone of the injections", ZONES["order"])
        with st.container(width=360, gap="small"):
            zone_box("Time zone of the calibrations", ZONE_OF_CALIBRATIONS)
            _told_of_zones_on_file()
        activity_switch()


def _told_of_zones_on_file() -> None:
    """By which clocks the calibrations on file are read, whatever is chosen for those that are typed."""
    device = session.screen().case["device"]
    zones = dict.fromkeys(row.zone for row in reference.table("calibrations") if row.device == device)
    if zones:
        st.caption(f"For calibrations that are typed. Those on file are by the clocks of {' and '.join(zones)}.")


def _own_values(ordered_as: str) -> None:
    """What takes the place of sizes, calibrations and shelf life on file; told while the fold is closed."""
    names = ("order_vial_activity_gbq", "order_calibrated_at", "order_shelf_life_h")
    if ordered_as == "reference":
        widget(names[2], width=260)
        return
    filled = any(st.session_state.get(key(name)) for name in names)
    fold = st.expander("Vial sizes, calibrations and shelf life of your own", expanded=filled, key="fold_order")
    with fold.container(horizontal=True, vertical_alignment="top"):
        for name in names[:2]:
            list_box(name)
        widget(names[2], width=260)


def _told_of_rest() -> None:
    told = order_inputs.told()
    if told:
        with st.container(key="quiet_order_rest"):
            st.text(told)


def _territory(territory: Named) -> None:
    number = territory.number
    name_of(territory.name, f"order_{number}")
    with st.container(horizontal=True, vertical_alignment="top"):
        instant_box("injection_at", (number,))
        widget("ordered_residual_fraction", key=key("ordered_residual_fraction", (number,)), width=260)
    rows = row_numbers(VIALS, VIAL, number, least=0)
    for row in rows:
        with st.container(horizontal=True, vertical_alignment="top"):
            boxes(VIAL[:1], (number, row))
            instant_box(VIAL[1], (number, row))
    row_buttons(VIALS, VIAL, number, rows, least=0, word="ordered vial")
