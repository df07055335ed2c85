"""The case that stands on the Plan page, as the pages of a treatment day take it and add to it."""

import streamlit as st

from dosimetry.plan_record import Plan
from dosimetry.problems import Problem
from dosimetry.report.inputs import prescribed, shown
from dosimetry.web import session
from dosimetry.web.acknowledging import acknowledging
from dosimetry.web.day_inputs import Named
from dosimetry.web.day_parts import keep, mark, read, with_parts, without_broken
from dosimetry.web.day_texts import PARTS
from dosimetry.web.outcome import calculated
from dosimetry.web.plan_page import plan_page
from dosimetry.web.problem_text import sentence
from dosimetry.web.screen import EMPTY, Screen, case_of, problems_of

CHANGED = "Inputs changed. Calculate again."


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
        f"{territory.name}: {prescribed(case, row)}; {volumes[row]} perfused"
        for row, territory in enumerate(case.territories)
    ]
    with st.container(key="quiet_case"):
        st.text("\n".join(lines))


def calculating(parts: tuple[str, ...], territories: tuple[Named, ...], what: str) -> Plan | None:
    """The button, and the plan of what stands on the page; while there is none, what is to be done for it."""
    screen, problems = read(parts, territories)
    keep(parts, without_broken(parts, screen, problems))
    tried = f"tried_{what}"
    if st.button("Calculate", key="calculate_day", type="primary", width="stretch"):
        st.session_state[tried] = True
        problems = problems or list(problems_of(session.screen()))
        if not problems:
            session.keep(calculated(session.screen()))
    if problems:
        is_tried = bool(st.session_state.get(tried))
        _refused(screen, problems, what, is_tried=is_tried)
        if is_tried:
            mark(parts, territories, problems, screen)
        return None
    return _plan()


def _refused(screen: Screen, problems: list[Problem], what: str, *, is_tried: bool) -> None:
    if not is_tried:
        st.text(f"The {what} is not complete, and no part of the case yet.")
        return
    count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
    st.error(f"Nothing was computed: {count} to mend. The {what} is no part of the case until then.")
    for line in dict.fromkeys(sentence(problem, screen) for problem in problems):
        st.text(line)


def _plan() -> Plan | None:
    screen, outcome = session.screen(), session.outcome()
    if outcome and outcome.plan and outcome.digest != screen.digest:
        session.discard()
        outcome = None
    if outcome is None or outcome.plan is None:
        st.text(CHANGED if session.was_discarded() else "No result yet. Enter what is known and calculate.")
        return None
    if outcome.plan.unacknowledged:
        if acknowledging(outcome.plan):
            session.keep(calculated(session.screen()))
            st.rerun()
        return None
    plan: Plan = outcome.plan
    return plan
