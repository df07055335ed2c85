"""Orders: vials, windows and stocks; what comes out is reworked by hand, and mistakes are stopped."""

import csv
import io
import json
import re

import numpy as np
import pytest
from cases import LEFT_OUT, changed, example, lobar, planned, problems, text_of, two_lobes, with_lesions
from hypothesis import given
from hypothesis import strategies as st
from isolated import shortest_time

from dosimetry import CaseError, instants, reference, time_spans
from dosimetry.case_file import plain_from_case
from dosimetry.case_reader import checked
from dosimetry.cli import main
from dosimetry.evaluation import Evaluated, evaluate
from dosimetry.order_chart import time_chart
from dosimetry.ordering.search import candidates, single_vials
from dosimetry.ordering.sheet import order_sheet
from dosimetry.report import DELIVERY_FORMATS, ORDER_FORMATS, AcknowledgementNeededError, render
from dosimetry.report.document import Drawing
from dosimetry.report.order_document import order_document
from dosimetry.report.svg_plot import HEIGHT, TOP
from dosimetry.treatment_day import vial_decay
from dosimetry.treatment_day.swaps import swapped_pairs

T = 64.1
SUNDAY = "2026-04-05T12:00[America/New_York]"
TUESDAY = "2026-04-07T09:30[Asia/Tokyo]"


def ordering(plain, **changes):
    """A case with an order of its first territory, for a Tuesday morning in Tokyo."""
    name = plain["territories"][0]["name"]
    order = {"tolerance_fraction": 0.1, "territories": [{"territory": name, "injection_at": TUESDAY}]}
    return changed(plain, {"territories[0].residual_fraction": 0.02, "order": changed(order, changes)})


def sheet(plain):
    return order_sheet(planned(plain))


def found(plan, rule):
    return [finding for finding in plan.findings if finding.id.partition("@")[0] == rule]


def ordered(gbq, calibrated_at=SUNDAY, injection_at=SUNDAY, **changes):
    """Case 0003 with a vial ordered for it."""
    vial = {"calibrated_activity_gbq": gbq, "calibrated_at": calibrated_at}
    of = {"territory": "segment", "injection_at": injection_at, "vials": [vial]}
    return changed(example("abs-case-0003"), {"order": {"tolerance_fraction": 0.1, "territories": [of], **changes}})


def test_a_vial_given_before_it_decayed_is_stopped_and_the_right_time_is_said():
    """B071, DEC2-01: 1.5 GBq at calibration for 0.629 GBq."""
    case = changed(ordered(1.5), {"territories[0].prescription": {"model": "activity", "activity_gbq": 0.629}})
    plan = planned(case)
    [finding] = found(plan, "ordered_activity")
    assert finding.acknowledgement == "needed"
    assert "138" in finding.message
    assert "3 days 8 h later (80.37 h)" in finding.message
    assert plan.ordered[0].reached_at == "2026-04-09T00:22:14Z"
    with pytest.raises(AcknowledgementNeededError):
        render(plan, ".txt")
    later = changed(case, {"order.territories[0].injection_at": "2026-04-09T00:22:14Z"})
    assert found(planned(later), "ordered_activity") == []


def test_a_vial_exactly_at_the_tolerance_is_within_it():
    """0.33 of 0.3 GBq is 10 % more, and so it is listed as within tolerance; binary numbers say a little above."""
    at = {"calibrated_at": "2026-04-05T16:00Z", "injection_at": "2026-04-05T16:00Z"}
    prescribed = {"territories[0].prescription": {"model": "activity", "activity_gbq": 0.3}}
    within, above = (
        changed(ordered(gbq, **at), {**prescribed, "territories[0].residual_fraction": 0.0}) for gbq in (0.33, 0.33001)
    )
    assert found(planned(within), "ordered_activity") == []
    assert found(planned(above), "ordered_activity")


def test_a_vial_before_its_calibration_needs_confirmation():
    """B070: three days before calibration the activity is 2.178 times the label."""
    plan = planned(ordered(1.0, injection_at="2026-04-02T12:00[America/New_York]"))
    assert round(plan.ordered[0].vial_activity_gbq, 3) == 2.178
    [finding] = found(plan, "vial_age")
    assert finding.acknowledgement == "needed"
    assert "3 days before calibration" in finding.message


