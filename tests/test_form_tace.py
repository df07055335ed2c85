"""The TACE page without a browser: golden rows typed by widget key, files, units, errors, two pages in one session."""

import json

import pytest
from cases import LEFT_OUT, ROOT, TACE_EXAMPLES, changed, example, lobar
from golden import rows as golden_rows
from golden_tace import tace_case
from streamlit.testing.v1 import AppTest
from tace_cases import bland, ctace, deb, full
from test_form import acknowledge, fill, open_file, pages, said, shows_a_result, switch_unit, tables

from dosimetry import plan, read_case
from dosimetry.case_file import case_from_text, plain_from_case
from dosimetry.report.tace_allocation import HEADLINE
from dosimetry.web.plain_values import pruned, same
from dosimetry.web.screen import EARLIER, case_of, names, plain_from_screen, screen_from_file, screen_from_plain
from dosimetry.web.sections import BODY_SIZE
from dosimetry.web.tace_inputs import CARRIER, CHOICES, DOSE, DRUG, FOLDS, LESION, PARTITION, PATIENT, TERRITORY
from dosimetry.web.treatments import TACE

GOLDEN = {row["case_id"]: row for row in golden_rows("tace")}
FIRST = ("technique", "protocol", "partition_asked")
"""What decides which other inputs are drawn."""


def opened(page: str = "tace") -> AppTest:
    """One session with both pages, of which one is on the screen."""

    def draw():
        import streamlit as st

        from dosimetry.web.plan_page import plan_page
        from dosimetry.web.tace_page import tace_page
        from dosimetry.web.treatments import TREATMENTS
        from dosimetry.web.turning import turn_to

        page = st.session_state["shown_page"]
        turn_to(TREATMENTS["tare" if page == "plan" else page])
        {"plan": plan_page, "tace": tace_page}[page]()

    form = AppTest.from_function(draw, default_timeout=30)
    return turned(form, page)


def turned(form: AppTest, page: str) -> AppTest:
    form.session_state["shown_page"] = page
    return form.run()


def plan_of(form: AppTest):
    return form.session_state["outcome"].plan


def opened_with(plain: dict) -> AppTest:
    return open_file(opened(), json.dumps(plain))


def typed_in(plain: dict) -> AppTest:
    """A case typed and chosen by widget key, box by box."""
    screen = screen_from_plain(plain)
    form = opened()
    for name in ("technique", "protocol"):
        if name in screen.case:
            form.selectbox(key=name).set_value(screen.case[name]).run()
    if screen.case.get("partition_asked"):
        next(each for each in form.toggle if each.label == "Estimate where the carrier goes").set_value(True).run()
    fill(form, {name: text for name, text in screen.case.items() if name not in FIRST})
    for row in screen.earlier:
        form.button(key="add_earlier").click().run()
        fill(form, row, form.session_state["earlier_rows"][-1])
    for place, territory in enumerate(screen.territories):
        if place:
            form.button(key="add_territory").click().run()
        number = form.session_state["rows"][place].territory
        fill(form, territory.inputs, number)
        for lesion in territory.lesions:
            form.button(key=f"add_lesion_{number}").click().run()
            fill(form, lesion, form.session_state["rows"][place].lesions[-1])
    return form.run()


# Golden rows by key


