"""The reference tables: every number has a source, and what the tables say is what the code reads."""

import math
import re
import shutil

import pytest
from cases import ROOT, changed, lobar, planned
from golden import rows, tables

from dosimetry import conventions, reference
from dosimetry.case_fields import leaves
from dosimetry.models import MODELS
from dosimetry.quantities import QUANTITIES
from dosimetry.reference import ReferenceDataError, read_rows

HEADER = (
    "nuclide,name,energy_lower_gy_kg_per_gbq,energy_upper_gy_kg_per_gbq,half_life_lower_h,half_life_upper_h,"
    "source_id,locator,evidence,verified"
)
ROW = "Y-90,yttrium-90,48,51,63.5,65,icrp-107,index record,evaluation,yes"
TABLED = {"device", "convention", "territories[].prescription.model"}
"""Fields whose words are the rows of a table or the models themselves."""

REFUSED = {
    "an unknown column": (HEADER + ",color", [ROW + ",blue"], "unknown, missing or repeated column 'color'"),
    "a missing column": (HEADER.replace(",name", ""), [ROW.replace(",yttrium-90", "")], "column 'name'"),
    "a repeated column": (HEADER + ",name", [ROW + ",again"], "column 'name'"),
    "a row too long": (HEADER, [ROW + ",more"], "line 2: the row does not have 10 cells"),
    "a row too short": (HEADER, [ROW.rpartition(",")[0]], "line 2: the row does not have 10 cells"),
    "the same key twice": (HEADER, [ROW, ROW], "line 3: the key .*stands in an earlier row"),
    "no source": (HEADER, [ROW.replace("icrp-107", "")], "line 2: source_id '' is not in sources.csv; no number"),
    "an unknown source": (HEADER, [ROW.replace("icrp-107", "hearsay")], "source_id 'hearsay' is not in sources.csv"),
    "no place in the source": (HEADER, [ROW.replace("index record", "")], "line 2: a locator is needed"),
    "no known evidence": (HEADER, [ROW.replace("evaluation", "rumor")], "evidence must be one of .*; got 'rumor'"),
    "no number": (HEADER, [ROW.replace("48", "forty-eight")], "energy_lower_gy_kg_per_gbq must be a number"),
    "a decimal comma": (HEADER, [ROW.replace("63.5", '"63,5"')], "half_life_lower_h must be a number"),
    "not a number": (HEADER, [ROW.replace("48", "nan")], "must be a number"),
    "an empty number": (HEADER, [ROW.replace("48", "")], "must be a number"),
    "neither yes nor no": (HEADER, [ROW.replace(",yes", ",maybe")], "verified must be yes or no"),
}  # fmt: skip


def test_a_good_row_is_read():
    [row] = read_rows([HEADER, ROW], name="nuclides")
    assert (row.nuclide, row.energy_upper_gy_kg_per_gbq, row.verified) == ("Y-90", 51.0, True)


@pytest.mark.parametrize(("header", "lines", "rule"), REFUSED.values(), ids=REFUSED)
def test_a_table_with_a_fault_does_not_load(header, lines, rule):
    with pytest.raises(ReferenceDataError, match=rule) as caught:
        read_rows([header, *lines], name="nuclides")
    assert str(caught.value).startswith("nuclides.csv")


def test_a_source_needs_an_id_and_a_citation():
    header = "source_id,kind,citation,doi,read,note"
    with pytest.raises(ReferenceDataError, match="a source needs a source_id and a citation"):
        read_rows([header, "someone,series,,,yes,"], name="sources")


def test_every_table_is_read_and_every_table_has_a_reader():
    assert {path.stem for path in reference.folder().glob("*.csv")} == set(reference.TABLES)


def all_rows():
    """Every row of every table but the sources themselves."""
    return [row for name in reference.TABLES if name != "sources" for row in reference.table(name)]


def test_every_source_is_used():
    used = {row.source_id for row in all_rows()} | {row["source_id"] for table in tables() for row in rows(table)}
    assert {source.source_id for source in reference.sources()} - used == set()


def test_a_verified_row_has_a_source_that_somebody_read():
    read = {source.source_id: source.read for source in reference.sources()}
    assert [row for row in all_rows() if row.verified and not read[row.source_id]] == []


