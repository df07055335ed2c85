"""The second check and earlier sessions: what was typed again, by another route, and what is added up."""

import pytest
from cases import LEFT_OUT, changed, lobar, planned, problems, two_lobes, with_lesions

from dosimetry.expression import linear
from dosimetry.report import DELIVERY_FORMATS, render
from dosimetry.report.document import Table
from dosimetry.report.numbers import activity, gy
from dosimetry.report.treatment_blocks import cumulative
from dosimetry.report.worksheet import worksheets


def retyped(plain, **changes):
    """A case with a second check that types everything as it stands on the paper."""
    plan = planned(plain)
    constants = {each.name: each.value for each in plan.constants}
    territories = [
        {
            "name": territory.name,
            "perfused_volume_ml": territory.perfused_volume_ml,
            "administered_activity_gbq": made.administered_activity_gbq,
            **({"target_dose_gy": territory.prescription.dose_gy} if territory.prescription.dose_gy else {}),
            **({"residual_fraction": territory.residual_fraction} if territory.residual_fraction is not None else {}),
            "lesions": [
                {
                    "name": lesion.name,
                    "volume_ml": lesion.volume_ml,
                    "tumor_normal_ratio": lesion.tumor_normal_ratio,
                    **({"necrotic_volume_ml": lesion.necrotic_volume_ml} if lesion.necrotic_volume_ml else {}),
                }
                for lesion in territory.lesions
            ],
        }
        for territory, made in zip(plan.case.territories, plan.territories, strict=True)
    ]
    check = {
        "by": "CD",
        "device": plan.case.device,
        "energy_gy_kg_per_gbq": constants["energy_gy_kg_per_gbq"],
        "tissue_density_g_per_ml": constants["tissue_density_g_per_ml"],
        "lung_shunt_fraction": plan.lung_shunt_fraction,
        "territories": territories,
    }
    if plan.case.lung.mass_kg is not None:
        check["lung_mass_kg"] = plan.case.lung.mass_kg
    if plan.case.liver is not None:
        check["whole_liver_volume_ml"] = plan.case.liver.whole_volume_ml
    return changed(plain, {"second_check": changed(check, changes)})


def differing(plan):
    return {each.label for each in (*plan.second_check.inputs, *plan.second_check.results) if each.outcome == "differs"}


@pytest.mark.parametrize("plain", [lobar(), with_lesions()], ids=["lobar", "lesions"])
def test_what_was_typed_as_printed_agrees_by_another_route(plain):
    made = planned(retyped(plain)).second_check
    assert made.agrees
    assert {each.outcome for each in (*made.inputs, *made.results)} == {"agrees"}
    assert any("prescribed dose from the printed activity" in each.label for each in made.results)
    for each in made.results:
        assert each.of_check == pytest.approx(each.of_plan, rel=1e-12)


def test_a_wrong_lobe_volume_is_found_in_the_input_and_in_the_doses():
    """The volume of the other lobe stands in the plan; the second person types the one on the paper."""
    plan = planned(retyped(with_lesions(), **{"territories[0].perfused_volume_ml": 560}))
    assert "right lobe: Perfused volume" in differing(plan)
    assert "right lobe: perfused dose" in differing(plan)
    needed = [finding for finding in plan.findings if finding.id.startswith("second_check@")]
    assert needed
    assert all(finding.acknowledgement == "needed" for finding in needed)


@pytest.mark.parametrize(
    ("volume", "agrees"), [("559.44", True), ("560.56", True), ("559.4399", False), ("560.5601", False)]
)
def test_exactly_a_tenth_of_a_percent_agrees_on_either_side(volume, agrees):
    """560 mL in the plan: 0.56 mL apart counts as agreement, however the decimals round."""
    plain = changed(with_lesions(), {"territories[0].perfused_volume_ml": 560})
    plan = planned(retyped(plain, **{"territories[0].perfused_volume_ml": float(volume)}))
    assert ("right lobe: Perfused volume" not in differing(plan)) is agrees


