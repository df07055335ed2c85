"""The resin rules and the lung limit: their bands from both sides, what they need, and what they refuse."""

import math

import numpy as np
import pytest
from cases import LEFT_OUT, changed, planned, problems, refused, two_lobes, with_lesions
from hypothesis import given
from hypothesis import strategies as st
from strategies import numbers

from dosimetry import spheres
from dosimetry.activity_bands import empirical_activity_gbq, remaining_part
from dosimetry.body_surface import du_bois_m2

here = "territories[0]."
model = here + "prescription.model"
LOBE, SHARE, EMPIRICAL = {"model": "resin_bsa", "reading": "lobe"}, {"model": "resin_bsa", "reading": "share"}, {
    "model": "empirical"
}  # fmt: skip
TO_THE_LUNGS = {"model": "lung_limit", "dose_gy": 25}


def resin(prescription, **changes):
    """Resin for a body of 170 cm and 70 kg: 85 mL of tumor in 650 mL of a liver of 1700 mL, shunt 5 %."""
    stated = {"device": "resin", "patient": {"height_cm": 170, "weight_kg": 70}, here + "prescription": prescription}
    return changed(changed(with_lesions(), stated), changes)


def activity(plain):
    return planned(plain).territories[0].administered_activity_gbq


SURFACE = 0.20247 * 1.7**0.725 * 70**0.425
WITHOUT_SHUNT = {
    "lobe": (LOBE, (SURFACE - 0.2 + 85 / 650) * 650 / 1700),
    "share": (SHARE, (SURFACE - 0.2 + 85 / 1700) * 650 / 1700),
    "empirical": (EMPIRICAL, 2.0 * 650 / 1700),
}
BANDS = [
    (0.0, 1.0), (0.05, 1.0), (math.nextafter(0.1, 0) - 1e-9, 1.0), (0.1, 0.8), (0.12, 0.8), (0.15 - 1e-9, 0.8),
    (0.15, 0.6), (0.17, 0.6), (0.2 - 1e-9, 0.6),
]  # fmt: skip


@pytest.mark.parametrize(("prescription", "whole"), WITHOUT_SHUNT.values(), ids=WITHOUT_SHUNT)
@pytest.mark.parametrize(("shunt", "left"), BANDS)
def test_the_shunt_takes_its_part_of_the_activity(prescription, whole, shunt, left):
    case = resin(prescription, **{"lung.shunt_fraction": shunt})
    assert activity(case) == pytest.approx(whole * left, rel=1e-12)
    said = [one for one in planned(case).findings if one.quantity == "effective_lung_shunt_fraction"]
    said = [one for one in said if one.id.startswith("shunt_reduction")]
    assert len(said) == (left < 1)
    assert all(("edge of a band" in one.message) is (shunt in (0.1, 0.15)) for one in said)


@pytest.mark.parametrize("shunt", [0.2, 0.2 + 1e-9, 0.35, 0.99])
@pytest.mark.parametrize("prescription", [LOBE, SHARE, EMPIRICAL], ids=["lobe", "share", "empirical"])
def test_from_a_shunt_of_20_percent_there_is_no_activity(prescription, shunt):
    case = resin(prescription, **{"lung.shunt_fraction": shunt})
    assert refused(case, model, "gives no activity at a lung shunt of 20 % or more")


@pytest.mark.parametrize("prescription", [
    {"model": "partition", "target": "lesion:A", "dose_gy": 120},
    {"model": "partition", "target": "normal_perfused", "dose_gy": 40},
    {"model": "single_compartment", "dose_gy": 50},
])  # fmt: skip
@pytest.mark.parametrize("shunt", [0.12, 0.17, 0.25])
def test_the_reduction_touches_no_other_model(prescription, shunt):
    """The same dose takes 1 / (1 - shunt) of the activity, nothing else."""
    none, some = (activity(resin(prescription, **{"lung.shunt_fraction": value})) for value in (0, shunt))
    assert some == pytest.approx(none / (1 - shunt), rel=1e-12)


def test_the_own_shunt_of_a_territory_decides():
    case = resin(LOBE, **{"lung.shunt_fraction": 0.05, here + "shunt_fraction": 0.17})
    assert activity(case) == pytest.approx(WITHOUT_SHUNT["lobe"][1] * 0.6, rel=1e-12)


