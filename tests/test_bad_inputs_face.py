"""Wrong inputs by their id, typed into the form, pasted, or opened as a file; and that no id is left without a test."""

import io
import json
import re
import zipfile

import pytest
from cases import ROOT, changed, example, full, lobar, planned, problems_at, with_lesions
from form_driver import LUNGS, plain_blanks, standing, worked
from named_ids import ids_of_tests

from dosimetry import CaseError, figures
from dosimetry.plan_file import text_from_plan
from dosimetry.report import FORMATS, render
from dosimetry.web.findings_view import finding_groups
from dosimetry.web.pasting import lines_from_cells
from dosimetry.web.problem_text import sentence
from dosimetry.web.screen import Screen, problems_of, screen_from_file, screen_from_plain
from dosimetry.web.territory_boxes import LESION, TERRITORY

IDS = {
    f"B{number:03}"
    for number in (
        1, 2, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 21, 23, 24, 25, 26, 27, 28, 30, 31, 32, 34, 36,
        38, 42, 44, 45, 47, 48, 49, 51, 52, 53, 55, 56, 57, 59, 60, 89, 90, 91, 93, 95, 97, 98, 99, 100, 101,
        106, 107, 108, 109, 111, 117, 118, 121, 122, 124, 125, 126, 127, 129, 130, 131, 132, 133, 138, 140, 142,
        143
    )
}  # fmt: skip
"""The rows for form, file, text and web that a test can hold."""
CANNOT_APPLY = {
    "B112": "no DICOM is read: a file is JSON, or it is refused by its content",
    "B113": "no DICOM is read",
    "B114": "no DICOM is read",
    "B115": "no DICOM is read, and no volume is computed from images",
    "B116": "no DICOM is read",
    "B120": "no RTF and no Word file is written: a report has one of the endings of FORMATS, and no other",
    "B134": "headers against foreign frames are set by the proxy before the form: SECURITY.md says so",
    "B135": "fifty sessions for ten minutes are a measurement: bench/sessions.py prints it",
    "B139": "other versions of Python and packages are a matter of the continuous integration",
}
"""Rows that no test here can hold, and why."""
PLACE = "territories[0]."


def of_screen(plain: dict, *changes: tuple[str, str]) -> list[str]:
    """What the form says about a case in whose boxes these texts were typed."""
    screen = screen_from_plain(plain)
    territory = screen.territories[0]
    case, inputs, lesion = dict(screen.case), dict(territory.inputs), dict(*territory.lesions[:1])
    for name, text in changes:
        (case if name in case or name.startswith("whole") else lesion if name in LESION.all else inputs)[name] = text
    rows = (territory.__class__(inputs=inputs, lesions=(lesion, *territory.lesions[1:])), *screen.territories[1:])
    typed = Screen(case=case, territories=rows, carried=screen.carried)
    return [sentence(problem, typed) for problem in problems_of(typed)]


