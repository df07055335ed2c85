"""Rules: the bounds of the possible. At a bound, just inside and just outside it; and what belongs together."""

import math

import pytest
from cases import (
    LEFT_OUT,
    changed,
    first,
    full,
    lobar,
    planned,
    problems,
    problems_at,
    put,
    refused,
    two_lobes,
    with_lesions,
)
from each import each

from dosimetry import reference
from dosimetry.case_fields import leaves
from dosimetry.columns import flat_names

here = "territories[0]."
lesion = here + "lesions[0]."
counts = lesion + "tumor_normal_counts"

# The hard limits and the ranges that need no acknowledgement, as the project set them down before there was code.
HARD = {
    "prescribed_activity_gbq": "(0, 20]",
    "target_dose_gy": "[1, 2000]",
    "whole_liver_volume_ml": "[100, 10000]",
    "lung_shunt_fraction": "[0, 1)",
    "territory_lung_shunt_fraction": "[0, 1)",
    "other_lung_shunt_fraction": "[0, 1)",
    "lung_mass_kg": "[0.1, 3]",
    "tumor_normal_ratio": "(0, 200]",
    "tissue_density_g_per_ml": "[0.9, 1.2]",
    "territory_density_g_per_ml": "[0.9, 1.2]",
    "lesion_density_g_per_ml": "[0.9, 1.2]",
    "residual_fraction": "[0, 1)",
    "height_cm": "[50, 250]",
    "weight_kg": "[3, 400]",
    "vial_age_h": "[-168, 720]",
}
ORDINARY = {
    ("prescribed_activity_gbq", "glass"): (0.1, 10),
    ("prescribed_activity_gbq", "resin"): (0.1, 3),
    ("target_dose_gy", "glass"): (20, 1000),
    ("whole_liver_volume_ml", "glass"): (600, 4000),
    ("perfused_volume_ml", "glass"): (10, None),
    ("lung_shunt_fraction", "glass"): (0.01, 0.2),
    ("lung_mass_kg", "glass"): (0.5, 1.5),
    ("tumor_normal_ratio", "glass"): (1, 20),
    ("residual_fraction", "glass"): (0.001, 0.1),
    ("height_cm", "glass"): (140, 210),
    ("weight_kg", "glass"): (35, 160),
    ("vial_age_h", "glass"): (0, 336),
}
BOUNDS = [
    (rule, side) for rule in reference.input_rules() for side in ("lower", "upper") if getattr(rule, side) is not None
]
WHOLE = {flat_names()[leaf.path] for leaf in leaves() if leaf.field.kind is int}
FOR_A_NUCLIDE = ("energy_gy_kg_per_gbq", "half_life_h")
OF_ANOTHER_NUCLIDE = [
    *(("holmium", name) for name in ("eanm", "aapm", "glass_label", "icrp107")),
    *((device, "ho166") for device in ("glass", "resin")),
]


def breaks_its_range(name, value):
    """Whether the reader says that the value of a field is outside the range of that field."""
    path = reference.field(name).path
    sentences = problems_at(put(path, value), first(path))
    return any(sentence.startswith(f"{name} must be {sign}") for sentence in sentences for sign in ("in ", ">"))


def beside(bound, towards, *, whole=False):
    """The nearest number; beside zero one that is small, not one that no calculation survives."""
    if whole:
        return bound + math.copysign(1, towards)
    return math.nextafter(bound, towards) if bound else math.copysign(1e-9, towards)


@each(bounded=BOUNDS)
def test_a_value_at_its_bound_is_taken_where_the_bound_is_closed(bounded):
    rule, side = bounded
    bound, is_open = getattr(rule, side), getattr(rule, f"{side}_open")
    assert breaks_its_range(rule.name, bound) is is_open


@each(bounded=BOUNDS)
def test_a_value_just_outside_its_bound_is_refused(bounded):
    rule, side = bounded
    outwards = -math.inf if side == "lower" else math.inf
    assert breaks_its_range(rule.name, beside(getattr(rule, side), outwards, whole=rule.name in WHOLE))


@each(bounded=BOUNDS)
def test_a_value_just_inside_its_bound_is_taken(bounded):
    rule, side = bounded
    inwards = math.inf if side == "lower" else -math.inf
    value = beside(getattr(rule, side), inwards, whole=rule.name in WHOLE)
    assert not breaks_its_range(rule.name, value) or rule.name in FOR_A_NUCLIDE


