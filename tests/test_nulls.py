"""A number that does not exist or could not be known is null, with a finding that says why; nothing is assumed."""

import json

import pytest
from cases import LEFT_OUT, changed, lobar, planned, two_lobes, with_lesions

from dosimetry.plan_file import text_from_plan

here = "territories[0]."
lesion = here + "lesions[0]."
SINGLE = {"model": "single_compartment", "dose_gy": 110}
WHOLE_LIVER = {
    "whole_normal_liver_mass_kg", "whole_normal_liver_dose_gy", "whole_liver_mass_kg", "whole_liver_dose_gy",
    "hepatic_reserve_fraction", "treated_fraction", "tumor_involvement_fraction",
    "territories[].liver_share_fraction",
}  # fmt: skip


SPHERES = {
    f"territories[].{name}"
    for end in ("lower", "upper")
    for name in (f"sphere_activity_{end}_bq", f"spheres_{end}_million", f"spheres_per_ml_{end}")
}
WHAT_IF = (
    "sensitivity", "other_conventions", "inapplicable", "missing",
    "ordered", "as_treated", "cumulative", "second_check",
)  # fmt: skip
"""Parts of a plan that follow from the same numbers under other circumstances, or that belong to the treatment day."""


def everything():
    """A case with all that a number of the plan needs."""
    known = {"territories[0].vial_age_h": 4, "patient": {"height_cm": 175, "weight_kg": 70}}
    return changed(with_lesions(), known)


def nulls(plain):
    """Every number of a plan that is null: ``territories[].lesions[].dose_gy``."""
    stated = json.loads(text_from_plan(planned(plain)))
    for name in ("findings", "case", *WHAT_IF):
        del stated[name]
    for territory in stated["territories"]:
        del territory["proposals"], territory["bounds"]
    return set(paths_of_null(stated, ""))


def paths_of_null(value, path):
    if isinstance(value, dict):
        return [one for name in value for one in paths_of_null(value[name], f"{path}.{name}" if path else name)]
    if isinstance(value, list):
        return [one for item in value for one in paths_of_null(item, f"{path}[]")]
    return [path] if value is None else []


def ids(plain):
    return {finding.id for finding in planned(plain).findings}


def test_with_everything_known_nothing_is_null():
    assert nulls(everything()) == set()


def test_without_a_lung_mass_there_is_no_lung_dose():
    case = changed(everything(), {"lung.mass_kg": LEFT_OUT})
    assert nulls(case) == {"lung_dose_gy", "lung_dose_cumulative_gy", "territories[].lung_dose_share_gy"}
    assert "no_lung_mass@lung.mass_kg" in ids(case)
    assert planned(case).lung_activity_gbq == planned(everything()).lung_activity_gbq


def test_without_an_earlier_lung_dose_there_is_no_cumulative_one():
    case = changed(everything(), {"lung.previous_dose_gy": LEFT_OUT})
    assert nulls(case) == {"lung_dose_cumulative_gy"}
    unchecked = [one for one in planned(case).findings if one.id == "LUNG-CUM@lung_dose_cumulative_gy"]
    assert [(one.kind, one.value) for one in unchecked] == [("not_checked", None)]


def test_without_a_residual_there_is_no_vial_activity():
    case = changed(everything(), {here + "residual_fraction": LEFT_OUT})
    assert nulls(case) == {"territories[].vial_activity_gbq"}
    assert f"no_residual@{here}residual_fraction" in ids(case)


@pytest.mark.parametrize("change", [{"liver": LEFT_OUT}, {"liver.whole_volume_ml": LEFT_OUT}])
def test_without_a_whole_volume_there_are_no_numbers_of_the_whole_liver(change):
    case = changed(everything(), change)
    assert nulls(case) == WHOLE_LIVER
    assert "no_whole_liver_volume@liver.whole_volume_ml" in ids(case)


def test_missing_untreated_tumor_counts_as_none_and_the_dose_is_a_lower_bound():
    case = changed(everything(), {"liver.untreated_tumor_volume_ml": LEFT_OUT})
    assert nulls(case) == set()
    assert planned(case).whole_normal_liver_dose_gy == planned(everything()).whole_normal_liver_dose_gy
    [finding] = [one for one in planned(case).findings if one.id.startswith("no_untreated_tumor_volume")]
    assert finding.severity == "caution"
    assert "lower bound" in finding.message