TYPED = [
    ("B001", "perfused_volume_ml", "NaN", "Perfused volume must be a number; got 'NaN'"),
    ("B002", "lung_mass_kg", "-Infinity", "Lung mass must be a number; got '-Infinity'"),
    ("B005", "whole_liver_volume_ml", "1.234,5", "Whole liver volume must be a number; got '1.234,5'"),
    ("B005", "whole_liver_volume_ml", "1,234.5", "must be a number; got '1,234.5'"),
    ("B005", "whole_liver_volume_ml", "1 234.5", "must be a number; got '1 234.5'"),
    ("B007", "lung_shunt_fraction", "\u0663", "Lung shunt must be a number; got '\u0663'"),
    ("B008", "target_dose_gy", "0x10", "Dose must be a number; got '0x10'"),
    ("B008", "target_dose_gy", "1e-400", "Dose must be a number; got '1e-400'"),
    ("B008", "lesion_volume_ml", "5-", "Lesion volume must be a number; got '5-'"),
    ("B011", "perfused_volume_ml", "650 mL", "type the number only, without 'mL'"),
    ("B014", "perfused_volume_ml", "9" * 10_000, "longer than any sensible number"),
    ("B021", "target_dose_gy", "12000", "12000 rad is 120 Gy"),
    ("B023", "whole_liver_volume_ml", "1.8", "1.8 L is 1800 mL"),
    ("B024", "perfused_volume_ml", "1800000", "cubic millimeters"),
    ("B027", "lung_mass_kg", "1000", "1000 g is 1 kg"),
    ("B031", "lung_shunt_fraction", "500", "Lung shunt must be in [0 %, 100 %); got 500 %"),
    ("B034", "lung_shunt_fraction", "-0.1", "got -0.1 %"),
    ("B034", "lung_shunt_fraction", "100", "got 100 %"),
    ("B034", "lung_shunt_fraction", "100.1", "got 100.1 %"),
    ("B038", "perfused_volume_ml", "50", "must hold its lesions: they sum to 85 mL; got 50."),
    ("B047", "lesion_volume_ml", "14137", "diameter"),
    ("B048", "tumor_normal_ratio", "0", "must be in (0, 200]; got 0."),
    ("B053", "device", "", "Device is missing"),
    ("B055", "tumor_normal_ratio", "", "is missing; the partition prescription"),
    ("B059", "prescription_target", "", "needs Target; it is missing"),
    ("B121", "label", "a" * 100_000, "at most 200 characters; got 100000"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "said"), [row[1:] for row in TYPED], ids=[row[0] for row in TYPED])
def test_what_is_typed_wrong_is_said_in_the_words_of_the_form(name, text, said):
    told = of_screen(with_lesions(), (name, text))
    assert [line for line in told if said in line], told


def test_a_liver_in_liters_is_told_once():
    """B023: what the liver must hold follows from the slip and would hide it."""
    told = of_screen(with_lesions(), ("whole_liver_volume_ml", "1.8"))
    assert [line for line in told if "must hold all territories" in line] == []
    assert len([line for line in told if line.startswith("Whole liver volume")]) == 1


def test_a_naked_point_is_shown_with_its_zero():
    """B009, B010: 0.5 and never .5, on the page and in every report."""
    form = worked(lung_mass_kg=".95")
    plan = form.session_state["outcome"].plan
    assert plan.case.lung.mass_kg == 0.95
    naked = re.compile(r"(?<![\d.])\.\d")
    assert figures.readable(0.5, 2) == "0.50"
    assert (figures.rounded_down(1.23456, 4), figures.rounded_up(1.23451, 4)) == ("1.234", "1.235")
    assert figures.rounded_down(1.2499999999999998, 4) == "1.250", "one unit in the last place is no smaller number"
    assert figures.rounded_up(2.0000000000000004, 4) == "2.000"
    assert figures.readable(3.0, 2) == "3.00", "figures that stand below each other keep their decimals"
    for ending in (".txt", ".html"):
        shown = re.sub(r"(?s)<style>.*?</style>", "", render(plan, ending).decode())
        assert not naked.search(shown), ending
    assert [metric.value for metric in form.metric] == ["1.54\N{NO-BREAK SPACE}GBq", "1.56\N{NO-BREAK SPACE}GBq"]


def test_a_mass_beside_the_volume_and_a_second_total_of_the_tumor_have_no_field():
    """B025, B042: what would contradict a volume, or a sum of lesions, cannot be said."""
    for path in (f"{PLACE}perfused_mass_kg", f"{PLACE}tumor_volume_ml", f"{PLACE}lesions[0].mass_kg"):
        told = problems_at(changed(with_lesions(), {path: 1.5}), path)
        assert any("the key is not known" in each for each in told), path


