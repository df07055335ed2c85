"""What a test must not share with its neighbors: a process of its own, and the time the processor gave it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from cases import ROOT


def run_python(*arguments: str, **environment: str) -> str:
    """What a new Python says to its arguments, in a changed environment; it must end well."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "TZ", "PYTHON"))}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**kept, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def shortest_time(call: Callable[[], Any], *, tries: int = 3) -> float:
    """Processor time of a call in s, the shortest of a few: what other programs do at the same time does not count."""
    times = []
    for _ in range(tries):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return min(times)
