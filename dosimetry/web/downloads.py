"""The report of a plan as files, made together from the plan on the page and kept no longer than it."""

import streamlit as st

from dosimetry.planning import AnyPlan
from dosimetry.report import PAGES, MissingExtraError, render
from dosimetry.web import session
from dosimetry.web.file_names import file_stem
from dosimetry.web.outcome import Files

TITLES = {
    ".pdf": ("PDF", "application/pdf"),
    ".html": ("HTML", "text/html"),
    ".txt": ("Text", "text/plain"),
    ".csv": ("CSV", "text/csv"),
    ".json": ("JSON", "application/json"),
}
PAPERS = {"a4": "A4", "letter": "Letter"}


def downloads(plan: AnyPlan) -> None:
    """The paper of the report, and a button a format."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        page = st.segmented_control(
            "Paper", list(PAGES), default=PAGES[0], required=True, format_func=PAPERS.__getitem__, key="page"
        )
        contents = _files(plan, page).contents
        stem = file_stem(plan.label, plan.input_sha256)
        for ending, (title, mime) in TITLES.items():
            content = contents[ending]
            st.download_button(
                title,
                data=content,
                file_name=f"{stem}{ending}",
                mime=mime,
                key=f"download{ending}",
                on_click="ignore",
                icon=":material/download:",
                type="primary" if ending == ".pdf" else "secondary",
                disabled=not isinstance(content, bytes),
            )
    for ending, content in contents.items():
        if isinstance(content, str):
            st.text(f"{TITLES[ending][0]} was not made: {content}")


def _files(plan: AnyPlan, page: str) -> Files:
    """The files of this very plan, made once."""
    found = session.files()
    if found is None or found.plan is not plan or found.page != page:
        found = Files(plan=plan, page=page, contents={ending: _content(plan, ending, page) for ending in TITLES})
        session.keep_files(found)
    return found


def _content(plan: AnyPlan, ending: str, page: str) -> bytes | str:
    try:
        return render(plan, ending, page=page)
    except (ValueError, MissingExtraError) as error:
        return str(error)
