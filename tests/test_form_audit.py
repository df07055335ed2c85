"""The Audit page without a browser: a table of another department goes in, differences and files come out."""

import codecs
import io
import tomllib
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import streamlit
from cases import ROOT
from form_driver import offered, opened
from pyarrow import parquet
from streamlit.testing.v1 import AppTest

from dosimetry import audit, plan
from dosimetry.audit import command
from dosimetry.audit import names as audit_names
from dosimetry.audit.mapping import apply, mapping_from
from dosimetry.audit.mapping_text import mapping_text
from dosimetry.audit.report_lists import mapping_blocks
from dosimetry.audit.row_case import case_of_row, doubts_of_row
from dosimetry.audit.table_checks import TableError
from dosimetry.audit.table_writing import csv_text, parquet_bytes
from dosimetry.audit.tables import Upload, parquet_rows
from dosimetry.audit.uploads import MOST_ROWS, check_size, table_of
from dosimetry.audit.worst_rows import row_name
from dosimetry.case_reader import checked
from dosimetry.models import MODELS
from dosimetry.web import audit_results, audit_words
from dosimetry.web.audit_results import _left_out
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
        from dosimetry.web import guard
        from dosimetry.web.audit_page import audit_page

        guard.guarded(audit_page)

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


def with_mapping(content: bytes, mapping: str, tolerance: str = "5") -> AppTest:
    """The page with a table, a mapping as text, and a tolerance."""
    form = upload(page(content), mapping.encode(), "mapping.toml")
    form.text_input(key="audit_tolerance").set_value(tolerance).run()
    return form


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
    assert "1 of 3 rows will be refused. perfused_volume_ml must be a number; got 'abc'" in text
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


KNOWN = b"""device,convention,lung_shunt_fraction,perfused_volume_ml,prescription_model,target_dose_gy,\
recorded_administered_activity_gbq
TheraSphere,eanm,0.9,650,single_compartment,110,41.7
SIR-Spheres,eanm,0.5,500,resin_bsa,100,30
TheraSphere,eanm,0.8,700,single_compartment,110,47.5
"""
KNOWN_MAPPING = """[columns]
"device" = {field = "device", words = {"TheraSphere" = "glass", "SIR-Spheres" = "resin", "QuiremSpheres" = "holmium"}}
"lung_shunt_fraction" = {field = "lung_shunt_fraction", unit = "%"}
"recorded_administered_activity_gbq" = {field = "recorded_administered_activity_gbq", unit = "mCi"}
"""
PRODUCTS = [f"Product {number}" for number in range(55)]
WORDS = "Product,cc,T/N,Tumor cc,Meant for,Given\n" + "".join(
    f"{product},650,3,80,{'Tumor' if number % 2 else 'Normal'},40\n" for number, product in enumerate(PRODUCTS)
)
WORDS_MAPPING = f"""[columns]
"Product" = {{field = "device", words = {{{", ".join(f'"{each}" = "glass"' for each in PRODUCTS)}}}}}
"cc" = {{field = "perfused_volume_ml", unit = "cc"}}
"T/N" = {{field = "tumor_normal_ratio", words = {{"high" = "5"}}}}
"Tumor cc" = {{field = "lesion_volume_ml", unit = "cc"}}
"Meant for" = {{field = "prescription_target", words = {{"Tumor" = "lesion:tumor", "Normal" = "normal_perfused"}}}}
"Given" = {{field = "recorded_administered_activity_gbq", unit = "mCi"}}

[constants]
convention = "eanm"
prescription_model = "partition"
target_dose_gy = 120
lung_shunt_fraction = 0.05
vial_age_h = 8.0
"""
DEPARTMENT = [(ROOT / "examples" / name).read_bytes() for name in ("department.csv", "department-mapping.toml")]
SAME_BYTES = {
    "department": (csv(*ROWS), mapping_text(mapping_from(MAPPING))),
    "example": (DEPARTMENT[0], DEPARTMENT[1].decode()),
    "names of the library": (KNOWN, KNOWN_MAPPING),
    "many words": (WORDS.encode(), WORDS_MAPPING),
}


