"""The TACE page in a real Chromium: typed, shown, printed, and two cases in one session."""

import io
import re

import pytest
import test_browser
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from test_browser import (
    assert_clean,
    box,
    cell,
    choose,
    expect_metric,
    expect_metrics,
    go_to,
    new_page,
    open_example,
    settle,
    type_cell,
)

pytestmark = pytest.mark.browser
server, browser = test_browser.server, test_browser.browser
MG = "\N{NO-BREAK SPACE}mg"


@pytest.fixture
def page(browser, server):
    opened = new_page(browser, f"{server}/tace", height=1400)
    yield opened
    opened.context.close()


def turn(page: Page, name: str) -> None:
    go_to(page, name)
    expect(page.get_by_role("button", name="Add territory")).to_be_visible()


def steps(page: Page) -> dict[str, list[str]]:
    """Result and change of every step, as a screen reader meets them."""
    rows = page.get_by_role("table", name="Dose of drug, step by step").get_by_role("row")
    expect(rows.nth(1)).to_be_attached()
    cells = [row.get_by_role("cell").all_inner_texts() for row in rows.all()]
    return {
        row[0].strip(): [text.strip().replace("\N{NO-BREAK SPACE}", " ") for text in row[1:3]] for row in cells if row
    }


def test_a_conventional_treatment_is_typed_and_every_step_shown(page):
    type_into = test_browser.type_into
    type_into(page, "Case label", "typed")
    choose(page, "Technique", "conventional")
    choose(page, "Product", "Lipiodol")
    sizes = (("Height [cm]", "170"), ("Weight [kg]", "70"), ("Age [years]", "62"))
    for name, text in (*sizes, ("Total bilirubin [mg/dL]", "1.5")):
        type_into(page, name, text)
    choose(page, "Drug", "doxorubicin")
    choose(page, "Protocol", "doxorubicin 50-75 mg/m2 in oil")
    choose(page, "Body surface formula", "Mosteller")
    for name, text in (
        ("Dose per body surface [mg/m2]", "50"),
        ("Cap of this institution [mg]", "40"),
        ("Drug in one vial [mg]", "10"),
        ("Iodized oil [mL]", "10"),
    ):
        type_into(page, name, text)
    type_cell(page, "territory_name", "segment 8")
    settle(page)
    expect_metric(page, f"40{MG}")
    expect_metric(page, "4", place=1)
    assert steps(page) == {
        "Body surface": ["1.818 m2", "\N{EN DASH}"],
        "Dose by the protocol": ["90.91 mg", "\N{EN DASH}"],
        "After bilirubin": ["45.45 mg", "\N{MINUS SIGN}45.45 mg"],
        "After the cap": ["40.00 mg", "\N{MINUS SIGN}5.453 mg"],
        "In whole vials, rounded down": ["40.00 mg", "none"],
    }
    type_into(page, "Iodized oil [mL]", "11")
    expect(page.get_by_test_id("stMetricValue").get_by_text(re.compile("^11"))).to_be_visible()
    assert_clean(page)


def test_a_treatment_with_two_vials_of_beads_is_typed_and_printed(page):
    """150 mg on two vials of 2 mL: 37.5 mg/mL, the highest loading of the maker."""
    type_into = test_browser.type_into
    type_into(page, "Case label", "typed beads")
    choose(page, "Technique", "drug-eluting")
    choose(page, "Product", "DC Bead")
    choose(page, "Disease", "hepatocellular")
    sizes = (("Height [cm]", "165"), ("Weight [kg]", "64"), ("Age [years]", "70"))
    for name, text in (*sizes, ("Total bilirubin [mg/dL]", "0.9")):
        type_into(page, name, text)
    choose(page, "Drug", "doxorubicin")
    choose(page, "Protocol", "doxorubicin up to 150 mg in two vials")
    choose(page, "Body surface formula", "Mosteller")
    type_into(page, "Dose [mg]", "150")
    type_cell(page, "territory_name", "right anterior")
    settle(page)
    expect_metric(page, f"150{MG}")
    expect_metric(page, "2", place=1)
    found = steps(page)
    assert found["On the beads"] == ["150.0 mg", "none"]
    assert page.get_by_text("2 vials of 2 mL of DC Bead at 37.5 mg/mL").count() == 1
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").filter(has_text="PDF").get_by_role("button").click()
    text = PdfReader(io.BytesIO(download.value.path().read_bytes())).pages[0].extract_text()
    assert "150 mg doxorubicin" in " ".join(text.split())
    assert_clean(page)


def test_two_cases_in_one_session_and_a_report(page):
    open_example(page, "deb-tace-two-vials")
    expect_metric(page, f"150{MG}")
    shown = page.get_by_test_id("stMetricValue").all_inner_texts()
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").filter(has_text="PDF").get_by_role("button").click()
    text = PdfReader(io.BytesIO(download.value.path().read_bytes())).pages[0].extract_text()
    assert "Chemoembolization plan" in text
    turn(page, "Plan")
    expect(box(page, "Case label")).to_have_value("")
    open_example(page, "glass-lobar")
    turn(page, "TACE")
    expect(box(page, "Case label")).to_have_value("deb-tace-two-vials")
    expect(cell(page, "perfused_volume_ml", 1)).to_have_value("150")
    expect_metrics(page, shown)
    turn(page, "Plan")
    expect_metric(page, "1.54\N{NO-BREAK SPACE}GBq")
    assert_clean(page)


def test_no_serious_barrier_on_the_page(page):
    open_example(page, "ctace-doxorubicin")
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
