"""Sessions of one server in one process: what one person types, and its result, is never seen in another's session."""

import json
import random
from dataclasses import dataclass, field

import pytest
from form_driver import acknowledge, numbers_of, said, shows_a_result, worked
from form_pages import boxes, held, on_page
from streamlit.testing.v1 import AppTest

from dosimetry.plan_file import plain_from_plan
from dosimetry.web import downloads
from dosimetry.web.rows import key

TOKENS = ("quokka", "wombat")
"""What a session types bears its own; everything that it shows or holds is looked through for the other's."""
BASES = ("glass-lobar", "two-territories")


@dataclass
class Person:
    """One person's session, and whether a result of what stands there must be on the screen."""

    form: AppTest
    own: str
    other: str
    count: int = 0
    pages: list[str] = field(default_factory=list)

    def type(self, chance: random.Random) -> None:
        """Type a text with the own token, or a number."""
        self.count += 1
        first = numbers_of(self.form)[0]
        box, text = chance.choice(
            [
                ("label", f"{self.own} {self.count}"),
                (key("territory_name", first), f"{self.own} lobe {self.count}"),
                ("lung_mass_kg", f"1.{self.count:03}"),
            ]
        )
        self.form.text_input(key=box).set_value(text).run()

    @property
    def waits(self) -> bool:
        """Whether a finding waits for an acknowledgement."""
        return any(button.key == "acknowledge" for button in self.form.button)

    def answer(self) -> None:
        """Acknowledge what waits."""
        if self.waits:
            acknowledge(self.form, by="AB", reason=self.own)

    def keep(self) -> None:
        """Keep the plan that is shown, to compare others with it."""
        for button in self.form.button:
            if button.key == "keep_plan" and not button.disabled:
                button.click().run()
                return

    def compare(self) -> None:
        """Look at the page Compare, in the same session."""
        self.pages.append("\n".join(said(on_page("compare", held(self.form)))))

    def read(self) -> None:
        """Only the own token is anywhere, and a result is there exactly where it belongs to what was typed."""
        form = self.form
        assert not form.exception
        assert shows_a_result(form) is not self.waits
        plan = None if self.waits else form.session_state["outcome"].plan
        files = json.dumps(plain_from_plan(plan), default=str) if plan else ""
        shown = [*said(form), *(str(box.value) for box in boxes(form)), files, *self.pages]
        shown += [str(value) for value in form.session_state.to_dict().values()]
        assert [text[:300] for text in shown if self.other in text] == []
        if plan:
            assert self.own in plan.label
            assert form.text_input(key="label").value == plan.label
            assert plan.label in said(form)


def started(own: str, other: str, base: str) -> Person:
    """A session with a worked case of its own."""
    form = worked(base)
    form.text_input(key="label").set_value(f"{own} 0").run()
    return Person(form, own, other)


def interleaved(seed: int, steps: int) -> int:
    """Two people act at random, each at any moment of the other's work; how often a result was read."""
    chance = random.Random(seed)
    people = [started(own, other, base) for own, other, base in zip(TOKENS, TOKENS[::-1], BASES, strict=True)]
    read = 0
    for _ in range(steps):
        person, drawn = chance.choice(people), chance.random()
        if drawn < 0.25:
            person.type(chance)
        elif drawn < 0.5:
            person.answer()
        elif drawn < 0.55:
            person.keep()
        elif drawn < 0.6:
            person.compare()
        elif drawn < 0.8:
            person.form.run()
        else:
            for each in people:
                each.read()
                read += not each.waits
    return read


@pytest.fixture(autouse=True)
def files_that_are_not_drawn(monkeypatch):
    monkeypatch.setattr(downloads, "render", lambda plan, ending, **_: plan.input_sha256.encode())


def test_two_interleaved_sessions_never_see_each_other():
    """B126: a session has its result at one moment and is looked at after the other one typed, answered or looked."""
    assert interleaved(3, 60) > 8


@pytest.mark.slow
def test_a_thousand_interleaved_steps_show_nothing_of_the_other_session():
    """B126: the same, for long."""
    assert interleaved(11, 1000) > 100
