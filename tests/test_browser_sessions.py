"""In a real Chromium: tabs and browsers that work at once, and a text typed into every box of every page."""

import re

import pytest
import test_browser
from playwright.sync_api import Page, expect
from test_browser import (
    SENTINEL,
    assert_clean,
    doses,
    expect_metric,
    go_to,
    new_context,
    open_example,
    opened_page,
    run_of,
    settle,
    type_into,
)

pytestmark = pytest.mark.browser
server, browser = test_browser.server, test_browser.browser
"""The fixtures of the other browser tests; the server of this file is its own, and its log is looked at in the end."""
BOXES = ".stMain input[type=text]:not([role=combobox]):enabled, .stMain textarea:enabled"
EXAMPLES = {"Plan": "segmentectomy-tokyo-delivered", "TACE": "ctace-doxorubicin"}
PAGES = {
    "Plan": 60,
    "Compare": 0,
    "Order": 7,
    "Deliver": 20,
    "Second check": 12,
    "TACE": 25,
    "Audit": 0,
}
"""Every page that takes something in, with as many boxes as must at least be found on it."""


@pytest.mark.parametrize("is_one_browser", [True, False], ids=["two tabs", "two browsers"])
def test_two_sessions_at_once_show_each_its_own(browser, server, is_one_browser):
    """B126: each has its result at one moment and is looked at after the other one had."""
    first = new_context(browser)
    contexts = [first, first if is_one_browser else new_context(browser)]
    pages, tokens = [opened_page(context, server) for context in contexts], ["quokka", "wombat"]
    for page, token in zip(pages, tokens, strict=True):
        open_example(page, "glass-lobar")
        type_into(page, "Case label", f"{token} case")
    for page in reversed(pages):
        settle(page)
    for page, own, other in zip(pages, tokens, reversed(tokens), strict=True):
        shows_only(page, own, other)
    type_into(pages[0], "Lung mass [kg]", "1.2")
    settle(pages[0])
    assert doses(pages[0])["lungs"] == "2.6"
    go_to(pages[1], "Reference")
    go_to(pages[1], "Plan")
    shows_only(pages[1], tokens[1], tokens[0])
    for context in {id(each): each for each in contexts}.values():
        context.close()


def shows_only(page: Page, own: str, other: str) -> None:
    """The result of the own case is there, and nothing of the other one."""
    expect_metric(page)
    expect(page.get_by_text(f"{own} case", exact=True).first).to_be_visible()
    typed = page.evaluate("[...document.querySelectorAll('input, textarea')].map(box => box.value).join(' ')")
    assert other not in page.content() + typed
    assert_clean(page)


def test_a_text_in_every_box_of_every_page_is_written_nowhere(browser, server):
    """No address, request or store of the browser has it; log and files of the server are looked at by its fixture."""
    context = new_context(browser)
    page, sent = opened_page(context, server), []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    found = {}
    for name in PAGES:
        go_to(page, name)
        if name in EXAMPLES:
            open_example(page, EXAMPLES[name])
        unfold(page)
        found[name] = page.locator(BOXES).count()
        if name != "Plan":
            fill_all(page)
            press(page)
    go_to(page, "Plan")
    unfold(page)
    fill_all(page)
    press(page)
    expect(page.get_by_text("No result: ")).to_be_visible()
    assert page.get_by_text(SENTINEL).count() > 0, "the refusals quote what was typed"
    for name in PAGES:
        go_to(page, name)
        assert_clean(page)
    assert {name: count for name, count in found.items() if count < PAGES[name]} == {}
    assert [each for each in [*sent, *context.asked] if SENTINEL in each] == []
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, history.state])")
    assert SENTINEL not in stored + page.title()
    context.close()


def press(page: Page) -> None:
    """Let the page read what was typed, where it has a button for it."""
    button = page.locator(".stMain").get_by_role("button", name=re.compile("^Compare$"))
    if button.count():
        with run_of(page):
            button.click()


def unfold(page: Page) -> None:
    """Open every fold of a page, and show all inputs where there is a switch for it."""
    for fold in page.get_by_test_id("stExpander").all():
        if fold.locator("details[open]").count() == 0:
            fold.locator("summary").first.click()
            settle(page)
    for name in ("All inputs", "Estimate where the carrier goes"):
        switch = page.get_by_test_id("stCheckbox").filter(has_text=name)
        if switch.count() and not switch.locator("input").is_checked():
            switch.locator("label").click()
            settle(page)


def fill_all(page: Page) -> None:
    """Put the text into every box that is visible."""
    boxes = page.locator(BOXES)
    for place in range(boxes.count()):
        if boxes.nth(place).is_visible():
            boxes.nth(place).fill(SENTINEL)
    settle(page)