INVOLVEMENT = [
    (0.06, 2.0), (0.25 - 1e-9, 2.0), (0.25, 2.5), (0.4, 2.5), (0.5, 2.5), (0.5 + 1e-9, 3.0), (0.6, 3.0),
]  # fmt: skip


@pytest.mark.parametrize(("part", "whole"), INVOLVEMENT)
def test_the_empirical_activity_by_involvement(part, whole):
    case = resin(EMPIRICAL, **{"liver.untreated_tumor_volume_ml": part * 1700 - 85})
    assert planned(case).tumor_involvement_fraction == pytest.approx(part, rel=1e-12)
    assert activity(case) == pytest.approx(whole * 650 / 1700, rel=1e-12)


def test_the_bands_of_involvement_have_no_gap_and_no_overlap():
    parts = np.linspace(0, 1, 4001)
    expected = [2.0 if part < 0.25 else 2.5 if part <= 0.5 else 3.0 for part in parts]
    assert empirical_activity_gbq(parts).tolist() == expected


def test_the_bands_of_the_shunt_have_no_gap_and_no_overlap():
    shunts = np.linspace(0, 0.9999, 4001)
    expected = [1.0 if one < 0.1 else 0.8 if one < 0.15 else 0.6 if one < 0.2 else math.nan for one in shunts]
    np.testing.assert_array_equal(remaining_part(shunts), expected)


def test_no_band_holds_for_a_missing_value():
    unknown = np.array([math.nan])
    assert np.isnan(remaining_part(unknown)).all()
    assert np.isnan(empirical_activity_gbq(unknown)).all()


@pytest.mark.parametrize("gone", ["patient.height_cm", "patient.weight_kg", "liver.whole_volume_ml"])
@pytest.mark.parametrize("prescription", [LOBE, SHARE], ids=["lobe", "share"])
def test_body_surface_needs_body_and_liver(prescription, gone):
    rule = {"whole_volume_ml": "whole_liver_volume_ml"}.get(gone.split(".")[1], gone.split(".")[1])
    case = resin(prescription, **{gone: LEFT_OUT, "liver.untreated_tumor_volume_ml": 0})
    assert refused(case, model, f"'resin_bsa' needs {rule}; it is missing")


def test_the_share_reading_needs_all_tumor_and_the_lobe_reading_does_not():
    without = {"liver.untreated_tumor_volume_ml": LEFT_OUT}
    assert refused(resin(SHARE, **without), model, "needs untreated_tumor_volume_ml; it is missing. Type 0")
    assert activity(resin(LOBE, **without)) == activity(resin(LOBE))


@pytest.mark.parametrize("untreated", [0, 300])
def test_tumor_elsewhere_counts_in_the_share_reading_only(untreated):
    elsewhere = {"liver.untreated_tumor_volume_ml": untreated}
    assert activity(resin(LOBE, **elsewhere)) == activity(resin(LOBE))
    assert activity(resin(SHARE, **elsewhere)) == pytest.approx(
        (SURFACE - 0.2 + (85 + untreated) / 1700) * 650 / 1700, rel=1e-12
    )


def test_the_readings_agree_where_the_whole_liver_is_treated():
    whole = {here + "perfused_volume_ml": 1700}
    assert activity(resin(LOBE, **whole)) == pytest.approx(activity(resin(SHARE, **whole)), rel=1e-12)


@pytest.mark.parametrize("gone", ["whole_volume_ml", "untreated_tumor_volume_ml"])
def test_the_empirical_method_needs_the_involvement(gone):
    assert refused(resin(EMPIRICAL, **{f"liver.{gone}": LEFT_OUT}), model, "'empirical' needs .*; it is missing")


def test_the_empirical_method_needs_a_lesion():
    assert refused(resin(EMPIRICAL, **{here + "lesions": []}), model, "no lesion is delineated")


def test_a_body_so_small_that_no_activity_is_left_is_refused():
    least = {"patient": {"height_cm": 50, "weight_kg": 2}, here + "lesions": []}
    assert SURFACE > 1
    area = float(du_bois_m2(height_cm=50, weight_kg=2))
    assert area < 0.2
    assert refused(resin(LOBE, **least), model, "gives no activity above zero")