@pytest.mark.parametrize(("below", "at", "above"), [("9.99", "10", "10.01"), ("19.99", "20", "20.01")])
def test_both_sides_of_a_line_are_the_same_on_the_page_and_in_every_file(below, at, above):
    """B036: the unrounded value decides; the edge itself is named by its bands: closed at the lower end."""
    case = {"device": "resin", "convention": "eanm", "lung_shunt_fraction": at, "whole_liver_volume_ml": "1600",
            "untreated_tumor_volume_ml": "0", "height_cm": "170", "weight_kg": "70", **LUNGS}  # fmt: skip
    lobe = {"territory_name": "right lobe", "perfused_volume_ml": "1000", "prescription_model": "resin_bsa",
            "resin_reading": "lobe"}  # fmt: skip
    outcomes = []
    form = standing({"label": "x", **case}, [lobe])
    for shunt in (below, at, above):
        form.text_input(key="lung_shunt_fraction").set_value(shunt)
        form.run()
        outcomes.append(form.session_state["outcome"].plan)
    if at == "20":
        assert outcomes[0] is not None
        assert outcomes[1:] == [None, None], "refused from 20 %"
        return
    kept = [plan.territories[0].administered_activity_gbq for plan in outcomes]
    assert kept[1] / kept[0] == pytest.approx(0.8, rel=1e-3)
    assert kept[2] / kept[1] == pytest.approx(1.0, rel=1e-3)
    for plan, activity in zip(outcomes, kept, strict=True):
        assert json.loads(text_from_plan(plan))["territories"][0]["administered_activity_gbq"] == activity
        assert figures.readable(activity, 2) in render(plan, ".txt").decode()


def test_the_result_of_another_device_is_not_that_of_the_first():
    """B056."""
    form = worked()
    before = form.session_state["outcome"].plan
    assert before.case.device == "glass"
    form.selectbox(key="device").set_value("resin").run()
    assert not form.session_state["outcome"].plan or form.session_state["outcome"].plan.case.device == "resin"


PASTED = [
    ("B005", "lobe\t1.234,5", "Perfused volume [mL]: must be a number; got '1.234,5'; use a decimal point"),
    ("B090", "lobe;1,5;partition", None),
    ("B097", "lobe\t=1+1", "must be a number; got '=1+1'."),
    ("B097", "lobe\t1-Mar", "must be a number; got '1-Mar'."),
    ("B007", "lobe\t\uff11\uff12", "must be a number"),
    ("B012", "lobe\ttrue", "must be a number; got 'true'; a number is needed"),
]


@pytest.mark.parametrize(("text", "said"), [row[1:] for row in PASTED], ids=[row[0] for row in PASTED])
def test_a_pasted_cell_that_is_no_number_is_refused(text, said):
    lines, unreadable = lines_from_cells(text, TERRITORY.shown)
    if said is None:  # one cell: nothing is taken for a number, and the name shows what happened
        assert [line.inputs for line in lines] == [{"territory_name": text}]
        return
    assert [line for line in unreadable if said in line]


def test_a_number_with_an_exponent_is_taken_and_shown_as_it_is():
    """B097."""
    lines, unreadable = lines_from_cells("lobe\t1.0E+02", TERRITORY.shown)
    assert unreadable == []
    assert lines[0].inputs["perfused_volume_ml"] == "1.0E+02"
    told = of_screen(with_lesions(), ("perfused_volume_ml", "1.0E+02"))
    assert told == []


def test_headers_and_cells_too_many_are_no_rows_of_the_form():
    """B091: the form reads by place and says how many cells it takes; a header is refused as no number."""
    _, unreadable = lines_from_cells("Territory\tvolume_ml\tvolume_ml", TERRITORY.shown)
    assert any("must be a number; got 'volume_ml'" in line for line in unreadable)


def test_a_file_of_five_megabytes_is_the_most_that_is_taken():
    """B095: the server refuses more before anything is parsed."""
    settings = (ROOT / ".streamlit" / "config.toml").read_text("utf-8")
    assert re.search(r"^maxUploadSize = 5\b", settings, re.MULTILINE)
    long_line = b'{"label": "' + b"x" * 4_000_000 + b'"}'
    with pytest.raises(CaseError):
        screen_from_file(long_line)


