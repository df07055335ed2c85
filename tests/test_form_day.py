"""The pages of a treatment day without a browser: what is typed by widget key, and what the pages show of it."""

import json

import pytest
from cases import LEFT_OUT, ROOT, changed, example, full, lobar, planned, two_lobes, with_lesions
from form_driver import offered
from form_pages import on_page
from streamlit.testing.v1 import AppTest

from dosimetry.report import ORDER_FORMATS, render
from dosimetry.web.day_texts import PARTS, names_of, plain_from_texts, texts_from_plain
from dosimetry.web.problem_text import sentence
from dosimetry.web.screen import problems_of, screen_from_plain

TUESDAY = "2026-04-07 09:30"
TOKYO, NEW_YORK = "Asia/Tokyo", "America/New_York"


def opened(name: str, plain: dict | None = None) -> AppTest:
    return on_page(name, {} if plain is None else {"to_open": json.dumps(plain).encode()})


def fill(form: AppTest, **texts: str) -> AppTest:
    """Type and choose; what an earlier choice draws is there after a run."""
    for key, text in texts.items():
        if not has(form, key):
            form.run()
        box = form.selectbox if any(each.key == key for each in form.selectbox) else form.text_input
        box(key=key).set_value(text)
    form.run()
    assert not form.exception
    return form


def has(form: AppTest, key: str) -> bool:
    return any(each.key == key for each in (*form.selectbox, *form.text_input))


def number(form: AppTest, place: int = 0) -> int:
    """The number of a territory's row."""
    return form.session_state["rows"][place].territory


def carried(form: AppTest, part: str):
    return dict(form.session_state["carried"]).get(part)


def said(form: AppTest) -> str:
    elements = (*form.text, *form.caption, *form.error, *form.warning)
    return "\n".join([*(each.value for each in elements), *(each.value for each in form.get("html"))]).replace(
        "\N{NO-BREAK SPACE}", " "
    )


def tokyo() -> dict:
    return example("segmentectomy-tokyo")


def without_order() -> dict:
    return {name: value for name, value in tokyo().items() if name != "order"}


def ordering(**texts: str) -> AppTest:
    """The segmentectomy with its order typed on the page."""
    form = opened("order", without_order())
    first = number(form)
    typed = {"zone_of_order": TOKYO, "order_tolerance_fraction": "10", f"injection_at_{first}": TUESDAY, **texts}
    return fill(form, **typed)


@pytest.mark.parametrize("name", ["order", "deliver", "second_check"])
def test_without_a_case_a_page_says_so(name):
    form = opened(name)
    assert "on the Plan page" in said(form)
    assert not [each for each in form.text_input if each.key != "label"]


@pytest.mark.parametrize("name", ["order", "deliver"])
def test_a_case_that_breaks_a_rule_is_mended_on_the_plan_page(name):
    form = opened(name, changed(tokyo(), {"territories[0].perfused_volume_ml": 99999}))
    assert "no case yet" in said(form)
    assert not form.get("download_button")
    assert not form.text_input, "nothing is typed for a case that is none"


def test_every_part_of_a_case_is_read_back_from_its_texts():
    plain = {name: value for name, value in full().items() if name in PARTS}
    read, unreadable = plain_from_texts(texts_from_plain(plain, PARTS))
    assert unreadable == []
    assert read == json.loads(json.dumps(plain))


def test_an_order_that_was_opened_stands_in_the_inputs_and_stays_what_it_is():
    form = opened("order", tokyo())
    first = number(form)
    assert form.selectbox(key="zone_of_order").value == TOKYO
    assert form.selectbox(key="zone_of_calibrations").value == NEW_YORK
    assert form.text_input(key=f"injection_at_{first}").value == TUESDAY
    assert form.text_input(key=f"ordered_calibrated_at_{first}_0").value == "2026-03-29 12:00"
    assert carried(form, "order") == tokyo()["order"]


def test_a_typed_order_is_the_order_of_the_file():
    form = ordering(zone_of_calibrations=NEW_YORK)
    first = number(form)
    form.button(key=f"add_ordered_vials_{first}").click().run()
    vial = {f"ordered_activity_gbq_{first}_0": "10", f"ordered_calibrated_at_{first}_0": "2026-03-29 12:00"}
    fill(form, **vial)
    assert carried(form, "order") == tokyo()["order"]
    assert "Tuesday, 2026-04-07 09:30 UTC+09:00 (Asia/Tokyo) = 2026-04-07T00:30:00Z" in said(form)
    assert "= 270.3 mCi" in said(form)