@pytest.mark.parametrize("name", SAME_BYTES)
def test_the_page_and_the_command_find_the_same_of_the_same_bytes(name, tmp_path):
    content, mapping = SAME_BYTES[name]
    form = with_mapping(content, mapping).button(key="audit").click().run()
    assert not form.exception
    table, file, output = (tmp_path / each for each in ("t.csv", "m.toml", "out.csv"))
    table.write_bytes(content)
    file.write_text(mapping, encoding="utf-8")
    command.run((table,), output, mapping=file, tolerance=0.05, engine="local", scheduler=None)
    assert csv_text(form.session_state["audit_done"].compared) == output.read_text("utf-8")


@pytest.mark.parametrize("name", SAME_BYTES)
def test_a_mapping_is_saved_as_whole_as_it_was_opened(name):
    content, mapping = SAME_BYTES[name]
    saved, opened = tomllib.loads(saved_mapping(with_mapping(content, mapping))), tomllib.loads(mapping)
    assert saved["columns"] == opened["columns"]
    constants = opened.get("constants", {})
    assert saved.get("constants", {}) == constants
    assert {each: type(value) for each, value in saved.get("constants", {}).items()} == {
        each: type(value) for each, value in constants.items()
    }


def saved_mapping(form: AppTest) -> str:
    """What the button saves that stands below the mapping."""
    return str(offered(form)["audit_save_mapping"])


def test_a_header_that_is_a_name_of_the_library_gets_a_unit_and_words_too():
    form = page(KNOWN)
    boxed(form, f"Unit of {as_label('lung_shunt_fraction')}").set_value("%")
    boxed(form, f"Unit of {as_label('recorded_administered_activity_gbq')}").set_value("mCi")
    for word, own in (("TheraSphere", "glass"), ("SIR-Spheres", "resin")):
        boxed(form, f"What does {as_label(word)} mean?").set_value(own)
    form.run()
    assert mapping_from(tomllib.loads(saved_mapping(form))).columns[0].words == {
        "TheraSphere": "glass",
        "SIR-Spheres": "resin",
    }
    form.text_input(key="audit_tolerance").set_value("5").run()
    form.button(key="audit").click().run()
    compared = form.session_state["audit_done"].compared
    assert compared["lung_shunt_fraction"].tolist() == [0.009, 0.005, 0.008]
    assert compared["is_valid"].tolist() == [True, False, True], "a model by body surface lacks height and weight"


def test_words_beyond_the_boxes_are_told_and_kept():
    form = page(WORDS.encode())
    boxed(form, "What is Product?").set_value("device")
    form.run()
    assert "Product: the first 40 of 55 words have a box here." in shown(form)
    form = with_mapping(WORDS.encode(), WORDS_MAPPING)
    assert "Product: 15 words of the mapping file without a box here" in shown(form)
    assert "Meant for: 2 words of the mapping file without a box here" in shown(form)
    assert "T/N: One word of the mapping file without a box here; it holds as the file says." in shown(form)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('convention = "eanm"', 'convention = "nonsense"', "convention must be one of"),
        ("vial_age_h = 8.0", 'vial_age_h = "eight"', "vial_age_h must be a number"),
        ("vial_age_h = 8.0", 'prior_tare = "maybe"', "prior_tare must be one of true, false; got 'maybe'."),
        (
            '"Product 0" = "glass"',
            '"Product 0" = "glas"',
            "'Product': 'Product 0' stands for 'glas'; it must be",
        ),
        ("vial_age_h = 8.0", "perfused_volume_ml = 5", "'perfused_volume_ml' is filled twice"),
        ('"cc" = ', '"ccm" = ', "names 'ccm', which is no column of the table"),
        ("[columns]", "x = " + "[" * 3000, ""),
    ],
    ids=["choice", "number", "flag", "word", "twice", "header", "nested"],
)
def test_what_a_mapping_file_says_and_no_row_can_be_read_with_is_a_sentence(old, new, sentence):
    form = upload(page(WORDS.encode()), WORDS_MAPPING.replace(old, new, 1).encode(), "mapping.toml")
    assert "The mapping file was not opened." in shown(form)
    assert sentence in shown(form)
    assert not form.exception
    assert all(box.value is None for box in form.selectbox), "nothing of a refused file is taken"