@pytest.mark.parametrize("device", ["glass", "holmium"])
@pytest.mark.parametrize("prescription", [LOBE, SHARE, EMPIRICAL], ids=["lobe", "share", "empirical"])
def test_the_resin_rules_are_for_resin(device, prescription):
    case = resin(prescription, device=device, convention="ho166" if device == "holmium" else "eanm")
    assert refused(case, model, f"does not belong to device '{device}'")


FIELDS = {
    "no reading": ({"model": "resin_bsa"}, "reading", "needs resin_reading"),
    "unknown reading": ({"model": "resin_bsa", "reading": "liver"}, "reading", "must be one of"),
    "body surface with dose": (LOBE | {"dose_gy": 40}, "dose_gy", "takes no target_dose_gy"),
    "empirical with reading": (EMPIRICAL | {"reading": "lobe"}, "reading", "takes no resin_reading"),
    "empirical with activity": (EMPIRICAL | {"activity_gbq": 1}, "activity_gbq", "takes no prescribed_activity_gbq"),
    "lungs without dose": ({"model": "lung_limit"}, "dose_gy", "needs target_dose_gy"),
    "lungs with target": (TO_THE_LUNGS | {"target": "normal_perfused"}, "target", "takes no prescription_target"),
}


@pytest.mark.parametrize(("prescription", "field", "rule"), FIELDS.values(), ids=FIELDS)
def test_a_prescription_has_the_fields_of_its_model_and_no_others(prescription, field, rule):
    assert refused(resin(prescription), f"{here}prescription.{field}", rule)


def test_what_must_be_said_of_a_resin_rule():
    def said(plain):
        return {one.id.partition("@")[0] for one in planned(plain).findings}

    assert "unverified_model" in said(resin(EMPIRICAL))
    assert "unverified_model" not in said(resin(LOBE))
    resected = resin(LOBE, prior={"resection": True})
    small = resin(LOBE, **{"liver.whole_volume_ml": 1299})
    assert "body_surface_after_resection" in said(resected) - said(resin(LOBE))
    assert "body_surface_small_liver" in said(small) - said(resin(LOBE))
    assert "body_surface_small_liver" not in said(resin(LOBE, **{"liver.whole_volume_ml": 1300}))


def lungs(**changes):
    """The right lobe to 25 Gy of the lungs, 1.5 GBq typed for the left lobe."""
    return changed(changed(two_lobes(), {here + "prescription": TO_THE_LUNGS}), changes)


def test_the_activity_of_the_other_territories_counts():
    """25 Gy in 1 kg are 25 / 49.67 GBq in the lungs; 5 % of 1.5 GBq come from the left lobe."""
    assert activity(lungs()) == pytest.approx((25 / 49.67 - 0.05 * 1.5) / 0.05, rel=1e-12)
    assert planned(lungs()).lung_dose_gy == pytest.approx(25, rel=1e-12)
    alone = changed(lungs(), {"territories": [lungs()["territories"][0]]})
    assert activity(alone) == pytest.approx(25 / 49.67 / 0.05, rel=1e-12)


def test_each_territory_counts_with_its_own_shunt():
    case = lungs(**{here + "shunt_fraction": 0.08, "territories[1].shunt_fraction": 0.02, "lung.mass_kg": 0.9})
    assert activity(case) == pytest.approx((25 * 0.9 / 49.67 - 0.02 * 1.5) / 0.08, rel=1e-12)


def test_an_earlier_lung_dose_is_not_part_of_this_session():
    assert activity(lungs(**{"lung.previous_dose_gy": 20})) == activity(lungs())


@pytest.mark.parametrize("other", [
    {"model": "single_compartment", "dose_gy": 60},
    {"model": "partition", "target": "lesion:B", "dose_gy": 100},
])  # fmt: skip
def test_others_that_are_prescribed_by_dose_count_as_well(other):
    case = lungs(**{"territories[1].prescription": other})
    left = planned(case).territories[1].administered_activity_gbq
    assert activity(case) == pytest.approx((25 / 49.67 - 0.05 * left) / 0.05, rel=1e-12)


REFUSED = {
    "no lung mass": ({"lung.mass_kg": LEFT_OUT}, model, "needs lung_mass_kg; it is missing and never assumed"),
    "no shunt": ({"lung.shunt_fraction": 0}, model, "needs a lung shunt above 0"),
    "two of them": ({"territories[1].prescription": TO_THE_LUNGS}, model, "for one territory of a case only"),
    "no room": (
        {"territories[1].prescription.activity_gbq": 15, "lung.mass_kg": 1},
        here + "prescription.dose_gy",
        "gives no activity: the other territories already bring",
    ),
}


