"""A plan kept on the page, to lay the next one beside it."""

import streamlit as st

from dosimetry.case_file import text_from_case
from dosimetry.plan_record import Plan
from dosimetry.report.compare_blocks import comparison
from dosimetry.report.contents import shown_instant
from dosimetry.report.document import Document, Facts
from dosimetry.report.text_report import render
from dosimetry.web import guard
from dosimetry.web.file_names import file_stem
from dosimetry.web.html_blocks import html_of

_KEPT = "kept_plan"
TITLES = ("Kept", "Now")


def keeping(plan: Plan) -> None:
    """Keep this plan, or forget the kept one."""
    kept = st.session_state.get(_KEPT)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Keep to compare", key="keep_plan", on_click=guard.callback(_keep), args=(plan,), disabled=kept is plan
        )
        if kept is not None:
            st.button("Forget the kept plan", key="forget_plan", on_click=guard.callback(_keep), args=(None,))
            st.text(f"Kept: {kept.label}, {shown_instant(kept.computed_at)}")
    if kept is plan:
        st.caption("Change a prescription, the convention or any input and calculate: both plans stand side by side.")


def kept_beside(plan: Plan) -> Plan | None:
    """The kept plan, where it is another one than this."""
    kept: Plan | None = st.session_state.get(_KEPT)
    return None if kept is None or kept.input_sha256 == plan.input_sha256 else kept


def beside(kept: Plan, plan: Plan) -> None:
    """Both plans side by side, and the pair as a file."""
    st.subheader("Compared with the kept plan", anchor=False)
    if kept.label != plan.label:
        st.warning("The kept plan is of a case with another label.")
    st.html(html_of(comparison(kept, plan, titles=TITLES), alt="Comparison"))
    st.download_button(
        "Save the comparison",
        data=lambda: render(_document(kept, plan)),
        file_name=f"{file_stem(plan.label, plan.input_sha256)}-comparison.txt",
        mime="text/plain",
        key="save_comparison",
        on_click="ignore",
    )


def _keep(plan: Plan | None) -> None:
    st.session_state[_KEPT] = plan


def _document(kept: Plan, plan: Plan) -> Document:
    origins = tuple(
        (title, f"{each.label}, computed {shown_instant(each.computed_at)}, input {each.input_sha256}")
        for title, each in zip(TITLES, (kept, plan), strict=True)
    )
    return Document(
        title="Comparison of two treatment plans",
        label=plan.label,
        footer=f"input {plan.input_sha256[:12]}",
        computed_at=plan.computed_at,
        case_json=text_from_case(plan.case),
        blocks=(Facts(origins), *comparison(kept, plan, titles=TITLES)),
    )
