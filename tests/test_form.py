"""The form without a browser: what is typed and chosen by widget key, and what the page shows of it."""

import gc
import json
import logging
import re
from dataclasses import replace

import pytest
import validation_table
from cases import EXAMPLES, LEFT_OUT, ROOT, changed, example, full, lobar, planned, two_lobes, with_lesions
from form_driver import (
    NOT_NUMBERS,
    OUR_TAGS,
    OWNER,
    WORKED,
    Page,
    acknowledge,
    add_lesion,
    enter,
    fill,
    name_of,
    numbers_of,
    offered,
    open_file,
    opened,
    pages,
    plain_blanks,
    rows_of,
    said,
    screen_of,
    shows_a_result,
    standing,
    tables,
    typed,
    typed_in,
    worked,
)
from form_pages import typed_on
from streamlit import config
from streamlit.testing.v1 import AppTest

from dosimetry import CaseError, planning, reference
from dosimetry.case_fields import leaves
from dosimetry.case_file import case_from_text, input_sha256
from dosimetry.columns import flat_names
from dosimetry.models import MODELS
from dosimetry.report import FORMATS, render, what_if_blocks
from dosimetry.report.compare_blocks import comparison
from dosimetry.report.document import Paragraph, Table
from dosimetry.report.numbers import activity, limits_gbq
from dosimetry.report.worksheet import worksheets
from dosimetry.web import case_bar, examples, guard, leaving, rows, territory_boxes
from dosimetry.web.diameters import positive_numbers, volume_text
from dosimetry.web.file_names import file_stem
from dosimetry.web.pasting import lines_from_cells
from dosimetry.web.prescribing import PRESCRIPTION, TARGET, targets, with_target
from dosimetry.web.result_sections import dose_table
from dosimetry.web.rows import key
from dosimetry.web.screen import (
    EMPTY,
    TerritoryRow,
    case_of,
    is_chosen,
    names,
    plain_from_screen,
    screen_from_file,
    screen_from_plain,
)
from dosimetry.web.sections import CARDS, CHOICES, FOLDS
from dosimetry.web.settings import flags
from dosimetry.web.territory_boxes import LESION, TERRITORY
from dosimetry.what_if.alternatives import alternative, without_records

# What is entered is computed, kept and shown


@pytest.mark.parametrize("name", WORKED)
def test_a_worked_case_that_is_typed_shows_its_numbers(name):
    case, territories, lesions, expected, activities, doses = WORKED[name]
    form = typed_in(name)
    plan = form.session_state["outcome"].plan
    first = plan.territories[0]
    found = {
        "administered": first.administered_activity_gbq, "vial": first.vial_activity_gbq,
        "perfused": first.perfused_dose_gy, "lung": plan.lung_dose_gy, "whole normal": plan.whole_normal_liver_dose_gy,
        **{lesion.name: lesion.dose_gy for lesion in plan.lesions},
    }  # fmt: skip
    assert {key: found[key] for key in expected} == pytest.approx(expected, rel=0, abs=5e-7)
    assert [metric.value for metric in form.metric] == activities
    titles, *rows = tables(form)[0]
    assert titles == ["Territory", "Compartment", "Mass [kg]", "Mean dose [Gy]", "Bound (room) [Gy]"]
    shown = {row[1]: row[3] for row in rows}
    assert {key: shown[key] for key in doses} == doses
    assert all(len(text.partition(".")[2]) == 1 for text in shown.values()), "decimals do not stand in one line"
    kept = {key: (form.selectbox if is_chosen(key) else form.text_input)(key=key).value for key in case}
    assert kept == case
    assert [row.inputs for row in rows_of(form)] == territories
    owned = [{OWNER: row.inputs["territory_name"], **lesion} for row in rows_of(form) for lesion in row.lesions]
    assert owned == lesions
    assert not form.exception


def test_gbq_stands_with_mci():
    form = worked()
    assert {"41.74\N{NO-BREAK SPACE}mCi", "42.16\N{NO-BREAK SPACE}mCi"} <= set(said(form))


def test_every_metric_has_a_unit_or_is_a_dash_with_what_it_needs():
    form = worked("two-territories")
    assert all(metric.value.endswith("GBq") or metric.value == "\N{EN DASH}" for metric in form.metric)
    assert "needs expected residual" in said(form)


def test_findings_have_word_and_symbol_and_source():
    form = worked()
    assert any("\N{BLACK CIRCLE} Note" in text for text in said(form))
    assert any("\N{WHITE CIRCLE} Not checked" in text for text in said(form))
    assert not [text for text in said(form) if "safe" in text.lower() or "within limits" in text.lower()]


def test_the_page_names_the_case_and_the_input_its_numbers_belong_to():
    form = worked()
    plan = form.session_state["outcome"].plan
    assert any(plan.input_sha256[:12] in text and plan.computed_at[:10] in text for text in said(form))
    assert "glass-lobar" in said(form)


def test_the_files_are_those_of_the_plan_on_the_page():
    form = worked()
    plan = form.session_state["outcome"].plan
    contents = {key: make() for key, make in offered(form).items()}
    assert contents == {f"download{ending}": render(plan, ending) for ending in FORMATS}
    assert [button.label for button in form.get("download_button")] == ["PDF", "HTML", "Text", "CSV", "JSON"]


def test_a_character_no_font_prints_is_named_and_the_other_files_are_made():
    case, territories, lesions, *_ = WORKED["glass-lobar"]
    form = standing({"label": "case \U00010380", **case}, territories, lesions)
    assert set(offered(form)) == {f"download{ending}" for ending in FORMATS if ending != ".pdf"}
    assert any("PDF cannot be made: the report cannot print" in text for text in said(form))
    with pytest.raises(ValueError, match="cannot print"):
        render(form.session_state["outcome"].plan, ".pdf")


# Nothing is assumed


def test_nothing_is_chosen_or_typed_to_begin_with():
    form = opened()
    assert {box.key: box.value for box in form.selectbox if box.value is not None} == {}
    assert {box.key: box.value for box in form.text_input if box.value} == {}
    assert rows_of(form) == ()
    assert not shows_a_result(form)


def still_to_enter(form: AppTest) -> list[str]:
    """What the page asks for."""
    if "Still to enter:" not in said(form):
        return []
    return Page([each.proto.body for each in form.get("html") if each.proto.body.startswith("<ul>")][-1]).texts


def test_a_form_that_is_begun_says_everything_that_is_still_to_be_entered_and_shows_no_number():
    form = opened()
    assert any("the result stands here as soon as its inputs are complete" in text for text in said(form))
    assert not still_to_enter(form)
    form.text_input(key="lung_mass_kg").set_value("1").run()
    assert still_to_enter(form) == [
        "Case label is missing.", "Device is missing.",
        "A territory is missing: its name, its perfused volume and what it is prescribed by.",
    ]  # fmt: skip
    assert not form.error, "nothing is wrong yet"
    assert not shows_a_result(form)


def test_what_is_still_to_be_entered_is_framed_and_what_is_wrong_is_said_at_its_box():
    form = standing({"label": "x", "device": "glass", "lung_mass_kg": "1000"}, [{"territory_name": "lobe"}])
    number = numbers_of(form)[0]
    assert re.search(rf"\.st-key-perfused_volume_ml_{number} [^}}]*dashed", styles(form))
    assert f".st-key-perfused_volume_ml_{number}::after" not in styles(form)
    assert ".st-key-lung_mass_kg::after" in styles(form)
    assert [error.value for error in form.error] == ["No result: one problem to mend."]
    assert "Territory lobe: Perfused volume is missing." in still_to_enter(form)


def test_there_is_no_number_input_anywhere():
    assert [*opened().number_input, *worked().number_input] == []


# What cannot be read is refused with a sentence


def test_a_text_that_is_no_number_is_refused_and_nothing_is_shown():
    """B001, B002, B005, B007, B008, B011, B012: typed into the boxes."""
    form = worked()
    labels = {"lung_mass_kg": "Lung mass", "lung_shunt_fraction": "Lung shunt", "perfused_volume_ml": "Perfused volume"}
    keys = [name if name in WORKED["glass-lobar"][0] else key(name, numbers_of(form)[0]) for name in labels]
    for text in NOT_NUMBERS:
        for name in keys:
            form.text_input(key=name).set_value(text)
        form.run()
        for label in labels.values():
            assert [line for line in said(form) if f"{label} must be a number; got {text!r}" in line], text
        assert not [line for line in said(form) if "missing" in line], "what cannot be read is not missing as well"
        assert not shows_a_result(form), text


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("lung_mass_kg", "1000", "Lung mass must be in [0.1, 3] kg; got 1000. Did you enter grams? 1000 g is 1 kg."),
        ("lung_shunt_fraction", "120", "Lung shunt must be in [0 %, 100 %); got 120 %."),
        ("lung_shunt_fraction", "500", "Lung shunt must be in [0 %, 100 %); got 500 %."),
        ("whole_liver_volume_ml", "1.8", "got 1.8. Did you enter liters? 1.8 L is 1800 mL."),
        ("lab_date", "03/04/2026", "must be a date as year-month-day, like 2026-04-03; got '03/04/2026'."),
        ("label", "a\u202eb", "Case label must not hold control, direction or surrogate characters; found U+202E."),
        ("label", "x" * 100_000, "Case label must be at most 200 characters; got 100000."),
    ],
)  # fmt: skip
def test_each_problem_is_a_sentence_at_its_label(name, text, sentence):
    form = worked(**{name: text})
    assert [line for line in said(form) if line.endswith(sentence)]
    assert not shows_a_result(form)


@pytest.mark.parametrize(
    ("row", "lesion", "sentence"),
    [
        ({"target_dose_gy": "12000"}, {}, "Territory lobe: Dose must be in [1, 2000] Gy; got 12000. Did you enter rad"),
        ({"residual_fraction": "101"}, {}, "Territory lobe: Expected residual must be in [0 %, 100 %); got 101 %."),
        ({"target_dose_gy": ""}, {}, "Territory lobe: model 'single compartment' needs Dose; it is missing."),
        ({}, {"lesion_volume_ml": "-1"}, "Territory lobe, lesion A: Lesion volume must be in (0, 10000] mL; got -1."),
        ({"segments": "5, 9"}, {}, "Territory lobe: Segments must be one of 1, 2, 3, 4, 4a, 4b, 5, 6, 7, 8; got '9'."),
        ({}, {"lesion_name": ""}, "Territory lobe, lesion 1: Lesion is missing."),
    ],
)  # fmt: skip
def test_a_problem_in_a_row_names_territory_and_lesion(row, lesion, sentence):
    case, territories, *_ = WORKED["glass-lobar"]
    territory = {**territories[0], "territory_name": "lobe", **row}
    lesions = [{"lesion_territory": "lobe", "lesion_name": "A", "lesion_volume_ml": "40", "tumor_normal_ratio": "2",
                **lesion}]  # fmt: skip
    form = standing({"label": "x", **case}, [territory], lesions)
    assert [line for line in "\n".join(said(form)).split("\n") if line.startswith(sentence)], said(form)
    assert not shows_a_result(form)


