"""Scores: their edges, what is not inferred, and their words in the reports of both treatments."""

import itertools
import math

import numpy as np
import pytest
from cases import LEFT_OUT, changed, lobar, planned, text_of
from golden import rows
from hypothesis import given
from hypothesis import strategies as st
from tace_cases import ctace

from dosimetry import scores
from dosimetry.bands import band_of, banded, bands
from dosimetry.case_file import case_from_text
from dosimetry.report.score_blocks import scores as score_blocks
from dosimetry.scores import liver_function, liver_volume, tumor_burden

SCORED = {
    "patient": ctace()["patient"],
    "staging": {"tumor_count": 1, "largest_tumor_cm": 4, "vascular_invasion": False},
}


def tare():
    """A case of radioembolization of the same patient."""
    return changed(lobar(), SCORED)


def of(plain):
    return {score.name: score for score in scores.of(case_from_text(text_of(plain)))}


def test_the_same_patient_has_the_same_scores_whatever_the_treatment():
    assert tuple(of(tare()).values()) == planned(changed(ctace(), {"staging": SCORED["staging"]})).scores
    counted = {score.name: (score.value, score.text) for score in planned(ctace()).scores}
    assert counted == {name: (score.value, score.text) for name, score in of(tare()).items()}


def test_the_words_of_a_report():
    found = {name: score.text for name, score in of(tare()).items()}
    assert found == {
        "child_pugh_points": "A5",
        "albi": "-2.13, grade 2",
        "meld": "9",
        "meld_na": "9",
        "meld_3": "9",
        "within_milan": "within",
        "up_to_7": "5, within",
        "six_twelve": "5, up to 6",
    }


@pytest.mark.parametrize(("name", "inputs"), scores.context.INPUTS.items())
def test_a_score_without_one_of_its_inputs_is_not_computed_and_says_which(name, inputs):
    for each in inputs:
        place = "staging" if each in ("tumor_count", "largest_tumor_cm", "vascular_invasion") else "patient"
        found = of(changed(tare(), {f"{place}.{each}": LEFT_OUT}))[name]
        assert found.value is None
        assert len(found.missing) == 1


@pytest.mark.parametrize("missing", ["ascites", "encephalopathy"])
def test_ascites_and_encephalopathy_are_never_inferred(missing):
    case = changed(tare(), {f"patient.{missing}": LEFT_OUT, "patient.child_pugh": "A5"})
    assert of(case)["child_pugh_points"].value is None


def test_a_report_says_what_could_not_be_computed():
    blocks = list(score_blocks(scores.of(case_from_text(text_of(changed(tare(), {"patient.inr": LEFT_OUT}))))))
    assert "Child-Pugh without INR" in blocks[-1].text
    assert "MELD without INR" in blocks[-1].text
    assert blocks[-1].text.endswith("Nothing is inferred.")


def test_no_score_no_section():
    assert list(score_blocks(scores.of(case_from_text(text_of(lobar()))))) == []


CHILD = {"bilirubin_mg_dl": 1.0, "albumin_g_dl": 4.0, "inr": 1.0, "ascites_points": 1, "encephalopathy_points": 1}


@pytest.mark.parametrize(
    ("name", "value", "points"),
    [
        ("bilirubin_mg_dl", 1.99, 5), ("bilirubin_mg_dl", 2.0, 6), ("bilirubin_mg_dl", 3.0, 6),
        ("bilirubin_mg_dl", 3.01, 7), ("albumin_g_dl", 3.51, 5), ("albumin_g_dl", 3.5, 6), ("albumin_g_dl", 2.8, 6),
        ("albumin_g_dl", 2.79, 7), ("inr", 1.69, 5), ("inr", 1.7, 6), ("inr", 2.3, 6), ("inr", 2.31, 7),
        ("ascites_points", 3, 7), ("encephalopathy_points", 2, 6),
    ],
)  # fmt: skip
def test_child_pugh_at_its_edges(name, value, points):
    assert liver_function.child_pugh_points(**CHILD | {name: value}) == points


