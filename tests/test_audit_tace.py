"""A table of chemoembolizations: each row is what its plan is, bad rows stay with every rule they break."""

import json

import numpy as np
import pandas as pd
import pytest
from cases import LEFT_OUT, changed, planned
from golden import half_last_digit
from golden import rows as golden_rows
from golden_tace import tace_case
from tace_cases import bland, ctace, deb

from dosimetry import CaseError, plan, reference
from dosimetry.audit import TableError, replan_tace
from dosimetry.audit.tace_reading import fields
from dosimetry.audit.tace_replanning import OF_CASE, OF_DOSE, OF_ENDS, OF_SCORES, OUTPUTS
from dosimetry.case_file import case_from_text
from dosimetry.cli import main

GOLDEN = [row for row in golden_rows("tace") if ";" not in row["earlier_mg_per_m2"]]


def flat(plain: dict) -> dict:
    """The row of a table that says what a case says."""
    row = {}
    for name, (leaf, _) in fields().items():
        inside = plain
        for step in leaf.path.split("."):
            held = None if inside is None else inside.get(step.removesuffix("[]"))
            inside = (held[0] if held else None) if step.endswith("[]") else held
        if inside is not None:
            row[name] = inside
    return row


def one_territory() -> dict:
    """The example of beads with its first territory only."""
    return changed(deb(), {"territories": [deb()["territories"][0] | {"drug_share": 1.0}]})


def table(plains: list[dict]) -> pd.DataFrame:
    return pd.DataFrame([flat(plain) for plain in plains])


def made_of(plain: dict) -> dict[str, float | None]:
    """What the plan of a case says, by the names of the columns."""
    found = planned(plain)
    scores = {score.name: score.value for score in found.scores}
    shares = {f"tumor_share_{end.end}": end.tumor_share for end in found.allocation}
    return {
        **{name: getattr(found, name) for name in (*OF_DOSE, *OF_CASE)},
        **{name: scores[name] for name in OF_SCORES if name in scores},
        **{name: shares.get(name) for name in OF_ENDS},
    }


def test_each_row_is_what_its_plan_is():
    plains = [ctace(), one_territory(), bland(), *(tace_case(given(row)) for row in GOLDEN)]
    replanned = replan_tace(table(plains))
    for place, plain in enumerate(plains):
        for name, value in made_of(plain).items():
            computed = replanned[name].iloc[place]
            assert (value is None and np.isnan(computed)) or computed == value, (place, name)


def given(row: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in row.items() if text and not name.startswith("expect_")}


def test_the_golden_doses_come_out_of_the_table():
    expected = [row for row in GOLDEN if row["expect_planned_mg"]]
    replanned = replan_tace(table([tace_case(given(row)) for row in expected]))
    for row, computed in zip(expected, replanned["planned_mg"], strict=True):
        tolerance = float(half_last_digit(row["expect_planned_mg"]))
        assert computed == pytest.approx(float(row["expect_planned_mg"]), rel=0, abs=tolerance), row["case_id"]


def test_a_bad_row_stays_with_every_rule_it_breaks_and_harms_no_other():
    bad = changed(ctace(), {"patient.age_years": 12, "drug.dose_mg_per_m2": 90, "oil": LEFT_OUT})
    mixed = changed(ctace(), {"product": "dc_bead"})
    replanned = replan_tace(table([bad, ctace(), mixed]), errors="mark")
    assert replanned["is_valid"].tolist() == [False, True, False]
    for words in ("at least 18", "range of its protocol, 50 to 75; got 90", "oil_ml is missing"):
        assert words in replanned["problems"][0]
    assert "is beads; ctace uses oil" in replanned["problems"][2]
    assert replanned["problems"][1] == ""
    assert replanned["planned_mg"].tolist()[1] == 40
    assert np.isnan(replanned["planned_mg"].to_numpy()[[0, 2]]).all()
    with pytest.raises(CaseError, match="at least 18"):
        replan_tace(table([bad, ctace()]))


def test_a_row_without_a_technique_is_refused_by_name():
    frame = table([ctace(), ctace()])
    frame.loc[0, "technique"] = None
    assert "technique is missing" in replan_tace(frame, errors="mark")["problems"][0]


def test_a_word_in_place_of_a_number_is_refused_by_name():
    frame = table([ctace()]).astype(object)
    frame.loc[0, "oil_ml"] = "ten"
    problems = replan_tace(frame, errors="mark")["problems"][0]
    assert "oil_ml must be a number" in problems
    assert "is missing" not in problems


def test_an_earlier_dose_out_of_range_is_refused_in_its_own_row():
    frame = table([changed(ctace(), {"earlier_anthracycline": []}), ctace()])
    frame.loc[1, "earlier_dose_mg_per_m2"] = 2500
    replanned = replan_tace(frame, errors="mark")
    assert replanned["is_valid"].tolist() == [True, False]
    assert "earlier_dose_mg_per_m2 must be in [2, 2000] mg/m2; got 2500" in replanned["problems"][1]


def test_a_record_gets_its_difference():
    frame = table([ctace(), ctace()]).assign(recorded_planned_mg=[40.0, 50.0])
    assert replan_tace(frame)["difference_planned_mg"].tolist() == [0.0, 0.25]


