"""``dosimetry audit``: exit codes, what is printed and written; and the script of public event reports."""

import re

import pandas as pd
import pytest
from audit_frames import frame_of, one_row, random_frame
from cases import ROOT
from isolated import run_python

from dosimetry import audit
from dosimetry.cli import main

ACTIVITY = "recorded_administered_activity_gbq"


@pytest.fixture
def clean(tmp_path):
    """A table in which every record agrees."""
    frame = random_frame(50)
    frame[ACTIVITY] = audit.replan(frame)["administered_activity_gbq"].round(4)
    path = tmp_path / "table.csv"
    frame.to_csv(path, index=False)
    return path


def run(*arguments: object, capsysbinary) -> tuple[int, str, str]:
    code = main(["audit", *map(str, arguments)])
    out, err = capsysbinary.readouterr()
    return code, out.decode(), err.decode()


def test_all_agree_is_exit_0_with_a_summary_and_a_report(clean, capsysbinary, tmp_path):
    code, out, err = run(clean, "--output", tmp_path / "out.csv", capsysbinary=capsysbinary)
    assert (code, err) == (0, "")
    assert out.startswith("50 rows: 50 agrees, 0 differs, 0 far, 0 not recorded, 0 refused\n")
    html = (tmp_path / "out.html").read_text("utf-8")
    assert html.count("<svg") == 2
    assert "Rows by grade" in html
    assert len(pd.read_csv(tmp_path / "out.csv")) == 50


def test_a_parquet_audit_runs_again_beside_its_own_report_and_beside_no_other(clean, capsysbinary, tmp_path):
    for _ in range(2):
        assert run(clean, "--output", tmp_path / "out.parquet", capsysbinary=capsysbinary)[0] == 0
    (tmp_path / "out.html").write_text("my own text", encoding="utf-8")
    code, _, err = run(clean, "--output", tmp_path / "out.parquet", capsysbinary=capsysbinary)
    assert code == 2
    assert "out.html is there already and would be lost" in err
    assert (tmp_path / "out.html").read_text("utf-8") == "my own text"


@pytest.mark.parametrize("change", [{ACTIVITY: 99.0}, {"lung_mass_kg": "5 kg"}])
def test_a_difference_or_a_bad_row_is_exit_1(clean, capsysbinary, tmp_path, change):
    frame = pd.read_csv(clean, dtype=object)
    for name, value in change.items():
        frame.loc[7, name] = value
    frame.to_csv(clean, index=False)
    code, out, _ = run(clean, "--output", tmp_path / "out.csv", capsysbinary=capsysbinary)
    assert code == 1
    assert "50 rows: 50 agrees" not in out
    assert ("1 of them far off\nRecords that are far off count in mean difference" in out) == (ACTIVITY in change)
    assert ("that are far off (1) count" in (tmp_path / "out.html").read_text("utf-8")) == (ACTIVITY in change)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.csv"], "is not there"),
        ([__file__], "must end in"),
        (["TABLE", "--map", "nowhere.toml"], "nowhere.toml"),
        (["TABLE", "--scheduler", "tcp://127.0.0.1:1"], "--scheduler needs --engine dask"),
        (["TABLE", "--engine", "dask"], "reads .parquet tables"),
        (["."], "must end in"),
        (["TABLE", "--map", "."], "the mapping cannot be opened"),
        (["TABLE", "TABLE"], "table.csv is named more than once; every row of it would count as often."),
    ],
)
def test_what_cannot_be_used_is_exit_2_with_a_sentence_and_nothing_on_standard_output(
    clean, capsysbinary, tmp_path, arguments, words
):
    given = [str(clean) if argument == "TABLE" else argument for argument in arguments]
    code, out, err = run(*given, "--output", tmp_path / "out.csv", capsysbinary=capsysbinary)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err
    assert not list(tmp_path.glob("*.parts")), "nothing could go on from an audit without a part"