def test_rules_of_our_own_are_never_verified_clinical_numbers():
    assert [row for row in all_rows() if row.source_id == "project" and row.verified] == []


def test_every_field_of_the_case_has_a_rule_and_every_rule_a_field():
    paths = [rule.path for rule in reference.input_rules()]
    assert sorted(paths) == sorted(leaf.path for leaf in leaves())
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("leaf", [leaf for leaf in leaves() if leaf.field.choices], ids=lambda leaf: leaf.path)
def test_the_choices_of_a_rule_are_the_words_of_its_type(leaf):
    rule = next(rule for rule in reference.input_rules() if rule.path == leaf.path)
    assert list(reference.choices(rule.name)) == [str(word) for word in leaf.field.choices]
    assert all(reference.choices(rule.name).values())


def test_no_other_rule_has_choices():
    open_ = {leaf.path for leaf in leaves() if not leaf.field.choices}
    assert [rule.name for rule in reference.input_rules() if rule.choices and rule.path in open_ - TABLED] == []


@pytest.mark.parametrize("rule", reference.input_rules(), ids=lambda rule: rule.name)
def test_a_number_has_a_name_with_its_unit_and_a_range_that_makes_sense(rule):
    kind = next(leaf.field.kind for leaf in leaves() if leaf.path == rule.path)
    ranged = rule.lower is not None or rule.upper is not None
    assert rule.label
    assert ranged <= (kind in (int, float))
    assert None in (rule.lower, rule.upper) or rule.lower < rule.upper
    endings = {"mL": "_ml", "kg": "_kg", "Gy": "_gy", "GBq": "_gbq", "cm": "_cm", "h": "_h", "g/mL": "_g_per_ml"}
    assert rule.name.endswith(endings.get(rule.unit, ""))


@pytest.mark.parametrize("table", [reference.slips, reference.unusual_intervals], ids=lambda table: table.__name__)
def test_hints_and_intervals_are_about_inputs(table):
    fields = [rule for name in reference.INPUT_TABLES for rule in reference.input_rules(name)]
    numbers = {rule.name for rule in fields if rule.lower is not None or rule.upper is not None}
    assert {row.name for row in table()} <= numbers


def test_limits_are_about_quantities_in_their_unit():
    units = {quantity.name: quantity.unit for quantity in QUANTITIES}
    for limit in reference.limits():
        assert limit.quantity in units
        expected = {"%": "", "found": ""}.get(limit.unit, limit.unit)
        assert units[limit.quantity] == expected
        assert limit.comparator in ({"="} if limit.kind == "target" else {"<", "<=", ">", ">="})
        assert limit.severity in {"", "stop", "caution", "note"}


@pytest.mark.parametrize("device", reference.devices(), ids=lambda device: device.device)
def test_a_device_has_a_nuclide_that_has_a_convention(device):
    assert device.nuclide in {nuclide.nuclide for nuclide in reference.nuclides()}
    assert conventions.convention_names(device.nuclide)


CONSTANTS = {
    ("eanm", "Y-90"): (49.67, 64.1, 1.03),
    ("aapm", "Y-90"): (49.38, 64.1, 1.03),
    ("glass_label", "Y-90"): (50, 64.1, 1.03),
    ("icrp107", "Y-90"): (49.771, 64.1, 1.03),
    ("ho166", "Ho-166"): (15.87, 26.8, 1.06),
}


def test_the_conventions_hold_these_constants_and_no_others():
    names = ("energy_gy_kg_per_gbq", "half_life_h", "tissue_density_g_per_ml")
    nuclides = [nuclide.nuclide for nuclide in reference.nuclides()]
    pairs = [(name, nuclide) for nuclide in nuclides for name in conventions.convention_names(nuclide)]
    stated = {pair: conventions.constants_of(*pair) for pair in pairs}
    assert {pair: tuple(round(values[name], 3) for name in names) for pair, values in stated.items()} == CONSTANTS
    assert {len(values) for values in stated.values()} == {3}


def test_the_computed_convention_is_no_rounded_number():
    """0.93310 MeV in 64.10 h of half-life."""
    assert conventions.constants_of("icrp107", "Y-90")["energy_gy_kg_per_gbq"] == pytest.approx(49.7707, abs=5e-5)


