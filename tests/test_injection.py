"""Texts that would be a formula, a program, a picture or markup in another place are texts in every export (B098)."""

import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import product

import pandas as pd
import pypdf
import pytest
from cases import LEFT_OUT, changed, example, planned
from form_driver import OUR_TAGS
from tace_cases import ctace

from dosimetry import Plan
from dosimetry.audit.table_writing import csv_text
from dosimetry.report import DELIVERY_FORMATS, FORMATS, ORDER_FORMATS, pdf_report, render
from dosimetry.report.contents import document
from dosimetry.report.csv_report import inert
from dosimetry.report.document import Column, Facts, Heading, Paragraph, Table
from dosimetry.report.worksheet import worksheets
from dosimetry.tace.plan_record import TacePlan
from dosimetry.web.findings_view import finding_groups
from dosimetry.web.result_sections import dose_table, sections

FORMULAS = [
    f"{before}{sign}{body}"
    for before, sign, body in product(
        ("", "a;", "a,", 'a";"', "a|"),
        ("=", "+", "-", "@"),
        ("cmd|' /C calc'!A0", 'HYPERLINK("http://h/x")', "1+1"),
    )
]
MARKUP = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "</td></tr></table><h1>x",
    "</style><script>x",
    "<!--",
    "]]>",
    "<iframe src=//h>",
    "<a href=javascript:alert(1)>x</a>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='x",
    "&lt;script&gt;",
    "&#x3c;b&#x3e;",
    "<details open ontoggle=x>",
    "<base href=//h>",
    "<math><mtext><img src=x>",
    "<link rel=stylesheet href=//h>",
    "<meta http-equiv=refresh content=0>",
    "![](http://h/x?d=s)",
    "[a](javascript:x)",
    ":red[a] :material/home:",
    "$\\frac{a}{b}$",
    "$$x$$",
    "**b** _i_ `c` ~~s~~",
    "# heading",
    "- item",
    "1. item",
    "> quote",
    "| a | b |",
    "---",
    "{{ 7*7 }}",
    "{% for x in y %}",
    "{{ config }}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    '#import "/etc/passwd"',
    '#read("/etc/passwd")',
    '#link("http://h")[x]',
    "#set page(width: 1pt)",
    "#eval(`1`)",
    "\\input{/etc/passwd}",
    "\\write18{id}",
    "{\\field{\\*\\fldinst INCLUDEPICTURE http://h}}",
    "{\\object\\objdata 00}",
    "(x) Tj ET endstream",
    ") /S /JavaScript /JS (x",
    "%PDF-1.7",
    "'; DROP TABLE cases; --",
    "`id` $(id) && id || id",
]
PAYLOADS = [*FORMULAS, *MARKUP]
NUMBERS = r"-?\d[-+.e\d]*(;-?\d[-+.e\d]*)*"
"""A number, or several of one option of an order."""


def hostile(texts: list[str] = PAYLOADS) -> dict:
    """A case that says every payload: label, notes, names and vessels, one lesion for each of the rest."""
    lesions = [{"name": text, "volume_ml": 1, "tumor_normal_ratio": 3} for text in texts]
    return changed(
        example("glass-lobar"),
        {
            "label": PAYLOADS[0],
            "disease": LEFT_OUT,
            "intent": LEFT_OUT,
            "notes": " ".join(MARKUP[:3]),
            "territories[0].name": MARKUP[3],
            "territories[0].vessel": MARKUP[1],
            "territories[0].side": FORMULAS[1],
            "territories[0].lesions": lesions,
        },
    )


@pytest.fixture(scope="module")
def plan():
    return planned(hostile())