def test_what_is_asked_for_shrinks_until_the_result_stands_there_by_itself():
    form = opened()
    form.text_input(key="lung_mass_kg").set_value("1").run()
    before = still_to_enter(form)
    form.text_input(key="label").set_value("x").run()
    assert still_to_enter(form) == [line for line in before if line != "Case label is missing."]
    case, territories, *_ = WORKED["glass-lobar"]
    enter(form, case, territories)
    assert not still_to_enter(form)
    assert form.metric[0].value == "1.54\N{NO-BREAK SPACE}GBq"


# Percent


def test_five_percent_is_the_fraction_and_says_so():
    form = worked(lung_shunt_fraction="5")
    assert "Lung shunt as a fraction: 0.05" in said(form)
    assert form.session_state["outcome"].plan.lung_shunt_fraction == 0.05
    assert shows_a_result(form)


def test_a_fraction_typed_as_a_percentage_waits_for_an_acknowledgement():
    form = worked(lung_shunt_fraction="0.05")
    assert any(line.startswith("Lung shunt is 0.05 %.") for line in said(form))
    assert not shows_a_result(form)


# No result outlives its inputs


def files_of(form: AppTest) -> set[str]:
    """The inputs that the files on the page are made of, by the hash of each."""
    made = (make() for key, make in offered(form).items() if key == "download.json")
    return {json.loads(content)["input_sha256"] for content in made}


def test_the_result_and_its_files_follow_every_change():
    """B056, B124: a product changed after the result, and a report that is no longer that of the inputs."""
    form = worked()
    for name, text in (
        ("label", "another"),
        ("lung_mass_kg", "1.01"),
        ("previous_lung_dose_gy", ""),
        ("lung_shunt_fraction", "x"),
        ("device", "resin"),
        ("convention", None),
        ("intent", "unilobar"),
    ):
        box = (form.selectbox if is_chosen(name) else form.text_input)(key=name)
        value, before = box.value, files_of(form)
        assert shows_a_result(form), name
        box.set_value(text).run()
        if shows_a_result(form):
            [now] = files_of(form)
            assert now == input_sha256(case_of(typed_on(form)))
            assert {now} != before, name
            assert any(now[:12] in line for line in said(form)), "the numbers name the inputs they are of"
        else:
            assert any(error.value.startswith("No result") for error in form.error) or still_to_enter(form), name
            assert not form.get("download_button"), "a report of other inputs could be saved"
        (form.selectbox if is_chosen(name) else form.text_input)(key=name).set_value(value).run()
        assert files_of(form) == before


@pytest.mark.parametrize(("place", "change"), [(2, {"perfused_volume_ml": "521"}), (3, {"lesion_volume_ml": "19"})])
def test_the_result_follows_a_changed_row(place, change):
    form = worked("two-territories")
    before = form.session_state["outcome"].plan
    fill(form, change, numbers_of(form)[place])
    form.run()
    [name] = change
    assert [float(typed(form, (name,), numbers_of(form)[place])[name])] == list(map(float, change.values()))
    after = form.session_state["outcome"].plan
    assert after.input_sha256 == input_sha256(case_of(typed_on(form))) != before.input_sha256
    assert any(after.input_sha256[:12] in line for line in said(form))


@pytest.mark.parametrize("button", ["remove_territory", "remove_lesion", "add_lesion"])
def test_the_result_follows_a_row_more_or_less_where_it_changes_the_inputs(button):
    form = worked("two-territories")
    before = form.session_state["outcome"].plan.input_sha256
    number = numbers_of(form)[3 if button == "remove_lesion" else 2]
    form.button(key=f"{button}_{number}").click().run()
    after = form.session_state["outcome"].plan.input_sha256
    assert after == input_sha256(case_of(typed_on(form)))
    assert (after == before) is (button == "add_lesion"), "an empty row is no input"


def test_what_is_shown_stays_when_nothing_changed():
    form = worked()
    before = said(form)
    form.run()
    assert shows_a_result(form)
    assert said(form) == before


# Acknowledgements


def waiting() -> AppTest:
    return worked(lung_shunt_fraction="0.05", lung_mass_kg="1.6")


def asked(form: AppTest) -> list[str]:
    """What is to be filled in by whoever acknowledges."""
    return [box.label for box in form.text_input if box.key.startswith("acknowledge_")]


def test_a_reason_is_asked_for_each_finding_and_initials_once():
    form = waiting()
    assert asked(form) == ["Reason", "Reason", "Initials"]
    acknowledge(form, reason=" ")
    assert "Initials, and a reason for each, are needed." in said(form)
    assert not shows_a_result(form)


def test_results_are_shown_once_all_is_acknowledged_and_say_by_whom():
    form = acknowledge(waiting())
    assert shows_a_result(form)
    assert len([line for line in said(form) if line.endswith("Acknowledged by AB: measured")]) == 2
    entries = form.session_state["outcome"].plan.case.acknowledged
    assert {(entry.by, entry.reason) for entry in entries} == {("AB", "measured")}
    assert b"Acknowledged by AB" in offered(form)["download.html"]()


def test_an_acknowledgement_lapses_with_its_value_and_the_other_stays():
    form = acknowledge(waiting())
    form.text_input(key="lung_mass_kg").set_value("1.7").run()
    assert not shows_a_result(form)
    assert [line for line in said(form) if line.startswith("Lung mass is 1.7 kg")]
    assert asked(form) == ["Reason", "Initials"]
    assert shows_a_result(acknowledge(form, by="CD"))


def test_a_reason_belongs_to_the_case_under_its_label():
    form = worked(lung_shunt_fraction="25")
    for box in form.text_input:
        if box.key.startswith("acknowledge_"):
            box.set_value("AB")
    form.text_input(key="label").set_value("another patient")
    form.button(key="acknowledge").click().run()
    assert not shows_a_result(form), "the case of this label was never shown with the button"
    assert {box.value for box in form.text_input if box.key.startswith("acknowledge_")} == {""}


def test_a_reason_belongs_to_the_sentence_it_was_typed_for_also_where_that_has_no_value():
    """Segment 5 in two territories: the other one is called something else when the button is pressed."""
    case, territories, *_ = WORKED["two-territories"]
    both = [{**territories[0], "prescription_model": "single_compartment"}, territories[1]]
    both = [{name: text for name, text in row.items() if name != TARGET} | {"segments": "5"} for row in both]
    form = standing({"label": "x", **case}, both)
    assert any("egment 5 also stands in" in line for line in said(form))
    for box in form.text_input:
        if box.key.startswith("acknowledge_"):
            box.set_value("AB")
    form.text_input(key=key("territory_name", numbers_of(form)[0])).set_value("segment 7")
    form.button(key="acknowledge").click().run()
    assert not shows_a_result(form)


def test_what_is_typed_to_acknowledge_outlives_a_number_that_is_half_typed():
    form = worked(lung_shunt_fraction="25")
    [box] = [each for each in form.text_input if each.label == "Reason"]
    box.set_value("read twice").run()
    form.text_input(key="lung_mass_kg").set_value("x").run()
    form.text_input(key="lung_mass_kg").set_value("1.0").run()
    assert [each.value for each in form.text_input if each.label == "Reason"] == ["read twice"]


@pytest.mark.parametrize(("by", "reason"), [("", "read twice"), ("AB", " ")])
def test_neither_initials_nor_a_reason_can_be_left_out(by, reason):
    form = acknowledge(worked(lung_shunt_fraction="25"), by=by, reason=reason)
    assert "Initials, and a reason for each, are needed." in said(form)
    assert not shows_a_result(form)


def test_a_case_that_is_opened_takes_no_reason_over():
    form = worked(lung_shunt_fraction="25")
    for box in form.text_input:
        if box.key.startswith("acknowledge_"):
            box.set_value("AB")
    plain = json.loads(json.dumps(plain_from_screen(screen_of(form.run()))[0]))
    open_file(form, json.dumps(plain)).button(key="replace").click().run()
    assert {box.value for box in form.text_input if box.key.startswith("acknowledge_")} == {""}


def test_what_limits_allow_is_told_where_nothing_but_limits_waits():
    """30 Gy into 0.5 kg of lungs at 19 %: 15 / (0.19 x 49.67) = 1.589 GBq; rounded down."""
    form = worked(lung_shunt_fraction="19", lung_mass_kg="0.5")
    told = next(line for line in said(form) if line.startswith("Limits allow"))
    assert "right lobe: at most 1.589\N{NO-BREAK SPACE}GBq" in told
    doubtful = worked(lung_shunt_fraction="25", lung_mass_kg="0.5")
    assert not any(line.startswith("Limits allow") for line in said(doubtful)), "the shunt may be a slip"


def test_the_constants_stand_by_the_result_and_are_said_to_be_typed():
    assert "Computed with 49.67 Gy kg/GBq, 1.03 g/mL (convention eanm)" in [
        plain_blanks(line) for line in said(worked())
    ]
    typed_over = worked(energy_gy_kg_per_gbq="50")
    assert any("Computed with 50 Gy kg/GBq (typed)" in plain_blanks(line) for line in said(typed_over))


def test_a_kept_plan_is_kept_whatever_was_changed_to_and_fro():
    form = worked()
    form.button(key="keep_plan").click().run()
    form.text_input(key="lung_mass_kg").set_value("1.1").run()
    form.text_input(key="lung_mass_kg").set_value("1.0").run()
    assert form.button(key="keep_plan").disabled
    assert any("110" in line and line.startswith("Kept: ") for line in said(form)), "told apart by its prescription"


def test_undo_of_a_label_takes_no_acknowledgement_of_the_other_label_over():
    form = acknowledge(worked(lung_shunt_fraction="25"))
    form.text_input(key="label").set_value("another patient").run()
    acknowledge(form, reason="of another patient")
    form.button(key="undo").click().run()
    assert form.text_input(key="label").value == "glass-lobar"
    assert {entry["reason"] for entry in form.session_state["acknowledged"]} == {"measured"}


def test_a_value_that_is_asked_about_is_marked_at_its_box():
    form = worked(lung_shunt_fraction="25")
    assert "st-key-lung_shunt_fraction::after" in styles(form)
    assert "st-key-lung_mass_kg::after" not in styles(form)
    assert "st-key-lung_shunt_fraction::after" not in styles(acknowledge(form))


def test_a_reason_belongs_to_the_value_it_was_typed_for():
    form = worked(lung_shunt_fraction="25")
    [box] = [each for each in form.text_input if each.label == "Reason"]
    box.set_value("25 % read twice")
    form.text_input(key=next(each.key for each in form.text_input if each.label == "Initials")).set_value("AB")
    form.text_input(key="lung_shunt_fraction").set_value("26")
    form.button(key="acknowledge").click().run()
    assert not shows_a_result(form), "26 % was never shown with the button"
    assert [each.value for each in form.text_input if each.label == "Reason"] == [""]


def test_what_was_acknowledged_and_does_not_stop_stands_beside_the_activity():
    form = acknowledge(worked(lung_shunt_fraction="25"))
    assert form.session_state["outcome"].view.findings.answered.count("Lung shunt is 25") == 1
    assert "Lung shunt is 25" not in form.session_state["outcome"].view.findings.cautions


def test_undo_brings_no_acknowledgement_back_that_was_withdrawn():
    form = acknowledge(waiting())
    form.text_input(key="whole_liver_volume_ml").set_value("1650").run()
    form.button(key="withdraw").click().run()
    form.button(key="undo").click().run()
    assert form.text_input(key="whole_liver_volume_ml").value == "1700"
    assert asked(form) == ["Reason", "Reason", "Initials"]


