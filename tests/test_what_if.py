"""What a plan says of other circumstances is what a plan of these circumstances says: bounds, proposals, variations."""

import json
import math
import re

import pytest
from cases import AT, LEFT_OUT, changed, numbers, planned, problems, text_of, two_lobes, with_lesions
from effort import examples
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from strategies import cases, clinical_cases

from dosimetry import Plan, plan
from dosimetry.case_file import case_from_text
from dosimetry.plan_file import plain_from_plan

SAME = 1e-12
"""The same arithmetic by the same way."""
CLOSE = 1e-9
LARGEST_TYPED = 20
here = "territories[0]."
slow = settings(max_examples=examples(60), suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


def typed(case, activities):
    """The case with an activity typed for every territory."""
    prescribed = {
        f"territories[{row}].prescription": {"model": "activity", "activity_gbq": activity}
        for row, activity in enumerate(activities)
    }
    return changed(case, prescribed)


def activities(made: Plan) -> list[float]:
    return [territory.administered_activity_gbq for territory in made.territories]


def with_activity(made: Plan, row: int, activity: float) -> list[float]:
    return [activity if place == row else planned for place, planned in enumerate(activities(made))]


def can_be_typed(*values: float) -> bool:
    return all(1e-9 < value <= LARGEST_TYPED for value in values)


def replanned(case, given_activities) -> Plan:
    return planned(typed(case, given_activities))


def of_bound(made: Plan, row: int, bound):
    """The finding of a bound's limit about the case, the bound's territory or its lesion."""
    name = made.territories[row].name
    return next(
        finding
        for finding in made.findings
        if finding.id.partition("@")[0] == bound.limit
        and finding.territory in (None, name)
        and finding.lesion == bound.lesion
    )


def reaches(value, bound):
    return math.isclose(value, bound, rel_tol=CLOSE)


ONLY_ABOVE_150_GY = {"EANM-G-HCC-LOB-PVD-HI", "EANM-G-HCC-UNI-PVD-HI"}
"""They hold from a whole-liver dose of 150 Gy: where that comes later, it is there that they are first crossed."""


@slow
@given(clinical_cases())
def test_the_activity_of_a_bound_reaches_exactly_that_limit(case):
    made = planned(case)
    assume(can_be_typed(*activities(made)))
    for row, territory in enumerate(made.territories):
        for bound in territory.bounds:
            if bound.activity_gbq is None or not can_be_typed(bound.activity_gbq):
                continue
            at_it = replanned(case, with_activity(made, row, bound.activity_gbq * (1 + 1e-13)))
            finding = of_bound(at_it, row, bound)
            is_later = bound.limit in ONLY_ABOVE_150_GY and made.whole_liver_dose_gy is not None
            if is_later and finding.value > finding.bound * (1 + CLOSE):
                assert reaches(at_it.whole_liver_dose_gy, 150)
            else:
                assert reaches(finding.value, finding.bound), bound


def crossed(made: Plan) -> list[str]:
    return [finding.id for finding in made.findings if finding.kind == "limit" and finding.margin < 0]


@slow
@given(clinical_cases(), st.floats(0.01, 0.999999))
def test_the_smallest_bound_binds_and_no_smaller_activity_crosses_any_limit(case, part):
    made = planned(case)
    assume(can_be_typed(*activities(made)))
    for row, territory in enumerate(made.territories):
        limits = [bound for bound in territory.bounds if bound.kind == "limit"]
        binding = [bound for bound in territory.bounds if bound.binding]
        assert bool(binding) == bool(limits)
        if not limits:
            continue
        none_left = any(bound.activity_gbq is None for bound in limits)
        assert [bound.activity_gbq is None for bound in binding] == [none_left] * len(binding)
        if none_left:
            continue
        assert len(binding) == 1
        least = min(bound.activity_gbq for bound in limits)
        assert binding[0].activity_gbq == least
        below, above = least * part, least * (1 + 1e-6)
        if can_be_typed(below):
            assert of_own(crossed(replanned(case, with_activity(made, row, below))), row) == []
        if can_be_typed(above):
            over = replanned(case, with_activity(made, row, above))
            assert of_bound(over, row, binding[0]).margin < 0


def of_own(ids, row):
    """Findings about the case, or about this territory and what lies in it."""
    return [one for one in ids if "territories[" not in one or f"territories[{row}]" in one]


@slow
@given(clinical_cases())
def test_where_the_others_alone_exceed_a_limit_there_is_no_activity(case):
    made = planned(case)
    assume(can_be_typed(*activities(made)))
    for row, territory in enumerate(made.territories):
        without_room = [bound for bound in territory.bounds if bound.activity_gbq is None]
        if without_room:
            least = replanned(case, with_activity(made, row, 1e-9))
            for bound in without_room:
                finding = of_bound(least, row, bound)
                assert (finding.margin < 0) is (finding.kind == "limit")


def test_every_limit_on_a_dose_that_is_judged_bounds_the_activity():
    case = changed(with_lesions(), {"device": "resin", "disease": "mcrc", "intent": "unilobar"})
    made = planned(case)
    judged = {one.id.partition("@")[0] for one in made.findings if one.kind == "limit" and one.quantity.endswith("gy")}
    assert judged == {one.limit for one in made.territories[0].bounds if one.kind == "limit"}


def test_a_limit_without_room_binds_and_says_so():
    """The other lobe alone brings the lungs beyond 30 Gy: 1.5 GBq at half of it, in 0.5 kg."""
    case = changed(two_lobes(), {"lung.mass_kg": 0.5, here + "shunt_fraction": 0.5})
    left = planned(case).territories[1]
    [lung] = [bound for bound in left.bounds if bound.limit == "LUNG-SINGLE"]
    assert lung.activity_gbq is None
    assert sum(bound.binding for bound in left.bounds) == 1
    assert "no activity, because" in left.bounds_in_words
    assert "alone exceed" in left.bounds_in_words


def test_a_shunt_of_zero_gives_no_bound_by_the_lungs():
    case = changed(with_lesions(), {"lung.shunt_fraction": 0})
    assert not {one.limit for one in planned(case).territories[0].bounds} & {"LUNG-SINGLE", "LUNG-CUM", "TS-LUNG-ACT"}


def prescribed(proposal):
    fields = {
        "model": proposal.model, "target": proposal.target, "dose_gy": proposal.dose_gy, "reading": proposal.reading,
    }  # fmt: skip
    return {name: value for name, value in fields.items() if value is not None}


def same(one, other):
    return one == other if None in (one, other) else math.isclose(one, other, rel_tol=SAME)


@slow
@given(clinical_cases())
def test_a_proposal_is_what_planning_it_gives(case):
    made = planned(case)
    assume(can_be_typed(*activities(made)))
    for row, territory in enumerate(made.territories):
        for proposal in territory.proposals:
            own = {f"territories[{row}].prescription": prescribed(proposal)}
            one = planned(changed(typed(case, activities(made)), own))
            proposed = one.territories[row]
            assert same(proposed.administered_activity_gbq, proposal.activity_gbq)
            assert same(proposed.perfused_dose_gy, proposal.perfused_dose_gy)
            assert same(proposed.normal_perfused_dose_gy, proposal.normal_perfused_dose_gy)
            assert same(one.lung_dose_gy, proposal.lung_dose_gy)
            for lesion, stated in zip(proposed.lesions, proposal.lesions, strict=True):
                assert lesion.name == stated.name
                assert same(lesion.mass_kg, stated.mass_kg)
                assert same(lesion.dose_gy, stated.dose_gy)


@slow
@given(clinical_cases())
def test_the_own_prescription_is_the_first_proposal_unless_it_was_typed(case):
    made = planned(case)
    for territory, given_territory in zip(made.territories, case["territories"], strict=True):
        own = given_territory["prescription"]
        if own["model"] == "activity":
            assert not [one for one in territory.proposals if one.note.startswith("as prescribed")]
        else:
            assert prescribed(territory.proposals[0]) == own
            assert territory.proposals[0].note.startswith("as prescribed")
            assert same(territory.proposals[0].activity_gbq, territory.administered_activity_gbq)


def test_each_model_proposes_or_says_why_not():
    """Typed activities propose nothing, and nothing needs to be said of them."""
    for device in ("glass", "resin"):
        stated = {"device": device, "disease": "hcc", "intent": "unilobar"}
        territory = planned(changed(with_lesions(), stated)).territories[0]
        proposing = {one.model for one in territory.proposals}
        silent = {one.model for one in territory.no_proposals}
        assert proposing | silent == {"single_compartment", "partition", "lung_limit", "resin_bsa", "empirical"}
        assert "empirical" in silent - proposing
        assert all(one.reason for one in territory.no_proposals)


def test_an_unverified_row_and_one_that_is_switched_off_are_no_target():
    stated = {"device": "resin", "disease": "hcc", "intent": "unilobar"}
    off = [{"id": "EANM-R-HCC-UNI-NPL", "by": "AB", "reason": "not here"}]
    notes = " ".join(one.note for one in planned(changed(with_lesions(), stated)).territories[0].proposals)
    assert "EANM-R-HCC-UNI-NPL: " in notes
    assert "LUNG-SINGLE: " in notes
    assert "LUNG-RESIN-25" not in notes
    assert "KR-LUNG-R" not in notes
    without = planned(changed(with_lesions(), {**stated, "limits": {"off": off}})).territories[0]
    assert "EANM-R-HCC-UNI-NPL" not in " ".join(one.note for one in without.proposals)


@given(cases(all_models=True))
def test_a_lung_limit_gives_that_lung_dose_by_the_whole_session(case):
    prescriptions = [one["prescription"] for one in case["territories"]]
    asked = [one["dose_gy"] for one in prescriptions if one["model"] == "lung_limit"]
    if asked:
        assert planned(case).lung_dose_gy == pytest.approx(asked[0], rel=1e-10)


def whole_plan(case):
    """A plan without what names places by their number, its lists in an order of their own."""
    plain = plain_from_plan(plan(case_from_text(text_of(case)), at=AT))
    for name in ("case", "input_sha256", "findings", "missing", "constants"):
        del plain[name]
    for territory in plain["territories"]:
        del territory["bounds_in_words"]
    return plain


IDENTITY = (
    "name", "limit", "lesion", "territory", "model", "target", "dose_gy", "reading", "convention", "input", "change",
)  # fmt: skip


def identity(entry):
    return json.dumps([entry.get(name) for name in IDENTITY if name != "dose_gy" or "model" in entry])


def nearly_same(one, other):
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(nearly_same(one[name], other[name]) for name in one)
    if isinstance(one, list) and one and isinstance(one[0], dict):
        pairs = zip(sorted(one, key=identity), sorted(other, key=identity), strict=True)
        return len(one) == len(other) and all(nearly_same(*pair) for pair in pairs)
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=CLOSE)
    return one == other


