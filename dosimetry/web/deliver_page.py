"""The page on which what was delivered is recorded, beside the plan and the written directive."""

import streamlit as st

from dosimetry.web import session
from dosimetry.web.day_case import calculating, is_case, kept
from dosimetry.web.day_inputs import ZONES, Named, key, on_plan, take_over, typed
from dosimetry.web.day_texts import Rows
from dosimetry.web.day_widgets import boxes, instant_box, row_buttons, row_numbers, zone_box
from dosimetry.web.deliver_view import deliver_view
from dosimetry.web.directive_box import directive_box
from dosimetry.web.earlier_box import earlier_box
from dosimetry.web.fields import widget

PARTS = ("delivery", "directive", "sessions", "scout")
VIAL = ("assay_activity_gbq", "before_drawing_gbq", "after_drawing_gbq", "assayed_at", "vial_lot", "calibrator",
        "calibrator_setting")  # fmt: skip
VIALS, POSITIONS = "delivered_vials", 4
WAYS = {
    "by exposure rates of the jar": (
        "rate_unit", "rate_before", "background_before", "rates_before_at", "rate_after", "background_after",
        "rates_after_at",
    ),
    "by a measured activity": ("residual_activity_gbq", "residual_measured_at"),
    "as a typed percentage": ("delivered_residual_fraction",),
}  # fmt: skip
"""The three ways to state a residual, and the inputs of each; those of the other ways rest."""


def deliver_page() -> None:
    """Inputs of the delivery, and below them what belongs to these inputs and to no others."""
    st.header("Deliver", anchor=False)
    if not is_case(PARTS):
        return
    territories, device = on_plan(), session.screen().case["device"]
    take_over(PARTS, territories)
    zone_box("Time zone", ZONES["delivery"])
    directive_box(territories)
    earlier_box(territories)
    for territory in territories:
        with st.container(border=True, key=f"delivery_{territory.number}"):
            _territory(territory, device)
    _session()
    resting = [where for territory in territories for where in _resting(territory.number)]
    screen, problems = kept(PARTS, typed(PARTS, territories, resting))
    plan = calculating(screen, problems, "delivery")
    if plan is not None:
        deliver_view(plan)


def _session() -> None:
    """What belongs to all territories."""
    boxes(("calibrator_uncertainty_fraction", "reading_uncertainty_fraction"), width=330)
    boxes(("measured_lung_dose_gy", "measured_lung_shunt_fraction"), width=330)


def _territory(territory: Named, device: str) -> None:
    number = territory.number
    st.subheader(territory.name, anchor=False)
    instant_box("injected_at", (number,))
    rows = row_numbers(VIALS, VIAL, number, least=1)
    for row in rows:
        _vial((number, row), device)
    row_buttons(VIALS, VIAL, number, rows, least=1, word="vial")
    _residual(number)
    boxes(("contamination_checked", "survey", "stasis", "stopped_early", "delivery_reason"), (number,), width=210)
    _measured(territory)


def _vial(at: Rows, device: str) -> None:
    """One vial: of a stock vial the readings before and after drawing, else its assay."""
    drawn = any(st.session_state.get(key(name, at)) for name in VIAL[1:3])
    with st.container(horizontal=True, vertical_alignment="top"):
        boxes((*VIAL[:1], *(VIAL[1:3] if device == "resin" or drawn else ())), at, width=190)
        instant_box(VIAL[3], at)
        boxes(VIAL[4:], at, width=170)


def _way_key(number: int) -> str:
    return f"residual_way_{number}"


def _residual(number: int) -> None:
    """The residual by one of three ways; one that a case brought is chosen already."""
    known = next((way for way, names in WAYS.items() if any(_is_filled(name, number) for name in names)), None)
    if known is not None and not st.session_state.get(_way_key(number)):
        st.session_state[_way_key(number)] = known
    way = st.selectbox(
        "Residual",
        list(WAYS),
        index=None,
        key=_way_key(number),
        placeholder="Choose",
        persist_state="session",
        width=330,
    )
    if way is None:
        return
    at = (number,)
    if len(WAYS[way]) == 1:
        boxes(WAYS[way], at)
    elif way == "by a measured activity":
        with st.container(horizontal=True, vertical_alignment="top"):
            boxes(WAYS[way][:1], at)
            instant_box(WAYS[way][1], at)
    else:
        widget("rate_unit", key=key("rate_unit", at), width=220)
        for side in ("before", "after"):
            with st.container(horizontal=True, vertical_alignment="top"):
                for position in range(POSITIONS):
                    widget(f"rate_{side}", key=key(f"rate_{side}", (number, position)), width=170)
                widget(f"background_{side}", key=key(f"background_{side}", at), width=170)
                instant_box(f"rates_{side}_at", at)


def _is_filled(name: str, number: int) -> bool:
    keys = (key(name, (number,)), *(key(name, (number, position)) for position in range(POSITIONS)))
    return any(st.session_state.get(each) for each in keys)


def _resting(number: int) -> list[tuple[str, Rows]]:
    """The inputs of the ways that were not chosen."""
    chosen = WAYS.get(str(st.session_state.get(_way_key(number)) or ""), ())
    return [(name, (number,)) for names in WAYS.values() for name in names if name not in chosen]


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