def test_undo_pressed_right_after_typing_takes_back_what_was_typed():
    form = worked()
    fill(form, {"lung_mass_kg": "0.9"})
    form.run()
    form.text_input(key="whole_liver_volume_ml").set_value("1650")
    form.button(key="undo").click().run()
    assert form.text_input(key="whole_liver_volume_ml").value == "1700"
    assert form.text_input(key="lung_mass_kg").value == "0.9", "the change before it stays"


def test_a_saved_case_is_named_by_the_hash_of_its_result():
    form = worked()
    assert case_bar._hash_of(screen_of(form)) == form.session_state["outcome"].plan.input_sha256
    assert case_bar._hash_of(EMPTY) == EMPTY.digest, "unfinished work is saved as well"


def test_no_file_is_made_of_inputs_that_changed_while_its_button_was_pressed():
    """A text typed a moment before reaches the server with the press; its run has begun when the file is made."""
    form = worked()
    make = offered(form)["download.csv"]
    assert b"glass-lobar" in make()
    form.text_input(key="lung_mass_kg").set_value("1.1").run()
    with pytest.raises(RuntimeError, match="error id"):
        make()
    form.text_input(key="lung_mass_kg").set_value("1.0").run()
    assert b"glass-lobar" in make(), "it is of what stands there again"


def test_an_acknowledgement_is_not_taken_over_to_another_label():
    form = acknowledge(waiting())
    form.text_input(key="label").set_value("another patient").run()
    assert not shows_a_result(form)
    assert asked(form) == ["Reason", "Reason", "Initials"]


def test_acknowledgements_can_be_taken_back():
    form = acknowledge(waiting())
    form.button(key="withdraw").click().run()
    assert not shows_a_result(form)
    assert asked(form) == ["Reason", "Reason", "Initials"]


def test_a_limit_that_stops_waits_as_well():
    case, territories, *_ = WORKED["glass-lobar"]
    form = standing({"label": "x", **case, "lung_shunt_fraction": "19"},
                           [{**territories[0], "target_dose_gy": "400"}])  # fmt: skip
    assert any("\N{BLACK SQUARE} Stop" in element.value for element in form.markdown)
    assert not shows_a_result(form)
    assert shows_a_result(acknowledge(form))


# Rows


def test_lesions_stay_in_their_territory_when_two_territories_exchange_names():
    form = worked("two-territories")
    before = form.session_state["outcome"].plan
    first, second = form.session_state["rows"]
    fill(form, {"territory_name": "left lobe"}, first.territory)
    form.run()
    fill(form, {"territory_name": "segment 8"}, second.territory)
    after = form.run().session_state["outcome"].plan
    assert [territory.name for territory in after.territories] == ["left lobe", "segment 8"]
    assert [territory.lesions for territory in after.territories] == [row.lesions for row in before.territories]
    assert after.lesions == before.lesions


def test_lesions_stay_in_their_territory_while_two_territories_have_one_name():
    form = worked("two-territories")
    fill(form, {"territory_name": "left lobe"}, numbers_of(form)[0])
    form.run()
    assert [[lesion["lesion_name"] for lesion in row.lesions] for row in rows_of(form)] == [["A"], ["B"]]
    assert not shows_a_result(form), "the library refuses two territories of one name"


def test_a_removed_territory_takes_its_lesions_and_leaves_nothing():
    form = worked("two-territories")
    number, lesion = numbers_of(form)[:2]
    form.button(key=f"remove_territory_{number}").click().run()
    assert [row.inputs["territory_name"] for row in rows_of(form)] == ["left lobe"]
    assert not [name for name in TERRITORY.all if key(name, number) in form.session_state]
    assert not [name for name in LESION.all if key(name, lesion) in form.session_state]
    form.button(key="add_territory").click().run()
    assert len(rows_of(form)) == 1, "a new territory is empty"


PASTED = "segment 8\t240\tpartition\tlesion:A\t300\t\t2\nleft lobe\t520\ttyped activity\t\t\t1.25\n"


def paste(form: AppTest, kind: str, text: str) -> AppTest:
    """Open the box for cells, paste, and put them in."""
    form.session_state[f"paste_{form.session_state.get('pastes', 0)}"] = True
    form.run()
    form.text_area(key=f"paste_{kind}").set_value(text)
    return form.button(key=f"put_paste_{kind}").click().run()


def test_rows_are_pasted_from_a_spreadsheet():
    form = paste(opened(), "territories", PASTED)
    form = paste(form, "lesions", "segment 8\tA\t60\t3.2\nleft lobe\tB\t18\t2")
    territories, lesions = WORKED["two-territories"][1:3]
    assert [row.inputs for row in rows_of(form)] == territories
    assert [{OWNER: row.inputs["territory_name"], **row.lesions[0]} for row in rows_of(form)] == lesions
    assert form.session_state["paste_territories"] == ""


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        ("territories", "lobe\t1,5", "Line 1, Perfused volume [mL]: must be a number; got '1,5'; use a decimal point"),
        ("territories", "Territory\tVolume\nlobe\t150", "Is line 1 that of the headers? Leave it out."),
        ("territories", "lobe\n\n\t240\tbsa", "Line 3, Prescribed by: must be one of single compartment, partition,"),
        ("territories", "lobe" + "\t" * 10, "Line 1 has 11 cells; there are 10 inputs."),
        ("territories", '"lobe', "A quotation mark is not closed, or stands inside a cell."),
        ("territories", " \n\t", "There is nothing to read."),
        ("lesions", "lobe\tA\t60", "Line 1: no territory is called 'lobe'."),
        ("lesions", "\tA\t60", "Line 1: its territory is missing."),
    ],
)
def test_a_cell_that_cannot_be_read_is_told_and_stays_in_the_box(kind, text, sentence):
    form = paste(opened(), kind, text)
    assert sentence in "\n".join(said(form))
    assert form.text_area(key=f"paste_{kind}").value == text
    assert rows_of(form) == ()


def test_a_name_that_two_territories_have_takes_no_lesion():
    form = paste(opened(), "territories", "lobe\t100\nlobe\t200")
    paste(form, "lesions", "lobe\tA\t60")
    assert "Line 1: more than one territory is called 'lobe'." in "\n".join(said(form))
    assert not any(row.lesions for row in rows_of(form))


def test_a_cell_in_quotation_marks_may_hold_tab_and_line_break():
    lines, unreadable = lines_from_cells('"right\tlobe"\t650\n', TERRITORY.shown)
    assert [line.inputs for line in lines] == [{"territory_name": "right\tlobe", "perfused_volume_ml": "650"}]
    assert unreadable == []


# Opening, saving, clearing


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_opened_and_computed_without_loss(path):
    form = opened()
    form.selectbox(key="example").set_value(path.stem)
    form.button(key="open_example").click().run()
    assert not form.error
    form.run()
    original = case_from_text(path.read_bytes())
    assert form.session_state["outcome"].plan.case == original
    assert case_from_text(json.dumps(plain_from_screen(screen_of(form))[0])) == original
    assert shows_a_result(form)


OF_OTHER_DEVICES = {"order.drawn_at": LEFT_OUT, "order.reference_at": LEFT_OUT}
"""What an order states of another device rests in the form and is told there; see `test_form_day.py`."""


@pytest.mark.parametrize(
    "plain",
    [changed(full(), OF_OTHER_DEVICES), lobar(), two_lobes(), changed(lobar(), {"lung.shunt_fraction": 0.041})],
)
def test_a_file_is_opened_shown_and_saved_without_loss(plain):
    form = open_file(opened(), json.dumps(plain))
    saved, unreadable = plain_from_screen(screen_of(form))
    assert unreadable == []
    assert json.loads(json.dumps(saved), parse_int=float) == json.loads(json.dumps(plain), parse_int=float)
    assert screen_of(open_file(opened(), json.dumps(saved))) == screen_of(form)


def test_every_field_of_the_format_has_an_input_or_is_carried_along():
    drawn = {*CHOICES, "label", *(name for group in CARDS for name in group.names)}
    drawn |= {name for fold in FOLDS for group in fold.groups for name in group.names}
    assert drawn == set(names("case"))
    columns = {*TERRITORY.all, *LESION.all}
    assert columns - {"segments"} == {*names("territory"), *names("lesion")}
    left = [leaf.path for leaf in leaves() if flat_names()[leaf.path] not in drawn | columns]
    carried = ("treatment", "limits", "directive", "order", "delivery", "sessions", "scout", "second_check")
    assert {flat_names()[path] for path in left if path.partition(".")[0].removesuffix("[]") not in carried} == {
        "format", "format_version", "acknowledged_finding", "acknowledged_value", "acknowledged_by",
        "acknowledged_reason", "acknowledged_territory", "acknowledged_lesion",
    }  # fmt: skip


def test_problems_are_told_as_their_boxes_follow_on_the_page():
    case = {"lung_mass_kg": "0", "whole_liver_volume_ml": "1.7", "height_cm": "1.7", "age_years": "600"}
    lobe = {"territory_name": "lobe", "perfused_volume_ml": "x", "prescription_model": "single_compartment",
            "target_dose_gy": "y"}  # fmt: skip
    told = said(standing({"label": "x", "device": "glass", "lung_shunt_fraction": "5", **case}, [lobe]))
    boxes_of = (
        "Lung mass",
        "Whole liver volume",
        "Age",
        "Height",
        "Territory lobe: Perfused volume",
        "Territory lobe: Dose",
    )
    places = [next(place for place, line in enumerate(told) if line.startswith(f"{box} must")) for box in boxes_of]
    assert places == sorted(places)


def test_a_problem_in_a_closed_fold_is_marked_at_the_fold_and_in_an_open_one_at_its_box():
    form = standing({"label": "x", "height_cm": "1.7"}, [{"territory_name": "lobe"}])
    [style] = [each.proto.body for each in form.get("html") if "content:" in each.proto.body]
    assert ".st-key-fold_0:not(:has(input))::after" in style
    assert ".st-key-height_cm::after" in style
    assert ".st-key-fold_1" not in style


def test_what_could_be_added_says_where_its_box_stands():
    [told] = [line for line in said(worked()) if line.startswith("To see more:")]
    assert "spheres; activity per sphere at treatment (under 'All inputs')." in told
    assert "Add sex to see: " in told
    assert "Korean practice, women (under 'Patient and laboratory values')." in told
    assert "Add disease to see: limits and goals by disease.\n" in told


def test_a_shunt_from_counts_is_said_to_be_one_where_a_shunt_would_be_typed():
    form = opened()
    form.session_state["planar_lung_anterior_counts"] = "100"
    assert "Lung shunt: from counts (planar), see below." in said(form.run())
    form.text_input(key="lung_shunt_fraction").set_value("5").run()
    assert "Lung shunt as a fraction: 0.05" in said(form)


@pytest.mark.parametrize("typed", ["lesion A", "lesion:lesion A", "Lesion: lesion A", "lesion A "])
def test_a_lesion_is_the_target_by_its_name(typed):
    form = worked("resin-two-lesions")
    number = form.session_state["rows"][0].territory
    lesion = form.session_state["rows"][0].lesions[0]
    form.text_input(key=key("lesion_name", lesion)).set_value("lesion A")
    form.selectbox(key=key("prescription_target", number)).set_value(typed).run()
    assert form.session_state["now"].screen.territories[0].inputs["prescription_target"] == "lesion:lesion A"


