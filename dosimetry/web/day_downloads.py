"""The sheets of a treatment day as files, made together from the plan on the page and kept no longer than it."""

import streamlit as st

from dosimetry.plan_record import Plan
from dosimetry.report import PAGES, Formats, MissingExtraError, render
from dosimetry.web.downloads import PAPERS, TITLES
from dosimetry.web.file_names import file_stem
from dosimetry.web.outcome import Files


def day_downloads(plan: Plan, formats: Formats, sheet: str) -> None:
    """The paper of a sheet, and a button a format."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        page = st.segmented_control(
            "Paper", list(PAGES), default=PAGES[0], required=True, format_func=PAPERS.__getitem__, key=f"page_{sheet}"
        )
        contents = _files(plan, page, formats, sheet).contents
        stem = file_stem(plan.label, plan.input_sha256)
        for ending, content in contents.items():
            title, mime = TITLES[ending]
            st.download_button(
                title,
                data=content,
                file_name=f"{stem}-{sheet}{ending}",
                mime=mime,
                key=f"download_{sheet}{ending}",
                on_click="ignore",
                icon=":material/download:",
                type="primary" if ending == ".pdf" else "secondary",
                disabled=not isinstance(content, bytes),
            )
    for ending, content in contents.items():
        if isinstance(content, str):
            st.text(f"{TITLES[ending][0]} was not made: {content}")


def _files(plan: Plan, page: str, formats: Formats, sheet: str) -> Files:
    """The files of this very plan, made once."""
    found = st.session_state.get(f"files_{sheet}")
    if not isinstance(found, Files) or found.plan is not plan or found.page != page:
        made = {ending: _content(plan, ending, page, formats) for ending in formats}
        found = st.session_state[f"files_{sheet}"] = Files(plan=plan, page=page, contents=made)
    return found


def _content(plan: Plan, ending: str, page: str, formats: Formats) -> bytes | str:
    try:
        return render(plan, ending, page=page, formats=formats)
    except (ValueError, MissingExtraError) as error:
        return str(error)
