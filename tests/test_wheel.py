"""The wheel in an empty environment, away from the checkout: it finds its tables, plans, reports, starts the form."""

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest
from pypdf import PdfReader

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.json"))
AT = ["--at", "2026-01-31T09:30:00Z"]

pytestmark = pytest.mark.wheel


class Away:
    """An environment and a folder that know nothing of the checkout, of the user's home or of its settings."""

    def __init__(self, folder, wheel):
        self.folder, self.wheel = folder / "work", wheel
        self.folder.mkdir()
        venv.create(folder / "env", with_pip=True)
        self.python = folder / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        outside = ("PYTHON", "STREAMLIT_", "VIRTUAL_ENV")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(outside)}
        self.environment |= {"HOME": str(self.folder), "USERPROFILE": str(self.folder), "PYTHONUTF8": "1"}

    def command(self, *arguments):
        return [str(self.python), *map(str, arguments)]

    def run(self, *arguments):
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel from the source archive, so that the archive is known to be complete as well."""
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [path] = out.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def away(tmp_path_factory, wheel):
    away = Away(tmp_path_factory.mktemp("away"), wheel)
    if importlib.util.find_spec("uv"):
        install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(away.python)]
    else:
        install = away.command("-m", "pip", "install", "--quiet")
    constraints = str(ROOT / "constraints.txt")
    install += ["--constraint", constraints, f"y90-dosimetry[app,report] @ {wheel.as_uri()}"]
    subprocess.run(install, check=True)
    return away


def copy_of(example, away):
    """Copy an example under a plain name, which proves that nothing beside the original is read."""
    path = away.folder / "case.json"
    path.write_bytes(example.read_bytes())
    return path


def test_the_wheel_holds_the_package_its_tables_and_examples_and_nothing_else(wheel):
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert {name.split("/")[0] for name in names} == {"dosimetry"}
    assert "dosimetry/py.typed" in names
    for source, target in [("reference_data", "_reference_data"), ("examples", "_examples")]:
        beside = {path.name for path in (ROOT / source).iterdir()}
        assert beside
        assert beside == {Path(name).name for name in names if name.startswith(f"dosimetry/{target}/")}


def test_the_package_is_the_installed_one_and_reads_the_same_tables(away):
    ask = "import dosimetry, dosimetry.reference as r; print(dosimetry.__file__); print(r.fingerprint())"
    place, fingerprint = away.run("-c", ask).split("\n")[:2]
    assert Path(place).is_relative_to(away.python.parent.parent)
    here = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)
    assert fingerprint == here.stdout.split("\n")[1]


def test_importing_it_loads_nothing_heavy_but_numpy(away):
    ask = "import sys, dosimetry; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = set(away.run("-c", ask).split())
    assert "numpy" in loaded
    assert loaded & {"altair", "jinja2", "pandas", "scipy", "streamlit", "typst"} == set()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_planned_as_in_the_checkout(away, example):
    answer = away.run("-m", "dosimetry", "plan", copy_of(example, away), *AT)
    assert json.loads(answer)["format"] == "dosimetry-plan"
    command = [sys.executable, "-m", "dosimetry", "plan", str(example), *AT]
    here = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert answer == here.stdout


def test_a_report_is_written(away):
    case = copy_of(EXAMPLES[0], away)
    away.run("-m", "dosimetry", "report", case, "--output", "report.pdf", *AT)
    text = "".join(page.extract_text() for page in PdfReader(away.folder / "report.pdf").pages)
    assert json.loads(case.read_text("utf-8"))["label"] in text


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_listening(address, port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((address, port)) == 0


def wait_until(condition, *, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.1)


def is_healthy(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5) as answer:
            return answer.read() == b"ok"
    except urllib.error.URLError:
        return False


def test_the_form_starts_with_its_settings_and_stops(away):
    port, log = free_port(), away.folder / "app.log"
    command = away.command("-m", "dosimetry", "app", "--headless", "--port", port)
    with log.open("wb") as output:
        app = subprocess.Popen(command, cwd=away.folder, env=away.environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_until(lambda: is_healthy(port) or app.poll() is not None)
            assert app.poll() is None, log.read_text("utf-8")
            if sys.platform == "linux":  # where the whole of 127.0.0.0/8 is this computer
                assert not is_listening("127.0.0.2", port), "it listens on every address"
        finally:
            app.terminate()
            app.wait(timeout=30)
    assert "usage statistics" not in log.read_text("utf-8")
    wait_until(lambda: not is_listening("127.0.0.1", port), seconds=10)