@slow
@given(clinical_cases(), st.randoms(use_true_random=False))
def test_the_order_of_territories_and_lesions_changes_nothing_of_what_would_be(case, random):
    shuffled = changed(case, {})
    for territory in shuffled["territories"]:
        random.shuffle(territory["lesions"])
    random.shuffle(shuffled["territories"])
    assert nearly_same(whole_plan(case), whole_plan(shuffled))


def test_two_plans_that_differ_are_not_nearly_the_same():
    one, other = (whole_plan(changed(two_lobes(), {"lung.mass_kg": mass})) for mass in (1.0, 1.01))
    assert not nearly_same(one, other)


def varied(case, made, variation):
    """The case with an input of all territories and lesions changed as a variation says, activities as planned."""
    other = typed(case, activities(made))
    for row, territory in enumerate(other["territories"]):
        if variation.input == "perfused_volume_ml":
            territory["perfused_volume_ml"] *= 1 + variation.change
        if variation.input == "lung_shunt_fraction":
            shunt = made.territories[row].effective_lung_shunt_fraction
            territory["shunt_fraction"] = max(shunt + variation.change, 0.0)
        for lesion in territory["lesions"]:
            if variation.input == "lesion_volume_ml":
                lesion["volume_ml"] *= 1 + variation.change
                if "necrotic_volume_ml" in lesion:
                    lesion["necrotic_volume_ml"] *= 1 + variation.change
            if variation.input == "tumor_normal_ratio":
                if "tumor_normal_ratio" in lesion:
                    lesion["tumor_normal_ratio"] *= 1 + variation.change
                if "tumor_normal_counts" in lesion:
                    lesion["tumor_normal_counts"]["lesion_counts"] *= 1 + variation.change
    return other