def test_undo_leaves_the_unit_that_is_typed_in():
    form = standing({"label": "x"}, [{"territory_name": "lobe", "prescription_model": "activity",
                                      "prescribed_activity_gbq": "1.85"}])  # fmt: skip
    switch = next(each for each in form.segmented_control if "Activity" in each.label)
    switch.set_value("mCi").run()
    form.text_input(key="label").set_value("y").run()
    form.button(key="undo").click().run()
    assert form.text_input(key=key("prescribed_activity_gbq", numbers_of(form)[0])).value == "50"
    assert form.session_state["now"].screen.territories[0].inputs["prescribed_activity_gbq"] == "1.85"


def test_what_has_no_input_is_carried_along_and_told():
    form = open_file(opened(), json.dumps(full()))
    told = "\n".join(said(form))
    for text in ("radioembolization (TARE)", "LUNG-CUM", "Limit switched off KR-LUNG-GM, Switched off by AB, Reason",
                 "reused ratio, by AB",
                 "Vessel right hepatic artery", "Kind tumor", "Total bilirubin [mg/dL] 0.8", "Child-Pugh A5",
                 "Notes second session"):  # fmt: skip
        assert text in told


def test_what_a_closed_fold_holds_is_kept():
    form = open_file(opened(), json.dumps(full()))
    for number in (0, 1):
        form.session_state["fold_0"] = number == 0
        form.run()
        assert plain_from_screen(screen_of(form))[0]["patient"]["bilirubin_mg_dl"] == 0.8


def test_an_unfinished_case_is_saved_and_opened_again():
    form = opened()
    form.text_input(key="label").set_value("half done")
    fill(form, {"territory_name": "right lobe"}, numbers_of(form)[0])
    saved = plain_from_screen(screen_of(form.run()))[0]
    again = open_file(opened(), json.dumps(saved))
    assert again.text_input(key="label").value == "half done"
    assert plain_from_screen(screen_of(again))[0] == saved


def test_a_plan_file_opens_its_case():
    form = open_file(opened(), offered(worked())["download.json"]())
    assert form.text_input(key="label").value == "glass-lobar"
    assert form.run().metric[0].value == "1.54\N{NO-BREAK SPACE}GBq"


UNFIT_FILES = [
    (b"not json", "the file is not JSON"),
    (b"\x89PNG\r\n", "the file is not UTF-8 text"),
    (b"[]", "must be an object"),
    (b'{"format": "dosimetry-plan"}', "must be an object"),
    (json.dumps(lobar()).replace("0.05", '"0.05"'), "lung_shunt_fraction must be a number; got '0.05'"),
    (json.dumps(lobar()).replace("0.05", "true"), "lung_shunt_fraction must be a number; got true"),
    (json.dumps(lobar()).replace("0.05", "null"), "lung_shunt_fraction must not be null"),
    (json.dumps(lobar()).replace("0.05", "NaN"), "lung_shunt_fraction must be a number"),
    (json.dumps(lobar()).replace("0.05", '0.05, "shunt_fraction": 0.5'), "the key stands more than once"),
    (json.dumps(lobar()).replace('"lung"', '"lungs"'), "the key is not known. Did you mean 'lung'?"),
    (json.dumps(lobar()).replace('"glass"', '"clay"'), "device must be one of glass, resin, holmium"),
    (json.dumps(lobar()).replace('"single_compartment"', '"by_eye"'), "prescription_model must be one of"),
    (json.dumps(changed(lobar(), {"limits": {"on": [float("nan")]}})), "limits_on must be a text"),
    (json.dumps(changed(lobar(), {"acknowledged": [1]})), "must be an object"),
    (json.dumps(changed(lobar(), {"territories[0].segments": ["4a,4b"]})), "segments must be one of"),
]


def test_a_file_the_page_cannot_show_is_refused_and_nothing_changes():
    """B001, B012, B013, B089, B100, B101, B111: from a file."""
    form = opened()
    form.text_input(key="label").set_value("mine").run()
    for content, sentence in UNFIT_FILES:
        open_file(form, content)
        assert [element.value for element in form.error] == ["The file was not opened."]
        assert sentence in "\n".join(said(form))
        assert form.text_input(key="label").value == "mine"


def test_new_clears_everything():
    form = open_file(opened(), json.dumps(full()))
    form.button(key="new").click().run()
    assert screen_of(form) == screen_of(opened())
    assert not shows_a_result(form)
    assert "Also in this case" not in "\n".join(said(form))


def test_new_forgets_cells_that_were_pasted_and_what_was_said_of_them():
    form = worked()
    form.session_state["paste_territories"] = "SENTINEL-4711"
    form.session_state["refused_paste_territories"] = ("SENTINEL-4711", ["Line 1"])
    form.run()
    form.button(key="new").click().run()
    assert "paste_territories" not in form.session_state
    assert "refused_paste_territories" not in form.session_state


def test_new_forgets_the_plan_kept_of_the_case_before():
    form = worked()
    form.button(key="keep_plan").click().run()
    form.button(key="new").click().run()
    assert not form.session_state["kept_plan"]


def test_the_result_of_a_case_that_is_opened_stands_in_place_of_the_last_one():
    form = open_file(worked("two-territories"), json.dumps(lobar()))
    form.button(key="replace").click().run()
    assert rows_of(form)[0].inputs["perfused_volume_ml"] == "650"
    assert form.session_state["outcome"].plan.input_sha256 == planned(lobar()).input_sha256
    assert len(form.metric) == 2, "one territory: administered activity and vial"


@pytest.mark.parametrize("opening", ["file", "example"])
def test_a_case_does_not_replace_what_was_not_saved_without_a_word(opening):
    form = opened()
    form.text_input(key="label").set_value("mine").run()
    open_one(form, opening)
    assert "The inputs on the page were not saved. Opening replaces them." in said(form)
    assert form.text_input(key="label").value == "mine"
    form.button(key="keep").click().run()
    assert form.text_input(key="label").value == "mine"
    assert not [button for button in form.button if button.key == "replace"]
    open_one(form, opening).button(key="replace").click().run()
    assert form.text_input(key="label").value == "glass-lobar"


@pytest.mark.parametrize("opening", ["file", "example"])
def test_a_case_opens_at_once_where_nothing_is_lost(opening):
    form = open_one(opened(), opening)
    assert form.text_input(key="label").value == "glass-lobar"
    open_one(form.run(), opening)
    assert not [button for button in form.button if button.key == "replace"], "what was opened is a file already"
    fill(form, {"lung_mass_kg": "1.1"})
    open_one(form.run(), opening)
    assert [button for button in form.button if button.key == "replace"]


def open_one(form: AppTest, opening: str) -> AppTest:
    """Open the lobar case, from a file or as an example."""
    if opening == "file":
        return open_file(form, (ROOT / "examples" / "glass-lobar.json").read_bytes())
    form.selectbox(key="example").set_value("glass-lobar")
    return form.button(key="open_example").click().run()


@pytest.mark.parametrize(
    ("label", "stem"),
    [
        ("glass-lobar", "glass-lobar"),
        ("../../etc/passwd", "etc-passwd"),
        ("=1+1|cmd\\ \N{RIGHT-TO-LEFT OVERRIDE}x", "1-1-cmd-x"),
        ("a" * 200, "a" * 40),
        ("\N{CJK UNIFIED IDEOGRAPH-60A3}", "case"),
        ("", "case"),
    ],
)
def test_a_file_is_named_after_the_label_and_the_hash(label, stem):
    assert file_stem(label, "0123456789abcdef") == f"{stem}-01234567"


def test_the_examples_of_the_checkout_are_found():
    assert list(examples.paths()) == sorted(path.stem for path in EXAMPLES)


def test_a_screen_that_cannot_be_a_file_is_not_made_up():
    with pytest.raises(CaseError, match="must be a number"):
        screen_from_file(json.dumps(changed(lobar(), {"lung.shunt_fraction": [0.05]})).encode())
    assert screen_from_plain({"territories": "none", "lung": 3}).case == {}


# Texts, errors, settings


def test_what_a_person_types_is_shown_as_text_only():
    """B117, B118."""
    text = "![x](http://example.org/a.png) $x^2$ :red[a] **b** <img src=x onerror=alert(1)>"
    case, territories, *_ = WORKED["resin-two-lesions"][:2]
    rows = [{**territories[0], "territory_name": text, "prescription_target": f"lesion:{text}"}]
    lesions = [{"lesion_territory": text, "lesion_name": text, "lesion_volume_ml": "90", "tumor_normal_ratio": "4"}]
    form = standing({"label": text, **case}, rows, lesions)
    form = acknowledge(form) if not shows_a_result(form) else form
    assert shows_a_result(form)
    marked_up = [form.markdown, form.caption, form.subheader, form.header, form.title, form.error, form.warning]
    written = [element.value for kind in marked_up for element in kind] + [metric.label for metric in form.metric]
    assert not [each for each in written if text in each]
    assert text in [element.value for element in form.text]
    for title in [tab.label for tab in form.tabs]:
        form.session_state["sections"] = title
        form.run()
        assert {tag for page in pages(form) for tag in page.tags} <= OUR_TAGS
        run = {element.proto.body for element in form.get("html") if element.proto.unsafe_allow_javascript}
        assert run == {leaving.ASK}
    assert any(text in each for each in said(form)), "it is shown as it was typed"


def test_an_unforeseen_error_shows_an_id_and_no_input(monkeypatch, caplog):
    """B133."""

    def broken(*_, **__):
        raise KeyError("SENTINEL-4711")

    monkeypatch.setattr(planning, "plan", broken)
    case, territories, *_ = WORKED["glass-lobar"]
    with caplog.at_level(logging.DEBUG):
        form = standing({"label": "SENTINEL-4711", **case}, territories)
    assert not form.exception
    assert [element.value for element in form.error if element.value.startswith("Something went wrong (error id ")]
    assert not shows_a_result(form)
    own = [record.getMessage() for record in caplog.records if record.name.startswith("dosimetry")]
    assert len(own) == 1
    assert own[0].count(": KeyError at ")
    assert "SENTINEL-4711" not in caplog.text


def test_an_error_behind_a_button_shows_an_id_and_no_input(monkeypatch, caplog):
    """B133: what a button does runs before the page is drawn, and outside it."""
    form = worked()

    def broken(*_, **__):
        raise KeyError("SENTINEL-4711")

    monkeypatch.setattr(rows, "add_territory", broken)
    form.run()
    with caplog.at_level(logging.DEBUG):
        form.button(key="add_territory").click().run()
    assert not form.exception
    assert [element.value for element in form.error if element.value.startswith("Something went wrong (error id ")]
    assert "SENTINEL-4711" not in caplog.text
    assert not form.run().error, "it is told once"


def test_an_error_that_nobody_caught_is_logged_without_its_message():
    opened()
    error = KeyError("SENTINEL-4711")
    record = logging.LogRecord("streamlit.error_util", logging.ERROR, "", 0, "Uncaught", (), (KeyError, error, None))
    assert logging.getLogger("streamlit.error_util").filter(record)
    told = logging.Formatter().format(record)
    assert ": KeyError at" in told
    assert "SENTINEL-4711" not in told


