"""Reports and sheets as files. Each is made when its button is pressed, from the plan the button was drawn with."""

import time
from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from dosimetry.case_file import text_from_case
from dosimetry.planning import AnyPlan
from dosimetry.report import FORMATS, PAGES, Formats, refusal, render
from dosimetry.web import guard, session
from dosimetry.web.file_names import file_stem
from dosimetry.web.outcome import Latest

TITLES = {
    ".pdf": ("PDF", "application/pdf"),
    ".html": ("HTML", "text/html"),
    ".txt": ("Text", "text/plain"),
    ".csv": ("CSV", "text/csv"),
    ".json": ("JSON", "application/json"),
}
_SETTLES_S = 0.5
"""By then a text that was typed right before a button was pressed has begun a run of the page. [s]"""
PAPERS = {"a4": "A4", "letter": "Letter"}


def downloads(plan: AnyPlan, *, formats: Formats = FORMATS, sheet: str = "") -> None:
    """The paper of a report, or of a sheet of the treatment day, and a button a format."""
    mark = f"_{sheet}" if sheet else ""
    stem = file_stem(plan.label, plan.input_sha256) + (f"-{sheet}" if sheet else "")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        page = st.segmented_control(
            "Paper", list(PAGES), default=PAGES[0], required=True, format_func=PAPERS.__getitem__, key=f"page{mark}"
        )
        makers = {ending: partial(render, plan, ending, page=page, formats=formats) for ending in formats}
        refused = buttons(makers, text_from_case(plan.case), stem=stem, key=f"download{mark}")
    for line in refused:
        st.text(line)


def buttons(makers: Mapping[str, Callable[[], bytes]], text: str, *, stem: str, key: str) -> tuple[str, ...]:
    """A button for every file; why some cannot be made, in words. ``text`` holds all that a person typed into them."""
    refused: list[str] = []
    digest, latest = session.note_latest(), session.latest()
    for ending, make in makers.items():
        title, mime = TITLES[ending]
        why_not = refusal(ending, text)
        refused += [f"{title} cannot be made: {why_not}"] if why_not else []
        st.download_button(
            title,
            data=guard.later(partial(_of_what_stands, make, latest, digest)),
            file_name=f"{stem}{ending}",
            mime=mime,
            key=f"{key}{ending}",
            on_click="ignore",
            icon=":material/download:",
            type="primary" if ending == ".pdf" else "secondary",
            disabled=why_not is not None,
            help=why_not,
        )
    return tuple(refused)


def _of_what_stands(make: Callable[[], bytes], latest: Latest, digest: str) -> bytes:
    """A file, unless what was typed last is not in it: it would be of other inputs than those on the screen."""
    begun = time.monotonic()
    content = make()
    time.sleep(max(0.0, begun + _SETTLES_S - time.monotonic()))
    if latest.digest != digest:
        raise RuntimeError("the inputs changed")
    return content
