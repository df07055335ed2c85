"""Another Python: what the library does in a process of its own."""

import os
import subprocess
import sys

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
