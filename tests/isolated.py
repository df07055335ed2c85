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


PRINT_PEAK_KB = """
import sys
from pathlib import Path
status = Path("/proc/self/status")
if status.is_file():
    print(next(line for line in status.read_text().splitlines() if line.startswith("VmHWM")).split()[1])
elif sys.platform == "win32":
    import psutil
    print(psutil.Process().memory_info().peak_wset // 1024)
else:
    import resource
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
"""A program that prints the peak memory of its process on any system. Linux counts the starter in with getrusage."""