def test_an_error_that_streamlit_catches_itself_is_printed_without_its_message(caplog, capfd):
    """The real path: an act without a guard behind a button, in a server that prints by the package rich."""

    def draw():
        import streamlit as st

        from dosimetry.web import guard

        def act():
            raise KeyError("SENTINEL-4711")

        guard.guarded(lambda: st.button("Act", key="act", on_click=act))

    config.set_option("logger.enableRich", True)
    guard._log_without_messages.cache_clear()
    form = AppTest.from_function(draw).run()
    with caplog.at_level(logging.DEBUG):
        form.button(key="act").click().run()
    assert form.exception, "Streamlit caught it"
    written = "".join(capfd.readouterr()) + caplog.text
    assert ": KeyError at" in written
    assert "SENTINEL" not in written


def test_a_row_that_fails_takes_the_result_with_it(monkeypatch):
    form = worked()

    def broken(*_, **__):
        raise ValueError("SENTINEL-4711")

    monkeypatch.setattr(territory_boxes, "_territory", broken)
    form.run()
    assert not shows_a_result(form)
    assert not form.get("download_button")
    assert any(element.value.startswith("Something went wrong") for element in form.error)
    assert "SENTINEL-4711" not in "\n".join(said(form))


def test_nothing_typed_is_logged_or_put_into_the_address(caplog):
    case, territories, *_ = WORKED["glass-lobar"]
    with caplog.at_level(logging.DEBUG):
        form = standing({"label": "SENTINEL-4711", **case}, territories)
    assert "SENTINEL-4711" not in caplog.text
    assert dict(form.query_params) == {}


def test_the_flags_carry_the_settings_of_the_file():
    asked = flags(port=8600, headless=True)
    assert {"--browser.gatherUsageStats=false", "--server.address=127.0.0.1"} <= set(asked)
    assert {"--client.showErrorDetails=none", "--client.disableDataExport=true"} <= set(asked)
    assert "--theme.light.primaryColor=#0b57a4" in asked
    assert {"--server.port=8600", "--server.headless=true"} <= set(asked)


# What the results show, and that it is the report's


def open_plain(plain: dict) -> AppTest:
    """A plain case, opened from a file and calculated."""
    return open_file(opened(), json.dumps(plain))


def tab(form: AppTest, title: str) -> AppTest:
    form.session_state["sections"] = title
    return form.run()


def hcc(name: str = "two-territories") -> dict:
    return changed(example(name), {"disease": "hcc", "intent": "unilobar", "lung.previous_dose_gy": 0})


def as_shown(table: Table) -> list[list[str]]:
    titles = [f"{each.title} [{each.unit}]" if each.unit else each.title for each in table.columns]
    return [[plain_blanks(cell) for cell in row] for row in (titles, *table.rows)]


@pytest.mark.parametrize("title", ["Proposals", "Bounds", "Sensitivity", "Other conventions"])
def test_a_tab_shows_the_very_tables_of_the_report(title):
    form = tab(open_plain(hcc()), title)
    plan = form.session_state["outcome"].plan
    expected = {
        "Proposals": [what_if_blocks.proposals_of(each) for each in plan.territories],
        "Bounds": [what_if_blocks.bounds_of(each) for each in plan.territories],
        "Sensitivity": [what_if_blocks.sensitivity_table(plan)],
        "Other conventions": [what_if_blocks.conventions_table(plan)],
    }[title]
    assert tables(form)[1:] == [as_shown(table) for table in expected]


def test_the_tab_of_the_bounds_says_which_limit_binds():
    form = tab(open_plain(hcc()), "Bounds")
    for territory in form.session_state["outcome"].plan.territories:
        words = plain_blanks(territory.bounds_in_words)
        assert f"{words[0].upper()}{words[1:]}" in said(form)


def test_the_tab_of_the_proposals_says_why_a_model_proposes_nothing():
    told = said(tab(open_plain(hcc()), "Proposals"))
    assert "body surface" in told
    assert any("does not belong to device" in text for text in told)


def test_every_limit_of_the_plan_stands_in_one_table_and_context_in_another():
    form = tab(open_plain(hcc()), "Limits and goals")
    plan = form.session_state["outcome"].plan
    checked = [finding for finding in plan.findings if finding.kind in ("limit", "goal")]
    found = [table for table in tables(form) if table[0][:2] == ["Severity", "Limit or goal"]]
    assert len(found) == 2
    assert sum(len(table) - 1 for table in found) == len(checked)
    shown = {cell for table in tables(form) for row in table for cell in row}
    ids = " ".join(shown)
    assert all(each.limit in ids for each in plan.inapplicable), "what does not apply is listed"
    assert {"verified", "not verified"} <= shown


def test_findings_beside_the_doses_are_those_that_need_eyes():
    form = open_plain(hcc())
    plan = form.session_state["outcome"].plan
    groups = form.session_state["outcome"].view.findings
    html = "".join(getattr(groups, name) for name in ("stops", "answered", "cautions", "unchecked", "remarks"))
    told = plain_blanks("\n".join(Page(html).texts))
    for finding in plan.findings:
        is_met = finding.kind in ("limit", "goal") and finding.severity == "note"
        assert (plain_blanks(finding.message) in told) is not is_met, finding.id


def test_each_dose_stands_beside_the_bound_that_lies_nearest():
    """Lungs of 11.27 Gy under 30 and 50 Gy; lesion B short of the goal of 205 Gy by 5.56 Gy; by hand from WORKED."""
    form = open_plain(example("two-territories"))
    shown = {(row[0], row[1]): row[4].replace("\N{MINUS SIGN}", "-") for row in tables(form)[0][1:]}
    assert shown["Session", "lungs"] == "\N{LESS-THAN OR EQUAL TO} 30 (18.73)"
    assert shown["Session", "lungs, all sessions"] == "\N{LESS-THAN OR EQUAL TO} 50 (38.73)"
    assert shown["left lobe", "lesion B, viable"] == "\N{GREATER-THAN OR EQUAL TO} 205 (-5.563)"
    assert shown["Session", "whole liver, tumor included"] == "\N{EN DASH}"
    resin = open_plain(example("resin-two-lesions"))
    [of_resin] = [row[4] for row in tables(resin)[0] if row[1] == "lungs"]
    assert of_resin.startswith("\N{LESS-THAN OR EQUAL TO} 30"), "the bound of 15 Gy was not read at its source"
    without = open_plain(changed(example("two-territories"), {"lung.mass_kg": LEFT_OUT}))
    lungs = next(row for row in tables(without)[0] if row[1] == "lungs")
    assert lungs[3:] == ["\N{EN DASH}", "not checked"]


def test_a_dose_opens_every_bound_it_is_held_against():
    form = open_plain(example("two-territories"))
    told = plain_blanks(form.session_state["outcome"].view.doses)
    assert "Lung dose of one session: 11.27 Gy against limit \N{LESS-THAN OR EQUAL TO} 30 Gy: not exceeded." in told
    assert 'href="reference?row=limits.LUNG-SINGLE"' in told


def test_only_the_open_tab_is_drawn():
    form = open_plain(hcc())
    assert len(form.tabs) > 4
    assert any("Model and target" in table[0] for table in tables(form))
    assert not any("Compartment" in table[0] for table in tables(form)[1:])


def test_spheres_have_a_tab_when_the_age_of_the_vial_is_known():
    assert "Spheres" not in [each.label for each in open_plain(hcc()).tabs]
    aged = changed(hcc(), {"territories[0].vial_age_h": 24})
    form = tab(open_plain(aged), "Spheres")
    assert any(table[0][0] == "Territory" and "Spheres [million]" in table[0] for table in tables(form))


def test_the_equations_have_the_numbers_in_them():
    told = said(tab(worked(), "Equations"))
    assert "Administered activity" in told
    assert any("110 × 0.669500" in text and "1.54446 GBq" in text for text in told), told


def test_a_limit_is_a_link_to_its_row():
    form = tab(open_plain(hcc()), "Bounds")
    bodies = "".join(element.proto.body for element in form.get("html"))
    assert '<a href="reference?row=limits.LUNG-SINGLE" target="_blank"' in bodies


def test_the_chart_marks_limits_goals_the_planned_and_the_binding_activity():
    form = open_plain(hcc())
    spec = json.loads(form.get("vega_lite_chart")[0].proto.spec)
    layers = spec["layer"]
    marks = {point["shown"]: point for point in layers[2]["data"]["values"]}
    assert "Lung dose of one session (LUNG-SINGLE)" in marks
    assert {point["shape"] for point in marks.values()} == {"triangle-down", "triangle-up"}
    assert [point["shown"].partition(" ")[0] for point in layers[3]["data"]["values"]] == ["planned", "binds"]
    ranges = {point["compartment"]: (point["least"], point["most"]) for point in layers[1]["data"]["values"]}
    assert ranges["lesion A"][0] < 300 < ranges["lesion A"][1]


def test_what_could_be_added_stands_by_the_result_until_it_is_added():
    form = worked("two-territories")
    wanted = "Add expected residual to see: vial activity. (Territory left lobe)"
    assert any(wanted in text for text in said(form))
    fill(form, {"residual_fraction": "1"}, form.session_state["rows"][1].territory)
    assert not any(wanted in text for text in said(form.run()))


# Prescriptions: what a model takes


@pytest.mark.parametrize(
    ("typed", "target"), [("A", "lesion:A"), ("B", "lesion:B"), ("normal", "normal_perfused"), ("C", "C")]
)
def test_a_target_is_said_by_the_name_of_its_lesion_or_as_normal(typed, target):
    lesions = ({"lesion_name": "A"}, {"lesion_name": "B"})
    row = TerritoryRow(inputs={"prescription_target": typed}, lesions=lesions)
    assert with_target(row).inputs == {"prescription_target": target}


def test_a_lesion_that_is_called_normal_leaves_the_target_as_it_was_typed():
    row = TerritoryRow(inputs={"prescription_target": "normal"}, lesions=({"lesion_name": "normal"},))
    assert with_target(row) is row


@pytest.mark.parametrize(
    "names",
    [("A", "B"), ("normal", "A"), ("Normal",), ("normal_perfused",), ("lesion:A", "A"),
     ("a: b", "lesion a: b"), ("A", "A"),
     ("normal", "normal_perfused"), ("normal perfused liver", "lesion normal perfused liver"),
     ("normal perfused liver", "lesion:normal perfused liver"), ("normal perfused liver",),
     ("\u00e9 \u2192 <b>", "$x$"), ("",), ()],
)  # fmt: skip
def test_every_target_of_a_list_reads_back_as_the_lesion_it_names(names):
    row = TerritoryRow(inputs={}, lesions=tuple({"lesion_name": name} for name in names if name))
    listed = targets(names)
    meant = [with_target(replace(row, inputs={TARGET: text})).inputs[TARGET] for text in listed]
    assert meant == [*(f"lesion:{name}" for name in dict.fromkeys(names) if name), "normal_perfused"]
    assert len(set(listed.values())) == len(listed), "no two look alike"


def test_names_that_stand_twice_are_marked_at_each_of_their_boxes():
    case, territories, lesions, *_ = WORKED["two-territories"]
    form = standing({"label": "x", **case}, territories, lesions)
    first, second = form.session_state["rows"]
    boxes = [f".st-key-territory_name_{row.territory}::after" for row in (first, second)]
    form.run()
    assert not any(box in styles(form) for box in boxes)
    form.text_input(key=key("territory_name", second.territory)).set_value(name_of(form, first)).run()
    assert all(box in styles(form) for box in boxes)
    assert ".st-key-lesion_name" not in styles(form)