@pytest.mark.parametrize(("points", "label"), [(5, "A"), (6, "A"), (7, "B"), (9, "B"), (10, "C"), (15, "C")])
def test_the_classes_of_child_pugh(points, label):
    assert band_of("child_pugh_class", "points", points).label == label


@pytest.mark.parametrize(("score", "grade"), [(-2.61, 1), (-2.6, 1), (-2.59, 2), (-1.39, 2), (-1.38, 3)])
def test_the_grades_of_albi(score, grade):
    assert liver_function.albi_grade(score) == grade


@pytest.mark.parametrize(("score", "label"), [(-2.5862, "2a"), (-2.27, "2a"), (-2.2, "2b"), (-1.2513, "3")])
def test_the_modified_grades_of_albi(score, label):
    assert band_of("malbi", "albi", score).label == label


def test_albi_of_unconverted_units_would_be_far_off():
    assert liver_function.albi(bilirubin_mg_dl=1.0, albumin_g_dl=4.0) == pytest.approx(-2.5862, abs=5e-4)
    assert 0.66 * math.log10(1.0) - 0.085 * 4.0 == pytest.approx(-0.34)


@given(st.floats(0.1, 60))
def test_units_of_bilirubin_undo_each_other(value):
    assert liver_function.bilirubin_mg_dl(liver_function.bilirubin_umol_l(value)) == pytest.approx(value)


def test_creatinine_of_meld_is_capped_and_dialysis_counts_as_the_cap():
    high = liver_function.meld(bilirubin_mg_dl=1, creatinine_mg_dl=4.1, inr=1)
    dialysed = liver_function.meld(bilirubin_mg_dl=1, creatinine_mg_dl=1.0, inr=1, on_dialysis=1)
    assert high == dialysed


@pytest.mark.parametrize(("score", "shown"), [(3.2, 6), (20.4999, 20), (20.5, 21), (44.0, 40)])
def test_meld_is_reported_rounded_between_six_and_forty(score, shown):
    assert liver_function.reported_meld(score) == shown


@pytest.mark.parametrize(("meld", "sodium", "expected"), [(11, 125, 11), (12, 125, 12 + 1.32 * 12 - 0.033 * 12 * 12),
                                                          (20, 140, 20), (20, 120, 27.92)])  # fmt: skip
def test_sodium_counts_above_eleven_and_within_its_bounds(meld, sodium, expected):
    assert liver_function.meld_na(meld_score=meld, sodium_mmol_l=sodium) == pytest.approx(expected)


def test_meld_3_takes_the_sex_and_is_nan_without():
    known = {"bilirubin_mg_dl": 2, "creatinine_mg_dl": 1, "inr": 1, "sodium_mmol_l": 137, "albumin_g_dl": 3.5}
    women, men, unknown = liver_function.meld_3(**known, is_female=[1, 0, np.nan])
    assert women - men == pytest.approx(1.33)
    assert np.isnan(unknown)


@pytest.mark.parametrize(
    ("name", "end", "inside", "beyond"),
    [
        ("albumin_g_dl", 1.5, 1.6, 1.4), ("albumin_g_dl", 3.5, 3.4, 3.6), ("sodium_mmol_l", 125, 126, 124),
        ("sodium_mmol_l", 137, 136, 138), ("creatinine_mg_dl", 3.0, 2.9, 3.1), ("creatinine_mg_dl", 1.0, 1.1, 0.9),
        ("inr", 1.0, 1.1, 0.9), ("bilirubin_mg_dl", 1.0, 1.1, 0.9),
    ],
)  # fmt: skip
def test_inputs_of_meld_3_count_up_to_their_bounds_and_no_further(name, end, inside, beyond):
    known = {"bilirubin_mg_dl": 2, "creatinine_mg_dl": 2, "inr": 1.5, "sodium_mmol_l": 130, "albumin_g_dl": 2.5}
    at, within, past = (liver_function.meld_3(**known | {name: value}, is_female=0) for value in (end, inside, beyond))
    assert past == at != within


