"""The Audit page without a browser: a table of another department goes in, differences and files come out."""

import io
import tomllib

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dosimetry import audit, plan
from dosimetry.audit import names as audit_names
from dosimetry.audit.mapping import apply, mapping_from
from dosimetry.audit.mapping_text import mapping_text
from dosimetry.audit.row_case import case_of_row
from dosimetry.audit.table_checks import TableError
from dosimetry.audit.tables import Upload
from dosimetry.audit.uploads import MOST_ROWS, check_size, table_of
from dosimetry.audit.worst_rows import row_name
from dosimetry.case_reader import checked
from dosimetry.web import audit_words
from dosimetry.web.labels import as_label

HEADERS = "Patient,Product,LSF (%),Treated vol (cc),Dose Rx (Gy),Lung kg,A given (mCi)"
ROWS = (
    "P1,TheraSphere,4,650,110,1.0,41.74",  # 1.5444 GBq
    "P2,TheraSphere,4,650,110,1.0,38.47",  # multiplied by (1 - LSF) twice: 1.5444 x 0.96^2
    "P3,TheraSphere,4,abc,110,1.0,41.74",
)
FIELDS = ("case_id", "device", "lung_shunt_fraction", "perfused_volume_ml", "target_dose_gy", "lung_mass_kg",
          "recorded_administered_activity_gbq")  # fmt: skip
UNITS = ("", "", "%", "cc", "Gy", "kg", "mCi")
MAPPING = {
    "columns": {
        header: {"field": field}
        | ({"unit": unit} if unit else {})
        | ({"words": {"TheraSphere": "glass"}} if field == "device" else {})
        for header, field, unit in zip(HEADERS.split(","), FIELDS, UNITS, strict=True)
    },
    "constants": {"convention": "eanm", "prescription_model": "single_compartment"},
}


def csv(*rows: str) -> bytes:
    return "\n".join([HEADERS, *rows, ""]).encode()


def page(content: bytes | None = None, name: str = "department.csv") -> AppTest:
    def draw():
        from dosimetry.web.audit_page import audit_page

        audit_page()

    form = AppTest.from_function(draw, default_timeout=60).run()
    return form if content is None else upload(form, content, name)


def upload(form: AppTest, content: bytes, name: str) -> AppTest:
    kind = "application/toml" if name.endswith(".toml") else "text/csv"
    place = 1 if name.endswith(".toml") else 0
    return form.file_uploader[place].set_value((name, content, kind)).run()


def mapped(*rows: str, tolerance: str = "5") -> AppTest:
    """The page with a table, its mapping by file, and a tolerance."""
    form = upload(page(csv(*rows)), mapping_text(mapping_from(MAPPING)).encode(), "mapping.toml")
    form.text_input(key="audit_tolerance").set_value(tolerance).run()
    return form


def audited(*rows: str) -> AppTest:
    return mapped(*rows).button(key="audit").click().run()


def shown(form: AppTest) -> str:
    """Everything the page says."""
    texts = [element.value for kind in (form.text, form.error, form.subheader) for element in kind]
    return "\n".join([*texts, *(block.proto.body for block in form.get("html"))])


def boxed(form: AppTest, label: str):
    return next(box for box in form.selectbox if label in box.label)


def test_a_table_of_another_department_is_mapped_by_hand_and_audited():
    form = page(csv(*ROWS))
    for header, field in zip(HEADERS.split(","), FIELDS, strict=True):
        boxed(form, f"What is {as_label(header)}?").set_value(field)
    form.run()
    for header, unit in zip(HEADERS.split(","), UNITS, strict=True):
        if unit:
            boxed(form, f"Unit of {as_label(header)}").set_value(unit)
    boxed(form, "What does TheraSphere mean?").set_value("glass")
    for name, word in MAPPING["constants"].items():
        boxed(form, f"({name})").set_value(word)
    form.run()
    form.text_input(key="audit_tolerance").set_value("5").run()
    form.button(key="audit").click().run()
    assert not form.exception
    text = shown(form)
    assert "1 of 3 cells will be refused, the first: perfused_volume_ml must be a number; got 'abc'" in text
    assert "Row 2, case P2" in text
    assert "multiplied by (1 - LSF) where one divides, or the reverse" in text
    assert "Row 1, case P1" not in text