def test_a_table_without_any_record_is_exit_2(clean, capsysbinary, tmp_path):
    pd.read_csv(clean).drop(columns=ACTIVITY).to_csv(clean, index=False)
    code, out, err = run(clean, "--output", tmp_path / "out.csv", capsysbinary=capsysbinary)
    assert (code, out) == (2, "")
    assert "no column holds a record, so that there is nothing to compare" in err
    assert "Name it recorded_administered_activity_gbq, or map it to such a field." in err
    assert "replan" not in err
    assert not list(tmp_path.glob("*.parts"))


@pytest.mark.parametrize("lost", ["out.csv", "out.html"])
def test_a_file_that_is_there_already_is_exit_2_and_stays(clean, capsysbinary, tmp_path, lost):
    (tmp_path / lost).write_text("precious")
    code, out, err = run(clean, "--output", tmp_path / "out.csv", capsysbinary=capsysbinary)
    assert (code, out) == (2, "")
    assert f"{lost} is there already and would be lost; move or remove it, or name another output." in err
    assert (tmp_path / lost).read_text() == "precious"


@pytest.mark.parametrize("tolerance", ["5", "0", "five", "nan"])
def test_a_tolerance_outside_its_range_is_exit_2(clean, tmp_path, tolerance):
    with pytest.raises(SystemExit) as caught:
        main(["audit", str(clean), "--output", str(tmp_path / "out.csv"), "--tolerance", tolerance])
    assert caught.value.code == 2


def test_two_tables_are_one_audit(clean, capsysbinary, tmp_path):
    second = tmp_path / "second.csv"
    second.write_bytes(clean.read_bytes())
    code, out, _ = run(clean, second, "--output", tmp_path / "out.parquet", capsysbinary=capsysbinary)
    assert code == 0
    assert out.startswith("100 rows: 100 agrees")
    assert len(pd.read_parquet(tmp_path / "out.parquet")) == 100
    pd.read_csv(second).drop(columns="center").to_csv(second, index=False)
    code, _, err = run(clean, second, "--output", tmp_path / "other.csv", capsysbinary=capsysbinary)
    assert (code, "has other columns than table.csv: center" in err) == (2, True)


def test_text_of_a_table_is_literal_in_the_report(capsysbinary, tmp_path):
    """B117: markup in a label, a center or a file name is shown and never run."""
    frame = frame_of(one_row(center="<script>alert(1)</script>", **{ACTIVITY: 1.0}))
    frame.to_csv(tmp_path / "<b>table.csv", index=False)
    run(tmp_path / "<b>table.csv", "--output", tmp_path / "out.csv", capsysbinary=capsysbinary)
    html = (tmp_path / "out.html").read_text("utf-8")
    assert "<script" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html


def test_the_charts_of_a_report_draw_every_row(clean, capsysbinary, tmp_path):
    frame = pd.read_csv(clean)
    frame.loc[:9, ACTIVITY] *= 1.205
    frame.to_csv(clean, index=False)
    run(clean, "--output", tmp_path / "out.csv", capsysbinary=capsysbinary)
    html = (tmp_path / "out.html").read_text("utf-8")
    assert html.count("<circle") == 50
    assert "rows)" not in html, "the title of a chart that draws every row says nothing of some"
    histogram = html[html.index("Distribution of the differences") : html.index("<circle")]
    heights = [float(height) for height in re.findall(r'<rect [^>]*height="([0-9.]+)"', histogram)]
    far_off = min(heights)
    assert (sum(heights) - far_off) / far_off == pytest.approx(4.0, rel=0.02)


DEPARTMENT, MAPPING = (ROOT / "examples" / name for name in ("department.csv", "department-mapping.toml"))


def test_another_departments_table_is_audited_as_the_readme_says(capsysbinary, tmp_path):
    """Made by hand: row 2 has the shunt on the wrong side, row 5 is 10 % low, row 6 has GBq in the column of mCi."""
    code, out, _ = run(DEPARTMENT, "--map", MAPPING, "--output", tmp_path / "out.csv", capsysbinary=capsysbinary)
    assert code == 1
    assert out.replace(str(tmp_path / "out"), "audited") in (ROOT / "README.md").read_text("utf-8")
    rows = pd.read_csv(tmp_path / "out.csv").set_index("case_id")
    grades = ["agrees", "far", "agrees", "agrees", "differs", "far", "refused", "agrees"]
    assert rows["grade"].tolist() == grades
    assert rows["slips"].dropna().to_dict() == {"2025-002": "shunt_multiplied", "2025-006": "mci_for_gbq"}
    assert "tumor_normal_ratio must be a number; got 'high'" in rows["problems"]["2025-007"]