def test_far_apart_is_asked_for_and_farther_refused():
    """B069, B072."""
    late = planned(ordered(20, injection_at="2026-04-20T12:00[America/New_York]"))
    assert found(late, "vial_age")[0].acknowledgement == "needed"
    assert found(late, "past_shelf_life")[0].bound == 288
    for wrong in ("2016-11-22T12:00Z", "2026-05-06T12:00Z"):
        said = problems(ordered(20, calibrated_at="2026-04-05T12:00Z", injection_at=wrong))
        assert "vial_age_h must be in [-168, 720] h" in str(said[0])


def test_a_treatment_in_the_future_is_planned():
    """B072: nothing here knows what time it is."""
    assert planned(ordered(1.5, "2090-04-05T12:00Z", "2090-04-08T20:00Z")).ordered


def test_an_order_repeated_unchanged_for_another_target_is_stopped():
    vial = {"calibrated_activity_gbq": 1.0, "calibrated_at": SUNDAY}
    of = [{"territory": name, "injection_at": SUNDAY, "vials": [vial]} for name in ("right lobe", "left lobe")]
    case = changed(
        two_lobes(),
        {
            "territories[0].prescription": {"model": "activity", "activity_gbq": 1.0},
            "territories[1].prescription": {"model": "activity", "activity_gbq": 2.0},
            "order": {"tolerance_fraction": 0.1, "territories": of},
        },
    )
    assert [finding.territory for finding in found(planned(case), "ordered_activity")] == ["left lobe"]


def test_swapped_orders_are_caught():
    assert swapped_pairs(activity_gbq=[2, 1, 3], planned_gbq=[1, 2, 3]) == [(0, 1)]
    assert swapped_pairs(activity_gbq=[1, 2, 3], planned_gbq=[1, 2, 3]) == []
    assert swapped_pairs(activity_gbq=[2, np.nan], planned_gbq=[1, 2]) == []


@pytest.mark.parametrize(
    ("activity", "planned_gbq", "pairs"),
    [
        ((1.10, 1.00), (1.00, 1.10), [(0, 1)]),  # 10 % apart: each fits the other's plan exactly
        ((1.04, 1.00), (1.00, 1.04), []),  # within what one calibrator reading explains
        ((1.05, 1.05), (1.00, 1.10), []),  # neither assignment fits better
        ((1.00, 1.00), (2.00, 1.00), []),  # one of them is right
        ((1.60, 0.80), (1.00, 2.00), [(0, 1)]),  # swapped, and a fifth left behind in both
        ((1.40, 1.20), (1.00, 2.00), []),  # 40 % off both ways
    ],
)
def test_a_swap_is_told_where_the_exchange_fits_at_least_twice_as_well(activity, planned_gbq, pairs):
    assert swapped_pairs(activity_gbq=activity, planned_gbq=planned_gbq) == pairs


def test_a_window_is_never_printed_wider_than_it_is():
    """A tolerance of 10 %: from -T log2(1.1) to -T log2(0.9) around the instant, by a clock of 45 minutes offset."""
    around = instants.instant_from_text("2026-04-07T09:30[Asia/Kathmandu]")
    hours = np.array([[-64.1 * np.log2(1.1), -64.1 * np.log2(0.9)], [-2 / 60, 2 / 60], [-1.4 / 60, 0.9 / 60]])
    spans = time_spans.spans(around, hours[:, 0], hours[:, 1])
    for (first, last), (low, high) in zip(zip(*spans.iso(), strict=True), hours, strict=True):
        found = [instants.hours_between(around.utc, instants.instant_from_text(each).utc) for each in (first, last)]
        assert low - 1e-9 <= found[0] < low + 1 / 60
        assert high - 1 / 60 < found[1] <= high + 1e-9
    assert spans.clocks(around)[1:] == [
        ("2026-04-07 09:28", "2026-04-07 09:32"),
        ("2026-04-07 09:29", "2026-04-07 09:30"),
    ]
    short = time_spans.spans(around, np.array([-0.4 / 60]), np.array([0.5 / 60]))
    assert short.clocks(around) == [("2026-04-07 09:29:36", "2026-04-07 09:30:30")]
    assert short.shown(around)[0][0] == "2026-04-07 09:29:36 UTC+05:45 (Asia/Kathmandu)"


