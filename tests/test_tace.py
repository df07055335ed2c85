"""Chemoembolization: the dose step by step, carrier, allocation, what is refused and what is a stop."""

import csv
import io
import itertools
import json
import math
import re

import jsonschema
import numpy as np
import pytest
from cases import AT, LEFT_OUT, TACE_EXAMPLES, changed, first, lobar, planned, problems, problems_at, refused, text_of
from golden import rows as golden_rows
from golden_tace import tace_case
from hypothesis import given
from hypothesis import strategies as st
from tace_cases import bland, ctace, deb, full, partitioned
from test_case_reader import stands
from test_one_is_many import one_set

from dosimetry import plan, read_case, reference
from dosimetry.bands import bands
from dosimetry.body_surface import FORMULAS
from dosimetry.case_fields import leaves
from dosimetry.case_file import case_from_text, text_from_case
from dosimetry.cli import main
from dosimetry.columns import flat_names, words_of
from dosimetry.expression import MINUS, TIMES, linear
from dosimetry.plan_file import text_from_plan, verify
from dosimetry.report import AcknowledgementNeededError, render
from dosimetry.report.tace_worksheet import worksheets
from dosimetry.schema import case_schema
from dosimetry.tace import carrier, drug_dose
from dosimetry.tace.allocation import ENDS
from dosimetry.tace.case import TaceCase
from dosimetry.tace.columns import Earlier, TaceColumns, from_tace_case
from dosimetry.tace.evaluation import evaluate

OVER_65 = (
    "iodized oil of one session, over 65 years with cardiovascular, respiratory or neurological disease (not asked "
    "for: applied to all over 65)"
)
fractions = st.floats(0, 0.99)
amounts = st.floats(0, 1000)


def step(made, name):
    return next(one for one in made.steps if one.step == name)


def finding(made, rule):
    return [one for one in made.findings if one.id.partition("@")[0] == rule]


# Dose, step by step


def test_every_reduction_of_the_example_is_a_step_with_its_reason():
    made = planned(ctace())
    assert [one.step for one in made.steps] == ["body_surface", "base", "bilirubin", "cap", "vials"]
    assert [round(one.value, 3) for one in made.steps] == [1.818, 90.906, 45.453, 45.453, 40.0]
    for name, words in (
        ("body_surface", "Mosteller 1987: 170 cm, 70 kg"),
        ("base", "50 mg/m2"),
        ("bilirubin", "times 0.5: 1.5 mg/dL is 1.2 to 3.0 mg/dL"),
        ("cap", "at most 100 mg, typed for this institution"),
        ("vials", "4 vials of 10 mg, typed"),
    ):
        assert words in step(made, name).by


def test_two_vials_of_beads():
    made = planned(deb())
    assert (made.vials, made.vial_mg, made.planned_mg, made.bead_ml) == (2, 75, 150, 4)
    assert (made.delivered_mg, made.remaining_mg) == (120, 30)
    assert "2 vials of 2 mL of DC Bead at 37.5 mg/mL" in step(made, "vials").by


def test_each_step_says_what_it_changes():
    changes = [one.change for one in planned(ctace()).steps]
    assert changes[:2] == [None, None]
    assert changes[2:] == pytest.approx([-45.453, 0, -5.453], abs=5e-4)
    more = planned(changed(ctace(), {"drug.prescribed_mg": 60}))
    assert step(more, "prescribed").change == 20
    assert "+20.00 mg" in one_line(changed_and_acknowledged(more))


def changed_and_acknowledged(made):
    """The plan of the same case with every finding acknowledged that waits for it."""
    entries = [
        {"finding": one.id, "by": "AB", "reason": "discussed"} | ({} if one.value is None else {"value": one.value})
        for one in made.unacknowledged
    ]
    return planned(json.loads(text_from_case(made.case)) | {"acknowledged": entries})


def test_a_bland_embolization_has_no_dose_and_no_steps():
    made = planned(bland())
    assert made.steps == ()
    assert (made.planned_mg, made.allocation) == (None, ())


@given(dose=amounts, first_cap=amounts, second_cap=amounts)
def test_a_larger_cap_never_gives_less(dose, first_cap, second_cap):
    small, large = sorted((first_cap, second_cap))
    capped = [drug_dose.capped_dose_mg(dose_mg=dose, cap_mg=cap) for cap in (small, large, np.nan)]
    assert capped[0] <= capped[1] <= capped[2] == dose


@given(dose=amounts, vial=st.floats(0.5, 200))
def test_vials_of_drug_are_rounded_down(dose, vial):
    vials = drug_dose.whole_vials(dose_mg=dose, vial_mg=vial)
    rounded = drug_dose.dose_in_vials_mg(dose_mg=dose, vials=vials, vial_mg=vial)
    assert rounded <= dose
    assert vials == int(vials)
    assert dose - rounded < vial * (1 + 1e-9)


@given(dose=st.floats(0.1, 1000), vial=st.floats(0.5, 200), most=st.integers(1, 5))
def test_beads_lose_of_a_dose_only_what_does_not_fit_on_them(dose, vial, most):
    kept = drug_dose.dose_on_beads_mg(dose_mg=dose, vial_mg=vial, largest_vials=most)
    vials = drug_dose.vials_that_hold(dose_mg=kept, vial_mg=vial)
    assert kept == min(dose, most * vial)
    assert 1 <= vials == int(vials) <= most
    assert kept <= vials * vial * (1 + 1e-9)
    assert vials == 1 or kept > (vials - 1) * vial


@pytest.mark.parametrize(
    ("changes", "vials", "loading"),
    [
        ({"drug.protocol": "dc_bead_within_milan", "drug.dose_mg": 50}, 1, 25),
        ({"drug.protocol": "dc_bead_within_milan", "drug.dose_mg": 75}, 1, 37.5),
        ({"drug.dose_mg": 75}, 1, 37.5),
        ({"drug.dose_mg": 100}, 2, 25),
        ({"drug.dose_mg": 120}, 2, 30),
        ({"drug.dose_mg": 150}, 2, 37.5),
        ({"drug.dose_mg": 100, "drug.loading_mg_per_ml": 25}, 2, 25),
        ({"drug": {"name": "idarubicin", "protocol": "idarubicin_dc_bead_10", "dose_mg": 5}}, 1, 2.5),
        ({"drug": {"name": "irinotecan", "protocol": "debiri_100"}}, 1, 50),
    ],
)
def test_a_dose_fixes_the_loading_of_the_beads_and_loses_nothing(changes, vials, loading):
    """Nouri 2019, Table 4: 50 to 75 mg in one vial of 2 mL within Milan, up to 150 mg in two beyond."""
    case = changed(deb(), changes)
    made = planned(case)
    assert made.planned_mg == case["drug"].get("dose_mg", 100)
    assert (made.vials, made.bead_ml, made.loading_mg_per_ml) == (vials, 2 * vials, loading)
    assert made.vial_mg == 2 * loading
    assert not finding(made, "less_than_one_vial") + finding(made, "beyond_beads")
    assert f"at {loading:g} mg/mL" in step(made, "vials").by


def test_what_the_beads_do_not_hold_is_a_step_and_a_caution():
    made = planned(changed(deb(), {"drug.loading_mg_per_ml": 25}))
    assert (made.planned_mg, made.vials, made.loading_mg_per_ml) == (100, 2, 25)
    assert step(made, "vials").change == -50
    [found] = finding(made, "beyond_beads")
    assert (found.severity, found.value) == ("caution", 50)
    assert "do not hold 150 mg: 50 mg are left out. One vial of them holds 50 mg" in found.message


