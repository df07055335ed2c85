"""A second check beside the plan: every input and result, the report with it, and the case to keep."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dosimetry import planning
from dosimetry.plan_record import Plan
from dosimetry.report import FORMATS
from dosimetry.report.second_check_blocks import second_check
from dosimetry.web import guard, session
from dosimetry.web.downloads import downloads
from dosimetry.web.file_names import file_stem
from dosimetry.web.findings_view import finding_line
from dosimetry.web.html_blocks import html_of
from dosimetry.web.screen import Screen, case_of, plain_from_screen


@dataclass(frozen=True, slots=True)
class Compared:
    """The plan of a case with what a second person typed for it."""

    digest: str
    typed: Mapping[str, Any]
    plan: Plan
    html: str


def compared(screen: Screen, typed: Mapping[str, Any]) -> Compared:
    """The comparison of a case with its second check, made from what was typed."""
    plan = planning.plan(case_of(screen))
    return Compared(screen.digest, typed, plan, html_of(second_check(plan), alt="Second check"))


def second_check_view(found: Compared, screen: Screen, *, is_opened: bool) -> None:
    """Draw a comparison, and what is taken away from it."""
    with st.container(key="results"):
        for finding in found.plan.unacknowledged:
            finding_line(finding)
        st.html(found.html)
        st.subheader("Report with this second check", anchor=False)
        waiting = found.plan.unacknowledged
        if waiting:
            st.text(f"The report waits until {len(waiting)} finding(s) are acknowledged on the Plan page.")
        else:
            downloads(found.plan, formats=FORMATS, sheet="second-check")
        with st.container(horizontal=True):
            _save(screen)
            if is_opened:
                is_free = session.is_saved()
                st.button(
                    "Put this case on the Plan page",
                    key="check_to_plan",
                    on_click=guard.callback(_to_plan),
                    args=(screen,),
                    disabled=not is_free,
                )
                if not is_free:
                    st.text("The case on the Plan page was not saved; save it there first.")
            else:
                st.text("The case on the Plan page has this second check now.")


def _save(screen: Screen) -> None:
    plain = plain_from_screen(screen)[0]
    st.download_button(
        "Save the case with its second check",
        data=json.dumps(plain, indent=2, ensure_ascii=False) + "\n",
        file_name=f"{file_stem(plain.get('label', ''), screen.digest)}-case.json",
        mime="application/json",
        key="save_checked",
        on_click="ignore",
    )


def _to_plan(screen: Screen) -> None:
    session.put(screen, is_saved=False)
    st.session_state.pop("check_opened", None)