def test_a_window_over_a_change_of_the_clocks_shows_both_offsets():
    around = instants.instant_from_text("2026-03-29T01:30[Europe/Berlin]")
    assert time_spans.spans(around, np.array([-1.0]), np.array([1.0])).clocks(around) == [
        ("2026-03-29 00:30", "2026-03-29 03:30")
    ]


def test_a_text_says_where_the_chart_is_drawn():
    text = " ".join(render(planned(ordering(example("abs-case-0003"))), ".txt", formats=ORDER_FORMATS).decode().split())
    assert "exactly as planned over time: a chart, drawn in the PDF and the HTML." in text


def test_swapped_orders_are_caught_behind_a_large_residual():
    """Given are 1.25 and 1.0 GBq where 1.0 and 1.25 GBq are planned; the vials hold a quarter more."""
    vials = {"right lobe": 1.25 / 0.8, "left lobe": 1.0 / 0.8}
    of = [
        {
            "territory": name,
            "injection_at": SUNDAY,
            "vials": [{"calibrated_activity_gbq": gbq, "calibrated_at": SUNDAY}],
        }
        for name, gbq in vials.items()
    ]
    changes = {"order": {"tolerance_fraction": 0.1, "territories": of}}
    for row, gbq in enumerate((1.0, 1.25)):
        changes[f"territories[{row}].prescription"] = {"model": "activity", "activity_gbq": gbq}
        changes[f"territories[{row}].residual_fraction"] = 0.2
    [finding] = found(planned(changed(two_lobes(), changes)), "vials_swapped")
    assert "right lobe (1.25 GBq" in finding.message
    assert finding.acknowledgement == "needed"


def test_a_shelf_life_that_is_passed_by_minutes_is_told_in_hours():
    late = ordered(5, injection_at="2026-04-17T16:20Z")
    [finding] = found(planned(late), "past_shelf_life")
    assert (
        "12 days (288.3 h) after calibration, past the shelf life of 12 days (288 h), not verified" in finding.message
    )


def test_inputs_of_another_kind_of_order_are_told_not_used():
    plan = planned(ordering(lobar(), drawn_at=SUNDAY, reference_at=SUNDAY, pairs=True))
    said = [finding.message for finding in found(plan, "order_input_not_used")]
    assert len(said) == 2
    assert all("an order of TheraSphere does not use it" in message for message in said)
    resin = {"device": "resin", "order.pairs": False}
    [finding] = found(
        planned(changed(ordering(lobar(), drawn_at=SUNDAY, custom_steps=True), resin)), "order_input_not_used"
    )
    assert finding.message.startswith("'Custom vial sizes' is stated")
    assert (
        finding in order_sheet(planned(changed(ordering(lobar(), drawn_at=SUNDAY, custom_steps=True), resin))).findings
    )


def test_an_option_is_what_a_calculator_gives():
    made = sheet(ordering(with_lesions()))
    [territory] = made.territories
    option = next(each for each in territory.options if each.vials[0].calibrated_activity_gbq == 3)
    [vial] = option.vials
    age = 200.5
    assert vial.calibrated_at == "2026-03-29T16:00:00Z"
    assert vial.vial_age_h == age
    left = 3 * 2 ** (-age / T)
    assert option.vial_activity_gbq == pytest.approx(left, rel=1e-13)
    assert option.administered_activity_gbq == pytest.approx(left * 0.98, rel=1e-13)
    assert option.sphere_activity_lower_bq == pytest.approx(2500 * 2 ** (-age / T), rel=1e-13)
    assert option.spheres_lower_million == pytest.approx(1.2 * 0.98, rel=1e-13)
    assert option.spheres_per_ml_lower == pytest.approx(1.2e6 * 0.98 / 650, rel=1e-13)
    same = planned(
        changed(with_lesions(), {"territories[0].prescription": {"model": "activity", "activity_gbq": left * 0.98}})
    )
    assert option.perfused_dose_gy == pytest.approx(same.territories[0].perfused_dose_gy, rel=1e-13)
    assert [lesion.dose_gy for lesion in option.lesions] == pytest.approx(
        [lesion.dose_gy for lesion in same.territories[0].lesions], rel=1e-13
    )
    assert option.lung_dose_gy == pytest.approx(same.lung_dose_gy, rel=1e-13)


