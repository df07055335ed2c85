"""The result follows: whatever is typed, chosen, added, removed or taken back, what is shown is that of these inputs.

What is shown is held against a plan made anew of what stands in the boxes; no digest of the form is asked. Nothing is
shown only where these are no case, or where a finding waits for an acknowledgement.
"""

import random
from collections import Counter

import pytest
from form_driver import (
    acknowledge,
    numbers_of,
    offered,
    plain_blanks,
    shows_a_result,
    tables,
    worked,
)
from form_pages import FOLDS, boxes, held, is_input, name_of, on_page, other_value, typed_on, valid_texts
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from dosimetry import figures, plan
from dosimetry.plan_record import Plan
from dosimetry.problems import CaseError
from dosimetry.report.numbers import activity, limits_gbq, vial_of
from dosimetry.report.result_tables import doses
from dosimetry.web import downloads
from dosimetry.web.report_table import without_gaps
from dosimetry.web.screen import case_of

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
    "prescription_target": ("A", "B", "normal"),
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
OTHERS = 0.2
"""How often something is typed that not every case needs."""
ALONE = 0.6
"""How often a result is put to the test by one change alone."""
MOST_AT_ONCE = 5
"""Edits that reach the server in one go, as when a person types faster than the page answers."""
MOST_ROWS = 6
"""Territories and lesions, so that a run stays short."""


def edit(form: AppTest, chance: random.Random) -> None:
    """Type into a box, or choose from a list: mostly one of those that every case needs, now and then any other."""
    if chance.random() < OTHERS:
        edit_other(form, chance)
        return
    inputs = [box for box in (*form.text_input, *form.selectbox) if box.key and name_of(box.key) in GOOD]
    is_list = chance.random() < 0.2
    box = chance.choice([each for each in inputs if isinstance(each, Selectbox) is is_list])
    name = name_of(box.key)
    box.set_value(chance.choice(BAD[name] if name in BAD and chance.random() < MISTAKES else GOOD[name]))


def edit_other(form: AppTest, chance: random.Random) -> None:
    """Put a valid text into any box that has no values above, or take it out."""
    found = [box for box in boxes(form) if is_input(box.key) and name_of(box.key) not in GOOD]
    if found:
        box = chance.choice(found)
        text = chance.choice((valid_texts().get(name_of(box.key), ""), ""))
        box.set_value((text or None) if isinstance(box, Selectbox) else text)


def edit_least_tried(form: AppTest, chance: random.Random, tried: Counter[str]) -> None:
    """One change alone, under a result: of the input that had the fewest so far."""
    found = [box for box in boxes(form) if is_input(box.key)]
    fewest = min(tried[name_of(box.key)] for box in found)
    box = chance.choice([box for box in found if tried[name_of(box.key)] == fewest])
    tried[name_of(box.key)] += 1
    box.set_value(other_value(box))


def unfold(form: AppTest, chance: random.Random) -> None:
    """Open a fold, or close it: what stands in it counts either way."""
    fold = chance.choice(FOLDS)
    form.session_state[fold] = not form.session_state.get(fold, False)


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
    """Whether a result is shown, which it must be where there is one; it is that of the inputs in every place."""
    assert not form.exception
    assert not [error.value for error in form.error if "error id" in error.value]
    fresh = plan_of(form)
    if fresh is None or fresh.unacknowledged:
        assert not shows_a_result(form)
        assert any(button.key == "acknowledge" for button in form.button) is (fresh is not None)
        return False
    check_shown(form, fresh)
    return True


def plan_of(form: AppTest) -> Plan | None:
    """A plan made anew of what stands on the page; ``None`` where that is no case."""
    try:
        return plan(case_of(typed_on(form)))
    except CaseError:
        return None


def check_shown(form: AppTest, fresh: Plan) -> None:
    """Everything that is shown and offered is of this plan."""
    activities = [
        figures.with_unit(texts[0], "GBq")
        for territory in fresh.territories
        for texts in (
            activity(territory.administered_activity_gbq, limits_gbq(territory.bounds)),
            vial_of(territory),
        )
    ]
    assert [metric.value for metric in form.metric] == activities
    shown = [[plain_blanks(cell) for cell in row] for row in without_gaps(doses(fresh)).rows]
    assert [row[:4] for row in tables(form)[0][1:]] == shown
    contents = {make() for key, make in offered(form).items() if key.startswith("download")}
    assert contents == {fresh.input_sha256.encode()}, "the files are those of another plan"


def answer(form: AppTest) -> None:
    """Acknowledge what waits; nothing is pressed for a result."""
    if any(button.key == "acknowledge" for button in form.button):
        acknowledge(form)


def walk(seed: int, edits: int, *, unfolded: bool = False) -> tuple[int, Counter[str]]:
    """Edit the form at random; how often a result was shown, and how often each input was changed alone under one."""
    chance = random.Random(seed)
    form, done, shown = worked("two-territories"), 0, 0
    if unfolded:
        form = on_page("plan", {**held(form), **dict.fromkeys(FOLDS, True)})
    tried, is_shown = Counter(), True
    while done < edits:
        drawn = chance.random()
        if is_shown and drawn < ALONE:
            edit_least_tried(form, chance, tried)
            form.run()
            done += 1
        elif drawn < 0.3:
            answer(form)
        elif drawn < 0.38 or len(numbers_of(form)) > MOST_ROWS:
            start_again(form, chance)
        elif drawn < 0.44:
            press(form, chance)
            form.run()
            done += 1
        elif drawn < 0.52:
            unfold(form, chance)
            form.run()
        else:
            burst = chance.randint(1, MOST_AT_ONCE)
            for _ in range(burst):
                edit(form, chance)
            form.run()
            done += burst
        is_shown = check(form)
        shown += is_shown
    return shown, tried


@pytest.fixture(autouse=True)
def files_that_name_their_plan(monkeypatch):
    """Reports are not drawn here: each file only says of which inputs it is."""
    monkeypatch.setattr(downloads, "render", lambda plan, ending, **_: plan.input_sha256.encode())


def test_in_a_random_walk_a_result_always_belongs_to_the_inputs():
    assert walk(7, 200)[0] > 5


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_in_ten_thousand_edits_a_result_always_belongs_to_the_inputs(seed):
    assert walk(100 + seed, 2500)[0] > 100


@pytest.mark.slow
def test_with_everything_unfolded_a_result_always_belongs_to_the_inputs():
    shown, tried = walk(200, 500, unfolded=True)
    assert shown > 10
    assert len(tried) > 5, "too few inputs had their turn"