@pytest.mark.parametrize(("factor", "agrees"), [(1.0009, True), (1.0011, False), (0.9991, True), (0.9989, False)])
def test_the_band_is_a_tenth_of_a_percent(factor, agrees):
    plan = planned(retyped(with_lesions(), lung_mass_kg=factor))
    assert ("Lung mass" not in differing(plan)) is agrees


@pytest.mark.parametrize(
    ("path", "value", "label"),
    [
        ("device", "resin", "Device"),
        ("energy_gy_kg_per_gbq", 50, "Energy per activity"),
        ("lung_shunt_fraction", 0.5, "Lung shunt"),
        ("territories[0].administered_activity_gbq", 9, "right lobe: Administered activity, typed again"),
        ("territories[0].lesions[0].tumor_normal_ratio", 5.3, "right lobe, A: Tumor-to-normal ratio (T/N)"),
        ("territories[0].lesions[1].volume_ml", 52, "right lobe, B: Lesion volume"),
        ("territories[0].target_dose_gy", 202, "right lobe: prescribed dose from the printed activity"),
        ("territories[0].residual_fraction", 0.2, "right lobe: Expected residual"),
    ],
)
def test_every_mistake_of_a_driving_input_is_found(path, value, label):
    assert label in differing(planned(retyped(with_lesions(), **{path: value})))


def test_what_was_not_typed_is_said():
    plan = planned(retyped(with_lesions(), **{"lung_mass_kg": LEFT_OUT, "territories[0].lesions": LEFT_OUT}))
    [finding] = [each for each in plan.findings if each.id.startswith("second_check_incomplete")]
    assert "Lung mass" in finding.message
    assert not plan.second_check.agrees


def test_a_lesion_that_the_plan_does_not_have_differs():
    extra = {"name": "C", "volume_ml": 5, "tumor_normal_ratio": 2}
    base = retyped(with_lesions())
    lesions = [*base["second_check"]["territories"][0]["lesions"], extra]
    plan = planned(changed(base, {"second_check.territories[0].lesions": lesions}))
    assert any(each.of_check == "C" and each.outcome == "differs" for each in plan.second_check.inputs)


def test_a_change_of_the_plan_shows_in_its_second_check():
    checked = retyped(with_lesions())
    assert differing(planned(checked)) == set()
    assert differing(planned(changed(checked, {"territories[0].perfused_volume_ml": 660})))


def sessions(**changes):
    session = {
        "date": "2025-03-01", "device": "glass", "activity_gbq": 2.0, "lung_dose_gy": 3.0,
        "whole_normal_liver_dose_gy": 30.0, "whole_normal_liver_mass_kg": 1.6,
    }  # fmt: skip
    return changed(with_lesions(), {"lung.previous_dose_gy": LEFT_OUT, "sessions": [changed(session, changes)]})


def test_doses_of_earlier_sessions_are_added():
    plan = planned(sessions())
    assert plan.lung_dose_cumulative_gy == pytest.approx(plan.lung_dose_gy + 3)
    assert plan.cumulative.lung_dose_gy == pytest.approx(plan.lung_dose_cumulative_gy)
    expected = plan.whole_normal_liver_dose_gy + 30
    assert plan.cumulative.whole_normal_liver_dose_gy == pytest.approx(expected)
    said = " ".join(finding.message for finding in plan.findings)
    assert "physical doses" in said
    assert "1.6 kg on 2025-03-01" in said


def test_the_delivered_session_is_added_beside_the_planned_one():
    """2.4 of 3 GBq given: four fifths of each planned dose, on top of 3 Gy to the lungs and 30 Gy to normal liver."""
    noon = "2026-04-01T12:00[Asia/Tokyo]"
    vial = {"assay_activity_gbq": 2.4, "assayed_at": noon}
    given = {"territory": "right lobe", "injected_at": noon, "vials": [vial], "residual_fraction": 0.0}
    prescription = {"model": "activity", "activity_gbq": 3.0}
    case = changed(sessions(), {"territories[0].prescription": prescription, "delivery": {"territories": [given]}})
    plan = planned(case)
    assert plan.cumulative.lung_dose_as_delivered_gy == pytest.approx(3 + 0.8 * plan.lung_dose_gy, rel=1e-12)
    expected = 30 + 0.8 * plan.whole_normal_liver_dose_gy
    assert plan.cumulative.whole_normal_liver_dose_as_delivered_gy == pytest.approx(expected, rel=1e-12)
    [sums] = [block for block in cumulative(plan) if isinstance(block, Table) and block.columns[0].title == ""]
    assert sums.rows[-1] == ("Sum, as delivered", gy(plan.cumulative.lung_dose_as_delivered_gy), gy(expected))
    assert planned(sessions()).cumulative.lung_dose_as_delivered_gy is None