@pytest.mark.parametrize(
    "line", ['"cc" = {field = ["case_id"]}', '"cc" = {field = "device", words = ["glass"]}', '"cc" = 5']
)
def test_no_mapping_file_leaves_the_page_empty(line):
    form = upload(page(WORDS.encode()), f"[columns]\n{line}\n".encode(), "mapping.toml")
    assert not form.exception
    assert form.error
    assert "What is Product?" in [box.label for box in form.selectbox]


def test_another_mapping_removes_the_old_result():
    form = audited(*ROWS)
    boxed(form, "What does TheraSphere mean?").set_value("resin").run()
    assert "Rows by grade" not in shown(form)
    assert "Inputs changed. Audit again." in shown(form)


def test_another_table_takes_the_place_of_the_first_and_of_its_result():
    form = audited(*ROWS)
    form = upload(form, csv(ROWS[0]), "second.csv")
    assert "second.csv, 1 row" in shown(form)
    assert "department.csv" not in shown(form)
    assert "audit_done" not in form.session_state
    assert all(box.value is None for box in form.selectbox)
    form = upload(form, mapping_text(mapping_from(MAPPING)).encode(), "mapping.toml")
    assert "Rows by grade" not in shown(form)
    form.button(key="audit").click().run()
    assert len(form.session_state["audit_done"].compared) == 1


def audited_in_a_session() -> AppTest:
    """The audit of three rows in a session that shows another page while ``elsewhere`` is true."""

    def draw():
        import streamlit as st

        from dosimetry.web.audit_page import audit_page

        if not st.session_state.get("elsewhere"):
            audit_page()

    form = upload(AppTest.from_function(draw, default_timeout=60).run(), csv(*ROWS), "department.csv")
    form = upload(form, mapping_text(mapping_from(MAPPING)).encode(), "mapping.toml")
    form.text_input(key="audit_tolerance").set_value("5").run()
    form.button(key="audit").click().run()
    return form


def test_table_mapping_and_result_stay_while_another_page_is_shown():
    form = audited_in_a_session()
    before = shown(form)
    form.session_state["elsewhere"] = True
    assert "Rows by grade" not in shown(form.run())
    form.run()
    form.session_state["elsewhere"] = False
    assert shown(form.run()) == before
    assert "Rows by grade" in before


def test_the_choice_of_rows_stays_while_another_page_is_shown():
    form = audited_in_a_session()
    form.multiselect(key="audit_grades").set_value(["differs"])
    form.selectbox(key="audit_slip").set_value("shunt_multiplied").run()
    form.session_state["elsewhere"] = True
    form.run().run()
    form.session_state["elsewhere"] = False
    form.run()
    assert form.multiselect(key="audit_grades").value == ["differs"]
    assert form.selectbox(key="audit_slip").value == "shunt_multiplied"


def test_the_report_of_the_page_says_how_the_table_was_read():
    html = offered(audited(*ROWS))["audit_download_html"]().decode()
    assert "How the tables were read" in html
    assert "TheraSphere is glass" in html


