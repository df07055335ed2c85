"""The browser asks before the page is left or loaded again while something typed is not saved: nobody keeps that."""

import streamlit as st

from dosimetry.web.turning import is_every_case_saved

ASK = "<script>window.onbeforeunload = (event) => event.preventDefault();</script>"
LET_GO = "<script>window.onbeforeunload = null;</script>"


def ask_where_unsaved() -> None:
    """To be drawn last, when what stands in the boxes is known. Nothing that was typed is part of the script."""
    st.html(LET_GO if is_every_case_saved() else ASK, unsafe_allow_javascript=True)