def assert_doses(stated, made):
    """Doses under other circumstances are those of a plan."""
    assert near(stated.lung_dose_gy, made.lung_dose_gy)
    assert near(stated.whole_normal_liver_dose_gy, made.whole_normal_liver_dose_gy)
    for one, other in zip(stated.territories, made.territories, strict=True):
        assert one.name == other.name
        assert near(one.perfused_dose_gy, other.perfused_dose_gy)
        assert near(one.normal_perfused_dose_gy, other.normal_perfused_dose_gy)
        for lesion, same_lesion in zip(one.lesions, other.lesions, strict=True):
            assert (lesion.name, near(lesion.dose_gy, same_lesion.dose_gy)) == (same_lesion.name, True)


def near(one, other):
    return one == other if None in (one, other) else math.isclose(one, other, rel_tol=1e-10)


@slow
@given(clinical_cases())
def test_a_variation_gives_the_doses_of_the_varied_case(case):
    made = planned(case)
    assume(can_be_typed(*activities(made)))
    for variation in made.sensitivity:
        other = varied(case, made, variation)
        broken = problems(other)
        if variation.doses is None:
            assert broken
            assert variation.note.startswith("Not possible")
        elif not broken:
            assert_doses(variation.doses, planned(other))
        else:  # a value outside its range may be looked at, volumes that do not nest may not
            assert [one.message for one in broken if "must hold" in one.message] == []


