"""The summary and the report of an audit: what is counted for which quantity, and what is listed."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from audit_frames import frame_of, one_row

from dosimetry import audit
from dosimetry.audit import charts
from dosimetry.audit import mapping as mappings
from dosimetry.audit.audit_report import Subject, document, lines
from dosimetry.audit.notable_rows import MOST_FAR, MOST_REASONS, refusals, refusals_together
from dosimetry.audit.report_lists import refused_blocks
from dosimetry.audit.tallying import tally, tally_from, together
from dosimetry.report.document import Facts, Paragraph, Table
from dosimetry.report.html_report import render

ACTIVITY, LUNGS = "recorded_administered_activity_gbq", "recorded_lung_dose_gy"
TYPED = {"prescription_model": "activity", "prescription_target": None, "target_dose_gy": np.nan,
         "prescribed_activity_gbq": 1.0}  # fmt: skip
SUBJECT = Subject(("department.csv",), "audited.csv", 0.05, "2026-11-29T01:00:00Z")


def compared(*rows: dict) -> pd.DataFrame:
    return audit.compare(audit.replan(frame_of(*(one_row(**{**TYPED, **row}) for row in rows)), errors="mark"))


def blocks(frame: pd.DataFrame, kind: type, subject: Subject = SUBJECT) -> list:
    return [block for block in document(tally(frame), subject).blocks if isinstance(block, kind)]


def table(frame: pd.DataFrame, title: str, subject: Subject = SUBJECT) -> Table:
    """The table whose first column has a title."""
    return next(block for block in blocks(frame, Table, subject) if block.columns[0].title == title)


def test_what_is_no_day_of_the_calendar_is_in_no_month():
    dates = ["2025-02-28", "2025-02-31", "2025-13-45", "2025-02-10 08:15", "28.02.2025", None]
    found = audit.summary(compared(*({"treatment_date": date, ACTIVITY: 1.0} for date in dates)))
    months = found[found["by"] == "period"].set_index("value")["rows"].to_dict()
    assert months == {"2025-02": 2, "not stated": 4}


def test_far_rows_are_counted_for_the_quantity_that_is_far():
    """Lungs of no shunt take no dose: what is recorded for them has nothing to be relative to."""
    lungs = 49.67 * 0.12
    frame = compared(
        {ACTIVITY: 1.0, LUNGS: lungs}, {ACTIVITY: 2.0, LUNGS: lungs}, {ACTIVITY: 1.0, LUNGS: 2 * lungs},
        {ACTIVITY: 1.5, LUNGS: lungs}, {ACTIVITY: 1.0, LUNGS: 5.0, "lung_shunt_fraction": 0.0},
    )  # fmt: skip
    whole = audit.summary(frame).iloc[0]
    assert whole["far"] == 4
    assert whole[["far_administered_activity_gbq", "endless_administered_activity_gbq"]].tolist() == [2, 0]
    assert whole[["far_lung_dose_gy", "endless_lung_dose_gy", "n_lung_dose_gy"]].tolist() == [1, 1, 4]
    told = [block.text for block in blocks(frame, Paragraph)]
    assert any("far off (2) count" in text for text in told)
    assert any("far off (1) count" in text for text in told)
    assert any("zero was computed (1)" in text for text in told)
    assert "4 compared" in lines(tally(frame))
    assert "1 more where zero was computed" in lines(tally(frame))


def test_the_difference_of_a_slip_is_that_of_the_quantity_it_was_named_for():
    lungs = 49.67 * 0.12 / (1 - 0.08)
    frame = compared({ACTIVITY: 1.01, LUNGS: f"{lungs:.4f}"}, {ACTIVITY: 1.0, LUNGS: f"{lungs:.4f}"})
    found = audit.summary(frame)
    slip = found[(found["by"] == "slip") & (found["value"] == "vial_for_administered")].iloc[0]
    assert slip[["rows", "n_administered_activity_gbq", "n_lung_dose_gy"]].tolist() == [2, 0, 2]
    assert slip["bias_lung_dose_gy"] == pytest.approx(1 / 0.92 - 1, rel=1e-3)
    rows = [row for row in table(frame, "Slip").rows if row[0].startswith("activity in the vial")]
    assert [row[1:4] for row in rows] == [("lung dose", "2", "+8.696 %")]


def test_the_report_lists_why_rows_were_refused_and_the_records_that_are_far_off():
    rows = [{"case_id": f"A{row}", "territory_name": "right", ACTIVITY: 1.0} for row in range(4)]
    rows[1] |= {"lung_shunt_fraction": 12.0}
    rows[2] |= {"lung_shunt_fraction": 850.0}
    rows[3] |= {ACTIVITY: 27.03}
    frame = compared(*rows)
    (reason,) = table(frame, "Reason").rows
    assert reason[0].startswith("lung_shunt_fraction must be")
    assert "850" not in reason[0]
    assert reason[1:] == ("2", "2, 3")
    (far,) = table(frame, "Row").rows
    assert far[:3] == ("4", "A3", "right")
    assert far[4:7] == ("27.03\N{NO-BREAK SPACE}GBq", "1.000\N{NO-BREAK SPACE}GBq", "+2603 %")
    assert far[7] == "mCi taken for GBq, or the reverse"


def test_rows_refused_by_one_rule_are_one_reason_whatever_values_its_sentence_holds():
    told = pd.DataFrame(
        {
            "problems": [
                "territories sum to 200.01 mL, more than the liver; got 150. device is missing.",
                "territories sum to 201.5 mL, more than the liver; got 151.",
                "case_id 'Dr. A; got 1' looks like 'dr. a; got 1'. Write it in one way.",
                "",
                "case_id 'F032' looks like 'f032'. Write it in one way. device is missing.",
                "Is it one case? device is missing.",
            ]
        }
    )
    expected = {
        "territories sum to 200.01 mL, more than the liver.": (2, "1, 2"),
        "case_id 'Dr. A; got 1' looks like 'dr. a; got 1'.": (2, "3, 5"),
        "Is it one case?": (1, "6"),
    }
    for found in (refusals(told), refusals_together([refusals(told.iloc[:1]), refusals(told.iloc[1:])])):
        held = zip(found["reason"], found["count"], found["rows"], strict=True)
        assert {reason: (count, rows) for reason, count, rows in held} == expected


def test_the_report_lists_the_most_frequent_reasons_and_how_many_more_there_are():
    words = [chr(ord("a") + place) for place in range(MOST_REASONS + 5)]
    told = pd.DataFrame(
        {"problems": [f"{word} is missing." for place, word in enumerate(words) for _ in range(place + 1)]}
    )
    listed, more = list(refused_blocks(replace(tally(compared({ACTIVITY: 1.0})), refused=refusals(told))))[2:]
    assert [row[:2] for row in listed.rows[:2]] == [("y is missing.", "25"), ("x is missing.", "24")]
    assert len(listed.rows) == MOST_REASONS
    assert more.text == "Rows refused for 5 more reasons: 15."


def test_the_lists_of_pieces_are_those_of_the_whole_and_are_bounded():
    factors = np.linspace(1.3, 9.0, 3 * MOST_FAR)
    rows = [{ACTIVITY: factor} for factor in factors]
    rows += [{ACTIVITY: 1.0, "perfused_volume_ml": -1.0}] * 8
    frame = compared(*rows)
    whole = tally(frame)
    parts = [tally(frame.iloc[start : start + 40]) for start in range(0, len(frame), 40)]
    added = together(tally_from(json.loads(json.dumps(part.plain()))) for part in parts)
    assert len(whole.far) == MOST_FAR
    assert whole.far["row"].tolist() == [str(row) for row in range(3 * MOST_FAR, 2 * MOST_FAR, -1)]
    pd.testing.assert_frame_equal(added.far, whole.far)
    pd.testing.assert_frame_equal(added.refused, whole.refused, check_dtype=False)


def test_the_report_says_with_what_and_how_the_tables_were_read():
    plain = {
        "columns": {
            "Activity": {"field": ACTIVITY, "unit": "mCi"}, "Product": {"field": "device", "words": {"T": "glass"}},
        },
        "constants": {"convention": "eanm"},
    }  # fmt: skip
    frame = compared({ACTIVITY: 1.0})
    subject = replace(SUBJECT, mapping=mappings.mapping_from(plain))
    read = table(frame, "Column of the table", subject).rows
    assert read[0][:3] == ("Activity", "administered activity, recorded", "mCi")
    assert read[1][3] == "T is glass"
    assert read[2] == ("every row", "Convention", "\N{EN DASH}", "eanm")
    (facts,) = [block for block in blocks(frame, Facts) if block.pairs[0][0] == "Tables"]
    assert dict(facts.pairs)["Tolerance"] == "5 %"
    assert "reference data" in dict(facts.pairs)["Computed by"]


def test_models_and_devices_are_named_in_words_and_the_fineness_of_a_slip_is_told():
    frame = compared({ACTIVITY: 1.0}, {ACTIVITY: 27.03})
    assert [row[0] for row in table(frame, "Model").rows] == ["typed activity"]
    assert [row[0] for row in table(frame, "Device").rows] == ["TheraSphere (glass, Y-90)"]
    told = " ".join(block.text for block in blocks(frame, Paragraph))
    assert "half of the last digit" in told
    assert "one percent, or half of the tolerance" in told


def test_a_zero_has_no_sign_on_an_axis():
    drawn = charts.points(np.array([1.0, 2.0]), np.array([-3e-14, 1e-14]), [], x="x", y="y")
    drawn += charts.points(np.array([1.0, 2.0]), np.array([0.0, 5.0]), [], x="x", y="y")
    assert ">-0<" not in drawn
    assert ">0<" in drawn
    report = render(document(tally(compared({ACTIVITY: 1.0})), SUBJECT), "a4").decode()
    assert ">-0<" not in report
    assert "color-scheme: light" in report


NOT_FRAMES = [{}, [], None, "table.csv", 5, np.zeros(3)]


@pytest.mark.parametrize("value", NOT_FRAMES, ids=str)
def test_what_is_no_frame_is_refused_with_a_sentence(value):
    with pytest.raises(audit.TableError, match="needs the result of replan, a DataFrame; got a value of type"):
        audit.compare(value)
    with pytest.raises(audit.TableError, match="needs the result of compare, a DataFrame; got a value of type"):
        audit.summary(value)


@pytest.mark.parametrize(
    "tolerance", [None, "0.05", [], {}, pd.NA, True, frame_of(one_row())], ids=lambda each: type(each).__name__
)
def test_a_tolerance_that_is_no_number_is_refused_with_a_sentence(tolerance):
    replanned = audit.replan(frame_of(one_row(**{ACTIVITY: 1.0})))
    with pytest.raises(ValueError, match="tolerance must be in"):
        audit.compare(replanned, tolerance)


@pytest.mark.parametrize("lesions", [{}, [], pd.DataFrame(), pd.DataFrame({"lesion_name": ["a"]})], ids=str)
def test_lesions_that_cannot_be_joined_are_refused_with_a_sentence(lesions):
    replanned = audit.replan(frame_of(one_row(case_id=1, **{ACTIVITY: 1.5})))
    with pytest.raises(audit.TableError, match="the table of lesions"):
        audit.compare(replanned, lesions=lesions)


def test_frames_that_were_changed_are_refused_with_a_sentence():
    replanned = audit.replan(frame_of(one_row(**{ACTIVITY: 1.5})))
    found = audit.compare(replanned)
    with pytest.raises(audit.TableError, match="compared already"):
        audit.compare(found)
    for wrong in ("False", 1, None):
        with pytest.raises(audit.TableError, match="is_valid must hold true or false"):
            audit.compare(replanned.assign(is_valid=wrong))
    for name in ("slips", "administered_activity_gbq", "grade", "problems", ACTIVITY):
        with pytest.raises(audit.TableError, match=f"has no column {name}"):
            audit.summary(found.drop(columns=name))
    with pytest.raises(audit.TableError, match="has no difference"):
        audit.summary(found.drop(columns="difference_administered_activity_gbq"))
    with pytest.raises(audit.TableError, match="must be a column of numbers"):
        audit.summary(found.assign(difference_administered_activity_gbq="much"))
    with pytest.raises(audit.TableError, match="more than once"):
        audit.summary(pd.concat([found, found[["grade"]]], axis=1))
