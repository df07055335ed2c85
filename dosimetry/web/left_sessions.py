"""Closes sessions that were left, with all that was typed in them, also when nobody else comes.

Streamlit lets the session of a closed page expire, and drops it when the next page is closed: on a server to which
nobody comes any more all of them would stay. Only the one that it served last it keeps until somebody comes. Until a
session is closed here, a page that lost its connection finds its inputs again.
"""

import time
from functools import cache
from logging import getLogger
from threading import Lock, Thread

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dosimetry.web import memory

LEFT_S = 120.0
"""A session that is left for so long is closed. The settings let Streamlit keep it for longer than that."""
LOOK_S = 15.0
"""Sessions are looked at every so many seconds: one is seen connected up to so long before it was left."""
_log = getLogger(__name__)
_one_at_a_time = Lock()


def watch() -> None:
    """Close the session of this run once it was left for two minutes. Nothing is watched where no server runs."""
    context = get_script_run_ctx(suppress_warning=True)
    server = runtime.get_instance() if runtime.exists() else None
    # Streamlit's test driver puts a stand-in there, a new one for every run, that passes for an instance.
    if context is not None and type(server) is runtime.Runtime:
        with _one_at_a_time:
            watched = _watched(server)
        watched.add(context.session_id)


@cache
def _watched(server: runtime.Runtime) -> "Watched":
    watched = Watched()
    Thread(target=_look_again_and_again, args=(watched, server), name="left sessions", daemon=True).start()
    return watched


def _look_again_and_again(watched: "Watched", server: runtime.Runtime) -> None:
    while server.state is not runtime.RuntimeState.STOPPED:
        time.sleep(LOOK_S)
        try:
            watched.look(server, time.monotonic())
        except Exception as error:  # noqa: BLE001 - one look that fails must not be the last one
            _log.error("Left sessions could not be looked at: %s", type(error).__name__)


class Watched:
    """The sessions of one server, each with the instant at which it was last seen connected, in monotonic seconds."""

    def __init__(self) -> None:
        self._seen: dict[str, float] = {}
        self._lock = Lock()
        self._closed_some = False

    def add(self, session_id: str) -> None:
        """Look after a session that is connected now."""
        with self._lock:
            self._seen[session_id] = time.monotonic()

    def look(self, server: runtime.Runtime, now: float) -> None:
        """Close what was left for too long; one look later, free what the closed sessions held in circles."""
        if self._closed_some:
            memory.release()
        with self._lock:
            self._seen |= {each: now for each in self._seen if server.is_active_session(each)}
            left = [each for each, seen in self._seen.items() if now - seen >= LEFT_S + LOOK_S]
        self._closed_some = bool(left)
        for each in left:
            # One that cannot be closed is let go; the others have their turn at the next look.
            with self._lock:
                del self._seen[each]
            # Of what may be called from any thread only this, meant for a logout, closes a session that nobody holds.
            server.clear_user_info_for_session(each)