@pytest.mark.parametrize(
    ("largest", "count", "invasion", "inside"),
    [(5.0, 1, 0, 1), (5.1, 1, 0, 0), (3.0, 3, 0, 1), (3.1, 3, 0, 0), (3.0, 4, 0, 0), (3.0, 1, 1, 0)],
)
def test_milan_at_its_edges(largest, count, invasion, inside):
    found = tumor_burden.within_milan(largest_tumor_cm=largest, tumor_count=count, vascular_invasion=invasion)
    assert found == inside


def test_milan_says_nothing_without_knowledge_of_invasion():
    assert np.isnan(tumor_burden.within_milan(largest_tumor_cm=2, tumor_count=1, vascular_invasion=np.nan))


@pytest.mark.parametrize(("total", "label"), [(6.0, "up to 6"), (6.1, "above 6, up to 12"), (12.0, "above 6, up to 12"),
                                              (12.1, "above 12")])  # fmt: skip
def test_the_strata_of_six_and_twelve(total, label):
    assert band_of("six_twelve", "sum", total).label == label


@pytest.mark.parametrize(("rise", "points"), [(0, 0.0), (1, 1.5), (2, 3.0), (3, 3.0)])
def test_art_counts_the_rise_of_child_pugh(rise, points):
    found = tumor_burden.art_points(child_pugh_increase=rise, ast_rise_percent=25, radiologic_response=1)
    assert found == points
    worse = tumor_burden.art_points(child_pugh_increase=rise, ast_rise_percent=25.1, radiologic_response=0)
    assert worse == points + 5


@pytest.mark.parametrize(("part", "odd"), [(0.59, 1), (0.6, 0), (1.6, 0), (1.61, 1), (np.nan, 0)])
def test_the_soft_band_of_liver_volumes(part, odd):
    assert liver_volume.is_unusual(part) == odd


def test_a_liver_volume_far_from_the_body_is_a_caution():
    made = planned(changed(ctace(), {"liver.whole_volume_ml": 2600}))
    [found] = [one for one in made.findings if one.id.startswith("unusual_for_body_size")]
    assert (found.severity, found.acknowledgement) == ("caution", None)


def test_an_unknown_value_lies_in_no_band():
    assert np.isnan(banded("albi", "albi", np.nan))
    assert band_of("child_pugh_class", "points", 20) is None


@pytest.mark.parametrize(("largest", "count", "within"), [(5, 2, 1), (5.1, 2, 0), (6, 1, 1), (4, 4, 0)])
def test_up_to_seven_at_its_edges(largest, count, within):
    assert tumor_burden.within_up_to_7(largest_tumor_cm=largest, tumor_count=count) == within


def test_every_score_of_the_report_has_a_golden_row():
    expected = {name.removeprefix("expect_") for row in rows("scores") for name in row if row[name]}
    assert {"child_pugh_points", "albi", "meld", "meld_na", "meld_3", "within_milan", "burden_sum"} <= expected


@pytest.mark.parametrize("rule", ["child_pugh", "albi", "six_twelve", "seven_eleven"])
def test_the_bands_of_a_score_leave_no_hole(rule):
    parts = {band.part for band in (row for row in all_bands() if row.rule == rule)}
    for part in parts:
        ordered = sorted(bands(rule, part), key=lambda band: -math.inf if band.lower is None else band.lower)
        for lower, upper in itertools.pairwise(ordered):
            assert lower.upper == upper.lower
            assert (lower.closed in ("upper", "both")) != (upper.closed in ("lower", "both"))


def all_bands():
    from dosimetry import reference

    return reference.table("score_bands")
