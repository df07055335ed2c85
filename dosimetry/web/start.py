"""Starts the form: settings of the page, navigation, and the last stop of unforeseen errors."""

from functools import cache
from pathlib import Path

import streamlit as st

from dosimetry.report.contents import INTENDED_USE
from dosimetry.version import __version__
from dosimetry.web import guard, leaving, left_sessions, memory, session
from dosimetry.web.about_page import about_page
from dosimetry.web.compare_page import compare_page
from dosimetry.web.deliver_page import deliver_page
from dosimetry.web.order_page import order_page
from dosimetry.web.plan_page import plan_page
from dosimetry.web.reference_page import reference_page
from dosimetry.web.second_check_page import second_check_page
from dosimetry.web.tace_page import tace_page
from dosimetry.web.treatments import TACE, TARE
from dosimetry.web.turning import turn_to

TITLE = "y90-dosimetry"


def main() -> None:
    """Draw the page that is asked for. Runs from the top at every interaction."""
    memory.settle()
    left_sessions.watch()
    st.set_page_config(page_title=TITLE, layout="wide")
    st.html(f"<style>{_style()}</style>")
    pages = [
        st.Page(plan_page, title="Plan", url_path="plan", default=True),
        st.Page(compare_page, title="Compare", url_path="compare"),
        st.Page(order_page, title="Order", url_path="order"),
        st.Page(deliver_page, title="Deliver", url_path="deliver"),
        st.Page(second_check_page, title="Second check", url_path="second-check"),
        st.Page(tace_page, title="TACE", url_path="tace"),
        st.Page(_audit_page, title="Audit", url_path="audit"),
        st.Page(reference_page, title="Reference", url_path="reference"),
        st.Page(about_page, title="About", url_path="about"),
    ]
    page = st.navigation(pages, position="top")

    def draw() -> None:
        """The page with its case: every other page, also one to come, is about the case of the Plan page."""
        turn_to(TACE if page.url_path == TACE.address else TARE)
        session.note_latest()
        page.run()

    guard.guarded(draw)
    # Also where the page could not be drawn, which is when a person loads it again.
    guard.guarded(leaving.ask_where_unsaved)
    st.caption(f"{INTENDED_USE} {TITLE} {__version__}")


def _audit_page() -> None:
    """The page of the audit; tables take a package that no other page needs, and that is slow to load."""
    from dosimetry.web.audit_page import audit_page

    audit_page()


@cache
def _style() -> str:
    return Path(__file__).with_name("style.css").read_text("utf-8")


if __name__ == "__main__":
    main()