def test_beads_without_a_volume_on_file_take_the_typed_loading():
    drug = {"name": "doxorubicin", "protocol": "lc_bead_100", "loading_mg_per_ml": 40}
    made = planned(changed(deb(), {"product": "lc_bead", "drug": drug}))
    assert (made.planned_mg, made.vials, made.bead_ml, made.loading_mg_per_ml) == (100, None, 2.5, 40)
    assert "2.5 mL of beads at 40 mg/mL, typed; how much of them is in a vial is not on file" in step(made, "vials").by
    without = planned(
        changed(deb(), {"product": "lc_bead", "drug": {name: drug[name] for name in ("name", "protocol")}})
    )
    assert without.bead_ml is None
    assert "highest loading of the beads is missing" in finding(without, "DOX-LOAD-25")[0].message


def test_beads_that_are_dosed_a_vial_count_vials():
    """Merit sheet: 50 or 75 mg of doxorubicin a vial of HepaSphere."""
    drug = {"name": "doxorubicin", "protocol": "hepasphere_50_75", "dose_mg": 75}
    case = changed(deb(), {"product": "hepasphere", "drug": drug})
    made = planned(case)
    assert (made.planned_mg, made.vials, made.vial_mg, made.bead_ml) == (75, 1, 75, None)
    assert "1 vial of HepaSphere with 75 mg on each" in step(made, "vials").by
    more = planned(changed(case, {"drug.prescribed_mg": 100}))
    assert (more.vials, more.vial_mg) == (2, 50)
    assert "2 vials with 50 mg on each" in step(more, "prescribed").by


def test_drug_lost_to_whole_vials_is_a_caution():
    [found] = finding(planned(ctace()), "rounded_down")
    assert (found.severity, round(found.value, 3)) == ("caution", 5.453)
    assert "down to whole vials of 10 mg leaves out 5.45" in found.message
    assert not finding(planned(changed(ctace(), {"drug.cap_mg": 40})), "rounded_down")


@pytest.mark.parametrize(("dose", "crossed"), [(100, False), (99, True), (80, True)])
def test_a_loading_below_the_usual_range_is_a_caution(dose, crossed):
    [found] = finding(planned(changed(deb(), {"drug.dose_mg": dose})), "DOX-LOAD-25")
    assert (found.severity == "caution") is crossed
    assert "not verified" in found.message


def test_a_prescribed_dose_takes_its_own_vials_of_beads():
    made = planned(changed(deb(), {"drug.prescribed_mg": 200}))
    assert (made.vials, made.bead_ml, made.loading_mg_per_ml) == (3, 6, pytest.approx(200 / 6))
    [found] = finding(made, "more_vials_than_protocol")
    assert "200 mg take 3 vials of beads; the protocol states at most 2" in found.message
    assert "3 vials with 6 mL of beads at 33.33 mg/mL" in step(made, "prescribed").by
    less = planned(changed(deb(), {"drug.prescribed_mg": 60}))
    assert (less.vials, less.loading_mg_per_ml) == (1, 30)
    assert not finding(less, "more_vials_than_protocol")
    assert planned(changed(ctace(), {"drug.prescribed_mg": 45})).vials == 5


@pytest.mark.parametrize(("dose", "vials"), [(149.999, 1), (150.0, 2), (0.1 + 0.2, 0)])
def test_a_whole_vial_is_needed(dose, vials):
    assert drug_dose.whole_vials(dose_mg=dose, vial_mg=75) == vials


def test_three_tenths_are_three_vials_of_a_tenth():
    assert drug_dose.whole_vials(dose_mg=0.3, vial_mg=0.1) == 3


def test_a_dose_below_one_vial_is_a_stop():
    made = planned(changed(ctace(), {"drug.vial_mg": 50}))
    assert made.planned_mg == 0
    assert [one.severity for one in finding(made, "less_than_one_vial")] == ["stop"]


def test_the_smaller_cap_holds():
    case = changed(
        ctace(),
        {"drug.protocol": "doxorubicin_75_m2_cap_150", "drug.dose_mg_per_m2": 75, "patient.bilirubin_mg_dl": 0.8,
         "patient.weight_kg": 120, "drug.vial_mg": LEFT_OUT},
    )  # fmt: skip
    assert planned(case).planned_mg == 100
    assert planned(changed(case, {"drug.cap_mg": 200})).planned_mg == 150
    assert [one.severity for one in finding(planned(case), "capped")] == ["caution"]


def test_the_cap_comes_before_the_vials():
    """143 mg, cut to 100 mg, are three vials of 30 mg; without the cap they would be four."""
    changes = {"drug.dose_mg_per_m2": 75, "patient.bilirubin_mg_dl": 0.8, "patient.weight_kg": 77, "drug.vial_mg": 30}
    made = planned(changed(ctace(), changes))
    assert made.reduced_mg == pytest.approx(143.01, abs=0.01)
    assert (made.vials, made.planned_mg) == (3, 90)


@pytest.mark.parametrize("rule", ["doxorubicin_label", "epirubicin_label"])
def test_the_bands_of_bilirubin_leave_no_hole(rule):
    rows = bands(rule, "bilirubin_mg_dl")
    for lower, upper in itertools.pairwise(rows):
        assert lower.upper == upper.lower
        assert (lower.closed in ("upper", "both")) != (upper.closed in ("lower", "both"))


@pytest.mark.parametrize(
    ("bilirubin", "part"), [(1.1999, 1.0), (1.2, 0.5), (3.0, 0.5), (3.0001, 0.25), (3.1, 0.25), (5.0, 0.25)]
)
def test_bilirubin_between_the_printed_bands_takes_the_smaller_dose(bilirubin, part):
    assert planned(changed(ctace(), {"patient.bilirubin_mg_dl": bilirubin})).bilirubin_part == part


def test_above_five_there_is_no_dose_and_a_stop():
    made = planned(changed(ctace(), {"patient.bilirubin_mg_dl": 5.1}))
    assert (made.bilirubin_part, made.planned_mg) == (None, None)
    assert [one.severity for one in finding(made, "no_dose_at_this_bilirubin")] == ["stop"]
    assert [one.severity for one in finding(made, "DOX-BILI-5")] == ["stop"]


def test_a_protocol_without_a_reduction_says_what_the_label_would_do():
    made = planned(tace_case({"drug_name": "doxorubicin", "protocol": "doxorubicin_50_fixed", "bilirubin_mg_dl": "2"}))
    assert made.planned_mg == 50
    assert "leaves 0.5 of the dose" in finding(made, "label_reduction")[0].message


def test_a_prescribed_dose_stands_beside_the_computed_one():
    made = planned(changed(ctace(), {"drug.prescribed_mg": 60}))
    assert (made.protocol_mg, made.planned_mg) == (40, 60)
    assert [one.acknowledgement for one in finding(made, "above_protocol")] == ["needed"]
    assert finding(planned(changed(ctace(), {"drug.prescribed_mg": 30})), "below_protocol")
    assert finding(planned(changed(ctace(), {"drug.prescribed_mg": 110})), "above_cap")


# Anthracyclines


def test_earlier_anthracyclines_count_by_their_factor_and_what_was_injected():
    case = changed(ctace(), {"as_treated": {"fraction_injected": 0.5}})
    assert planned(case).cumulative_anthracycline_mg_per_m2 == pytest.approx(80 + 20 / 1.8181187, rel=1e-6)