def test_a_box_without_a_name_is_not_marked_with_the_mistake_of_others():
    case, territories, lesions, *_ = WORKED["two-territories"]
    blank = {
        "territory_name": "", "perfused_volume_ml": "100", "prescription_model": "activity",
        "prescribed_activity_gbq": "1",
    }  # fmt: skip
    form = standing({"label": "x", **case}, [*territories, blank, dict(blank)], lesions)
    first, second, third, fourth = form.session_state["rows"]
    form.text_input(key=key("territory_name", second.territory)).set_value(name_of(form, first)).run()
    assert f".st-key-territory_name_{first.territory}::after" in styles(form)
    for row in (third, fourth):
        assert f"st-key-territory_name_{row.territory}::after" not in styles(form)
        assert f"st-key-territory_name_{row.territory} " in styles(form), "framed: its name is still to be entered"


def test_lesions_of_one_name_in_a_territory_are_marked():
    form = worked("resin-two-lesions")
    lesions = form.session_state["rows"][0].lesions
    boxes = [f".st-key-lesion_name_{number}::after" for number in lesions]
    name = form.text_input(key=key("lesion_name", lesions[0])).value
    form.text_input(key=key("lesion_name", lesions[1])).set_value(name).run()
    assert all(box in styles(form) for box in boxes)
    assert ".st-key-territory_name" not in styles(form)


def target_of(form):
    return form.selectbox(key=key(TARGET, form.session_state["rows"][0].territory))


def test_a_target_is_chosen_from_the_lesions_and_stays_when_its_lesion_is_renamed():
    """It never passes to another lesion: it is told as a mistake at its box until one is chosen again."""
    form = worked("resin-two-lesions")
    first, *_ = form.session_state["rows"]
    names = [form.text_input(key=key("lesion_name", lesion)).value for lesion in first.lesions]
    assert target_of(form).options == [*names, "normal perfused liver"]
    target_of(form).set_value("normal perfused liver").run()
    assert form.session_state["now"].screen.territories[0].inputs[TARGET] == "normal_perfused"
    target_of(form).set_value(names[0]).run()
    form.text_input(key=key("lesion_name", first.lesions[0])).set_value("renamed").run()
    assert target_of(form).options == ["renamed", *names[1:], "normal perfused liver"]
    assert target_of(form).value == names[0]
    assert not shows_a_result(form)
    assert "Territory right lobe: Target must be the normal perfused liver or a lesion of this territory." in said(form)
    target_of(form).set_value("renamed").run()
    assert shows_a_result(form.run())


def test_a_target_in_plain_words_gives_the_numbers_of_the_target_it_means():
    case, territories, lesions, administered, *_ = WORKED["resin-two-lesions"]
    form = standing({"label": "x", **case}, [{**territories[0], "prescription_target": "normal"}], lesions)
    plan = form.session_state["outcome"].plan
    assert plan.territories[0].administered_activity_gbq == pytest.approx(administered["administered"], rel=1e-6)


def test_what_the_body_surface_method_lacks_is_said_of_the_method():
    case, _, lesions, *_ = WORKED["resin-two-lesions"]
    lobe = {"territory_name": "right lobe", "perfused_volume_ml": "1100", "prescription_model": "resin_bsa",
            "resin_reading": "lobe"}  # fmt: skip
    told = said(standing({"label": "x", **case}, [lobe], lesions))
    assert "Territory right lobe: model 'body surface' needs Height; it is missing and never assumed." in told


def boxes(form: AppTest, number: int) -> set[str]:
    """The inputs of a prescription that are drawn."""
    kept = {box.key for box in (*form.text_input, *form.selectbox)}
    return {name for name in PRESCRIPTION if key(name, number) in kept}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.key)
def test_a_model_draws_the_inputs_it_takes_and_no_others(model):
    form = opened()
    number = numbers_of(form)[0]
    assert boxes(form, number) == set()
    fill(form, {"prescription_model": model.key}, number)
    assert boxes(form.run(), number) == set(model.inputs)


def test_what_another_model_took_is_kept_told_and_no_part_of_the_case():
    form = worked("two-territories")
    number = numbers_of(form)[0]
    fill(form, {"prescription_model": "activity", "prescribed_activity_gbq": "0.5"}, number)
    form.run()
    assert any("Kept, but not used by this model: Target lesion:A; Dose [Gy] 300" in text for text in said(form))
    assert form.run().metric[0].value == "0.500\N{NO-BREAK SPACE}GBq", "the library refuses nothing"
    fill(form, {"prescription_model": "partition"}, number)
    assert form.run().metric[0].value == "0.813\N{NO-BREAK SPACE}GBq"
    assert form.text_input(key=key("target_dose_gy", number)).value == "300"


def test_body_surface_asks_for_height_and_weight_by_the_territory():
    case = {"device": "resin", "convention": "eanm", "lung_shunt_fraction": "12", "whole_liver_volume_ml": "1500",
            "untreated_tumor_volume_ml": "0", "label": "BSAM-02"}  # fmt: skip
    territory = {"territory_name": "liver", "perfused_volume_ml": "1500", "prescription_model": "resin_bsa",
                 "resin_reading": "share"}  # fmt: skip
    lesion = {OWNER: "liver", "lesion_name": "A", "lesion_volume_ml": "300", "tumor_normal_ratio": "3"}
    form = standing(case, [territory], [lesion])
    assert {"height_cm", "weight_kg"} <= {box.key for box in form.text_input}
    fill(form, {"height_cm": "170", "weight_kg": "70"})
    form = form.run()
    plan = form.session_state["outcome"].plan
    assert plan.territories[0].administered_activity_gbq == pytest.approx(1.4477, abs=5e-5), "van Roekel thesis, p. 30"


def test_the_lung_limit_is_prescribed():
    case = {"device": "glass", "convention": "eanm", "lung_shunt_fraction": "12", "lung_mass_kg": "1", "label": "x"}
    territory = {"territory_name": "lobe", "perfused_volume_ml": "1000", "prescription_model": "lung_limit",
                 "target_dose_gy": "25"}  # fmt: skip
    plan = standing(case, [territory]).session_state["outcome"].plan
    assert plan.territories[0].administered_activity_gbq == pytest.approx(4.19435, abs=5e-6), "van Roekel thesis, p. 30"


# Limits switched on and off


def switching(form: AppTest) -> AppTest:
    form.session_state["fold_limits"] = True
    return form.run()


def test_a_limit_is_switched_off_by_a_person_for_a_reason_and_on_again():
    form = switching(worked())
    assert is_checked(form, "LUNG-SINGLE")
    form.selectbox(key="switch_off").set_value("LUNG-SINGLE")
    form.button(key="switching_off").click().run()
    assert "A limit, initials and a reason are needed." in said(form)
    assert shows_a_result(form), "nothing was switched"
    form.text_input(key="switch_off_by").set_value("AB")
    form.text_input(key="switch_off_reason").set_value("measured lung mass pending")
    form.button(key="switching_off").click().run()
    told = "Limit switched off LUNG-SINGLE, Switched off by AB, Reason for switching off measured lung mass pending"
    assert any(told in text for text in said(form))
    case = form.session_state["outcome"].plan.case
    assert [(each.id, each.by, each.reason) for each in case.limits.off] == [
        ("LUNG-SINGLE", "AB", "measured lung mass pending")
    ]
    assert b"measured lung mass pending" in offered(form)["download.txt"]()
    form.button(key="no_longer_off_LUNG-SINGLE").click().run()
    assert form.run().session_state["outcome"].plan.case.limits is None


def is_checked(form: AppTest, limit: str) -> bool:
    """Whether the plan on the page has a finding of a limit."""
    return any(each.id.partition("@")[0] == limit for each in form.session_state["outcome"].plan.findings)


def test_an_unverified_goal_is_switched_on():
    form = switching(open_plain(hcc()))
    goal = next(row for row in reference.limits() if row.kind == "goal" and not row.verified and row.device == "glass")
    form.selectbox(key="switch_on").set_value(goal.limit_id)
    form.button(key="switching_on").click().run()
    assert form.run().session_state["outcome"].plan.case.limits.on == (goal.limit_id,)
    form.button(key=f"no_longer_on_{goal.limit_id}").click().run()
    assert form.run().session_state["outcome"].plan.case.limits is None


# Units, diameters, undo


def switch_unit(form: AppTest, name: str, unit: str) -> AppTest:
    control = next(each for each in form.get("button_group") if each.key and each.key.startswith(f"switch_{name}"))
    return control.set_value([unit] if isinstance(control.value, list) else unit).run()


def test_an_activity_is_typed_in_mci_and_the_switch_converts_what_stands_there():
    """B019: there is one box, so that an activity cannot stand in two units that disagree."""
    form = worked("two-territories")
    number = numbers_of(form)[2]
    before = form.session_state["outcome"].plan
    form = switch_unit(form, "prescribed_activity_gbq", "mCi")
    box = form.text_input(key=key("prescribed_activity_gbq", number))
    assert (box.label, box.value) == ("Activity [mCi]", "33.7837837837838")
    assert shows_a_result(form), "the same activity in another unit is the same case"
    box.set_value("81").run()
    assert form.run().session_state["outcome"].plan.case.territories[1].prescription.activity_gbq == 2.997
    form = switch_unit(form, "prescribed_activity_gbq", "GBq")
    assert form.text_input(key=key("prescribed_activity_gbq", number)).value == "2.997"
    assert shows_a_result(form)
    assert before.case.territories[1].prescription.activity_gbq == 1.25


@pytest.mark.parametrize("text", ["1.01883", "0.123456789", "1.19", "1.0"])
def test_a_unit_that_is_switched_to_and_fro_leaves_what_was_typed(text):
    form = worked("two-territories")
    box = key("prescribed_activity_gbq", numbers_of(form)[2])
    form.text_input(key=box).set_value(text).run()
    before = form.session_state["outcome"].digest
    form = switch_unit(form, "prescribed_activity_gbq", "mCi")
    assert shows_a_result(form)
    form = switch_unit(form, "prescribed_activity_gbq", "GBq")
    assert form.text_input(key=box).value == text
    assert screen_of(form, counted=True).digest == before


def test_bilirubin_is_typed_in_umol_per_liter():
    form = opened()
    form.session_state["fold_0"] = True
    fill(form.run(), {"bilirubin_mg_dl": "1.1"})
    form = switch_unit(form.run(), "bilirubin_mg_dl", "\N{MICRO SIGN}mol/L")
    assert form.text_input(key="bilirubin_mg_dl").label == "Total bilirubin [\N{MICRO SIGN}mol/L]"
    assert float(form.text_input(key="bilirubin_mg_dl").value) == pytest.approx(18.8, abs=0.05)
    form = switch_unit(form, "bilirubin_mg_dl", "mg/dL")
    assert form.text_input(key="bilirubin_mg_dl").value == "1.1"


