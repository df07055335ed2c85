"""Many people at the form at once: changes of an input in browser-less sessions of one server on loopback.

    python bench/sessions.py --sessions 20 --minutes 2 --crowds 2

Each session is a websocket of its own, as a browser holds one: it opens the page, puts a case on it, and then changes
inputs, with a pause between as a person makes one. Every change makes the whole result anew. Printed: how long the
server took to answer with it (p50, p95), errors, and the memory of the server before, at the end, and after every
session has gone: what the process has from the system, and how many blocks of it Python uses. What a process once had
its allocator keeps for the next need; the blocks tell whether sessions leave anything behind. An answer without an
activity counts as an error.
"""

import argparse
import asyncio
import os
import random
import resource
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXAMPLE = "two-territories"
ARRIVE_S = 1.5
"""A session comes every so many seconds; times count once all are there and have their case."""
LEAVE_S = 180
"""A session that was left is kept for two minutes, in case it comes back."""
SERVER = """
import signal, sys
from streamlit.web import cli

signal.signal(signal.SIGUSR1, lambda *_: print(sys.getallocatedblocks(), flush=True))
cli.main(["run", "app.py", "--server.headless=true", f"--server.port={sys.argv[1]}"])
"""
"""The form, which tells when it is asked how many blocks of memory are in use."""


def memory_of(process: subprocess.Popen[str]) -> str:
    """What the server has from the system, and how much of it is in use."""
    status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
    mib = int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024
    process.send_signal(signal.SIGUSR1)
    blocks = next(int(line) for line in process.stdout if line.strip().isdigit())
    return f"{mib:.0f} MiB, {blocks:,} blocks"


def started() -> tuple[subprocess.Popen[str], int]:
    """A server on a free port of this computer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", SERVER, str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, **pipes)
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5):
                return process, port
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the form did not start")


class Session:
    """One websocket, the widgets that were drawn, and what stands in them: a browser sends all of it every time."""

    def __init__(self, connection) -> None:
        self.connection, self.errors, self.shown = connection, 0, 0
        self.ids, self.standing = {}, {}

    async def run(self, *changes) -> float:
        """Send changed widgets; seconds until the run has ended."""
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        message = BackMsg()
        message.rerun_script.query_string = ""
        pressed = {self.ids[name]: True for name, kind, _ in changes if kind == "trigger_value"}
        self.standing |= {self.ids[name]: value for name, kind, value in changes if kind == "string_value"}
        for kind, values in (("string_value", self.standing), ("trigger_value", pressed)):
            for widget, value in values.items():
                state = message.rerun_script.widget_states.widgets.add()
                state.id = widget
                setattr(state, kind, value)
        start = time.perf_counter()
        await self.connection.write_message(message.SerializeToString(), binary=True)
        while True:
            content = await self.connection.read_message()
            if content is None:
                raise ConnectionError
            answer = ForwardMsg.FromString(content)
            self._note(answer)
            if answer.WhichOneof("type") == "script_finished":
                return time.perf_counter() - start

    def _note(self, answer) -> None:
        """Keep the ids of widgets by their label; count what looks like an error."""
        if answer.WhichOneof("type") != "delta" or answer.delta.WhichOneof("type") != "new_element":
            return
        element = answer.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception" or (kind == "alert" and "error id" in element.alert.body):
            self.errors += 1
        self.shown += kind == "metric"
        widget = getattr(element, kind)
        if kind in ("button", "text_input", "selectbox"):
            self.ids[widget.label] = widget.id
        if kind in ("text_input", "selectbox") and widget.set_value:
            self.standing[widget.id] = widget.value if kind == "text_input" else widget.raw_value


async def person(port: int, span: tuple[float, float], seed: int, times: list[float], pause_s: float) -> int:
    """One person's work; how many errors were met. Times count within the span."""
    from streamlit.proto.Common_pb2 import StringTriggerValue  # noqa: F401  (loads the messages once)
    from tornado.websocket import websocket_connect

    chance, (begin, until) = random.Random(seed), span
    await asyncio.sleep(ARRIVE_S * seed)
    session = Session(await websocket_connect(f"ws://127.0.0.1:{port}/_stcore/stream", max_message_size=2**26))
    try:
        await session.run()
        await session.run(("Example", "string_value", EXAMPLE))
        await session.run(("Open the example", "trigger_value", True))
        while time.monotonic() < until:
            session.shown, value = 0, f"1.{chance.randint(0, 299):03}"
            taken = await session.run(("Lung mass [kg]", "string_value", value))
            session.errors += not session.shown
            if time.monotonic() > begin:
                times.append(taken)
            await asyncio.sleep(chance.uniform(0.5, 1.5) * pause_s)
    except (ConnectionError, KeyError) as error:
        print(f"session {seed}: {type(error).__name__} {error}")
        return session.errors + 1
    finally:
        session.connection.close()
    return session.errors


async def crowd(port: int, sessions: int, seconds: float, pause_s: float) -> tuple[list[float], int]:
    """Everybody at once; the times of all runs, and all errors."""
    times: list[float] = []
    begin = time.monotonic() + ARRIVE_S * (sessions + 3)
    people = (person(port, (begin, begin + seconds), seed, times, pause_s) for seed in range(sessions))
    return times, sum(await asyncio.gather(*people))


def one_crowd(process: subprocess.Popen[str], port: int, options: argparse.Namespace) -> None:
    """Let a crowd come, work and go, and print what was seen."""
    times, errors = asyncio.run(crowd(port, options.sessions, 60 * options.minutes, options.pause))
    held = memory_of(process)
    time.sleep(options.leave)
    after = memory_of(process)
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(f"{options.sessions} sessions for {options.minutes:g} min, {len(times)} runs, {errors} errors")
    print(f"an input changed, with its result: p50 {1000 * p50:.0f} ms, p95 {1000 * p95:.0f} ms")
    print(f"memory of the server: {held} at the end; {after} after all have gone", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--sessions", type=int, default=20)
    asked.add_argument("--minutes", type=float, default=2.0)
    asked.add_argument("--crowds", type=int, default=1, help="how often so many people come, one after the other")
    asked.add_argument("--pause", type=float, default=10.0, help="seconds between two actions of one person")
    asked.add_argument("--leave", type=float, default=LEAVE_S, help="seconds to wait for the memory to come back")
    options = asked.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 4096))
    process, port = started()
    try:
        asyncio.run(crowd(port, 1, 10, 0.2))  # everything is loaded once
        print(f"memory of the server: {memory_of(process)} before", flush=True)
        for _ in range(options.crowds):
            one_crowd(process, port, options)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


if __name__ == "__main__":
    main()