@pytest.mark.parametrize(
    ("earlier", "severities", "risk"),
    [(250, ["note", "note"], None), (300, ["caution", "note"], "1 to 2 %"), (430, ["caution", "note"], "5 to 8 %"),
     (560, ["caution", "stop"], "6 to 20 %")],
)  # fmt: skip
def test_the_running_total_meets_the_bands_of_the_label(earlier, severities, risk):
    case = changed(ctace(), {"earlier_anthracycline": [{"drug": "doxorubicin", "dose_mg_per_m2": earlier}]})
    made = planned(case)
    assert [finding(made, rule)[0].severity for rule in ("ANT-300", "ANT-550")] == severities
    assert made.anthracycline_risk == risk


def test_another_risk_for_the_heart_lowers_the_bound():
    case = changed(ctace(), {"earlier_anthracycline[0].dose_mg_per_m2": 480, "cardiotoxic_before": True})
    assert [one.severity for one in finding(planned(case), "ANT-400")] == ["stop"]
    assert finding(planned(changed(case, {"cardiotoxic_before": False})), "ANT-400") == []


def test_a_factor_of_idarubicin_is_said_to_be_unverified():
    case = changed(ctace(), {"earlier_anthracycline": [{"drug": "idarubicin", "dose_mg_per_m2": 10}]})
    assert finding(planned(case), "factor_not_verified")
    assert not finding(planned(ctace()), "factor_not_verified")


def test_no_earlier_anthracycline_is_said():
    assert finding(planned(changed(ctace(), {"earlier_anthracycline": LEFT_OUT})), "no_earlier_anthracycline")
    assert not finding(planned(ctace()), "no_earlier_anthracycline")
    assert not finding(planned(bland()), "no_earlier_anthracycline")


# What is missing


def test_what_would_give_more_is_asked_for():
    asked = {one.path: one.gives for one in planned(bland()).missing}
    assert asked["patient.bilirubin_mg_dl"][0] == "Child-Pugh of at most B7"
    assert "total bilirubin" in asked["patient.bilirubin_mg_dl"]
    assert {"Child-Pugh", "ALBI", "MELD", "MELD-Na (2016)", "MELD 3.0"} <= set(asked["patient.bilirubin_mg_dl"])
    assert "patient.sex" in asked
    assert "oil.oil_to_aqueous_ratio" not in asked


@pytest.mark.parametrize(
    ("changes", "path", "gives"),
    [
        ({"patient.age_years": LEFT_OUT}, "patient.age_years", OVER_65),
        ({"drug.vial_mg": LEFT_OUT}, "drug.vial_mg", "whole vials"),
        ({"oil.oil_to_aqueous_ratio": LEFT_OUT}, "oil.oil_to_aqueous_ratio", "drug solution for the emulsion"),
        ({"liver": LEFT_OUT}, "liver.whole_volume_ml", "the liver volume against the standard one"),
        ({"patient.creatinine_mg_dl": LEFT_OUT}, "patient.creatinine_mg_dl", "creatinine"),
    ],
)
def test_a_missing_input_is_asked_for_by_what_it_gives(changes, path, gives):
    asked = {one.path: one for one in planned(changed(ctace(), changes)).missing}
    assert gives in asked[path].gives
    assert asked[path].message.startswith("Add ")
    assert path not in {one.path for one in planned(ctace()).missing}
    made = changed_and_acknowledged(planned(changed(ctace(), changes)))
    printed = one_line(made).partition("Inputs that would give more")[2].partition("Acknowledgements")[0]
    assert asked[path].message in printed
    assert path not in printed


# Stops


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"oil.volume_ml": 15.5}, "OIL-ADULT"),
        ({"oil.volume_ml": 11, "patient.age_years": 66}, "OIL-OVER-65"),
        ({"patient.ascites": "moderate", "patient.encephalopathy": "grade_3_4", "patient.inr": 2.5}, "CP-B7"),
    ],
)
def test_a_stop_waits_for_a_person(changes, rule):
    made = planned(changed(ctace(), changes))
    [found] = finding(made, rule)
    assert (found.severity, found.acknowledgement) == ("stop", "needed")
    with pytest.raises(AcknowledgementNeededError, match=rule):
        render(made, ".txt")
    entry = {"finding": found.id, "value": found.value, "by": "AB", "reason": "discussed"}
    again = planned(changed(ctace(), {**changes, "acknowledged": [entry]}))
    assert finding(again, rule)[0].acknowledgement == "given"
    assert b"discussed" in render(again, ".txt")


@pytest.mark.parametrize(
    ("values", "points", "outcome"),
    [
        ({"bilirubin_mg_dl": 1.9, "albumin_g_dl": 2.0, "inr": 3.0}, 9, "at least 9 points against ≤ 7 points: crossed"),
        ({"bilirubin_mg_dl": 1.9, "albumin_g_dl": 2.0, "inr": 3.0, "child_pugh": "A5"}, 9, "at least 9 points against"),
        ({"bilirubin_mg_dl": 1.9, "albumin_g_dl": 2.0}, None, "was not checked"),
        ({"bilirubin_mg_dl": 2.5, "albumin_g_dl": 3.0, "child_pugh": "A5"}, None, "was not checked"),
    ],
)
def test_points_that_incomplete_values_prove_cross_the_limit(values, points, outcome):
    """1.9 mg/dL, 2.0 g/dL and 3.0 are 1, 3 and 3 points, and 1 each at least for what was not looked at."""
    case = changed(ctace(), {"patient": {"height_cm": 170, "weight_kg": 70, **values}})
    [made] = finding(planned(case), "CP-B7")
    assert made.value == points
    assert outcome in made.message
    assert made.at_least is ("at least" in outcome)
    assert (made.severity == "stop") is (points is not None)


def test_points_that_are_a_least_are_one_wherever_the_limit_stands():
    """9 points are proven, of which at most 7 are allowed: the room is -2 points at most."""
    body = {"age_years": 60, "height_cm": 170, "weight_kg": 70}
    known = body | {"bilirubin_mg_dl": 1.9, "albumin_g_dl": 2.0, "inr": 3.0}
    entry = {"finding": "CP-B7@child_pugh_points", "value": 9, "by": "AB", "reason": "discussed"}
    made = planned(changed(ctace(), {"patient": known, "acknowledged": [entry]}))
    room = "at least 9 points \N{LESS-THAN OR EQUAL TO} 7 points at most \N{MINUS SIGN}2 points"
    assert room in one_line(made).replace("\N{NO-BREAK SPACE}", " ")
    assert "stop, limit, at least this value: Child-Pugh" in render(made, ".csv").decode()


def test_a_typed_child_pugh_class_stops_as_the_computed_one_does():
    typed = planned(changed(bland(), {"patient": {"child_pugh": "C11"}}))
    assert [one.severity for one in finding(typed, "CP-B7")] == ["stop"]
    assert finding(typed, "CP-B7")[0].value == 11
    worse = planned(changed(ctace(), {"patient.child_pugh": "B8"}))
    assert [one.severity for one in finding(worse, "CP-B7")] == ["stop"]
    assert finding(worse, "child_pugh_differs")
    assert [one.severity for one in finding(planned(ctace()), "CP-B7")] == ["note"]


@pytest.mark.parametrize("make", [ctace, lobar])
def test_an_entered_liver_volume_far_from_the_standard_one_is_asked_about(make):
    size = {"patient.height_cm": 170, "patient.weight_kg": 70}
    usual, large = (planned(changed(make(), {**size, "liver.whole_volume_ml": volume})) for volume in (1700, 2500))
    assert finding(usual, "unusual_for_body_size") == []
    [found] = finding(large, "unusual_for_body_size")
    assert found.severity == "caution"
    assert "2500 mL is 1.656" in found.message


