"""Body surface: the formulas against each other and against their own shape; the printed numbers are golden rows."""

import numpy as np
import pytest
from golden import rows
from hypothesis import given
from hypothesis import strategies as st

from dosimetry.body_surface import FORMULAS, body_surface_m2, boyd_m2, du_bois_m2, formula_named, schlich_m2

heights, weights = st.floats(140, 210), st.floats(35, 160)


def test_every_formula_has_a_golden_row():
    assert {row["body_surface_formula"] for row in rows("body_surface")} == {formula.key for formula in FORMULAS}


def test_mosteller_is_offered_first():
    assert FORMULAS[0].key == "mosteller"


@given(height=heights, weight=weights)
@pytest.mark.parametrize("key", [formula.key for formula in FORMULAS])
def test_no_formula_is_further_from_mosteller_than_published_comparisons(key, height, weight):
    """Redlarski 2016: 25 formulas differ by up to 0.5 m2 for standard adults; here also large and small ones."""
    size = (np.array(height), np.array(weight), np.array(0.0))
    assert abs(formula_named(key).m2(*size) - formula_named("mosteller").m2(*size)) < 0.75


@given(height=heights, weight=weights, more=st.floats(0.5, 20))
@pytest.mark.parametrize("key", [formula.key for formula in FORMULAS])
def test_more_weight_is_more_surface(key, height, weight, more):
    law = formula_named(key).m2
    lighter, heavier = (law(np.array(height), np.array(one), np.array(1.0)) for one in (weight, weight + more))
    assert lighter < heavier


@given(height=heights, weight=weights)
def test_the_two_forms_of_du_bois_agree_to_three_parts_in_ten_thousand(height, weight):
    """The resin method keeps its own number, 0.20247 with meters; the other is 0.007184 with centimeters."""
    in_cm = formula_named("du_bois").m2(np.array(height), np.array(weight), np.array(0.0))
    assert du_bois_m2(height_cm=height, weight_kg=weight) == pytest.approx(in_cm, rel=3e-4)


def test_schlich_has_a_curve_for_each_sex_and_none_without():
    women, men, unknown = schlich_m2(height_cm=170, weight_kg=70, is_female=[1, 0, np.nan])
    assert women == pytest.approx(1.76542, abs=5e-6)
    assert men == pytest.approx(1.69798, abs=5e-6)
    assert np.isnan(unknown)


def test_boyd_takes_its_weight_in_kilograms_and_computes_in_grams():
    wrong_form = 0.0003207 * 170**0.3 * 70 ** (0.7285 - 0.0188 * np.log10(70))
    assert boyd_m2(height_cm=170, weight_kg=70) == pytest.approx(1.83467, abs=5e-6)
    assert wrong_form < 0.1


def test_livingston_and_lee_change_their_curve_at_ten_kilograms():
    law = formula_named("livingston_lee").m2
    none = np.array(np.nan)
    assert law(none, np.array(9.999), none) == pytest.approx(0.1037 * 9.999**0.6724)
    assert law(none, np.array(10.0), none) == pytest.approx(0.1173 * 10.0**0.6466)


def test_each_row_is_computed_by_its_own_formula():
    chosen = {"mosteller": np.array([True, False, False]), "haycock": np.array([False, True, False])}
    size = {"height_cm": np.full(3, 170.0), "weight_kg": np.full(3, 70.0), "is_female": np.zeros(3)}
    found = body_surface_m2(**size, chosen=chosen)
    assert found[:2] == pytest.approx([1.81812, 1.8257], abs=5e-5)
    assert np.isnan(found[2])
