"""Dose against activity: the chart's numbers are those of the plan, and of every plan along its axis."""

import pytest
from cases import AT, changed, example_case, planned, two_lobes, with_lesions

from dosimetry import plan
from dosimetry.chart_data import STEPS, DoseChart, dose_charts

NAMES = ["glass-lobar", "resin-two-lesions", "two-territories"]


def doses(chart: DoseChart, place: int) -> dict[str, float]:
    return {line.compartment: line.dose_gy[place] for line in chart.lines}


@pytest.mark.parametrize("name", NAMES)
def test_at_the_chosen_activity_stand_the_doses_of_the_plan(name):
    made = plan(example_case(name), at=AT)
    for territory, chart in zip(made.territories, dose_charts(made), strict=True):
        assert chart.territory == territory.name
        assert chart.chosen_gbq == territory.administered_activity_gbq
        chosen = chart.activity_gbq.index(chart.chosen_gbq)
        expected = {
            "perfused volume": territory.perfused_dose_gy,
            "normal perfused liver": territory.normal_perfused_dose_gy,
            "lungs": made.lung_dose_gy,
            "whole normal liver": made.whole_normal_liver_dose_gy,
            "whole liver, tumor included": made.whole_liver_dose_gy,
            **{f"lesion {lesion.name}": lesion.dose_gy for lesion in territory.lesions},
        }
        assert doses(chart, chosen) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("place", [1, 13, STEPS])
def test_elsewhere_stand_the_doses_of_a_plan_with_that_activity(place):
    made = planned(two_lobes())
    chart = dose_charts(made)[1]
    prescription = {"model": "activity", "activity_gbq": chart.activity_gbq[place]}
    other = planned(changed(two_lobes(), {"territories[1].prescription": prescription}))
    found = doses(chart, place)
    assert found["lungs"] == pytest.approx(other.lung_dose_gy, rel=1e-12)
    assert found["lesion B"] == pytest.approx(other.territories[1].lesions[0].dose_gy, rel=1e-12)
    assert found["whole normal liver"] == pytest.approx(other.whole_normal_liver_dose_gy, rel=1e-12)


@pytest.mark.parametrize(("shunt", "times"), [(0.15, 2), (0.05, 8), (0.01, 2)])
def test_the_axis_reaches_the_binding_activity_where_that_is_not_far(shunt, times):
    chart = dose_charts(planned(changed(two_lobes(), {"lung.shunt_fraction": shunt})))[0]
    assert chart.activity_gbq[0] == 0
    assert chart.activity_gbq[-1] == times * chart.chosen_gbq
    assert [mark.binding for mark in chart.marks].count(True) == (shunt > 0.01)
    assert len(chart.activity_gbq) == STEPS + 1 == len(chart.lines[0].dose_gy)
    assert doses(chart, 0)["perfused volume"] == 0
    assert doses(chart, 0)["lungs"] > 0, "the other territory keeps its activity"


def test_a_mark_stands_on_its_line_at_the_bound():
    chart = dose_charts(planned(two_lobes()))[0]
    lungs = next(mark for mark in chart.marks if mark.limit == "LUNG-SINGLE")
    assert (lungs.compartment, lungs.kind, lungs.binding, lungs.verified) == ("lungs", "limit", True, True)
    assert lungs.dose_gy == pytest.approx(30, rel=1e-12)
    activity = next(mark for mark in chart.marks if mark.limit == "TS-LUNG-ACT")
    assert (activity.compartment, activity.dose_gy) == (None, None), "it bounds no dose, so it stands on no line"
    assert activity.activity_gbq * 0.05 + 1.5 * 0.05 == pytest.approx(0.61, rel=1e-12)


def test_doses_for_context_are_not_marked():
    example = changed(two_lobes(), {"disease": "hcc", "intent": "unilobar"})
    made = planned(example)
    bounds = {bound.limit for bound in made.territories[0].bounds}
    marks = {mark.limit for mark in dose_charts(made)[0].marks}
    assert {"EANM-G-HCC-TUM", "EANM-G-HCC-TUM-OPT"} <= bounds
    assert "EANM-G-HCC-TUM" in marks
    assert "EANM-G-HCC-TUM-OPT" not in marks


def test_the_range_of_a_line_is_that_of_the_sensitivity_at_the_chosen_activity():
    made = planned(with_lesions())
    lines = {line.compartment: line for line in dose_charts(made)[0].lines}
    doses_of_a = [each.doses.territories[0].lesions[0].dose_gy for each in made.sensitivity if each.doses]
    assert (lines["lesion A"].least_gy, lines["lesion A"].most_gy) == (min(doses_of_a), max(doses_of_a))
    lungs = [each.doses.lung_dose_gy for each in made.sensitivity if each.doses]
    assert (lines["lungs"].least_gy, lines["lungs"].most_gy) == (min(lungs), max(lungs))
    assert lines["lungs"].least_gy < made.lung_dose_gy < lines["lungs"].most_gy
    assert lines["whole liver, tumor included"].least_gy is None


def test_what_is_not_known_has_no_line():
    no_lung_mass = planned(changed(with_lesions(), {"lung": {"shunt_fraction": 0.05}}))
    lines = {line.compartment for line in dose_charts(no_lung_mass)[0].lines}
    assert "lungs" not in lines
    assert "perfused volume" in lines


def test_the_same_plan_gives_the_same_numbers():
    made = planned(with_lesions())
    assert dose_charts(made) == dose_charts(made)