@pytest.mark.parametrize(
    ("case_id", "metrics", "cells"),
    [
        ("CTACE-50", {"Planned dose": "90.91 mg"}, {"Dose by the protocol": "90.91 mg"}),
        ("CTACE-CAP", {"Planned dose": "150 mg"}, {"Dose by the protocol": "178.5 mg", "After the cap": "150.0 mg"}),
        ("CTACE-BILI-15", {"Planned dose": "45.45 mg"}, {"After bilirubin": "45.45 mg"}),
        ("CUM-DOX-SESSIONS", {"Anthracyclines in all": "373.3 mg/m2"}, {}),
        ("DEB-MILAN-OUT", {"Planned dose": "150 mg", "Vials": "2", "Beads": "4 mL"}, {}),
        ("DEB-PARTIAL-DELIVERY", {"Injected": "90 mg"}, {}),
        ("PART-SEGMENT", {"Planned dose": "75 mg"}, {"lesion A": "34.8", "normal liver": "40.2"}),
    ],
)
def test_a_golden_row_that_is_typed_shows_its_numbers(case_id, metrics, cells):
    row = {name: text for name, text in GOLDEN[case_id].items() if text and not name.startswith("expect_")}
    plain = tace_case(row)
    form = typed_in(plain).run()
    assert same(pruned(plain), pruned(plain_from_case(plan_of(form).case)))
    if plan_of(form).unacknowledged:
        form = acknowledge(form)
    shown = {metric.label: metric.value.replace("\N{NO-BREAK SPACE}", " ") for metric in form.metric}
    assert {label: shown[label] for label in metrics} == metrics
    found = {line[0] or line[1]: line[1] for table in tables(form) for line in table}
    found |= {line[1]: line[3] for table in tables(form) for line in table if len(line) == 8}
    assert {label: found[label] for label in cells} == cells


# Files


@pytest.mark.parametrize("make", [ctace, deb, bland, full])
def test_a_case_is_the_same_on_the_screen_and_in_its_file(make):
    screen = screen_from_file(json.dumps(make()).encode())
    plain, unreadable = plain_from_screen(screen)
    assert not unreadable
    assert plain == make()