def test_an_unknown_dose_leaves_the_sum_unknown():
    plan = planned(sessions(lung_dose_gy=LEFT_OUT))
    assert plan.lung_dose_cumulative_gy is None
    assert plan.cumulative.lung_dose_gy is None
    assert plan.cumulative.whole_normal_liver_dose_gy is not None


def cumulative_limit(plan):
    return next(each for each in plan.findings if each.id.partition("@")[0] == "LUNG-CUM")


@pytest.mark.parametrize(
    ("before", "severity", "words"),
    [
        ([48.0, None], "stop", "against limit \N{LESS-THAN OR EQUAL TO} 50 Gy: exceeded by what is known alone"),
        ([48.0, 10.0], "stop", "against limit \N{LESS-THAN OR EQUAL TO} 50 Gy: exceeded."),
        ([30.0, None], "note", "was not checked"),
        ([None, None], "note", "was not checked"),
    ],
)
def test_stated_lung_doses_are_held_against_the_limit_of_all_sessions_also_where_another_is_not(
    before, severity, words
):
    """This session adds 2.8 Gy: with 48 that is more than 50 whatever the other session gave; with 30 it is not."""
    session = sessions()["sessions"][0]
    stated = [{**session, "lung_dose_gy": each} for each in before]
    case = changed(with_lesions(), {"lung.previous_dose_gy": LEFT_OUT, "sessions": stated})
    case["sessions"] = [{name: value for name, value in each.items() if value is not None} for each in case["sessions"]]
    plan = planned(case)
    assert plan.lung_dose_gy == pytest.approx(2.777, abs=5e-4)
    found = cumulative_limit(plan)
    assert (found.severity, found.acknowledgement) == (severity, "needed" if severity == "stop" else None)
    assert words in found.message
    if found.kind == "limit":
        assert found.value == pytest.approx(plan.lung_dose_gy + sum(filter(None, before)), rel=1e-12)


def test_what_is_known_of_earlier_lung_doses_bounds_the_activity():
    """48 of 50 Gy are known to be given: 2 Gy are left, 2.777 Gy are planned; without a lung mass 60 Gy leave none."""
    session = sessions()["sessions"][0]
    unknown = {name: value for name, value in session.items() if name != "lung_dose_gy"}
    base = changed(with_lesions(), {"lung.previous_dose_gy": LEFT_OUT})
    plan = planned(changed(base, {"sessions": [{**session, "lung_dose_gy": 48.0}, unknown]}))
    [bound] = [each for each in plan.territories[0].bounds if each.limit == "LUNG-CUM"]
    assert bound.activity_gbq == pytest.approx(plan.territories[0].administered_activity_gbq * 2 / 2.7771278, rel=1e-6)
    assert "less by what was given to the lungs earlier and is not stated" in plan.territories[0].bounds_in_short
    none = planned(changed(base, {"lung.previous_dose_gy": 60.0, "lung.mass_kg": LEFT_OUT}))
    assert none.territories[0].bounds_in_short.startswith("no activity keeps LUNG-CUM")
    stated = planned(changed(base, {"sessions": [{**session, "lung_dose_gy": 48.0}]}))
    assert "less by what was given" not in stated.territories[0].bounds_in_short


