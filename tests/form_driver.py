"""The form without a browser: typing and choosing by widget key, and reading what the page shows of it."""

from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import streamlit
from cases import ROOT
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from dosimetry.web import downloads, leaving
from dosimetry.web.prescribing import TARGET, with_target, without_resting
from dosimetry.web.rows import Numbers, key
from dosimetry.web.screen import Screen, TerritoryRow, is_chosen, names
from dosimetry.web.territory_boxes import LESION, TERRITORY

# Every AppTest would read the metadata of all installed packages to find components; the form has none.
manifest_scanner.scan_component_manifests = lambda *_, **__: []

# No file has to wait for a run of the page here: none goes on beside the test.
downloads._SETTLES_S = 0.0

OWNER = "lesion_territory"
"""In the rows below, the territory a lesion is typed into."""

LUNGS = {"lung_mass_kg": "1.0", "previous_lung_dose_gy": "0"}
WORKED = {
    "glass-lobar": (
        {"device": "glass", "convention": "eanm", "lung_shunt_fraction": "4", "whole_liver_volume_ml": "1700",
         "untreated_tumor_volume_ml": "0", **LUNGS},
        [{"territory_name": "right lobe", "perfused_volume_ml": "650", "prescription_model": "single_compartment",
          "target_dose_gy": "110", "residual_fraction": "1"}],
        [],
        {"administered": 1.544464, "vial": 1.560065, "perfused": 110.0, "lung": 3.068542, "whole normal": 42.058824},
        ["1.54\N{NO-BREAK SPACE}GBq", "1.56\N{NO-BREAK SPACE}GBq"],
        {"perfused volume": "110.0", "lungs": "3.1", "whole normal liver": "42.1"},
    ),
    "resin-two-lesions": (
        {"device": "resin", "convention": "eanm", "lung_shunt_fraction": "7", "whole_liver_volume_ml": "1600",
         "untreated_tumor_volume_ml": "0", **LUNGS, "lung_mass_kg": "0.9"},
        [{"territory_name": "right lobe", "perfused_volume_ml": "1100", "prescription_model": "partition",
          "prescription_target": "normal_perfused", "target_dose_gy": "40"}],
        [{"lesion_territory": "right lobe", "lesion_name": "A", "lesion_volume_ml": "90", "tumor_normal_ratio": "4.0"},
         {"lesion_territory": "right lobe", "lesion_name": "B", "lesion_volume_ml": "35", "tumor_normal_ratio": "2.5"}],
        {"administered": 1.268739, "perfused": 51.727273, "A": 160.0, "B": 100.0, "lung": 4.901422,
         "whole normal": 26.440678},
        ["1.27\N{NO-BREAK SPACE}GBq", "\N{EN DASH}"],
        {"perfused volume": "51.7", "lesion A, viable": "160.0", "lesion B, viable": "100.0", "lungs": "4.9",
         "whole normal liver": "26.4"},
    ),
    "two-territories": (
        {"device": "glass", "convention": "eanm", "lung_shunt_fraction": "11", "whole_liver_volume_ml": "1850",
         "untreated_tumor_volume_ml": "0", **LUNGS},
        [{"territory_name": "segment 8", "perfused_volume_ml": "240", "prescription_model": "partition",
          "prescription_target": "lesion:A", "target_dose_gy": "300", "residual_fraction": "2"},
         {"territory_name": "left lobe", "perfused_volume_ml": "520", "prescription_model": "activity",
          "prescribed_activity_gbq": "1.25"}],
        [{"lesion_territory": "segment 8", "lesion_name": "A", "lesion_volume_ml": "60", "tumor_normal_ratio": "3.2"},
         {"lesion_territory": "left lobe", "lesion_name": "B", "lesion_volume_ml": "18", "tumor_normal_ratio": "2"}],
        {"administered": 0.812582, "vial": 0.829165, "perfused": 145.3125, "A": 300.0, "B": 199.436514,
         "lung": 11.26933, "whole normal": 37.772892},
        ["0.813\N{NO-BREAK SPACE}GBq", "0.829\N{NO-BREAK SPACE}GBq", "1.25\N{NO-BREAK SPACE}GBq", "\N{EN DASH}"],
        {"lesion A, viable": "300.0", "lesion B, viable": "199.4", "lungs": "11.3", "whole normal liver": "37.8"},
    ),
}  # fmt: skip
"""The worked cases: inputs of the case, of territories and of lesions, results as printed, activities and doses."""
NOT_NUMBERS = ["1,5", "5 mCi", "\uff11\uff12", "nan", "NaN", "1e999", "1e-400", "1_000", "1 234", "0x10", "--5", "true"]