def test_what_is_needed_and_every_option_are_shown_and_none_is_chosen():
    """By hand: 450 Gy x 0.1236 kg / (49.67 x 0.97) = 1.1544 GBq, over 0.98 = 1.1780 GBq = 31.84 mCi."""
    form = ordering().run()
    text = said(form)
    for shown in ("1.15", "31.20", "1.18", "31.84", "2026-04-07 00:42", "2026-04-07 19:14"):
        assert shown in text
    assert text.count("2026-03-29 12:00 UTC-04:00") == text.count("2026-04-05 12:00 UTC-04:00") == 6
    assert form.selectbox(key=f"over_time_{number(form)}").value == "exactly as planned"
    assert "not verified" in text
    files = offered(form)
    assert set(files) == {f"download_order{ending}" for ending in ORDER_FORMATS}
    plan = form.session_state["order_sheet"].plan
    assert files["download_order.csv"]() == render(plan, ".csv", formats=ORDER_FORMATS)


def test_options_are_sorted_as_asked_and_can_be_entered_as_ordered():
    form = ordering().run()
    first = number(form)
    form.selectbox(key=f"sort_{first}").set_value("difference from the plan").run()
    table = next(each.value for each in form.get("html") if 'aria-label="Options for segment 6"' in each.value)
    differences = [float(cell.split(" %")[0]) for cell in table.split('<td class="figure">') if " %" in cell[:12]]
    assert [abs(each) for each in differences] == sorted(abs(each) for each in differences)
    form.selectbox(key=f"over_time_{first}").set_value("10\N{NO-BREAK SPACE}GBq of 2026-03-29 12:00 UTC-04:00").run()
    form.button(key=f"take_{first}").click().run()
    assert form.text_input(key=f"ordered_activity_gbq_{first}_0").value == "10"
    shown = said(form).replace("&#x27;", "'")
    for part in ("10 GBq, calibrated 2026-03-29 12:00 UTC-04:00", "8 days 8 h after calibration, 11.4 % left"):
        assert part in shown


def test_two_calibrations_of_one_day_are_two_options_and_the_one_chosen_is_entered():
    form = ordering(order_vial_activity_gbq="3.1234567")
    first = number(form)
    fill(form, order_calibrated_at="2026-04-05T06:00:30[Europe/Berlin]; 2026-04-05T18:00[Europe/Berlin]")
    over_time = form.run().selectbox(key=f"over_time_{first}")
    early, late = (each for each in over_time.options if " of " in each)
    assert early.endswith("of 2026-04-05 06:00:30 UTC+02:00")
    assert late.endswith("of 2026-04-05 18:00 UTC+02:00")
    over_time.set_value(early).run()
    form.button(key=f"take_{first}").click().run()
    vial = carried(form, "order")["territories"][0]["vials"][0]
    assert vial == {"calibrated_activity_gbq": 3.1234567, "calibrated_at": "2026-04-05T06:00:30+02:00[Europe/Berlin]"}


def test_what_was_begun_and_is_not_complete_is_told_on_the_plan_page():
    form = opened("plan", without_order())
    assert "is not complete" not in said(form)
    form.session_state["order_tolerance_fraction"] = "10"
    form.run()
    assert "The order on the page Order is not complete: it is in no file and no report." in said(form)
    form.session_state["order_tolerance_fraction"] = ""
    form.run()
    assert "is not complete" not in said(form)


def test_an_unfinished_order_is_no_part_of_the_case_and_says_what_lacks():
    form = fill(opened("order", without_order()), order_tolerance_fraction="60")
    assert "not complete" in said(form)
    assert carried(form, "order") is None
    text = said(form.run())
    assert "no part of the case" in text
    assert "got 60 %" in text


def test_a_time_without_a_zone_is_refused():
    """B061."""
    form = fill(
        opened("order", without_order()),
        order_tolerance_fraction="10",
        **{f"injection_at_{number(opened('order', without_order()))}": TUESDAY},
    )
    assert "must name its time zone" in said(form.run())


def test_a_skipped_time_is_refused_and_a_repeated_one_is_asked_about():
    """B063."""
    form = ordering(zone_of_order=NEW_YORK)
    first = number(form)
    fill(form, **{f"injection_at_{first}": "2026-03-08 02:30"})
    assert "clocks in America/New_York skip 02:30" in said(form)
    assert carried(form, "order") is None
    fill(form, **{f"injection_at_{first}": "2026-11-01 01:30"})
    assert "stands twice" in said(form.run())
    later = "2026-11-01T01:30:00-05:00[America/New_York]"
    fill(form, **{f"which_injection_at_{first}": later})
    assert form.text_input(key=f"injection_at_{first}").value == later
    assert carried(form, "order")["territories"][0]["injection_at"] == later