@pytest.mark.parametrize(("before", "stops"), [(37.0, True), (20.0, False)])
def test_measured_lungs_are_held_against_the_limit_of_all_sessions_with_what_is_known(before, stops):
    """25 Gy measured and 37 Gy stated are 62 Gy, more than 50 whatever the other session gave."""
    session = sessions()["sessions"][0]
    unknown = {name: value for name, value in session.items() if name != "lung_dose_gy"}
    noon = "2026-04-01T12:00[Asia/Tokyo]"
    vial = {"assay_activity_gbq": 2.4, "assayed_at": noon}
    given = {"territory": "right lobe", "injected_at": noon, "vials": [vial], "residual_fraction": 0.0}
    delivery = {"territories": [given], "measured_lung_dose_gy": 25.0}
    told = {"sessions": [{**session, "lung_dose_gy": before}, unknown], "delivery": delivery}
    plan = planned(changed(with_lesions(), {"lung.previous_dose_gy": LEFT_OUT, **told}))
    found = [each for each in plan.findings if each.id == "LUNG-CUM@delivery.measured.lung_dose_cumulative_gy"]
    assert [(each.severity, each.value) for each in found] == [("stop", pytest.approx(25 + before))] * stops


def test_a_delivery_as_planned_asks_no_second_time_for_what_is_known_in_part():
    session = sessions()["sessions"][0]
    unknown = {name: value for name, value in session.items() if name != "lung_dose_gy"}
    base = changed(with_lesions(), {"lung.previous_dose_gy": LEFT_OUT})
    plan = planned(changed(base, {"sessions": [{**session, "lung_dose_gy": 48.0}, unknown]}))
    noon = "2026-04-01T12:00[Asia/Tokyo]"
    vial = {"assay_activity_gbq": plan.territories[0].administered_activity_gbq, "assayed_at": noon}
    given = {"territory": "right lobe", "injected_at": noon, "vials": [vial], "residual_fraction": 0.0}
    told = {"sessions": [{**session, "lung_dose_gy": 48.0}, unknown], "delivery": {"territories": [given]}}
    [again] = [each for each in planned(changed(base, told)).findings if "LUNG-CUM@delivery.given" in each.id]
    assert again.acknowledgement is None
    assert "As planned: at least 50.78 Gy." in again.message


def test_a_typed_earlier_lung_dose_alone_can_be_more_than_the_limit():
    """Without a lung mass there is no dose of this session; 60 Gy from before are more than 50 all the same."""
    plan = planned(changed(with_lesions(), {"lung.previous_dose_gy": 60.0, "lung.mass_kg": LEFT_OUT}))
    assert plan.lung_dose_cumulative_gy is None
    assert (cumulative_limit(plan).severity, cumulative_limit(plan).value) == ("stop", 60.0)


def test_sessions_and_a_typed_lung_dose_are_refused_together():
    said = problems(changed(sessions(), {"lung.previous_dose_gy": 3}))
    assert [str(problem) for problem in said] == [
        "sessions: the lung dose of earlier sessions also stands in previous_lung_dose_gy; state it in one place only."
    ]
    assert problems(changed(sessions(), {"prior": {"tare": False}}))


def test_an_earlier_session_means_pretreated_and_another_device_is_said():
    plan = planned(changed(sessions(device="resin"), {"patient": {"bilirubin_mg_dl": 0.8}, "disease": "hcc"}))
    ids = {finding.id.partition("@")[0] for finding in plan.findings}
    assert {"earlier_sessions", "other_device"} <= ids


def test_no_earlier_session_although_earlier_treatment_is_stated():
    """B060."""
    plan = planned(changed(with_lesions(), {"prior": {"tare": True}}))
    assert any(finding.id.startswith("no_earlier_dose") for finding in plan.findings)


def test_an_earlier_session_cannot_lie_after_the_injection():
    day = {"delivery": {"territories": [{
        "territory": "right lobe", "injected_at": "2026-04-07T00:30[Asia/Tokyo]", "residual_fraction": 0.02,
        "vials": [{"assay_activity_gbq": 1.5, "assayed_at": "2026-04-07T00:10[Asia/Tokyo]"}],
    }]}}  # fmt: skip
    [problem] = problems(changed(sessions(date="2026-04-08"), day))
    assert "session_date must not be later than the injection on 2026-04-07; got 2026-04-08" in problem.message
    assert not problems(changed(sessions(date="2026-04-07"), day))