def test_a_report_of_a_table_that_was_read_as_it_is_has_no_empty_list_of_headers():
    assert not list(mapping_blocks(mapping_from({})))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"[constants]\nlung_mass_kg = " + b"1" * 5_000, "map.toml: the mapping is nested too deep, or holds a number"),
        (b"x = " + b"[" * 3_000, "map.toml: the mapping is nested too deep"),
        ("[constants]\ndevice = 'glass'".encode("utf-16"), "map.toml: the mapping cannot be read as TOML"),
        (b"[columns", "map.toml: the mapping cannot be read as TOML"),
    ],
    ids=["long number", "nested", "UTF-16", "no TOML"],
)
def test_a_mapping_file_that_cannot_be_read_is_refused_by_its_name(content, sentence):
    form = upload(page(csv(*ROWS)), content, "map.toml")
    assert not form.exception
    assert sentence in shown(form)


def test_a_mapping_file_is_read_with_and_without_its_byte_order_mark():
    mapping = mapping_text(mapping_from(MAPPING)).encode()
    form = upload(page(csv(*ROWS)), codecs.BOM_UTF8 + mapping, "map.toml")
    assert "The mapping file was not opened." not in shown(form)
    assert "Treated vol (cc): 1 of 3 rows will be refused" in shown(form)


def test_an_upload_above_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(streamlit, "get_option", lambda name: 1)
    form = page(csv(*ROWS) + b"P4,TheraSphere,4,650,110,1.0,41.74\n" * 40_000)
    assert "department.csv is larger than 1 MB." in shown(form)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_no_row_of_a_csv_is_dropped_however_its_lines_end(end):
    lines = end.join(["a,b", *["1,2"] * MOST_ROWS, ""])
    assert len(table_of(Upload("x.csv", lines.encode()))) == MOST_ROWS
    with pytest.raises(TableError, match="more than 100,000 rows"):
        table_of(Upload("x.csv", f"{lines}1,2{end}".encode()))


def test_a_small_parquet_file_of_a_very_large_table_is_refused_before_it_is_held():
    table = pa.table({"a": pa.array(["x" * 2_500] * MOST_ROWS)})
    held = io.BytesIO()
    parquet.write_table(table, held, store_schema=False)
    del table
    assert len(held.getvalue()) < 40_000
    before = pa.total_allocated_bytes()
    pa.default_memory_pool().release_unused()
    with pytest.raises(TableError, match="takes more than 200 MB when it is read"):
        table_of(Upload("bomb.parquet", held.getvalue()))
    assert pa.total_allocated_bytes() - before < 10_000_000


def as_parquet(table: pa.Table, **how) -> Upload:
    held = io.BytesIO()
    parquet.write_table(table, held, **how)
    return Upload("bomb.parquet", held.getvalue())


@pytest.mark.parametrize(
    ("of_column", "sentence"),
    [
        (pa.array([[[]] * 400] * 2_000, pa.list_(pa.list_(pa.int8()))), "'a0' holds values of the kind list<"),
        (pa.array([{"x": 1}]), "kind struct<"),
        (pa.array([[("x", 1)]], pa.map_(pa.string(), pa.int8())), "kind map<"),
        (pa.array([b"x"]), "kind binary, which is no number, text, date, nor true or false"),
        (pa.array([b"x"]).dictionary_encode(), "kind binary"),
        (pa.array([Decimal("1.5")] * 50_000, pa.decimal128(38, 10)), "takes more than 200 MB"),
        (pa.array(["ab"] * 50_000), "takes more than 200 MB"),
        (pa.array([20_000] * 50_000, pa.date32()), "takes more than 200 MB"),
    ],
    ids=["lists", "records", "maps", "bytes", "bytes by their number", "decimals", "texts", "dates"],
)
def test_a_parquet_file_of_many_small_objects_is_refused_before_it_is_held(of_column, sentence):
    """A cell of a few bits in the file is an object of a hundred bytes in memory."""
    upload = as_parquet(pa.table({f"a{place}": of_column for place in range(100)}))
    assert len(upload.content) < 2_000_000
    with pytest.raises(TableError, match=sentence):
        table_of(upload)