class Reader(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.sources: set[str | None] = set()
        self.text = ""
        self.feed(body)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.sources |= {value for name, value in attrs if name in ("src", "srcset")}

    def handle_data(self, data):
        self.text += data


def without_blanks(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_there_are_more_than_a_hundred():
    assert len(set(PAYLOADS)) == len(PAYLOADS) > 100


def hostile_order() -> dict:
    """An order of a territory with every payload for a name, and a lesion called so in it."""
    at = "2026-04-07T09:30[Asia/Tokyo]"
    activity = {"model": "activity", "activity_gbq": 1.0}
    territories = [
        {
            "name": text,
            "perfused_volume_ml": 20,
            "residual_fraction": 0.02,
            "prescription": activity,
            "lesions": [{"name": text, "volume_ml": 5, "tumor_normal_ratio": 3}],
        }
        for text in PAYLOADS
    ]
    planning = {"label": PAYLOADS[0], "disease": LEFT_OUT, "intent": LEFT_OUT, "liver": LEFT_OUT, "device": "glass"}
    order = {
        "tolerance_fraction": 0.1,
        "territories": [{"territory": text, "injection_at": at} for text in PAYLOADS],
        "vial_activities_gbq": [1.0, 1.5],
        "calibrated_at": ["2026-04-05T12:00[America/New_York]"],
    }
    return changed(example("glass-lobar"), {**planning, "territories": territories, "order": order})


def hostile_tace() -> dict:
    """A chemoembolization with a lesion for every payload."""
    lesions = [{"name": text, "volume_ml": 1} for text in PAYLOADS]
    return changed(
        ctace(),
        {"label": PAYLOADS[0], "territories[0].lesions": lesions, "territories[0].name": PAYLOADS[1]},
    )


def acknowledged(plain: dict) -> TacePlan | Plan:
    """The plan of a case in which whatever must be acknowledged is."""
    waiting = planned(plain).unacknowledged
    entries = [
        {name: value for name, value in {"finding": each.id, "value": each.value, "territory": each.territory,
         "lesion": each.lesion}.items() if value is not None} | {"by": "AB", "reason": PAYLOADS[2]}
        for each in waiting
    ]  # fmt: skip
    return planned(changed(plain, {"acknowledged": entries}) if entries else plain)


def audited() -> str:
    """A table of an audit with every payload for the name of a column, in texts, objects and categories."""
    kinds = ("str", "object", "category")
    columns = {text: pd.Series(PAYLOADS, dtype=kinds[place % 3]) for place, text in enumerate(PAYLOADS)}
    return csv_text(pd.DataFrame(columns))


TABLES = {
    "radioembolization": lambda: render(acknowledged(hostile()), ".csv").decode(),
    "order": lambda: render(acknowledged(hostile_order()), ".csv", formats=ORDER_FORMATS).decode(),
    "chemoembolization": lambda: render(acknowledged(hostile_tace()), ".csv").decode(),
    "audit": audited,
}


@pytest.mark.parametrize("kind", TABLES)
def test_no_cell_of_a_csv_begins_a_formula_wherever_a_spreadsheet_cuts_it(kind):
    """B098."""
    cells = [cell for row in csv.reader(io.StringIO(TABLES[kind]())) for cell in row]
    parts = {part: cell for cell in set(cells) for part in re.split(r"[;,|\t\r\n]", cell)}
    run = {part: cell for part, cell in parts.items() if re.match(r"[-=+@]", part)}
    assert [cell for cell in run.values() if not re.fullmatch(NUMBERS, cell)] == []
    assert {inert(text) for text in PAYLOADS} <= set(cells), "a payload was lost or changed beyond its apostrophes"


def test_the_header_of_an_audit_is_as_inert_as_its_cells():
    assert next(csv.reader(io.StringIO(audited()))) == [inert(text) for text in PAYLOADS]


def test_every_format_for_a_spreadsheet_is_among_these():
    """The sheet of what was delivered has no CSV; one that gets it is to be tried above."""
    offered = {"radioembolization": FORMATS, "order": ORDER_FORMATS, "delivery": DELIVERY_FORMATS}
    assert {kind for kind, formats in offered.items() if ".csv" in formats} == {*TABLES} - {
        "chemoembolization",
        "audit",
    }


def test_numbers_of_the_csv_stay_numbers(plan):
    rows = csv.DictReader(io.StringIO(render(plan, ".csv").decode()))
    values = [row["value"] for row in rows if row["description"] not in ("origin",) and row["value"]]
    assert [value for value in values if not re.fullmatch(r"-?\d+(\.\d+)?(e[-+]?\d+)?", value)] == []


def test_the_html_report_says_every_payload_and_runs_none(plan):
    body = render(plan, ".html").decode()
    page = Reader(body)
    assert not page.tags & {"script", "img", "a", "iframe", "link", "base", "object", "embed", "form", "h6"}
    assert not [name for name in page.attributes if name.startswith("on") or name in ("src", "href", "srcdoc")]
    assert "default-src 'none'" in body
    assert [text for text in PAYLOADS if text not in page.text] == []


def test_the_pdf_says_every_payload_in_every_kind_of_block_and_has_no_link_action_or_program(plan):
    blocks = (
        Facts(tuple((text, text) for text in PAYLOADS)),
        Table((Column(PAYLOADS[0], PAYLOADS[1]), Column("x")), tuple((text, text) for text in PAYLOADS)),
        *(block for text in MARKUP for block in (Heading(text, 2), Paragraph(text))),
    )
    made = replace(document(plan), blocks=blocks, label=PAYLOADS[0], title=MARKUP[0], footer=MARKUP[1])
    reader = pypdf.PdfReader(io.BytesIO(pdf_report.render(made, "a4")))
    said = without_blanks("".join(page.extract_text() for page in reader.pages))
    assert [text for text in PAYLOADS if said.count(without_blanks(text)) < 4] == []
    for page in reader.pages:
        assert not {"/AA", "/Annots"} & set(page)
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(reader.trailer["/Root"])
    assert list(reader.attachments) == ["case.json"]


def test_the_text_report_says_every_payload(plan):
    said = without_blanks(render(plan, ".txt").decode())
    assert [text for text in PAYLOADS if without_blanks(text) not in said] == []


def test_the_json_gives_every_payload_back(plan):
    lesions = json.loads(render(plan, ".json"))["case"]["territories"][0]["lesions"]
    assert [lesion["name"] for lesion in lesions] == PAYLOADS


def test_the_page_says_every_payload_and_has_only_our_tags():
    for first in range(0, len(PAYLOADS), 12):
        texts = PAYLOADS[first : first + 12]
        made = planned(hostile(texts))
        groups, sheets = finding_groups(made), worksheets(made)
        parts = [dose_table(made, sheets), groups.stops, groups.cautions, groups.unchecked, groups.remarks]
        page = Reader("".join([*parts, *(section.html for section in sections(made, sheets))]))
        assert page.tags <= OUR_TAGS
        assert not [name for name in page.attributes if name.startswith("on")]
        assert all(source.startswith("data:image/svg+xml;base64,") for source in page.sources)
        said = page.text.replace("\N{NO-BREAK SPACE}", " ")
        assert [text for text in texts if text not in said] == []
