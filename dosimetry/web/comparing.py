"""A plan kept on the page, to lay the next one beside it; two plans side by side, and the pair as files."""

from functools import partial

import streamlit as st

from dosimetry.case_file import text_from_case
from dosimetry.plan_record import Plan
from dosimetry.report import DRAWN, render_document
from dosimetry.report.compare_blocks import comparison
from dosimetry.report.contents import shown_instant
from dosimetry.report.document import Document, Facts
from dosimetry.report.inputs import prescribed
from dosimetry.web import guard
from dosimetry.web.downloads import buttons
from dosimetry.web.file_names import file_stem
from dosimetry.web.html_blocks import html_of

_KEPT = "kept_plan"
KEPT = (_KEPT,)
"""What belongs to the case on the screen."""
TITLES = ("Kept", "Now")


def keeping(plan: Plan) -> None:
    """Keep this plan, or forget the kept one."""
    kept = st.session_state.get(_KEPT)
    keep = guard.callback(_keep)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Keep to compare", key="keep_plan", on_click=keep, args=(plan,), disabled=_is_same(kept, plan))
        if kept is not None:
            st.button("Forget the kept plan", key="forget_plan", on_click=keep, args=(None,))
            st.text(f"Kept: {in_words(kept)}")
    if _is_same(kept, plan):
        st.caption("Change a prescription, the convention or any other input: both plans stand side by side below.")


def in_words(kept: Plan) -> str:
    """What tells a kept plan from another one of the same label."""
    prescriptions = "; ".join(
        f"{territory.name}: {prescribed(kept.case, row)}" for row, territory in enumerate(kept.territories)
    )
    return f"{kept.label}, {prescriptions}, {shown_instant(kept.computed_at)}"


def kept_beside(plan: Plan) -> Plan | None:
    """The kept plan, where it is another one than this."""
    kept: Plan | None = st.session_state.get(_KEPT)
    return None if _is_same(kept, plan) else kept


def _is_same(kept: Plan | None, plan: Plan) -> bool:
    """Whether a kept plan is that of these inputs."""
    return kept is not None and kept.input_sha256 == plan.input_sha256


def forget() -> None:
    """Let go of the kept plan."""
    _keep(None)


def beside(kept: Plan, plan: Plan) -> None:
    """The kept plan beside the one on the page."""
    st.subheader("Compared with the kept plan", anchor=False)
    pair(kept, plan, titles=TITLES, key="comparison")


def pair(first: Plan, second: Plan, *, titles: tuple[str, str], key: str) -> None:
    """Both plans side by side, and the pair as files."""
    if first.label != second.label:
        st.warning("The kept plan is of a case with another label.")
    st.html(html_of(comparison(first, second, titles=titles), alt="Comparison"))
    if first.unacknowledged or second.unacknowledged:
        st.text("No files: findings wait for an acknowledgement on the Plan page.")
        return
    makers = {ending: partial(_file, first, second, titles, ending) for ending in DRAWN}
    stem = f"{file_stem(second.label, second.input_sha256)}-comparison"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text("Save the comparison")
        typed = text_from_case(first.case) + text_from_case(second.case)
        refused = buttons(makers, typed, stem=stem, key=f"save_{key}")
    for line in refused:
        st.text(line)


def _file(first: Plan, second: Plan, titles: tuple[str, str], ending: str) -> bytes:
    return render_document(_document(first, second, titles), ending)


def _keep(plan: Plan | None) -> None:
    st.session_state[_KEPT] = plan


def _document(first: Plan, second: Plan, titles: tuple[str, str]) -> Document:
    origins = tuple(
        (title, f"{each.label}, computed {shown_instant(each.computed_at)}, input {each.input_sha256}")
        for title, each in zip(titles, (first, second), strict=True)
    )
    return Document(
        title="Comparison of two treatment plans",
        label=second.label,
        footer=f"inputs {first.input_sha256[:12]}, {second.input_sha256[:12]}",
        computed_at=second.computed_at,
        case_json=text_from_case(second.case),
        blocks=(Facts(origins), *comparison(first, second, titles=titles)),
    )