def test_a_plan_prints_the_source_of_each_constant():
    for constant in planned(lobar()).constants:
        assert "convention eanm: " in constant.source
        assert constant.locator


def test_the_models_have_names_and_inputs_of_the_case():
    known = {rule.name for rule in reference.input_rules()}
    assert len({model.key for model in MODELS}) == len(MODELS)
    assert all(set(model.inputs) <= known and model.label for model in MODELS)


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of the tables that the fingerprint is taken of."""
    folder = tmp_path / "tables"
    shutil.copytree(reference.folder(), folder)
    monkeypatch.setattr(reference, "folder", lambda: folder)
    reference.fingerprint.cache_clear()
    yield folder
    reference.fingerprint.cache_clear()


def test_the_fingerprint_is_twelve_digits_of_the_tables(copied):
    assert re.fullmatch(r"[0-9a-f]{12}", reference.fingerprint())


def test_the_fingerprint_does_not_see_how_lines_end(copied):
    before = reference.fingerprint()
    for path in copied.glob("*.csv"):
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    reference.fingerprint.cache_clear()
    assert reference.fingerprint() == before


@pytest.mark.parametrize("table", sorted(reference.TABLES))
def test_the_fingerprint_sees_one_changed_digit_in_any_table(copied, table):
    before = reference.fingerprint()
    path = copied / f"{table}.csv"
    path.write_text(re.sub(r"\d", lambda digit: str(9 - int(digit[0])), path.read_text("utf-8"), count=1), "utf-8")
    reference.fingerprint.cache_clear()
    assert reference.fingerprint() != before


def test_the_fingerprint_sees_a_moved_row(copied):
    before = reference.fingerprint()
    path = copied / "limits.csv"
    header, first, second, *others = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([header, second, first, *others]), "utf-8")
    reference.fingerprint.cache_clear()
    assert reference.fingerprint() != before


def test_the_tables_stand_beside_the_package_in_a_checkout():
    assert reference.folder() == ROOT / "reference_data"


def altered(table: str, old: str, new: str) -> list[str]:
    """The lines of a table as it is, with one text in it changed; it must stand there."""
    text = (ROOT / "reference_data" / f"{table}.csv").read_text("utf-8")
    assert old in text
    return text.replace(old, new, 1).splitlines()


SENSELESS = [
    ("limits", "lung_dose_gy,<=,30,Gy", "lung_dose_gy,<=,30,%", "the bound of lung_dose_gy is in Gy; got '%'"),
    ("limits", "lung_dose_gy,<=,30,Gy", "lung_dose_gy,<=,-30,Gy", "bound must not be negative; got -30"),
    (
        "limits",
        "30,Gy,,,,Lung dose of one session,",
        "30,Gy,disease > 5,,,Lung,",
        "disease is a word and cannot",
    ),
    (
        "limits",
        "30,Gy,,,,Lung dose of one session,",
        "30,Gy,perfused_dose_gy > 5,,,Lung,",
        "not a quantity of the case",
    ),
    ("conventions", "eanm,Y-90,half_life_h", "eanm2,Y-90,half_life_h", "eanm of Y-90 lacks half_life_h"),
    ("conventions", "half_life_h,64.1,", "half_life_h,-64.1,", "value must not be negative; got -64.1"),
    ("intent_shares", "lobectomy,territory", "lobectomie,territory", "'lobectomie' is not known"),
    ("intent_shares", ",10,85,", ",85,10,", "lower 85 is above upper 10"),
    ("variations", "tumor_normal_ratio,30,", "tumor_normal_ratio,-30,", "step must not be negative; got -30"),
]


@pytest.mark.parametrize(("table", "old", "new", "rule"), SENSELESS)
def test_a_row_that_could_never_act_or_would_mislead_does_not_load(table, old, new, rule):
    with pytest.raises(ReferenceDataError, match=re.escape(rule)):
        read_rows(altered(table, old, new), name=table)


def test_a_device_without_spheres_on_file_is_planned_without_their_number():
    """A device is one row: what other tables know of it may come later."""
    from dosimetry import spheres

    assert math.isnan(spheres.stated("a new device").lower_bq)
    made = planned(changed(lobar(), {"territories[0].vial_age_h": 48}))
    assert made.territories[0].spheres_lower_million is not None