STEPS = {"tumor_normal_ratio": 0.3, "perfused_volume_ml": 0.1, "lesion_volume_ml": 0.17, "lung_shunt_fraction": 0.04}


def test_each_input_is_varied_by_its_step_down_and_up():
    made = planned(with_lesions())
    assert [(one.input, one.change) for one in made.sensitivity] == [
        (name, sign * step) for name, step in STEPS.items() for sign in (-1, 1)
    ]
    assert [one.is_relative for one in made.sensitivity] == [True] * 6 + [False] * 2


TYPED_STEPS = [("tumor_normal_ratio", 0), ("perfused_volume", 2), ("lesion_volume", 4), ("lung_shunt", 6)]


@pytest.mark.parametrize(("name", "place"), TYPED_STEPS)
def test_a_typed_step_takes_the_place_of_the_one_on_file(name, place):
    made = planned(changed(with_lesions(), {f"sensitivity.{name}": 0.02})).sensitivity
    assert [one.change for one in made[place : place + 2]] == [-0.02, 0.02]
    assert {(one.source, one.locator, one.verified) for one in made[place : place + 2]} == {
        ("typed by the user", "", False)
    }
    others = [one for at, one in enumerate(made) if at not in (place, place + 1)]
    assert others == [one for at, one in enumerate(planned(with_lesions()).sensitivity) if at not in (place, place + 1)]


def test_directions_are_those_of_physics():
    """With activities held: more volume is less dose, more ratio more to the lesion, more shunt more to the lungs."""
    base = planned(with_lesions())
    down_up = {(one.input, one.change > 0): one.doses for one in base.sensitivity}
    [own] = base.territories

    def perfused(name, up):
        return down_up[name, up].territories[0].perfused_dose_gy

    def lesion(name, up):
        return down_up[name, up].territories[0].lesions[0].dose_gy

    assert perfused("perfused_volume_ml", True) < own.perfused_dose_gy < perfused("perfused_volume_ml", False)
    assert lesion("tumor_normal_ratio", False) < own.lesions[0].dose_gy < lesion("tumor_normal_ratio", True)
    assert lesion("lesion_volume_ml", True) < own.lesions[0].dose_gy < lesion("lesion_volume_ml", False)
    lungs = [down_up["lung_shunt_fraction", up].lung_dose_gy for up in (False, True)]
    assert lungs[0] < base.lung_dose_gy < lungs[1]
    assert perfused("lung_shunt_fraction", True) < own.perfused_dose_gy < perfused("lung_shunt_fraction", False)


def test_a_shunt_below_the_step_is_taken_as_none_and_said():
    [down, up] = planned(changed(with_lesions(), {"lung.shunt_fraction": 0.03})).sensitivity[6:]
    assert down.doses.lung_dose_gy == 0
    assert down.note
    assert not up.note


def test_what_is_not_possible_has_no_doses():
    tight = changed(with_lesions(), {here + "perfused_volume_ml": 90})
    impossible = [(one.input, one.change) for one in planned(tight).sensitivity if one.doses is None]
    assert impossible == [("perfused_volume_ml", -0.1), ("lesion_volume_ml", 0.17)]