def test_describe_says_what_would_be_read_and_computes_nothing(capsysbinary, tmp_path):
    code, out, err = run(DEPARTMENT, "--map", MAPPING, "--describe", capsysbinary=capsysbinary)
    assert (code, err) == (1, "")
    assert "  lung_shunt_fraction [fraction]: read, 8 of 8 given\n" in out
    assert "  tumor_normal_ratio: read, 8 of 8 given, 1 refused: tumor_normal_ratio must be a number; got 'high'" in out
    assert "First in row 7, where 'T/N' is 'high'.\n" in out
    assert "  8 rows, 1 refused\n" in out
    code, out, _ = run(DEPARTMENT, "--describe", capsysbinary=capsysbinary)
    assert code == 1
    assert "did you mean 'lung_mass_kg'?" in out
    assert run("nowhere.csv", "--describe", capsysbinary=capsysbinary)[0] == 2


def test_describe_refuses_what_the_audit_refuses_as_a_whole(clean, capsysbinary, tmp_path):
    frame = pd.read_csv(clean)
    (tmp_path / "more").mkdir()
    bare, other = tmp_path / "bare.csv", tmp_path / "more" / clean.name
    frame.drop(columns=ACTIVITY).to_csv(bare, index=False)
    frame.assign(nurse="x").to_csv(other, index=False)
    for tables, sentence in (
        ([bare], "no column holds a record, so that there is nothing to compare."),
        ([clean, other], "table.csv has other columns than table.csv: nurse."),
        ([clean, clean.parent / "more" / ".." / clean.name], "is named more than once"),
    ):
        code, out, err = run(*tables, "--output", tmp_path / "out.csv", capsysbinary=capsysbinary)
        assert (code, out) == (2, "")
        assert sentence in err
        described, out, err = run(*tables, "--describe", capsysbinary=capsysbinary)
        assert described != 0
        assert sentence in out + err
        assert out.count("table.csv:\n") == (2 if other in tables else 0)
    assert run(clean, "--describe", capsysbinary=capsysbinary)[0] == 0


def test_describe_says_that_a_wrong_unit_refuses_every_row(capsysbinary, tmp_path):
    table, mapping = tmp_path / "table.csv", tmp_path / "map.toml"
    pd.read_csv(DEPARTMENT, dtype=str).drop(index=6).to_csv(table, index=False)
    text = MAPPING.read_text("utf-8")
    assert text.count('unit = "%"') == 1
    mapping.write_text(text.replace('unit = "%"', 'unit = "fraction"'), encoding="utf-8")
    code, out, _ = run(table, "--map", mapping, "--describe", capsysbinary=capsysbinary)
    assert code == 1
    assert "  7 rows, 7 refused\n" in out
    assert "Did you enter a percentage? Divide by 100. First in row 1, where 'LSF %' is '8.5'." in out


def test_the_example_recomputes_public_events_and_finds_those_that_contradict_themselves():
    lines = run_python(str(ROOT / "examples" / "us_events.py")).splitlines()
    events = pd.read_csv(ROOT / "examples" / "us-events.csv")
    assert sum(not line.startswith(" ") for line in lines) == len(events) + 1
    wrong = [lines[place - 1][:5] for place, line in enumerate(lines) if "contradicts its own figures" in line]
    assert wrong == ["47404", "56079"]
    assert any(
        "49450" in lines[place - 1] and "11.87" in line for place, line in enumerate(lines) if "rounding" in line
    )
    assert [line for line in lines if line.startswith("56079")] == [
        "56079: 351.8 of 440 Gy: 20.05 % too little, 20 % reached"
    ]
    assert lines[-1] == "55060: 4 parts, together 80.4% delivered"


def test_the_audit_is_not_loaded_with_the_library():
    assert "False" in run_python("-c", "import sys, dosimetry, dosimetry.cli; print('pandas' in sys.modules)")
