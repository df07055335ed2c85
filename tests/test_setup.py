"""run.py and the files a set-up depends on. Nothing is installed here."""

import ast
import importlib.util
import itertools
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
SOURCE = (ROOT / "run.py").read_text("utf-8")


def load(path):
    spec = importlib.util.spec_from_file_location("run", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Calls:
    """Stands in for run.call: remembers what was asked, makes the Python that venv would make, fails where told to."""

    def __init__(self, run):
        self.run, self.made, self.failing = run, [], ()

    def __call__(self, python, *arguments):
        self.made.append(arguments)
        if arguments[0] == "venv":
            self.run.PYTHON.parent.mkdir(parents=True, exist_ok=True)
            self.run.PYTHON.touch()
        return int(arguments[0] in self.failing)

    def programs(self):
        return [arguments[0] for arguments in self.made]


@pytest.fixture
def run(tmp_path):
    """Give run.py as it stands in a project of its own."""
    for name in ("run.py", "pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return load(tmp_path / "run.py")


@pytest.fixture
def calls(run, monkeypatch):
    recorder = Calls(run)
    monkeypatch.setattr(run, "call", recorder)
    return recorder


@pytest.mark.parametrize("arguments", [[], ["serve"], ["--help"]])
def test_an_unknown_command_prints_the_usage(run, calls, capsys, arguments):
    assert run.main(arguments) == 2
    assert "run.py app" in capsys.readouterr().err
    assert calls.made == []


def test_an_old_python_is_told_what_is_needed(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 1))
    with pytest.raises(SystemExit, match=r"^This project needs Python 3\.11 or newer; this is Python 3\.10\.$"):
        load(ROOT / "run.py")


def test_an_old_python_can_parse_it():
    tree = ast.parse(SOURCE, feature_version=(3, 4))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Nonlocal)
    assert not [node for node in ast.walk(tree) if isinstance(node, newer)]
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert not [node.name for node in functions if node.args.kwonlyargs or node.returns]
    # Before the version check nothing is imported that an old Python lacks.
    before_check = SOURCE[: SOURCE.index("sys.version_info")]
    assert re.findall(r"^import (\w+)", before_check, re.MULTILINE) == ["os", "sys"]


def test_it_needs_the_standard_library_only():
    imported = re.findall(r"^(?:import|from) (\w+)", SOURCE, re.MULTILINE)
    assert set(imported) <= sys.stdlib_module_names


def test_the_second_start_installs_nothing(run, calls, capsys):
    run.set_up()
    assert calls.programs() == ["venv", "pip", "uv"]
    assert capsys.readouterr().out.count("\n") == 1
    run.set_up()
    assert len(calls.made) == 3
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_changed_file_installs_again(run, calls, name):
    run.set_up()
    with (run.ROOT / name).open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    assert not run.is_current()
    run.set_up()
    assert calls.programs() == ["venv", "pip", "uv"] * 2


def test_another_python_or_a_moved_folder_installs_again(run, calls, monkeypatch):
    run.set_up()
    for name, value in [("sys.version", "4.0"), ("sys.base_prefix", "elsewhere")]:
        with monkeypatch.context() as patch:
            patch.setattr(name, value)
            assert not run.is_current()
    assert run.is_current()
    old = run.fingerprint()
    monkeypatch.setattr(run, "ROOT", ROOT)
    assert run.fingerprint() != old


def test_a_failed_installation_leaves_no_stamp(run, calls):
    run.set_up()
    (run.ROOT / "constraints.txt").write_text("changed\n", "utf-8")
    calls.failing = ("uv", "pip")
    with pytest.raises(SystemExit, match="could not be installed"):
        run.set_up()
    assert not run.STAMP.exists()


def test_pip_takes_over_where_uv_fails(run, calls):
    calls.failing = ("uv",)
    run.set_up()
    assert calls.programs() == ["venv", "pip", "uv", "pip"]
    assert calls.made[-1][-2:] == ("--editable", ".[app,cluster,report,test]")
    assert "constraints.txt" in calls.made[-1]
    assert run.is_current()


def test_a_debian_without_venv_is_told_the_line_that_helps(run, calls, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="sudo apt-get install python3-venv"):
        run.set_up()
    assert calls.made == []


def test_only_an_environment_of_another_python_is_cleared(run, calls):
    run.make_environment()
    venv.create(run.ENVIRONMENT, clear=True)
    run.make_environment()
    folder = str(run.ENVIRONMENT)
    assert calls.made == [("venv", "--clear", folder), ("venv", folder)]


def test_ctrl_c_while_installing_is_quiet(run, monkeypatch):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "call", interrupted)
    assert run.main(["test"]) == 130
    assert not run.is_current()


@pytest.mark.parametrize(("job", "module"), [("app", "streamlit"), ("test", "pytest")])
def test_the_job_gets_its_arguments_and_gives_its_exit_code(run, tmp_path, job, module):
    """The environment here is empty, so `-m` finds the stand-in that lies in the root folder."""
    venv.create(run.ENVIRONMENT)
    run.STAMP.write_text(run.fingerprint(), "ascii")
    (tmp_path / (module + ".py")).write_text("import sys; print(sys.argv[1:]); sys.exit(7)", "utf-8")
    command = [sys.executable, str(tmp_path / "run.py"), job, "--extra", "a b"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 7, done.stderr
    started, arguments = done.stdout.splitlines()
    assert started == f"Starting {job} ..."
    assert ast.literal_eval(arguments)[-2:] == ["--extra", "a b"]
    if job == "app":
        assert {"--browser.gatherUsageStats=false", "--server.address=127.0.0.1"} < set(ast.literal_eval(arguments))


def test_constraints_hold_a_name_and_a_version_in_every_line_and_pin_all_we_ask_for():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[0-9.]+", line)] == []
    pins = dict(line.split("==") for line in lines)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    for requirement in map(Requirement, itertools.chain.from_iterable(groups)):
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), requirement


def test_the_form_stays_private_and_protected():
    settings = tomllib.loads((ROOT / ".streamlit/config.toml").read_text("utf-8"))
    assert settings["browser"] == {"gatherUsageStats": False}
    assert settings["server"] == {
        "address": "127.0.0.1",
        "showEmailPrompt": False,
        "maxUploadSize": 5,
        "maxMessageSize": 20,
        "fileWatcherType": "none",
        "enableXsrfProtection": True,
        "enableCORS": True,
        "enableStaticServing": False,
        "disconnectedSessionTTL": 600,
    }
    assert settings["client"] == {
        "toolbarMode": "minimal",
        "showErrorDetails": "none",
        "showErrorLinks": False,
        "disableDataExport": True,
    }