def test_a_check_of_a_territory_that_was_renamed_says_how_to_mend_it():
    case = changed(retyped(with_lesions()), {"territories[0].name": "right liver lobe"})
    [problem] = problems(case)
    assert "If it was renamed after the second check, write the new name there, or check again." in problem.message


def holmium(**changes):
    """Holmium after 1 Gy to the lungs."""
    of_device = {
        "device": "holmium",
        "convention": "ho166",
        "territories[0].prescription": {"model": "single_compartment", "dose_gy": 60},
        "lung.previous_dose_gy": 1.0,
    }
    return changed(with_lesions(), of_device | changes)


def with_scout():
    return holmium(scout={"territories": [{"territory": "right lobe", "activity_gbq": 0.25}]})


def test_a_scout_adds_to_lungs_and_liver():
    given = with_scout()
    without, plan = planned(holmium()), planned(given)
    [energy] = [each.value for each in plan.constants if each.name == "energy_gy_kg_per_gbq"]
    of_scout = energy * 0.25 * 0.05 / 1.0
    assert plan.cumulative.scout_lung_dose_gy == pytest.approx(of_scout, rel=1e-13)
    assert plan.lung_dose_cumulative_gy == pytest.approx(without.lung_dose_cumulative_gy + of_scout, rel=1e-13)
    assert plan.cumulative.earlier_lung_dose_gy == 1.0
    assert plan.cumulative.lung_dose_gy == pytest.approx(plan.lung_dose_cumulative_gy, rel=1e-13)
    assert plan.cumulative.whole_normal_liver_dose_gy is None
    assert any("no sum over all sessions" in finding.message for finding in plan.findings)
    first = planned(changed(given, {"prior": {"tare": False}}))
    assert first.cumulative.whole_normal_liver_dose_gy == pytest.approx(
        first.whole_normal_liver_dose_gy + first.cumulative.scout_whole_normal_liver_dose_gy, rel=1e-13
    )
    share = 0.25 / plan.territories[0].administered_activity_gbq
    assert plan.cumulative.scout_whole_normal_liver_dose_gy == pytest.approx(
        share * plan.whole_normal_liver_dose_gy, rel=1e-12
    )


def test_the_whole_day_is_printed():
    """Directive, order, delivery, sessions and second check on the report and on the as-treated sheet."""
    noon = "2026-04-07T12:00Z"
    day = {
        "sessions": sessions()["sessions"],
        "lung.previous_dose_gy": LEFT_OUT,
        "directive": {
            "written_at": "2026-04-07T08:00[Asia/Tokyo]",
            "territories": [{"territory": "right lobe", "target": "lesion:A", "dose_gy": 220}],
        },
        "order": {"tolerance_fraction": 0.1, "territories": [{"territory": "right lobe", "injection_at": noon}]},
    }
    case = changed(with_lesions(), day)
    activity = planned(case).territories[0].administered_activity_gbq
    delivered = {
        "territory": "right lobe", "injected_at": noon, "rate_unit": "usv_per_h", "contamination_checked": True,
        "survey": "nothing", "stasis": True, "reason": "flow stopped",
        "vials": [
            {"assay_activity_gbq": activity, "assayed_at": noon, "lot": "L7", "calibrator": "C1", "setting": "5"},
        ],
        "rates_before": {"rates": [10, 11, 9, 10], "background_rate": 0.1, "measured_at": noon},
        "rates_after": {"rates": [0.3, 0.4, 0.3, 0.2], "background_rate": 0.1, "measured_at": "2026-04-07T12:30Z"},
        "measured": {"imaging": "pet", "lesions": [{"name": "A", "dose_gy": 200}]},
    }  # fmt: skip
    uncertain = {"calibrator_uncertainty_fraction": 0.05, "reading_uncertainty_fraction": 0.03}
    case = retyped(changed(case, {"delivery": {**uncertain, "territories": [delivered]}}))
    plan = planned(case)
    assert plan.unacknowledged == ()
    report, sheet = render(plan, ".txt").decode(), render(plan, ".txt", formats=DELIVERY_FORMATS).decode()
    assert "A value agrees within 0.1 %, an activity, printed with few digits, within 0.5 %" in " ".join(report.split())
    for text in (report, sheet):
        for words in (
            "Written directive", "As treated", "All sessions", "Second check", "Assayed, decayed to injection",
            "lot L7", "standard uncertainty", "the distribution is the one that was planned", "MAA 26 % above measured",
            "every input and result agrees",
        ):  # fmt: skip
            assert words in " ".join(text.split()), words
    assert render(plan, ".pdf").startswith(b"%PDF")
    assert b"<html" in render(plan, ".html", formats=DELIVERY_FORMATS)