@pytest.mark.parametrize(("change", "path", "rule"), REFUSED.values(), ids=REFUSED)
def test_a_lung_limit_that_cannot_be_met_is_refused(change, path, rule):
    assert refused(lungs(**change), path, rule)


def test_a_lung_limit_that_the_others_reach_exactly_is_refused():
    exactly = {"constants": {"energy_gy_kg_per_gbq": 50}, "territories[1].prescription.activity_gbq": 10}
    assert refused(lungs(**exactly), here + "prescription.dose_gy", "gives no activity")


@given(numbers("height_cm"), numbers("weight_kg"), st.floats(1.0001, 1.5))
def test_body_surface_rises_with_height_and_with_weight(height, weight, factor):
    area = du_bois_m2(height_cm=height, weight_kg=weight)
    assert area > 0
    assert du_bois_m2(height_cm=height * factor, weight_kg=weight) == pytest.approx(area * factor**0.725, rel=1e-12)
    assert du_bois_m2(height_cm=height, weight_kg=weight * factor) == pytest.approx(area * factor**0.425, rel=1e-12)


@given(st.floats(140, 210), st.floats(40, 150), st.floats(0.5, 30))
def test_the_activity_rises_with_height_and_with_weight(height, weight, more):
    for prescription in (LOBE, SHARE):
        base = resin(prescription, patient={"height_cm": height, "weight_kg": weight})
        taller = changed(base, {"patient.height_cm": height + more})
        heavier = changed(base, {"patient.weight_kg": weight + more})
        assert activity(base) < min(activity(taller), activity(heavier))


STATED = {"glass": (2500, 2500), "resin": (3e9 / 46.6e6, 3e9 / 41.4e6), "holmium": (200, 400)}
HALF_LIVES = {"glass": 64.1, "resin": 64.1, "holmium": 26.8}


@pytest.mark.parametrize("device", STATED)
@pytest.mark.parametrize("half_lives", [-1, 0, 1, 2])
def test_a_sphere_loses_half_its_activity_in_a_half_life_and_more_of_them_carry_the_same(device, half_lives):
    stated = {
        "device": device,
        "convention": "ho166" if device == "holmium" else "eanm",
        here + "vial_age_h": half_lives * HALF_LIVES[device],
        here + "prescription": {"model": "activity", "activity_gbq": 1.3},
    }
    made = planned(changed(with_lesions(), stated)).territories[0]
    lost = 1 if device == "holmium" else 2**half_lives  # ordered for the patient: stated as it is at treatment
    least, most = (value / lost for value in STATED[device])
    assert (made.sphere_activity_lower_bq, made.sphere_activity_upper_bq) == pytest.approx((least, most), rel=1e-12)
    assert (made.spheres_lower_million, made.spheres_upper_million) == pytest.approx(
        (1300 / most, 1300 / least), rel=1e-12
    )
    assert made.spheres_per_ml_upper == pytest.approx(1.3e9 / least / 650, rel=1e-12)
    assert made.spheres_per_ml_lower == pytest.approx(1.3e9 / most / 650, rel=1e-12)


def test_without_the_age_of_the_vial_there_is_no_number_of_spheres():
    made = planned(with_lesions()).territories[0]
    assert made.spheres_lower_million is made.sphere_activity_upper_bq is made.spheres_per_ml_lower is None


def test_without_a_half_life_the_age_of_a_vial_is_refused_or_the_half_life_asked_for():
    """A number that could not be computed is never null in silence."""
    typed = {"convention": LEFT_OUT, "constants": {"energy_gy_kg_per_gbq": 49.67, "tissue_density_g_per_ml": 1.03}}
    case = changed(with_lesions(), {**typed, here + "vial_age_h": 4})
    assert problems(case) or "constants.half_life_h" in [one.path for one in planned(case).missing]


@given(st.floats(0.01, 20), st.floats(10, 5000))
def test_spheres_times_their_activity_are_the_activity(activity_gbq, per_sphere_bq):
    count = spheres.spheres_million(activity_gbq=activity_gbq, activity_per_sphere_bq=per_sphere_bq)
    assert float(count) * 1e6 * per_sphere_bq == pytest.approx(activity_gbq * 1e9, rel=1e-12)