def test_a_label_with_everything_a_csv_fears_comes_back_as_it_was():
    """B099."""
    label = "a,b\"c'; \N{SNOWMAN} \N{GRINNING FACE}"
    plan = planned(changed(lobar(), {"label": label}))
    assert json.loads(render(plan, ".json"))["label"] == label
    assert 'a,b""c' in render(plan, ".csv").decode()
    for odd in ("\u202e", "a\nb", "\u2066x", "\u200f"):
        assert problems_at(changed(lobar(), {"label": f"x{odd}y"}), "label"), repr(odd)


def test_a_literal_that_json_does_not_have_is_refused():
    """B101."""
    for word in ("NaN", "Infinity", "-Infinity"):
        with pytest.raises(CaseError, match="must be a number"):
            screen_from_file(json.dumps(lobar()).replace("0.05", word).encode())


def zipped(*members: tuple[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(zipped(("a.json", b"0" * 10_000_000)), id="B109 bomb"),
        pytest.param(zipped(("../../x", b"x"), ("/etc/x", b"x")), id="B109 paths"),
        pytest.param(b"\0" * 128 + b"DICM" + b"\x02\0\0\0", id="B112 DICOM"),
        pytest.param(json.dumps(lobar()).encode("utf-16"), id="B089 UTF-16"),
        pytest.param('{"label": "\u00e4"}'.encode("latin-1"), id="B089 Latin-1"),
        pytest.param(b"[" * 100_000, id="B100 nested"),
    ],
)
def test_what_is_no_case_file_is_refused_by_its_content(content):
    with pytest.raises(CaseError):
        screen_from_file(content)


def test_a_report_has_one_of_five_endings():
    """B120."""
    assert set(FORMATS) == {".pdf", ".html", ".txt", ".csv", ".json"}
    for ending in (".rtf", ".docx"):
        with pytest.raises(ValueError, match="the ending must be one of"):
            render(planned(lobar()), ending)


def test_the_severity_of_a_finding_is_the_same_on_the_page_and_in_the_files():
    """B036: one comparison decides."""
    plan = planned(changed(example("two-territories"), {"lung.shunt_fraction": 0.3, "acknowledged": []}))
    groups = finding_groups(plan)
    stored = json.loads(text_from_plan(plan))["findings"]
    for finding in stored:
        if finding["severity"] == "stop":
            assert plain_blanks(finding["message"])[:40] in plain_blanks(groups.stops)


def test_every_row_of_the_list_has_a_test_or_a_reason():
    texts = (path.read_text("utf-8") for path in (ROOT / "tests").glob("test_*.py"))
    found = {each for text in texts for each in ids_of_tests(text)}
    assert IDS - found == set(), "no test stands for these rows"
    assert not IDS & set(CANNOT_APPLY)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('def test_x():\n    """B900, B901: refused."""\n', {"B900", "B901"}),
        ('ROWS = [("B902", 1)]\n@pytest.mark.parametrize("row", ROWS)\ndef test_x(row):\n    pass\n', {"B902"}),
        ('@each(value=["B903 bomb"])\ndef test_x(value):\n    pass\n', {"B903"}),
        ("def test_b904_is_refused():\n    pass\n", {"B904"}),
        ("def test_x():\n    pass  # B905\n", set()),
        ('def test_x():\n    """Refused, unlike B906."""\n', set()),
        ('ROWS = [("B907", 1)]\ndef test_x():\n    """Nothing is tried with the rows."""\n', set()),
        ('def helper():\n    """B908."""\n', set()),
        ('"""B909."""\n', set()),
    ],
)
def test_a_remark_is_no_test(source, found):
    assert ids_of_tests(source) == found


def test_the_full_case_is_opened_without_a_word():
    assert screen_from_file(json.dumps(full()).encode()).case["label"] == full()["label"]
