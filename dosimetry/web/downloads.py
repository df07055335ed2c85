"""The report of a plan as files: made when asked for, from the plan on the page, and kept nowhere."""

from collections.abc import Callable

import streamlit as st

from dosimetry.plan_record import Plan
from dosimetry.report import render
from dosimetry.web import guard

_PAGES = {"a4": "A4", "letter": "Letter"}
_FORMATS = (
    (".pdf", "PDF", "application/pdf"),
    (".html", "HTML", "text/html"),
    (".txt", "Text", "text/plain"),
    (".csv", "CSV", "text/csv"),
    (".json", "JSON", "application/json"),
)


def downloads(plan: Plan) -> None:
    """A button a format, and the paper of the PDF."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        page = st.segmented_control(
            "Paper", list(_PAGES), default="a4", required=True, format_func=_PAGES.__getitem__, key="page"
        )
        for ending, title, mime in _FORMATS:
            st.download_button(
                title,
                data=_maker(plan, ending, page),
                file_name=f"plan-{plan.input_sha256[:8]}{ending}",
                mime=mime,
                key=f"download{ending}",
                on_click="ignore",
                icon=":material/download:",
                type="primary" if ending == ".pdf" else "secondary",
            )


def _maker(plan: Plan, ending: str, page: str) -> Callable[[], bytes]:
    def make() -> bytes:
        try:
            return render(plan, ending, page=page)
        except Exception as error:
            raise RuntimeError(guard.sentence_for(error)) from None

    return make
