"""``audit.replan``: every row is the plan of its case, bad rows are marked with all their rules, nothing moves."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from audit_frames import frame_of, one_row, plan_of, random_frame, tables, value_of
from cases import text_of
from effort import examples
from hypothesis import given, settings

from dosimetry import CaseError, audit, plan
from dosimetry.audit import dates, names
from dosimetry.case_file import case_from_text

SHOWN = [each for each in names.outputs() if each.quantity.name not in ("total_bilirubin_mg_dl", "pretreated")]


def assert_rows_are_plans(frame: pd.DataFrame, replanned: pd.DataFrame) -> int:
    """Compare every computed cell of every case with the plan of the case; returns how many numbers there were."""
    compared = 0
    ids = frame["case_id"] if "case_id" in frame else pd.Series(range(len(frame)), index=frame.index)
    for _, rows in frame.groupby(ids, sort=False):
        made = plan_of(rows)
        for place, index in enumerate(rows.index):
            for output in SHOWN:
                if output.column in replanned:
                    expected, found = value_of(made, place, output), replanned.loc[index, output.column]
                    assert found == expected or (np.isnan(found) and np.isnan(expected)), (index, output.column)
                    compared += not np.isnan(found)
    return compared


def test_every_row_of_a_frame_is_the_plan_of_its_case_exactly():
    frame = random_frame(120)
    assert_rows_are_plans(frame, audit.replan(frame))
    alone = frame.drop(columns="case_id")
    assert assert_rows_are_plans(alone, audit.replan(alone)) > 1000


@settings(max_examples=examples(60))
@given(tables())
def test_random_cases_with_lesions_in_a_second_frame_are_their_plans_exactly(made):
    territories, lesions, plain = made
    shuffled = lesions.sample(frac=1.0, random_state=1)
    replanned = audit.replan(territories, lesions)
    of_lesions = audit.replan_lesions(territories, shuffled).loc[lesions.index]
    row, lesion_row = 0, 0
    for case in plain:
        planned = plan(case_from_text(text_of(case)))
        for territory in planned.territories:
            for name in ("administered_activity_gbq", "perfused_dose_gy", "normal_perfused_dose_gy"):
                assert same(replanned.iloc[row][name], getattr(territory, name))
            assert same(replanned.iloc[row]["administered_activity_total_gbq"], planned.administered_activity_total_gbq)
            for lesion in territory.lesions:
                assert of_lesions.iloc[lesion_row]["lesion_mass_kg"] == lesion.mass_kg
                assert same(of_lesions.iloc[lesion_row]["lesion_dose_gy"], lesion.dose_gy)
                lesion_row += 1
            row += 1
    assert (row, lesion_row) == (len(territories), len(lesions))


def same(found: float, expected: float | None) -> bool:
    """Equal, or both not known. Lesions in another order may be summed in another order."""
    return np.isnan(found) if expected is None else found == pytest.approx(expected, rel=1e-14)


def test_order_index_and_other_columns_are_kept():
    frame = random_frame(40).assign(remark_of_the_center="as it was")
    frame.index = pd.Index([f"row {place * 7 % 40}" for place in range(40)])
    replanned = audit.replan(frame)
    pd.testing.assert_frame_equal(replanned[frame.columns], frame)


def test_the_order_of_rows_changes_no_number():
    frame = random_frame(200)
    shuffled = audit.replan(frame.sample(frac=1.0, random_state=3)).loc[frame.index]
    pd.testing.assert_frame_equal(shuffled, audit.replan(frame), rtol=1e-14)


@pytest.mark.parametrize("place", [0, 2, 5])
def test_a_row_without_case_id_takes_nothing_from_the_rows_around_it(place):
    rows = [one_row(case_id=f"c{number}", lung_shunt_fraction=0.01 + 0.02 * number) for number in range(6)]
    rows[place]["case_id"] = None
    replanned = audit.replan(frame_of(*rows), errors="mark")
    kept = [row for row in range(6) if row != place]
    assert list(replanned.index[replanned["is_valid"]]) == kept
    assert replanned["problems"][place].startswith("case_id is missing")
    assert_rows_are_plans(frame_of(*(rows[row] for row in kept)), replanned.iloc[kept].reset_index(drop=True))


def test_the_order_of_columns_changes_nothing():
    """B093: columns are read by name."""
    frame = random_frame(30)
    backwards = audit.replan(frame[frame.columns[::-1]])
    pd.testing.assert_frame_equal(backwards, audit.replan(frame), check_like=True)


def test_a_duplicate_index_is_refused():
    with pytest.raises(audit.TableError, match="stands more than once"):
        audit.replan(pd.concat([frame_of(one_row())] * 2))


BAD = [
    ({"lung_shunt_fraction": 5.0}, "lung_shunt_fraction must be in [0, 1); got 5. Did you enter a percentage?"),
    ({"lung_shunt_fraction": np.nan}, "lung_shunt_fraction is missing"),
    ({"perfused_volume_ml": "5 mL"}, "type the number only, without 'mL'"),
    ({"perfused_volume_ml": "=1+1"}, "perfused_volume_ml must be a number; got '=1+1'"),
    ({"perfused_volume_ml": "1-Mar"}, "perfused_volume_ml must be a number; got '1-Mar'"),
    ({"perfused_volume_ml": "1,5"}, "use a decimal point"),
    ({"perfused_volume_ml": "NaN"}, "a finite number is needed"),
    ({"perfused_volume_ml": ""}, "a number is needed"),
    ({"perfused_volume_ml": True}, "perfused_volume_ml must be a number; got true"),
    ({"perfused_volume_ml": np.inf}, "a finite number of ordinary size is needed"),
    ({"perfused_volume_ml": [1]}, "got a value of type list"),
    ({"perfused_volume_ml": pd.Timestamp(2026, 1, 1)}, "got a value of type Timestamp"),
    ({"perfused_volume_ml": None}, "perfused_volume_ml is missing"),
    ({"perfused_volume_ml": 90.0}, "must hold its lesions"),
    ({"device": "glas"}, "device must be one of glass, resin, holmium; got 'glas'."),
    ({"device": None}, "device is missing"),
    ({"device": 3}, "device must be one of"),
    ({"device": "holmium"}, "has no constants for Ho-166"),
    ({"prescription_model": None}, "prescription_model is missing"),
    ({"prescription_target": "lesion:other"}, "with a lesion of this territory"),
    ({"prescription_target": None}, "needs prescription_target"),
    ({"prescription_target": "tumor\u202e"}, "U+202E"),
    ({"tumor_normal_ratio": None}, "tumor_normal_ratio is missing"),
    ({"lesion_volume_ml": None}, "lesion_volume_ml is missing"),
    ({"target_dose_gy": 5000.0}, "Did you enter rad or cGy?"),
    ({"prescribed_activity_gbq": 1.0}, "takes no prescribed_activity_gbq"),
    ({"ecog": 1.5}, "ecog must be a whole number; got 1.5"),
    ({"prior_tare": "maybe"}, "prior_tare must be true or false; got 'maybe'"),
    ({"lab_date": "3.4.2026"}, "lab_date must be a date as year-month-day"),
    ({"vessel": "a\x00b"}, "U+0000"),
    ({"ratio_lesion_counts": 5.0}, "ratio_normal_counts is missing; the other counts need it."),
    ({"recorded_perfused_dose_gy": "about 60"}, "recorded_perfused_dose_gy must be a number"),
    ({"recorded_perfused_dose_gy": -60.0}, "recorded_perfused_dose_gy must be >= 0; got -60."),
]


@pytest.mark.parametrize(("fields", "sentence"), BAD, ids=lambda value: str(value)[:40])
def test_a_bad_row_is_kept_and_marked_and_the_other_row_is_computed(fields, sentence):
    frame = frame_of(one_row(**fields), one_row())
    replanned = audit.replan(frame, errors="mark")
    assert replanned["is_valid"].tolist() == [False, True]
    assert sentence in replanned["problems"].iloc[0]
    assert replanned["problems"].iloc[1] == ""
    computed = [each.column for each in names.outputs() if each.column in replanned]
    assert replanned.loc[0, computed].isna().all()
    assert_rows_are_plans(frame.iloc[[1]][list(one_row())], replanned.iloc[[1]])
    with pytest.raises(CaseError, match="row 0"):
        audit.replan(frame)


@pytest.mark.parametrize("volume_ml", [0.0, -1.0])
def test_a_volume_that_is_none_is_told_once_and_nothing_is_said_of_lesions_it_has_not(volume_ml):
    row = one_row(prescription_model="single_compartment", prescription_target=None, perfused_volume_ml=volume_ml)
    row = {name: value for name, value in row.items() if "lesion" not in name and name != "tumor_normal_ratio"}
    marked = audit.replan(frame_of(row), errors="mark")
    assert marked["problems"].tolist() == [f"perfused_volume_ml must be in (0, 10000] mL; got {volume_ml:g}."]


def test_a_refusal_names_rows_of_several_levels_as_they_are_written():
    frame = frame_of(one_row(), one_row(lung_shunt_fraction=5.0))
    frame.index = pd.MultiIndex.from_tuples([(7, "north"), (8, "south")])
    with pytest.raises(CaseError, match=r"^row \(8, 'south'\): lung_shunt_fraction must be in"):
        audit.replan(frame)


def test_a_row_carries_every_rule_it_breaks():
    texts = audit.replan(
        frame_of(one_row(lung_shunt_fraction=5.0, target_dose_gy=5000.0, residual_fraction="x")), errors="mark"
    )["problems"].iloc[0]
    assert [name in texts for name in ("lung_shunt_fraction", "target_dose_gy", "residual_fraction")] == [True] * 3


@pytest.mark.parametrize(
    ("column", "hint"),
    [
        ("Device", "device"),
        ("perfused_volume", "perfused_volume_ml"),
        ("lung shunt fraction", "lung_shunt_fraction"),
        ("recorded_perfused_dose", "recorded_perfused_dose_gy"),
        ("caseid", "case_id"),
    ],
)
def test_a_misspelt_column_is_refused_with_the_name_it_is_close_to(column, hint):
    with pytest.raises(audit.TableError, match=f"did you mean '{hint}'"):
        audit.replan(frame_of(one_row(**{column: 1})))


@pytest.mark.parametrize("column", ["patient", "hospital", "comment", "sequence", "age_group"])
def test_a_column_of_its_own_is_carried_along(column):
    assert audit.replan(frame_of(one_row(**{column: "x"})))[column].tolist() == ["x"]


def test_a_column_that_the_audit_writes_is_refused():
    with pytest.raises(audit.TableError, match="recorded_perfused_dose_gy"):
        audit.replan(frame_of(one_row(perfused_dose_gy=1.0)))


def test_case_columns_that_disagree_mark_all_rows_of_the_case_and_no_other():
    rows = [one_row(case_id=case, whole_liver_volume_ml=3000.0) for case in (1, 1, 2)]
    for other, shown in ((0.9, "1 and 0.9"), (None, "1 and nothing")):
        frame = frame_of(rows[0], {**rows[1], "lung_mass_kg": other}, rows[2])
        replanned = audit.replan(frame, errors="mark")
        assert replanned["is_valid"].tolist() == [False, False, True]
        assert f"lung_mass_kg must be the same in all rows of its case; got {shown}." in replanned["problems"][0]


def test_one_bad_row_nulls_what_its_case_shares_and_says_so():
    rows = [one_row(case_id=case, whole_liver_volume_ml=3000.0) for case in (1, 1, 2)]
    frame = frame_of({**rows[0], "target_dose_gy": 5000.0}, *rows[1:])
    replanned = audit.replan(frame, errors="mark")
    alone = audit.replan(frame_of(rows[1]))
    shared = [each.column for each in names.outputs() if each.quantity.level == "case" and each.column in replanned]
    own = [each.column for each in names.outputs() if each.quantity.level == "territory" and each.column in replanned]
    assert replanned["is_valid"].tolist() == [False, True, True]
    assert replanned.loc[1, shared].isna().all()
    assert len(shared) >= 5
    assert replanned.loc[2, "lung_dose_gy"] > 0
    assert replanned.loc[1, own].tolist() == alone.loc[0, own].tolist()
    assert replanned["remarks"].tolist()[1:] == [
        "A row of this case is refused: the numbers of the session are left out.", "",
    ]  # fmt: skip


def test_a_slip_of_one_row_does_not_refuse_its_case_by_a_rule_on_sums():
    rows = [one_row(case_id=1, whole_liver_volume_ml=2000.0), one_row(case_id=1, whole_liver_volume_ml=2000.0)]
    rows[0]["perfused_volume_ml"] = 650_000.0
    replanned = audit.replan(frame_of(*rows), errors="mark")
    assert replanned["is_valid"].tolist() == [False, True]
    rows[0]["perfused_volume_ml"] = 1600.0
    both = audit.replan(frame_of(*rows), errors="mark")
    assert both["is_valid"].tolist() == [False, False]
    assert "must hold all territories" in both["problems"][1]


def test_a_lung_limit_waits_for_its_whole_case():
    limit = one_row(case_id=1, prescription_model="lung_limit", prescription_target=None, target_dose_gy=20.0)
    other = one_row(case_id=1)
    frame = frame_of(limit, other).assign(whole_liver_volume_ml=3000.0)
    good = audit.replan(frame)
    assert good["lung_dose_gy"].tolist() == pytest.approx([20.0, 20.0])
    frame.loc[1, "tumor_normal_ratio"] = np.nan
    bad = audit.replan(frame, errors="mark")
    assert bad["is_valid"].tolist() == [False, False]
    assert "counts the other territories" in bad["problems"][0]


def test_a_lung_limit_without_room_is_refused():
    limit = one_row(case_id=1, prescription_model="lung_limit", prescription_target=None, target_dose_gy=1.0)
    frame = frame_of(limit, one_row(case_id=1), one_row(case_id=2)).assign(whole_liver_volume_ml=3000.0)
    replanned = audit.replan(frame, errors="mark")
    assert replanned["is_valid"].tolist() == [False, True, True]
    assert "already bring the lungs to the dose" in replanned["problems"][0]


def test_lesions_that_belong_nowhere_or_stand_twice_are_refused():
    frame = frame_of(one_row(case_id=1, territory_name="a")).drop(columns=["lesion_volume_ml", "tumor_normal_ratio"])
    lesion = {
        "case_id": 1,
        "territory_name": "a",
        "lesion_name": "tumor",
        "lesion_volume_ml": 50,
        "tumor_normal_ratio": 3,
    }
    assert audit.replan(frame, frame_of(lesion))["administered_activity_gbq"].notna().all()
    with pytest.raises(audit.TableError, match="belong to no territory"):
        audit.replan(frame, frame_of({**lesion, "territory_name": "b"}))
    twice = audit.replan(frame, frame_of(lesion, lesion), errors="mark")
    assert "lesion_name must be unique in its territory" in twice["problems"][0]
    with pytest.raises(audit.TableError, match="give one of the two"):
        audit.replan(frame_of(one_row(case_id=1, territory_name="a")), frame_of(lesion))


def test_numbers_as_texts_categories_and_nullable_columns_are_read_alike():
    frame = random_frame(30).drop(columns=["prescribed_activity_gbq"])
    frame = frame[frame["prescription_model"] != "activity"].drop(columns="case_id").reset_index(drop=True)
    expected = audit.replan(frame)
    numbers = ["perfused_volume_ml", "lesion_volume_ml", "target_dose_gy", "lung_shunt_fraction"]
    computed = [each.column for each in names.outputs() if each.column in expected]
    for kind in ("str", "object", "category", "Float64"):
        other = frame.copy()
        for name in numbers:
            other[name] = frame[name].map(repr).astype(kind) if kind in ("str", "object") else frame[name].astype(kind)
        pd.testing.assert_frame_equal(audit.replan(other)[computed], expected[computed], check_exact=True)
    exponent = frame.assign(target_dose_gy="1.0E+02")
    hundred = frame.assign(target_dose_gy=100.0)
    pd.testing.assert_frame_equal(audit.replan(exponent)[computed], audit.replan(hundred)[computed], check_exact=True)


def test_findings_are_those_of_the_plan():
    frame = random_frame(30).assign(disease="hcc", intent="unilobar", bilirubin_mg_dl=2.5)
    replanned = audit.replan(frame, findings=True)
    stops = 0
    for _, rows in frame.groupby("case_id"):
        findings = plan_of(rows).findings
        of_case = {each.id.partition("@")[0] for each in findings if each.severity == "stop" and each.territory is None}
        for index in rows.index:
            held = set(filter(None, replanned.loc[index, "stops"].split(";")))
            assert of_case <= held
            stops += len(held)
    assert stops > 0


def test_a_frame_without_rows_gives_one_without_rows():
    assert len(audit.replan(random_frame(5).iloc[:0])) == 0


def test_the_way_bad_rows_are_treated_must_be_known():
    with pytest.raises(ValueError, match="errors must be"):
        audit.replan(frame_of(one_row()), errors="ignore")


# Rows of one case, and ids that look alike


def two_rows(**fields: object) -> pd.DataFrame:
    """Two territories of one case and a case beside it; each field has the values of the first two rows."""
    rows = [one_row(case_id=case, whole_liver_volume_ml=3000.0, perfused_volume_ml=volume)
            for case, volume in (("P1", 650.0), ("P1", 700.0), ("P2", 650.0))]  # fmt: skip
    for name, (first, second) in fields.items():
        for row, value in zip(rows, (first, second, first), strict=True):
            row[name] = value
    return frame_of(*rows)


@pytest.mark.parametrize(
    ("name", "values", "sentence"),
    [
        ("treatment_date", ("2025-01-10", "2025-06-20"),
         "treatment_date must be the same in all rows of its case; got '2025-01-10' and '2025-06-20'. Is the case"),
        ("treatment_date", ("2025-01-10", None),
         "got '2025-01-10' and nothing. Is the case id the number of a patient? Two sessions need two ids."),
        ("center", ("north", "south"),
         "got 'north' and 'south'. Is the case id a number that two centers gave? Their cases need ids of their own."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", [object, "str", "category"])
def test_rows_of_a_case_with_another_day_or_center_are_refused_all_of_them(name, values, sentence, kind):
    frame = two_rows(**{name: values}).astype({name: kind})
    replanned = audit.replan(frame, errors="mark")
    assert replanned["is_valid"].tolist() == [False, False, True]
    assert [sentence in text for text in replanned["problems"]] == [True, True, False]
    assert audit.replan(two_rows(**{name: values[:1] * 2}), errors="mark")["is_valid"].all()


def test_a_row_that_repeats_another_of_its_case_is_refused_unless_its_territory_has_a_name():
    frame = two_rows(comment=("same", "same"))
    frame.loc[1] = frame.loc[0]
    replanned = audit.replan(frame, errors="mark")
    assert replanned["is_valid"].tolist() == [False, False, True]
    assert "this row repeats another row of its case in every column that is read" in replanned["problems"][0]
    told_apart = [frame.assign(territory_name=["a", "b", "c"]), frame.assign(tumor_normal_ratio=[3.0, 3.1, 3.0])]
    told_apart += [frame.assign(recorded_perfused_dose_gy=[50, 51, 50])]
    told_apart += [frame.drop(columns="case_id"), frame.assign(perfused_volume_ml=[650.0, 651.0, 650.0])]
    assert all(audit.replan(each, errors="mark")["is_valid"].all() for each in told_apart)
    apart = pd.concat([frame.iloc[[0, 2]], frame.iloc[[1]]])
    assert audit.replan(apart, errors="mark")["is_valid"].tolist() == [False, True, False]


@pytest.mark.parametrize(
    "written",
    [{"Nr": [1, 2, 3]}, {"perfused_volume_ml": ["650", "650.0", "650"]}, {"target_dose_gy": [150, "150.00", 150]},
     {"recorded_lung_dose_gy": ["7.0", "7", "7"]}, {"lesion_name": ["\u00e4", "a\u0308", "x"]}],
)  # fmt: skip
def test_a_row_that_stands_twice_is_found_by_what_is_read_of_it(written):
    """Neither a running number nor another spelling of a number makes one treatment two."""
    frame = two_rows(**{name: tuple(values[:2]) for name, values in written.items()})
    frame["perfused_volume_ml"] = written.get("perfused_volume_ml", 650.0)
    if "lesion_name" in written:
        frame["prescription_model"], frame["prescribed_activity_gbq"] = "activity", 1.0
        frame = frame.drop(columns=["prescription_target", "target_dose_gy"])
    replanned = audit.replan(frame, errors="mark")
    assert replanned["is_valid"].tolist() == [False, False, True]
    assert "repeats another row" in replanned["problems"][1]


@pytest.mark.parametrize("alike", [" P1", "P1 ", "P1\u200b", "P1\u00a0", "P\u202e1"])
def test_an_id_that_only_looks_like_another_is_refused_with_it(alike):
    frame = two_rows(recorded_administered_activity_gbq=(50.0, 50.0), recorded_lung_dose_gy=(30.0, 30.0))
    frame.loc[1, "case_id"] = alike
    replanned = audit.replan(frame, errors="mark")
    assert replanned["is_valid"].tolist() == [False, False, True]
    assert replanned["problems"][1].startswith("case_id must not ")
    assert replanned["problems"][0].startswith("case_id 'P1' looks like ")
    assert audit.compare(replanned)["grade"].tolist() == ["refused", "refused", "far"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("P1", "p1"), ("P 1", "P  1"), ("P 1", "P\u00a01"), ("P 1", "P\u20031"), ("P1", "P\u31641"), ("P 1", "P\u31641"),
     ("P1", "P1\u2800"), ("P1", "\u115fP1"), ("P1", "P\u034f1"), ("P1", "P\ufe0f1"), ("P1", "P1\U000e0100"),
     ("\u00c4/1", "\u00e4/1"), ("e\u0301 1", "\u00e9\u2003 1"), (1, "1"), (1.0, "1"), (0.1, "0.1"),
     (np.int64(7), "07")],
)  # fmt: skip
@pytest.mark.parametrize("kind", [object, "category"])
def test_two_ids_that_look_alike_are_refused_both(one, other, kind):
    frame = pd.concat([two_rows(), two_rows().iloc[[2]]], ignore_index=True)
    frame["case_id"] = pd.Series([one, other, "P2", "P3"], dtype=object).astype(kind)
    replanned = audit.replan(frame, errors="mark")
    assert replanned["is_valid"].tolist() == [False, False, True, True]
    ending = "Write the id of a case the same way in all its rows."
    assert all(text.startswith("case_id ") and text.endswith(ending) for text in replanned["problems"][:2])


@pytest.mark.parametrize(
    "ids", [["P1", "P 1", "p2"], ["1", "1.0", "01"], [1, "2", "x3"], ["Stra\u00dfe", "STRASSE", "a"]]
)
def test_ids_that_the_eye_can_tell_apart_are_different_cases(ids):
    frame = two_rows()
    frame["case_id"] = pd.Series(ids, dtype=object)
    assert audit.replan(frame)["is_valid"].all()


@pytest.mark.parametrize("kind", [object, "str", "category"])
def test_an_id_is_one_however_its_characters_are_composed(kind):
    frame = two_rows(treatment_date=("2025-01-10", "2025-06-20"))
    frame["case_id"] = pd.Series(["\u00e9", "e\u0301", "P2"], dtype=kind)
    replanned = audit.replan(frame, errors="mark")
    assert replanned["is_valid"].tolist() == [False, False, True]
    frame = two_rows(territory_name=("a", "b"), recorded_administered_activity_gbq=(50.0, 50.0))
    frame["case_id"] = pd.Series(["\u00e9", "\u00e9", "P2"], dtype=kind)
    lesions = pd.DataFrame({"case_id": ["e\u0301", "e\u0301", "P2"], "territory_name": ["a", "b", "a"],
                            "lesion_name": "tumor", "lesion_volume_ml": 100.0, "tumor_normal_ratio": 3.0})  # fmt: skip
    frame = frame.drop(columns=["lesion_volume_ml", "tumor_normal_ratio"])
    assert audit.compare(audit.replan(frame, lesions), lesions=lesions)["grade"].tolist() == ["far"] * 3


@pytest.mark.parametrize("other", ["", " ", "x" * 5000, b"P1", pd.Timestamp(2025, 1, 1), ["P1"], True])
def test_an_id_that_is_neither_a_text_nor_a_number_or_none_at_all_is_refused(other):
    frame = two_rows()
    frame["case_id"] = pd.Series(["P1", other, "P2"], dtype=object)
    replanned = audit.replan(frame, errors="mark")
    assert replanned["is_valid"].tolist() == [True, False, True]
    assert replanned["problems"][1].startswith("case_id must ")


@pytest.mark.parametrize("ids", [["P 1", "Ä/1", "3"], [1, 2.5, "x"], [3, 1, 2], [1.0, 2.0, 3.0]])
def test_ordinary_ids_are_read_as_they_are(ids):
    frame = two_rows()
    frame["case_id"] = pd.Series(ids) if isinstance(ids[-1], float) else pd.Series(ids, dtype=object)
    assert audit.replan(frame)["is_valid"].all()


@pytest.mark.parametrize("day", ["2025-13-45", "2025-02-31", "14/01/2025", "2025-01", "2025-01-10x"])
def test_a_treatment_date_that_is_no_day_is_remarked_and_refuses_nothing(day):
    replanned = audit.replan(frame_of(one_row(treatment_date=day), one_row(treatment_date="2025-02-28")))
    assert replanned["is_valid"].all()
    said = f"treatment_date must be a date as year-month-day, like 2026-04-03; got {day!r}. The row counts in no month."
    assert replanned["remarks"].tolist() == [said, ""]
    assert (dates.month_of(day), dates.month_of("2025-02-28")) == (None, "2025-02")


def test_instants_of_a_column_of_instants_are_days():
    frame = frame_of(one_row(), one_row()).assign(
        treatment_date=pd.to_datetime(["2025-01-10 08:00", "2025-01-11 12:30"])
    )
    assert audit.replan(frame)["remarks"].tolist() == ["", ""]
    assert dates.month_of("2025-01-11 12:30:00") == dates.month_of("2025-01-11T12:30") == "2025-01"


def test_both_remarks_of_a_row_are_said():
    frame = two_rows(treatment_date=("2025-02-31", "2025-02-31"))
    frame.loc[1, "target_dose_gy"] = 5000.0
    remark = audit.replan(frame, errors="mark")["remarks"][0]
    assert remark.endswith("The row counts in no month. A row of this case is refused: the numbers of the session are "
                           "left out.")  # fmt: skip


# Arguments and cells of another kind

OTHER_KINDS = [{}, [], [{}], pd.Series([1]), np.zeros(3), None, "x", 3]


@pytest.mark.parametrize("given", OTHER_KINDS, ids=lambda value: type(value).__name__)
def test_a_frame_of_another_kind_is_refused_by_every_function(given):
    good = frame_of(one_row(case_id=1)).drop(columns=["lesion_volume_ml", "tumor_normal_ratio"])
    makes = [lambda: audit.replan(given), lambda: audit.replan_tace(given), lambda: audit.replan_lesions(good, given),
             lambda: audit.replan_lesions(given, good)]  # fmt: skip
    if given is not None:
        makes.append(lambda: audit.replan(good, given))
    for make in makes:
        with pytest.raises(audit.TableError, match=r"must be a DataFrame of pandas; got a value of type \w+\."):
            make()


@pytest.mark.parametrize("given", [*OTHER_KINDS, frame_of(one_row())], ids=lambda value: type(value).__name__)
def test_options_of_another_kind_are_refused_by_every_function(given):
    good, lesions = frame_of(one_row()), pd.DataFrame({"case_id": []})
    for make in (
        lambda: audit.replan(good, errors=given),
        lambda: audit.replan_lesions(good, lesions, errors=given),
        lambda: audit.replan_tace(good, errors=given),
    ):
        with pytest.raises(ValueError, match="errors must be 'raise' or 'mark'; got"):
            make()
    for make in (lambda: audit.replan(good, findings=given), lambda: audit.replan_tace(good, findings=given)):
        with pytest.raises(TypeError, match="findings must be True or False; got a value of type"):
            make()


@pytest.mark.parametrize("cell", [10**400, 10**6000, (1, [2]), b"\xff", object(), 1 + 2j], ids=range(6))
@pytest.mark.parametrize(
    "name", ["device", "territory_name", "prescription_target", "prior_tare", "perfused_volume_ml", "ecog", "vessel"]
)
def test_a_cell_of_any_kind_is_refused_in_its_row_only(name, cell):
    frame = frame_of(one_row(), one_row())
    good = frame[name][1] if name in frame else None
    frame[name] = pd.Series([cell, good], dtype=object)
    replanned = audit.replan(frame, errors="mark")
    assert replanned["is_valid"].tolist() == [False, True]
    assert name in replanned["problems"][0]
    assert "OverflowError" not in replanned["problems"][0]
    assert "convert" not in replanned["problems"][0]


@pytest.mark.parametrize("name", ["perfused_volume_ml", "device", "comment"])
def test_a_decimal_that_cannot_be_compared_is_refused_by_its_column(name):
    frame = frame_of(one_row(), one_row())
    frame[name] = pd.Series([Decimal("sNaN"), frame[name][1] if name in frame else None], dtype=object)
    words = f"the column '{name}' holds a decimal that is no number"
    assert words in audit.describe(frame)["problem"][0]
    if name != "comment":
        with pytest.raises(audit.TableError, match=words):
            audit.replan(frame, errors="mark")


def test_ids_of_lesions_that_are_of_another_kind_belong_to_no_territory_and_say_so():
    frame = frame_of(one_row(case_id=1, territory_name="a")).drop(columns=["lesion_volume_ml", "tumor_normal_ratio"])
    lesion = {"territory_name": "a", "lesion_volume_ml": 50, "tumor_normal_ratio": 3}
    for case, shown in (("1", "case_id '1'"), ([1], r"case_id \[1\]"), (2, "case_id 2, ")):
        with pytest.raises(audit.TableError, match=f"belong to no territory; the first has {shown}") as caught:
            audit.replan(frame, frame_of({"case_id": case, **lesion}))
        assert ("Are the ids numbers in one table and texts in the other?" in str(caught.value)) == (case != 2)
    for column in ("float64", "object", "category"):
        lesions = frame_of({"case_id": 1, **lesion}).astype({"case_id": column})
        assert audit.replan(frame, lesions)["is_valid"].all()


def test_labels_and_ids_are_shown_without_the_type_of_numpy():
    frame = frame_of(one_row(target_dose_gy=5000.0))
    frame.index = pd.Index([7])
    with pytest.raises(CaseError, match=r"^row 7: "):
        audit.replan(frame)
    with pytest.raises(audit.TableError, match="unique: 7 stands more than once"):
        audit.replan(pd.concat([frame, frame]))
