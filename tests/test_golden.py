"""Numbers that others printed, to their printed digits, through the public path."""

import collections
from decimal import Decimal

import golden_tace
import pytest
from each import each
from golden import EXPECT, REMARKS, Golden, every_number, half_last_digit, inputs, misses, rows, tables

from dosimetry import reference

FORMULA_INPUTS = {
    "mean_energy_mev", "half_life_h", "activity_gbq", "activity_mci", "activity_start_gbq", "activity_end_gbq",
    "elapsed_h", "rate_after", "assayed_mci", "intended", "delivered", "activity_per_sphere_bq",
    "sphere_count_million",
}  # fmt: skip
AGREED = every_number(disputed=False)
DISPUTED = every_number(disputed=True)
ROWS = [row for table in tables() for row in rows(table)]


@pytest.mark.parametrize("golden", AGREED, ids=str)
def test_the_printed_number_comes_out(golden: Golden):
    assert misses(golden) == []


@pytest.mark.parametrize("golden", DISPUTED, ids=str)
def test_a_disputed_number_still_does_not_follow_from_its_inputs(golden: Golden):
    assert len(misses(golden)) == 1


@each(row=ROWS)
def test_a_row_says_where_it_comes_from_and_why_it_is_loose(row):
    sources = {source.source_id: source for source in reference.sources()}
    assert row["source_id"] in sources
    assert row["locator"]
    assert row["origin"] in {"published", "derived"}
    assert row["disputed"] in {"yes", "no"}
    assert bool(row["slack"]) == bool(row["slack_reason"])
    assert row["note"] or row["disputed"] == "no", "a dispute needs its argument"
    assert sources[row["source_id"]].read or row["origin"] == "derived", "nobody read that source"


@each(row=ROWS)
def test_a_row_names_its_inputs_as_the_library_does(row):
    fields = [rule for table in reference.INPUT_TABLES for rule in reference.input_rules(table)]
    known = {rule.name for rule in fields} | FORMULA_INPUTS | golden_tace.INPUTS
    assert set(inputs(row)) <= known
    assert any(row[name] for name in row if name.startswith(EXPECT))
    assert [name for name in row if name not in known and not name.startswith(EXPECT)] == list(REMARKS)


def test_ids_are_unique_in_their_table():
    counted = collections.Counter((table, row["case_id"]) for table in tables() for row in rows(table))
    assert [key for key, count in counted.items() if count > 1] == []


def test_sixty_published_rows_from_five_outside_sources_stand_here():
    published = [row for table in tables() for row in rows(table) if row["origin"] == "published"]
    assert len(published) >= 60
    assert len({row["source_id"] for row in published}) >= 5


@pytest.mark.parametrize(
    ("printed", "half"), [("1.46", "0.005"), ("150", "0.5"), ("1.5E+2", "5"), ("0.0235", "0.00005")]
)
def test_the_tolerance_is_half_of_the_last_printed_digit(printed, half):
    assert half_last_digit(printed) == Decimal(half)
