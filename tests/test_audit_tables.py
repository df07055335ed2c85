"""Tables on disk: strict CSV, mappings of other departments, what `describe` says, and pieces of whole cases."""

import codecs
import json
import random
import re
import tomllib
import zipfile
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from audit_frames import frame_of, one_row, random_frame

from dosimetry import audit
from dosimetry.audit import conversions, names, pieces, running
from dosimetry.audit import mapping as mappings
from dosimetry.audit.table_writing import write_csv
from dosimetry.audit.tables import Upload, csv_pieces
from dosimetry.audit.uploads import table_of
from dosimetry.number_text import number_from_text

ACTIVITY = "recorded_administered_activity_gbq"


@pytest.fixture
def table(tmp_path):
    """A good CSV table with a record in every row."""
    path = tmp_path / "table.csv"
    recorded(random_frame(60)).to_csv(path, index=False)
    return path


def recorded(frame: pd.DataFrame) -> pd.DataFrame:
    right = audit.replan(frame)["administered_activity_gbq"]
    return frame.assign(**{ACTIVITY: right.round(3)})


def read(path) -> pd.DataFrame:
    return pd.concat(csv_pieces(path, 7))


def refused(path, *words: str) -> None:
    with pytest.raises(audit.TableError) as caught:
        read(path)
    assert [word for word in words if word not in str(caught.value)] == []


def test_b089_utf8_is_read_with_and_without_its_mark(table):
    plain = read(table)
    table.write_bytes(codecs.BOM_UTF8 + table.read_bytes())
    pd.testing.assert_frame_equal(read(table), plain)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252"])
def test_b089_other_encodings_are_refused(table, encoding):
    text = table.read_text("utf-8").replace("north", "n\u00f6rd")
    table.write_bytes(text.encode(encoding))
    refused(table, "CSV UTF-8")


def test_b090_semicolons_and_decimal_commas_are_refused(table):
    pd.read_csv(table).to_csv(table, sep=";", decimal=",", index=False)
    refused(table, "semicolons", "decimal points")
    table.write_text("a\tb\n1\t2\n")
    refused(table, "tabs")
    table.write_text("perfused_volume_ml,target_dose_gy\n650,5,110\n")
    refused(table, "line 2 has 3 cells, the header 2", "decimal comma")


def test_b091_a_header_that_stands_twice_is_refused(table):
    table.write_text("lesion_volume_ml,lesion_volume_ml\n1,2\n")
    refused(table, "'lesion_volume_ml' stands more than once")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n3\n", "line 3 has 1 cells, the header 2"),
        ("a,\n1,2\n", "column 2 has no header"),
        ("a,b\n1,\x002\n", "line 2 holds a NUL"),
        ('a,b\n1,"2\n', "line"),
        ("", "is empty"),
        ("\n", "is empty"),
        ("x", "has a header and no rows"),
        ("a,b\n", "has a header and no rows"),
    ],
)
def test_ragged_broken_and_empty_tables_are_refused_with_their_line(tmp_path, text, words):
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode())
    refused(path, words)


def test_b095_one_endless_line_is_refused_without_reading_it_whole(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("a,b\n" + "1" * 5_000_000 + ",2\n")
    refused(path, "line 2", "larger than field limit")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\x80\x04\x95", "a pickle"),
        (b"\x93NUMPY", "a NumPy file"),
        (b"x", "header"),
    ],
)
def test_b108_and_b111_other_files_by_the_name_of_a_table_are_refused(tmp_path, content, what):
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    refused(path, what)


def test_b108_spreadsheets_and_archives_are_refused(tmp_path):
    path = tmp_path / "table.csv"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../x", "0" * 1000)
    refused(path, "a spreadsheet or an archive")
    with pytest.raises(audit.TableError, match="must end in"):
        pieces.check_tables([tmp_path / "table.xlsm"])


def test_b097_what_a_spreadsheet_makes_of_numbers_is_refused_row_by_row(tmp_path):
    texts = ["=1+1", "1-Mar", "5 mCi", "1,5", "1_000", "nan", "1e999", "true", "\u0661", "1.0E+02", " 110 ", "+110"]
    frame = recorded(frame_of(*(one_row() for _ in texts)))
    frame["target_dose_gy"] = texts
    path = tmp_path / "table.csv"
    frame.to_csv(path, index=False)
    replanned = audit.replan(read(path), errors="mark")
    assert replanned["is_valid"].tolist() == [False] * 9 + [True] * 3
    assert replanned["problems"][0].startswith("target_dose_gy must be a number; got '=1+1'")
    assert replanned["lesion_dose_gy"].dropna().tolist() == pytest.approx([100.0, 110.0, 110.0])


FORMULAS = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=1+1;x", "=1,2"]


@pytest.mark.parametrize("label", FORMULAS)
def test_b098_no_cell_of_an_output_is_run_by_a_spreadsheet(tmp_path, label):
    frame = recorded(frame_of(one_row())).assign(vessel=label, comment=label)
    frame = audit.replan(frame, errors="mark")
    write_csv(audit.compare(frame), tmp_path / "out.csv")
    written = pd.read_csv(tmp_path / "out.csv", dtype=str, keep_default_na=False)
    assert written["comment"][0][:1] not in ("=", "+", "@", "\t", "\r")
    assert written["vessel"][0][:1] == "'"