def test_epirubicin_above_its_last_band_is_a_stop():
    epirubicin = {"name": "epirubicin", "protocol": "epirubicin_50_m2", "body_surface_formula": "mosteller"}
    case = changed(ctace(), {"drug": epirubicin, "patient.bilirubin_mg_dl": 3.1})
    [found] = finding(planned(case), "EPI-BILI-3")
    assert (found.severity, found.acknowledgement) == ("stop", "needed")
    assert planned(case).bilirubin_part == 0.25
    assert finding(planned(changed(case, {"patient.bilirubin_mg_dl": 3.0})), "EPI-BILI-3")[0].severity == "note"
    assert not finding(planned(ctace()), "EPI-BILI-3")


def test_a_drug_for_somebody_of_unknown_age_waits_for_a_person():
    [found] = finding(planned(changed(ctace(), {"patient.age_years": LEFT_OUT})), "adulthood_not_checked")
    assert (found.severity, found.acknowledgement, found.value) == ("caution", "needed", None)
    assert "would be wrong for a child" in found.message
    assert not finding(planned(ctace()), "adulthood_not_checked") + finding(planned(bland()), "adulthood_not_checked")


@pytest.mark.parametrize(("ratio", "severity"), [(0.99, "caution"), (1, "note"), (2.5, "note")])
def test_more_drug_solution_than_oil_is_a_caution(ratio, severity):
    [found] = finding(planned(changed(ctace(), {"oil.oil_to_aqueous_ratio": ratio})), "EMULSION-1")
    assert (found.severity, found.verified) == (severity, False)
    assert not finding(planned(deb()), "EMULSION-1")


@pytest.mark.parametrize(
    ("make", "changes", "rule", "words"),
    [
        (ctace, {"patient.height_cm": 70, "patient.weight_kg": 170}, "body_size", "height and weight swapped"),
        (ctace, {"patient.weight_kg": 154}, "body_size", "mass index of 53.2872. Is the weight in pounds"),
        (lobar, {"patient": {"height_cm": 170, "weight_kg": 154}}, "body_size", "in pounds"),
        (ctace, {"patient.bilirubin_mg_dl": 7}, "unusual_bilirubin_mg_dl", "typed in umol/L"),
        (ctace, {"patient.creatinine_mg_dl": 25}, "unusual_creatinine_mg_dl", "typed in umol/L"),
        (ctace, {"territories[0].lesions[0].diameter_cm": 28, "territories[0].perfused_volume_ml": LEFT_OUT,
                 "partition": LEFT_OUT}, "unusual_diameter_cm", "typed in millimeters"),
        (ctace, {"territories[0].lesions[0].volume_ml": 4}, "volume_and_diameter", "whose sphere has 33.5103 mL"),
        (ctace, {"territories[0].lesions[0].volume_ml": 40}, "volume_and_diameter", "in another unit"),
        (ctace, {"patient.bilirubin_mg_dl": 0.15}, "unusual_bilirubin_mg_dl", "0.15 mg/dL. Is the decimal point right"),
        (ctace, {"patient.creatinine_mg_dl": 0.09}, "unusual_creatinine_mg_dl", "decimal point"),
        (ctace, {"patient.inr": 11}, "unusual_inr", "decimal point"),
        (ctace, {"drug.cap_mg": 1000}, "unusual_dose_cap_mg", "cap of several sessions"),
        (ctace, {"drug.vial_mg": 1}, "unusual_vial_mg", "another unit"),
        (ctace, {"oil.volume_ml": 0.01}, "unusual_oil_ml", "another unit"),
        (ctace, {"liver": LEFT_OUT, "territories[0].perfused_volume_ml": 3000}, "unusual_perfused_volume_ml", "alone"),
        (ctace, {"territories[0].lesions[0].diameter_cm": 0.04}, "unusual_diameter_cm", "another unit"),
        (ctace, {"partition": {"ratio": 0.23}}, "unusual_carrier_ratio", "upside down"),
        (deb, {"partition.ratio": 30, "partition.ratio_high": 60}, "unusual_carrier_ratio", "near background"),
        (ctace, {"partition.lung_fraction": 0.0015}, "unusual_carrier_lung_fraction", "a fraction typed"),
        (ctace, {"partition.volume_step": 0.001}, "unusual_carrier_volume_step", "a fraction typed"),
        (ctace, {"territories[0].observed_tumor_fraction": 0.0042}, "unusual_observed_tumor_fraction", "percent"),
        (ctace, {"territories[0].lesions[0].coverage_fraction": 0.007}, "unusual_coverage_fraction", "fraction typed"),
        (ctace, {"as_treated": {"fraction_injected": 0.009}}, "unusual_fraction_injected", "0.9 %. Was a fraction"),
        (ctace, {"territories[0].lesions[0].iodine_mg": 19000}, "more_oil_than_lesion",
         "19000 mg of iodine are 39.58 mL of oil, more than the 33.51 mL of the lesion"),
        (deb, {"product": "hepasphere", "drug": {"name": "doxorubicin", "protocol": "hepasphere_50_75",
               "dose_mg": 60}}, "not_a_stated_dose", "60 mg lie between the doses .* prints, 50 and 75 mg"),
    ],
)  # fmt: skip
def test_a_likely_slip_waits_for_a_person(make, changes, rule, words):
    case = changed(make(), changes)
    [found] = finding(planned(case), rule)
    assert found.acknowledgement == "needed"
    assert re.search(words, found.message)
    assert not finding(planned(make()), rule)


def test_oil_seen_beyond_the_oil_injected_is_a_caution():
    """480 mg of iodine a milliliter: 3840 mg are 8 mL, all that was injected of 10 mL at 80 %."""
    treated = changed(ctace(), {"as_treated": {"fraction_injected": 0.8}})
    assert not finding(
        planned(changed(treated, {"territories[0].lesions[0].iodine_mg": 3840})), "more_oil_than_injected"
    )
    [found] = finding(
        planned(changed(treated, {"territories[0].lesions[0].iodine_mg": 4800})), "more_oil_than_injected"
    )
    assert found.severity == "caution"
    assert "is 10 mL of oil, more than the 8 mL" in found.message


def test_a_drug_that_depends_on_an_unknown_bilirubin_waits_for_a_person():
    [found] = finding(planned(changed(deb(), {"patient.bilirubin_mg_dl": LEFT_OUT})), "bilirubin_not_checked")
    assert found.acknowledgement == "needed"
    assert "the intravenous label of doxorubicin would reduce this dose, or forbid it" in found.message
    irinotecan = {"drug": {"name": "irinotecan", "protocol": "debiri_100"}, "patient.bilirubin_mg_dl": LEFT_OUT}
    for plain in (deb(), bland(), changed(deb(), irinotecan)):
        assert not finding(planned(plain), "bilirubin_not_checked")


@pytest.mark.parametrize(
    ("lesions", "words"),
    [([], "needs a lesion in its territory"), ([{"name": "A", "volume_ml": 200}], "needs normal liver beside")],
)
def test_an_observed_part_needs_tumor_and_liver(lesions, words):
    seen = {"territories[0].observed_tumor_fraction": 0.5}
    case = changed(ctace(), {**seen, "territories[0].lesions": lesions, "staging.tumor_count": 1})
    assert refused(case, "territories[0].observed_tumor_fraction", words)


def test_a_ratio_that_was_worked_back_is_not_passed_off_as_the_preset():
    """f / (1 - f) is 1 at one half: the ratio is normal liver over tumor, 166.4897 to 33.5103 mL."""
    report = one_line(planned(changed(ctace(), {"territories[0].observed_tumor_fraction": 0.5})))
    assert "5.57, 4.97, 4.37 (worked back from the observed 50 % in tumor)" in report
    assert "it runs the other way" in report
    assert "4.3 ± 3.6" not in report
    assert "4.3 ± 3.6" in one_line(planned(ctace()))
    assert "worked back" not in one_line(planned(ctace()))