def test_every_size_and_every_calibration_within_shelf_life_is_listed():
    options = sheet(ordering(lobar())).territories[0].options
    listed = {(each.vials[0].calibrated_activity_gbq, each.vials[0].calibrated_at) for each in options}
    days = ("2026-03-29T16:00:00Z", "2026-04-05T16:00:00Z")
    assert listed == {(size, day) for size in (3.0, 5.0, 7.0, 10.0, 15.0, 20.0) for day in days}


def test_a_window_that_leaves_the_life_of_a_vial_says_so():
    """Over 13 h a vial of 1.5 times the planned activity decays into the band of 10 %, over 31 h out of it."""
    told = {
        ("2026-04-07T09:00[Asia/Tokyo]", 288): "",
        ("2026-04-07T09:00[Asia/Tokyo]", 12): "Ends past the shelf life.",
        ("2026-04-06T09:00[Asia/Tokyo]", 24): "Injected past the shelf life of 1 day (24 h).",
        ("2026-04-07T10:00[Asia/Tokyo]", 288): "Injected 30 min before calibration.",
    }
    for (calibrated_at, shelf_life_h), note in told.items():
        [option] = typed_vial(1.5, calibrated_at, shelf_life_h)
        assert option.note == note
    [option] = typed_vial(0.9, "2026-04-07T09:00[Asia/Tokyo]", 288)
    assert option.note == "Begins before calibration."


def typed_vial(times, calibrated_at, shelf_life_h):
    """The option of one vial that holds a multiple of what a territory needs."""
    plain = changed(with_lesions(), {"territories[0].prescription": {"model": "activity", "activity_gbq": 0.98}})
    made = ordering(plain, vial_activities_gbq=[times], calibrated_at=[calibrated_at], shelf_life_h=shelf_life_h)
    return sheet(made).territories[0].options


def test_pairs_are_sums_and_each_stands_once():
    options = sheet(ordering(lobar(), pairs=True)).territories[0].options
    alone = {each.vials[0]: each for each in options if len(each.vials) == 1}
    pairs = [each for each in options if len(each.vials) == 2]
    assert len(alone) == 12
    assert len(pairs) == 12 * 13 / 2
    for pair in pairs:
        parts = [alone[vial] for vial in pair.vials]
        assert pair.vial_activity_gbq == pytest.approx(sum(part.vial_activity_gbq for part in parts), rel=1e-14)
        spheres = sum(part.spheres_lower_million for part in parts)
        assert pair.spheres_lower_million == pytest.approx(spheres, rel=1e-14)


def test_typed_sizes_calibrations_and_shelf_life_take_the_place_of_those_on_file_and_are_said():
    typed = {"vial_activities_gbq": [4.5], "calibrated_at": [SUNDAY], "shelf_life_h": 20}
    made = sheet(ordering(lobar(), **typed))
    [option] = made.territories[0].options
    assert option.vials[0].calibrated_activity_gbq == 4.5
    assert "Injected past the shelf life of 20 h" in option.note
    assert {(each.what, each.source, each.verified) for each in made.assumptions} == {
        (what, "typed by the user", False) for what in ("vial", "calibration", "shelf life")
    }
    on_file = sheet(ordering(lobar(), custom_steps=True))
    assert len(on_file.territories[0].options) == 35 * 2
    assert {each.what for each in on_file.assumptions if not each.verified} == {"vial", "calibration", "shelf life"}


@given(
    planned_gbq=st.floats(0.01, 20), at_injection=st.floats(0.01, 20), tolerance=st.floats(0.005, 0.5),
    half_life=st.sampled_from([T, 26.8]),
)  # fmt: skip
def test_at_the_ends_of_the_window_the_activity_is_at_the_ends_of_the_band(
    planned_gbq, at_injection, tolerance, half_life
):
    first, last = vial_decay.window_h(
        activity_at_injection_gbq=at_injection,
        planned_vial_activity_gbq=planned_gbq,
        tolerance_fraction=tolerance,
        half_life_h=half_life,
    )
    assert first < last
    ends = vial_decay.activity_at_gbq(activity_gbq=at_injection, elapsed_h=[first, last], half_life_h=half_life)
    assert ends == pytest.approx([planned_gbq * (1 + tolerance), planned_gbq * (1 - tolerance)], rel=1e-12)


