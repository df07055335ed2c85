"""Every page of the form in one session, every box on it, and the session again with one box changed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import cases
import tace_cases
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from dosimetry.columns import TARGET_LESION, TARGET_NORMAL, TARGET_PERFUSED
from dosimetry.web import earlier_rows, rows
from dosimetry.web.day_texts import PARTS, texts_from_plain
from dosimetry.web.fields import YES_NO, field
from dosimetry.web.prescribing import with_target, without_resting
from dosimetry.web.screen import EARLIER, Row, Screen, TerritoryRow, names, screen_from_plain
from dosimetry.web.treatments import TACE, TARE, TREATMENTS, Treatment

FOLDS = ("fold_0", "fold_1", "fold_2", "fold_3", "fold_limits", "all_inputs")
STAYS = (
    "acknowledge", "chart_territory", "compare_", "diameter_first", "diameter_second",
    "diameter_third", "example", "over_time", "paste_", "sort_", "switch_off",
    "switch_on",
)  # fmt: skip
"""Boxes that are no inputs of the case: how a result is looked at, and what waits for a button of its own."""


def draw() -> None:
    """The page that the session is on; a case that waits in the session is opened first."""
    import importlib

    import streamlit as st

    from dosimetry.web import session
    from dosimetry.web.screen import screen_from_file
    from dosimetry.web.treatments import TARE, TREATMENTS
    from dosimetry.web.turning import turn_to

    name = st.session_state["shown_page"]
    turn_to(TREATMENTS.get(name, TARE))
    content = st.session_state.pop("to_open", None)
    if content:
        session.put(screen_from_file(content))
    getattr(importlib.import_module(f"dosimetry.web.{name}_page"), f"{name}_page")()


def on_page(name: str, state: Mapping[str, Any]) -> AppTest:
    """A page in a session that holds this."""
    form = AppTest.from_function(draw, default_timeout=30)
    for each, value in {**state, "shown_page": name}.items():
        form.session_state[each] = value
    form.run()
    assert not form.exception, form.exception
    return form


def opened(name: str, plain: dict[str, Any]) -> AppTest:
    """A page on which a case was opened, with everything unfolded."""
    return on_page(name, {"to_open": cases.text_of(plain).encode(), **dict.fromkeys(FOLDS, True)})


def held(form: AppTest) -> dict[str, Any]:
    """What a session holds, without its buttons: put into a new session it is the same one."""
    buttons = {each.key for each in (*form.button, *form.get("download_button"), *form.get("file_uploader"))}
    state = form.session_state.to_dict()
    return {each: value for each, value in state.items() if each not in buttons and not each.startswith("save_")}


def boxes(form: AppTest) -> Iterator[Any]:
    """Everything on the page that one types into or chooses from."""
    yield from (box for box in (*form.text_input, *form.text_area, *form.selectbox, *form.number_input) if box.key)


def is_input(state_key: str) -> bool:
    """Whether a box is an input of the case."""
    return not state_key.startswith(STAYS)


def texts(state: Mapping[str, Any], keys: Iterable[str]) -> dict[str, str]:
    """What stands in some boxes, drawn or folded away; no function of the form is asked."""
    return {name: str(state[name]) for name in keys if state.get(name)}


AS_PLANNED = "as planned"


def other_value(box: Any) -> Any:
    """Another value for a box: the next choice, another last digit, or in an empty one what a full case says there."""
    if isinstance(box, Selectbox):
        # Chosen, it takes the place of nothing: there is then no alternative to show.
        return next((raw for raw in _choices(box) if raw not in (box.value, AS_PLANNED)), None)
    text = box.value or ""
    if text:
        return text[:-1] + ("2" if text.endswith("1") else "1")
    return valid_texts().get(name_of(box.key), "1")


def _choices(box: Any) -> list[Any]:
    """The values behind the words of a list; where a text may be typed, the words themselves would be another value."""
    worded = [*_words(box.key), *YES_NO, *_targets_in(box), *box.options, *range(len(box.options))]
    found = {}
    for raw in worded:
        try:
            found.setdefault(box.format_func(raw), raw)
        except (KeyError, IndexError, TypeError):
            continue
    return [found[words] for words in box.options if words in found]


def _targets_in(box: Any) -> list[str]:
    """What the choices of a list of targets stand for in a case."""
    of_lesions = [words.removeprefix("lesion ") for words in box.options]
    return [TARGET_PERFUSED, TARGET_NORMAL, "normal", *(f"{TARGET_LESION}{name}" for name in of_lesions)]


def _words(state_key: str) -> list[str]:
    try:
        return list(field(name_of(state_key).removeprefix("compare_")).choices)
    except StopIteration:
        return []


def name_of(state_key: str) -> str:
    """The flat name of the input that a box is for."""
    while state_key.rpartition("_")[2].isdigit():
        state_key = state_key.rpartition("_")[0]
    return state_key


@cache
def valid_texts() -> dict[str, str]:
    """A valid text for every input of every case, by its flat name."""
    found: dict[str, str] = {}
    for plain in (tace_cases.full(), cases.full()):
        screen = screen_from_plain(plain)
        rows_of = [screen.case, *screen.earlier]
        rows_of += [row for each in screen.territories for row in (each.inputs, *each.lesions)]
        for row in rows_of:
            found |= row
    days = texts_from_plain(cases.full(), PARTS)
    return found | {name: text.partition("[")[0].replace("T", " ") for (name, _), text in days.items()}


@dataclass(frozen=True)
class Typed:
    """What a session holds, read by the keys of its boxes alone."""

    state: Mapping[str, Any]

    def screen(self) -> Screen:
        """What stands on the Plan page or the TACE page and counts; the units are those of the case."""
        treatment = TREATMENTS[self.state.get("treatment_shown", TARE.key)]
        case = self._row(names("case", treatment))
        is_same = self.state.get("acknowledged_for") == case.get("label")
        return Screen(
            treatment=treatment,
            case=case,
            territories=tuple(self._territories(treatment)),
            earlier=self._earlier() if treatment is TACE else (),
            carried=self.state.get("carried", {}),
            acknowledged=self.state.get("acknowledged", ()) if is_same else (),
        )

    def _territories(self, treatment: Treatment) -> Iterator[TerritoryRow]:
        of_territory = (*names("territory", treatment), "segments")
        for row in self.state.get("rows", ()):
            inputs = without_resting(self._row(of_territory, row.territory))
            lesions = tuple(filter(None, (self._row(names("lesion", treatment), each) for each in row.lesions)))
            if inputs or lesions:
                yield with_target(TerritoryRow(inputs=inputs, lesions=lesions))

    def _earlier(self) -> tuple[Row, ...]:
        found = (self._row(names(EARLIER, TACE), number) for number in self.state.get(*earlier_rows.KEPT, ()))
        return tuple(filter(None, found))

    def _row(self, wanted: tuple[str, ...], number: int | None = None) -> dict[str, str]:
        keys = {name: name if number is None else rows.key(name, number) for name in wanted}
        return {name: self.state[each] for name, each in keys.items() if self.state.get(each)}


def typed_on(form: AppTest) -> Screen:
    """What stands on the page now."""
    return Typed(form.session_state.to_dict()).screen()