def test_untreated_tumor_takes_mass_from_the_normal_liver_and_none_from_the_whole():
    some = planned(changed(everything(), {"liver.untreated_tumor_volume_ml": 200}))
    none = planned(everything())
    assert some.whole_normal_liver_mass_kg == pytest.approx(none.whole_normal_liver_mass_kg - 0.206, rel=1e-12)
    assert some.whole_normal_liver_dose_gy > none.whole_normal_liver_dose_gy
    assert some.whole_liver_dose_gy == none.whole_liver_dose_gy


def test_a_lesion_without_a_ratio_takes_the_partition_numbers_of_its_territory():
    case = changed(everything(), {lesion + "tumor_normal_ratio": LEFT_OUT, here + "prescription": SINGLE})
    assert nulls(case) == {
        "territories[].uptake_mass_kg",
        "territories[].normal_perfused_dose_gy",
        "territories[].lesions[].dose_gy",
        "territories[].lesions[].tumor_normal_ratio",
        "lesions[].dose_gy",
        "normal_perfused_dose_gy",
        "whole_normal_liver_dose_gy",
    }
    assert f"no_ratio@{lesion}tumor_normal_ratio" in ids(case)
    assert [one.dose_gy for one in planned(case).territories[0].lesions] == [None, None]


def test_one_territory_without_a_normal_dose_leaves_the_numbers_of_the_others():
    case = changed(two_lobes(), {lesion + "tumor_normal_ratio": LEFT_OUT})
    made = planned(case)
    assert [one.normal_perfused_dose_gy is None for one in made.territories] == [True, False]
    assert [one.dose_gy is None for one in made.lesions] == [True, False]
    assert made.normal_perfused_dose_gy is None
    assert made.whole_normal_liver_dose_gy is None
    assert made.whole_liver_dose_gy == planned(two_lobes()).whole_liver_dose_gy
    assert made.territories[1].lesions == planned(two_lobes()).territories[1].lesions


@pytest.mark.parametrize("perfused_ml", [85, 85 * (1 + 5e-10), 85 * (1 - 5e-10)])
def test_where_lesions_fill_the_territory_there_is_no_normal_dose(perfused_ml):
    case = changed(everything(), {here + "perfused_volume_ml": perfused_ml})
    made = planned(case).territories[0]
    assert made.normal_perfused_mass_kg == 0
    assert nulls(case) == {
        "territories[].normal_perfused_dose_gy",
        "normal_perfused_dose_gy",
        "whole_normal_liver_dose_gy",
    }
    assert made.lesions[0].dose_gy == pytest.approx(220, rel=1e-12)
    assert f"no_normal_tissue@{here}normal_perfused_dose_gy" in ids(case)


def test_a_little_normal_tissue_has_a_dose():
    made = planned(changed(everything(), {here + "perfused_volume_ml": 85 * (1 + 1e-8)}))
    assert made.territories[0].normal_perfused_dose_gy == pytest.approx(220 / 3.5, rel=1e-12)


def test_no_lesions_means_none_delineated_and_says_so():
    assert f"no_lesions@{here}lesions" in ids(lobar())
    made = planned(lobar()).territories[0]
    assert made.normal_perfused_dose_gy == pytest.approx(made.perfused_dose_gy, rel=1e-12)
    assert made.lesions == ()


@pytest.mark.parametrize("necrotic_ml", [60, 60 * (1 + 5e-10), 60 * (1 - 5e-10)])
def test_a_dead_lesion_has_no_dose_and_no_mass(necrotic_ml):
    case = changed(everything(), {lesion + "necrotic_volume_ml": necrotic_ml, here + "prescription": SINGLE})
    assert nulls(case) == {"territories[].lesions[].dose_gy", "lesions[].dose_gy"}
    assert planned(case).territories[0].lesions[0].mass_kg == 0
    assert f"no_viable_tissue@{lesion}necrotic_volume_ml" in ids(case)