def test_b098_words_of_a_category_are_not_run_either(tmp_path):
    """A Parquet table brings repeated words as categories."""
    frame = recorded(frame_of(one_row(), one_row())).assign(center=pd.Categorical(["=1+1", "north"]))
    write_csv(audit.compare(audit.replan(frame)), tmp_path / "out.csv")
    assert pd.read_csv(tmp_path / "out.csv")["center"].tolist() == ["'=1+1", "north"]


def test_b098_a_negative_number_stays_one_in_a_column_of_numbers(tmp_path):
    frame = frame_of(one_row(vial_age_h=-5.5, vessel="-5.5")).astype({"vial_age_h": "str"})
    write_csv(frame, tmp_path / "out.csv")
    written = pd.read_csv(tmp_path / "out.csv", dtype=str)
    assert (written["vial_age_h"][0], written["vessel"][0]) == ("-5.5", "'-5.5")


def test_b099_texts_come_back_as_they_were(tmp_path):
    texts = ["a,b", 'a "b"', "line\nbreak", "\N{SNOWMAN}", "caf\u00e9"]
    frame = pd.DataFrame({"comment": texts})
    write_csv(frame, tmp_path / "out.csv")
    assert read(tmp_path / "out.csv")["comment"].tolist() == texts
    marked = audit.replan(frame_of(one_row(vessel="a\u202eb")), errors="mark")
    assert "U+202E" in marked["problems"][0]


def test_what_is_missing_in_a_csv_is_not_given(tmp_path):
    path = tmp_path / "table.csv"
    frame_of(one_row(), one_row(lung_mass_kg=None)).to_csv(path, index=False)
    assert np.isnan(audit.replan(read(path))["lung_dose_gy"].tolist()).tolist() == [False, True]


MAP = """
[columns]
"Microspheres" = {field = "device", words = {"TheraSphere" = "glass", "SIR-Spheres" = "resin"}}
"LSF (%)" = {field = "lung_shunt_fraction", unit = "%"}
"Lungs (g)" = {field = "lung_mass_kg", unit = "g"}
"Treated volume (L)" = {field = "perfused_volume_ml", unit = "L"}
"Dose (cGy)" = {field = "target_dose_gy", unit = "cGy"}
"Bili (umol/L)" = {field = "bilirubin_mg_dl", unit = "umol/L"}
"Given (mCi)" = {field = "recorded_administered_activity_gbq", unit = "mCi"}
[constants]
convention = "eanm"
prescription_model = "single_compartment"
"""


def other_department() -> pd.DataFrame:
    """The glass example as another department writes it."""
    return pd.DataFrame(
        {
            "Microspheres": ["TheraSphere", "TheraSphere"], "LSF (%)": ["4", "4.1"], "Lungs (g)": ["1000", "900"],
            "Treated volume (L)": ["0.650", "0.650"], "Dose (cGy)": ["11000", "11000"], "Bili (umol/L)": ["17.1", "20"],
            "Given (mCi)": ["41.74", "1.54"], "MRN group": ["a", "b"],
        }
    )  # fmt: skip


def test_a_table_of_another_department_is_read_by_its_mapping(tmp_path):
    (tmp_path / "map.toml").write_text(MAP)
    mapping = audit.read_mapping(tmp_path / "map.toml")
    frame = mappings.apply(other_department(), mapping)
    compared = audit.compare(audit.replan(frame))
    assert compared["administered_activity_gbq"][0] == pytest.approx(1.544464, abs=5e-7)
    assert compared["lung_dose_gy"][0] == pytest.approx(3.068542, abs=5e-7)
    assert compared["grade"].tolist() == ["agrees", "far"]
    assert compared["slips"].tolist() == ["", "mci_for_gbq"]
    assert compared["bilirubin_mg_dl"][0] == pytest.approx(1.0, abs=1e-3)
    assert compared["MRN group"].tolist() == ["a", "b"]


def test_percentages_are_divided_as_decimals():
    texts = [f"{number / 10:g}" for number in range(1, 999)]
    mapping = mappings.mapping_from({"columns": {"LSF": {"field": "lung_shunt_fraction", "unit": "%"}}})
    read_values = mappings.apply(pd.DataFrame({"LSF": texts}), mapping)["lung_shunt_fraction"].tolist()
    assert read_values == [number_from_text(text, per=100) for text in texts]


@pytest.mark.parametrize("cells", [["24.7", "n/a"], pd.Categorical(["24.7", "n/a"]), [24.7, "n/a"], [24.7, 0.0]])
def test_a_column_with_words_is_converted_too(cells):
    """The words are replaced first, so that they stand in the unit of the column as its numbers do."""
    entry = {"field": ACTIVITY, "unit": "mCi", "words": {"n/a": "0"}}
    found = mappings.apply(pd.DataFrame({"A": cells}), mappings.mapping_from({"columns": {"A": entry}}))
    assert found[ACTIVITY].tolist() == pytest.approx([0.9139, 0.0], abs=5e-5)
    assert found["digit_administered_activity_gbq"].tolist() == pytest.approx([0.0037, 0.037])