@given(activity=st.floats(1e-6, 40), start=st.floats(-168, 720), step=st.floats(0, 720))
def test_activity_never_rises_forward_in_time(activity, start, step):
    earlier, later = vial_decay.activity_at_gbq(activity_gbq=activity, elapsed_h=[start, start + step], half_life_h=T)
    assert later <= earlier


def test_a_tolerance_in_percent_is_refused_by_the_formula():
    with pytest.raises(ValueError, match="Did you enter a percentage"):
        vial_decay.window_h(
            activity_at_injection_gbq=1, planned_vial_activity_gbq=1, tolerance_fraction=10, half_life_h=T
        )


def test_resin_is_dispensed_by_the_difference_of_the_calibrator():
    case = changed(
        two_lobes(),
        {
            "device": "resin",
            "territories[0].prescription": {"model": "activity", "activity_gbq": 0.8},
            "territories[1].prescription": {"model": "activity", "activity_gbq": 0.6},
            "territories[0].residual_fraction": 0.05,
            "territories[1].residual_fraction": 0.0,
            "order": {
                "tolerance_fraction": 0.1,
                "drawn_at": "2026-04-07T08:00[Europe/Berlin]",
                "calibrated_at": ["2026-04-08T08:00[Europe/Berlin]"],
                "territories": [
                    {"territory": "right lobe", "injection_at": "2026-04-07T10:00[Europe/Berlin]"},
                    {"territory": "left lobe", "injection_at": "2026-04-07T12:00[Europe/Berlin]"},
                ],
            },
        },
    )
    [stock] = sheet(case).stocks
    holds = 3 * 2 ** (24 / T)
    first, second = 0.8 / 0.95 * 2 ** (2 / T), 0.6 * 2 ** (4 / T)
    assert stock.vial.activity_gbq == pytest.approx(holds, rel=1e-13)
    assert [draw.dispense_gbq for draw in stock.draws] == pytest.approx([first, second], rel=1e-13)
    assert [draw.before_gbq for draw in stock.draws] == pytest.approx([holds, holds - first], rel=1e-13)
    assert [draw.after_gbq for draw in stock.draws] == pytest.approx([holds - first, holds - first - second])
    assert stock.draws[0].guidance_volume_ml == pytest.approx(5 * first / holds, rel=1e-13)
    assert stock.remaining_gbq == pytest.approx(holds - first - second, rel=1e-12)
    assert stock.note == "Drawn 1 day before calibration."
    on_file = sheet(changed(case, {"order.calibrated_at": LEFT_OUT}))
    assert len(on_file.stocks) == 5
    late = changed(case, {"order.drawn_at": "2026-04-07T12:01[Europe/Berlin]"})
    said = [problem.message for problem in problems(late)]
    assert [each.partition(";")[2] for each in said] == [
        " it is 2 h 1 min later. Is a zone or a date wrong?",
        " it is 1 min later. Is a zone or a date wrong?",
    ]
    assert said[0].startswith("drawn_at must not be later than injection_at")
    old = changed(case, {"order.calibrated_at": ["2026-04-06T11:00[Europe/Berlin]"]})
    assert sheet(old).stocks[0].note == "Injected past the shelf life of 1 day (24 h)."
    too_much = changed(case, {"territories[0].prescription": {"model": "activity", "activity_gbq": 5.0}})
    assert "too little for all territories" in sheet(too_much).stocks[0].note


def test_holmium_loses_five_percent_in_two_hours():
    prescription = {"model": "single_compartment", "dose_gy": 60}
    made = sheet(
        ordering(
            changed(lobar(), {"device": "holmium", "convention": "ho166", "territories[0].prescription": prescription}),
            reference_at="2026-04-07T07:30[Asia/Tokyo]",
        )
    )
    [territory] = made.territories
    lost = 1 - territory.vial_activity_gbq / territory.reference_activity_gbq
    assert round(100 * lost) == 5
    assert "2 h after the reference instant" in territory.reference_in_words
    assert territory.options == ()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"order": LEFT_OUT}, "the case has no order"),
        ({"territories[0].residual_fraction": LEFT_OUT}, "residual_fraction is missing"),
        ({"device": "resin"}, "drawn_at is missing"),
    ],
)
def test_an_order_that_lacks_something_asks_for_it(changes, rule):
    with pytest.raises(CaseError, match=rule):
        sheet(changed(ordering(lobar()), changes))


