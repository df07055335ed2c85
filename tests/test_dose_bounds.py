"""Values that are known in part, in every table that prints them, and the bound that stands beside a dose."""

import csv
import io

import pytest
from cases import LEFT_OUT, changed, planned, two_lobes

from dosimetry.report import render
from dosimetry.report.budget_blocks import budget
from dosimetry.report.document import Table
from dosimetry.report.dose_bounds import About, bound_and_room
from dosimetry.report.finding_blocks import checked_bounds

LUNGS, ALL_SESSIONS = About("lung_dose_gy"), About("lung_dose_cumulative_gy")
WHOLE_NORMAL = About("whole_normal_liver_dose_gy")
EARLIER = {"date": "2025-03-01", "device": "glass", "activity_gbq": 2.0}
NOT_STATED = changed(two_lobes(), {"liver.untreated_tumor_volume_ml": LEFT_OUT})
HCC = {
    "disease": "hcc",
    "intent": "unilobar",
    "patient.bilirubin_mg_dl": 1.0,
    "prior": {"tare": False, "resection": False, "systemic": False},
}


def known_in_part():
    """Lungs planned with 22.3515 Gy, after one session of 48 Gy and one whose lung dose is not known."""
    constants = {"energy_gy_kg_per_gbq": 49.67, "tissue_density_g_per_ml": 1.03}
    changes = {"lung.shunt_fraction": 0.15, "lung.previous_dose_gy": LEFT_OUT, "constants": constants}
    seen = {"finding": "LUNG-CUM@lung_dose_cumulative_gy", "value": 70.3515, "by": "AB", "reason": "palliative"}
    sessions = [EARLIER | {"lung_dose_gy": 48.0}, EARLIER]
    return changed(two_lobes(), changes | {"sessions": sessions, "acknowledged": [seen]})


def plain(text):
    """A text with hyphens for signs and spaces that break."""
    return text.replace("\N{MINUS SIGN}", "-").replace("\N{NO-BREAK SPACE}", " ")


def rows_of(blocks, label):
    """Cells of the rows of all tables that have a label in some cell."""
    tables = [block for block in blocks if isinstance(block, Table)]
    rows = [tuple(map(plain, row)) for table in tables for row in table.rows]
    return [row for row in rows if any(label in cell for cell in row)]


def only(plan, rule):
    """The one finding of a rule."""
    [finding] = [each for each in plan.findings if each.id.partition("@")[0] == rule]
    return finding


def test_a_lung_dose_over_all_sessions_that_is_known_in_part_is_printed_as_a_least():
    """48 + 3 x 0.15 x 49.67 = 70.3515 Gy of 50: at least that, and the room is at most -20.3515 Gy."""
    plan = planned(known_in_part())
    finding = only(plan, "LUNG-CUM")
    assert (finding.at_least, finding.value) == (True, pytest.approx(70.3515, rel=1e-12))
    [row] = rows_of(checked_bounds(plan), "Lung dose over all sessions")
    assert row[2:] == ("at least 70.35 Gy", "\N{LESS-THAN OR EQUAL TO} 50 Gy", "at most -20.35 Gy")
    assert plain(bound_and_room(plan, ALL_SESSIONS)) == "\N{LESS-THAN OR EQUAL TO} 50 (at most -20.35)"
    given = [each for each in csv.DictReader(io.StringIO(render(plan, ".csv").decode())) if "LUNG-CUM" in str(each)]
    [line] = [each for each in given if each["quantity"].startswith("finding LUNG-CUM")]
    assert float(line["value"]) == finding.value
    assert line["description"].startswith("stop, limit, at least this value: ")


def test_what_is_known_in_full_is_no_least():
    """One session of 48 Gy alone: 70.3515 Gy exactly."""
    plan = planned(changed(known_in_part(), {"sessions": [EARLIER | {"lung_dose_gy": 48.0}]}))
    assert not any(finding.at_least for finding in plan.findings)
    [row] = rows_of(checked_bounds(plan), "Lung dose over all sessions")
    assert (row[2], row[4]) == ("70.35 Gy", "-20.35 Gy")
    assert "at least this value" not in render(plan, ".csv").decode()


