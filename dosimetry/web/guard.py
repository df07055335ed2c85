"""The last stop of an unforeseen error: the browser shows an id, the log the id and the kind of error, nothing else."""

import logging
import secrets

_LOG = logging.getLogger(__name__)


def sentence_for(error: Exception) -> str:
    """What the browser shows of an error. Its message could quote what was typed, and goes nowhere."""
    error_id = secrets.token_hex(4)
    _LOG.error("error %s: %s", error_id, type(error).__name__)
    return f"Something went wrong (error id {error_id}). Nothing was computed."
