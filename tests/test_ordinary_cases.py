"""Two hundred ordinary cases raise no alarm: whoever is warned of everything reads no warning.

Each row has the cohort or guideline whose patients, devices and doses it stands for. The ranges of a group are such
that its source's own goals can be met; within them each row was drawn at random, and none was taken out.
"""

import collections
import csv
from functools import cache

import golden
import pytest
from cases import ROOT, planned

from dosimetry import Plan, reference

with (ROOT / "tests" / "ordinary_cases.csv").open(encoding="utf-8", newline="") as lines:
    ROWS = list(csv.DictReader(lines, strict=True))
SILENT_PART = 0.95


@cache
def plans() -> dict[str, Plan]:
    return {row["case_id"]: planned(golden.case(row)) for row in ROWS}


def test_there_are_two_hundred_of_three_devices_each_with_its_origin():
    assert len(ROWS) == len(plans()) == 200
    assert {row["device"] for row in ROWS} == {"glass", "resin", "holmium"}
    assert {row["prescription_model"] for row in ROWS} == {"single_compartment", "partition", "resin_bsa"}
    assert {row["source_id"] for row in ROWS} <= {source.source_id for source in reference.sources()}
    assert all(row["origin"] for row in ROWS)


def test_none_of_them_is_stopped():
    assert [name for name, plan in plans().items() if any(one.severity == "stop" for one in plan.findings)] == []


def test_hardly_any_is_warned_about():
    said = {name: [one for one in plan.findings if is_warning(one)] for name, plan in plans().items()}
    warned = collections.Counter(one.message for found in said.values() for one in found)
    assert sum(not found for found in said.values()) >= SILENT_PART * len(ROWS), warned.most_common(5)


def is_warning(finding) -> bool:
    return finding.severity != "note" and finding.kind != "not_checked"


@pytest.mark.parametrize("group", sorted({row["case_id"].rpartition("-")[0] for row in ROWS}))
def test_doses_lie_where_their_sources_have_them(group):
    """A silent library could be silent about nonsense: lungs, normal liver and activity are those of treatments."""
    found = [plan for name, plan in plans().items() if name.rpartition("-")[0] == group]
    for plan in found:
        [territory] = plan.territories
        assert 0.2 < territory.administered_activity_gbq < 12
        assert plan.lung_dose_gy < 30
        assert territory.lesions[0].dose_gy > territory.normal_perfused_dose_gy