def test_a_normal_liver_dose_beside_untreated_tumor_of_unknown_volume_is_a_least():
    """(98.169 + 107.372) Gy x 0.5768 kg / 1.6686 kg = 71.051 Gy of 90: room 18.949 Gy, at most that as a least."""
    stated, unstated = planned(changed(two_lobes(), HCC)), planned(changed(NOT_STATED, HCC))
    assert bound_and_room(stated, WHOLE_NORMAL) == "<\N{NO-BREAK SPACE}90 (18.95)"
    assert bound_and_room(unstated, WHOLE_NORMAL) == "<\N{NO-BREAK SPACE}90 (at most 18.95)"
    rule = "EANM-G-HCC-WNL-BILI-LO"
    assert [only(plan, rule).at_least for plan in (stated, unstated)] == [False, True]
    assert only(stated, rule).value == only(unstated, rule).value == pytest.approx(71.0512, abs=5e-5)
    assert [row[5] for row in rows_of(budget(unstated), rule)] == ["at most 18.95 Gy"]
    assert [row[5] for row in rows_of(budget(stated), rule)] == ["18.95 Gy"]


def test_of_a_session_delivered_in_part_the_finding_is_a_least():
    """3 GBq of one lobe alone bring 0.3 x 49.67 x 3 = 44.703 Gy, whatever the other lobe gets."""
    noon = "2026-04-01T12:00[Asia/Tokyo]"
    vial = {"assay_activity_gbq": 3.0, "assayed_at": noon}
    given = {"territory": "right lobe", "injected_at": noon, "vials": [vial], "residual_fraction": 0.0}
    constants = {"energy_gy_kg_per_gbq": 49.67, "tissue_density_g_per_ml": 1.03}
    changes = {"lung.shunt_fraction": 0.3, "constants": constants, "delivery": {"territories": [given]}}
    told = {each.id: each for each in planned(changed(two_lobes(), changes)).findings}
    least = told["LUNG-SINGLE@delivery.given.lung_dose_gy"]
    assert (least.at_least, least.value) == (True, pytest.approx(44.703, rel=1e-12))
    assert not told["LUNG-SINGLE@delivery.rest_as_planned.lung_dose_gy"].at_least


def test_the_bound_beside_a_dose_is_no_limit_that_was_switched_off_and_says_where_it_is_not_verified():
    """7.45 Gy in the lungs: of 30 Gy, read at its source; without that row of 20 Gy, which was not read there."""
    assert plain(bound_and_room(planned(two_lobes()), LUNGS)) == "\N{LESS-THAN OR EQUAL TO} 30 (22.55)"
    off = [{"id": name, "by": "AB", "reason": "palliative"} for name in ("LUNG-SINGLE", "LUNG-CUM")]
    switched = planned(changed(two_lobes(), {"limits": {"off": off}}))
    assert plain(bound_and_room(switched, LUNGS)) == "< 20 (12.55), not verified"
    assert bound_and_room(switched, ALL_SESSIONS) == "switched off"


def test_a_dose_without_a_bound_says_that_disease_or_intent_would_give_one():
    """The limits of the normal liver of glass in HCC ask for disease and intent; none is on file of the whole liver."""
    dose = About("whole_normal_liver_dose_gy")
    bare = two_lobes()
    assert bound_and_room(planned(bare), dose) == "needs disease and intent"
    assert bound_and_room(planned(changed(bare, {"disease": "hcc"})), dose) == "needs intent"
    assert bound_and_room(planned(changed(bare, {"intent": "unilobar"})), dose) == "needs disease"
    assert bound_and_room(planned(bare), About("whole_liver_dose_gy")) == "\N{EN DASH}"
