"""What must hold for every case, whatever its numbers."""

import math
from typing import Any

import numpy as np
import pytest
from cases import changed, numbers, planned, with_lesions
from effort import examples
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import cases, doses, ratios, shunts
from strategies import numbers as allowed

from dosimetry import decay, units

CLOSE = 1e-11
"""Two ways to one number differ by rounding only."""
one_territory = cases(all_ratios=True, most_territories=1, own_shunt=False)
first = "territories[0]."


def close(value: Any) -> Any:
    return pytest.approx(value, rel=CLOSE)


def nearly_same(one: Any, other: Any) -> bool:
    """Whether two plans hold the same numbers, their lists sorted by name."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(nearly_same(one[name], other[name]) for name in one)
    if isinstance(one, list):
        pairs = zip(sorted(one, key=by_name), sorted(other, key=by_name), strict=True)
        return len(one) == len(other) and all(nearly_same(*pair) for pair in pairs)
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=CLOSE)
    return one == other


def by_name(entry: dict[str, Any]) -> str:
    return str(entry["name"])


def energy_per_activity(plan: Any) -> float:
    return next(constant.value for constant in plan.constants if constant.name == "energy_gy_kg_per_gbq")


def absorbed(plan: Any, lung_mass_kg: float) -> float:
    """Dose times mass over every tissue there is."""
    tissues = [(tissue.dose_gy, tissue.mass_kg) for one in plan.territories for tissue in one.lesions if tissue.mass_kg]
    tissues += [(one.normal_perfused_dose_gy, one.normal_perfused_mass_kg) for one in plan.territories]
    return math.fsum(dose * mass for dose, mass in [*tissues, (plan.lung_dose_gy, lung_mass_kg)])


@given(cases(all_ratios=True), allowed("lung_mass_kg"))
def test_dose_times_mass_over_all_tissues_is_all_the_energy(case, lung_mass_kg):
    plan = planned(changed(case, {"lung.mass_kg": lung_mass_kg}))
    released = energy_per_activity(plan) * plan.administered_activity_total_gbq
    assert absorbed(plan, lung_mass_kg) == close(released)


@given(cases(), allowed("lung_mass_kg"))
def test_mean_dose_of_what_is_perfused_and_of_the_lungs_is_all_the_energy(case, lung_mass_kg):
    plan = planned(changed(case, {"lung.mass_kg": lung_mass_kg}))
    in_liver = math.fsum(one.perfused_dose_gy * one.perfused_mass_kg for one in plan.territories)
    released = energy_per_activity(plan) * plan.administered_activity_total_gbq
    assert in_liver + plan.lung_dose_gy * lung_mass_kg == close(released)


@given(cases(all_ratios=True))
def test_every_prescribed_target_receives_the_dose_that_was_asked_for(case):
    for territory, made in zip(case["territories"], planned(case).territories, strict=True):
        prescription = territory["prescription"]
        received = {f"lesion:{lesion.name}": lesion.dose_gy for lesion in made.lesions}
        received |= {"normal_perfused": made.normal_perfused_dose_gy, None: made.perfused_dose_gy}
        if prescription["model"] != "activity":
            assert received[prescription.get("target")] == close(prescription["dose_gy"])


@pytest.mark.parametrize("model", ["single_compartment", "partition"])
@given(data=st.data())
def test_the_activity_of_a_dose_and_the_dose_of_an_activity_undo_each_other(model, data):
    case = data.draw(cases(all_ratios=True, model=model, most_territories=1))
    activity = planned(case).territories[0].administered_activity_gbq
    assume(activity <= 20)  # no larger one can be typed
    typed = planned(changed(case, {first + "prescription": {"model": "activity", "activity_gbq": activity}}))
    assert numbers(typed)["territories"][0] == numbers(planned(case))["territories"][0]


@given(one_territory, shunts(), shunts())
def test_the_same_dose_takes_more_activity_at_a_larger_shunt(case, one, other):
    lower, higher = sorted((one, other))
    assume(higher - lower > 1e-6)
    assume(case["territories"][0]["prescription"]["model"] != "activity")
    little, much = (planned(changed(case, {"lung": {"shunt_fraction": shunt}})) for shunt in (lower, higher))
    ratio = much.territories[0].administered_activity_gbq / little.territories[0].administered_activity_gbq
    assert ratio > 1
    assert ratio == close((1 - lower) / (1 - higher))


@given(one_territory, shunts(), shunts())
def test_a_larger_shunt_gives_the_lungs_more_and_never_less(case, one, other):
    lower, higher = sorted((one, other))
    assume(higher - lower > 1e-6)
    little, much = (
        planned(changed(case, {"lung": {"shunt_fraction": shunt, "mass_kg": 1.0}})) for shunt in (lower, higher)
    )
    assert much.lung_dose_gy > little.lung_dose_gy
    if case["territories"][0]["prescription"]["model"] == "activity":
        assert much.territories[0].perfused_dose_gy < little.territories[0].perfused_dose_gy


@given(cases(all_ratios=True, model="partition", most_territories=1), doses())
def test_with_every_ratio_one_partition_is_the_single_compartment(case, dose_gy):
    to_normal = {"model": "partition", "target": "normal_perfused", "dose_gy": dose_gy}
    even = changed(case, {first + "prescription": to_normal})
    for lesion in even["territories"][0]["lesions"]:
        lesion.pop("tumor_normal_counts", None)
        lesion.pop("necrotic_volume_ml", None)
        lesion["tumor_normal_ratio"] = 1
    single = changed(even, {first + "prescription": {"model": "single_compartment", "dose_gy": dose_gy}})
    parted, uniform = planned(even).territories[0], planned(single).territories[0]
    assert parted.administered_activity_gbq == close(uniform.administered_activity_gbq)
    assert [parted.perfused_dose_gy, *(lesion.dose_gy for lesion in parted.lesions)] == close(
        [dose_gy] * (1 + len(parted.lesions))
    )


@given(cases(all_ratios=True), st.floats(0.1, 0.9))
def test_cutting_a_lesion_in_two_changes_nothing(case, part):
    cut = changed(case, {})
    for territory in cut["territories"]:
        territory["lesions"] = [piece for lesion in territory["lesions"] for piece in pieces(lesion, part)]
    whole, halves = planned(case), planned(cut)
    for one, other in zip(whole.territories, halves.territories, strict=True):
        assert other.administered_activity_gbq == close(one.administered_activity_gbq)
        assert other.normal_perfused_dose_gy == close(one.normal_perfused_dose_gy)
        doses_of = {lesion.name: lesion.dose_gy for lesion in other.lesions}
        for lesion in one.lesions:
            assert [doses_of[lesion.name], doses_of[f"{lesion.name} rest"]] == close([lesion.dose_gy] * 2)
    assert halves.lung_dose_gy == (None if whole.lung_dose_gy is None else close(whole.lung_dose_gy))


def pieces(lesion: dict[str, Any], part: float) -> list[dict[str, Any]]:
    """A lesion in two, its necrosis shared out; the first keeps the name."""
    made = []
    for name, share in ((lesion["name"], part), (f"{lesion['name']} rest", 1 - part)):
        volumes = {key: lesion[key] * share for key in ("volume_ml", "necrotic_volume_ml") if key in lesion}
        made.append({**lesion, **volumes, "name": name})
    return made


@given(cases(all_ratios=True, model="single_compartment", most_territories=1), st.floats(0.1, 0.9))
def test_cutting_a_territory_in_two_takes_the_same_activity_in_all(case, part):
    [whole] = changed(case, {first + "lesions": []})["territories"]
    halves = [
        {**whole, "name": name, "perfused_volume_ml": whole["perfused_volume_ml"] * share}
        for name, share in (("one", part), ("two", 1 - part))
    ]
    one, two = (planned(changed(case, {"territories": made})) for made in ([whole], halves))
    assert two.administered_activity_total_gbq == close(one.administered_activity_total_gbq)
    assert two.lung_activity_gbq == close(one.lung_activity_gbq)


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_territories_and_lesions_changes_nothing(case, random):
    shuffled = changed(case, {})
    for territory in shuffled["territories"]:
        random.shuffle(territory["lesions"])
    random.shuffle(shuffled["territories"])
    assert nearly_same(numbers(planned(case)), numbers(planned(shuffled)))


@given(cases(), allowed("residual_fraction", highest=0.99))
def test_what_stays_in_the_vial_reaches_neither_lungs_nor_liver(case, residual):
    with_residual, without = changed(case, {}), changed(case, {})
    for one, other in zip(with_residual["territories"], without["territories"], strict=True):
        one["residual_fraction"] = residual
        other.pop("residual_fraction", None)
    some, none = numbers(planned(with_residual)), numbers(planned(without))
    for one, other in zip(some["territories"], none["territories"], strict=True):
        assert one.pop("vial_activity_gbq") == close(one["administered_activity_gbq"] / (1 - residual))
        assert other.pop("vial_activity_gbq") is None
    assert some == none


@given(cases(own_shunt=True), allowed("lung_mass_kg"))
def test_the_lung_dose_of_a_session_is_the_sum_of_its_injections(case, lung_mass_kg):
    case = changed(case, {"lung": {"mass_kg": lung_mass_kg}})
    together = planned(case)
    alone = [planned(changed(case, {"territories": [one]})).lung_dose_gy for one in case["territories"]]
    assert together.lung_dose_gy == close(math.fsum(alone))
    assert [one.lung_dose_share_gy for one in together.territories] == close(alone)


@given(cases())
def test_twice_the_dose_takes_exactly_twice_the_activity(case):
    double = changed(case, {})
    for territory in double["territories"]:
        for name in {"dose_gy", "activity_gbq"} & set(territory["prescription"]):
            territory["prescription"][name] /= 2
            assume(territory["prescription"][name] >= 1 or name == "activity_gbq")
    for one, other in zip(planned(double).territories, planned(case).territories, strict=True):
        assert 2 * one.administered_activity_gbq == other.administered_activity_gbq
        assert 2 * one.perfused_dose_gy == other.perfused_dose_gy


@given(cases(all_ratios=True), st.sampled_from((0.25, 0.5)))
def test_the_same_doses_in_a_smaller_liver_take_less_in_proportion(case, scale):
    assume(case.get("liver", {}).get("whole_volume_ml", 400) * scale >= 100)
    assume(all(one["prescription"]["model"] != "activity" for one in case["territories"]))
    small = changed(case, {})
    for place in (small.get("liver", {}), *small["territories"], *lesions_of(small)):
        for name in [name for name in place if name.endswith("volume_ml")]:
            place[name] *= scale
    for one, other in zip(planned(small).territories, planned(case).territories, strict=True):
        assert one.administered_activity_gbq == close(scale * other.administered_activity_gbq)
        assert one.perfused_dose_gy == close(other.perfused_dose_gy)


def lesions_of(case: dict[str, Any]) -> list[dict[str, Any]]:
    return [lesion for territory in case["territories"] for lesion in territory["lesions"]]


@given(ratios(), ratios(), st.floats(0.0, 59.9))
def test_a_lesion_dose_over_the_normal_dose_is_its_ratio(one, other, necrotic_ml):
    [territory] = planned(
        changed(
            with_lesions(),
            {
                first + "lesions[0].tumor_normal_ratio": one,
                first + "lesions[1].tumor_normal_ratio": other,
                first + "lesions[0].necrotic_volume_ml": necrotic_ml,
            },
        )
    ).territories
    given_ratios = [lesion.dose_gy / territory.normal_perfused_dose_gy for lesion in territory.lesions]
    assert given_ratios == close([one, other])


@settings(max_examples=examples(50))
@given(cases())
def test_the_same_case_gives_the_same_plan_twice(case):
    assert planned(case) == planned(case)


@given(st.floats(1e-6, 1e6))
def test_units_go_forth_and_back(value):
    assert units.gbq_from_mci(units.mci_from_gbq(value)) == close(value)
    assert units.mci_from_gbq(units.gbq_from_mci(value)) == close(value)
    assert units.fraction_from_percent(units.percent_from_fraction(value)) == close(value)
    assert units.percent_from_fraction(units.fraction_from_percent(value)) == close(value)
    assert 1000 * units.kg_from_ml(value, density_g_per_ml=1.0) == close(value)


@given(st.floats(-168, 720), st.floats(20, 70))
def test_decay_there_and_back_again_leaves_all_of_it(elapsed_h, half_life_h):
    there = decay.remaining_fraction(elapsed_h=elapsed_h, half_life_h=half_life_h)
    back = decay.remaining_fraction(elapsed_h=-elapsed_h, half_life_h=half_life_h)
    assert there * back == close(1.0)
    time = decay.elapsed_h(activity_start_gbq=1.0, activity_end_gbq=there, half_life_h=half_life_h)
    assert float(time) == pytest.approx(elapsed_h, rel=CLOSE, abs=1e-12)


@given(st.floats(0, 720), st.floats(0.001, 100), st.floats(20, 70))
def test_decay_never_raises_an_activity_and_goes_on(elapsed_h, more_h, half_life_h):
    now, later = decay.remaining_fraction(elapsed_h=[elapsed_h, elapsed_h + more_h], half_life_h=half_life_h)
    assert 0 < later < now <= 1


@settings(max_examples=examples(10))
@given(st.floats(0.1, 1.5), st.floats(20, 70))
def test_energy_per_activity_is_the_energy_of_all_decays(energy_mev, half_life_h):
    """The decays are added up step by step; after sixty half-lives none is left."""
    steps = np.linspace(0, 60 * half_life_h, 200_001)
    rate = decay.remaining_fraction(elapsed_h=steps, half_life_h=half_life_h) * 1e9
    decays = float(np.sum((rate[1:] + rate[:-1]) / 2) * (steps[1] - steps[0]) * 3600)
    joule = decays * energy_mev * 1.602176634e-13
    constant = decay.energy_gy_kg_per_gbq(mean_energy_mev=energy_mev, half_life_h=half_life_h)
    assert float(constant) == pytest.approx(joule, rel=1e-6)