def test_the_chart_runs_through_option_band_and_window():
    plan = planned(ordering(lobar()))
    made = order_sheet(plan)
    option = made.territories[0].options[0]
    chart = time_chart(plan, made, "right lobe", option.administered_activity_gbq)
    middle = len(chart.hours) // 2
    assert chart.hours[middle] == 0
    assert chart.administered_activity_gbq[middle] == option.administered_activity_gbq
    assert chart.perfused_dose_gy[middle] == pytest.approx(option.perfused_dose_gy, rel=1e-14)
    assert chart.instants[middle] == chart.injection_at == "2026-04-07T00:30:00Z"
    assert chart.clocks[middle] == "2026-04-07 09:30"
    assert chart.band_gbq == pytest.approx((0.9 * chart.planned_gbq, 1.1 * chart.planned_gbq))
    assert list(chart.administered_activity_gbq) == sorted(chart.administered_activity_gbq, reverse=True)
    assert chart.window_h[1] - chart.window_h[0] == pytest.approx(T * np.log2(1.1 / 0.9), rel=1e-12)


def test_the_residual_of_the_order_takes_the_place_of_that_of_the_territory():
    """By hand: 1.5 GBq with 4 % left behind needs 1.5 / 0.96 = 1.5625 GBq; 1.5625 GBq ordered gives exactly 1.5."""
    activity = {"model": "activity", "activity_gbq": 1.5}
    own = {"order.territories[0].residual_fraction": 0.04}
    vial = {"order.territories[0].vials": [{"calibrated_activity_gbq": 1.5625, "calibrated_at": TUESDAY}]}
    plain = changed(ordering(changed(lobar(), {"territories[0].prescription": activity})), {**own, **vial})
    assert sheet(plain).territories[0].vial_activity_gbq == pytest.approx(1.5625, rel=1e-14)
    plan = planned(plain)
    assert plan.ordered[0].administered_activity_gbq == pytest.approx(1.5, rel=1e-14)
    assert plan.ordered[0].difference_fraction == pytest.approx(0.0, abs=1e-14)
    without = changed(plain, {"territories[0].residual_fraction": LEFT_OUT})
    assert sheet(without).territories[0].vial_activity_gbq == pytest.approx(1.5625, rel=1e-14)


def test_an_unlikely_residual_of_the_order_is_asked_about():
    """B082: 0.03 typed in a percent field."""
    plain = changed(ordering(lobar()), {"order.territories[0].residual_fraction": 0.0003})
    [finding] = found(planned(plain), "unusual_residual")
    assert finding.acknowledgement == "needed"
    assert finding.id == "unusual_residual@order.territories[0].residual_fraction"


@pytest.mark.parametrize(("tolerance", "asked"), [(0.001, 1), (0.005, 0), (0.05, 0)])
def test_a_tolerance_below_half_a_percent_is_asked_about(tolerance, asked):
    """0.1 typed in a percent field, for 10 %."""
    plain = changed(ordering(lobar()), {"order.tolerance_fraction": tolerance})
    waiting = [
        each
        for each in planned(plain).unacknowledged
        if each.id == "unusual_order_tolerance_fraction@order.tolerance_fraction"
    ]
    assert len(waiting) == asked


def test_the_order_sheet_draws_the_ordered_vials_or_what_is_planned():
    """The curve ends where a pocket calculator ends: 2 days later 2^(-48/64.1) = 59.5 % are left."""
    plain = example("segmentectomy-tokyo")
    document = order_document(planned(plain), sheet(plain))
    [drawing] = [block for block in document.blocks if isinstance(block, Drawing)]
    assert drawing.title == "segment 6: the ordered vials over time"
    points = [point.split(",") for point in re.findall(r'points="([^"]+)"', drawing.svg)[0].split()]
    heights = [TOP + HEIGHT - float(y) for _, y in points]
    assert heights[-1] / heights[24] == pytest.approx(2 ** (-48 / T), rel=2e-3)
    assert heights[0] / heights[24] == pytest.approx(2 ** (48 / T), rel=2e-3)
    none = changed(plain, {"order.territories[0].vials": LEFT_OUT})
    titles = [block.title for block in order_document(planned(none), sheet(none)).blocks if isinstance(block, Drawing)]
    assert titles == ["segment 6: exactly as planned over time"]