@pytest.mark.parametrize("path", TACE_EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_opened_and_planned_as_the_library_plans_it(path):
    form = opened()
    form.selectbox(key="example").set_value(path.stem)
    form = form.button(key="open_example").click().run()
    assert plan_of(form).case == read_case(path)
    assert plan_of(form).planned_mg == plan(read_case(path)).planned_mg
    assert [button.label for button in form.get("download_button")] == ["PDF", "HTML", "Text", "CSV", "JSON"]


def test_every_input_of_the_case_has_a_place_on_the_page():
    drawn = {"label", *CHOICES, *PATIENT.names, *DRUG, *DOSE, *CARRIER, *PARTITION, "cardiotoxic_before"}
    drawn |= {name for fold in FOLDS for group in fold.groups for name in group.names}
    assert drawn | {"partition_asked"} == set(names("case", TACE))
    assert set(TERRITORY.all) - {"segments"} == set(names("territory", TACE))
    assert set(LESION.all) == set(names("lesion", TACE))
    assert names(EARLIER, TACE) == ("earlier_drug", "earlier_dose_mg_per_m2")
    assert set(BODY_SIZE) <= drawn


@pytest.mark.parametrize(
    ("page", "content", "told", "address"),
    [
        ("tace", lobar, "It is the case of a radioembolization; the Plan page plans it.", "./"),
        ("plan", ctace, "It is the case of a chemoembolization; the TACE page plans it.", "tace"),
    ],
)
def test_the_case_of_the_other_treatment_is_refused_with_a_link(page, content, told, address):
    form = open_file(opened(page), json.dumps(content()))
    assert "The file was not opened." in said(form)
    assert told in said(form)
    assert any(f'href="{address}"' in element.proto.body for element in form.get("html"))
    form = open_file(form, json.dumps(content() if page == "plan" else ctace()) if page == "tace" else "{")
    assert told not in said(form)


def test_new_clears_everything_and_undo_brings_it_back():
    form = opened_with(deb())
    form = form.button(key="new").click().run()
    assert form.text_input(key="label").value == ""
    assert form.session_state["earlier_rows"] == ()
    form = form.button(key="undo").click().run()
    assert plan_of(form.run()).vials == 2


def test_an_earlier_dose_that_is_removed_is_undone():
    form = opened_with(ctace())
    number = form.session_state["earlier_rows"][0]
    form = form.button(key=f"remove_earlier_{number}").click().run()
    assert plan_of(form.run()).earlier_anthracycline_mg_per_m2 == 0
    form = form.button(key="undo").click().run()
    assert plan_of(form.run()).earlier_anthracycline_mg_per_m2 == 80


# Inputs and results


def test_bilirubin_in_micromoles_leads_to_the_same_dose():
    form = opened_with(changed(ctace(), {"patient.bilirubin_mg_dl": 1.5}))
    form = switch_unit(form, "bilirubin_mg_dl", "\N{MICRO SIGN}mol/L")
    assert form.text_input(key="bilirubin_mg_dl").value == "25.656"
    assert plan_of(form.run()).case.patient.bilirubin_mg_dl == pytest.approx(1.5, rel=1e-12)
    form.text_input(key="bilirubin_mg_dl").set_value("55")
    assert plan_of(form.run()).bilirubin_part == 0.25


def test_the_result_follows_a_changed_input():
    form = opened_with(ctace())
    before = plan_of(form)
    form.text_input(key="oil_ml").set_value("11").run()
    after = plan_of(form)
    assert (before.oil_ml, after.oil_ml) == (10, 11)
    assert any(after.input_sha256[:12] in line for line in said(form))


def test_what_is_missing_is_said_in_words_and_beneath_the_boxes():
    form = opened_with(changed(ctace(), {"drug.dose_mg_per_m2": 90, "patient.height_cm": 1.7}))
    form = form.run()
    texts = said(form)
    assert any(text.startswith("Dose per body surface must be within the range of its protocol") for text in texts)
    marks = "".join(element.proto.body for element in form.get("html") if element.proto.body.startswith("<style>"))
    assert ".st-key-dose_mg_per_m2::after" in marks
    assert ".st-key-height_cm::after" in marks
    assert not any("doxorubicin_50_75_m2" in text or "dose_mg_per_m2" in text for text in texts)


def test_an_earlier_dose_that_is_no_number_is_refused_by_its_place():
    form = opened_with(ctace())
    number = form.session_state["earlier_rows"][0]
    form.text_input(key=f"earlier_dose_mg_per_m2_{number}").set_value("1OO")
    assert any("Earlier anthracycline 1: Earlier dose must be a number" in text for text in said(form.run()))


def test_every_step_and_its_change_is_shown():
    form = opened_with(ctace()).run()
    steps = next(table for table in tables(form) if table[0][:2] == ["Step", "Result"])
    assert [row[:3] for row in steps[1:]] == [
        ["Body surface", "1.818 m2", "\N{EN DASH}"],
        ["Dose by the protocol", "90.91 mg", "\N{EN DASH}"],
        ["After bilirubin", "45.45 mg", "\N{MINUS SIGN}45.45 mg"],
        ["After the cap", "45.45 mg", "none"],
        ["In whole vials, rounded down", "40.00 mg", "\N{MINUS SIGN}5.453 mg"],
    ]


def test_a_stop_waits_for_initials_and_a_reason():
    form = opened_with(changed(ctace(), {"oil.volume_ml": 16})).run()
    assert not form.metric
    form = acknowledge(form, "AB", "discussed")
    assert {metric.label for metric in form.metric} >= {"Planned dose", "Iodized oil"}
    assert plan_of(form).case.acknowledged[0].reason == "discussed"


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("fraction_injected", "0.9", "Part injected is 0.9 %. Was a fraction typed where a percentage was asked for"),
        ("bilirubin_mg_dl", "0.15", "Total bilirubin is 0.15 mg/dL. Is the decimal point right,"),
    ],
)
def test_a_slip_that_is_typed_waits_for_initials_and_a_reason(name, text, told):
    form = opened_with(changed(ctace(), {"as_treated": {"fraction_injected": 0.9}}))
    fill(form, {name: text})
    form = form.run()
    assert not form.metric
    assert told in "\n".join(said(form))
    assert acknowledge(form, "AB", "seen").metric


def test_the_estimate_is_shown_only_when_it_is_asked_for():
    form = opened_with(ctace()).run()
    assert HEADLINE in said(form)
    assert "Carrier estimate" in [tab.label for tab in form.tabs]
    next(each for each in form.toggle if each.label == "Estimate where the carrier goes").set_value(False).run()
    assert any("Kept, but not used before the estimate is asked for" in text for text in said(form))
    form = form.run()
    assert plan_of(form).allocation == ()
    assert "Carrier estimate" not in [tab.label for tab in form.tabs]
    assert HEADLINE not in said(form)


