"""Reports: what they print follows from the plan, can be reworked from the printed digits, and is text, never code."""

import csv
import datetime
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pypdf
import pytest
from cases import AT, EXAMPLES, changed, lobar
from hypothesis import given
from hypothesis import strategies as st

from dosimetry import (
    Acknowledgement,
    Case,
    Lesion,
    Liver,
    Lung,
    Plan,
    Prescription,
    ShuntCounts,
    Territory,
    TumorNormalCounts,
    plan,
    read_case,
)
from dosimetry.budgets import budgets
from dosimetry.case_file import case_from_text
from dosimetry.chart_data import dose_charts
from dosimetry.expression import linear
from dosimetry.report import (
    AcknowledgementNeededError,
    dose_drawing,
    numbers,
    pdf_report,
    render,
    render_document,
    write_report,
)
from dosimetry.report.compare_blocks import comparison
from dosimetry.report.contents import document
from dosimetry.report.document import Column, Facts, Heading, Paragraph, Table
from dosimetry.report.finding_blocks import NOT_CHECKED
from dosimetry.report.worksheet import worksheets

HOSTILE = "<script>alert(1)</script> #import $x_1$ ![](http://h/x) *b* {{ 7*7 }}"


def everything() -> Case:
    """A case with counts, necrosis, own densities and shunts, a lesion in two parts and untreated tumor."""
    partition = Prescription(model="partition", target="lesion:A", dose_gy=250)
    counts = TumorNormalCounts(lesion_counts=90_000, lesion_volume_ml=30, normal_counts=41_000, normal_volume_ml=50)
    viable = Lesion(name="A", volume_ml=80, necrotic_volume_ml=20, tumor_normal_counts=counts, density_g_per_ml=1.06)
    planar = ShuntCounts(
        lung_anterior=30_000, lung_posterior=80_500, liver_anterior=900_000, liver_posterior=400_000,
        background_anterior=900, background_posterior=1100, pixels_lung=4000, pixels_liver=3000, pixels_background=500,
    )  # fmt: skip
    return Case(
        label="everything",
        device="glass",
        convention="icrp107",
        liver=Liver(whole_volume_ml=1900, untreated_tumor_volume_ml=25),
        lung=Lung(counts=planar, mass_kg=0.9, previous_dose_gy=2.5),
        territories=(
            Territory(
                name="right",
                perfused_volume_ml=700,
                residual_fraction=0.015,
                lesions=(viable,),
                prescription=partition,
            ),
            Territory(
                name="left",
                perfused_volume_ml=300,
                shunt_fraction=0.031,
                lesions=(Lesion(name="A", volume_ml=12, tumor_normal_ratio=2.6),),
                prescription=Prescription(model="partition", target="normal_perfused", dose_gy=70),
            ),
        ),
        acknowledged=(
            Acknowledgement(
                finding="unusual_lesion_density_g_per_ml@territories[0].lesions[0].density_g_per_ml",
                value=1.06, by="AB", reason="measured",
            ),
        ),
    )  # fmt: skip


def planned(case: Case) -> Plan:
    return plan(case, at=AT)


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def reworked(line: str) -> float:
    """A printed equation side, worked out as a pocket calculator would."""
    return float(eval(line.replace("×", "*").replace("−", "-").replace("√", "sqrt"), {"sqrt": lambda x: x**0.5}))