def test_a_territory_does_not_grow_beyond_the_liver():
    fills_the_liver = changed(with_lesions(), {"liver.whole_volume_ml": 700})
    assert [one.change for one in planned(fills_the_liver).sensitivity if one.doses is None] == [0.1]


@pytest.mark.parametrize("place", ["lung.shunt_fraction", here + "shunt_fraction"])
def test_a_shunt_does_not_grow_to_all_of_the_activity(place):
    [down, up] = planned(changed(with_lesions(), {place: 0.97})).sensitivity[6:]
    assert down.doses is not None
    assert up.doses is None
    assert up.note.startswith("Not possible")


@slow
@given(clinical_cases())
def test_another_convention_gives_what_planning_by_it_gives(case):
    made = planned(case)
    assume(can_be_typed(*activities(made)))
    names = {"ho166"} if case["device"] == "holmium" else {"eanm", "aapm", "glass_label", "icrp107"}
    names -= set() if "constants" in case else {case["convention"]}
    assert {one.convention for one in made.other_conventions} == names
    for other in made.other_conventions:
        by_it = changed(case, {"convention": other.convention})
        by_it.pop("constants", None)
        for stated, one in zip(other.territories, planned(by_it).territories, strict=True):
            assert stated.name == one.name
            assert same(stated.administered_activity_gbq, one.administered_activity_gbq)
        assert_doses(other.doses, replanned(by_it, activities(made)))


def test_other_conventions_stand_with_their_constants():
    stated = {
        one.convention: (round(one.energy_gy_kg_per_gbq, 3), one.tissue_density_g_per_ml)
        for one in planned(with_lesions()).other_conventions
    }
    assert stated == {"aapm": (49.38, 1.03), "glass_label": (50, 1.03), "icrp107": (49.771, 1.03)}


def test_a_lung_limit_that_another_convention_cannot_meet_has_no_activity_there():
    """The other lobe takes 29.9 of 30 Gy at 49.67 Gy kg/GBq and more at 50: none is left, and never less than none."""
    other = {"model": "activity", "activity_gbq": 29.9 / 49.67 / 0.3}
    case = changed(
        two_lobes(),
        {
            "lung.shunt_fraction": 0.3,
            here + "prescription": other,
            "territories[1].prescription": {"model": "lung_limit", "dose_gy": 30},
        },
    )
    for convention in planned(case).other_conventions:
        left = [one.administered_activity_gbq for one in convention.territories]
        assert [activity for activity in left if activity is not None and activity <= 0] == [], convention.convention


@given(cases(all_models=True))
def test_nothing_of_what_would_be_changes_what_is(case):
    """Switching limits, steps and stated intents move no number of the plan."""
    steps = {"sensitivity": {"lung_shunt": 0.01, "lesion_volume": 0.05}}
    assert numbers(planned(changed(case, steps))) == numbers(planned(case))
    stated = {"disease": "icc", "intent": "bilobar", "prior": {"tare": True}}
    assert numbers(planned(changed(case, stated))) == numbers(planned(case))


NOT_KNOWN = [{"lung.mass_kg": LEFT_OUT}, {"liver": LEFT_OUT}, {"lung.previous_dose_gy": LEFT_OUT}]


@pytest.mark.parametrize("change", NOT_KNOWN)
def test_doses_under_other_circumstances_are_null_where_those_of_the_plan_are(change):
    made = planned(changed(with_lesions(), change))
    for doses in [one.doses for one in (*made.sensitivity, *made.other_conventions)]:
        assert (doses.lung_dose_gy is None) is (made.lung_dose_gy is None)
        assert (doses.whole_normal_liver_dose_gy is None) is (made.whole_normal_liver_dose_gy is None)
        assert all(lesion.dose_gy is not None for one in doses.territories for lesion in one.lesions)


def test_a_bound_by_the_lungs_alone_says_that_no_limit_of_the_liver_was_counted():
    case = changed(with_lesions(), {"disease": "hcc", "intent": "segmentectomy"})
    assert "No limit of the liver was counted." in planned(case).territories[0].bounds_in_words
    lobar = changed(with_lesions(), {"disease": "hcc", "intent": "unilobar"})
    assert "No limit of the liver" not in planned(lobar).territories[0].bounds_in_words