def test_a_row_of_commas_stays_empty_where_columns_are_converted():
    held = mappings.mapping_from(tomllib.loads(MAP))
    mapped = mappings.apply(pd.concat([other_department(), pd.DataFrame({"MRN group": [None]})]), held)
    assert audit.replan(mapped.reset_index(drop=True), errors="mark")["problems"].iloc[2] == (
        "every cell of this row is empty."
    )


def test_describe_tells_of_no_column_that_the_table_does_not_have():
    held = mappings.mapping_from(tomllib.loads(MAP))
    found = audit.describe(other_department(), held)
    assert set(found["header"]) - {""} == set(other_department().columns) | set(held.constants)


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ('[columns]\nx = {field = "lung_shunt_fraction"}', "needs the unit of lung_shunt_fraction, one of %"),
        ('[columns]\nx = {field = "lung_shunt_fraction", unit = "GBq"}', "A unit is never guessed"),
        ('[columns]\nx = {field = "device", unit = "GBq"}', "has none"),
        ('[columns]\nx = {field = "shunt"}', "is not a field"),
        ('[columns]\nx = {field = "perfused_volume_ml", unit = "g"}', "one of mL"),
        ('[columns]\nx = {field = "device", unti = "GBq"}', "needs field"),
        ('[columns]\nx = "device"', "needs field"),
        ('[columns]\nx = {field = "device"}\ny = {field = "device"}', "'device' is filled twice"),
        ("[constants]\nshunt = 1", "is not a field"),
        ('[column]\nx = {field = "device"}', "'column' is not known"),
        ("[columns", "cannot be read as TOML"),
        ('[columns]\nx = {field = ["case_id"]}', "'x' needs field as one text in quotation marks"),
        ('[columns]\nx = {field = "target_dose_gy", unit = 1}', "'x' needs unit as one text in quotation marks"),
        ('[columns]\nx = {field = "device", words = ["glass"]}', "needs words as pairs"),
        ('[columns]\nx = {field = "device", words = {a = 1}}', "needs words as texts"),
        ("x = " + "[" * 3000, "nested too deep"),
        ("x = " + "1" * 5000, "a number too long"),
        ("[constants]\nlab_date = 2025-01-01", "Write a date in quotation marks"),
        ("[constants]\ntarget_dose_gy = inf", "must be a finite number"),
        ('[constants]\ndevice = ["glass"]', "got a value of type list"),
    ],
)
def test_a_mapping_that_leaves_anything_open_is_refused(tmp_path, toml, words):
    (tmp_path / "map.toml").write_text(toml)
    with pytest.raises(audit.TableError) as caught:
        audit.read_mapping(tmp_path / "map.toml")
    assert words in str(caught.value)


@pytest.mark.parametrize("path", ["nowhere.toml", ".", "a\0b.toml"])
def test_a_mapping_that_cannot_be_opened_is_refused_by_its_name(path):
    with pytest.raises(audit.TableError, match="the mapping cannot be opened"):
        audit.read_mapping(path)


@pytest.mark.parametrize("given", [{}, 3, pd.DataFrame(), [1]])
def test_arguments_of_another_kind_are_refused_with_a_sentence(given):
    good = frame_of(one_row())
    for make in (
        lambda: audit.describe(good, given),
        lambda: mappings.apply(good, given),
        lambda: audit.read_mapping(given),
        lambda: audit.describe([given]),
        lambda: mappings.mapping_from([given]),
    ):
        with pytest.raises(audit.TableError, match=r"got a value of type (dict|int|DataFrame|list)"):
            make()


def test_a_table_that_is_not_there_is_said_to_be_missing(tmp_path):
    (tmp_path / "folder.csv").mkdir()
    for name, words in (("nowhere.csv", "is not there"), ("folder.csv", "is a folder; name the table in it")):
        with pytest.raises(audit.TableError, match=words):
            audit.describe(tmp_path / name)


def test_a_mapping_meets_a_column_that_stands_twice():
    frame = pd.DataFrame([["a", "b"]], columns=["x", "x"])
    with pytest.raises(audit.TableError, match="'x' stands more than once"):
        mappings.apply(frame, mappings.mapping_from({"constants": {"device": "glass"}}))


def test_a_mapping_must_fit_the_table():
    mapping = mappings.mapping_from(tomllib.loads(MAP))
    with pytest.raises(audit.TableError, match=r"names 'LSF \(%\)', which is no column"):
        mappings.apply(other_department().drop(columns="LSF (%)"), mapping)
    with pytest.raises(audit.TableError, match="'device' is filled by the mapping and is a column"):
        mappings.apply(other_department().assign(device="glass"), mapping)


def test_every_field_with_a_unit_can_be_mapped_in_the_unit_of_the_library():
    for name in sorted(names.known_columns()):
        units = conversions.units_of(name)
        own = conversions.library_unit(name)
        assert bool(units) == bool(own)
        assert not own or own in units


