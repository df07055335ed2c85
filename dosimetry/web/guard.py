"""The last stop of an unforeseen error: the browser shows an id, the log the id, the kind of error and where."""

import logging
import secrets
from collections.abc import Callable
from pathlib import Path
from traceback import extract_tb

import streamlit as st

_LOG = logging.getLogger(__name__)


def guarded(draw: Callable[[], None]) -> None:
    """Draw a page or a part of it; what goes wrong in it is told by an id."""
    try:
        draw()
    except Exception as error:  # noqa: BLE001 - whatever happens, the browser gets an id and no traceback
        st.error(sentence_for(error))


def sentence_for(error: Exception) -> str:
    """What the browser shows of an error. Its message could quote what was typed, and goes nowhere."""
    error_id = secrets.token_hex(4)
    frames = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)]
    _LOG.error("error %s: %s at %s", error_id, type(error).__name__, " > ".join(frames))
    return f"Something went wrong (error id {error_id}). Nothing was computed."