def test_a_limit_that_a_lower_bound_keeps_is_not_said_to_be_exceeded_by_a_proposal():
    """Without the volume of untreated tumor the whole normal dose is a lower bound; below its limit it exceeds none."""
    stated = changed(with_lesions(), {"disease": "hcc", "intent": "unilobar"})
    unstated = changed(stated, {"liver.untreated_tumor_volume_ml": LEFT_OUT})
    exceeded = [[one.exceeds for one in planned(case).territories[0].proposals] for case in (stated, unstated)]
    assert exceeded[0] == exceeded[1]


def test_a_limit_that_asks_for_a_dose_is_first_broken_where_that_dose_is_reached():
    """HCC, unilobar: the perfused dose is bounded from a whole-liver dose of 150 Gy on. By hand: 150 Gy to 1700 mL."""
    case = changed(with_lesions(), {"disease": "hcc", "intent": "unilobar"})
    [territory] = planned(case).territories
    [bound] = [one for one in territory.bounds if one.limit == "EANM-G-HCC-UNI-PVD-HI"]
    assert bound.activity_gbq == pytest.approx(150 * 1.7 * 1.03 / (49.67 * 0.95), rel=1e-12)


def test_a_goal_that_asks_for_another_dose_than_the_planned_one_is_no_bound():
    """HCC, unilobar: more than 150 Gy to the perfused volume is the goal while the whole liver has less than 150 Gy."""
    case = changed(with_lesions(), {"disease": "hcc", "intent": "unilobar"})
    low, high = ({here + "prescription": {"model": "activity", "activity_gbq": gbq}} for gbq in (1.0, 6.0))
    reached = [{one.limit for one in planned(changed(case, each)).territories[0].bounds} for each in (low, high)]
    assert [("EANM-G-HCC-UNI-PVD" in limits) for limits in reached] == [True, False]


def words(case) -> str:
    return planned(case).territories[0].bounds_in_words


def briefly(case) -> str:
    return planned(case).territories[0].bounds_in_short


def of_hcc(**changes):
    stated = {"disease": "hcc", "intent": "unilobar", "patient.bilirubin_mg_dl": 0.8, "extrahepatic": {"found": False}}
    return changed(changed(with_lesions(), stated), changes)


def test_a_bound_says_what_is_not_behind_it():
    """Each sentence where it belongs and nowhere else, in full and on the page that is signed."""
    off = {"limits": {"off": [{"id": "LUNG-SINGLE", "by": "AB", "reason": "other rule"}]}}
    no_ratio = {
        here + "prescription": {"model": "single_compartment", "dose_gy": 120},
        here + "lesions[1].tumor_normal_ratio": LEFT_OUT,
    }
    for changes, full, short in (
        (no_ratio, "Not counted, because a value is not known", "not counted for want of a value"),
        ({"disease": "net"}, "No limit of the liver was counted", "no limit of the liver"),
        ({"disease": LEFT_OUT}, "Limits by disease and intent are not among them", "by disease and intent"),
        ({"liver.untreated_tumor_volume_ml": LEFT_OUT}, "allow less if there is any", "less if tumor is left"),
        (off, "Switched off and not counted: LUNG-SINGLE.", "1 switched off"),
    ):
        case = of_hcc(**changes)
        assert full in words(case), changes
        assert short in briefly(case), changes
        assert full not in words(of_hcc())
        assert short not in briefly(of_hcc())


def test_where_no_activity_keeps_every_limit_that_comes_first():
    found = {"extrahepatic": {"found": True, "correctable": False, "site": "gastrointestinal"}}
    case = of_hcc(**found)
    assert words(case).startswith("No activity meets every limit: exceeded whatever it is: Gastrointestinal")
    assert briefly(case).startswith("no activity keeps TS-GI; ")
    bounds = planned(case).territories[0].bounds
    assert [(one.limit, one.activity_gbq) for one in bounds if one.binding] == [("TS-GI", None)]


def test_a_strict_limit_allows_less_than_its_activity_and_the_other_at_most_that():
    resin = {"device": "resin", "disease": "hcc", "intent": "unilobar"}
    assert briefly(changed(with_lesions(), resin)).startswith("less than ")
    assert briefly(changed(with_lesions(), {"disease": "hcc", "intent": "segmentectomy"})).startswith("at most ")