def test_describe_says_what_is_read_carried_and_refused(table):
    frame = pd.read_csv(table, dtype=str).assign(comment="x")
    frame.loc[3, "perfused_volume_ml"] = "5 mL"
    frame.to_csv(table, index=False)
    found = audit.describe(table).set_index("column")
    assert found.loc["comment", "becomes"] == "carried along"
    assert found.loc["perfused_volume_ml", ["becomes", "unit", "given", "refused"]].tolist() == ["read", "mL", 60, 1]
    assert "'5 mL'" in found.loc["perfused_volume_ml", "problem"]
    assert audit.describe(frame.drop(columns="device")).set_index("column").loc["device", "becomes"] == "missing"
    wrong = audit.describe(frame.rename(columns={"device": "Device"}))
    assert wrong["problem"].tolist() == ["the column 'Device' is not known; did you mean 'device'?"]


def test_describe_refuses_what_the_audit_refuses(tmp_path):
    """Ranges, rules between fields, what is missing and rules of whole cases, each with its first row and its cell."""
    changes = [
        {}, {"Shunt": 850.0}, {"Volume": 90.0}, {"Volume": 99999.0}, {"Volume": 88888.0},
        {"tumor_normal_ratio": None}, {"device": "holmium"}, {"Shunt": None},
    ]  # fmt: skip
    renamed = {"lung_shunt_fraction": "Shunt", "perfused_volume_ml": "Volume"}
    rows = [{**{renamed.get(name, name): value for name, value in one_row().items()}, "Shunt": 12.0} for _ in changes]
    frame = frame_of(*({**row, **change} for row, change in zip(rows, changes, strict=True)))
    held = mappings.mapping_from(
        {"columns": {"Shunt": {"field": "lung_shunt_fraction", "unit": "%"},
                     "Volume": {"field": "perfused_volume_ml", "unit": "mL"}}}
    )  # fmt: skip
    replanned = audit.replan(mappings.apply(frame, held), errors="mark")
    found = audit.describe(frame, held).set_index("column")
    assert found.loc["the table", ["rows", "refused"]].tolist() == [8, 7]
    assert int((~replanned["is_valid"]).sum()) == 7
    assert found.loc["lung_shunt_fraction", ["header", "refused"]].tolist() == ["Shunt", 2]
    shunt, volume = (found.loc[name, "problem"] for name in ("lung_shunt_fraction", "perfused_volume_ml"))
    assert "got 8.5. Did you enter a percentage? Divide by 100. First in row 2, where 'Shunt' is 850." in shunt
    assert "Type 0 only if it was measured as none. First in row 8, where 'Shunt' is empty." in shunt
    assert volume.startswith("2 by this rule: perfused_volume_ml must be in (0, 10000] mL; got 99999.")
    assert "First in row 4, where 'Volume' is 99999." in volume
    assert "1 by this rule: perfused_volume_ml must hold its lesions" in volume
    assert "has no constants for Ho-166" in found.loc["convention", "problem"]


def test_describe_looks_at_every_row_of_a_table_and_counts_rows_on(tmp_path, monkeypatch):
    frame = recorded(random_frame(300)).astype({ACTIVITY: object})
    frame.loc[250:, ACTIVITY] = "n/a"
    monkeypatch.setattr(pieces, "ROWS", 40)
    for ending in ("csv", "parquet"):
        path = tmp_path / f"late.{ending}"
        shown = frame.astype({ACTIVITY: "str"})
        shown.to_csv(path, index=False) if ending == "csv" else shown.to_parquet(path, index=False)
        found = audit.describe(path).set_index("column")
        assert found.loc["the table", ["rows", "refused"]].tolist() == [300, 50]
        assert found.loc[ACTIVITY, ["rows", "given", "refused"]].tolist() == [300, 300, 50]
        assert f"First in row 251, where '{ACTIVITY}' is 'n/a'." in found.loc[ACTIVITY, "problem"]


def test_describe_reads_lung_limits_as_the_audit_does():
    limit = one_row(case_id=1, prescription_model="lung_limit", prescription_target=None, target_dose_gy=1.0)
    frame = frame_of(limit, one_row(case_id=1)).assign(whole_liver_volume_ml=3000.0)
    found = audit.describe(frame).set_index("column")
    assert found.loc["the table", "refused"] == int((~audit.replan(frame, errors="mark")["is_valid"]).sum()) == 1
    assert "already bring the lungs to the dose" in " ".join(found["problem"])


def test_a_row_of_empty_cells_is_refused_by_one_sentence_also_under_constants(tmp_path):
    frame = frame_of(one_row(), dict.fromkeys(one_row()), one_row())
    frame.to_csv(tmp_path / "table.csv", index=False)
    constants = {"convention": "eanm", "device": "glass"}
    held = mappings.mapping_from({"constants": constants})
    for table in (frame, mappings.apply(read(tmp_path / "table.csv").drop(columns=list(constants)), held)):
        replanned = audit.replan(table, errors="mark")
        assert replanned["problems"].tolist() == ["", "every cell of this row is empty.", ""]
    found = audit.describe(frame).set_index("column")
    assert found.loc["the row", ["refused", "problem"]].tolist() == [
        1, "every cell of this row is empty. First in row 2.",
    ]  # fmt: skip


