"""Sessions that were left are closed, with what was typed in them, also where nobody comes after them."""

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
import tomllib

import pytest
from cases import ROOT
from form_driver import opened as opened_form
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import RuntimeState
from tornado.websocket import websocket_connect

from dosimetry.web import left_sessions
from dosimetry.web.left_sessions import LEFT_S, LOOK_S, Watched

SERVER = """
import sys, threading, time, weakref
from streamlit.runtime.app_session import AppSession
from streamlit.web import cli
from dosimetry.web import left_sessions

left_sessions.LEFT_S, left_sessions.LOOK_S = 1.0, 0.2
sessions, typed, make = weakref.WeakSet(), weakref.WeakSet(), AppSession.__init__

class Typed:
    pass

def noted(session, *arguments, **named):
    make(session, *arguments, **named)
    session._session_state["typed"] = text = Typed()
    sessions.add(session)
    typed.add(text)

def tell():
    while True:
        print(max(len(sessions), len(typed)), flush=True)
        time.sleep(0.2)

AppSession.__init__ = noted
threading.Thread(target=tell, daemon=True).start()
cli.main(["run", "app.py", "--server.headless=true", f"--server.port={sys.argv[1]}"])
"""
"""The form with a shorter patience, which tells how many sessions it holds, or what was typed in how many."""


class Server:
    """The part of Streamlit that knows sessions: some are connected, and some were closed."""

    def __init__(self, *connected):
        self.connected, self.closed = set(connected), []

    def is_active_session(self, session_id):
        return session_id in self.connected

    def clear_user_info_for_session(self, session_id):
        self.closed.append(session_id)


@pytest.fixture
def watched(monkeypatch):
    """Two sessions that came at zero of the clock."""
    monkeypatch.setattr(time, "monotonic", lambda: 0.0)
    watched = Watched()
    for name in ("first", "second"):
        watched.add(name)
    return watched


def test_a_session_is_closed_once_it_was_left_for_two_minutes(watched):
    server = Server("second")
    watched.look(server, LEFT_S + LOOK_S - 0.1)
    assert server.closed == []
    watched.look(server, LEFT_S + LOOK_S)
    watched.look(server, 10 * LEFT_S)
    assert server.closed == ["first"]


def test_a_session_that_came_back_in_time_has_two_minutes_again(watched):
    server = Server("second")
    watched.look(server, LEFT_S - 1)
    server.connected.add("first")
    watched.look(server, LEFT_S + 1)
    server.connected.clear()
    watched.look(server, 2 * LEFT_S + LOOK_S)
    assert server.closed == []
    watched.look(server, 2 * LEFT_S + LOOK_S + 1)
    assert sorted(server.closed) == ["first", "second"]


def test_one_that_cannot_be_closed_keeps_no_other_one(watched):
    class Refusing(Server):
        def clear_user_info_for_session(self, session_id):
            super().clear_user_info_for_session(session_id)
            if len(self.closed) == 1:
                raise RuntimeError(session_id)

    server, late = Refusing(), 10 * LEFT_S
    with pytest.raises(RuntimeError):
        watched.look(server, late)
    watched.look(server, late)
    assert sorted(server.closed) == ["first", "second"]


def test_a_look_that_fails_is_not_the_last_one(monkeypatch):
    """The first look fails; after the second the server has stopped."""
    looks = []

    class Stopping:
        state = RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED

    class Failing:
        def look(self, server, now):
            looks.append(now)
            if len(looks) == 1:
                raise RuntimeError("a text that was typed")
            server.state = RuntimeState.STOPPED

    monkeypatch.setattr(left_sessions, "LOOK_S", 0.0)
    left_sessions._look_again_and_again(Failing(), Stopping())
    assert len(looks) == 2


def test_a_run_without_a_server_leaves_no_thread_behind():
    """Streamlit's test driver puts a stand-in for the server in its place, a new one for every run."""
    opened_form()
    before = threading.active_count()
    form = opened_form()
    for _ in range(3):
        form.run()
    assert threading.active_count() <= before


def test_streamlit_keeps_a_session_for_longer_than_it_is_waited_for():
    """What it let expire by itself it would drop only when the next page is closed."""
    settings = tomllib.loads((ROOT / ".streamlit/config.toml").read_text("utf-8"))
    assert settings["server"]["disconnectedSessionTTL"] > LEFT_S + 3 * LOOK_S


def test_a_server_to_which_nobody_comes_any_more_holds_at_most_the_last_session():
    """Streamlit's own loop keeps the session that it served last until it serves another one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SERVER, str(port)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) as process:
        try:
            asyncio.run(opened_and_left(port, people=3))
            counts = told(process, above=1)
        finally:
            process.kill()
    assert max(counts) == 3
    assert counts[-1] <= 1


async def opened_and_left(port, *, people):
    """Open the page as browsers do, wait until it is drawn for all, and leave."""
    pages = [await opened(port) for _ in range(people)]
    for page in pages:
        page.close()
        while await page.read_message() is not None:
            pass


async def opened(port):
    end = time.monotonic() + 60
    while True:
        try:
            connection = await websocket_connect(f"ws://127.0.0.1:{port}/_stcore/stream", max_message_size=2**26)
            break
        except OSError:
            assert time.monotonic() < end, "the form did not start"
            await asyncio.sleep(0.2)
    message = BackMsg()
    message.rerun_script.query_string = ""
    await connection.write_message(message.SerializeToString(), binary=True)
    while True:
        content = await asyncio.wait_for(connection.read_message(), timeout=60)
        assert content is not None, "the form closed the connection"
        if ForwardMsg.FromString(content).WhichOneof("type") == "script_finished":
            return connection


def told(process, *, above):
    """How many sessions the server held, until after more than these no more than these; half a minute at most."""
    counts, end = [], time.monotonic() + 30
    for line in process.stdout:
        if line.strip().isdigit():
            counts.append(int(line))
        if max(counts, default=0) > above >= counts[-1] or time.monotonic() > end:
            break
    return counts
