"""The treatment day in a real Chromium: each event of the field that a check could have stopped is stopped."""

import json

import pytest
import test_browser
from axe_playwright_python.sync_playwright import Axe
from cases import changed, example, two_lobes
from playwright.sync_api import Page, expect
from test_browser import KEY_MS, assert_clean, go_to, new_page, run_of, settle

pytestmark = pytest.mark.browser

TOKYO = "Asia/Tokyo"
browser, server = test_browser.browser, test_browser.server
"""The fixtures of the other browser tests; the server of this file is its own."""


@pytest.fixture
def page(browser, server):
    opened = new_page(browser, server)
    yield opened
    opened.context.close()


def open_case(page: Page, plain: dict) -> None:
    page.get_by_test_id("stPopoverButton").filter(has_text="Open").click()
    file = {"name": "case.json", "mimeType": "application/json", "buffer": json.dumps(plain).encode()}
    with run_of(page):
        page.locator("input[type=file]").set_input_files(file)


def assert_accessible(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    assert [f"{each['id']}: {node['html'][:200]}" for each in serious for node in each["nodes"]] == []


def enter(page: Page, name: str, text: str, place: int = 0) -> None:
    """Type into the input of a field, in the row at a place among those that have it."""
    box(page, name, place).click()
    page.keyboard.press("Control+A")
    page.keyboard.type(text, delay=KEY_MS)


def box(page: Page, name: str, place: int = 0):
    return page.locator(f'[class*="st-key-{name}"] input').nth(place)


def choose(page: Page, name: str, option: str, place: int = 0) -> None:
    settle(page)
    box(page, name, place).click()
    page.keyboard.type(option, delay=KEY_MS)
    page.get_by_role("option", name=option).first.click()
    settle(page)


def stopped(page: Page, *sentences: str) -> None:
    """No sheet can be downloaded, and the reason stands on the page until a person answers for it."""
    expect(page.get_by_text("To acknowledge before the result is shown:")).to_be_visible()
    for each in sentences:
        expect(page.get_by_text(each).first).to_be_visible()
    assert page.get_by_test_id("stDownloadButton").count() == 0
    assert_clean(page)


def order_of(plain: dict, **changes) -> dict:
    at = "2026-04-07T09:30[Asia/Tokyo]"
    order = {
        "tolerance_fraction": 0.1,
        "territories": [{"territory": each["name"], "injection_at": at} for each in plain["territories"]],
    }
    return changed(plain, {"order": changed(order, changes)})


def two_targets() -> dict:
    """Two territories of unlike activities: 1.5 and 0.6 GBq."""
    return changed(
        two_lobes(),
        {
            "territories[1].prescription": {"model": "activity", "activity_gbq": 0.6},
            **{f"territories[{place}].residual_fraction": 0.0 for place in (0, 1)},
        },
    )


def test_a_vial_given_before_it_has_decayed_is_stopped(page):
    """A vial of 10 GBq of 29 March, injected six days before the planned day."""
    open_case(page, example("segmentectomy-tokyo"))
    go_to(page, "Order")
    enter(page, "injection_at_", "2026-04-01 09:30")
    settle(page)
    stopped(page, "above the planned 1.154 GBq = 31.2 mCi", "days")


def test_a_second_order_repeated_unchanged_is_stopped(page):
    """The vial of the right lobe, 1.5 GBq at its calibration, is ordered for the left lobe once more."""
    open_case(page, order_of(two_targets()))
    go_to(page, "Order")
    choose(page, "zone_of_calibrations", TOKYO)
    for place in (0, 1):
        page.get_by_role("button", name="Add ordered vial").nth(place).click()
        settle(page)
        enter(page, "activity_ordered_activity_gbq_", "1.5", place)
        enter(page, "instant_ordered_calibrated_at_", "2026-04-07 09:30", place)
    settle(page)
    stopped(page, "150 % above the planned 0.6 GBq")
    expect(page.get_by_text("planned 1.5 GBq")).to_have_count(0)


def delivered(plain: dict, *gbq: float) -> dict:
    """The case with a delivery of every territory, each vial at its own activity."""
    at = "2026-04-07T09:30[Asia/Tokyo]"
    territories = [
        {
            "territory": territory["name"],
            "injected_at": at,
            "vials": [{"assay_activity_gbq": activity, "assayed_at": at}],
            "residual_fraction": 0,
        }
        for territory, activity in zip(plain["territories"], gbq, strict=True)
    ]
    return changed(plain, {"delivery": {"territories": territories}})


def test_mci_typed_for_gbq_is_stopped(page):
    """31.2 mCi typed where 1.154 GBq belongs."""
    open_case(page, delivered(example("segmentectomy-tokyo"), 1.154))
    go_to(page, "Deliver")
    enter(page, "activity_assay_activity_gbq_", "31.2")
    expect(page.get_by_text("= 843.2\N{NO-BREAK SPACE}mCi", exact=True)).to_be_visible()
    settle(page)
    stopped(page, "Are vial, target and units right?")


def test_targets_swapped_between_vials_are_stopped(page):
    open_case(page, delivered(two_targets(), 1.5, 0.6))
    go_to(page, "Deliver")
    settle(page)
    expect(page.get_by_text("As-treated sheet")).to_be_visible()
    for place, gbq in enumerate(("0.6", "1.5")):
        enter(page, "activity_assay_activity_gbq_", gbq, place)
    settle(page)
    stopped(page, "were the vials swapped?")


def retype(page: Page, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        enter(page, name, text)


def test_the_volume_of_the_wrong_lobe_is_found_by_the_blind_second_check(page):
    """The plan was made with 520 mL of the other lobe; the paper of the images says 120 mL."""
    wrong = changed(example("segmentectomy-tokyo"), {"territories[0].perfused_volume_ml": 520})
    go_to(page, "Second check")
    page.get_by_test_id("stPopoverButton").filter(has_text="Open").click()
    file = {"name": "case.json", "mimeType": "application/json", "buffer": json.dumps(wrong).encode()}
    with run_of(page):
        page.locator("input[type=file]").set_input_files(file)
    assert "520" not in page.inner_text(".stMain"), "the check is not blind"
    retype(
        page,
        {
            "checked_by": "CD",
            "checked_energy_gy_kg_per_gbq": "49.67",
            "checked_tissue_density_g_per_ml": "1.03",
            "checked_lung_shunt_fraction": "3",
            "checked_lung_mass_kg": "0.9",
            "checked_perfused_volume_ml_": "120",
            "checked_activity_gbq_": "5.0025",
            "checked_target_dose_gy_": "450",
            "checked_lesion_volume_ml_": "25",
            "checked_ratio_": "3",
        },
    )
    with run_of(page):
        page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("The report waits until")).to_be_visible()
    table = page.get_by_role("table", name="Second check")
    row = table.get_by_role("row", name="segment 6: Perfused volume")
    assert row.get_by_role("cell").all_inner_texts()[-3:] == ["520", "120", "differs"]
    dose = table.get_by_role("row", name="segment 6: prescribed dose from the printed activity")
    assert dose.get_by_role("cell").all_inner_texts()[-1] == "differs"
    assert_accessible(page)
    assert page.get_by_test_id("stDownloadButton").filter(has_text="PDF").count() == 0
    assert_clean(page)


def test_a_day_from_the_order_to_the_report(page):
    """The order and the delivery of a session are in the file that is saved on the Plan page."""
    open_case(page, example("segmentectomy-tokyo"))
    go_to(page, "Order")
    settle(page)
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(1)
    assert page.get_by_role("table", name="Options for segment 6").get_by_role("row").count() == 13
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").filter(has_text="PDF").get_by_role("button").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    go_to(page, "Deliver")
    for name, text in (("instant_injected_at_", "2026-04-07 09:30"), ("activity_assay_activity_gbq_", "1.16")):
        enter(page, name, text)
    enter(page, "instant_assayed_at_", "2026-04-07 09:30")
    choose(page, "residual_way_", "as a typed percentage")
    enter(page, "delivered_residual_fraction_", "0")
    settle(page)
    expect(page.get_by_text("does not meet the 20 % criterion").first).to_be_visible()
    assert_accessible(page)
    go_to(page, "Plan")
    page.get_by_test_id("stPopoverButton").filter(has_text="Save").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the case").click()
    saved = json.loads(download.value.path().read_text("utf-8"))
    assert saved["order"] == example("segmentectomy-tokyo")["order"]
    assert saved["delivery"]["territories"][0]["vials"][0]["assay_activity_gbq"] == 1.16
    assert_clean(page)


def test_an_order_of_the_instant_before_is_not_shown_while_one_is_typed(page):
    open_case(page, example("segmentectomy-tokyo"))
    go_to(page, "Order")
    settle(page)
    expect(page.get_by_role("table", name="Options for segment 6")).to_be_visible()
    box(page, "injection_at_").click()
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    expect(page.get_by_role("table", name="Options for segment 6")).to_have_count(0)
    page.keyboard.type("45", delay=KEY_MS)
    expect(page.get_by_role("table", name="Options for segment 6")).to_be_visible()
    expect(page.get_by_text("2026-04-07 09:45 UTC+09:00").first).to_be_visible()
    assert box(page, "injection_at_").evaluate("box => box === document.activeElement"), "typing was interrupted"


def test_on_paper_stands_what_was_typed_and_nothing_to_press(page):
    open_case(page, two_lobes())
    settle(page)
    page.emulate_media(media="print")
    seen = "elements => elements.filter(each => each.checkVisibility()).length"
    for pressed in (".stButton", ".stDownloadButton", ".stPopover", ".stCheckbox", "[data-testid=stHeader]"):
        assert page.locator(pressed).count() > 0
        assert page.locator(pressed).evaluate_all(seen) == 0, pressed
    expect(page.get_by_role("heading", name="Report", exact=True)).to_be_hidden()
    expect(page.get_by_role("heading", name="Predicted absorbed doses")).to_be_visible()
    for whole in ('[class*="st-key-territory_"]', ".stColumn:has(.stMetric)", ".stHtml figure", ".stVegaLiteChart"):
        breaks = page.locator(whole).evaluate_all("found => found.map(each => getComputedStyle(each).breakInside)")
        assert set(breaks) == {"avoid"}, whole
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.emulate_media(media="screen")
    assert_clean(page)


def test_the_nuclide_of_a_device_is_seen_and_the_choices_stand_in_two_rows(browser, server):
    page = new_page(browser, server, width=1280)
    open_case(page, changed(two_lobes(), {"device": "holmium", "convention": "ho166"}))
    tops = page.locator(".st-key-choices .stColumn").evaluate_all(
        "columns => columns.map(each => Math.round(each.getBoundingClientRect().top))"
    )
    assert (len(tops), len(set(tops))) == (4, 2)
    shown = page.locator(".st-key-device input")
    assert shown.input_value().endswith("Ho-166)")
    assert shown.evaluate("box => box.scrollWidth <= box.clientWidth")
    page.context.close()


def test_an_address_names_a_table_of_the_reference_page(page, server):
    page.goto(f"{server}/reference?table=limits")
    expect(page.get_by_role("heading", level=3)).to_have_text(["Limits (119)"], timeout=60_000)
    expect(page.get_by_role("heading", level=3)).to_be_in_viewport()
    expect(page.locator("#limits")).to_have_count(1)