def test_forty_thousand_columns_are_refused(tmp_path):
    header = ",".join(f"c{number}" for number in range(40_000))
    (tmp_path / "wide.csv").write_text(f"{header}\n{header}\n")
    refused(tmp_path / "wide.csv", "has 40,000 columns; at most 5,000 can be read")
    with pytest.raises(audit.TableError, match="there are 40,000 columns"):
        audit.replan(pd.DataFrame([range(40_000)], columns=header.split(",")))


def test_b109_a_parquet_file_whose_rows_are_damaged_is_refused_by_its_name(tmp_path):
    path = tmp_path / "table.parquet"
    recorded(random_frame(3000)).to_parquet(path, index=False)
    whole = bytearray(path.read_bytes())
    whole[4:20_000] = bytes(19_996)
    path.write_bytes(bytes(whole))
    for make in (
        lambda: list(pieces.frames(path, None, 100)),
        lambda: pieces.piece(pieces.Rows(str(path), 0, 9), None),
    ):
        with pytest.raises(audit.TableError, match=r"table\.parquet begins and ends as a Parquet file, but"):
            make()


def test_describe_of_a_mapped_table_shows_library_names(tmp_path):
    (tmp_path / "map.toml").write_text(MAP)
    other_department().to_csv(tmp_path / "table.csv", index=False)
    found = audit.describe(tmp_path / "table.csv", tmp_path / "map.toml").set_index("column")
    assert found.loc["lung_shunt_fraction", ["becomes", "unit"]].tolist() == ["read", "fraction"]
    assert found["refused"].sum() == 0


def test_pieces_end_where_a_case_ends_and_lose_no_row(tmp_path):
    frame = recorded(random_frame(500))
    for ending in ("csv", "parquet"):
        path = tmp_path / f"table.{ending}"
        frame.to_csv(path, index=False) if ending == "csv" else frame.to_parquet(path, index=False)
        found = list(pieces.frames(path, None, 20))
        assert [str(case) for piece in found for case in piece["case_id"]] == frame["case_id"].astype(str).tolist()
        owners = [set(piece["case_id"]) for piece in found]
        assert sum(map(len, owners)) == len(set().union(*owners))
        assert len(found) > 10
    planned = list(pieces.ranges(path, None, 20))
    assert [(rows.start, rows.stop) for rows in planned] == [
        (int(one.index[0]), int(one.index[-1]) + 1) for one in found
    ]
    again = pd.concat([pieces.piece(rows, None) for rows in planned])
    pd.testing.assert_frame_equal(again, pd.concat(found))


def test_a_case_whose_rows_stand_far_apart_is_refused_with_what_to_do(tmp_path):
    frame = recorded(random_frame(200))
    frame.loc[:1, "case_id"] = 0
    path = tmp_path / "table.csv"
    pd.concat([frame.iloc[1:], frame.iloc[:1]]).to_csv(path, index=False)
    with pytest.raises(audit.TableError, match="sort the table by case_id"):
        list(pieces.frames(path, None, 50))
    assert len(list(pieces.frames(path, None, 1000))) == 1


