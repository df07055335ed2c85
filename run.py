"""Set the project up and run it: `python3 run.py app` or `python3 run.py test` (on Windows `py run.py app`).

Standard library only. Even Python 2 must be able to parse this file, to be told what it lacks.
"""

import os
import sys

if sys.version_info < (3, 11):
    sys.exit("This project needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])

import hashlib
import importlib.util
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = ENVIRONMENT / "run.stamp"
PIP = ["pip", "install", "--quiet", "--constraint", "constraints.txt"]
PROJECT = ["--editable", ".[app,cluster,report,test]"]
# What builds the project is pinned as well, and pip keeps quiet about newer versions of itself.
SETTINGS = {
    "PIP_BUILD_CONSTRAINT": "constraints.txt",
    "UV_BUILD_CONSTRAINT": "constraints.txt",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}
# Flags outrank the environment and a home folder's settings: no usage statistics, reachable from this computer only.
APP = ["streamlit", "run", "app.py", "--browser.gatherUsageStats=false", "--server.address=127.0.0.1"]
# A browser belongs to the whole run, not to a plain `pytest`.
JOBS = {"app": APP, "test": ["pytest", "-m", "not wheel and not slow"]}
USAGE = "usage: run.py app [--port PORT] [streamlit options]\n       run.py test [pytest options]"
NO_VENV = "This Python cannot make virtual environments. On Debian or Ubuntu: sudo apt-get install python3-venv"


def say(text):
    print(text)
    sys.stdout.flush()  # before the next program writes


def call(python, *arguments):
    """Run a module from the root folder. Modules, because launcher programs are blocked on some hospital PCs."""
    command = [str(python), "-m"] + list(arguments)
    return subprocess.call(command, cwd=str(ROOT), env=dict(os.environ, **SETTINGS))


def fingerprint():
    """Identify what an installation depends on: two files, the Python, and the folder an editable one points to."""
    digest = hashlib.sha256("\n".join([sys.version, sys.base_prefix, str(ROOT)]).encode())
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def is_current():
    return PYTHON.exists() and STAMP.exists() and STAMP.read_text("ascii") == fingerprint()


def is_usable():
    """Tell whether the environment has a working Python of the version that runs this file."""
    try:
        answer = subprocess.check_output([str(PYTHON), "-c", "import sys; print(sys.version_info[:2])"])
    except (OSError, subprocess.CalledProcessError):
        return False
    return answer.decode().strip() == str(sys.version_info[:2])


def make_environment():
    if not importlib.util.find_spec("ensurepip"):
        sys.exit(NO_VENV)
    if call(sys.executable, "venv", *([] if is_usable() else ["--clear"]) + [str(ENVIRONMENT)]) != 0:
        sys.exit("The folder .venv could not be made; the reason stands above. If a program still uses it, close it.")


def install():
    """Install with uv, which is fast; with pip where uv does not run or does not reach the packages."""
    uv = ["uv"] + PIP + ["--python", str(PYTHON)]
    if call(PYTHON, *PIP + ["uv"]) == 0 and call(PYTHON, *uv + PROJECT) == 0:
        return
    say("uv could not install the packages. Trying pip, which is slower ...")
    if call(PYTHON, *PIP + PROJECT) != 0:
        sys.exit("The packages could not be installed; the reason stands above.")


def set_up():
    if is_current():
        return
    say("Setting up .venv and installing the packages (about a minute the first time) ...")
    STAMP.unlink(missing_ok=True)
    make_environment()
    install()
    STAMP.write_text(fingerprint(), "ascii")


def launch(command):
    """Become the command where the system can, so that signals and exit code are its own; elsewhere wait for it."""
    os.chdir(str(ROOT))
    if os.name == "posix":
        os.execv(command[0], command)
    with subprocess.Popen(command) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:  # Ctrl-C reaches the command as well: let it close down
                continue


def main(arguments):
    if not arguments or arguments[0] not in JOBS:
        sys.stderr.write(USAGE + "\n")
        return 2
    try:
        set_up()
    except KeyboardInterrupt:
        return 130
    say("Starting %s ..." % arguments[0])
    # As `dosimetry app` calls it; Streamlit knows no short name.
    options = arguments[1:]
    if arguments[0] == "app":
        options = [re.sub("^--port(?==|$)", "--server.port", each) for each in options]
    return launch([str(PYTHON), "-m"] + JOBS[arguments[0]] + options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