def test_a_parquet_file_may_hold_every_kind_that_a_cell_of_a_table_can_have():
    kinds = {
        "whole": pa.array([1, None]), "number": pa.array([1.5, None]), "decimal": pa.array([Decimal("1.5"), None]),
        "text": pa.array(["a", None]), "word": pa.array(["a", None]).dictionary_encode(), "empty": pa.nulls(2),
        "flag": pa.array([True, None]), "day": pa.array([20_000, None], pa.date32()),
        "instant": pa.array([0, None], pa.timestamp("ms", "UTC")), "time": pa.array([0, None], pa.time32("s")),
    }  # fmt: skip
    assert list(table_of(as_parquet(pa.table(kinds))).columns) == list(kinds)


def test_a_parquet_file_with_too_many_columns_or_two_of_a_name_is_refused():
    many = [f"c{each}" for each in range(201)]
    for names, sentence in ((list("aa"), "stands more than once"), (many, "201 columns")):
        held = io.BytesIO()
        parquet.write_table(pa.table([[1.0]] * len(names), names=names), held)
        with pytest.raises(TableError, match=sentence):
            table_of(Upload("x.parquet", held.getvalue()))
    with pytest.raises(TableError, match="201 columns"):
        table_of(Upload("x.csv", f"{','.join(many)}\n{','.join('1' * 201)}".encode()))


def test_a_parquet_file_is_read_as_the_command_reads_it():
    frame = pd.DataFrame({"a": [1.5, None, 3.0] * 9000, "b": ["x", None, "z"] * 9000, "c": [1, 2, 3] * 9000})
    held = io.BytesIO()
    frame.to_parquet(held, row_group_size=7000)
    upload = Upload("x.parquet", held.getvalue())
    pd.testing.assert_frame_equal(table_of(upload), parquet_rows(upload, 0, len(frame)))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("-3", "more than 0 % and less than 100 %; got -3 %"),
        ("100", "got 100 %"),
        ("0", "got 0 %"),
        ("5 percent", "must be a number"),
    ],
)
def test_a_tolerance_that_is_none_is_refused_in_percent(typed, sentence):
    form = mapped(*ROWS, tolerance=typed)
    assert sentence in shown(form)
    assert "audit" not in [button.key for button in form.button]


def test_a_tolerance_that_may_be_a_fraction_is_asked_about():
    form = mapped(*ROWS, tolerance="0.05")
    assert "0.05 % is very small. Was 5 % meant? Then type 5." in shown(form)
    assert "audit" not in [button.key for button in form.button]
    form.checkbox[0].check().run()
    form.button(key="audit").click().run()
    assert form.session_state["audit_done"].tolerance == 0.0005
    assert "very small" not in shown(mapped(*ROWS, tolerance="0.5"))


def test_a_table_without_records_is_told_so_in_words_of_the_page():
    form = with_mapping_without_record()
    assert "No column holds a record yet." in shown(form)
    assert "compare needs" not in shown(form)


def with_mapping_without_record() -> AppTest:
    columns = {header: entry for header, entry in MAPPING["columns"].items() if header != "A given (mCi)"}
    mapping = mapping_text(mapping_from(MAPPING | {"columns": columns}))
    return upload(page(csv(*ROWS)), mapping.encode(), "mapping.toml")


def test_fields_stand_beside_the_headers_of_the_department():
    form = mapped(*ROWS)
    assert "Treated vol (cc): 1 of 3 rows will be refused" in shown(form)
    assert "<td>Treated vol (cc)</td><td>perfused_volume_ml</td>" in shown(form)


def test_models_are_chosen_by_their_labels():
    form = page(csv(*ROWS))
    assert {model.label for model in MODELS} <= set(boxed(form, "(prescription_model)").options)
    assert "lung_limit" not in boxed(form, "(prescription_model)").options


