"""Every input of every page, changed once under a result: what is shown then is that of the change, or nothing is.

The inputs are read off the pages, so that a new one is tried by itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest
import tace_cases
from cases import changed, example, lobar, two_lobes
from form_driver import acknowledge, said, shows_a_result
from form_pages import Typed, boxes, held, is_input, name_of, on_page, opened, other_value, typed_on
from streamlit.testing.v1 import AppTest

from dosimetry.case_file import input_sha256
from dosimetry.web.day_texts import PARTS
from dosimetry.web.screen import case_of

TOKYO = "Asia/Tokyo"
INJECTED = "2026-04-07T09:30[Asia/Tokyo]"
FEW = 3
"""As many boxes of a page are tried in a default run, and all of them in a slow one."""
NOTHING_TO_READ = {"zone_of_check", "zone_of_calibrations", "zone_of_order", "zone_of_delivery"}
"""A zone where every time in its group names its own is the zone of nothing."""


@dataclass(frozen=True)
class Shown:
    """A page with a result on it, as a session that can be had again, and another value for each of its boxes."""

    page: str
    state: dict[str, Any]
    others: dict[str, Any]

    @property
    def input_sha256(self) -> str:
        """Of the plan that the result was made from."""
        return plan_in(self.state, self.page).input_sha256

    def with_other(self, box: str) -> AppTest:
        """The same session, in which something else stands in one box."""
        return on_page(self.page, {**self.state, box: self.others[box]})


def shown(page: str, plain: dict[str, Any], **choices: Any) -> Shown:
    """A page on which a case was opened and its result made; ``choices`` stand in boxes that the case leaves alone."""
    form = opened(page, plain)
    if choices:
        form = on_page(page, {**held(form), **placed(form, choices)})
    form = with_result(form, page)
    assert shows_a_result(form), [error.value for error in form.error]
    state = held(form)
    pages = [form] if page in ("plan", "tace") else [form, on_page("plan", state)]
    return Shown(page, state, others(pages))


def others(pages: Iterable[AppTest]) -> dict[str, Any]:
    """Another value for every box of some pages; a list with one choice has none."""
    found = {box.key: (box.value, other_value(box)) for page in pages for box in boxes(page)}
    return {key: other for key, (value, other) in found.items() if other != value and other is not None}


def placed(form: AppTest, choices: dict[str, Any]) -> dict[str, Any]:
    """Choices by the key of their box; N stands for the number of the first territory."""
    first = str(form.session_state["rows"][0].territory)
    return {name.replace("_N", f"_{first}"): value for name, value in choices.items()}


def with_result(form: AppTest, page: str) -> AppTest:
    """Answer for what waits, choose what to compare with, and compare what was typed again."""
    if page == "compare":
        state = held(with_result(on_page("plan", held(form)), "plan"))
        return on_page(page, {**state, "compare_convention": "aapm"})
    if any(button.key == "compare" for button in form.button):
        form.button(key="compare").click().run()
    if any(button.key == "acknowledge" for button in form.button):
        acknowledge(form)
    assert not form.exception
    return form


def checked() -> Shown:
    """The page Second check with something in every box."""
    form = opened("second_check", example("segmentectomy-tokyo"))
    typed = {box.key: other_value(box) for box in boxes(form)}
    form = with_result(on_page("second_check", {**held(form), **typed, "zone_of_check": TOKYO}), "second_check")
    assert shows_a_result(form), [error.value for error in form.error]
    state = held(form)
    pages = (form, on_page("plan", state))
    return Shown("second_check", state, others(pages))


def ordered(plain: dict[str, Any], **order: Any) -> dict[str, Any]:
    """A case with an order for the same instant in all territories."""
    territories = [{"territory": each["name"], "injection_at": INJECTED} for each in plain["territories"]]
    return changed(plain, {"order": {"tolerance_fraction": 0.1, "territories": territories, **order}})


def stock() -> dict[str, Any]:
    residual = {f"territories[{row}].residual_fraction": 0.02 for row in range(2)}
    return changed(two_lobes(), {"device": "resin", **residual})


def holmium() -> dict[str, Any]:
    prescription = {"model": "activity", "activity_gbq": 4.9}
    return changed(
        lobar(),
        {
            "device": "holmium",
            "convention": "ho166",
            "territories[0].residual_fraction": 0.02,
            "territories[0].prescription": prescription,
        },
    )


def delivered() -> dict[str, Any]:
    return example("segmentectomy-tokyo-delivered")


def full_tace() -> dict[str, Any]:
    return changed(tace_cases.ctace(), {"partition.lung_fraction": 0.1})


PAGES: dict[str, Callable[[], Shown]] = {
    "plan two territories": lambda: shown("plan", example("two-territories")),
    "plan resin": lambda: shown("plan", example("resin-two-lesions")),
    "tace in oil": lambda: shown("tace", full_tace()),
    "tace on beads": lambda: shown("tace", tace_cases.deb()),
    "order vials": lambda: shown("order", example("segmentectomy-tokyo")),
    "order stock": lambda: shown("order", ordered(stock(), drawn_at=INJECTED)),
    "order reference": lambda: shown("order", ordered(holmium(), reference_at=INJECTED)),
    "deliver jar": lambda: shown("deliver", delivered()),
    "deliver activity": lambda: shown(
        "deliver",
        delivered(),
        residual_way_N="by a measured activity",
        residual_activity_gbq_N="0.02",
        residual_measured_at_N="2026-04-07 11:00",
    ),
    "deliver percentage": lambda: shown(
        "deliver", delivered(), residual_way_N="as a typed percentage", delivered_residual_fraction_N="2"
    ),
    "second check": checked,
    "compare": lambda: shown("compare", example("two-territories")),
}


def stale(made: Shown, keys: Iterable[str]) -> dict[str, str]:
    """By its key what is wrong with the page once something else stands in a box; empty when nothing is."""
    found = {key: _wrong(made, made.with_other(key), key) for key in keys}
    return {key: said for key, said in found.items() if said}


def _wrong(made: Shown, form: AppTest, key: str) -> str:
    if not is_input(key):
        return "" if shows_a_result(form) else "the result is gone, and nothing of the case was changed"
    if made.page == "second_check":
        if shows_a_result(form):
            return "" if name_of(key) in NOTHING_TO_READ else "what was compared before stays"
        form = with_result(form, made.page)
    elif any(button.key == "acknowledge" for button in form.button):
        form = acknowledge(form)
    if not shows_a_result(form):
        return "" if asks_for_more(form) else "nothing is shown, and nothing is asked for"
    plan = plan_in(form.session_state.to_dict(), made.page)
    if plan.input_sha256 == made.input_sha256:
        return "" if name_of(key) in NOTHING_TO_READ else "the result is that of the earlier inputs"
    if made.page != "second_check" and plan.input_sha256 != input_sha256(case_of(typed_on(form))):
        return "the result is that of other inputs than those typed"
    return ""


def asks_for_more(form: AppTest) -> bool:
    """Whether the page says what is to be entered, mended or chosen."""
    asked = (
        "Still to enter:",
        "No result: ",
        "No case yet",
        "no case yet",
        "There is no case",
        "The order is not complete.",
        "Nothing ",
        "Choose ",
    )
    return any(words in line for line in said(form) for words in asked)


def plan_in(state: dict[str, Any], page: str) -> Any:
    """The plan that a page has its result from."""
    return state["check_compared" if page == "second_check" else "outcome"].plan


@pytest.mark.parametrize("page", ["plan two territories", "tace in oil"])
def test_the_digest_of_a_screen_is_another_one_for_every_input(page):
    """Held for every input in every run; that pages ask the digest is held by the tests below."""
    name, plain = {"p": ("plan", example("two-territories")), "t": ("tace", full_tace())}[page[0]]
    form = opened(name, plain)
    state, digest = held(form), typed_on(form).digest
    tried = {key: other for key, other in others([form]).items() if is_input(key)}
    same = [key for key, other in tried.items() if Typed({**state, key: other}).screen().digest == digest]
    assert same == []
    assert len(tried) > 50
    carried = [{part: {"at": at}} for part in (*PARTS, "limits") for at in ("", "x")]
    digests = {Typed({**state, "carried": each}).screen().digest for each in carried}
    assert len(digests) == len(carried)


@pytest.mark.parametrize("page", ["plan two territories", "tace in oil", "order vials", "deliver jar", "compare"])
def test_the_result_of_every_page_follows_some_of_its_inputs(page):
    made = PAGES[page]()
    keys = sorted(made.others)
    assert stale(made, keys[:: len(keys) // FEW]) == {}


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_the_result_of_every_page_follows_every_input(page):
    made = PAGES[page]()
    assert stale(made, made.others) == {}