def test_nothing_is_switched_while_a_text_is_no_number_that_would_be_of_neither_unit():
    form = worked("two-territories")
    number = numbers_of(form)[2]
    fill(form, {"prescribed_activity_gbq": "1,5"}, number)
    form = switch_unit(form.run(), "prescribed_activity_gbq", "mCi")
    box = form.text_input(key=key("prescribed_activity_gbq", number))
    assert (box.label, box.value) == ("Activity [GBq]", "1,5")
    assert {"The unit stays until this is mended:", "1,5"} <= set(said(form))
    assert [line for line in said(form) if "Activity must be a number; got '1,5'" in line]
    fill(form, {"prescribed_activity_gbq": "1.5"}, number)
    form = switch_unit(form.run(), "prescribed_activity_gbq", "mCi")
    assert form.text_input(key=key("prescribed_activity_gbq", number)).label == "Activity [mCi]"


def test_a_range_is_told_in_the_unit_that_is_typed():
    """0.0001 to 20 GBq are 0.0027027 to 540.541 mCi."""
    form = switch_unit(worked("two-territories"), "prescribed_activity_gbq", "mCi")
    fill(form, {"prescribed_activity_gbq": "90000"}, numbers_of(form)[2])
    [told] = [line for line in said(form.run()) if "Activity must be in" in line]
    assert told.endswith("540.541] mCi; got 90000.")


def test_a_case_that_is_opened_is_in_its_own_units():
    form = switch_unit(worked("two-territories"), "prescribed_activity_gbq", "mCi")
    form = open_file(form, json.dumps(two_lobes()))
    form.button(key="replace").click().run()
    assert form.text_input(key=key("prescribed_activity_gbq", numbers_of(form)[0])).value == "1.5"
    assert form.run().metric[0].value == "1.50\N{NO-BREAK SPACE}GBq"


@pytest.mark.parametrize(
    ("diameters", "volume"),
    [
        (("3", "3", "3"), "14.14"),
        (("4", "4", "4"), "33.51"),
        (("5", "5", "5"), "65.45"),
        (("7", "7", "7"), "179.59"),
        (("10", "10", "10"), "523.60"),
        (("2", "3", "4"), "12.57"),
    ],
)
def test_three_diameters_give_the_volume_of_the_ellipsoid(diameters, volume):
    assert f"{float(volume_text(positive_numbers(diameters))):.2f}" == volume


@pytest.mark.parametrize("diameters", [("", "3", "3"), ("0", "3", "3"), ("-3", "-3", "3"), ("1,5", "3", "3")])
def test_diameters_that_are_not_three_numbers_above_zero_give_no_volume(diameters):
    assert positive_numbers(diameters) is None


def test_a_volume_from_diameters_is_put_into_its_lesion():
    form = worked("two-territories")
    lesion = numbers_of(form)[1]
    form.session_state[f"diameters_{lesion}_0"] = True
    form.run()
    for name in ("first", "second", "third"):
        form.text_input(key=f"diameter_{name}_{lesion}").set_value("4")
    form.run().button(key=f"use_diameters_{lesion}").click().run()
    assert form.text_input(key=key("lesion_volume_ml", lesion)).value == "33.5103"
    assert form.session_state["outcome"].plan.case.territories[0].lesions[0].volume_ml == 33.5103


@pytest.mark.parametrize(("third", "asks"), [("38", True), ("3.8", False), ("18", True), ("17.9", False)])
def test_a_diameter_that_is_many_times_another_is_asked_about(third, asks):
    """38 for 3.8 cm beside 4.1 and 3.6 makes ten times the volume; five times the shortest is where it is asked."""
    form = worked("two-territories")
    lesion = numbers_of(form)[1]
    form.session_state[f"diameters_{lesion}_0"] = True
    form.run()
    for name, text in (("first", "4.1"), ("second", "3.6"), ("third", third)):
        form.text_input(key=f"diameter_{name}_{lesion}").set_value(text)
    warned = [warning.value for warning in form.run().warning]
    assert any("typed in millimeters?" in text for text in warned) is asks


def test_changes_are_taken_back_one_by_one():
    form = worked()
    number = numbers_of(form)[0]
    for text in ("1", "12", "120"):
        fill(form, {"target_dose_gy": text}, number)
        form.run()
    fill(form, {"lung_mass_kg": "0.9"})
    form.run().button(key="undo").click().run()
    assert (rows_of(form)[0].inputs["target_dose_gy"], form.text_input(key="lung_mass_kg").value) == ("120", "1.0")
    form.button(key="undo").click().run()
    assert rows_of(form)[0].inputs["target_dose_gy"] == "110", "what is typed into one box is one change"
    assert form.run().metric[0].value == "1.54\N{NO-BREAK SPACE}GBq"


def test_a_row_that_was_added_is_a_change_of_its_own_and_stays_when_a_later_one_is_taken_back():
    form = worked()
    number = numbers_of(form)[0]
    fill(form, {"target_dose_gy": "120"}, number)
    form.run()
    add_lesion(form, number)
    fill(form, {"perfused_volume_ml": "651"}, numbers_of(form)[0])
    form.run().button(key="undo").click().run()
    assert rows_of(form)[0].inputs["perfused_volume_ml"] == "650"
    assert len(form.session_state["rows"][0].lesions) == 1, "the empty lesion was added before"
    form.button(key="undo").click().run()
    assert form.session_state["rows"][0].lesions == ()
    assert rows_of(form)[0].inputs["target_dose_gy"] == "120", "only the lesion was taken back"
    form.button(key="undo").click().run()
    assert rows_of(form)[0].inputs["target_dose_gy"] == "110"


def test_a_removed_territory_comes_back_with_its_lesions():
    form = worked("two-territories")
    before = screen_of(form).territories
    form.button(key=f"remove_territory_{numbers_of(form)[0]}").click().run()
    form.button(key="undo").click().run()
    assert screen_of(form).territories == before


def test_what_was_cleared_comes_back_and_counts_as_not_saved():
    form = worked()
    before = screen_of(form)
    form.button(key="new").click().run()
    form.button(key="undo").click().run()
    assert screen_of(form) == before
    open_one(form, "example")
    assert [button for button in form.button if button.key == "replace"]


# Problems beside the fields


def styles(form: AppTest) -> str:
    return "".join(element.proto.body for element in form.get("html") if element.proto.body.startswith("<style>"))


def test_a_problem_is_said_at_its_box_as_well():
    case, territories, *_ = WORKED["two-territories"][:2]
    wrong = [{**territories[0], "perfused_volume_ml": "-3"}, territories[1]]
    form = standing({"label": "x", **case, "lung_mass_kg": "1000"}, wrong)
    number = numbers_of(form)[0]
    assert f".st-key-perfused_volume_ml_{number}::after" in styles(form)
    assert ".st-key-lung_mass_kg::after" in styles(form)
    assert ".st-key-previous_lung_dose_gy::after" not in styles(form)
    form.text_input(key="lung_mass_kg").set_value("1.0").run()
    assert ".st-key-lung_mass_kg::after" not in styles(form), "mended"


def test_what_is_typed_cannot_leave_the_quotation_marks_of_a_style():
    case, territories, *_ = WORKED["glass-lobar"]
    form = standing({"label": "x", **case, "lung_mass_kg": '"; } </style><b>\\'}, territories)
    marked = styles(form).rpartition(".st-key-lung_mass_kg::after")[2]
    quoted = marked.partition('content: "')[2].partition('"; display')[0]
    assert quoted
    assert not set('"<>;{}') & set(quoted)
    assert marked.count("</style>") == 1


def test_packages_are_set_aside_once_and_nothing_of_a_session_is():
    opened()
    held = gc.get_freeze_count()
    assert held > 0
    worked().run()
    assert gc.get_freeze_count() <= held


# Comparing


def test_two_prescriptions_stand_side_by_side_with_what_differs():
    form = worked()
    form.button(key="keep_plan").click().run()
    assert not any(table[0][1:3] == ["Kept", "Now"] for table in tables(form)), "there is nothing to compare with yet"
    fill(form, {"target_dose_gy": "120"}, numbers_of(form)[0])
    form = form.run()
    differing, results = [table for table in tables(form) if table[0][1:3] == ["Kept", "Now"]]
    shown = {row[0]: row[1:] for row in differing[1:]}
    assert shown["right lobe: Dose"] == ["110 Gy", "120 Gy"]
    assert set(shown) == {"right lobe: Dose", "right lobe: prescription"}, "only what differs is named"
    numbers = {row[0]: row[1:] for row in results[1:]}
    assert numbers["right lobe: administered activity [GBq]"] == ["1.54", "1.68", "+9.1 %"]
    assert numbers["right lobe: administered activity [mCi]"] == ["41.74", "45.54", "+9.1 %"]
    assert numbers["perfused volume [Gy]"] == ["110.0", "120.0", "+9.1 %"]
    assert numbers["findings that stop"][-1] == ""
    form.button(key="forget_plan").click().run()
    assert not any(table[0][1:3] == ["Kept", "Now"] for table in tables(form))


def test_two_conventions_stand_side_by_side():
    form = worked()
    form.button(key="keep_plan").click().run()
    form.selectbox(key="convention").set_value("glass_label").run()
    differing = next(table for table in tables(form.run()) if table[0] == ["Input", "Kept", "Now"])
    assert ["Convention", "eanm", "glass_label"] in differing


def test_a_kept_plan_of_another_label_is_said_to_be_one():
    form = worked()
    form.button(key="keep_plan").click().run()
    form.text_input(key="label").set_value("another").run()
    assert "The kept plan is of a case with another label." in said(form.run())


def compare_page() -> None:
    from dosimetry.web.compare_page import compare_page as page

    page()


def comparing(form: AppTest) -> AppTest:
    """The Compare page of the session of a form."""
    other = AppTest.from_function(compare_page, default_timeout=30)
    for name, value in form.session_state.items():
        other.session_state[name] = value
    return other.run()


def test_nothing_is_compared_where_the_inputs_are_no_case_any_more():
    form = worked("two-territories")
    form.session_state["carried"] = {"sessions": [{"date": "2025-01-01", "device": "glass", "lung_dose_gy": 12}]}
    page = comparing(form)
    assert any("Nothing to compare yet" in text for text in said(page)), "an earlier session and a lung dose of it"
    assert not shows_a_result(page)


def test_an_alternative_keeps_the_earlier_session_and_the_inputs_before_it_are_there_to_be_undone():
    form = worked("two-territories", previous_lung_dose_gy="")
    form.session_state["carried"] = {"sessions": [{"date": "2025-01-01", "device": "glass", "lung_dose_gy": 12}]}
    page = comparing(form.run())
    page.selectbox(key="compare_convention").set_value("aapm").run()
    page.button(key="adopt").click().run()
    assert page.session_state["convention"] == "aapm"
    assert page.session_state["carried"]["sessions"][0]["lung_dose_gy"] == 12
    before = page.session_state["now"].screen
    assert before.case["convention"] == "eanm"
    assert before.carried["sessions"][0]["lung_dose_gy"] == 12


def test_an_adopted_convention_is_undone_also_where_the_convention_was_typed_last():
    """What is typed into one box in a row is one change; what another page puts there is a change of its own."""
    form = open_file(opened(), json.dumps(changed(example("two-territories"), {"constants": LEFT_OUT})))
    form.selectbox(key="convention").set_value("icrp107").run()
    page = comparing(form.run())
    page.selectbox(key="compare_convention").set_value("aapm").run()
    page.button(key="adopt").click().run()
    again = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    for name, value in page.session_state.items():
        if not name.startswith(("adopt", "compare_", "save_")):
            again.session_state[name] = value
    assert again.run().selectbox(key="convention").value == "aapm"
    assert again.button(key="undo").click().run().selectbox(key="convention").value == "icrp107"