def test_the_order_follows_a_changed_input():
    form = ordering()
    assert "download_order.pdf" in offered(form)
    before = form.session_state["outcome"].plan
    fill(form, order_tolerance_fraction="5")
    after = form.session_state["outcome"].plan
    assert (before.case.order.tolerance_fraction, after.case.order.tolerance_fraction) == (0.1, 0.05)
    assert form.session_state["order_sheet"].plan is after


def test_an_order_may_state_its_own_residual():
    form = opened("order", changed(without_order(), {"territories[0].residual_fraction": 0.5}))
    first = number(form)
    typed = {"zone_of_order": TOKYO, "order_tolerance_fraction": "10", f"injection_at_{first}": TUESDAY}
    fill(form, **typed, **{f"ordered_residual_fraction_{first}": "4"})
    made = planned(changed(without_order(), {"territories[0].residual_fraction": 0.5, "order": carried(form, "order")}))
    assert carried(form, "order")["territories"][0]["residual_fraction"] == 0.04
    assert made.ordered == ()


def test_a_new_name_on_the_plan_page_moves_nothing():
    form = opened("order", tokyo())
    form.session_state[f"territory_name_{number(form)}"] = "segment VI"
    form.run()
    assert carried(form, "order") == changed(tokyo()["order"], {"territories[0].territory": "segment VI"})


def test_what_was_acknowledged_shows_the_order():
    """B071: the vial is given before it has decayed."""
    early = changed(tokyo(), {"order.territories[0].injection_at": "2026-04-01T09:30[Asia/Tokyo]"})
    form = opened("order", early)
    assert "above the planned" in said(form)
    assert not offered(form)
    for each in form.text_input:
        if str(each.key).startswith("acknowledge_"):
            each.set_value("AB")
    form.button(key="acknowledge").click().run()
    assert "download_order.pdf" in offered(form)


def delivered(plain: dict, **texts: str) -> AppTest:
    form = opened("deliver", plain)
    fill(form, zone_of_delivery=TOKYO)
    return fill(form, **{key.replace("N", str(number(form)), 1): text for key, text in texts.items()})


VIAL = {"injected_at_N": "2026-04-07 09:30", "assay_activity_gbq_N_0": "1.2", "assayed_at_N_0": "2026-04-07 09:30"}
WAYS = {
    "typed": {"residual_way_N": "as a typed percentage", "delivered_residual_fraction_N": "5"},
    "measured": {
        "residual_way_N": "by a measured activity",
        "residual_activity_gbq_N": "0.06",
        "residual_measured_at_N": "2026-04-07 09:30",
    },
    "rates": {
        "residual_way_N": "by exposure rates of the jar",
        "rate_unit_N": "mr_per_h",
        **{f"rate_before_N_{place}": "4.02" for place in range(4)},
        **{f"rate_after_N_{place}": "0.22" for place in range(4)},
        "background_before_N": "0.02",
        "background_after_N": "0.02",
        "rates_before_at_N": "2026-04-07 09:30",
        "rates_after_at_N": "2026-04-07 09:30",
    },
}


@pytest.mark.parametrize("way", WAYS)
def test_a_residual_of_five_percent_by_each_way(way):
    """By hand: 1.2 GBq x 0.95 = 1.14 GBq = 30.81 mCi, 98.75 % of the planned 1.1544 GBq."""
    form = delivered(tokyo(), **VIAL, **WAYS[way]).run()
    text = said(form)
    assert "1.14 GBq (30.81 mCi)" in text
    assert "95 %" in text
    assert "98.75 % of 1.15 GBq" in text
    assert "does not meet the 20 % criterion" in text
    assert offered(form)["download_delivery.pdf"]().startswith(b"%PDF")


def test_a_way_that_was_left_rests():
    form = delivered(tokyo(), **VIAL, **WAYS["rates"])
    fill(form, **{key.replace("N", str(number(form))): text for key, text in WAYS["typed"].items()})
    record = carried(form, "delivery")["territories"][0]
    assert record["residual_fraction"] == 0.05
    assert "rates_before" not in record


