"""The command line: exit codes, messages on standard error, nothing on standard output when it refuses."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from cases import EXAMPLES

from dosimetry.schema import case_schema

ROOT = Path(__file__).parent.parent
LOBAR = ROOT / "examples" / "glass-lobar.json"
AT = "2026-01-31T09:30:00Z"


def dosimetry(*arguments, given=None):
    command = [sys.executable, "-m", "dosimetry", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, input=given, capture_output=True, check=False)


def refused(*arguments, given=None):
    """The messages of a command that must refuse."""
    done = dosimetry(*arguments, given=given)
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"Traceback" not in done.stderr
    return done.stderr.decode()


def test_plan_prints_the_plan_of_a_file_and_of_standard_input():
    from_file = dosimetry("plan", LOBAR, "--at", AT)
    assert from_file.returncode == 0
    printed = json.loads(from_file.stdout)
    assert printed["territories"][0]["administered_activity_gbq"] == pytest.approx(1.544464, abs=5e-7)
    assert printed["computed_at"] == AT
    assert dosimetry("plan", "-", "--at", AT, given=LOBAR.read_bytes()).stdout == from_file.stdout


def test_an_instant_in_another_zone_is_the_same_instant():
    elsewhere = dosimetry("plan", LOBAR, "--at", "2026-01-31T18:30:00+09:00")
    assert elsewhere.stdout == dosimetry("plan", LOBAR, "--at", AT).stdout


@pytest.mark.parametrize("instant", ["2026-01-31", "2026-01-31T09:30:00", "yesterday", "2026-02-30T00:00:00Z"])
def test_an_instant_without_zone_or_that_does_not_exist_is_refused(instant):
    assert "2026-01-31T09:30:00Z" in refused("plan", LOBAR, "--at", instant)


@pytest.mark.parametrize("ending", [".pdf", ".html", ".txt", ".csv", ".json"])
def test_report_writes_every_format(tmp_path, ending):
    done = dosimetry("report", LOBAR, "--output", tmp_path / f"report{ending}", "--at", AT, "--page", "letter")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (tmp_path / f"report{ending}").stat().st_size > 1000


def test_refusals_of_files(tmp_path):
    assert "No such file" in refused("plan", tmp_path / "missing.json")
    assert "No such file" in refused("report", LOBAR, "--output", tmp_path / "none" / "r.pdf")
    assert "ending must be one of" in refused("report", LOBAR, "--output", tmp_path / "r.doc")
    assert "is not JSON" in refused("plan", "-", given=b"")
    assert "is not JSON" in refused("verify", "-", given=b"x")
    assert "no plan of format version 1" in refused("verify", "-", given=LOBAR.read_bytes())


def test_all_problems_of_a_case_stand_on_standard_error():
    case = json.loads(LOBAR.read_text(encoding="utf-8"))
    case["lung"]["shunt_fraction"] = 5
    case["device"] = "glas"
    case["territories"][0]["perfused_volume_mL"] = 1
    messages = refused("plan", "-", given=json.dumps(case).encode())
    assert "lung.shunt_fraction: lung_shunt_fraction must be in [0, 1); got 5." in messages
    assert "Did you enter a percentage? Divide by 100." in messages
    assert "device: device must be one of glass, resin, holmium; got 'glas'." in messages
    assert "territories[0].perfused_volume_mL: the key is not known. Did you mean 'perfused_volume_ml'?" in messages


def test_a_report_that_needs_acknowledgement_lists_the_ids(tmp_path):
    case = json.loads(LOBAR.read_text(encoding="utf-8"))
    case["lung"]["shunt_fraction"] = 0.25
    messages = refused("report", "-", "--output", tmp_path / "r.pdf", given=json.dumps(case).encode())
    assert "unusual_lung_shunt_fraction@lung.shunt_fraction" in messages
    assert not (tmp_path / "r.pdf").exists()


def test_verify_agrees_with_a_fresh_plan_and_names_a_changed_number():
    stored = dosimetry("plan", LOBAR, "--at", AT).stdout
    assert dosimetry("verify", "-", given=stored).returncode == 0
    changed = json.loads(stored)
    changed["territories"][0]["administered_activity_gbq"] *= 1.001
    done = dosimetry("verify", "-", given=json.dumps(changed).encode())
    assert done.returncode == 1
    assert "territories[0].administered_activity_gbq" in done.stdout.decode()


def test_the_schema_accepts_the_examples_and_refuses_what_the_reader_refuses():
    schema = json.loads(dosimetry("schema").stdout)
    assert schema == json.loads(json.dumps(case_schema()))
    jsonschema.Draft202012Validator.check_schema(schema)
    for path in EXAMPLES:
        jsonschema.validate(json.loads(path.read_text(encoding="utf-8")), schema)
    case = json.loads(LOBAR.read_text(encoding="utf-8"))
    for path, value in (("device", "glas"), ("format_version", 2), ("lung", {"shunt_fraction": 5}), ("foo", 1)):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(case | {path: value}, schema)


def test_without_a_command_the_usage_is_shown():
    assert "usage: dosimetry" in refused()