OUR_TAGS = {"h4", "p", "ul", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "div", "span",
            "details", "summary", "a", "i", "sub", "sup",
            "figure", "img"}  # fmt: skip
"""Every tag that the page writes as HTML."""


def opened() -> AppTest:
    """The form as it first stands."""
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()


def enter(form: AppTest, case: dict[str, str], territories: list[dict], lesions: list[dict] = ()) -> AppTest:
    """Type and choose by widget key; a lesion is added to the territory it names."""
    fill(form, case)
    while len(form.session_state["rows"]) < len(territories):
        form.button(key="add_territory").click().run()
    for numbers, row in zip(form.session_state["rows"], territories, strict=True):
        fill(form, row, numbers.territory)
    for lesion in lesions:
        owner = next(row.territory for row in form.session_state["rows"] if name_of(form, row) == lesion[OWNER])
        number = add_lesion(form, owner)
        fill(form, {name: text for name, text in lesion.items() if name != OWNER}, number)
    return form.run()


def fill(form: AppTest, texts: dict[str, str], number: int | None = None) -> None:
    """Type and choose inputs of the case, or of the row of this number; a model is chosen first, it draws others."""
    if "prescription_model" in texts:
        form.selectbox(key=key("prescription_model", number)).set_value(texts["prescription_model"]).run()
    for name, text in texts.items():
        box = form.selectbox if is_chosen(name) or name == TARGET else form.text_input
        box(key=name if number is None else key(name, number)).set_value(text)


def add_lesion(form: AppTest, territory: int) -> int:
    """The number of a new lesion in the territory of a number."""
    form.button(key=f"add_lesion_{territory}").click().run()
    return next(row.lesions[-1] for row in form.session_state["rows"] if row.territory == territory)


def name_of(form: AppTest, row: Numbers) -> str:
    return form.text_input(key=key("territory_name", row.territory)).value


def numbers_of(form: AppTest) -> list[int]:
    """The numbers of all rows: every territory followed by its lesions."""
    return [number for row in form.session_state["rows"] for number in (row.territory, *row.lesions)]


def typed_in(name: str) -> AppTest:
    """A worked case, typed box by box."""
    case, territories, lesions, *_ = WORKED[name]
    return enter(opened(), {"label": name, **case}, territories, lesions)


def worked(name: str = "glass-lobar", **changes: str) -> AppTest:
    """A worked case that stands in the boxes, as after typing; ``changes`` of inputs of the case."""
    case, territories, lesions, *_ = WORKED[name]
    return standing({"label": name, **case, **changes}, territories, lesions)


def standing(case: dict[str, str], territories: list[dict], lesions: list[dict] = ()) -> AppTest:
    """The form with these texts in its boxes: drawn once, and so much faster than typing."""
    form = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    state, rows, last = form.session_state, [], 0
    for name, text in case.items():
        state[name] = text
    for territory in territories:
        own = [each for each in lesions if each[OWNER] == territory["territory_name"]]
        numbers = range(last + 1, last + 2 + len(own))
        for number, row in zip(numbers, [territory, *own], strict=True):
            for name, text in row.items():
                if name != OWNER:
                    state[key(name, number)] = text
        rows.append(Numbers(numbers[0], tuple(numbers[1:])))
        last = numbers[-1]
    state["rows"], state["last_row"] = tuple(rows), last
    return form.run()


def said(form: AppTest) -> list[str]:
    """Every text on the page that is not part of a widget."""
    plain = [element.value for kind in (form.text, form.error, form.warning, form.caption) for element in kind]
    return [*plain, *(text for page in pages(form) for text in page.texts)]