def test_a_name_cannot_break_out_of_the_drawing():
    plain = changed(ordering(lobar()), {"territories[0].name": "<b>", "order.territories[0].territory": "<b>"})
    assert "<b>" not in render(planned(plain), ".html", formats=ORDER_FORMATS).decode().partition("</head>")[2]


def test_the_full_search_takes_less_than_fifty_milliseconds():
    """Every size, twelve calibration days, all pairs: 2700 candidates of one territory."""
    case, columns, constants, parts = checked(ordering(with_lesions()))
    evaluated = Evaluated(columns, constants, parts, evaluate(columns, constants, parts))
    sizes = np.array([row.activity_gbq for row in reference.table("vials") if row.kind == "size"][:6])

    def search():
        vials = single_vials(device=case.device, sizes_gbq=sizes, vial_age_h=24.0 * np.arange(12), half_life_h=T)
        planned_gbq = evaluated.results.territory["administered_activity_gbq"]
        return candidates(evaluated, 0, vials, beside_gbq=planned_gbq, tolerance_fraction=0.1, pairs=True)

    assert len(search().first) == 72 + 72 * 73 // 2
    assert shortest_time(search) < 0.05


def test_the_order_sheet_is_given_in_every_format():
    plan = planned(ordering(with_lesions(), pairs=True))
    texts = {ending: render(plan, ending, formats=ORDER_FORMATS) for ending in ORDER_FORMATS}
    assert texts[".pdf"].startswith(b"%PDF")
    assert b"not verified" in texts[".txt"]
    rows = list(csv.DictReader(io.StringIO(texts[".csv"].decode())))
    options = json.loads(texts[".json"])["territories"][0]["options"]
    assert len(rows) == len(options) == 12 + 78
    assert [float(row["perfused_dose_gy"]) for row in rows] == [option["perfused_dose_gy"] for option in options]
    assert plain_from_case(plan.case)["order"]["pairs"] is True


def test_a_label_that_a_spreadsheet_could_run_is_inert():
    text = render(planned(changed(ordering(lobar()), {"label": "=1+1"})), ".csv", formats=ORDER_FORMATS).decode()
    assert {row["label"] for row in csv.DictReader(io.StringIO(text))} == {"'=1+1"}


def test_a_case_without_a_delivery_has_no_delivery_sheet():
    with pytest.raises(CaseError, match="records no delivery"):
        render(planned(lobar()), ".json", formats=DELIVERY_FORMATS)


def run(capsysbinary, *arguments):
    """Exit code, standard output and standard error of a command."""
    code = main(arguments)
    caught = capsysbinary.readouterr()
    return code, caught.out.decode(), caught.err.decode()


@pytest.fixture
def order_file(tmp_path):
    path = tmp_path / "case.json"
    path.write_text(text_of(ordering(with_lesions())), "utf-8")
    return str(path)


def test_the_command_prints_text_or_json_or_writes_a_file(order_file, tmp_path, capsysbinary):
    code, text, _ = run(capsysbinary, "order", order_file)
    assert code == 0
    assert text.startswith("Order sheet")
    code, plain, _ = run(capsysbinary, "order", order_file, "--json", "--at", "2026-04-01T00:00:00Z")
    assert code == 0
    assert json.loads(plain)["format"] == "dosimetry-order"
    assert json.loads(plain)["computed_at"] == "2026-04-01T00:00:00Z"
    out = tmp_path / "order.csv"
    assert run(capsysbinary, "order", order_file, "--output", str(out))[:2] == (0, "")
    assert len(out.read_text("utf-8").splitlines()) == 1 + 12


def test_the_command_prints_nothing_when_it_refuses(order_file, tmp_path, capsysbinary):
    code, out, err = run(capsysbinary, "deliver", order_file)
    assert (code, out) == (2, "")
    assert "records no delivery" in err
    code, out, err = run(capsysbinary, "order", order_file, "--output", str(tmp_path / "order.docx"))
    assert (code, out) == (2, "")
    assert "the ending must be one of .pdf, .html, .txt, .csv, .json" in err