def test_nothing_injected_is_no_slip():
    assert not finding(planned(changed(ctace(), {"as_treated": {"fraction_injected": 0}})), "unusual_fraction_injected")


def test_reductions_by_the_label_that_are_not_made_are_said():
    """Bilirubin or AST reduces epirubicin; of the other drugs no label is on file."""
    epirubicin = changed(ctace(), {"drug": {"name": "epirubicin", "protocol": "epirubicin_50_fixed"}})
    [of_ast] = finding(planned(epirubicin), "ast_not_checked")
    assert of_ast.severity == "caution"
    assert "AST of 2 to 4 times the upper limit of normal leaves 0.5 of the dose, and above 4 times" in of_ast.message
    assert "above 4 times the upper limit of normal leaves 0.25 of the dose" in of_ast.message
    cisplatin = changed(ctace(), {"drug": {"name": "cisplatin", "protocol": "cisplatin_100_fixed"}})
    [unknown] = finding(planned(cisplatin), "label_not_on_file")
    assert unknown.kind == "not_checked"
    assert "label of cisplatin, as for liver, kidneys or blood counts" in unknown.message
    for rule in ("ast_not_checked", "label_not_on_file"):
        assert not finding(planned(ctace()), rule)
        assert not finding(planned(bland()), rule)


def test_a_typed_cap_above_that_of_the_protocol_is_said_to_have_no_effect():
    case = changed(deb(), {"drug.cap_mg": 180})
    [found] = finding(planned(case), "cap_above_protocol")
    assert "180 mg, is above that of the protocol; 150 mg hold" in found.message
    assert planned(case).planned_mg == 150
    assert not finding(planned(changed(deb(), {"drug.cap_mg": 150})), "cap_above_protocol")


@pytest.mark.parametrize("volume", [20, 33.5])
def test_a_volume_that_fits_its_diameter_is_not_remarked(volume):
    assert not finding(
        planned(changed(ctace(), {"territories[0].lesions[0].volume_ml": volume})), "volume_and_diameter"
    )


@pytest.mark.parametrize(
    ("path", "value", "hint"),
    [
        ("drug.vial_mg", 0.01, "Did you enter grams\\? 0.01 g is 10 mg"),
        ("drug.prescribed_mg", 0.05, "Did you enter grams\\? 0.05 g is 50 mg"),
        ("drug.cap_mg", 0.1, "Did you enter grams\\? 0.1 g is 100 mg"),
        ("earlier_anthracycline[0].dose_mg_per_m2", 0.4, "Did you enter g/m2\\? 0.4 g/m2 is 400 mg/m2"),
    ],
)
def test_grams_for_milligrams_are_refused_by_name(path, value, hint):
    assert refused(changed(ctace(), {path: value}), path, hint)


@pytest.mark.parametrize(
    ("make", "changes", "path", "words"),
    [
        (bland, {"product": "dc_bead", "oil": {"volume_ml": 5}}, "oil", "is beads; which is meant"),
        (deb, {"staging.tumor_count": 1}, "staging.tumor_count", "must hold the lesions of the case, 2; got 1"),
        (deb, {"bead_size": "hepasphere_30_60"}, "bead_size", "is one of hepasphere; tace_product is 'dc_bead'"),
        (ctace, {"bead_size": "dc_bead_300_500"}, "bead_size", "is one of dc_bead; tace_product is 'lipiodol'"),
        (lobar, {"territories[0].lesions": [{"name": name, "volume_ml": 9} for name in "AB"],
                 "staging": {"tumor_count": 1}}, "staging.tumor_count", "must hold the lesions of the case, 2"),
    ],
)  # fmt: skip
def test_what_cannot_be_together_is_refused(make, changes, path, words):
    assert refused(changed(make(), changes), path, words)


def test_a_tumor_in_two_territories_counts_once():
    case = changed(deb(), {"territories[1].lesions[0].name": "A", "staging.tumor_count": 1})
    assert planned(case)


def test_criteria_of_another_disease_are_left_out_with_a_reason():
    made = planned(changed(ctace(), {"disease": "mcrc"}))
    found = {score.name: score for score in made.scores}
    for name in ("within_milan", "up_to_7", "six_twelve"):
        assert (found[name].value, found[name].missing) == (None, ())
        assert "made for hepatocellular carcinoma" in found[name].note
    assert found["albi"].value is not None
    assert "the disease of this case is another" in finding(made, "preset_of_other_disease")[0].message
    assert "Milan criteria, made for hepatocellular carcinoma" in one_line(made)
    assert not [one for one in made.missing if "Milan criteria" in one.gives]
    assert not finding(planned(ctace()), "preset_of_other_disease")
    beads = planned(changed(deb(), {"disease": "mcrc"}))
    assert "the disease is another" in finding(beads, "other_disease")[0].message
    assert not finding(beads, "extent_unknown")


def test_scores_say_that_they_count_the_lesions_of_the_case():
    counted = {score.name: score.note for score in planned(ctace()).scores}
    assert "counted from the lesions of this case" in counted["up_to_7"]
    assert counted["albi"] == ""
    typed = planned(changed(ctace(), {"staging.tumor_count": 1, "staging.largest_tumor_cm": 4}))
    assert {score.note for score in typed.scores} == {""}


def test_one_end_of_a_ratio_is_remarked():
    for end in ("ratio_low", "ratio_high"):
        ends = {"ratio_low": LEFT_OUT, "ratio_high": LEFT_OUT, end: {"ratio_low": 1, "ratio_high": 6}[end]}
        made = planned(changed(deb(), {f"partition.{name}": value for name, value in ends.items()}))
        assert "the band shows half its width" in finding(made, "ratio_with_one_end")[0].message
    assert not finding(planned(deb()), "ratio_with_one_end")


def test_what_was_not_checked_says_why():
    made = planned(changed(ctace(), {"patient.albumin_g_dl": LEFT_OUT, "patient.creatinine_mg_dl": LEFT_OUT}))
    assert finding(made, "CP-B7")[0].message.endswith("(CP-B7) was not checked: albumin is missing.")
    assert finding(made, "CREA-2")[0].message.endswith("was not checked: creatinine is missing.")
    fixed = planned(changed(ctace(), {"drug": {"name": "doxorubicin", "protocol": "doxorubicin_50_fixed"}}))
    assert "was not checked: body surface formula is missing" in finding(fixed, "ANT-300")[0].message
    assert not [one for one in made.findings if one.message.endswith("was not checked.")]


def test_preparation_is_told_with_its_source_and_for_these_beads():
    """Nouri 2019, Table 4: 2 h or longer; 5 to 10 mL of contrast for each of 4 mL of beads; 2 to 4 weeks."""
    made = planned(deb())
    told = {fact.item: fact for fact in made.preparation}
    assert (told["contrast"].lower, told["contrast"].upper, told["contrast"].unit) == (20, 40, "mL")
    assert told["loading_time"].text == "2\N{NO-BREAK SPACE}h or longer"
    assert told["next_session"].text == "2 to 4\N{NO-BREAK SPACE}weeks later"
    assert all(fact.source and fact.locator for fact in made.preparation)
    assert {fact.verified for fact in planned(ctace()).preparation} == {False}
    assert planned(bland()).preparation == ()
    assert "Preparation and injection, from the literature" in one_line(made)