def fuzzed(cells: int, seed: int) -> pd.DataFrame:
    """A table in which a third of the cells are something else."""
    rng = random.Random(seed)
    odd = [
        "", None, "x", "=1+1", "1e999", "-1", "0", "nan", "1,5", "5 mCi", "\u0661", "a\x00", "\u202e", "9" * 400,
        "1e-320", "lesion:", "lesion:tumor", "normal_perfused", "glass", "holmium", "ho166", "partition",
        "lung_limit", "activity", "resin_bsa", "empirical", "true", "[]", "{}", "1e5", "1e-5", "0.999999999999",
        "\ud83d", "'", '"', "lobe",
    ]  # fmt: skip
    columns = [each.name for each in names.inputs() if each.name not in ("label",)]
    columns += ["case_id", "center", "treatment_date", ACTIVITY, "recorded_lung_dose_gy"]
    good = one_row(case_id="1", **{ACTIVITY: "1.0"})
    rows = cells // len(columns)

    share = [rng.choice((0.0, 0.005, 0.02, 0.3)) for _ in range(rows)]

    def cell(name: str, row: int) -> object:
        if name == "case_id":
            return str(row // 2)
        if rng.random() < share[row]:
            return rng.choice(odd)
        return None if name not in good else str(good[name])

    frame = pd.DataFrame({name: [cell(name, row) for row in range(rows)] for name in columns}, dtype=object)
    return frame.assign(whole_liver_volume_ml=frame["whole_liver_volume_ml"].replace("1700.0", "3000"))


@pytest.mark.parametrize(
    ("seed", "cells"), [(0, 100_000), *(pytest.param(seed, 250_000, marks=pytest.mark.slow) for seed in range(1, 5))]
)
def test_fuzzed_cells_give_neither_a_traceback_nor_a_number_of_an_invalid_row(seed, cells):
    """A million of them in the slow run."""
    frame = fuzzed(cells, seed)
    replanned = audit.replan(frame, errors="mark", findings=seed == 0)
    assert len(replanned) == len(frame)
    invalid = ~replanned["is_valid"]
    assert (replanned.loc[invalid, "problems"] != "").all()
    computed = [each.column for each in names.outputs() if each.column in replanned]
    assert replanned.loc[invalid, computed].isna().all().all()
    assert 0 < invalid.mean() < 1
    audit.summary(audit.compare(replanned))


def run(folder, table, output: str, **options):
    job = running.Job((table,), folder / output, rows=20, **options)
    counted = running.run(job)
    running.finish(job)
    return counted


def test_csv_and_parquet_give_the_same_rows_as_the_frame(tmp_path, table):
    expected = running.audited(read(table), 0.05)
    run(tmp_path, table, "out.csv")
    run(tmp_path, table, "out.parquet")
    of_csv, of_parquet = pd.read_csv(tmp_path / "out.csv"), pd.read_parquet(tmp_path / "out.parquet")
    for name in ("administered_activity_gbq", "lung_dose_gy", "difference_administered_activity_gbq"):
        assert of_parquet[name].tolist() == expected[name].tolist()
        assert of_csv[name].tolist() == expected[name].tolist()
    assert (
        of_csv["grade"].tolist() == of_parquet["grade"].astype(str).tolist() == expected["grade"].astype(str).tolist()
    )
    assert not (tmp_path / "out.csv.parts").exists()


def test_an_audit_goes_on_where_it_was_interrupted(tmp_path, table, monkeypatch):
    whole = run(tmp_path, table, "whole.parquet")
    job = running.Job((table,), tmp_path / "out.parquet", rows=20)
    done: list[int] = []
    real = running.done_part

    def stops_after_one(job, number, frame):
        if done:
            raise KeyboardInterrupt
        done.append(number)
        return real(job, number, frame)

    monkeypatch.setattr(running, "done_part", stops_after_one)
    with pytest.raises(KeyboardInterrupt):
        running.run(job)
    computed: list[int] = []
    monkeypatch.setattr(running, "done_part", lambda *given: computed.append(given[1]) or real(*given))
    counted = running.run(job)
    assert set(computed) == set(range(len(computed) + 1)) - set(done)
    assert counted.plain() == whole.plain()
    pd.testing.assert_frame_equal(pd.read_parquet(job.output), pd.read_parquet(tmp_path / "whole.parquet"))


def test_an_output_of_another_audit_is_never_mixed_with_this_one(tmp_path, table):
    run(tmp_path, table, "out.parquet")
    with pytest.raises(audit.TableError, match="holds something else"):
        run(tmp_path, table, "out.parquet", tolerance=0.01)
    with pytest.raises(audit.TableError, match="is one of the tables"):
        running.prepare(running.Job((table,), table))
    with pytest.raises(audit.TableError, match="must end in"):
        running.prepare(running.Job((table,), tmp_path / "out.xlsx"))


@pytest.mark.parametrize("lost", ["out.csv", "out.html"])
@pytest.mark.parametrize("output", ["out.csv", "out.parquet"])
def test_a_file_that_this_audit_did_not_write_is_not_overwritten(tmp_path, table, lost, output):
    if lost == "out.csv" and output == "out.parquet":
        lost = output
    (tmp_path / lost).write_text("precious")
    with pytest.raises(audit.TableError, match="is there already and would be lost; move or remove it, or name"):
        run(tmp_path, table, output)
    assert (tmp_path / lost).read_text() == "precious"
    assert not list(tmp_path.glob("*.parts"))


def test_the_same_audit_goes_on_beside_its_own_report(tmp_path, table):
    run(tmp_path, table, "out.parquet")
    job = running.Job((table,), tmp_path / "out.parquet", rows=20)
    running.write_report(job, b"the report of this audit")
    run(tmp_path, table, "out.parquet")
    job.report.write_text("my own text", encoding="utf-8")
    with pytest.raises(audit.TableError, match=r"out\.html is there already and would be lost"):
        run(tmp_path, table, "out.parquet")
    assert job.report.read_text("utf-8") == "my own text"


@pytest.mark.parametrize("lost", ["out.csv", "out.html"])
def test_an_audit_that_goes_on_overwrites_nothing_that_came_meanwhile(tmp_path, table, lost):
    job = running.Job((table,), tmp_path / "out.csv", rows=20)
    running.run(job)
    (tmp_path / lost).write_text("precious", encoding="utf-8")
    with pytest.raises(audit.TableError, match="is there already and would be lost"):
        running.run(job)


def test_the_origin_of_an_audit_names_version_and_tables(tmp_path, table):
    run(tmp_path, table, "out.parquet")
    origin = json.loads((tmp_path / "out.parquet" / "_audit.json").read_text())
    assert {"tables", "tolerance", "version", "data_fingerprint"} <= set(origin)


def test_dates_that_no_month_can_be_read_from_are_told_of():
    frame = recorded(frame_of(one_row(), one_row(), one_row())).assign(
        treatment_date=["14/01/2025", "2025-01-14", None]
    )
    line = audit.describe(frame).set_index("column").loc["treatment_date"]
    assert line["refused"] == 0
    assert line["problem"] == (
        "treatment_date must be a date as year-month-day, like 2026-04-03; got '14/01/2025'. "
        "The row counts in no month. First in row 1, where 'treatment_date' is '14/01/2025'."
    )
    found = audit.summary(audit.compare(audit.replan(frame)))
    months = found[found["by"] == "period"].set_index("value")["rows"]
    assert months.to_dict() == {"2025-01": 1, "not stated": 2}


@pytest.mark.parametrize(
    ("date", "month"),
    [
        ("2025-01-10", "2025-01"), ("2025-01-10T08:00", "2025-01"), ("2025-01-10 8:05:59 PM", "2025-01"),
        ("2025-01-10 00:00:00.000", "2025-01"), ("2025-01-10T08:00:00Z", "2025-01"), ("2025-01-10 ", "2025-01"),
        ("2025-01-10T08:00:00+01:00", "2025-01"), ("2025-01-10 25:61", None), ("2025-01-10Tfoo", None),
        ("2025-01-10 or later", None), ("2025-01-10T", None), ("2025-02-30 08:00", None),
    ],
)  # fmt: skip
def test_a_day_with_a_time_counts_in_its_month_and_with_anything_else_in_none(date, month):
    frame = recorded(frame_of(one_row())).assign(treatment_date=[date])
    found = audit.summary(audit.compare(audit.replan(frame)))
    assert found.loc[found["by"] == "period", "value"].tolist() == [month or "not stated"]
    assert ("The row counts in no month." in " ".join(audit.describe(frame)["problem"])) == (month is None)


def test_two_times_of_a_day_are_one_session():
    rows = [one_row(case_id=1, whole_liver_volume_ml=2000.0, territory_name=name) for name in ("left", "right", "mid")]
    for dates, is_one in (
        (["2025-01-10", "2025-01-10T08:00", "2025-01-10 14:30"], True),
        ([pd.Timestamp("2025-01-10 08:00"), pd.Timestamp("2025-01-10 14:30"), pd.Timestamp("2025-01-10")], True),
        (["2025-01-10", "2025-01-10T08:00", None], False),
        (["2025-01-10T08:00", "2025-01-10T08:00", "2025-01-11T08:00"], False),
        (["spring", "spring", "autumn"], False),
    ):
        done = audit.replan(frame_of(*rows).assign(treatment_date=dates), errors="mark")
        assert done["is_valid"].tolist() == [is_one] * 3
        assert ("Two sessions need two ids." in done["problems"].iloc[0]) == (not is_one)


def test_describe_tells_what_refuses_rows_apart_from_what_is_only_remarked():
    rows = [one_row(case_id=case) for case in (1, 1, 2)]
    frame = frame_of(*rows).assign(
        treatment_date=["2025-01-14", "2025-02-14", "14/01/2025"], territory_name=["left", "right", "left"]
    )
    line = audit.describe(frame).set_index("column").loc["treatment_date"]
    assert line["refused"] == 2
    refused, remarked = line["problem"].split(" Not refused: ")
    assert "must be the same in all rows of its case" in refused
    assert "The row counts in no month. First in row 3" in remarked


def test_describe_refuses_a_decimal_that_is_no_number_in_a_column_of_texts():
    frame = frame_of(one_row(), one_row()).assign(territory_name=pd.Series(["left", Decimal("sNaN")], dtype=object))
    (problem,) = audit.describe(frame)["problem"]
    assert problem.startswith("the column 'territory_name' holds a decimal that is no number (sNaN); leave the cell")


@pytest.mark.parametrize(
    ("name", "text", "hint"),
    [
        ("a.csv", "Audit 2025\ndevice,center\nglass,A\n", "Does a title stand above the header?"),
        ("a.csv", "device,\nglass,\n", "name it, or delete it where it is empty"),
        ("a.xlsx", "PK", "It is a spreadsheet: save it as CSV UTF-8"),
    ],
)
def test_a_table_from_a_spreadsheet_is_refused_with_what_to_do(tmp_path, name, text, hint):
    (tmp_path / name).write_text(text, encoding="utf-8")
    job = running.Job((tmp_path / name,), tmp_path / "out.csv")
    with pytest.raises(audit.TableError, match=re.escape(hint)):
        running.run(job)


def test_a_header_with_spaces_and_a_cell_that_says_unknown_get_their_hint():
    frame = pd.DataFrame({" LSF ": ["n/a", "4"]}, dtype="str")
    held = mappings.mapping_from({"columns": {"LSF": {"field": "lung_shunt_fraction", "unit": "%"}}})
    with pytest.raises(audit.TableError, match="Did you mean ' LSF '"):
        mappings.apply(frame, held)
    described = audit.describe(frame.rename(columns={" LSF ": "LSF"}), held)
    problem = described.set_index("column").loc["lung_shunt_fraction", "problem"]
    assert "Leave the cell empty where it is not known. First in row 1, where 'LSF' is 'n/a'." in problem


def test_cases_apart_are_found_among_runs_of_numbers_and_among_texts():
    """Ids in pieces, against a plain set of what was seen."""
    draws = np.random.default_rng(3)
    for as_text in (False, True):
        for _ in range(60):
            parts = [np.sort(draws.choice(80, draws.integers(1, 9), replace=False)) + 2 * shift for shift in range(6)]
            texts = [[f"C{each}" for each in part] if as_text else part for part in parts]
            seen = pieces._Seen("case_id", "t")
            known: set[int] = set()
            for part, ids in zip(parts, texts, strict=True):
                if known & set(part.tolist()):
                    with pytest.raises(audit.TableError, match="stand far apart"):
                        seen.checked(pd.DataFrame({"case_id": ids}))
                    break
                seen.checked(pd.DataFrame({"case_id": ids}))
                known |= set(part.tolist())


@pytest.mark.parametrize("two", [["\u00e9", "e\u0301"], ["e\u0301", "\u00e9"]])
def test_a_case_whose_id_is_composed_in_two_ways_is_one_case_in_pieces_too(two):
    """A piece ends where a case ends, whatever its spelling; and one that comes again later stands far apart."""
    spellings = ["a", *two, *two, "b"]
    rows = [pd.DataFrame({"case_id": spellings[start : start + 3]}, dtype="str") for start in (0, 3)]
    read = list(pieces.whole_cases(iter(rows), "case_id", "t"))
    assert [each["case_id"].tolist() for each in read] == [["a"], spellings[1:]]
    apart = [pd.DataFrame({"case_id": [each]}, dtype="str") for each in (two[0], "b", two[1])]
    with pytest.raises(audit.TableError, match="stand far apart"):
        list(pieces.whole_cases(iter(apart), "case_id", "t"))


def test_ids_that_are_lists_are_refused_with_the_name_of_their_column(tmp_path):
    path = tmp_path / "table.parquet"
    recorded(random_frame(50)).assign(case_id=[["a"]] * 50).to_parquet(path, index=False)
    with pytest.raises(audit.TableError, match="case_id must hold texts or numbers; a cell holds a value of type"):
        list(pieces.frames(path, None, 20))


def test_what_is_remembered_of_cases_that_rise_one_by_one_does_not_grow():
    seen = pieces._Seen("case_id", "t")
    for start in range(0, 100_000, 1000):
        seen.checked(pd.DataFrame({"case_id": np.arange(start, start + 1000)}))
    assert [len(each.starts) for each in seen._earlier[False]] == [1]


SINGLE = {"device": "glass", "convention": "eanm", "prescription_model": "single_compartment", "target_dose_gy": 150.0,
          "perfused_volume_ml": 400.0, "lung_shunt_fraction": 0.1}  # fmt: skip


@pytest.mark.parametrize("cell", ["1e9999999", "-1e-9999999", 10**400, "9" * 39])
@pytest.mark.parametrize("unit", ["GBq", "mCi"])
def test_a_number_beyond_every_float_ends_no_audit(cell, unit):
    ids, records = ("a", "a", "b"), (2.0, cell, 3.0)
    rows = [{**SINGLE, "case_id": each, "territory_name": str(row), ACTIVITY: record}
            for row, (each, record) in enumerate(zip(ids, records, strict=True))]  # fmt: skip
    frame = pd.DataFrame(rows).astype({ACTIVITY: object})
    read = mappings.TableMapping(columns=(mappings.Mapped(header=ACTIVITY, field=ACTIVITY, unit=unit),))
    compared = audit.compare(audit.replan(mappings.apply(frame, read), errors="mark"))
    assert compared["grade"].iloc[1] in ("refused", "far")
    assert compared["is_valid"].tolist()[::2] == [True, True]


def test_a_text_of_a_parquet_file_that_is_not_utf_8_is_refused_by_the_name_of_the_file(tmp_path):
    offsets, content = (pa.py_buffer(each) for each in (bytes([0, 0, 0, 0, 2, 0, 0, 0]), b"\xff\xfe"))
    center = pa.StringArray.from_buffers(1, offsets, content)
    table = pa.table({**{name: [value] for name, value in SINGLE.items()}, "center": center})
    path = tmp_path / "odd.parquet"
    pq.write_table(table, path)
    with pytest.raises(audit.TableError, match=r"^odd\.parquet "):
        list(pieces.frames(path, None, 10))
    with pytest.raises(audit.TableError, match=r"^odd\.parquet "):
        table_of(Upload(path.name, path.read_bytes()))


def test_a_terminal_shows_how_far_an_audit_is(tmp_path):
    frame = frame_of(*({"case_id": row} for row in range(8)))
    frame.to_parquet(tmp_path / "table.parquet")
    frame.to_csv(tmp_path / "table.csv", index=False)
    assert pieces.total_rows([tmp_path / "table.parquet"] * 2) == 16
    assert pieces.total_rows([tmp_path / "table.parquet", tmp_path / "table.csv"]) is None
    assert running.progress_line(3, 8, 16) == "[##########..........] 3 pieces done, 8 rows read of 16"
    assert running.progress_line(3, 8, None) == "3 pieces done, 8 rows read"