def two_lobes_ordered(left_gbq):
    """Two lobes planned with 1.5 GBq each, a fifth of it into lungs of 1 kg; a vial is ordered for the left one."""
    prescription = {"model": "activity", "activity_gbq": 1.5}
    vials = [{"calibrated_activity_gbq": left_gbq, "calibrated_at": TUESDAY}]
    at = {"injection_at": TUESDAY, "residual_fraction": 0.0}
    of = [{"territory": "right lobe", **at}, {"territory": "left lobe", **at, "vials": vials}]
    typed = {"vial_activities_gbq": [1.4, 1.5, 1.6], "calibrated_at": [TUESDAY]}
    constants = {"energy_gy_kg_per_gbq": 49.67, "tissue_density_g_per_ml": 1.03}
    return changed(two_lobes(), {
        "constants": constants, "lung.shunt_fraction": 0.2, "lung.mass_kg": 1.0,
        **{f"territories[{row}].prescription": prescription for row in (0, 1)},
        "order": {"tolerance_fraction": 0.1, "territories": of, **typed},
    })  # fmt: skip


def test_options_are_judged_beside_the_vials_that_were_ordered_for_the_others():
    """By 9.934 Gy/GBq 30 Gy are 3.0199 GBq: beside 1.5 GBq ordered 1.5 keep the limit, beside 1.6 only 1.4 do."""
    for left_gbq, kept in ((1.5, [1.4, 1.5]), (1.6, [1.4])):
        right, left = sheet(two_lobes_ordered(left_gbq)).territories
        for option in right.options:
            given = option.administered_activity_gbq
            assert option.lung_dose_gy == pytest.approx((given + left_gbq) * 0.2 * 49.67, rel=1e-12)
            assert ("LUNG-SINGLE" in option.limits_crossed) is (given not in kept)
        beside_plan = [each.lung_dose_gy for each in left.options]
        assert beside_plan == pytest.approx([(gbq + 1.5) * 0.2 * 49.67 for gbq in (1.4, 1.5, 1.6)], rel=1e-12)


def test_an_option_entered_as_ordered_stops_where_its_sign_said_so():
    """The sign of an option and the finding of the session as ordered come from two routes: bounds, and doses."""
    case = two_lobes_ordered(1.6)
    for option in sheet(case).territories[0].options:
        vial = {"calibrated_activity_gbq": option.vials[0].calibrated_activity_gbq, "calibrated_at": TUESDAY}
        entered = planned(changed(case, {"order.territories[0].vials": [vial]}))
        exceeded = {each.id.partition("@")[0] for each in entered.findings if "@order.given." in each.id}
        assert set(option.limits_crossed) == {name for name in exceeded if reference.limit_named(name).kind == "limit"}


def test_the_table_of_options_names_the_limits_that_each_crosses():
    """Beside 1.45 GBq the 1.6 bring 30.3 Gy, the 1.5 bring 29.3."""
    plan = planned(two_lobes_ordered(1.45))
    rows = list(csv.DictReader(io.StringIO(render(plan, ".csv", formats=ORDER_FORMATS).decode())))
    of_right = {row["administered_activity_gbq"]: row["limits_crossed"].split(";") for row in rows[:3]}
    assert {gbq: "LUNG-SINGLE" in ids for gbq, ids in of_right.items()} == {"1.4": False, "1.5": False, "1.6": True}


def test_options_are_judged_beside_what_was_delivered_to_the_others():
    """Ordered for the left lobe were 1.5 GBq, given were 1.6: 1.4 beside them bring 29.8 Gy, 1.5 bring 30.8."""
    vial = {"assay_activity_gbq": 1.6, "assayed_at": TUESDAY}
    given = {"territory": "left lobe", "injected_at": TUESDAY, "residual_fraction": 0.0, "vials": [vial]}
    case = changed(two_lobes_ordered(1.5), {"delivery": {"territories": [given]}})
    right = sheet(case).territories[0]
    assert [("LUNG-SINGLE" in each.limits_crossed) for each in right.options] == [False, True, True]
    assert right.options[1].lung_dose_gy == pytest.approx(3.1 * 0.2 * 49.67, rel=1e-12)