@pytest.mark.parametrize(("name", "interval"), HARD.items())
def test_the_hard_limits_are_those_the_project_set_down(name, interval):
    rule = reference.field(name)
    opening, closing = "(" if rule.lower_open else "[", ")" if rule.upper_open else "]"
    assert f"{opening}{rule.lower:g}, {rule.upper:g}{closing}" == interval


@pytest.mark.parametrize(("name", "device"), ORDINARY, ids=lambda value: value)
def test_the_ranges_without_acknowledgement_are_those_the_project_set_down(name, device):
    lower, upper = ORDINARY[name, device]
    rows = [row for row in reference.unusual_intervals() if row.name == name and row.device in ("*", device)]
    assert [row.upper for row in rows if row.lower in (None, 0)] == ([] if lower is None else [lower])
    assert [row.lower for row in rows if row.upper is None] == ([] if upper is None else [upper])


def test_a_shunt_of_five_gets_exactly_this_sentence():
    assert problems_at(changed(lobar(), {"lung.shunt_fraction": 5}), "lung.shunt_fraction") == [
        "lung_shunt_fraction must be in [0, 1); got 5. Did you enter a percentage? Divide by 100."
    ]


SLIPS = [row for row in reference.slips() if row.name in flat_names().values()]


@pytest.mark.parametrize("row", SLIPS, ids=lambda row: f"{row.name}-{row.factor:g}")
def test_a_slip_gets_its_hint_where_the_corrected_value_would_be_possible(row):
    rule = reference.field(row.name)
    middle = {"half_life_h": 64.1, "energy_gy_kg_per_gbq": 49.67}.get(row.name) or (rule.lower + rule.upper) / 2
    slipped = put(rule.path, middle / row.factor)
    sentences = [text for text in problems_at(slipped, first(rule.path)) if "must be" in text]
    assert any(row.hint.partition("?")[0] in sentence for sentence in sentences)


def test_no_hint_where_it_would_not_help():
    assert problems_at(changed(lobar(), {"lung.shunt_fraction": 500}), "lung.shunt_fraction") == [
        "lung_shunt_fraction must be in [0, 1); got 500."
    ]


@pytest.mark.parametrize("row", reference.nuclides(), ids=lambda row: row.nuclide)
@pytest.mark.parametrize("name", FOR_A_NUCLIDE)
@pytest.mark.parametrize("side", ["lower", "upper"])
def test_a_typed_constant_must_be_possible_for_the_nuclide(row, name, side):
    bounds = {
        "energy_gy_kg_per_gbq": (row.energy_lower_gy_kg_per_gbq, row.energy_upper_gy_kg_per_gbq),
        "half_life_h": (row.half_life_lower_h, row.half_life_upper_h),
    }[name]
    bound, outwards = (bounds[0], -math.inf) if side == "lower" else (bounds[1], math.inf)
    case = changed(lobar(), of_nuclide(row.nuclide))
    assert not problems(changed(case, {f"constants.{name}": bound}))
    outside = changed(case, {f"constants.{name}": beside(bound, outwards)})
    assert refused(outside, f"constants.{name}", rf"^(?=.*for {row.nuclide}){name} must be in \[.*got ")


def of_nuclide(nuclide):
    return (
        {"device": "glass", "convention": "eanm"} if nuclide == "Y-90" else {"device": "holmium", "convention": "ho166"}
    )


def test_the_energies_of_the_two_nuclides_are_those_of_the_case_format():
    bounds = {
        row.nuclide: (row.energy_lower_gy_kg_per_gbq, row.energy_upper_gy_kg_per_gbq) for row in reference.nuclides()
    }
    assert bounds == {"Y-90": (48, 51), "Ho-166": (15, 16.5)}


@pytest.mark.parametrize(("device", "convention"), OF_ANOTHER_NUCLIDE)
def test_a_convention_without_the_nuclide_of_the_device_is_refused(device, convention):
    case = changed(lobar(), {"device": device, "convention": convention})
    assert refused(case, "convention", f"convention '{convention}' has no constants for")
    typed = {"energy_gy_kg_per_gbq": 15.87, "tissue_density_g_per_ml": 1.06}
    assert refused(changed(case, {"constants": typed}), "convention", "has no constants for")