def test_the_first_page_keeps_planned_and_injected_apart():
    text = one_line(planned(changed(ctace(), {"as_treated": {"fraction_injected": 0.5}})))
    first, _, later = text.partition("As treated")
    assert "40 mg doxorubicin" in first
    assert "62 years, male, Child-Pugh A5" in first
    assert "njected" not in first.partition("with this session, as injected")[0]
    assert "20 mg doxorubicin" in later


def test_a_typed_ratio_without_ends_says_that_the_band_lacks_its_spread():
    assert finding(planned(changed(ctace(), {"partition": {"ratio": 3}})), "ratio_without_spread")
    assert not finding(planned(deb()), "ratio_without_spread")


def test_without_an_age_the_smaller_bound_of_oil_is_said_to_be_unchecked():
    made = planned(changed(ctace(), {"patient.age_years": LEFT_OUT, "oil.volume_ml": 12}))
    assert [one.kind for one in finding(made, "OIL-OVER-65")] == ["not_checked"]


def test_disease_that_does_not_fit_the_protocol_is_said():
    small = changed(deb(), {"territories[0].lesions[0]": {"name": "A", "diameter_cm": 2}})
    assert "beyond the Milan" in finding(planned(small), "other_extent")[0].message
    assert finding(planned(deb()), "other_extent") == []
    unknown = changed(deb(), {"staging": LEFT_OUT})
    assert [one.kind for one in finding(planned(unknown), "extent_unknown")] == ["not_checked"]


# Allocation


@given(partitioned())
def test_the_allocated_parts_add_up_to_what_was_injected(plain):
    made = planned(plain)
    for end in made.allocation:
        parts = [end.lung_mg, *(one.normal_mg for one in end.territories)]
        parts += [lesion.allocated_mg for one in end.territories for lesion in one.lesions]
        assert sum(parts) == pytest.approx(made.delivered_mg, rel=1e-9)


@given(partitioned())
def test_tumor_and_normal_density_stand_in_the_ratio(plain):
    for end in planned(plain).allocation:
        for territory in end.territories:
            for lesion in territory.lesions:
                if territory.normal_mg_per_ml is not None:
                    expected = territory.ratio * territory.normal_mg_per_ml
                    assert lesion.allocated_mg_per_ml == pytest.approx(expected, rel=1e-12)


@given(partitioned())
def test_a_higher_ratio_brings_more_to_the_tumor(plain):
    """Where a lesion fills its territory the share is one and the same, but for the last digit."""
    shares = [end.tumor_share for end in planned(plain).allocation]
    assert all(later >= earlier * (1 - 1e-14) for earlier, later in itertools.pairwise(shares))


@given(tumor=st.floats(0.1, 500), normal=st.floats(0.1, 2000), ratio=st.floats(0.05, 100))
def test_the_ratio_is_found_again_from_the_part_in_tumor(tumor, normal, ratio):
    part = ratio * tumor / (ratio * tumor + normal)
    found = carrier.ratio_from_fraction(tumor_fraction=part, tumor_volume_ml=tumor, normal_volume_ml=normal)
    assert found == pytest.approx(ratio, rel=1e-9)


@given(iodine=st.floats(0, 1e5))
def test_iodine_and_oil_undo_each_other(iodine):
    oil = carrier.oil_ml_from_iodine(iodine_mg=iodine, iodine_mg_per_ml=480)
    assert carrier.iodine_mg_from_oil(oil_ml=oil, iodine_mg_per_ml=480) == pytest.approx(iodine)


def test_the_band_of_the_preset_holds_no_preference_and_another_measurement():
    """I131-LIP-DOSES: I-131 ethiodol gave 239 to 31 rad a mCi, 7.71 (J Nucl Med 1988;29(6))."""
    low, _, high = (end.territories[0].ratio for end in planned(ctace()).allocation)
    measured = carrier.ratio_from_fraction(tumor_fraction=239 / (239 + 31), tumor_volume_ml=1, normal_volume_ml=1)
    assert measured == pytest.approx(7.71, abs=0.005)
    assert low < 1 < measured < high


def test_allocated_drug_is_hundreds_of_times_the_free_drug_that_was_measured():
    """FREE-CONC-GAP: 5 umol/L in tissue around beads at 8 h (Namur 2011); 543.52 g/mol."""
    [row] = [row for row in golden_rows("tace") if row["case_id"] == "PART-SEGMENT"]
    given = {name: text for name, text in row.items() if text and not name.startswith("expect_")}
    made = changed_and_acknowledged(planned(tace_case(given)))
    allocated = made.allocation[1].territories[0].lesions[0].allocated_mg_per_ml
    assert allocated * 1e6 / 543.52 / 5 == pytest.approx(382.0, abs=1)
    assert "free drug was lower by orders of magnitude" in one_line(made)


def test_the_total_of_anthracyclines_is_said_to_be_an_upper_bound():
    """VARELA-CMAX-RATIO: 78.97 ng/mL in plasma after beads, 2341.5 after oil (Varela 2007), 0.0337."""
    assert "in one series the peak in plasma was about 3 % of that after oil" in one_line(planned(deb()))
    assert "it is an upper bound. " in f"{one_line(planned(ctace()))} "
    assert "beads" not in finding(planned(ctace()), "anthracycline_upper_bound")[0].message


def one_line(made):
    return " ".join(render(made, ".txt").decode().split())


def test_the_band_is_over_the_normal_liver_too():
    """By hand: 200 mL less 33.51 mL of tumor, with 10 % more and less of the 200 mL; 25 % when typed."""
    made = planned(ctace())
    tumor = math.pi / 6 * 4**3
    expected = [220 - tumor, 200 - tumor, 180 - tumor]
    assert [end.territories[0].normal_volume_ml for end in made.allocation] == pytest.approx(expected, rel=1e-12)
    shares = [0.8 * 0.7 * tumor / (0.7 * tumor + 220 - tumor), 0.9 * 7.9 * tumor / (7.9 * tumor + 180 - tumor)]
    assert [made.allocation[end].tumor_share for end in (0, 2)] == pytest.approx(shares, rel=1e-12)
    typed = planned(changed(ctace(), {"partition.volume_step": 0.25}))
    assert typed.allocation[0].territories[0].normal_volume_ml == pytest.approx(250 - tumor, rel=1e-12)
    assert typed.allocation[1] == made.allocation[1]
    assert "25 %, typed" in one_line(typed)


def test_a_part_that_was_seen_is_the_same_at_every_end():
    seen = changed(ctace(), {"partition": {}, "territories[0].observed_tumor_fraction": 0.42})
    for end in planned(seen).allocation:
        assert end.tumor_share / (1 - end.lung_fraction) == pytest.approx(0.42, rel=1e-12)


def test_the_allocation_is_off_until_it_is_asked_for():
    made = planned(changed(ctace(), {"partition": LEFT_OUT}))
    assert made.allocation == ()
    assert b"llocation" not in render(made, ".txt")


def test_oil_reaches_the_lungs_and_beads_do_not():
    assert [end.lung_fraction for end in planned(ctace()).allocation] == [0.2, 0.15, 0.1]
    assert [end.lung_fraction for end in planned(deb()).allocation] == [0, 0, 0]


def test_released_drug_is_the_part_found_in_vitro():
    made = planned(deb())
    for end in made.allocation:
        lesion = end.territories[0].lesions[0]
        assert lesion.released_in_vitro_mg == pytest.approx(0.21 * lesion.allocated_mg)
    assert "in vitro" in render(made, ".txt").decode()


