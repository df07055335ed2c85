"""The page on which a second person types the driving inputs again, blind, and then compares."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dosimetry.problems import CaseError
from dosimetry.web import guard, rows, session
from dosimetry.web.day_case import link_to_plan
from dosimetry.web.day_inputs import ZONES, Named, forget, named_by, on_plan, typed
from dosimetry.web.day_parts import boxes_for, follow, with_parts
from dosimetry.web.day_texts import plain_from_texts
from dosimetry.web.day_widgets import boxes, instant_box, name_of, zone_box
from dosimetry.web.open_points import open_points
from dosimetry.web.screen import EMPTY, Screen, problems_of, screen_from_file
from dosimetry.web.second_check_view import Compared, compared, second_check_view
from dosimetry.web.unit_switch import activity_switch

PARTS = ("second_check",)
SESSION = (
    "checked_device", "checked_energy_gy_kg_per_gbq", "checked_tissue_density_g_per_ml", "checked_lung_shunt_fraction",
    "checked_lung_mass_kg", "checked_whole_liver_volume_ml",
)  # fmt: skip
TERRITORY = (
    "checked_perfused_volume_ml", "checked_activity_gbq", "checked_target_dose_gy", "checked_residual_fraction",
    "checked_territory_lung_shunt_fraction", "checked_territory_density_g_per_ml",
)  # fmt: skip
LESION = (
    "checked_lesion_volume_ml", "checked_necrotic_volume_ml", "checked_ratio", "checked_lesion_density_g_per_ml",
)  # fmt: skip
_BLIND = (
    "Type what the paper says. Nothing of the plan is shown here but the names of territories and lesions; what the "
    "paper does not state stays empty. The activity is on the worksheet, with all its digits."
)
_OPENED, _COMPARED, _UPLOAD, _FOR = "check_opened", "check_compared", "check_file", "check_for"


def second_check_page() -> None:
    """The case to check, what is typed again, and after the comparison both side by side."""
    st.header("Second check", anchor=False)
    _open()
    follow()
    screen = st.session_state.get(_OPENED) or session.screen()
    is_opened = _OPENED in st.session_state
    base = with_parts(screen, PARTS, {})
    if base.digest == EMPTY.digest or problems_of(base):
        st.text("There is no case to check: open its file here, or enter it on the Plan page.")
        link_to_plan()
        return
    _begin_anew_with(base)
    territories = _numbered(screen) if is_opened else on_plan()
    with st.container(key="result_label", gap=None):
        st.text(screen.case.get("label", ""))
    st.text(_BLIND)
    _inputs(territories)
    _compare(base, territories, is_opened=is_opened)


def _numbered(screen: Screen) -> tuple[Named, ...]:
    """The territories of a file that was opened here, counted through; its values stand in no input."""
    counts = [len(territory.lesions) for territory in screen.territories]
    first = [place + sum(counts[:place]) for place in range(len(counts))]
    numbers = [
        rows.Numbers(begin, tuple(range(begin + 1, begin + 1 + count)))
        for begin, count in zip(first, counts, strict=True)
    ]
    return named_by(screen, numbers)


def _open() -> None:
    with st.popover("Open a case file or plan file", key=f"check_open_{_uploads()}"):
        st.file_uploader(
            "Case file or plan file",
            type=["json"],
            key=f"{_UPLOAD}_{_uploads()}",
            on_change=guard.callback(_take),
            help="It is checked here and is not put on the Plan page, so that its values stay unseen.",
        )
    if _OPENED in st.session_state:
        st.button("Check the case on the Plan page instead", key="check_plan", on_click=guard.callback(_let_go))
    refused = st.session_state.get("check_refused", ())
    if refused:
        st.error("The file was not opened.")
    for line in refused:
        st.text(line)


def _uploads() -> int:
    return int(st.session_state.get("check_uploads", 0))


def _take() -> None:
    uploaded = st.session_state.get(f"{_UPLOAD}_{_uploads()}")
    if uploaded is None:
        return
    st.session_state["check_uploads"] = _uploads() + 1
    try:
        st.session_state[_OPENED] = screen_from_file(uploaded.getvalue())
        st.session_state["check_refused"] = ()
    except CaseError as error:
        st.session_state["check_refused"] = tuple(str(problem) for problem in error.problems)
    except Exception as error:  # noqa: BLE001 - whatever a file brings, the browser gets an id and no traceback
        st.session_state["check_refused"] = (guard.sentence_for(error),)


def _let_go() -> None:
    st.session_state.pop(_OPENED, None)


def _begin_anew_with(base: Screen) -> None:
    """Another case begins with empty inputs."""
    label = (base.case.get("label"), session.case_number(), _uploads(), _OPENED in st.session_state)
    if st.session_state.get(_FOR) != label:
        st.session_state[_FOR] = label
        st.session_state.pop(_COMPARED, None)
        forget(PARTS)


def _inputs(territories: tuple[Named, ...]) -> None:
    with st.container(horizontal=True, vertical_alignment="top"):
        zone_box("Time zone", ZONES["second_check"])
        activity_switch()
    with st.container(horizontal=True, vertical_alignment="top"):
        boxes(("checked_by",), width=200)
        instant_box("checked_at")
    boxes(SESSION, width=260)
    for territory in territories:
        with st.container(border=True, key=f"check_{territory.number}"):
            name_of(territory.name, f"check_{territory.number}")
            boxes(TERRITORY, (territory.number,), width=260)
            for lesion in territory.lesions:
                with st.container(key=f"row_lesion_check_{lesion.number}"):
                    st.text(lesion.name)
                    boxes(LESION, (territory.number, lesion.number), width=260)


def _compare(base: Screen, territories: tuple[Named, ...], *, is_opened: bool) -> None:
    """The button; then the comparison that belongs to what was typed, and to nothing else."""
    plain, unreadable = plain_from_texts(typed(PARTS, territories))
    screen = with_parts(base, PARTS, plain)
    if st.button("Compare", key="compare", type="primary", width="stretch"):
        problems = unreadable or list(problems_of(screen))
        if not plain:
            st.error("Nothing was typed again.")
            return
        if problems:
            open_points(problems, screen, boxes_for(PARTS, territories))
            return
        st.session_state[_COMPARED] = compared(screen, plain)
        if not is_opened:
            session.carry("second_check", plain["second_check"])
    _result(screen, plain, is_opened=is_opened)


def _result(screen: Screen, plain: Mapping[str, Any], *, is_opened: bool) -> None:
    found = st.session_state.get(_COMPARED)
    if not isinstance(found, Compared):
        st.text("Nothing is compared yet.")
    elif found.typed == plain and found.digest != screen.digest:
        st.text("The case changed since. Compare again.")
    elif found.digest != screen.digest:
        st.session_state.pop(_COMPARED)
        if not is_opened:
            session.carry("second_check", {})
        st.text("Inputs changed. Compare again.")
    else:
        second_check_view(found, screen, is_opened=is_opened)