def test_without_a_convention_two_typed_constants_suffice():
    typed = {"energy_gy_kg_per_gbq": 49.67, "tissue_density_g_per_ml": 1.03}
    made = planned(changed(lobar(), {"convention": LEFT_OUT, "constants": typed}))
    assert made.territories == planned(lobar()).territories
    assert {constant.source for constant in made.constants} == {"typed by the user"}


@pytest.mark.parametrize("missing", ["energy_gy_kg_per_gbq", "tissue_density_g_per_ml"])
def test_without_a_convention_each_constant_is_asked_for(missing):
    typed = {"energy_gy_kg_per_gbq": 49.67, "tissue_density_g_per_ml": 1.03, "half_life_h": 64.1}
    del typed[missing]
    case = changed(lobar(), {"convention": LEFT_OUT, "constants": typed})
    assert refused(case, f"constants.{missing}", f"{missing} is missing; name a convention")


NESTS = {
    "lesions in their territory": (
        {here + "perfused_volume_ml": 85}, here + "perfused_volume_ml", "must hold its lesions: they sum to 85 mL"),
    "territories in the liver": (
        {"liver.whole_volume_ml": 650}, "liver.whole_volume_ml", "must hold all territories and the untreated tumor"),
    "untreated tumor beside the territories": (
        {"liver.whole_volume_ml": 700, "liver.untreated_tumor_volume_ml": 50},
        "liver.whole_volume_ml", "and the untreated tumor: they sum to 700 mL"),
    "necrosis in its lesion": (
        {lesion + "volume_ml": 60, lesion + "necrotic_volume_ml": 60}, lesion + "necrotic_volume_ml",
        "must be <= the lesion's 60 mL"),
}  # fmt: skip
"""Volumes that fit exactly, by a field to move, and what is said when they do not fit."""


@pytest.mark.parametrize(("fits", "path", "rule"), NESTS.values(), ids=NESTS)
def test_volumes_that_fit_to_one_part_in_1e9_fit(fits, path, rule):
    case = changed(with_lesions(), {here + "prescription": {"model": "single_compartment", "dose_gy": 110}, **fits})
    grows = path.endswith("necrotic_volume_ml")
    bound = fits[path]
    assert problems(case) == ()
    assert problems(changed(case, {path: bound * (1 + 5e-10 if grows else 1 - 5e-10)})) == ()
    too_far = bound * (1 + 1e-8 if grows else 1 - 1e-8)
    assert refused(changed(case, {path: too_far}), path, rule)


def test_one_territory_larger_than_the_liver_is_asked_whether_the_two_were_swapped():
    case = changed(lobar(), {"liver.whole_volume_ml": 950, "territories[0].perfused_volume_ml": 1700})
    assert refused(case, "liver.whole_volume_ml", "Were the two volumes swapped?")


def test_a_boost_inside_a_lobe_is_refused_as_an_overlap():
    boost = {**two_lobes()["territories"][0], "name": "boost", "lesions": []}
    case = changed(two_lobes(), {"territories": [*two_lobes()["territories"], boost]})
    assert refused(case, "liver.whole_volume_ml", "a boost inside a lobe is not supported")


single, partition, activity = ({"model": model} for model in ("single_compartment", "partition", "activity"))
dose = {"dose_gy": 110}
typed = {"activity_gbq": 2}
to_a = {"target": "lesion:A"}
PRESCRIPTIONS = {
    "single without dose": (single, "dose_gy", "needs target_dose_gy; it is missing"),
    "single with target": (single | dose | to_a, "target", "takes no prescription_target; leave it out"),
    "single with activity": (single | dose | typed, "activity_gbq", "takes no prescribed_activity_gbq"),
    "single with reading": (single | dose | {"reading": "lobe"}, "reading", "takes no resin_reading"),
    "partition without target": (partition | dose, "target", "needs prescription_target"),
    "partition without dose": (partition | to_a, "dose_gy", "needs target_dose_gy"),
    "partition with activity": (partition | dose | to_a | typed, "activity_gbq", "takes no prescribed_activity_gbq"),
    "partition with reading": (partition | dose | to_a | {"reading": "share"}, "reading", "takes no resin_reading"),
    "partition to nowhere": (partition | dose | {"target": "tumor"}, "target", "'normal_perfused' or 'lesion:NAME'"),
    "partition to a stranger": (partition | dose | {"target": "lesion:Z"}, "target", "a lesion of this territory"),
    "activity without activity": (activity, "activity_gbq", "needs prescribed_activity_gbq"),
    "activity with dose": (activity | typed | dose, "dose_gy", "takes no target_dose_gy"),
    "activity with target": (activity | typed | to_a, "target", "takes no prescription_target"),
    "no model": (dose, "model", "prescription_model is missing"),
    "unknown model": ({"model": "guess"} | dose, "model", "must be one of"),
}