CASES = [*(read_case(path) for path in EXAMPLES), everything()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_every_worksheet_line_can_be_reworked_from_its_printed_digits(case):
    steps = [step for sheet in worksheets(planned(case)) for step in sheet.steps]
    assert len(steps) >= 6
    for step in steps:
        assert reworked(linear(step.numbers)) == pytest.approx(float(step.value.text), rel=1e-3), step.title


def test_the_worksheet_of_the_two_territories_ends_in_the_published_numbers():
    results = {
        step.title: step.value.text for sheet in worksheets(planned(read_case(EXAMPLES[-1]))) for step in sheet.steps
    }
    assert results["Lung dose"] == "11.2693"
    assert results["Whole normal liver dose"] == "37.7729"
    assert results["Dose of lesion B"] == "199.437"
    assert results["Vial activity"] == "0.829165"


def test_the_first_page_states_device_activities_in_both_units_and_doses():
    first = pypdf.PdfReader(io.BytesIO(render(planned(read_case(EXAMPLES[1])), ".pdf"))).pages[0].extract_text()
    for needed in (
        "glass-lobar",
        "TheraSphere (glass, Y-90)",
        "1.54",
        "41.74",
        "1.56",
        "42.16",
        "110.0",
        "3.1",
        "42.1",
    ):
        assert needed in first, needed
    assert "Planner" in first
    assert "Physician" in first
    assert "page 1 of" in first
    assert "not a medical device" in first


def test_the_same_instant_gives_the_same_bytes_and_another_one_does_not():
    case = read_case(EXAMPLES[0])
    assert render(planned(case), ".pdf") == render(planned(case), ".pdf")
    later = plan(case, at=AT + datetime.timedelta(minutes=1))
    assert render(later, ".pdf") != render(planned(case), ".pdf")


def test_the_pdf_is_pdf_a_3b_and_carries_the_case():
    case = everything()
    reader = pypdf.PdfReader(io.BytesIO(render(planned(case), ".pdf")))
    metadata = reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in metadata
    (attached,) = reader.attachments["case.json"]
    assert case_from_text(attached) == planned(case).case


def test_letter_and_a4_have_their_sizes():
    for page, size in (("a4", (595, 842)), ("letter", (612, 792))):
        box = pypdf.PdfReader(io.BytesIO(render(planned(read_case(EXAMPLES[0])), ".pdf", page=page))).pages[0].mediabox
        assert (round(box.width), round(box.height)) == size


def test_every_page_carries_label_hash_and_page_number():
    result = planned(read_case(EXAMPLES[-1]))
    pages = pypdf.PdfReader(io.BytesIO(render(result, ".pdf"))).pages
    for number, page in enumerate(pages, start=1):
        text = page.extract_text()
        assert result.label in text
        assert result.input_sha256[:12] in text
        assert f"page {number} of {len(pages)}" in text


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert not any(name in ("src", "href", "onclick", "onerror") for name, _ in attrs)

    def handle_data(self, data):
        self.text += data


def html_of(result: Plan) -> _Text:
    reader = _Text()
    reader.feed(render(result, ".html").decode())
    return reader


def test_user_text_is_data_in_every_format():
    result = planned(replace(read_case(EXAMPLES[0]), label=HOSTILE, notes=HOSTILE))
    html = html_of(result)
    assert not html.tags & {"script", "img", "a", "iframe", "link"}
    assert HOSTILE in html.text
    assert HOSTILE in render(result, ".txt").decode()
    assert HOSTILE.replace(" ", "") in re.sub(r"\s", "", pdf_text(render(result, ".pdf")))
    assert json.loads(render(result, ".json"))["label"] == HOSTILE


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_pdf_html_and_text_print_the_same_figures(case):
    result = planned(case)
    figures = re.findall(r"\d+\.\d+", render(result, ".txt").decode())
    html = html_of(result).text
    pdf = re.sub(r"\s", "", pdf_text(render(result, ".pdf")))
    assert len(figures) > 30
    for figure in set(figures):
        assert figure in html, figure
        assert figure in pdf, figure


def test_csv_numbers_stay_numbers_and_texts_are_inert():
    result = planned(replace(read_case(EXAMPLES[-1]), label='=1+1,"x"'))
    rows = list(csv.DictReader(io.StringIO(render(result, ".csv").decode())))
    assert {row["label"] for row in rows} == {'\'=1+1,"x"'}
    doses = {
        (row["territory"], row["lesion"]): float(row["value"])
        for row in rows
        if row["quantity"] == "dose_gy" and row["territory"]
    }
    assert doses == {("segment 8", "A"): 300.0, ("left lobe", "B"): pytest.approx(199.436514, abs=5e-7)}
    assert [row["value"] for row in rows if row["quantity"] == "vial_activity_gbq"][1] == ""


def test_a_report_waits_for_acknowledgements_and_json_does_not():
    case = replace(read_case(EXAMPLES[0]), lung=Lung(shunt_fraction=0.005))
    with pytest.raises(AcknowledgementNeededError, match=r"unusual_lung_shunt_fraction@lung\.shunt_fraction"):
        render(planned(case), ".pdf")
    assert json.loads(render(planned(case), ".json"))["findings"][0]["acknowledgement"] == "needed"
    entry = Acknowledgement(
        finding="unusual_lung_shunt_fraction@lung.shunt_fraction", value=0.005, by="AB", reason="read twice"
    )
    text = render(planned(replace(case, acknowledged=(entry,))), ".txt").decode()
    assert "read twice" in text


def test_a_character_without_a_sign_in_the_fonts_is_refused_by_name():
    case = replace(read_case(EXAMPLES[0]), label="case \N{CJK UNIFIED IDEOGRAPH-6F22}")
    with pytest.raises(ValueError, match="cannot print '\N{CJK UNIFIED IDEOGRAPH-6F22}'"):
        render(planned(case), ".pdf")
    assert "\N{CJK UNIFIED IDEOGRAPH-6F22}" in html_of(planned(case)).text


def test_unknown_endings_and_pages_are_refused():
    result = planned(read_case(EXAMPLES[0]))
    with pytest.raises(ValueError, match=r"ending must be one of \.pdf.*got '\.doc'"):
        render(result, ".doc")
    with pytest.raises(ValueError, match="page must be one of a4, letter; got 'a3'"):
        render(result, ".pdf", page="a3")


def test_write_report_writes_what_render_gives(tmp_path):
    result = planned(read_case(EXAMPLES[0]))
    write_report(result, tmp_path / "report.TXT")
    assert (tmp_path / "report.TXT").read_bytes() == render(result, ".txt")


def test_what_was_not_checked_is_listed_with_its_reason():
    text = " ".join(render(planned(read_case(EXAMPLES[0])), ".txt").decode().split())
    assert "Lung doses are not given: the lung mass is missing and never assumed." in text
    without = replace(read_case(EXAMPLES[0]), disease=None, intent=None)
    text = " ".join(render(planned(without), ".txt").decode().split())
    assert "The disease is not stated: limits and goals that depend on it were not checked." in text
    assert "The intent is not stated: limits and goals that depend on it were not checked." in text


def facts_of(plain: dict) -> dict[str, str]:
    blocks = document(plan(case_from_text(json.dumps(plain)), at=AT)).blocks
    return {name: value for block in blocks if isinstance(block, Facts) for name, value in block.pairs}


def test_what_a_signed_report_must_state_is_stated_or_said_not_to_be():
    bare = facts_of(lobar())
    for name in ("Site", "Mapping", "Extrahepatic deposition", "Laboratory values", "Sources of perfused volumes"):
        assert bare[name] == "not stated", name
    assert bare["Directive"] == "not set"
    assert bare["Planned"] == "2026-07-31 09:30 UTC; reference instant not set"
    assert bare["Sources of tumor-to-normal ratios"] == "no lesion"
    stated = {
        "mapping": {"agent": "maa", "date": "2026-01-10", "same_catheter_position": True},
        "extrahepatic": {"found": False},
        "prior": {"tare": False, "resection": True},
        "patient": {"bilirubin_mg_dl": 0.8, "lab_date": "2026-01-05"},
        "lung": {"shunt_fraction": 0.05, "mass_kg": 1, "previous_dose_gy": 0},
        "territories[0].side": "right",
        "territories[0].vessel": "right hepatic artery",
        "territories[0].segments": ["5", "8"],
        "territories[0].volume_source": "cone_beam_ct",
        "directive": {"territories": [
            {"territory": "right lobe", "target": "perfused", "dose_gy": 110, "until_stasis": True}
        ]},
        "order": {
            "tolerance_fraction": 0.1, "reference_at": "2026-02-03T12:00[Asia/Tokyo]",
            "territories": [{"territory": "right lobe", "injection_at": "2026-02-03T12:00[Asia/Tokyo]"}],
        },
    }  # fmt: skip
    found = facts_of(changed(lobar(), stated))
    assert found["Site"] == "right, right hepatic artery, segments 5, 8"
    assert found["Directive"] == "right lobe: 110\N{NO-BREAK SPACE}Gy perfused volume, or until stasis"
    assert found["Maximum lung dose"] == "this session ≤ 30 Gy (LUNG-SINGLE); all sessions ≤ 50 Gy (LUNG-CUM)"
    assert "2026-02-03" in found["Planned"]
    assert found["Mapping"] == "Tc-99m MAA, 2026-01-10, same catheter position"
    assert found["Extrahepatic deposition"] == "none found"
    assert found["Earlier treatment"] == "radioembolization no, resection yes, systemic therapy not stated"
    assert found["Laboratory values"] == "bilirubin 0.8\N{NO-BREAK SPACE}mg/dL; of 2026-01-05"
    assert found["Sources of perfused volumes"] == "cone-beam CT"


def test_no_equation_runs_off_the_paper_however_many_territories_there_are():
    found = json.loads(EXAMPLES[-1].read_text("utf-8"))
    kept = ("format", "format_version", "label", "device", "convention", "lung", "liver")
    plain = {name: found[name] for name in kept}
    part = {"perfused_volume_ml": 200, "prescription": {"model": "activity", "activity_gbq": 0.1}}
    lesion = {"name": "L", "volume_ml": 10}
    plain["territories"] = [
        {**part, "name": f"part {number}", "lesions": [{**lesion, "tumor_normal_ratio": 2 + number / 10}]}
        for number in range(1, 8)
    ]
    pages = pypdf.PdfReader(io.BytesIO(render(plan(case_from_text(json.dumps(plain)), at=AT), ".pdf"))).pages
    places = []

    def seen(text, matrix, text_matrix, font, size):
        """Where each piece of text begins, in points."""
        if text.strip():
            places.append(text_matrix[4] * matrix[0] + matrix[4])

    for page in pages:
        page.extract_text(visitor_text=seen)
    width, side = float(pages[0].mediabox.width), 18 * 72 / 25.4
    assert side - 1 <= min(places)
    assert max(places) <= width - side


def test_a_report_whose_pages_do_not_settle_is_refused_and_not_numbered_wrongly(monkeypatch):
    restless = b"#context { for place in range(query(heading).len() + 1) [= x] }"
    monkeypatch.setattr(pdf_report, "_template", lambda: restless)
    with pytest.raises(ValueError, match="could not be laid out"):
        pdf_report.render(document(planned(read_case(EXAMPLES[0]))), "a4")


def test_the_first_page_ends_with_the_signatures_and_charts_are_vectors():
    result = planned(read_case(EXAMPLES[-1]))
    reader = pypdf.PdfReader(io.BytesIO(render(result, ".pdf")))
    assert "Physician" in reader.pages[0].extract_text()
    assert sum(len(page.images) for page in reader.pages) == 0, "a chart is no picture of dots"
    body = render(result, ".html").decode()
    assert body.count("<svg") == 1 + len(result.territories)
    assert "planned 0.81" in body.replace("\N{NO-BREAK SPACE}", " ")


def paged(case: Case, page: str = "a4") -> list[str]:
    content = render(planned(case), ".pdf", page=page)
    return [each.extract_text() for each in pypdf.PdfReader(io.BytesIO(content)).pages]


def crowded() -> Case:
    """Two territories of eight lesions each: more doses than the first page holds with its signatures."""
    first = read_case(EXAMPLES[-1])
    typed = Prescription(model="activity", activity_gbq=0.5)
    territories = tuple(
        replace(
            each,
            lesions=tuple(
                Lesion(name=f"L{row}{number}", volume_ml=10, tumor_normal_ratio=2 + row / 10 + number / 20)
                for row in range(8)
            ),
            prescription=typed,
        )
        for number, each in enumerate(first.territories)
    )
    return replace(first, label="crowded", territories=territories, acknowledged=None)


@pytest.mark.parametrize("case", [*CASES, crowded()], ids=lambda case: case.label)
@pytest.mark.parametrize("page", ["a4", "letter"])
def test_whoever_signs_sees_the_activities_on_the_same_page_and_pages_are_counted(case, page):
    pages = paged(case, page)
    for number, text in enumerate(pages, start=1):
        assert f"page {number} of {len(pages)}" in text
    signed = next(text for text in pages if "Physician" in text).replace("\N{NO-BREAK SPACE}", " ")
    assert case.label in signed
    for territory in planned(case).territories:
        gbq, mci = numbers.activity(territory.administered_activity_gbq, numbers.limits_gbq(territory.bounds))
        assert gbq in signed
        assert mci in signed


def test_signatures_without_room_on_the_first_page_follow_on_the_second_with_label_activities_and_doses():
    first, second, *_ = paged(crowded())
    assert "Physician" not in first
    signed = second.partition("Physician")[0].replace("\N{NO-BREAK SPACE}", " ")
    assert "Administered segment 8 0.500 GBq (13.51 mCi); left lobe 0.500 GBq (13.51 mCi)" in " ".join(signed.split())
    assert "Mean doses [Gy] segment 8: perfused" in " ".join(signed.split())
    assert "Inputs" in second.partition("Physician")[2], "the page is not left empty"


@pytest.mark.parametrize("case", [*CASES, crowded()], ids=lambda case: case.label)
def test_no_heading_or_introduction_ends_a_page(case):
    """Where a section goes on after its heading, or after the sentences below it."""
    triples = list(zip(*(document(planned(case)).blocks[start:] for start in range(3)), strict=False))
    openings = {first.text for first, _, _ in triples if isinstance(first, Heading)}
    openings |= {
        second.text
        for first, second, third in triples
        if isinstance(first, Heading) and isinstance(second, Paragraph) and not isinstance(third, Heading | Paragraph)
    }
    for text in paged(case):
        body = " ".join(text.partition(f"{case.label} For trained users")[0].split())
        assert not [opening for opening in openings if body.endswith(" ".join(opening.split()))]


def test_rows_do_not_split_over_pages():
    """Rows of ten lines do not fit where a page ends; each is whole on one page."""
    rows = tuple((str(row), " ".join(f"w{row}x{word}" for word in range(130))) for row in range(30))
    made = replace(
        document(planned(read_case(EXAMPLES[1]))), blocks=(Table((Column("Row"), Column("Words")), rows, (0, 1)),)
    )
    content = render_document(made, ".pdf")
    pages = [each.extract_text() for each in pypdf.PdfReader(io.BytesIO(content)).pages]
    assert len(pages) > 3
    for row, _ in rows:
        (whole,) = [text for text in pages if f"w{row}x0 " in text]
        assert f"w{row}x129" in whole


@pytest.mark.parametrize(
    ("gbq", "bounds", "expected"),
    [
        (0.774, (), ("0.774", "20.92")),
        (0.0123, (), ("0.0123", "0.332")),
        (14.84557565, (), ("14.85", "401.2")),
        (50.4095778, (50.4095778,), ("50.40", "1362")),
        (0.52695467, (0.52695467,), ("0.5269", "14.24")),
        (0.929417, (0.929438,), ("0.929", "25.11")),
        (2.0000000000000004, (2.0,), ("2.00", "54.05")),
        (9.99996, (), ("10.00", "270.3")),
        (0.996, (0.997,), ("0.996", "26.92")),
        (0.53, (0.4,), ("0.530", "14.32")),
        (None, (), ("–", "–")),
    ],
)
def test_an_activity_has_at_most_four_digits_and_never_passes_a_limit_that_it_keeps(gbq, bounds, expected):
    assert numbers.activity(gbq, bounds) == expected


@given(gbq=st.floats(1e-6, 200), share=st.floats(0, 0.5))
def test_no_printed_activity_passes_its_printed_bound(gbq, share):
    bound = gbq * (1 + share**8)
    for own, most in zip(numbers.activity(gbq, (bound,)), numbers.at_bound(bound, "limit"), strict=True):
        assert float(own) <= float(most)
        digits = own.replace(".", "").lstrip("0")
        assert len(digits) <= 4


def test_every_face_prints_the_same_activity_the_same_way():
    """The activity lies just below its bound, so that two decimals would pass it."""
    first = read_case(EXAMPLES[-1])
    case = replace(first, lung=replace(first.lung, mass_kg=1.0011))
    territory = planned(case).territories[0]
    bound = min(numbers.limits_gbq(territory.bounds))
    typed = Prescription(model="activity", activity_gbq=bound)
    at_bound = planned(
        replace(case, territories=(replace(case.territories[0], prescription=typed), case.territories[1]))
    )
    gbq = numbers.activity(bound, [bound])[0]
    assert float(gbq) <= bound < float(f"{bound:.2f}")
    blocks = comparison(at_bound, planned(case), titles=("one", "two"))
    compared = next(block for block in list(blocks)[::-1] if isinstance(block, Table) and block.columns[0].title == "")
    assert gbq in [row[1] for row in compared.rows]
    tables = [block for block in document(at_bound).blocks if isinstance(block, Table)]
    places = [row for table in tables for row in table.rows if any("typed activity" in cell for cell in row)]
    assert len(places) >= 2
    assert all(gbq in row for row in places if row[0].startswith(("segment 8", "typed activity")))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_no_number_in_an_equation_has_more_than_six_digits(case):
    shunted = replace(case, lung=replace(case.lung, shunt_fraction=0.0406846001628, counts=None))
    for sheet in worksheets(planned(shunted)):
        for step in sheet.steps:
            for found in re.findall(r"[0-9]+\.[0-9]+", linear(step.numbers)):
                assert len(found.replace(".", "").lstrip("0")) <= 6, step.title


def test_one_finding_has_one_word_of_severity_in_a_report():
    base = changed(lobar(), {"device": "holmium", "convention": "ho166", "disease": "hcc", "intent": "segmentectomy"})
    made = planned(base)
    told = next(each for each in made.findings if each.id.startswith("no_limit_on_file"))
    assert told.severity == "caution"
    rows = [row for block in document(made).blocks if isinstance(block, Table) for row in block.rows]
    words = {row[0] for row in rows if row[-1].endswith(told.message)}
    assert words == {NOT_CHECKED}


def test_negative_numbers_have_one_minus_sign_and_units_stand_below_titles():
    made = planned(read_case(EXAMPLES[-1]))
    tables = [block for block in document(made).blocks if isinstance(block, Table)]
    cells = [cell for table in tables for row in table.rows for cell in row]
    assert any(cell.startswith("\N{MINUS SIGN}") for cell in cells)
    assert not [cell for cell in cells if re.match(r"-[0-9]", cell)]
    assert not [
        column.title for table in tables for column in table.columns if column.title.endswith((", Gy", ", GBq"))
    ]


def test_words_of_the_upright_lines_stand_above_the_plot_and_are_crossed_by_none():
    for case in (*CASES, crowded()):
        for chart in dose_charts(planned(case)):
            lines, texts = [], []
            for shape in ET.fromstring(dose_drawing.drawn(chart)):
                if shape.get("stroke-dasharray") == "3 3" and shape.tag.endswith("line"):
                    lines.append((float(shape.get("x1")), float(shape.get("y2"))))
                elif (shape.text or "").startswith(("planned", "binds")):
                    texts.append(shape)
            assert len(texts) == len(lines) >= 1
            for text in texts:
                x, y = float(text.get("x")), float(text.get("y"))
                left, right = (x, x + 110) if text.get("text-anchor") == "start" else (x - 110, x)
                assert left >= 0
                assert right <= dose_drawing.WIDTH
                assert not [top for at, top in lines if left < at < right and top < y - 8]


def test_the_budget_adds_up_to_the_doses():
    result = planned(read_case(EXAMPLES[-1]))
    for each in budgets(result):
        assert sum(part.dose_gy for part in each.parts) == pytest.approx(each.dose_gy, rel=1e-12)
        assert [ceiling.bound_gy - each.dose_gy for ceiling in each.ceilings] == pytest.approx(
            [ceiling.room_gy for ceiling in each.ceilings]
        )
    found = {each.compartment: each for each in budgets(result)}
    assert found["lungs"].dose_gy == pytest.approx(11.26933, abs=5e-6)
    assert {"LUNG-SINGLE"} <= {ceiling.limit for ceiling in found["lungs"].ceilings}
    earlier = replace(result.case, lung=replace(result.case.lung, previous_dose_gy=12.5))
    parts = {part.name: part.dose_gy for part in budgets(planned(earlier))[1].parts}
    assert parts["earlier"] == pytest.approx(12.5, rel=1e-12)


def test_inputs_that_would_give_more_are_placed_by_name():
    text = render(planned(read_case(EXAMPLES[1])), ".txt").decode()
    listed = text.partition("Inputs that would give more")[2].partition("Limits and goals that do not apply")[0]
    assert "Add vial age at treatment" in listed
    assert "territories[" not in text
    assert "patient." not in listed


def test_a_vial_is_not_rounded_past_the_activity_that_a_limit_allows():
    """0.9968 GBq of 1.0171 in the vial, with a limit at 0.9973: 1.02 in the vial would give 0.9996."""
    assert numbers.vial(1.0171, 0.996758, ())[0] == "1.02"
    shown = float(numbers.vial(1.0171, 0.996758, (0.99726,))[0])
    assert 1.0165 <= shown <= 0.99726 * 1.0171 / 0.996758
