"""The case that stands on the Plan page, as the pages of a treatment day take it and add to it."""

import streamlit as st

from dosimetry.plan_record import Plan
from dosimetry.report.inputs import prescribed, shown
from dosimetry.report.numbers import both_units, limits_gbq
from dosimetry.web import session
from dosimetry.web.acknowledging import acknowledging
from dosimetry.web.day_inputs import Named
from dosimetry.web.day_parts import boxes_for, keep, read, with_parts, without_broken
from dosimetry.web.day_texts import PARTS
from dosimetry.web.live import outcome_of
from dosimetry.web.open_points import open_points
from dosimetry.web.plan_page import plan_page
from dosimetry.web.screen import EMPTY, Screen, case_of, problems_of


def link_to_plan() -> None:
    """The way to the Plan page within the session: an address typed anew would begin another one."""
    st.page_link(st.Page(plan_page, title="Plan", url_path="plan", default=True), label="Go to the Plan page")


def is_case() -> bool:
    """Whether the Plan page holds a case, whatever stands on the other pages; else a sentence says what lacks."""
    screen = with_parts(session.screen(), PARTS, {})
    if screen.digest == EMPTY.digest:
        st.text("No case yet. Enter it, or open one, on the Plan page.")
    elif problems := problems_of(screen):
        what = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        st.text(f"What stands on the Plan page is no case yet: {what} to mend there.")
    else:
        _told(screen)
        return True
    link_to_plan()
    return False


def _told(screen: Screen) -> None:
    """Which case the page belongs to, with the inputs that weigh most."""
    case = case_of(screen)
    with st.container(key="result_label", gap=None):
        st.text(case.label)
    volumes = [shown("perfused_volume_ml", territory.perfused_volume_ml) for territory in case.territories]
    lines = [
        f"{territory.name}: {prescribed(case, row)}; {volumes[row]} perfused{_planned_in_words(row)}"
        for row, territory in enumerate(case.territories)
    ]
    with st.container(key="quiet_case"):
        st.text("\n".join(lines))


def _planned_in_words(row: int) -> str:
    """The activity of a territory, where the Plan page shows one."""
    outcome = outcome_of(session.screen())
    if not outcome.is_shown:
        return ""
    territory = outcome.plan.territories[row]
    administered = both_units(territory.administered_activity_gbq, limits_gbq(territory.bounds))
    return f"; planned {administered}"


def planned(parts: tuple[str, ...], territories: tuple[Named, ...], what: str) -> Plan | None:
    """The plan with what stands on the page; while there is none, what is to be done for it."""
    screen, problems = read(parts, territories)
    keep(parts, without_broken(parts, screen, problems))
    if problems:
        st.text(f"The {what} is not complete, and no part of the case yet.")
        open_points(problems, screen, boxes_for(parts, territories))
        return None
    whole = session.screen()
    outcome = outcome_of(whole)
    if outcome.problems:
        open_points(outcome.problems, whole)
        link_to_plan()
        return None
    if not outcome.is_shown:
        acknowledging(outcome.plan)
        return None
    plan: Plan = outcome.plan
    return plan