def test_a_delivery_that_was_opened_is_the_same_delivery():
    plain = changed(
        two_lobes(),
        {
            "delivery": {
                "calibrator_uncertainty_fraction": 0.03,
                "territories": [
                    {
                        "territory": name,
                        "injected_at": "2026-04-07T09:30[Asia/Tokyo]",
                        "vials": [{"assay_activity_gbq": 1.5, "assayed_at": "2026-04-07T08:00+09:00", "lot": "G1"}],
                        "residual_fraction": 0.02,
                        "measured": {"imaging": "pet", "lesions": [{"name": lesion, "dose_gy": 200.0}]},
                    }
                    for name, lesion in (("right lobe", "A"), ("left lobe", "B"))
                ],
            },
            "scout": {"territories": [{"territory": "left lobe", "activity_gbq": 0.2}]},
        },
    )
    form = opened("deliver", plain)
    for part in ("delivery", "scout"):
        assert carried(form, part) == plain[part]


def marks(form: AppTest) -> str:
    return "".join(each.value for each in form.get("html") if each.value.startswith("<style>"))


def test_inputs_of_another_kind_of_order_rest_when_the_device_is_changed():
    """A reference instant has no place in an order of whole vials; it is kept, told, and joins again with holmium."""
    holmium = {"device": "holmium", "convention": "ho166", "territories[0].prescription.dose_gy": 60}
    order = changed(
        tokyo()["order"], {"reference_at": "2026-04-07T07:30[Asia/Tokyo]", "territories[0].vials": LEFT_OUT}
    )
    form = opened("order", changed(tokyo(), {**holmium, "order": order}))
    assert carried(form, "order")["reference_at"] == "2026-04-07T07:30[Asia/Tokyo]"
    assert "Kept, but not used" not in said(form)
    form.session_state["device"], form.session_state["convention"] = "glass", "eanm"
    form.run()
    assert "reference_at" not in carried(form, "order")
    assert "Kept, but not used for this device: Reference instant of the order 2026-04-07 07:30" in said(form)
    form.session_state["device"], form.session_state["convention"] = "holmium", "ho166"
    form.run()
    assert carried(form, "order")["reference_at"] == "2026-04-07T07:30[Asia/Tokyo]"


def test_every_reading_that_a_case_brought_has_its_box():
    made = changed(
        as_treated_case(),
        {
            f"delivery.territories[0].rates_{side}.rates": [*readings, readings[0]]
            for side, readings in READINGS.items()
        },
    )
    form = opened("deliver", made)
    assert [has(form, f"rate_before_{number(form)}_{place}") for place in range(6)] == [True] * 5 + [False]
    assert carried(form, "delivery") == made["delivery"]


def test_problems_are_said_at_their_boxes_too():
    form = delivered(tokyo(), **VIAL, **WAYS["rates"])
    first = number(form)
    fill(form, **{f"rate_after_{first}_1": "x", f"assay_activity_gbq_{first}_0": "45"})
    assert f".st-key-rate_after_{first}_1::after" in marks(form)
    assert f".st-key-assay_activity_gbq_{first}_0::after" in marks(form)
    assert f".st-key-rate_after_{first}_0::after" not in marks(form)
    fill(form, **{f"rate_after_{first}_1": "0.2", f"assay_activity_gbq_{first}_0": "1.2"})
    assert not marks(form)


def in_unit(form: AppTest, *, mci: bool) -> AppTest:
    """The page with its activities typed in the other unit."""
    [switch] = [each for each in form.segmented_control if each.label == "Activity in"]
    switch.set_value("mCi" if mci else "GBq").run()
    assert not form.exception
    return form


def test_activities_are_typed_in_millicuries_on_the_pages_of_the_day_as_well():
    """1 mCi is 0.037 GBq, exactly."""
    form = delivered(tokyo(), **VIAL, **WAYS["typed"])
    first = number(form)
    box = f"assay_activity_gbq_{first}_0"
    typed = form.text_input(key=box).value
    form = in_unit(form, mci=True)
    assert form.text_input(key=box).label == "Assayed activity [mCi]"
    assert carried(form, "delivery")["territories"][0]["vials"][0]["assay_activity_gbq"] == float(typed)
    assert f"= {typed} GBq" in said(form)
    fill(form, **{box: "31.2"})
    assert carried(form, "delivery")["territories"][0]["vials"][0]["assay_activity_gbq"] == pytest.approx(31.2 * 0.037)
    assert "= 1.154 GBq" in said(form)
    form = in_unit(form, mci=False)
    assert form.text_input(key=box).value == "1.1544"
    assert "= 31.2 mCi" in said(form)


