"""The result follows the inputs: it is made anew whenever one of them changed, and kept until the next one does."""

from collections.abc import Callable
from typing import Any

from dosimetry.web import session
from dosimetry.web.outcome import Outcome, calculated
from dosimetry.web.screen import Screen


def outcome_of(screen: Screen, view_of: Callable[[Any], Any] | None = None) -> Outcome:
    """What comes out of the inputs on the screen, and of no others; ``view_of`` as in `calculated`."""
    kept = session.outcome()
    if kept is not None and kept.digest == screen.digest:
        return kept
    if kept is not None:
        session.forget_refusal()
    new = calculated(screen, view_of)
    session.keep(new)
    return new
