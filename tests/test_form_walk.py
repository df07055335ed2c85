"""No stale result: whatever is typed, chosen, added, removed or taken back, a result is that of the inputs shown."""

import random

import pytest
from form_driver import (
    acknowledge,
    calculate,
    numbers_of,
    offered,
    plain_blanks,
    screen_of,
    shows_a_result,
    tables,
    worked,
)
from streamlit.testing.v1 import AppTest

from dosimetry import figures
from dosimetry.report.numbers import activity, limits_gbq
from dosimetry.report.result_tables import doses
from dosimetry.web import downloads
from dosimetry.web.report_table import without_gaps

GOOD = {
    "label": ("a", "b"),
    "lung_shunt_fraction": ("4", "5", "7.5"),
    "lung_mass_kg": ("1", "1.0", "1.2", ""),
    "previous_lung_dose_gy": ("0", "12", ""),
    "whole_liver_volume_ml": ("1850", "1900"),
    "untreated_tumor_volume_ml": ("0", "25", ""),
    "territory_name": ("segment 8", "left lobe", "right"),
    "perfused_volume_ml": ("240", "250", "520"),
    "target_dose_gy": ("300", "120", "110"),
    "prescribed_activity_gbq": ("1.25", "1.5"),
    "prescription_target": ("lesion:A", "lesion:B", "normal_perfused"),
    "residual_fraction": ("2", "1", ""),
    "lesion_name": ("A", "B"),
    "lesion_volume_ml": ("60", "18", "30"),
    "tumor_normal_ratio": ("3.2", "2"),
    "device": ("glass", "resin"),
    "convention": ("eanm", "aapm"),
    "intent": ("unilobar", "segmentectomy", None),
    "prescription_model": ("activity", "single_compartment"),
}
BAD = {
    "label": ("", "a" * 201),
    "lung_shunt_fraction": ("0.05", "120", "x"),
    "lung_mass_kg": ("1000",),
    "whole_liver_volume_ml": ("1,7",),
    "territory_name": ("",),
    "perfused_volume_ml": ("1e999", "1"),
    "target_dose_gy": ("12000", ""),
    "prescribed_activity_gbq": ("54",),
    "lesion_name": ("",),
    "lesion_volume_ml": ("-1",),
    "tumor_normal_ratio": ("0.33", "nan"),
    "device": (None,),
    "convention": (None,),
    "prescription_model": (None, "partition"),
}
MISTAKES = 0.06
"""How often a person slips."""
MOST_AT_ONCE = 5
"""Edits that reach the server in one go, as when a person types faster than the page answers."""
MOST_ROWS = 6
"""Territories and lesions, so that a run stays short."""


def name_of(key: str | None) -> str:
    """The flat name of the input that a box is for."""
    return "" if key is None else key.rstrip("0123456789").removesuffix("_")


def edit(form: AppTest, chance: random.Random) -> None:
    """Type into a box, or choose from a list."""
    boxes = [box for box in form.text_input if name_of(box.key) in GOOD]
    lists = [box for box in form.selectbox if name_of(box.key) in GOOD]
    box = chance.choice(boxes if chance.random() < 0.8 else lists)
    name = name_of(box.key)
    box.set_value(chance.choice(BAD[name] if name in BAD and chance.random() < MISTAKES else GOOD[name]))


def press(form: AppTest, chance: random.Random) -> None:
    """Press one of the buttons that change inputs."""
    words = ("Add lesion", "Remove", "Add territory", "Undo", "Keep to compare", "Forget the kept plan")
    buttons = [each for each in form.button if each.label in words and not each.disabled]
    chance.choice(buttons).click()


def start_again(form: AppTest, chance: random.Random) -> None:
    """Open an example over whatever stands there."""
    form.selectbox(key="example").set_value(chance.choice(["two-territories", "glass-lobar", "resin-two-lesions"]))
    form.button(key="open_example").click().run()
    for button in form.button:
        if button.key == "replace":
            button.click().run()


def check(form: AppTest) -> bool:
    """Whether a result is shown; it must then be that of the inputs on the page, in every place."""
    assert not form.exception
    assert not [error.value for error in form.error if "error id" in error.value]
    outcome = form.session_state.get("outcome")
    if not shows_a_result(form):
        assert not form.get("download_button")
        return False
    assert outcome.digest == screen_of(form, counted=True).digest, "the result belongs to other inputs"
    activities = [
        figures.with_unit(activity(value, bounds)[0], "GBq")
        for territory in outcome.plan.territories
        for value, bounds in (
            (territory.administered_activity_gbq, limits_gbq(territory.bounds)),
            (territory.vial_activity_gbq, ()),
        )
    ]
    assert [metric.value for metric in form.metric] == activities
    shown = [[plain_blanks(cell) for cell in row] for row in without_gaps(doses(outcome.plan)).rows]
    assert tables(form)[0][1:] == shown
    contents = {make() for key, make in offered(form).items() if key.startswith("download")}
    assert contents == {outcome.plan.input_sha256.encode()}, "the files are those of another plan"
    return True


def walk(seed: int, edits: int) -> int:
    """Edit the form at random; how often a result was shown."""
    chance = random.Random(seed)
    form, done, shown = worked("two-territories"), 0, 0
    while done < edits:
        drawn = chance.random()
        if drawn < 0.3:
            calculate(form)
            if any(button.key == "acknowledge" for button in form.button):
                acknowledge(form)
        elif drawn < 0.38 or len(numbers_of(form)) > MOST_ROWS:
            start_again(form, chance)
        elif drawn < 0.44:
            press(form, chance)
            form.run()
            done += 1
        else:
            burst = chance.randint(1, MOST_AT_ONCE)
            for _ in range(burst):
                edit(form, chance)
            form.run()
            done += burst
        shown += check(form)
    return shown


@pytest.fixture(autouse=True)
def files_that_name_their_plan(monkeypatch):
    """Reports are not drawn here: each file only says of which inputs it is."""
    monkeypatch.setattr(downloads, "render", lambda plan, ending, **_: plan.input_sha256.encode())


def test_in_a_random_walk_a_result_always_belongs_to_the_inputs():
    assert walk(7, 200) > 5


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_in_ten_thousand_edits_a_result_always_belongs_to_the_inputs(seed):
    assert walk(100 + seed, 2500) > 100