def test_a_switch_to_and_fro_changes_no_activity():
    form = ordering(order_vial_activity_gbq="3; 3.1234567")
    before = (form.text_input(key="order_vial_activity_gbq").value, carried(form, "order"))
    form = in_unit(form, mci=True)
    assert form.text_input(key="order_vial_activity_gbq").value == "81.0810810810811; 84.4177486486486"
    assert carried(form, "order") == before[1]
    form = in_unit(form, mci=False)
    assert (form.text_input(key="order_vial_activity_gbq").value, carried(form, "order")) == before


def test_an_option_is_entered_in_the_unit_that_is_typed():
    form = in_unit(ordering(), mci=True)
    first = number(form)
    form.selectbox(key=f"over_time_{first}").set_value("10\N{NO-BREAK SPACE}GBq of 2026-03-29 12:00 UTC-04:00").run()
    form.button(key=f"take_{first}").click().run()
    assert form.text_input(key=f"ordered_activity_gbq_{first}_0").value == "270.27027027027"
    vial = carried(form, "order")["territories"][0]["vials"][0]
    assert vial["calibrated_activity_gbq"] == 10


def test_a_list_in_one_box_is_marked_as_one():
    form = ordering(order_vial_activity_gbq="3; 99").run()
    assert ".st-key-order_vial_activity_gbq::after" in marks(form)


def as_treated_case() -> dict:
    return example("segmentectomy-tokyo-delivered")


READINGS = {
    side: as_treated_case()["delivery"]["territories"][0][f"rates_{side}"]["rates"] for side in ("before", "after")
}


def test_a_residual_above_what_was_there_is_refused():
    """B079."""
    form = delivered(tokyo(), **VIAL, **WAYS["rates"])
    first = number(form)
    fill(form, **{f"rate_after_{first}_{place}": "5.0" for place in range(4)})
    assert "Were the readings before and after swapped?" in said(form.run())
    assert carried(form, "delivery") is None


def checked(form: AppTest, *, numbers: tuple[int, int] | None = None, **changes: str) -> AppTest:
    row = None if numbers else form.session_state["rows"][0]
    first, lesion = numbers or (row.territory, row.lesions[0])
    texts = {
        "checked_by": "CD",
        "checked_device": "glass",
        "checked_energy_gy_kg_per_gbq": "49.67",
        "checked_tissue_density_g_per_ml": "1.03",
        "checked_lung_shunt_fraction": "3",
        "checked_lung_mass_kg": "0.9",
        "checked_whole_liver_volume_ml": "1400",
        f"checked_perfused_volume_ml_{first}": "120",
        f"checked_activity_gbq_{first}": "1.15442",
        f"checked_target_dose_gy_{first}": "450",
        f"checked_residual_fraction_{first}": "2",
        f"checked_lesion_volume_ml_{first}_{lesion}": "25",
        f"checked_ratio_{first}_{lesion}": "3",
    }
    fill(form, **{**texts, **{name.replace("N", str(first)): text for name, text in changes.items()}})
    form.button(key="compare").click().run()
    assert not form.exception
    return form


def test_a_second_check_is_blind():
    form = opened("second_check", tokyo())
    assert all(not each.value for each in form.text_input)
    for hidden in ("120", "450", "1.15", "49.67", "0.9 ", "1400"):
        assert hidden not in said(form)


def test_what_was_typed_from_the_paper_agrees_and_joins_the_case():
    form = checked(opened("second_check", tokyo()))
    assert "every input and result agrees" in said(form)
    assert carried(form, "second_check")["by"] == "CD"
    assert offered(form)["download_second-check.pdf"]().startswith(b"%PDF")


def test_a_wrong_volume_shows_in_input_and_dose_and_a_change_removes_the_comparison():
    form = checked(opened("second_check", tokyo()), checked_perfused_volume_ml_N="210")
    assert "not everything agrees" in said(form)
    assert "differs" in said(form)
    fill(form, **{f"checked_perfused_volume_ml_{number(form)}": "120"})
    assert "Inputs changed. Compare again." in said(form)
    assert carried(form, "second_check") is None


def test_a_file_that_was_opened_to_be_checked_is_put_on_the_plan_page_only_when_asked():
    form = on_page("second_check", {"check_opened": screen_from_plain(tokyo())})
    checked(form, numbers=(0, 1))
    assert "every input and result agrees" in said(form)
    assert "carried" not in form.session_state
    form.button(key="check_to_plan").click().run()
    assert carried(form, "second_check")["by"] == "CD"
    assert carried(form, "order") == tokyo()["order"]