def test_a_bound_beyond_what_can_be_prescribed_says_so():
    """30 Gy to 1 kg of lungs at a shunt of 1 % is 60 GBq; 20 GBq is the most that can be typed."""
    case = changed(with_lesions(), {"disease": "hcc", "intent": "segmentectomy", "lung.shunt_fraction": 0.01})
    assert "mCi, more than the 20 GBq that can be prescribed (Lung dose of one session" in briefly(case)
    most = briefly(case).partition(",")[0]
    assert most.startswith("at most 60."), "both say the same activity"
    assert most in words(case)
    assert "that can be prescribed" in words(case)
    assert "that can be prescribed" not in briefly(of_hcc())


def test_what_is_not_known_stands_at_the_end_of_a_sentence_after_a_comma():
    resin = {"device": "resin", "disease": "mcrc", "intent": "bilobar"}
    said = words(changed(with_lesions(), resin))
    assert re.search(r" binds, if [^.]+ is stated as yes, which is not known\.", said), said
    conflicts = [
        one.message
        for one in planned(changed(with_lesions(), resin)).findings
        if "No activity meets both" in one.message
    ]
    assert conflicts
    assert all(
        re.search(r" allows [0-9.]+\sGBq, if [^.]+ is stated as yes, which is not known\.$", one) for one in conflicts
    ), conflicts


def test_a_limit_that_may_not_apply_is_a_bound_with_its_condition():
    case = changed(with_lesions(), {"device": "resin", "disease": "hcc", "intent": "bilobar"})
    assert ", if the earlier radioembolization, resection or systemic therapy is stated as yes" in briefly(case)


def test_a_printed_activity_does_not_pass_the_bound_it_keeps():
    """39.99 of 40 Gy: 1.2865 GBq would print as 1.29, where the bound is 1.286."""
    from dosimetry.report.numbers import activity

    assert activity(1.28642, [1.28674]) == ("1.286", "34.77")
    assert activity(1.28642, [1.5]) == activity(1.28642) == ("1.29", "34.77")


def test_a_limit_that_the_other_territories_alone_exceed_is_said_where_this_one_has_no_part_in_it():
    """32.4 Gy to the lungs, all of it by the territory with a shunt."""
    two = two_lobes()
    case = changed(
        two,
        {
            "lung": {"shunt_fraction": 0.1, "mass_kg": 0.8},
            "territories[0].shunt_fraction": 0.18,
            "territories[0].prescription": {"model": "activity", "activity_gbq": 2.9},
            "territories[1].shunt_fraction": 0.0,
            "territories[1].prescription": {"model": "activity", "activity_gbq": 0.3},
        },
    )
    made = planned(case)
    assert made.lung_dose_gy == pytest.approx(2.9 * 0.18 * 49.67 / 0.8)
    other = made.territories[1]
    assert other.bounds_in_short.startswith("no activity keeps LUNG-SINGLE")
    assert [each.activity_gbq for each in other.bounds if each.limit == "LUNG-SINGLE"] == [None]
    assert made.territories[0].bounds_in_short.startswith("at most")


def test_a_least_dose_of_normal_liver_asks_for_no_activity_where_tumor_counts_as_normal_liver():
    """The goal is not judged there, so no activity reaches it; with the tumor delineated both are there."""
    goal = "EANM-G-HCC-LOB-NPL"

    def named(*lesions):
        made = planned(
            {
                "format": "dosimetry-case",
                "format_version": 1,
                "label": "lobe",
                "device": "glass",
                "convention": "eanm",
                "disease": "hcc",
                "intent": "lobectomy",
                "lung": {"shunt_fraction": 0.0},
                "territories": [
                    {
                        "name": "right",
                        "perfused_volume_ml": 800.0,
                        "lesions": list(lesions),
                        "prescription": {"model": "single_compartment", "dose_gy": 100.0},
                    }
                ],
            }
        )
        judged = {finding.kind for finding in made.findings if finding.id.startswith(f"{goal}@")}
        return judged, goal in {bound.limit for bound in made.territories[0].bounds}

    assert named() == ({"not_checked"}, False)
    assert named({"name": "a", "volume_ml": 100.0, "tumor_normal_ratio": 2.0}) == ({"goal"}, True)
