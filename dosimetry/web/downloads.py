"""The report of a plan as files, made together from the plan on the page and kept no longer than it."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from dosimetry.plan_record import Plan
from dosimetry.report import FORMATS, PAGES, MissingExtraError, render
from dosimetry.web import session

_TITLES = {".pdf": "PDF", ".html": "HTML", ".txt": "Text", ".csv": "CSV", ".json": "JSON"}
_PAGES = {"a4": "A4", "letter": "Letter"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The files of one plan on one paper; where one could not be made, the sentence that says why."""

    plan: Plan
    page: str
    contents: Mapping[str, bytes | str]


def downloads(plan: Plan) -> None:
    """The paper of the report, and a button a format."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        page = st.segmented_control(
            "Paper", list(PAGES), default=PAGES[0], required=True, format_func=_PAGES.__getitem__, key="page"
        )
        contents = _files(plan, page).contents
        for ending, content in contents.items():
            is_made = isinstance(content, bytes)
            st.download_button(
                _TITLES.get(ending, ending),
                data=content,
                file_name=f"plan-{plan.input_sha256[:8]}{ending}",
                key=f"download{ending}",
                on_click="ignore",
                icon=":material/download:",
                type="primary" if ending == ".pdf" else "secondary",
                disabled=not is_made,
            )
    for ending, content in contents.items():
        if isinstance(content, str):
            st.text(f"{_TITLES.get(ending, ending)} was not made: {content}")


def _files(plan: Plan, page: str) -> Files:
    """The files of this very plan, made once."""
    found = session.files()
    if not isinstance(found, Files) or found.plan is not plan or found.page != page:
        found = Files(plan=plan, page=page, contents={ending: _content(plan, ending, page) for ending in FORMATS})
        session.keep_files(found)
    return found


def _content(plan: Plan, ending: str, page: str) -> bytes | str:
    try:
        return render(plan, ending, page=page)
    except (ValueError, MissingExtraError) as error:
        return str(error)
