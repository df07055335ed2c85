"""The last stop of an unforeseen error: the browser shows an id, the log the id, the kind of error and where."""

import logging
import secrets
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from traceback import extract_tb
from typing import Any

import streamlit as st
from streamlit import config

_LOG = logging.getLogger(__name__)
_IN_CALLBACK = "error_in_callback"


def guarded(draw: Callable[[], None]) -> None:
    """Draw a page or a part of it; what goes wrong in it is told by an id."""
    _log_without_messages()
    failed = st.session_state.pop(_IN_CALLBACK, None)
    if failed:
        st.error(failed)
    try:
        draw()
    except Exception as error:  # noqa: BLE001 - whatever happens, the browser gets an id and no traceback
        st.error(sentence_for(error))


def callback(act: Callable[..., None]) -> Callable[..., None]:
    """What a button does before the page is drawn anew; what goes wrong in it is told by an id on that page."""

    @wraps(act)
    def guarded_act(*arguments: Any) -> None:
        """The same act, whose error waits for the page."""
        try:
            act(*arguments)
        except Exception as error:  # noqa: BLE001 - as above
            st.session_state[_IN_CALLBACK] = sentence_for(error)

    return guarded_act


def later(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """What makes a file when its button is pressed; what goes wrong in it is told by an id in the log.

    Streamlit then says itself that there is no file, and logs the error it is given: one without the text of another.
    """

    @wraps(make)
    def guarded_make() -> bytes:
        """The same file, or an error that quotes nothing."""
        try:
            return make()
        except Exception as error:  # noqa: BLE001 - as above
            failed = sentence_for(error)
        raise RuntimeError(failed)

    return guarded_make


def sentence_for(error: BaseException) -> str:
    """What the browser shows of an error. Its message could quote what was typed, and goes nowhere."""
    error_id, told = _told(error)
    _LOG.error("%s", told)
    return f"Something went wrong (error id {error_id}). Nothing was computed."


def _told(error: BaseException) -> tuple[str, str]:
    """An id, and with it the kind of an error and where it happened."""
    error_id = secrets.token_hex(4)
    frames = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)]
    return error_id, f"error {error_id}: {type(error).__name__} at {' > '.join(frames)}"


@cache
def _log_without_messages() -> None:
    """Streamlit logs an error that nobody caught with its message; here it gets kind and place as well, and no more.

    Where the package rich is installed, Streamlit would print the error by it, message and lines of code included, past
    every filter of the log.
    """

    def shortened(record: logging.LogRecord) -> bool:
        """The record without the text of its error; none is held back."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            record.msg, record.args, record.exc_info, record.exc_text = _told(error)[1], (), None, None
        return True

    config.set_option("logger.enableRich", False)
    logging.getLogger("streamlit.error_util").addFilter(shortened)