@pytest.mark.parametrize(("prescription", "field", "rule"), PRESCRIPTIONS.values(), ids=PRESCRIPTIONS)
def test_a_prescription_has_the_fields_of_its_model_and_no_others(prescription, field, rule):
    case = changed(with_lesions(), {here + "prescription": prescription})
    assert refused(case, f"{here}prescription.{field}", rule)


def test_a_lesion_of_another_territory_is_no_target():
    to_the_other = {"model": "partition", "target": "lesion:B", "dose_gy": 200}
    assert refused(
        changed(two_lobes(), {here + "prescription": to_the_other}), here + "prescription.target", "of this territory"
    )


def test_partition_needs_the_ratio_of_every_lesion_of_its_territory():
    case = changed(with_lesions(), {here + "lesions[1].tumor_normal_ratio": LEFT_OUT})
    assert refused(case, here + "lesions[1].tumor_normal_ratio", "is missing; the partition prescription")


def test_normal_liver_is_no_target_where_lesions_fill_the_territory():
    to_normal = {"model": "partition", "target": "normal_perfused", "dose_gy": 40}
    filled = changed(with_lesions(), {here + "perfused_volume_ml": 85, here + "prescription": to_normal})
    assert refused(filled, here + "prescription.target", "the lesions fill the territory")


def test_a_dead_lesion_is_no_target():
    dead = changed(with_lesions(), {lesion + "necrotic_volume_ml": 60})
    assert refused(dead, here + "prescription.target", "without viable tissue")


def test_a_territory_in_which_nothing_lives_is_refused():
    dead = [{"name": "A", "volume_ml": 60, "necrotic_volume_ml": 60, "tumor_normal_ratio": 2}]
    activity = {"model": "activity", "activity_gbq": 1}
    case = changed(lobar(), {here + "perfused_volume_ml": 60, here + "lesions": dead, here + "prescription": activity})
    assert refused(case, here + "perfused_volume_ml", "nothing in the territory takes up activity")


PLANAR = ("lung_anterior", "lung_posterior", "liver_anterior", "liver_posterior")
BACKGROUND = ("background_anterior", "background_posterior", "pixels_lung", "pixels_liver", "pixels_background")


def counted(**changes):
    """A case with planar counts and background, changed."""
    all_counts = {name: value for name, value in full()["lung"]["counts"].items() if name not in ("lung", "liver")}
    kept = {name: value for name, value in (all_counts | changes).items() if value is not LEFT_OUT}
    return changed(lobar(), {"lung": {"counts": kept}})


@pytest.mark.parametrize("name", PLANAR)
def test_planar_counts_need_all_four_views(name):
    without = dict.fromkeys(BACKGROUND, LEFT_OUT)
    assert problems(counted(**without)) == ()
    assert refused(
        counted(**without, **{name: LEFT_OUT}), f"lung.counts.{name}", "is missing; the other counts need it"
    )


@pytest.mark.parametrize("name", BACKGROUND)
def test_a_background_needs_both_views_and_all_areas(name):
    assert problems(counted()) == ()
    assert refused(counted(**{name: LEFT_OUT}), f"lung.counts.{name}", "is missing; the other counts need it")


@pytest.mark.parametrize("name", ["lung", "liver"])
def test_tomographic_counts_need_both_organs(name):
    other = {"lung": "liver", "liver": "lung"}[name]
    assert refused(changed(lobar(), {"lung": {"counts": {other: 50}}}), f"lung.counts.{name}", "is missing")