def test_no_file_is_made_of_an_alternative_that_waits_for_an_acknowledgement():
    page = comparing(open_file(opened(), json.dumps(example("glass-lobar"))))
    proposed = page.session_state["outcome"].plan.territories[0].proposals
    pick = next(place for place, each in enumerate(proposed) if each.model == "lung_limit")
    page.selectbox[0].set_value(pick + 1).run()
    assert tables(page)
    assert "No files: findings wait for an acknowledgement on the Plan page." in said(page)
    assert not offered(page)


def test_nothing_is_compared_before_there_is_a_result():
    assert any("Nothing to compare yet" in text for text in said(comparing(opened())))


def test_a_finding_of_both_plans_is_no_difference_and_rounding_is_no_change():
    shunting = changed(lobar(), {"lung.shunt_fraction": 0.25})
    first = planned(shunting)
    other = planned(changed(shunting, {"territories[0].prescription.dose_gy": 110 * (1 + 1e-6)}))
    shared = {each.id for each in first.findings if each.severity == "caution"}
    assert shared & {each.id for each in other.findings if each.severity == "caution"}
    blocks = list(comparison(first, other, titles=("A", "B")))
    assert Paragraph("The same findings stop and warn in both.") in blocks
    [numbers] = [block for block in blocks if isinstance(block, Table) and block.columns[-1].title == "Change"]
    assert {row[-1] for row in numbers.rows} == {""}


def test_a_case_is_compared_with_another_prescription_and_convention_at_once():
    form = worked("two-territories")
    plan = form.session_state["outcome"].plan
    page = comparing(form)
    assert not tables(page)
    pick = next(place for place, each in enumerate(plan.territories[0].proposals) if each.model == "lung_limit")
    page.selectbox[0].set_value(pick + 1).run()
    first = plan.territories[0]
    expected = activity(first.proposals[pick].activity_gbq, limits_gbq(first.bounds))[0]
    rows = {row[0]: row[1:] for table in tables(page) for row in table}
    assert rows["segment 8: administered activity [GBq]"][:2] == ["0.813", expected]
    assert "segment 8: prescription" in rows
    assert rows["left lobe: administered activity [GBq]"] == ["1.25", "1.25", ""]
    page.selectbox(key="compare_convention").set_value("aapm").run()
    rows = {row[0]: row[1:] for table in tables(page) for row in table}
    assert rows["Convention"] == ["eanm", "aapm"]
    files = offered(page)
    assert files["save_alternative.pdf"]().startswith(b"%PDF")
    text = files["save_alternative.txt"]().decode()
    assert "aapm" in text
    page.button(key="adopt").click().run()
    assert page.session_state["convention"] == "aapm"
    assert page.session_state["outcome"].plan.case.convention == "aapm"
    assert form.session_state["outcome"].plan is plan, "comparing changes no plan"


def test_two_lung_limits_at_once_are_refused_with_a_sentence():
    form = worked("two-territories")
    page = comparing(form)
    for row, territory in enumerate(form.session_state["outcome"].plan.territories):
        pick = next(place for place, each in enumerate(territory.proposals) if each.model == "lung_limit")
        page.selectbox[row].set_value(pick + 1)
    page.run()
    assert [element.value for element in page.error] == ["This alternative is no case:"]
    assert not tables(page)


# Reference and About


def other_page(name: str, **query: str) -> AppTest:
    def page(name):
        from dosimetry.web.about_page import about_page
        from dosimetry.web.reference_page import reference_page

        {"about": about_page, "reference": reference_page}[name]()

    form = AppTest.from_function(page, kwargs={"name": name}, default_timeout=30)
    for key_, value in query.items():
        form.query_params[key_] = value
    return form.run()


def test_the_reference_page_shows_and_filters_every_table():
    form = other_page("reference")
    assert len(tables(form)) == len(reference.TABLES)
    assert {"49.67", "verified", "not verified"} <= {cell for row in tables(form)[0] for cell in row}
    form.text_input(key="filter").set_value("ts-gi").run()
    assert [[row[0] for row in table[1:]] for table in tables(form)] == [["TS-GI"]]
    form.text_input(key="filter").set_value("no such text").run()
    assert not tables(form)
    assert "No row holds these words." in said(form)


@pytest.mark.parametrize("wanted", ["lung single", "single lung", "LUNG-SINGLE"])
def test_the_filter_finds_words_in_any_order_and_any_column(wanted):
    form = other_page("reference")
    form.text_input(key="filter").set_value(wanted).run()
    assert "LUNG-SINGLE" in {row[0] for table in tables(form) for row in table[1:]}


def test_words_in_quotation_marks_are_found_together():
    form = other_page("reference", table="limits")
    form.text_input(key="filter").set_value('resin "not verified"').run()
    (found,) = tables(form)
    marks = {dict(zip(found[0], row, strict=True))["Read at source"] for row in found[1:]}
    assert (len(found) > 1, marks) == (True, {"not verified"})


def test_a_link_shows_its_table_only_and_the_address_follows_the_choice():
    form = other_page("reference", table="score_bands")
    assert len(tables(form)) == 1
    form.selectbox(key="chosen_table").select("tace_limits").run()
    assert (len(tables(form)), form.query_params["table"]) == (1, "tace_limits")
    form.selectbox(key="chosen_table").set_value(None).run()
    assert len(tables(form)) == len(reference.TABLES)
    assert "table" not in form.query_params


IDS = {"Help", "Place in a case file", "Name in tables", "Link", "Convention", "Time zone"}
"""Columns that hold what is typed into files."""


def test_no_cell_of_the_reference_page_holds_an_id():
    for table in tables(other_page("reference")):
        for row in table[1:]:
            cells = dict(zip(table[0], row, strict=True))
            told = [cell for title, cell in cells.items() if title not in IDS]
            assert [cell for cell in told if re.search(r"[a-z]_[a-z]|\|", cell) and "_lsf" not in cell] == []
        assert not {"Lower", "Upper", "Closed"} & set(table[0])


def test_bounds_of_the_reference_page_say_which_end_belongs_to_them():
    bands = {row[2] for row in tables(other_page("reference", table="score_bands"))[0][1:]}
    assert {"below 2 mg/dL", "from 2 to 3 mg/dL", "above 90 % to 100 %"} <= bands


def test_a_limit_on_the_reference_page_has_disease_intent_and_condition_in_words():
    form = other_page("reference", row="limits.EANM-G-HCC-UNI-NPL120")
    (table,) = tables(form)
    row = dict(zip(*table, strict=True))
    assert row["For"] == "glass; hepatocellular carcinoma (HCC); unilobar treatment"
    assert row["Only when"].startswith("the hepatic reserve is < 30 %")


@pytest.mark.parametrize(
    "row", ["conventions.eanm.Y-90.half_life_h", "devices.glass", "input_rules.lung_mass_kg", "sources.project"]
)
def test_a_link_shows_its_row_only(row):
    (table,) = tables(other_page("reference", row=row))
    assert len(table) == 2


def test_an_address_of_no_row_shows_none():
    form = other_page("reference", row="<script>")
    assert not tables(form)
    assert "No row has this id." in said(form)


def test_the_formulas_are_those_of_the_models():
    form = other_page("reference")
    form.session_state["formulas"] = True
    told = said(form.run())
    assert {model.label for model in MODELS if model.key in ("single_compartment", "lung_limit")} <= set(told)
    assert "Whole normal liver dose" in told


def test_about_says_what_is_not_done_and_how_the_numbers_compare():
    form = other_page("about")
    assert any("no medical device" in text for text in said(form))
    (table,) = tables(form)
    assert sum(int(row[1]) for row in table[1:]) >= 60


def test_the_summary_of_the_golden_tables_is_fresh():
    assert validation_table.PLACE.read_text("utf-8") == validation_table.text(), (
        "python tests/validation_table.py writes it anew"
    )


def test_a_dose_among_many_lesions_opens_its_last_step_and_names_the_place_of_the_others():
    lesions = [{"name": f"L{place}", "volume_ml": 2.0, "tumor_normal_ratio": 2.0} for place in range(60)]
    many = planned(
        changed(
            with_lesions(),
            {"territories[0].lesions": lesions, "territories[0].prescription.target": "normal_perfused"},
        )
    )
    few = planned(with_lesions())
    shown = dose_table(many, worksheets(many))
    assert shown.count("The steps before it stand under Equations.") >= len(lesions)
    assert "Viable mass of lesion L0" not in shown
    assert len(shown) < 60 * 2_000
    assert "The steps before it" not in dose_table(few, worksheets(few))


def test_an_alternative_has_no_delivery_and_taking_it_over_loses_none():
    """What was given belongs to the plan it was planned by: an alternative is not judged by it."""
    form = open_file(opened(), json.dumps(example("segmentectomy-tokyo-delivered")))
    form.run()
    plan = form.session_state["outcome"].plan
    assert plan.case.delivery is not None
    page = comparing(form)
    page.selectbox(key="compare_convention").set_value("aapm").run()
    assert any("Both sides as planned" in text for text in said(page))
    inputs = [row[0] for row in tables(page)[0]]
    assert "Convention" in inputs
    assert not [name for name in inputs if "deliver" in name.lower() or "Assayed" in name]
    assert not [text for text in said(page) if "As delivered" in text]
    other = without_records(alternative(plan.case, {}, "aapm"))
    assert (other.order, other.delivery, other.second_check) == (None, None, None)
    assert other.directive == plan.case.directive
    page.button(key="adopt").click().run()
    adopted = page.session_state["carried"]
    assert {"order", "delivery", "directive"} <= set(adopted)


def test_the_browser_asks_only_where_something_is_not_saved():
    form = opened()

    def scripts():
        return [each.proto.body for each in form.get("html") if each.proto.unsafe_allow_javascript]

    assert scripts() == [leaving.LET_GO]
    form.text_input(key="label").set_value("x").run()
    assert scripts() == [leaving.ASK]
    form = open_file(opened(), json.dumps(example("two-territories")))
    assert scripts() == [leaving.LET_GO]


def is_let_go(form: AppTest, *, acknowledged=None, label=None, turned=False) -> bool:
    """Whether nothing would be lost with a session like this one in which something was changed."""

    def ask() -> None:
        import streamlit as st

        from dosimetry.web.treatments import TACE
        from dosimetry.web.turning import is_every_case_saved, turn_to

        if st.session_state["turned"]:
            turn_to(TACE)
        st.text(str(is_every_case_saved()))

    other = AppTest.from_function(ask)
    for name, value in form.session_state.items():
        other.session_state[name] = value
    other.session_state["turned"] = turned
    if acknowledged is not None:
        other.session_state["acknowledged"] = tuple(acknowledged)
        other.session_state["acknowledged_for"] = other.session_state["label"]
    if label is not None:
        other.session_state["label"] = label
    return other.run().text[0].value == "True"


def test_an_acknowledgement_and_the_case_of_the_other_page_are_lost_as_well():
    form = open_file(opened(), json.dumps(example("two-territories")))
    assert is_let_go(form)
    assert is_let_go(form, turned=True)
    assert not is_let_go(form, acknowledged=[{"finding": "x"}])
    assert not is_let_go(form, label="other")
    assert not is_let_go(form, label="other", turned=True)