def test_small_differences_of_inputs_that_add_up_show_in_the_results():
    """Each of two inputs lies within the band, and the dose that follows from both lies outside."""
    slightly = {"energy_gy_kg_per_gbq": 49.67 * 1.0009, "tissue_density_g_per_ml": 1.03 * 0.9991}
    made = planned(retyped(with_lesions(), **slightly)).second_check
    assert {each.outcome for each in made.inputs} == {"agrees"}
    assert not made.agrees
    assert any(each.outcome == "differs" for each in made.results)


def test_an_activity_as_it_is_printed_agrees_and_brings_what_follows_from_it():
    """Three digits on paper are within 0.5 %. Farther off, activity and doses differ."""
    plan = planned(with_lesions())
    gbq = plan.territories[0].administered_activity_gbq
    as_printed = float(activity(gbq)[0])
    assert 0.001 < abs(as_printed / gbq - 1) < 0.005
    path = "territories[0].administered_activity_gbq"
    assert planned(retyped(with_lesions(), **{path: as_printed})).second_check.agrees
    for exactly in (1.005, 0.995):
        assert planned(retyped(with_lesions(), **{path: gbq * exactly})).second_check.agrees
    off = planned(retyped(with_lesions(), **{path: gbq * 1.0051})).second_check
    differing_labels = {each.label for each in (*off.inputs, *off.results) if each.outcome == "differs"}
    assert {"right lobe: perfused dose", "lung dose"} < differing_labels
    beside = planned(retyped(with_lesions(), **{path: as_printed, "energy_gy_kg_per_gbq": 49.67 * 1.002})).second_check
    assert not beside.agrees


def steps_of_session(case):
    return {step.title: step for sheet in worksheets(planned(case)) for step in sheet.steps}


def test_the_equation_of_all_sessions_has_their_doses_and_that_of_the_scout():
    """What is printed adds up: the sum of earlier sessions, and the scout by itself."""
    step = steps_of_session(sessions())["Lung dose over all sessions"]
    terms, total = linear(step.numbers).split(" + "), float(step.value.text)
    assert terms[1] == "3"
    assert sum(map(float, terms)) == pytest.approx(total, rel=1e-5)
    scouted = changed(with_scout(), {"lung.previous_dose_gy": 2})
    terms = linear(steps_of_session(scouted)["Lung dose over all sessions"].numbers).split(" + ")
    assert terms[1] == "2"
    assert len(terms) == 3
    assert sum(map(float, terms)) == pytest.approx(planned(scouted).lung_dose_cumulative_gy, rel=1e-5)


def test_a_scout_is_no_earlier_treatment_that_contradicts_a_first_one():
    first = changed(with_scout(), {"lung.previous_dose_gy": 0, "prior": {"tare": False}})
    rules = {each.id.partition("@")[0] for each in planned(first).findings}
    assert "previous_dose_without_treatment" not in rules
    earlier = changed(first, {"lung.previous_dose_gy": 3})
    assert "previous_dose_without_treatment" in {each.id.partition("@")[0] for each in planned(earlier).findings}


def test_one_rounded_activity_of_two_brings_its_part_of_the_lungs():
    both = two_lobes()
    gbq = planned(both).territories[1].administered_activity_gbq
    assert planned(retyped(both, **{"territories[1].administered_activity_gbq": gbq * 1.004})).second_check.agrees