def test_findings_are_those_of_the_plan():
    plains = [ctace(), changed(ctace(), {"oil.volume_ml": 16}), one_territory()]
    replanned = replan_tace(table(plains), findings=True)
    for place, plain in enumerate(plains):
        for column, severity in (("stops", "stop"), ("cautions", "caution")):
            own = {one.id.partition("@")[0] for one in plan_of(plain).findings if one.severity == severity}
            assert set(filter(None, replanned[column][place].split(";"))) == own
    assert "OIL-ADULT" in replanned["stops"][1]


def plan_of(plain: dict):
    return plan(case_from_text(json.dumps(plain)))


@pytest.mark.parametrize(
    ("column", "words"),
    [("planned_mg", "name a record recorded_planned_mg"), ("oil_mL", "did you mean 'oil_ml'")],
)
def test_columns_that_cannot_be_meant_are_refused(column, words):
    with pytest.raises(TableError, match=words):
        replan_tace(table([ctace()]).assign(**{column: 1.0}))


def test_every_field_of_a_row_has_its_input_rule_and_no_output_bears_its_name():
    assert all(reference.field(name) for name in fields())
    assert not set(fields()) & set(OUTPUTS)


# The command


def test_the_command_writes_the_rows_and_counts_them(tmp_path, capsysbinary):
    frame = table([ctace(), one_territory(), changed(ctace(), {"patient.age_years": 12})])
    source, output = tmp_path / "sessions.csv", tmp_path / "out.csv"
    frame.assign(recorded_planned_mg=[40.0, 100.0, None]).to_csv(source, index=False)
    assert main(["audit", "--treatment", "tace", str(source), "--output", str(output)]) == 1
    assert b"3 rows, 1 refused, 1 with a record that differs by more than 0.05" in capsysbinary.readouterr().out
    written = pd.read_csv(output)
    assert written["planned_mg"].tolist()[:2] == [40, 150]
    assert "at least 18" in written["problems"][2]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--output", "out.xlsx"], "must end in .csv or .parquet"),
        (["--output", "out.csv", "--engine", "dask"], "neither --describe nor --engine dask"),
        (["--describe"], "neither --describe nor --engine dask"),
    ],
)
def test_the_command_says_what_it_does_not_do(options, words, tmp_path, capsys):
    source = tmp_path / "sessions.csv"
    table([ctace()]).to_csv(source, index=False)
    assert main(["audit", "--treatment", "tace", str(source), *options]) == 2
    assert words in capsys.readouterr().err


def test_the_command_overwrites_nothing_and_a_row_of_empty_cells_is_one_sentence(tmp_path, capsys):
    source, output = tmp_path / "sessions.csv", tmp_path / "out.csv"
    frame = table([ctace()])
    pd.concat([frame, frame.iloc[:0].reindex([0])]).to_csv(source, index=False)
    assert main(["audit", "--treatment", "tace", str(source), "--output", str(output)]) == 1
    assert pd.read_csv(output)["problems"].tolist()[1] == "every cell of this row is empty."
    written = output.read_bytes()
    assert main(["audit", "--treatment", "tace", str(source), "--output", str(output)]) == 2
    assert "is there already and would be lost" in capsys.readouterr().err
    assert output.read_bytes() == written


MAP = """
[columns]
"Drug" = {field = "drug_name", words = {"DOX" = "doxorubicin"}}
"Bilirubin" = {field = "bilirubin_mg_dl", unit = "umol/L"}
"Given (g)" = {field = "recorded_planned_mg", unit = "g"}

[constants]
technique = "ctace"
"""


def test_the_table_of_another_department_is_read_by_a_mapping_and_written_as_parquet(tmp_path):
    frame = table([ctace(), ctace()]).drop(columns=["technique", "drug_name", "bilirubin_mg_dl"])
    source, output, mapping = (tmp_path / name for name in ("theirs.csv", "out.parquet", "map.toml"))
    theirs = {"Drug": ["DOX", "DOX"], "Bilirubin": [25.656, 25.656], "Given (g)": [0.04, 0.05]}
    frame.assign(**theirs).to_csv(source, index=False)
    mapping.write_text(MAP, encoding="utf-8")
    options = ["--output", str(output), "--map", str(mapping)]
    assert main(["audit", "--treatment", "tace", str(source), *options]) == 1
    written = pd.read_parquet(output)
    assert written["is_valid"].tolist() == [True, True]
    assert written["planned_mg"].tolist() == [40, 40]
    assert written["difference_planned_mg"].tolist() == pytest.approx([0.0, 0.25])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('"Drug" = {field = "device"}', "is mapped to 'device', which is not a field"),
        ('"Given" = {field = "recorded_planned_mg"}', "needs the unit of recorded_planned_mg, one of mg, g"),
        ('"Given" = {field = "recorded_lung_dose_gy", unit = "Gy"}', "which is not a field"),
    ],
)
def test_a_mapping_knows_the_columns_of_its_treatment(line, words, tmp_path, capsys):
    source, mapping = tmp_path / "theirs.csv", tmp_path / "map.toml"
    table([ctace()]).to_csv(source, index=False)
    mapping.write_text(f"[columns]\n{line}\n", encoding="utf-8")
    options = ["--output", str(tmp_path / "out.csv"), "--map", str(mapping)]
    assert main(["audit", "--treatment", "tace", str(source), *options]) == 2
    assert words in capsys.readouterr().err
