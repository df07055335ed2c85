"""The list of mistakes in mutants.py fits the code and its table. The mutants run apart: they take minutes."""

import pytest
from cases import ROOT
from mutants import MUTANTS, SELF_CHECK_OFF

TABLE = (ROOT / "tests" / "README.md").read_text("utf-8")


@pytest.mark.parametrize("mutant", [*MUTANTS, SELF_CHECK_OFF], ids=lambda mutant: mutant.mistake)
def test_a_mistake_can_be_made_in_exactly_one_place(mutant):
    assert (ROOT / mutant.file).read_text("utf-8").count(mutant.search) == 1
    assert mutant.search != mutant.replacement


def test_the_table_of_mistakes_is_complete():
    rows = [line.split("|")[1].strip() for line in TABLE.splitlines() if line.startswith("| ")]
    listed = rows[rows.index("mistake") + 1 :]
    assert listed == [mutant.mistake for mutant in MUTANTS]
    assert len(set(listed)) == len(listed) >= 20