@pytest.mark.parametrize("name", PLANAR)
def test_negative_net_counts_are_refused(name):
    view = name.partition("_")[2]
    drowned = counted(**{f"background_{view}": 10**6})
    assert refused(drowned, f"lung.counts.{name}", f"planar_{name}_counts less background is -")


@pytest.mark.parametrize("name", PLANAR)
def test_no_net_counts_are_possible_in_the_lungs_and_not_in_the_liver(name):
    organ, view = name.split("_")
    pixels = full()["lung"]["counts"][f"pixels_{organ}"]
    none_left = counted(**{name: 10 * pixels, f"background_{view}": 10 * full()["lung"]["counts"]["pixels_background"]})
    sentences = problems_at(none_left, f"lung.counts.{name}")
    assert sentences == ([] if organ == "lung" else [f"planar_{name}_counts less background is 0; it must be > 0."])


@pytest.mark.parametrize("ways", [{"shunt_fraction", "lung"}, {"shunt_fraction", "planar"}, {"lung", "planar"}])
def test_the_shunt_comes_from_one_way_of_measuring(ways):
    counts_of = {"lung": {"lung": 40, "liver": 720}, "planar": dict.fromkeys(PLANAR, 1000), "shunt_fraction": {}}
    lung = {"counts": {name: value for way in ways for name, value in counts_of[way].items()}}
    if "shunt_fraction" in ways:
        lung["shunt_fraction"] = 0.05
    assert refused(changed(lobar(), {"lung": lung}), "lung.shunt_fraction", "not several")


def test_a_counted_shunt_obeys_the_rule_of_a_typed_one():
    all_in_the_lung = changed(lobar(), {"lung": {"counts": {"lung": 1e20, "liver": 1}}})
    assert refused(all_in_the_lung, "lung.counts.lung", r"from counts, lung_shunt_fraction must be in \[0, 1\); got 1")


def test_a_planar_shunt_is_refused_at_the_counts_that_stand_in_the_file():
    case = changed(
        lobar(), {"lung": {"counts": dict.fromkeys(PLANAR, 1) | {"lung_anterior": 1e20, "lung_posterior": 1e20}}}
    )
    assert refused(case, "lung.counts.lung_anterior", r"from counts, lung_shunt_fraction must be in \[0, 1\)")


def test_a_ratio_is_typed_or_counted_and_obeys_the_same_rule():
    made = {"lesion_counts": 9000, "lesion_volume_ml": 60, "normal_counts": 20000, "normal_volume_ml": 400}
    both = changed(with_lesions(), {counts: made})
    assert refused(both, lesion + "tumor_normal_ratio", "give tumor_normal_ratio or tumor_normal_counts, not both")
    odd = changed(both, {lesion + "tumor_normal_ratio": LEFT_OUT, counts: made | {"normal_counts": 1}})
    assert refused(odd, counts + ".lesion_counts", r"from counts, tumor_normal_ratio must be in \(0, 200\]; got ")


@pytest.mark.parametrize("place", ["on", "off"])
def test_a_limit_that_is_not_on_file_cannot_be_switched(place):
    entry = "LUNG-NONE" if place == "on" else {"id": "LUNG-NONE", "by": "AB", "reason": "none"}
    assert refused(changed(lobar(), {f"limits.{place}": [entry]}), f"limits.{place}", "'LUNG-NONE' is not on file")
    known = "LUNG-CUM" if place == "on" else {"id": "LUNG-CUM", "by": "AB", "reason": "none"}
    assert refused(changed(lobar(), {f"limits.{place}": [known, known]}), f"limits.{place}", "stands more than once")


def test_a_limit_cannot_be_on_and_off():
    switches = {"on": ["LUNG-CUM"], "off": [{"id": "LUNG-CUM", "by": "AB", "reason": "none"}]}
    assert refused(changed(lobar(), {"limits": switches}), "limits", "'LUNG-CUM' is switched on and off")


def test_a_finding_is_acknowledged_once():
    entry = {"finding": "reused_ratio@x", "value": 2, "by": "AB", "reason": "seen"}
    assert refused(changed(lobar(), {"acknowledged": [entry, entry]}), "acknowledged", "acknowledged more than once")


def test_a_segment_stands_once_in_a_territory():
    case = changed(lobar(), {here + "segments": ["5", "8", "5"]})
    assert refused(case, here + "segments", "segments must be unique; '5' stands more than once")