def test_nothing_typed_is_no_check():
    form = opened("second_check", tokyo())
    form.button(key="compare").click().run()
    assert "Nothing was typed again." in said(form)


@pytest.mark.parametrize("part", ["order", "delivery"])
def test_a_problem_of_a_part_names_its_own_territory(part):
    """More deliveries than territories, and in another order: nothing is mistaken for a row of the Plan page."""
    entry = {"territory": "left lobe"}
    plain = changed(with_lesions(), {part: {"territories": [entry, {"territory": "caudate"}, {}]}})
    screen = screen_from_plain(plain)
    lines = [sentence(problem, screen) for problem in problems_of(screen)]
    assert any("territory caudate" in line for line in lines)
    assert lines


def test_a_resin_order_is_drawn_at_its_own_instant():
    resin = changed(lobar(), {"device": "resin", "territories[0].residual_fraction": 0.02})
    form = opened("order", resin)
    first = number(form)
    fill(form, zone_of_order=TOKYO, order_tolerance_fraction="10", **{f"injection_at_{first}": TUESDAY})
    assert "Drawing from the stock vial" in said(form.run())
    fill(form, drawn_at="2026-04-07 08:30")
    assert "Dispense" in said(form.run())


def test_a_holmium_order_is_stated_at_its_reference_instant():
    """By hand: 2 h before the injection the vial holds 2^(2/26.8) = 1.0531 times as much: 5 % are lost."""
    holmium = changed(lobar(), {"device": "holmium", "convention": "ho166", "territories[0].residual_fraction": 0.02})
    holmium = changed(holmium, {"territories[0].prescription": {"model": "activity", "activity_gbq": 4.9}})
    form = opened("order", holmium)
    first = number(form)
    fill(form, zone_of_order=TOKYO, order_tolerance_fraction="10", **{f"injection_at_{first}": TUESDAY})
    fill(form, reference_at="2026-04-07 07:30")
    text = said(form.run())
    assert "5.27 GBq" in text
    assert "95 % left" in text


def names_on(form: AppTest) -> set[str]:
    keys = [str(each.key) for each in (*form.text_input, *form.selectbox)]
    return {name for key in keys for part in PARTS for name in names_of(part) if key == name or in_rows(key, name)}


def in_rows(key: str, name: str) -> bool:
    return key.startswith(f"{name}_") and key.removeprefix(f"{name}_").replace("_", "").isdigit()


def test_every_field_of_the_treatment_day_has_an_input():
    """But the names of territories and lesions: they stand on the Plan page."""
    drawn: set[str] = set()
    for device, convention in (("glass", "eanm"), ("resin", "eanm"), ("holmium", "ho166")):
        plain = changed(with_lesions(), {"device": device, "convention": convention})
        order = opened("order", plain)
        drawn |= names_on(order.button(key=f"add_ordered_vials_{number(order)}").click().run())
        deliver = opened("deliver", plain)
        deliver.button(key="add_earlier_sessions_0").click().run()
        for way in WAYS.values():
            key = f"residual_way_{number(deliver)}"
            drawn |= names_on(fill(deliver, **{key: way["residual_way_N"]}))
        drawn |= names_on(opened("second_check", plain))
    names = {"directed_territory", "ordered_territory", "delivered_territory", "scout_territory", "checked_territory",
             "measured_lesion", "checked_lesion"}  # fmt: skip
    assert drawn == {name for part in PARTS for name in names_of(part)} - names


def test_what_is_wrong_with_one_part_leaves_the_others():
    form = fill(opened("deliver", tokyo()), zone_of_delivery=TOKYO)
    fill(form, **{f"assay_activity_gbq_{number(form)}_0": "1.2"})
    assert carried(form, "delivery") is None
    assert carried(form, "directive") == tokyo()["directive"]


def test_a_territory_renamed_on_the_plan_page_keeps_its_order_and_directive():
    form = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    form.selectbox(key="example").set_value("segmentectomy-tokyo").run()
    form.button(key="open_example").click().run()
    form.text_input(key=f"territory_name_{number(form)}").set_value("segment VI").run()
    assert form.metric[0].value == "1.15\N{NO-BREAK SPACE}GBq"
    for part in ("order", "directive"):
        assert carried(form, part) == changed(tokyo()[part], {"territories[0].territory": "segment VI"})
    assert "An order: on the page Order" in said(form)


