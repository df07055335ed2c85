"""The Audit page in a real Chromium: a spreadsheet of another department, its report, and a row on the Plan page."""

import io
import json

import pandas as pd
import pytest
from cases import ROOT, example
from playwright.sync_api import Page, expect
from test_browser import assert_clean, box, browser, context, expect_metric, page, server, settle, type_into  # noqa: F401

pytestmark = pytest.mark.browser

SLOW_MS = 60_000
TABLE, MAPPING = (ROOT / "examples" / name for name in ("department.csv", "department-mapping.toml"))


@pytest.fixture
def audited(page: Page) -> Page:  # noqa: F811
    """The page after the audit of the example, mapped by its file."""
    page.get_by_role("link", name="Audit").click()
    page.locator("input[type=file]").first.set_input_files(TABLE)
    expect(page.get_by_text("department.csv, 8 rows")).to_be_visible(timeout=SLOW_MS)
    settle(page)
    page.locator("input[type=file]").nth(1).set_input_files(MAPPING)
    expect(page.get_by_text("1 of 8 rows will be refused")).to_be_visible(timeout=SLOW_MS)
    page.get_by_role("textbox", name="Tolerance [%]").fill("5")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Audit", exact=True).click()
    expect(page.get_by_text("Rows to look at")).to_be_visible(timeout=SLOW_MS)
    settle(page)
    return page


def test_an_auditor_maps_a_table_reads_the_report_and_takes_the_rows_along(audited):
    for title in ("Distribution of the differences", "Difference against the mean of both", "Rows by slip"):
        expect(audited.get_by_role("img", name=title)).to_be_visible()
    expect(audited.get_by_text("mCi taken for GBq, or the reverse.")).to_be_visible()
    with audited.expect_download() as download:
        audited.get_by_role("button", name="Rows as CSV").click()
    rows = pd.read_csv(io.BytesIO(download.value.path().read_bytes()))
    assert rows["grade"].value_counts().to_dict() == {"agrees": 4, "far": 2, "differs": 1, "refused": 1}
    with audited.expect_download() as download:
        audited.get_by_role("button", name="Report").click()
    assert b"Audit of recorded treatments" in download.value.path().read_bytes()
    assert_clean(audited)


def test_a_row_opens_on_the_plan_page_and_gives_the_number_of_the_audit(audited):
    # A list that is opened by a click closes when a chart above it is drawn; one that is typed into does not.
    audited.get_by_role("combobox", name="Open a row on the Plan page").focus()
    audited.keyboard.type("2025-006", delay=50)
    expect(audited.get_by_role("option", name="Row 6, case 2025-006")).to_be_visible(timeout=SLOW_MS)
    audited.keyboard.press("Enter")
    settle(audited)
    audited.get_by_role("button", name="Open the row").click()
    expect(box(audited, "Case label")).to_have_value("case 2025-006", timeout=SLOW_MS)
    settle(audited)
    settle(audited)
    expect(audited.get_by_test_id("stMetricValue").first).to_be_visible(timeout=SLOW_MS)
    expect_metric(audited, "1.09\N{NO-BREAK SPACE}GBq")


def test_table_mapping_and_result_are_there_again_after_a_look_at_another_page(audited):
    audited.get_by_role("link", name="Plan").click()
    expect(audited.get_by_role("button", name="Add territory")).to_be_visible(timeout=SLOW_MS)
    settle(audited)
    audited.get_by_role("link", name="Audit").click()
    expect(audited.get_by_text("department.csv, 8 rows")).to_be_visible(timeout=SLOW_MS)
    expect(audited.get_by_text("Rows to look at")).to_be_visible(timeout=SLOW_MS)
    expect(audited.get_by_role("textbox", name="Tolerance [%]")).to_have_value("5")
    audited.get_by_role("button", name="Close the table").click()
    expect(audited.get_by_text("department.csv, 8 rows")).to_be_hidden(timeout=SLOW_MS)
    assert_clean(audited)


PICTURES = ("![n](http://evil-n.example/n.png?d=s)", "![f](https:evil-f.example?f)")
"""Markup that makes a browser ask another host."""


@pytest.mark.parametrize("picture", PICTURES)
def test_no_text_of_a_case_makes_the_browser_ask_another_host(page, picture):  # noqa: F811
    plain = example("glass-lobar")
    plain["label"] = plain["territories"][0]["name"] = picture
    open_case(page, plain)
    settle(page)
    page.get_by_role("button", name="Keep to compare").click()
    settle(page)
    type_into(page, "Lung shunt [%]", "5")
    settle(page)
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_test_id("stCheckbox").filter(has_text="The kept plan")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_text("Prescription of")).to_be_visible()
    settle(page)
    page.get_by_role("link", name="Plan").click()
    expect(page.get_by_role("button", name="Add territory")).to_be_visible(timeout=SLOW_MS)
    settle(page)
    plain["label"] = f"{picture} again"
    plain["limits"] = {"on": [picture], "off": [{"id": f"x{picture}", "by": picture, "reason": picture}]}
    open_case(page, plain)
    page.get_by_text("Limits and goals switched on or off").click()
    expect(page.get_by_role("button", name="off again")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_role("button", name="on again")).to_be_visible()
    settle(page)
    assert_clean(page)


@pytest.mark.parametrize("picture", PICTURES)
def test_no_text_of_a_table_makes_the_browser_ask_another_host(page, picture):  # noqa: F811
    page.get_by_role("link", name="Audit").click()
    settle(page)
    rows = f"{picture},LSF\n{picture},4\nx,5\n".encode()
    page.locator("input[type=file]").first.set_input_files(handed(f"{picture}.csv", "text/csv", rows))
    expect(page.get_by_text(".csv, 2 rows")).to_be_visible(timeout=SLOW_MS)
    settle(page)
    for mapping in (
        f"'{picture}' = {{field = 'device', words = {{'y' = 'glass'}}}}",
        f"'{picture}' = {{field = '{picture}'}}",
        f"'x{picture}' = 5",
    ):
        content = f"[columns]\n{mapping}\n".encode()
        page.locator("input[type=file]").nth(1).set_input_files(handed(f"{picture}.toml", "application/toml", content))
        settle(page)
    expect(page.get_by_text("The mapping file was not opened.")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_text("means")).to_have_count(2)
    page.locator("input[type=file]").first.set_input_files(handed(f"{picture}.csv", "text/csv", b"\0"))
    expect(page.get_by_text("The table was refused.")).to_be_visible(timeout=SLOW_MS)
    assert_clean(page)


def handed(name: str, kind: str, content: bytes) -> dict:
    """A file as a browser hands it over."""
    return {"name": name, "mimeType": kind, "buffer": content}


def open_case(page: Page, plain: dict) -> None:  # noqa: F811
    """Open a case on the Plan page, in place of whatever stands there."""
    page.get_by_test_id("stPopoverButton").filter(has_text="Open").click()
    page.locator("input[type=file]").set_input_files(handed("c.json", "application/json", json.dumps(plain).encode()))
    settle(page)
    replace = page.get_by_role("button", name="Replace the inputs")
    # The question comes some time after the file was read, where it comes at all.
    page.wait_for_timeout(1_000)
    if replace.is_visible():
        replace.click()
        settle(page)
    expect(box(page, "Case label")).to_have_value(plain["label"], timeout=SLOW_MS)