def test_a_refused_row_opens_with_the_reasons_on_top():
    rows = ("P3,TheraSphere,4,abc,110,1.0,41.74", "P3,TheraSphere,5,650,110,1.0,41.74", "P4,Glass?,4,650,110,1.0,41.74")
    compared = audited(*rows).session_state["audit_done"].compared
    told = "\n".join(doubts_of_row(compared, 1))
    assert told.startswith("The audit refused case P3:")
    assert "Row 1: perfused_volume_ml must be a number; got 'abc'" in told
    assert "Row 1: Perfused volume was left empty, because it cannot be read." in told
    assert "The rows disagree on Lung shunt (0.04, 0.05); what the first of them holds is shown." in told
    assert "Row 3: Device was left empty, because it cannot be read." in doubts_of_row(compared, 2)
    assert doubts_of_row(audited(*ROWS).session_state["audit_done"].compared, 1) == ()


def test_a_refused_row_says_so_on_the_plan_page():
    form = audited(*ROWS)
    form.multiselect(key="audit_grades").set_value(["refused"]).run()
    form.selectbox(key="audit_row").set_value(2).run()
    form.button(key="audit_open").click().run()
    form = plan_page_of(form)
    assert "Mend this case before its numbers are used." in [element.value for element in form.warning]
    assert "perfused_volume_ml must be a number; got 'abc'" in shown(form)
    form.text_input(key="lung_mass_kg").set_value("1.1").run()
    form.button(key="undo").click().run()
    assert "perfused_volume_ml must be a number; got 'abc'" in shown(form), "another change is undone"
    form.button(key="new").click().run()
    assert "perfused_volume_ml must be a number" not in shown(form)


def plan_page_of(form: AppTest) -> AppTest:
    """The Plan page with the label, and the doubts, that a session holds."""
    other = opened()
    for key in ("label", "doubts"):
        other.session_state[key] = form.session_state[key]
    return other.run()


def test_rows_that_are_not_listed_are_counted_by_grade():
    compared = pd.DataFrame({"grade": ["far"] * 60 + ["refused"] * 3})
    text = _left_out(compared, np.arange(63))
    assert text.startswith("50 of 63 rows are shown, the largest difference first. Not shown: 10 far, 3 refused.")


def test_pooled_tumors_of_several_territories_stay_apart():
    frame = pd.DataFrame(
        {
            "case_id": [1, 1],
            "device": "glass",
            "convention": "eanm",
            "lung_shunt_fraction": 0.05,
            "territory_name": ["left", "right"],
            "perfused_volume_ml": [300.0, 900.0],
            "lesion_volume_ml": [30.0, 80.0],
            "tumor_normal_ratio": [3.0, 2.0],
            "prescription_model": "partition",
            "prescription_target": "lesion:tumor",
            "target_dose_gy": [120.0, 200.0],
        }
    )
    replanned = audit.replan(frame)
    planned = plan(checked(case_of_row(replanned, 0))[0])
    assert [lesion.name for each in planned.territories for lesion in each.lesions] == ["tumor 1", "tumor 2"]
    activities = [territory.administered_activity_gbq for territory in planned.territories]
    assert activities == replanned["administered_activity_gbq"].tolist()


def test_ids_that_are_lists_and_cells_that_are_no_text_break_nothing():
    frame = pd.DataFrame({"case_id": [[1], [2]], "device": [b"\xff", "glass"], "problems": ["no", ""]})
    assert row_name(frame, 1) == "Row 2, case [2]"
    assert case_of_row(frame, 1)["label"] == "case [2]"
    assert doubts_of_row(frame, 0)[0] == "The audit refused case [1]:"
    assert "\\xff" in csv_text(frame)
    assert parquet_bytes(frame)


def test_what_goes_wrong_in_a_file_of_an_audit_is_told_by_an_id(monkeypatch):
    form = audited(*ROWS)
    monkeypatch.setattr(audit_results, "csv_text", lambda frame: "".join(frame["SENTINEL-4711"]))
    with pytest.raises(RuntimeError, match="error id"):
        offered(form.run())["audit_download_csv"]()