def test_undo_on_the_plan_page_leaves_what_is_typed_on_the_pages_of_the_day():
    """Also what is not complete there, and is in no part of the case."""
    form = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    form.selectbox(key="example").set_value("segmentectomy-tokyo-delivered").run()
    form.button(key="open_example").click().run()
    assay = f"assay_activity_gbq_{number(form)}_0"
    form.session_state[assay] = ""
    form.session_state["carried"] = {name: part for name, part in form.session_state["carried"].items()
                                     if name != "delivery"}  # fmt: skip
    form.text_input(key="whole_liver_volume_ml").set_value("1450").run()
    assert "The delivery on the page Deliver is not complete" in said(form)
    injected = form.session_state[f"injected_at_{number(form)}"]
    form.text_input(key=f"territory_name_{number(form)}").set_value("segment VI").run()
    form.button(key="undo").click().run()
    assert form.text_input(key=f"territory_name_{number(form)}").value == "segment 6"
    form.text_input(key=f"territory_name_{number(form)}").set_value("segment VII").run()
    form.text_input(key="lung_mass_kg").set_value("0.95").run()
    form.button(key="undo").click().run()
    assert form.session_state[f"injected_at_{number(form)}"] == injected
    assert "stand under segment VII now" in said(form), "undo of another change does not silence it"


def test_undo_converts_no_activity_of_another_page():
    """1.19 GBq are 32.16... mCi, before and after."""
    form = in_unit(opened("deliver", as_treated_case()), mci=True)
    box = f"assay_activity_gbq_{number(form)}_0"
    before = (form.session_state[box], carried(form, "delivery"))
    assert float(before[0]) == pytest.approx(1.19 / 0.037)
    form = turned(form, "plan")
    form.text_input(key="lung_mass_kg").set_value("0.95").run()
    form.button(key="undo").click().run()
    assert (form.session_state[box], carried(form, "delivery")) == before
    form = turned(form, "deliver")
    assert (form.text_input(key=box).value, form.text_input(key=box).label) == (before[0], "Assayed activity [mCi]")
    assert in_unit(form, mci=False).text_input(key=box).value == "1.19"


def test_undo_of_new_brings_the_records_back():
    form = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    form.selectbox(key="example").set_value("segmentectomy-tokyo-delivered").run()
    form.button(key="open_example").click().run()
    before = dict(form.session_state["carried"])
    form.button(key="new").click().run()
    assert not form.session_state["carried"]
    form.button(key="undo").click().run()
    assert form.session_state["carried"] == before


def test_a_file_of_a_delivery_that_is_no_longer_complete_is_not_made():
    form = delivered(tokyo(), **VIAL, **WAYS["typed"])
    make = next(make for key, make in offered(form).items() if key.endswith(".txt"))
    assert make()
    fill(form, **{f"assay_activity_gbq_{number(form)}_0": "oops"})
    with pytest.raises(RuntimeError, match="error id"):
        make()


def test_a_waiting_plan_is_not_checked_without_its_findings():
    form = opened("second_check", changed(lobar(), {"lung.shunt_fraction": 0.42}))
    fill(form, zone_of_check=TOKYO, checked_by="CD", checked_at=TUESDAY)
    fill(form, **{f"checked_perfused_volume_ml_{number(form)}": "650"})
    form.button(key="compare").click().run()
    assert "Lung shunt is 42" in said(form)


def test_a_record_under_another_name_than_it_was_opened_with_is_told():
    form = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    form.selectbox(key="example").set_value("segmentectomy-tokyo-delivered").run()
    form.button(key="open_example").click().run()
    assert "as the case was opened" not in said(form)
    form.text_input(key=f"territory_name_{number(form)}").set_value("segment VI").run()
    told = "delivery and scout of segment 6, as the case was opened, stand under segment VI now: is it the same?"
    assert told in said(form)
    form.text_input(key=f"territory_name_{number(form)}").set_value("segment 6").run()
    assert "as the case was opened" not in said(form)


@pytest.mark.parametrize("name", ["order", "deliver", "second_check"])
def test_a_name_is_shown_as_it_was_typed_and_never_as_markup(name):
    """B118."""
    odd = "![x](http://example.org/y) **z**"
    plain = changed(lobar(), {"territories[0].name": odd, "territories[0].residual_fraction": 0.02})
    form = opened(name, plain)
    if name == "order":
        fill(form, zone_of_order=TOKYO, order_tolerance_fraction="10", **{f"injection_at_{number(form)}": TUESDAY})
        form.run()
    assert odd in said(form)
    for each in (*form.markdown, *form.subheader, *form.header, *form.caption, *form.error):
        assert "example.org" not in each.value


