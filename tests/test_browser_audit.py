"""The Audit page in a real Chromium: a spreadsheet of another department, its report, and a row on the Plan page."""

import io

import pandas as pd
import pytest
from cases import ROOT
from playwright.sync_api import Page, expect
from test_browser import assert_clean, box, browser, calculate, context, expect_metric, page, server, settle  # noqa: F401

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
    expect(page.get_by_text("1 of 8 cells will be refused")).to_be_visible(timeout=SLOW_MS)
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
    calculate(audited)
    expect(audited.get_by_test_id("stMetricValue").first).to_be_visible(timeout=SLOW_MS)
    expect_metric(audited, "1.09\N{NO-BREAK SPACE}GBq")