def test_the_page_finds_what_the_library_finds():
    form = audited(*ROWS)
    done = form.session_state["audit_done"]
    frame = pd.read_csv(io.BytesIO(csv(*ROWS)), dtype=str)
    expected = audit.compare(audit.replan(apply(frame, mapping_from(MAPPING)), errors="mark"), 0.05)
    pd.testing.assert_frame_equal(done.compared[expected.columns], expected, rtol=0, atol=0)
    assert done.compared["grade"].tolist() == ["agrees", "differs", "refused"]


def test_every_recorded_quantity_has_its_charts():
    lung_dose_gy = "3.07"  # 49.67 x 1.5444 x 0.04 / 1.0
    content = "\n".join([f"{HEADERS},Lungs (Gy)", *(f"{row},{lung_dose_gy}" for row in ROWS), ""]).encode()
    two = MAPPING["columns"] | {"Lungs (Gy)": {"field": "recorded_lung_dose_gy", "unit": "Gy"}}
    form = upload(page(content), mapping_text(mapping_from(MAPPING | {"columns": two})).encode(), "mapping.toml")
    form.text_input(key="audit_tolerance").set_value("5").run()
    form.button(key="audit").click().run()
    assert not form.exception
    headings = ("Recorded against computed: Administered activity", "Recorded against computed: Lung dose")
    assert all(heading.lower() in shown(form).lower() for heading in headings)
    assert "Row 2, case P2" in shown(form)


def test_a_header_is_never_guessed():
    form = page(csv(*ROWS).replace(b"Treated vol (cc)", b"perfused volume ml"))
    assert "did you mean 'perfused_volume_ml'?" in shown(form)
    assert all(box.value is None for box in form.selectbox)


def test_a_unit_is_never_guessed():
    form = page(csv(*ROWS))
    boxed(form, f"What is {as_label('LSF (%)')}?").set_value("lung_shunt_fraction")
    form.run()
    assert "A unit is never guessed." in shown(form)


def test_a_mapping_goes_out_and_comes_in_unchanged():
    mapping = mapping_from(MAPPING | {"constants": {**MAPPING["constants"], "vial_age_h": 7.5}})
    assert mapping_from(tomllib.loads(mapping_text(mapping))) == mapping
    odd = mapping_from({"columns": {'a "b" \\ \x7f \N{GRINNING FACE}\t': {"field": "center"}}})
    assert mapping_from(tomllib.loads(mapping_text(odd))) == odd


def test_a_mapping_of_another_table_is_refused():
    form = page(csv(*ROWS).replace(b"Patient", b"Who"))
    form = upload(form, mapping_text(mapping_from(MAPPING)).encode(), "mapping.toml")
    assert "names 'Patient', which is no column of the table" in shown(form)


def test_a_changed_input_removes_the_old_result():
    form = audited(*ROWS)
    assert "Rows by grade" in shown(form)
    form.text_input(key="audit_tolerance").set_value("20").run()
    assert "Rows by grade" not in shown(form)
    assert "Inputs changed. Audit again." in shown(form)
    form.button(key="audit").click().run()
    assert form.session_state["audit_done"].compared["grade"].tolist() == ["agrees", "agrees", "refused"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (csv(*ROWS).replace(b",", b";"), "separated by semicolons or tabs"),
        (b"a,b\n1,2,3\n", "Is a decimal comma or a comma in a text without quotation marks the cause?"),
        ("a,b\nä,1\n".encode("latin-1"), "is not UTF-8 near line 2"),
        (b"PK\x03\x04 and so on", "a spreadsheet or an archive"),
        (b"", "is empty"),
    ],
    ids=["semicolons", "decimal comma", "latin-1", "spreadsheet", "empty"],
)
def test_what_is_no_table_is_refused_with_a_sentence(content, sentence):
    form = page(content)
    assert "The table was refused." in shown(form)
    assert sentence in shown(form)
    assert not form.exception
    assert not form.button