def test_necrosis_keeps_its_mass_in_the_perfused_volume_and_takes_no_uptake():
    dead = planned(changed(everything(), {lesion + "necrotic_volume_ml": 30})).territories[0]
    alive = planned(everything()).territories[0]
    assert dead.perfused_mass_kg == alive.perfused_mass_kg
    assert dead.lesions[0].mass_kg == pytest.approx(alive.lesions[0].mass_kg / 2, rel=1e-12)
    assert dead.lesions[0].dose_gy == pytest.approx(alive.lesions[0].dose_gy, rel=1e-12)
    assert dead.administered_activity_gbq < alive.administered_activity_gbq


def test_with_a_shunt_in_each_territory_the_case_has_none():
    case = changed(everything(), {"lung": {"mass_kg": 1, "previous_dose_gy": 0}, here + "shunt_fraction": 0.08})
    assert nulls(case) == {"lung_shunt_fraction"}
    assert planned(case).territories[0].effective_lung_shunt_fraction == 0.08


def test_one_lesion_in_two_territories_has_the_mean_of_its_parts_weighted_by_mass():
    parts = changed(two_lobes(), {"territories[1].lesions[0].name": "A", "territories[1].lesions[0].volume_ml": 120})
    made = planned(parts)
    [one], [other] = (territory.lesions for territory in made.territories)
    assert [merged.name for merged in made.lesions] == ["A"]
    assert made.lesions[0].mass_kg == pytest.approx(0.1648, rel=1e-12)
    assert made.lesions[0].dose_gy == pytest.approx((one.dose_gy + 3 * other.dose_gy) / 4, rel=1e-12)


def test_a_lesion_with_one_part_of_unknown_dose_has_no_dose():
    parts = changed(
        two_lobes(), {"territories[1].lesions[0].name": "A", "territories[1].lesions[0].tumor_normal_ratio": LEFT_OUT}
    )
    assert [one.dose_gy for one in planned(parts).lesions] == [None]


def test_a_lesion_with_one_dead_part_has_the_dose_of_the_other():
    parts = changed(
        two_lobes(), {"territories[1].lesions[0].name": "A", "territories[1].lesions[0].necrotic_volume_ml": 40}
    )
    made = planned(parts)
    assert made.lesions[0].dose_gy == pytest.approx(made.territories[0].lesions[0].dose_gy, rel=1e-12)


def test_what_is_null_in_the_plan_file_is_null_and_not_left_out():
    stated = json.loads(text_from_plan(planned(lobar())))
    assert stated["lung_dose_gy"] is None
    assert stated["territories"][0]["vial_activity_gbq"] is None
    assert "NaN" not in text_from_plan(planned(lobar()))


def test_every_name_of_the_plan_format_stands_in_the_plan_file():
    stated = json.loads(text_from_plan(planned(everything())))
    assert {
        "format", "format_version", "label", "case", "input_sha256", "version", "data_fingerprint", "computed_at",
        "constants", "lung_shunt_fraction", "territories", "lesions", "lung_dose_gy", "lung_dose_cumulative_gy",
        "normal_perfused_dose_gy", "whole_normal_liver_dose_gy", "whole_liver_dose_gy", "hepatic_reserve_fraction",
        "treated_fraction", "other_conventions", "findings",
    } <= set(stated)  # fmt: skip
    assert {
        "name", "administered_activity_gbq", "vial_activity_gbq", "perfused_mass_kg", "normal_perfused_mass_kg",
        "perfused_dose_gy", "normal_perfused_dose_gy", "lung_dose_share_gy", "lesions", "proposals", "bounds",
    } <= set(stated["territories"][0])  # fmt: skip
    assert {"name", "mass_kg", "dose_gy"} <= set(stated["territories"][0]["lesions"][0])
    assert set(stated["lesions"][0]) == {"name", "mass_kg", "dose_gy"}
    assert {"name", "value", "source"} <= set(stated["constants"][0])
    assert set(stated["findings"][0]) == {
        "id", "kind", "severity", "territory", "lesion", "quantity", "value", "bound", "margin", "at_least", "source",
        "locator", "verified", "acknowledgement", "message",
    }  # fmt: skip
    assert (stated["format"], stated["format_version"]) == ("dosimetry-plan", 1)
    assert stated["computed_at"] == "2026-07-31T09:30:00Z"