def test_what_rests_of_a_residual_way_is_told():
    form = opened("deliver", example("segmentectomy-tokyo-delivered"))
    assert "Kept, but not used by this way" not in said(form)
    form.selectbox(key=f"residual_way_{number(form)}").set_value("as a typed percentage").run()
    told = next(text for text in said(form).splitlines() if text.startswith("Kept, but not used by this way"))
    for shown in ("Unit of the exposure rates mR/h", "Exposure rate before 5.9, 6.1, 6, 5.8", "Background after 0.02"):
        assert shown in told


def test_readings_of_a_jar_are_told_apart_and_have_the_unit_that_was_chosen():
    form = delivered(tokyo(), residual_way_N="by exposure rates of the jar")
    labels = {str(each.key): each.label for each in form.text_input}
    first = number(form)
    assert labels[f"rate_before_{first}_0"] == "Side 1, before"
    form = fill(form, **{f"rate_unit_{first}": "mr_per_h"})
    labels = {str(each.key): each.label for each in form.text_input}
    assert labels[f"rate_before_{first}_3"] == "Side 4, before [mR/h]"
    assert labels[f"rate_after_{first}_0"] == "Side 1, after [mR/h]"
    assert labels[f"background_after_{first}"] == "Background, after [mR/h]"
    assert labels[f"delivery_reason_{first}"] == "Reason, where it was stopped early"


@pytest.mark.parametrize("name", ["order", "deliver"])
def test_below_an_empty_box_stands_nothing(name):
    shown = {each.value.strip() for each in (*opened(name, without_order()).text, *opened(name, tokyo()).caption)}
    assert not {"\N{EN DASH}", "= \N{EN DASH} mCi", "= \N{EN DASH}\N{NO-BREAK SPACE}mCi"} & shown


def two_pages() -> AppTest:
    """One session with the pages of order and delivery, of which that of the order is on the screen."""
    plain = {name: value for name, value in without_order().items() if name not in ("directive", "delivery")}
    return on_page("order", {"to_open": json.dumps(plain).encode()})


def turned(form: AppTest, name: str) -> AppTest:
    form.session_state["shown_page"] = name
    form.run()
    assert not form.exception
    return form


def test_the_zone_of_the_order_is_put_in_for_the_delivery_and_told():
    told = "As chosen on the Order page."
    form = turned(two_pages(), "deliver")
    assert form.selectbox(key="zone_of_delivery").value is None
    assert told not in said(form)
    fill(turned(form, "order"), zone_of_order=TOKYO)
    turned(form, "deliver")
    assert form.selectbox(key="zone_of_delivery").value == TOKYO
    assert told in said(form)
    fill(turned(form, "order"), zone_of_order=NEW_YORK)
    fill(turned(form, "deliver"), **{f"injected_at_{number(form)}": TUESDAY})
    assert form.selectbox(key="zone_of_delivery").value == NEW_YORK
    fill(turned(form, "order"), zone_of_order=TOKYO)
    turned(form, "deliver")
    assert form.selectbox(key="zone_of_delivery").value == NEW_YORK, "an instant was typed by its clocks"
    assert told not in said(form)
    fill(form, zone_of_delivery="Europe/Berlin")
    assert form.selectbox(key="zone_of_delivery").value == "Europe/Berlin"


def test_the_clocks_of_calibrations_on_file_are_told():
    assert "on file are by the clocks of America/New_York" in said(opened("order", without_order()))


def test_an_option_that_crosses_a_limit_carries_its_sign_and_word():
    from dosimetry.ordering.sheet import order_sheet
    from dosimetry.report.option_tables import crossed

    made = planned(changed(tokyo(), {"lung.shunt_fraction": 0.2}))
    [territory] = order_sheet(made).territories
    for option in territory.options:
        is_over = option.lung_dose_gy > 30
        assert is_over <= crossed(option).startswith("\N{BLACK SQUARE}\N{NO-BREAK SPACE}Stop")
    within = [option for option in territory.options if not crossed(option)]
    assert 0 < len(within) < len(territory.options)
    assert max(option.lung_dose_gy for option in within) <= 30


def test_contamination_that_is_not_recorded_is_no_claim_that_there_was_some():
    text = said(delivered(tokyo(), **VIAL, **WAYS["typed"]).run())
    assert "any outside the jar would be read as residual" in text