class Page(HTMLParser):
    """What a person reads in a piece of HTML: its texts, and its tables as rows of cells."""

    BLOCKS = ("p", "h4", "dt", "dd", "summary", "th", "td", "div", "li")

    def __init__(self, body: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.tags: set[str] = set()
        self.in_cell = self.in_opened = False
        self.feed(body)

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.in_cell = False

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag in ("tr", "table"):
            self.in_opened = ("class", "opened") in attrs
        if self.in_opened and tag in ("tr", "td"):  # how a figure was computed: text below a row, and no row
            self.texts.append("")
            return
        self.in_cell = self.in_cell or tag in ("td", "th")
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        if tag in self.BLOCKS:
            self.texts.append("")

    def handle_data(self, data):
        data = plain_blanks(data)
        if self.texts:
            self.texts[-1] += data
        if self.in_cell:
            self.tables[-1][-1][-1] += data


def plain_blanks(text: str) -> str:
    """A text with plain blanks: the page keeps units by their figures."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


OUR_SCRIPTS = (leaving.ASK, leaving.LET_GO)
"""All that may be run on a page, to the letter."""


def pages(form: AppTest) -> list[Page]:
    """What is read on the page; a script is none of that, and where it is none of ours it is left to be found."""
    bodies = [element.proto.body for element in form.get("html")]
    return [Page(body) for body in bodies if body not in OUR_SCRIPTS and not body.startswith("<style>")]


def tables(form: AppTest) -> list[list[list[str]]]:
    """Every table on the page, its titles in the first row."""
    return [table for page in pages(form) for table in page.tables]


_OFFERED = "offered"
_download_button = streamlit.download_button


def _noting(label: str, **inputs):
    """Without a server a button has nowhere to put its file: what would make it is kept for `offered`."""
    streamlit.session_state[_OFFERED] = {**streamlit.session_state.get(_OFFERED, {}), inputs["key"]: inputs["data"]}
    return _download_button(label, **inputs)


streamlit.download_button = _noting


def offered(form: AppTest) -> dict[str, Callable[[], bytes]]:
    """By its key what every button on the page makes that saves a file, where it is not disabled."""
    drawn = [button.proto.id for button in form.get("download_button") if not button.proto.disabled]
    noted = form.session_state[_OFFERED] if drawn else {}
    return {key: make for key, make in noted.items() if any(each.endswith(f"-{key}") for each in drawn)}


def shows_a_result(form: AppTest) -> bool:
    return bool(form.metric or form.get("download_button") or form.get("vega_lite_chart") or tables(form))


def open_file(form: AppTest, content: bytes | str) -> AppTest:
    file = ("case.json", content if isinstance(content, bytes) else content.encode(), "application/json")
    return form.file_uploader[0].set_value(file).run()


def screen_of(form: AppTest, *, counted: bool = False) -> Screen:
    """What stands on the page; or only what counts, without what another model takes."""
    state = form.session_state
    rows = tuple(map(with_target, rows_of(form)))
    if counted:
        rows = tuple(replace(row, inputs=without_resting(row.inputs)) for row in rows)
    return Screen(
        case=typed(form, names("case")),
        territories=rows,
        carried=state.get("carried", {}),
        acknowledged=state.get("acknowledged", ()),
    )


def rows_of(form: AppTest) -> tuple[TerritoryRow, ...]:
    """What stands in the rows of the page, without empty ones."""
    found = [
        TerritoryRow(
            inputs=typed(form, TERRITORY.all, row.territory),
            lesions=tuple(filter(None, (typed(form, LESION.all, number) for number in row.lesions))),
        )
        for row in form.session_state.get("rows", ())
    ]
    return tuple(row for row in found if row.inputs or row.lesions)


def typed(form: AppTest, wanted: tuple[str, ...], number: int | None = None) -> dict[str, str]:
    keys = {name: name if number is None else key(name, number) for name in wanted}
    state = form.session_state
    return {name: state[kept] for name, kept in keys.items() if state.get(kept)}


def acknowledge(form: AppTest, by: str = "AB", reason: str = "measured") -> AppTest:
    for box in form.text_input:
        if box.key and box.key.startswith("acknowledge_"):
            box.set_value(by if box.label == "Initials" else reason)
    return form.button(key="acknowledge").click().run()