def test_observed_oil_stands_beside_the_estimate():
    seen = {"territories[0].lesions[0].iodine_mg": 1920, "territories[0].lesions[0].coverage_fraction": 0.9}
    made = planned(changed(ctace(), seen))
    lesion = made.territories[0].lesions[0]
    assert (lesion.observed_oil_ml, lesion.coverage_class) == (4, "moderate")
    assert lesion.observed_oil_fraction == pytest.approx(4 / 33.510322, rel=1e-6)
    text = render(made, ".txt").decode()
    assert "0.894, 3.94, 5.79" in text.partition("Oil seen in the tumors")[2]


@pytest.mark.parametrize("path", TACE_EXAMPLES, ids=lambda path: path.stem)
def test_no_dose_in_gray_no_molar_amount_and_no_response_curve_is_printed(path):
    for ending in (".txt", ".html", ".csv"):
        text = render(plan(read_case(path), at=AT), ending).decode()
        assert not re.search(r"\bm?Gy\b|GBq|TCP|NTCP|EQD2|[uµ]M\b|[uµ]mol/L|\bsafe\b", text), ending
    assert "not a measured tissue dose; no response" in render(plan(read_case(path), at=AT), ".txt").decode().replace(
        "\n", " "
    )


# The door


def test_every_field_has_a_rule_and_every_rule_a_field():
    own = [rule.path for rule in reference.input_rules("tace_input_rules")]
    assert set(own) <= {leaf.path for leaf in leaves(TaceCase)}
    assert set(flat_names(TaceCase)) == {leaf.path for leaf in leaves(TaceCase)}
    names = [rule.name for table in reference.INPUT_TABLES for rule in reference.input_rules(table)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("leaf", [leaf for leaf in leaves(TaceCase) if leaf.field.choices], ids=lambda leaf: leaf.path)
def test_the_choices_of_a_rule_are_the_words_of_its_type(leaf):
    rule = flat_names(TaceCase)[leaf.path]
    assert list(reference.choices(rule)) == [str(word) for word in leaf.field.choices]


def test_the_full_case_states_every_field():
    assert [leaf.path for leaf in leaves(TaceCase) if not stands(full(), leaf.path)] == []


@pytest.mark.parametrize("make", [ctace, deb, bland])
def test_a_case_is_written_as_it_was_read(make):
    case = case_from_text(text_of(make()))
    assert isinstance(case, TaceCase)
    assert case_from_text(text_from_case(case)) == case


NUMBERS = [leaf for leaf in leaves(TaceCase) if leaf.field.kind in (int, float) and leaf.path != "format_version"]


@pytest.mark.parametrize("leaf", NUMBERS, ids=lambda leaf: leaf.path)
def test_a_negative_number_is_refused_by_name(leaf):
    name = flat_names(TaceCase)[leaf.path]
    if name != "acknowledged_value":
        assert refused(changed(full(), {first(leaf.path): -1}), first(leaf.path), f"^{name} must be ")


@pytest.mark.parametrize(
    ("changes", "path", "sentence"),
    [
        ({"patient.bilirubin_mg_dl": 68}, "patient.bilirubin_mg_dl", "umol/L\\? 68 umol/L is 3.976 mg/dL"),
        ({"patient.albumin_g_dl": 36}, "patient.albumin_g_dl", "Did you enter g/L\\?"),
        ({"patient.age_years": 12}, "patient.age_years", "at least 18 for chemoembolization.*got 12"),
        ({"patient.bilirubin_mg_dl": LEFT_OUT}, "patient.bilirubin_mg_dl", "the protocol reduces the dose by it"),
        ({"drug.dose_mg_per_m2": 90}, "drug.dose_mg_per_m2", "range of its protocol, 50 to 75; got 90"),
        ({"drug.dose_mg_per_m2": LEFT_OUT}, "drug.dose_mg_per_m2", "states 50 to 75: choose one"),
        ({"drug.dose_mg": 50}, "drug.dose_mg", "does not belong to protocol"),
        ({"drug.name": "epirubicin"}, "drug.protocol", "is one of doxorubicin; drug_name says epirubicin"),
        ({"drug.body_surface_formula": LEFT_OUT}, "drug.body_surface_formula", "none is a default"),
        ({"drug.protocol": "dose_of_ours"}, "drug.protocol", "protocol must be one of doxorubicin_50_75_m2"),
        ({"patient.height_cm": LEFT_OUT}, "patient.height_cm", "the body surface needs it"),
        ({"drug.body_surface_formula": "schlich", "patient.sex": LEFT_OUT}, "patient.sex", "the Schlich formula"),
        ({"technique": "bland"}, "drug", "a bland embolization has no drug"),
        ({"drug": LEFT_OUT, "partition": LEFT_OUT}, "drug.name", "Without a drug the technique is bland"),
        ({"oil": LEFT_OUT}, "oil.volume_ml", "states the volume of iodized oil"),
        ({"product": "dc_bead"}, "product", "is beads; ctace uses oil"),
        ({"territories[0].perfused_volume_ml": LEFT_OUT}, "territories[0].perfused_volume_ml", "whole liver never"),
        ({"territories[0].perfused_volume_ml": 30}, "territories[0].perfused_volume_ml", "must hold its lesions"),
        ({"liver.whole_volume_ml": 150}, "liver.whole_volume_ml", "must hold its territories"),
        ({"territories[0].lesions[0]": {"name": "A"}}, "territories[0].lesions[0].volume_ml", "give a volume or"),
        ({"territories[0].lesions[0].diameter_cm": 40}, "territories[0].lesions[0].diameter_cm", "40 mm is 4 cm"),
        ({"partition": {}}, "partition", "either a preset or a carrier_ratio"),
        ({"partition.ratio": 3}, "partition", "either a preset or a carrier_ratio"),
        ({"partition": {"ratio": 3, "ratio_low": 4}}, "partition.ratio", "between its low and high end"),
        ({"partition": {"ratio_low": 4}}, "partition.ratio", "missing beside its low or high end"),
        ({"staging.largest_tumor_cm": 3}, "territories[0].lesions[0].diameter_cm", "must not exceed largest_tumor_cm"),
        ({"as_treated": {"fraction_injected": 60}}, "as_treated.fraction_injected", "Did you enter a percentage"),
        ({"drug.loading": 3}, "drug.loading", "the key is not known"),
        ({"device": "glass"}, "device", "the key is not known"),
        ({"territories": []}, "territories", "at least one territory"),
        ({"earlier_anthracycline[0].dose_mg_per_m2": -5}, "earlier_anthracycline[0].dose_mg_per_m2", "got -5"),
    ],
)  # fmt: skip
def test_a_conventional_case_is_refused_with_a_sentence(changes, path, sentence):
    assert refused(changed(ctace(), changes), path, sentence), problems(changed(ctace(), changes))


@pytest.mark.parametrize(
    ("changes", "path", "sentence"),
    [
        ({"product": "hepasphere"}, "product", "published for dc_bead.*not interchangeable"),
        ({"product": LEFT_OUT}, "product", "different makers are not interchangeable"),
        ({"oil": {"volume_ml": 5}}, "oil", "beads carry no oil"),
        ({"partition": {"preset": "lipiodol_hcc"}}, "partition.preset", "is one of oil; the beads need a ratio"),
        ({"drug.vial_mg": 75, "drug.loading_mg_per_ml": 37.5}, "drug.vial_mg", "both give the drug in a vial"),
        ({"territories[0].drug_share": LEFT_OUT}, "territories[0].drug_share", "with several territories"),
        ({"territories[0].drug_share": 0.9}, "territories[0].drug_share", "must add up to 1; got 1.2"),
        ({"territories[1].name": "right anterior"}, "territories", "must be unique"),
        ({"territories[1].lesions[0].name": "A"}, "staging.tumor_count", "would count more than once"),
    ],
)
def test_a_case_of_beads_is_refused_with_a_sentence(changes, path, sentence):
    assert refused(changed(deb(), changes), path, sentence), problems(changed(deb(), changes))


@pytest.mark.parametrize(
    "row",
    [row for row in reference.slips() if row.name in {rule.name for rule in reference.input_rules("tace_input_rules")}],
    ids=lambda row: row.name,
)
def test_a_slip_gets_its_hint_where_the_corrected_value_would_be_possible(row):
    rule = reference.field(row.name)
    slipped = changed(full(), {first(rule.path): (rule.lower + rule.upper) / 2 / row.factor})
    assert refused(slipped, first(rule.path), re.escape(row.hint.partition("?")[0]))


def test_suspicious_values_wait_for_a_person():
    made = planned(changed(ctace(), {"patient.bilirubin_mg_dl": 17.1}))
    assert "umol/L" in finding(made, "unusual_bilirubin_mg_dl")[0].message
    assert finding(made, "unusual_bilirubin_mg_dl")[0].acknowledgement == "needed"


def test_all_problems_are_told_at_once():
    assert len(problems(changed(ctace(), {"patient.age_years": 12, "technique": "tare", "oil.volume_ml": 0}))) == 3


@pytest.mark.parametrize(
    "broken",
    [
        lambda: drug_dose.base_dose_mg(dose=-1, per=1),
        lambda: drug_dose.capped_dose_mg(dose_mg=[1, -2], cap_mg=3),
        lambda: drug_dose.delivered_mg(prepared_mg=10, fraction_injected=60),
        lambda: carrier.lung_mg(administered_mg=10, lung_fraction=1.0),
        lambda: carrier.ratio_from_fraction(tumor_fraction=1, tumor_volume_ml=1, normal_volume_ml=1),
        lambda: carrier.per_uptake_mg_per_ml(administered_mg=-1, lung_fraction=0, uptake_volume_ml=1),
    ],
)
def test_a_formula_refuses_what_cannot_be(broken):
    with pytest.raises(ValueError, match="must be"):
        broken()


# One is many, files, faces


def many(parts: list[TaceColumns]) -> TaceColumns:
    """The columns of many cases from the columns of each."""
    drugs = [[part.earlier.drug.values[code] for code in part.earlier.drug.codes] for part in parts]
    return TaceColumns(
        base=one_set([part.base for part in parts]),
        earlier=Earlier(
            drug=words_of([drug for one in drugs for drug in one]),
            dose_mg_per_m2=np.concatenate([part.earlier.dose_mg_per_m2 for part in parts]),
            case=np.repeat(np.arange(len(parts)), [len(one) for one in drugs]),
        ),
    )


@given(st.lists(partitioned() | st.sampled_from([ctace(), deb(), bland()]), min_size=2, max_size=4))
def test_many_cases_give_what_each_gives_alone(plains):
    parts = [from_tace_case(case_from_text(text_of(plain))) for plain in plains]
    alone, together = [evaluate(part) for part in parts], evaluate(many(parts))
    for level in ("case", "territory", "lesion", "scores"):
        for name, values in getattr(together, level).items():
            expected = np.concatenate([getattr(one, level)[name] for one in alone])
            assert np.array_equal(values, expected, equal_nan=True), name
    for end in ENDS:
        expected = np.concatenate([one.allocation[end].lesion_mg for one in alone])
        assert np.array_equal(together.allocation[end].lesion_mg, expected, equal_nan=True)


@pytest.mark.parametrize("path", TACE_EXAMPLES, ids=lambda path: path.stem)
def test_a_stored_plan_is_verified(path):
    made = plan(read_case(path), at=AT)
    assert verify(text_from_plan(made)).agrees
    stored = json.loads(text_from_plan(made))
    stored["planned_mg"] += 1
    assert verify(json.dumps(stored)).moved == (
        f"planned_mg: stored {stored['planned_mg']}, recomputed {made.planned_mg}",
    )


@pytest.mark.parametrize("ending", [".pdf", ".html", ".txt", ".csv", ".json"])
@pytest.mark.parametrize("path", TACE_EXAMPLES, ids=lambda path: path.stem)
def test_the_command_writes_every_format(path, ending, tmp_path):
    target = tmp_path / f"report{ending}"
    assert main(["report", str(path), "--output", str(target), "--at", "2026-01-31T09:30:00Z"]) == 0
    assert target.stat().st_size > 1000


def test_the_worksheet_has_a_line_for_every_number_of_the_session():
    titles = {step.title for plain in (ctace(), deb()) for sheet in worksheets(planned(plain)) for step in sheet.steps}
    assert titles >= {
        *("The smaller of reduced dose and cap", "In whole vials", "Beads of so many vials", "Loading", "On each vial"),
        *("Drug solution for the emulsion", "Drug in it", "In all, as doxorubicin", "Lungs, from this territory"),
    }


@pytest.mark.parametrize("formula", [formula.key for formula in FORMULAS])
def test_the_worksheet_can_be_reworked(formula):
    made = planned(changed(deb(), {"drug.body_surface_formula": formula}))
    steps = [step for sheet in worksheets(made) for step in sheet.steps]
    assert len(steps) >= 17
    for step in steps:
        line = linear(step.numbers).replace(TIMES, "*").replace(MINUS, "-").replace("^", "**")
        line = line.replace("\N{SQUARE ROOT}", "math.sqrt")
        assert eval(line, {"math": math}) == pytest.approx(float(step.value.text), rel=1e-3), step.title


def test_the_flat_table_holds_the_unrounded_dose():
    rows = list(csv.DictReader(io.StringIO(render(planned(ctace()), ".csv").decode())))
    found = {row["quantity"]: row for row in rows if not row["territory"]}
    assert float(found["reduced_mg"]["value"]) == planned(ctace()).reduced_mg
    assert found["planned_mg_per_m2"]["unit"] == "mg/m2"


def test_the_schema_knows_the_case(capsysbinary):
    schema = case_schema("tace")
    for make in (ctace, deb, bland):
        jsonschema.validate(make(), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(lobar(), schema)
    assert main(["schema", "--treatment", "tace"]) == 0
    assert json.loads(capsysbinary.readouterr().out) == schema


def test_an_order_sheet_is_not_made_of_it(capsys):
    assert main(["order", str(TACE_EXAMPLES[0])]) == 2
    assert "one of radioembolization" in capsys.readouterr().err


def test_a_limit_names_a_quantity_that_is_computed():
    results = evaluate(from_tace_case(case_from_text(text_of(ctace()))))
    limits = reference.table("tace_limits")
    assert {limit.quantity for limit in limits} <= set(results.case)
    assert not {limit.limit_id for limit in limits} & {limit.limit_id for limit in reference.limits()}


def test_words_of_the_tables_point_at_each_other():
    products = {row.product for row in reference.table("tace_products")}
    drugs = set(reference.choices("drug_name"))
    for row in reference.table("tace_protocols"):
        assert set(filter(None, row.products.split("|"))) <= products
        assert row.drug in drugs
        assert row.lower <= row.upper <= (row.cap_mg or np.inf) or row.basis != "mg"
        assert not row.bilirubin_rule or bands(row.bilirubin_rule, "bilirubin_mg_dl")
    for row in reference.table("tace_released_fractions"):
        assert row.product in products
        assert row.drug in drugs
    assert {row.drug for row in reference.table("tace_anthracyclines")} == set(reference.choices("earlier_drug"))


def test_problems_name_their_place():
    assert problems_at(
        changed(deb(), {"territories[1].lesions[0].diameter_cm": -2}), "territories[1].lesions[0].diameter_cm"
    )