def test_b095_a_table_that_is_too_large_is_refused_before_it_is_read():
    with pytest.raises(TableError, match="larger than 5 MB"):
        check_size("x.csv", 5 * 2**20 + 1, 5)
    check_size("x.csv", 5 * 2**20, 5)
    with pytest.raises(TableError, match="Use the command dosimetry audit"):
        table_of(Upload("large.csv", b"a\n" + b"1\n" * (MOST_ROWS + 1)))
    many = io.BytesIO()
    pd.DataFrame({"a": pd.Categorical(["x"] * (MOST_ROWS + 1))}).to_parquet(many)
    assert len(many.getvalue()) < 10_000
    with pytest.raises(TableError, match="has 100,001 rows"):
        table_of(Upload("small.parquet", many.getvalue()))


def test_rows_are_filtered_by_grade_and_slip():
    form = audited(*ROWS)
    form.multiselect(key="audit_grades").set_value(["refused"]).run()
    assert "Row 3, case P3" in shown(form)
    assert "Row 2, case P2" not in shown(form)
    form.multiselect(key="audit_grades").set_value([]).run()
    form.selectbox(key="audit_slip").set_value("shunt_multiplied").run()
    assert "Row 2, case P2" in shown(form)
    assert "Row 3, case P3" not in shown(form)
    form.selectbox(key="audit_slip").set_value("density").run()
    assert "No such row." in shown(form)


def test_a_row_opens_as_the_case_that_gives_its_numbers():
    done = audited(*ROWS).session_state["audit_done"]
    case = checked(case_of_row(done.compared, 1))[0]
    assert case.label == "case P2"
    planned = plan(case)
    assert planned.territories[0].administered_activity_gbq == done.compared["administered_activity_gbq"][1]
    assert planned.lung_dose_gy == done.compared["lung_dose_gy"][1]
    without_ids = done.compared.drop(columns="case_id")
    assert case_of_row(without_ids, 1)["label"] == row_name(without_ids, 1).lower() == "row 2"


def test_a_row_of_a_case_opens_with_all_its_territories_and_lesions():
    frame = pd.DataFrame(
        {
            "case_id": [7, 8, 7],
            "device": "resin",
            "convention": "eanm",
            "lung_shunt_fraction": 0.05,
            "territory_name": ["left", "x", "right"],
            "perfused_volume_ml": [300.0, 500.0, 900.0],
            "lesion_volume_ml": [30.0, None, 80.0],
            "tumor_normal_ratio": [3.0, None, 2.0],
            "prescription_model": ["partition", "single_compartment", "partition"],
            "prescription_target": ["lesion:tumor", None, "normal_perfused"],
            "target_dose_gy": [120.0, 100.0, 40.0],
        }
    )
    replanned = audit.replan(frame)
    for place in (0, 2):
        planned = plan(checked(case_of_row(replanned, place))[0])
        assert [territory.name for territory in planned.territories] == ["left", "right"]
        activities = [territory.administered_activity_gbq for territory in planned.territories]
        assert activities == replanned["administered_activity_gbq"][[0, 2]].tolist()


def test_opening_a_row_puts_it_on_the_plan_page():
    form = audited(*ROWS)
    form.selectbox(key="audit_row").set_value(1).run()
    form.button(key="audit_open").click().run()
    assert form.session_state["label"] == "case P2"
    assert form.session_state["device"] == "glass"
    assert form.session_state["lung_shunt_fraction"] == "4"


def test_an_activity_is_shown_in_gbq_with_its_mci():
    assert '<td class="figure">1.423 (38.47)</td>' in shown(audited(*ROWS))


def test_nothing_of_a_table_stays_when_it_is_taken_away():
    form = audited(*ROWS)
    form.button(key="close_audit").click().run()
    assert "audit_table" not in form.session_state
    assert "audit_done" not in form.session_state


def test_every_input_can_be_a_column_and_has_a_label_to_be_chosen_by():
    assert {each.name for each in audit_names.inputs()} < set(audit_words.fields())
    assert all(audit_words.label(name).endswith(f"({name})") for name in audit_words.fields())