def test_no_dose_in_gray_stands_on_the_page():
    form = opened_with(ctace()).run()
    shown = " ".join([*said(form), *(text for page in pages(form) for text in page.texts)])
    assert not [word for word in (" Gy", "GBq", "TCP", "safe") if word in shown]


def test_inputs_that_would_give_more_are_asked_for():
    form = opened_with(changed(ctace(), {"patient.age_years": LEFT_OUT, "staging": LEFT_OUT})).run()
    told = next(text for text in said(form) if text.startswith("To see more:"))
    assert "Add age to see: iodized oil of one session, over 65 years with cardiovascular" in told
    assert "Milan criteria (under 'Laboratory values and tumors, for scores and limits')." in told


def test_what_the_technique_has_no_use_for_is_not_drawn_unless_something_stands_in_it():
    form = opened()
    form.selectbox(key="technique").set_value("deb").run()
    assert "oil_ml" not in {box.key for box in form.text_input}
    assert "bead_size" in {box.key for box in form.selectbox}
    form.selectbox(key="technique").set_value("ctace").run()
    assert "bead_size" not in {box.key for box in form.selectbox}
    form = opened_with(ctace())
    form.selectbox(key="technique").set_value("deb").run()
    assert "oil_ml" in {box.key for box in form.text_input}


# Two pages in one session


def test_the_case_of_each_page_waits_while_the_other_is_on_the_screen():
    form = opened_with(ctace()).run()
    made = plan_of(form)
    form = turned(form, "plan")
    assert form.text_input(key="label").value == ""
    assert not shows_a_result(form)
    form = open_file(form, json.dumps(example("two-territories")))
    form = form.run()
    assert len(form.session_state["rows"]) == 2
    tare = plan_of(form)
    form = turned(form, "tace")
    assert plan_of(form) is made
    assert form.text_input(key="label").value == "ctace-doxorubicin"
    assert form.metric[0].label == "Planned dose"
    form = turned(form, "plan")
    assert plan_of(form) is tare
    assert form.button(key="undo").disabled is False


def test_both_treatments_of_a_patient_show_the_same_scores():
    staging = {"tumor_count": 2, "largest_tumor_cm": 4.0, "vascular_invasion": False}
    tare = changed(example("two-territories"), {"patient": ctace()["patient"], "staging": staging})
    found = []
    for page, plain in (("tace", changed(ctace(), {"staging": staging})), ("plan", tare)):
        form = open_file(opened(page), json.dumps(plain))
        form = acknowledge(form) if plan_of(form).unacknowledged else form
        assert "Scores" in [tab.label for tab in form.tabs]
        [shown] = [section.html for section in form.session_state["outcome"].view.sections if section.title == "Scores"]
        found.append(shown)
    assert found[0] == found[1]
    assert "A5" in found[0]


def test_the_form_starts_with_the_page_of_chemoembolization_among_its_pages():
    form = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    assert not form.exception
    assert case_of(screen_from_plain(ctace())) == case_from_text(json.dumps(ctace()))


def protocols_offered(form: AppTest) -> list[str]:
    return form.selectbox(key="protocol").options


def test_protocols_are_those_of_the_technique_and_the_drug():
    form = opened()
    assert len(protocols_offered(form)) == 19
    form.selectbox(key="technique").set_value("ctace").run()
    assert len(protocols_offered(form)) == 13
    form.selectbox(key="drug_name").set_value("doxorubicin").run()
    assert len(protocols_offered(form)) == 5
    assert all(each.startswith("doxorubicin") for each in protocols_offered(form))


def test_a_protocol_that_no_longer_fits_stays_and_why_is_told():
    form = opened()
    fill(form, {"technique": "ctace", "drug_name": "doxorubicin", "protocol": "doxorubicin_50_fixed"})
    assert not form.error
    form.selectbox(key="drug_name").set_value("cisplatin").run()
    assert form.selectbox(key="protocol").value == "doxorubicin_50_fixed"
    told = ["The drug of this protocol is doxorubicin, and cisplatin is chosen: which is meant?"]
    assert [each.value for each in form.error] == [*told, "No result: one problem to mend."]
    form.selectbox(key="drug_name").set_value("doxorubicin").run()
    assert not form.error
