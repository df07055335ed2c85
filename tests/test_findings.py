"""Findings: every limit with its margin, every suspicious value, and what a person has confirmed."""

import math
from collections import Counter
from decimal import Decimal

import numpy as np
import pytest
from cases import AT, LEFT_OUT, changed, first, lobar, planned, problems_at, text_of, two_lobes, with_lesions
from hypothesis import given
from strategies import cases

from dosimetry import plan, reference
from dosimetry.case_file import case_from_text
from dosimetry.columns import level_of_input
from dosimetry.comparison import compare

here = "territories[0]."
lesion = here + "lesions[0]."
PLANAR = ("lung_anterior", "lung_posterior", "liver_anterior", "liver_posterior")
JUST = 1e-9
"""A relative step too small to be seen in any printed number."""

# Limit: quantity, comparator, bound, devices, sex it applies to, severity when crossed, severity on the bound.
LUNG_LIMITS = {
    "LUNG-SINGLE": ("lung_dose_gy", "<=", 30, ("glass", "resin", "holmium"), None, "stop", "note"),
    "LUNG-CUM": ("lung_dose_cumulative_gy", "<=", 50, ("glass", "resin", "holmium"), None, "stop", "note"),
    "TS-LUNG-ACT": ("lung_activity_gbq", "<=", 0.61, ("glass",), None, "stop", "note"),
    "LUNG-RESIN-25": ("lung_dose_gy", "<=", 25, ("resin",), None, "caution", "note"),
    "LSF-RESIN-20": ("effective_lung_shunt_fraction", "<", 0.2, ("resin",), None, "stop", "stop"),
    "KR-LUNG-R": ("lung_dose_gy", "<", 15, ("resin",), None, "caution", "caution"),
    "KR-LUNG-GM": ("lung_dose_gy", "<", 25, ("glass",), "male", "caution", "caution"),
    "KR-LUNG-GF": ("lung_dose_gy", "<", 20, ("glass",), "female", "caution", "caution"),
}
PAIRS = [pytest.param(name, device, id=f"{name}-{device}") for name, row in LUNG_LIMITS.items() for device in row[3]]


def session(device, *, activity_gbq=1.0, shunt=0.1, sex="male", previous_gy=0.0):
    """Half a kilogram of lung and an energy of round figures: activity and shunt decide everything."""
    energy, density = (16, 1.06) if device == "holmium" else (50, 1.03)
    return changed(
        lobar(),
        {
            "device": device,
            "convention": LEFT_OUT,
            "constants": {"energy_gy_kg_per_gbq": energy, "tissue_density_g_per_ml": density},
            "lung": {"shunt_fraction": shunt, "mass_kg": 0.5, "previous_dose_gy": previous_gy},
            "patient": {"sex": sex} if sex else {},
            here + "prescription": {"model": "activity", "activity_gbq": activity_gbq},
        },
    )  # fmt: skip


def at(name, device, factor):
    """A session in which the quantity of a limit is its bound times a factor."""
    quantity, _, bound, _, sex, *_ = LUNG_LIMITS[name]
    per_gbq = (16 if device == "holmium" else 50) * 0.1 / 0.5
    value = bound * factor
    if quantity == "effective_lung_shunt_fraction":
        return session(device, shunt=value)
    if quantity == "lung_activity_gbq":
        return session(device, activity_gbq=value / 0.1)
    previous = 10.0 if quantity == "lung_dose_cumulative_gy" else 0.0
    return session(device, activity_gbq=(value - previous) / per_gbq, sex=sex or "male", previous_gy=previous)


def findings(plain, rule):
    """The findings of one rule."""
    return [finding for finding in planned(plain).findings if finding.id.partition("@")[0] == rule]


def only(plain, rule):
    [finding] = findings(plain, rule)
    return finding


@pytest.mark.parametrize(("name", "device"), PAIRS)
def test_a_limit_that_is_just_met_is_a_note_with_room(name, device):
    found = only(at(name, device, 1 - JUST), name)
    assert (found.kind, found.severity, found.acknowledgement) == ("limit", "note", None)
    assert 0 < found.margin < 1e-6
    assert found.message.endswith(": not exceeded.")


@pytest.mark.parametrize(("name", "device"), PAIRS)
def test_a_limit_that_is_just_crossed_is_reported_by_its_unrounded_value(name, device):
    found = only(at(name, device, 1 + JUST), name)
    assert (found.kind, found.severity) == ("limit", LUNG_LIMITS[name][5])
    assert found.acknowledgement == ("needed" if found.severity == "stop" else None)
    assert -1e-6 < found.margin < 0
    assert found.message.endswith(": exceeded.")


@pytest.mark.parametrize(("name", "device"), PAIRS)
def test_a_value_on_its_bound_is_met_where_the_bound_is_allowed(name, device):
    found = only(at(name, device, 1), name)
    assert found.severity == LUNG_LIMITS[name][6]
    assert found.acknowledgement == ("needed" if found.severity == "stop" else None)
    assert "exactly on the bound" in found.message
    assert (": not exceeded." in found.message) is (LUNG_LIMITS[name][1] == "<=")


@pytest.mark.parametrize(("name", "device"), PAIRS)
def test_a_limit_states_value_bound_margin_and_source(name, device):
    found = only(at(name, device, 0.5), name)
    quantity, _, bound, *_ = LUNG_LIMITS[name]
    row = next(row for row in reference.limits() if row.limit_id == name)
    assert found.quantity == quantity
    assert (found.bound, found.value) == (pytest.approx(bound, rel=1e-15), pytest.approx(bound / 2, rel=1e-12))
    assert found.margin == pytest.approx(bound / 2, rel=1e-12)
    assert found.source == reference.citation(row.source_id)
    assert (found.locator, found.verified) == (row.locator, row.verified)
    assert ("unverified" in found.message) is not row.verified


@pytest.mark.parametrize("device", ["glass", "resin", "holmium"])
def test_only_the_limits_of_the_device_are_evaluated(device):
    lung_limits = {name for name, row in LUNG_LIMITS.items() if device in row[3]}
    sex = {"KR-LUNG-GF"}
    evaluated = {finding.id.partition("@")[0] for finding in planned(session(device)).findings if finding.locator}
    whole_liver = {"HEPAR1-WL"} if device == "holmium" else set()
    assert evaluated == (lung_limits | whole_liver | {"TS-GI"}) - sex


@pytest.mark.parametrize("name", ["KR-LUNG-GM", "KR-LUNG-GF"])
def test_a_limit_whose_condition_is_not_stated_is_not_checked_and_says_why(name):
    found = only(session("glass", sex=None), name)
    assert (found.kind, found.severity) == ("not_checked", "note")
    assert f"applies when the sex is {LUNG_LIMITS[name][4]}, which is not known" in found.message


@pytest.mark.parametrize("missing", ["mass_kg", "previous_dose_gy"])
def test_a_limit_without_its_value_is_not_checked_and_says_why(missing):
    found = only(changed(session("glass"), {f"lung.{missing}": LEFT_OUT}), "LUNG-CUM")
    assert (found.kind, found.value, found.margin) == ("not_checked", None, None)
    assert "the lung mass or the lung dose of earlier treatment is missing" in found.message


GASTROINTESTINAL = [
    ({"found": True, "correctable": False, "site": "gastrointestinal"}, "limit", "stop"),
    ({"found": True, "correctable": True, "site": "gastrointestinal"}, "limit", "note"),
    ({"found": True, "correctable": False, "site": "other"}, "limit", "note"),
    ({"found": False}, "limit", "note"),
    ({"found": True, "correctable": False}, "not_checked", "note"),
    ({"found": True, "site": "gastrointestinal"}, "not_checked", "note"),
    ({"correctable": False, "site": "gastrointestinal"}, "not_checked", "note"),
]


@pytest.mark.parametrize("device", ["glass", "resin", "holmium"])
@pytest.mark.parametrize(("extrahepatic", "kind", "severity"), GASTROINTESTINAL)
def test_only_certain_and_uncorrectable_gastrointestinal_deposition_stops(device, extrahepatic, kind, severity):
    found = only(changed(session(device), {"extrahepatic": extrahepatic}), "TS-GI")
    assert (found.kind, found.severity) == (kind, severity)


def test_each_territory_of_a_resin_session_has_its_own_shunt_limit():
    case = changed(two_lobes(), {"device": "resin", "territories[1].shunt_fraction": 0.2})
    assert [(one.territory, one.severity) for one in findings(case, "LSF-RESIN-20")] == [
        ("left lobe", "stop"),
        ("right lobe", "note"),
    ]


def test_stops_come_first_and_what_was_not_checked_last():
    case = changed(at("LUNG-SINGLE", "resin", 2), {here + "residual_fraction": 0.3})
    order = [{"stop": 0, "caution": 1, "note": 2}[one.severity] for one in planned(case).findings]
    assert order == sorted(order)
    notes = [one.kind == "not_checked" for one in planned(case).findings if one.severity == "note"]
    assert notes == sorted(notes)


def test_nothing_prints_clearance():
    words = " ".join(one.message for one in planned(with_lesions()).findings).lower()
    assert not [word for word in ("safe", "within limits", "cleared", "approved", "ok ") if word in words]


def acknowledged(plain, asked, **changes):
    entry = {"finding": asked.id, "by": "AB", "reason": "known"}
    entry |= {} if asked.value is None else {"value": asked.value}
    return changed(plain, {"acknowledged": [entry | changes]})


@pytest.mark.parametrize("name", ["LUNG-SINGLE", "TS-LUNG-ACT", "LUNG-CUM"])
def test_a_stop_needs_a_person_and_lapses_when_its_value_moves(name):
    case = at(name, "glass", 1.5)
    stop = only(case, name)
    confirmed = only(acknowledged(case, stop), name)
    assert (stop.acknowledgement, confirmed.acknowledgement) == ("needed", "given")
    assert "AB" in confirmed.message
    assert "known" in confirmed.message
    assert stop not in planned(acknowledged(case, stop)).unacknowledged
    moved = acknowledged(at(name, "glass", 1.51), stop)
    assert only(moved, name).acknowledgement == "needed"


def test_an_acknowledgement_of_a_typed_value_lapses_when_it_is_typed_anew():
    case = changed(lobar(), {"lung.shunt_fraction": 0.25})
    asked = only(case, "unusual_lung_shunt_fraction")
    assert only(acknowledged(case, asked), "unusual_lung_shunt_fraction").acknowledgement == "given"
    typed_anew = changed(acknowledged(case, asked), {"lung.shunt_fraction": 0.26})
    assert only(typed_anew, "unusual_lung_shunt_fraction").acknowledgement == "needed"


@pytest.mark.parametrize("change", [{"value": 0.2501}, {"value": 25}, {"finding": "unusual_lung_shunt_fraction"}])
def test_an_acknowledgement_of_something_else_is_none(change):
    case = changed(lobar(), {"lung.shunt_fraction": 0.25})
    entry = acknowledged(case, only(case, "unusual_lung_shunt_fraction"), **change)
    assert only(entry, "unusual_lung_shunt_fraction").acknowledgement == "needed"


def test_an_acknowledgement_without_the_value_is_none():
    case = changed(lobar(), {"lung.shunt_fraction": 0.25})
    asked = only(case, "unusual_lung_shunt_fraction")
    entry = changed(acknowledged(case, asked), {"acknowledged[0].value": LEFT_OUT})
    assert only(entry, "unusual_lung_shunt_fraction").acknowledgement == "needed"


def test_a_value_that_waits_does_not_stop_the_plan():
    made = planned(changed(lobar(), {"lung.shunt_fraction": 0.25}))
    assert made.unacknowledged
    assert made.territories[0].administered_activity_gbq > 0


@pytest.mark.parametrize("factor", [0.5, 1.5])
def test_a_limit_that_is_switched_off_says_by_whom_and_why(factor):
    switch = {"id": "LUNG-SINGLE", "by": "CD", "reason": "rescue treatment"}
    found = only(changed(at("LUNG-SINGLE", "glass", factor), {"limits": {"off": [switch]}}), "LUNG-SINGLE")
    assert (found.kind, found.acknowledgement) == ("limit", None)
    assert found.severity == ("caution" if factor > 1 else "note")
    assert "Switched off by CD: rescue treatment" in found.message
    assert found.value == pytest.approx(30 * factor, rel=1e-12)


def test_switching_one_limit_off_leaves_the_others():
    case = at("LUNG-SINGLE", "glass", 1.5)
    off = changed(case, {"limits": {"off": [{"id": "LUNG-SINGLE", "by": "CD", "reason": "rescue"}]}})
    assert only(off, "TS-LUNG-ACT") == only(case, "TS-LUNG-ACT")
    assert only(off, "LUNG-CUM") == only(case, "LUNG-CUM")


LATER_THAN_THE_PLAN = {
    "patient.lab_date": (
        "2026-08-02",
        "Date of the laboratory values 2026-08-02: in the future, as this was computed on 2026-07-31.",
    ),
    "mapping.date": ("2027-07-30", "Mapping date 2027-07-30: in the future, as this was computed on 2026-07-31."),
}


def test_what_is_dated_after_the_plan_is_said_and_the_day_itself_is_not():
    for path, (day, sentence) in LATER_THAN_THE_PLAN.items():
        told = [each.message for each in planned(changed(lobar(), {path: day})).findings]
        assert any(message.startswith(sentence) for message in told), path
        # East of universal time it may be the next day already.
        for today in ("2026-07-31", "2026-08-01"):
            late = plan(case_from_text(text_of(changed(lobar(), {path: today}))), at=AT.replace(hour=11))
            assert not [each for each in late.findings if each.id.startswith("future_date")], (path, today)


OF_THE_DAY = {
    "directive.written_at": (
        "Directive written at",
        {"directive": lambda day: directive(written_at=f"{day}T09:00[UTC]")},
    ),
    "directive.territories[0].revised_at": (
        "Directive revised at",
        {"directive": lambda day: directive(of_lobe={"revised_at": f"{day}T09:00[UTC]", "revised_dose_gy": 100,
                                                     "revised_reason": "dose of the lungs"})},
    ),
    "sessions[0].date": ("Date of the earlier session", {"sessions": lambda day: [{"date": day, "device": "glass"}]}),
}  # fmt: skip


def directive(of_lobe=(), **of_session):
    lobe = {"territory": lobar()["territories"][0]["name"], "target": "perfused", "dose_gy": 110, **dict(of_lobe)}
    return {"territories": [lobe], **of_session}


@pytest.mark.parametrize("path", OF_THE_DAY)
def test_what_is_recorded_of_a_later_day_than_that_of_the_plan_is_said(path):
    label, parts = OF_THE_DAY[path]
    for day, is_told in (("2026-07-31", False), ("2026-08-02", True)):
        made = {part: of_day(day) for part, of_day in parts.items()}
        case = changed(lobar(), made)
        told = [each.message for each in planned(case).findings if each.id == f"future_date@{path}"]
        assert (
            told == [f"{label} {day}: in the future, as this was computed on 2026-07-31. Is the date right?"] * is_told
        )


@pytest.mark.parametrize(
    ("finding", "about"),
    [
        ("unusual_tumor_normal_ratio@territories[0].lesions[1].tumor_normal_ratio", "unusual value of Tumor-to-normal"),
        ("EANM-R-HCC-BI-NPL@territories[0].normal_perfused_dose_gy", "Normal perfused dose, bilobar, not pretreated"),
        ("vials_swapped@order.territories[0]", "vials swapped"),
    ],
)
def test_an_acknowledgement_of_what_is_gone_says_in_words_what_it_was_of(finding, about):
    given = {"finding": finding, "territory": "right", "by": "AB", "reason": "seen twice"}
    [told] = [
        each.message
        for each in planned(changed(lobar(), {"acknowledged": [given]})).findings
        if each.id.startswith("acknowledged_without_finding")
    ]
    assert told.startswith("AB acknowledged what this case does not have, or no longer has: right, ")
    assert about in told
    assert told.endswith("The reason given: seen twice")


INTERVALS = [
    pytest.param(row, side, id=f"{row.name}-{row.device}-{row.lower}-{row.upper}-{side}")
    for row in reference.unusual_intervals()
    for side in ("lower", "upper")
    # An order has a test of its own.
    if getattr(row, side) is not None and not row.name.startswith("order_")
]


def with_value(row, value):
    """A case of the interval's device in which its field has a value, and nothing else is odd."""
    base = changed(with_lesions() if level_of_input(row.name) == "lesion" else lobar(), {})
    if row.device != "*":
        base["device"] = row.device
    if row.name == "prescribed_activity_gbq":
        base["territories"][0]["prescription"] = {"model": "activity"}
    if row.name == "whole_liver_volume_ml":
        base["territories"][0]["perfused_volume_ml"] = 120
    return changed(base, {first(reference.field(row.name).path): value})


def ids_of(plain):
    return {finding.id for finding in planned(plain).unacknowledged}


@pytest.mark.parametrize(("row", "side"), INTERVALS)
def test_a_value_inside_a_suspicious_interval_waits_and_its_end_does_not(row, side):
    end = getattr(row, side)
    inwards = math.inf if side == "lower" else -math.inf
    inside = math.nextafter(end, inwards) if end else math.copysign(1e-6, inwards)
    asked = f"unusual_{row.name}@{first(reference.field(row.name).path)}"
    assert asked in ids_of(with_value(row, inside))
    assert asked not in ids_of(with_value(row, end))


@pytest.mark.parametrize(("row", "side"), INTERVALS)
def test_what_waits_names_its_value(row, side):
    end = getattr(row, side)
    value = end + (1e-3 if side == "lower" else -1e-3) * (end or 0.1)
    found = only(with_value(row, value), f"unusual_{row.name}")
    assert (found.value, found.severity, found.kind) == (value, "caution", "caution")
    assert row.hint in found.message


@pytest.mark.parametrize(("device", "activity"), [("glass", 10.5), ("resin", 3.5)])
def test_suspicious_activities_depend_on_the_device(device, activity):
    typed = {here + "prescription": {"model": "activity", "activity_gbq": activity}}
    others = {"glass": "resin", "resin": "glass"}
    waiting = f"unusual_prescribed_activity_gbq@{here}prescription.activity_gbq"
    assert waiting in ids_of(changed(lobar(), {"device": device, **typed}))
    assert (waiting in ids_of(changed(lobar(), {"device": others[device], **typed}))) is (device == "glass")


def test_a_computed_activity_is_remarked_and_neither_refused_nor_waited_for():
    case = changed(lobar(), {here + "perfused_volume_ml": 6000, here + "prescription.dose_gy": 400})
    found = only(case, "unusual_administered_activity_gbq")
    assert found.value > 20
    assert (found.severity, found.acknowledgement) == ("caution", None)


@pytest.mark.parametrize(
    "path", ["constants.tissue_density_g_per_ml", here + "density_g_per_ml", lesion + "density_g_per_ml"]
)
@pytest.mark.parametrize(("density", "waits"), [(1.03, False), (1.05, True), (1.06, True)])
def test_a_density_that_is_not_documented_waits(path, density, waits):
    waiting = {one for one in ids_of(changed(with_lesions(), {path: density})) if one.endswith(f"@{path}")}
    assert bool(waiting) is waits


def test_the_density_of_the_other_nuclide_is_documented_for_it():
    holmium = changed(lobar(), {"device": "holmium", "convention": "ho166", here + "density_g_per_ml": 1.06})
    assert ids_of(holmium) == set()


@pytest.mark.parametrize("lung", [{"shunt_fraction": 0.95}, {"counts": {"lung": 950, "liver": 50}}])
def test_a_counted_shunt_waits_as_a_typed_one(lung):
    assert only(changed(lobar(), {"lung": lung}), "unusual_lung_shunt_fraction").value == pytest.approx(0.95)


def test_a_counted_ratio_waits_as_a_typed_one():
    upside_down = {"lesion_counts": 10, "lesion_volume_ml": 60, "normal_counts": 200, "normal_volume_ml": 400}
    case = changed(
        with_lesions(), {lesion + "tumor_normal_ratio": LEFT_OUT, lesion + "tumor_normal_counts": upside_down}
    )
    assert only(case, "unusual_tumor_normal_ratio").value == pytest.approx(1 / 3)


SEGMENTS = [
    (["5", "8"], ["2", "3"], []),
    (["5", "8"], ["8", "2"], ["shared_segment_8"]),
    (["5", "8"], ["8", "5"], ["shared_segment_5", "shared_segment_8"]),
    (["4"], ["4a"], ["shared_segment_4a"]),
    (["4b"], ["4"], ["shared_segment_4"]),
    (["4a"], ["4b"], []),
]


@pytest.mark.parametrize(("one", "other", "shared"), SEGMENTS)
def test_a_segment_in_two_territories_waits_for_a_person(one, other, shared):
    case = changed(two_lobes(), {here + "segments": one, "territories[1].segments": other})
    waiting = [finding for finding in planned(case).unacknowledged if finding.id.startswith("shared_segment")]
    assert sorted(finding.id for finding in waiting) == [f"{rule}@territories[1].segments" for rule in shared]
    confirmed = [{"finding": finding.id, "by": "AB", "reason": "watershed"} for finding in waiting]
    assert planned(changed(case, {"acknowledged": confirmed})).unacknowledged == ()


def test_a_ratio_of_another_territory_waits_for_a_person():
    case = changed(two_lobes(), {"territories[1].lesions[0].tumor_normal_ratio": 3.5})
    found = only(case, "reused_ratio")
    assert (found.id, found.value) == ("reused_ratio@territories[1].lesions[0].tumor_normal_ratio", 3.5)
    assert found.acknowledgement == "needed"
    assert only(acknowledged(case, found), "reused_ratio").acknowledgement == "given"


def test_a_ratio_twice_in_one_territory_is_no_reuse():
    assert findings(changed(with_lesions(), {here + "lesions[1].tumor_normal_ratio": 3.5}), "reused_ratio") == []
    assert findings(two_lobes(), "reused_ratio") == []


def test_a_ratio_in_three_territories_is_reused_twice():
    third = {**two_lobes()["territories"][1], "name": "segment 1", "perfused_volume_ml": 100}
    case = changed(
        two_lobes(), {"territories": [*two_lobes()["territories"], third], lesion + "tumor_normal_ratio": 2.0}
    )
    assert [one.territory for one in findings(case, "reused_ratio")] == ["left lobe", "segment 1"]


@pytest.mark.parametrize("text", ["right lobe", "segment 8, A5", "case 17-042", "second session 2026"])
def test_an_ordinary_text_is_no_identity(text):
    assert findings(changed(two_lobes(), {"label": text, "notes": text, here + "name": text}), "identifying_text") == []


def test_an_unverified_constant_and_a_typed_one_are_remarked():
    assert only(changed(lobar(), {"convention": "aapm"}), "unverified_energy_gy_kg_per_gbq").severity == "caution"
    assert findings(lobar(), "unverified_energy_gy_kg_per_gbq") == []
    typed = changed(lobar(), {"convention": "aapm", "constants": {"energy_gy_kg_per_gbq": 49.38}})
    assert findings(typed, "unverified_energy_gy_kg_per_gbq") == []
    assert only(typed, "typed_energy_gy_kg_per_gbq").severity == "note"


def test_a_second_shunt_is_compared_and_never_used():
    both = changed(lobar(), {"lung.other_shunt_fraction": 0.09})
    assert only(both, "other_lung_shunt_fraction").value == 0.09
    assert "9 %, 4 percentage points from the 5 % that is used" in only(both, "other_lung_shunt_fraction").message
    assert planned(both).territories == planned(lobar()).territories


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"lung.shunt_method": "planar"}, "planar_shunt"),
        ({"lung": {"counts": dict.fromkeys(PLANAR, 9)}}, "planar_shunt"),
        ({"mapping": {"same_catheter_position": False}}, "other_catheter_position"),
    ],
)
def test_what_travels_with_the_shunt_is_said(change, rule):
    assert only(changed(lobar(), change), rule).acknowledgement is None
    assert findings(lobar(), rule) == []


@given(cases())
def test_every_finding_has_an_id_of_its_own(case):
    counted = Counter(finding.id for finding in planned(case).findings)
    assert [one for one, count in counted.items() if count > 1] == []


def test_an_id_is_a_rule_and_the_path_of_what_it_is_about():
    assert [one.id for one in planned(with_lesions()).findings if not all(one.id.partition("@"))] == []


def test_findings_of_an_odd_case_have_ids_of_their_own():
    """An acknowledgement names a finding by its id: two findings with one id would be confirmed together."""
    third = {**two_lobes()["territories"][1], "name": "segment 4", "perfused_volume_ml": 100, "segments": ["4"]}
    case = changed(
        two_lobes(),
        {
            "label": "MRN 1234567 born 12.03.1956",
            "convention": "aapm",
            "territories": [*two_lobes()["territories"], third],
            here + "segments": ["4"],
            "territories[1].segments": ["4a", "4b"],
        },
    )
    counted = Counter(finding.id for finding in planned(case).findings)
    assert [one for one, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("whole", range(1, 200, 7))
def test_exact_decimal_boundaries_are_decided_as_decimals_are(whole):
    """Four fifths of a decimal number, and its nearest neighbors of three decimals."""
    prescribed = Decimal(whole) / 10
    bound = prescribed * Decimal("0.8")
    delivered = [bound - Decimal("0.001"), bound, bound + Decimal("0.001")]
    fractions = np.array([float(one) for one in delivered]) / float(prescribed)
    assert compare(fractions, "<=", 0.8).tolist() == [True, True, False]
    assert compare(fractions, "<", 0.8).tolist() == [True, False, False]
    assert compare(fractions, ">=", 0.8).tolist() == [False, True, True]
    assert compare(fractions, ">", 0.8).tolist() == [False, False, True]


@pytest.mark.parametrize("comparator", ["<", "<=", ">", ">="])
def test_no_comparison_holds_for_a_missing_value(comparator):
    assert compare(np.array([math.nan]), comparator, 30).tolist() == [False]


def test_an_unknown_comparator_is_refused():
    with pytest.raises(ValueError, match="comparator must be one of"):
        compare(np.array([1.0]), "=", 1.0)


@pytest.mark.parametrize(
    ("stated", "value"),
    [
        ({"found": True, "correctable": False, "site": "gastrointestinal"}, 1),
        ({"found": True, "correctable": False, "site": "other"}, 0),
        ({"found": True, "correctable": True, "site": "gastrointestinal"}, 0),
        ({"found": True, "correctable": False}, None),
        ({"correctable": True}, None),
        ({"site": "other"}, None),
        ({"found": False}, 0),
    ],
)
def test_extrahepatic_deposition_is_checked_only_as_far_as_it_is_stated(stated, value):
    case = changed(lobar(), {"extrahepatic": stated})
    found = only(case, "TS-GI")
    assert found.value == value
    assert found.kind == ("not_checked" if value is None else "limit")
    assert (found.severity == "stop") is (value == 1)
    assert bool(findings(case, "extrahepatic_deposition")) is (stated.get("found") is True)


def test_a_site_of_a_deposition_that_was_not_found_is_refused():
    case = changed(lobar(), {"extrahepatic": {"found": False, "site": "gastrointestinal"}})
    assert any("which is right?" in sentence for sentence in problems_at(case, "extrahepatic.found"))


def test_a_lesion_in_two_territories_is_said_to_be_one_in_parts():
    parts = changed(
        two_lobes(), {"territories[1].lesions[0].name": two_lobes()["territories"][0]["lesions"][0]["name"]}
    )
    assert only(parts, "lesion_in_parts").severity == "note"


def test_an_acknowledgement_lapses_when_another_territory_stands_in_its_place():
    """Two territories of the same suspicious volume, exchanged: the id counts them, the name does not lie."""
    small = changed(two_lobes(), {"territories[0].perfused_volume_ml": 9, "territories[0].lesions": [],
                                  "territories[1].perfused_volume_ml": 9, "territories[1].lesions": []})  # fmt: skip
    entry = {"finding": "unusual_perfused_volume_ml@territories[0].perfused_volume_ml", "value": 9, "by": "AB",
             "reason": "one subsegment", "territory": "right lobe"}  # fmt: skip
    case = changed(small, {"acknowledged": [entry]})
    assert findings(case, "unusual_perfused_volume_ml")[0].acknowledgement == "given"
    swapped = changed(case, {"territories": case["territories"][::-1]})
    [found] = [one for one in findings(swapped, "unusual_perfused_volume_ml") if one.id == entry["finding"]]
    assert found.acknowledgement == "needed"
    assert "lapsed: it was given for another territory or lesion" in found.message


@pytest.mark.parametrize(
    ("second", "severity"), [(0.09, "note"), (0.0901, "caution"), (0.01, "note"), (0.0099, "caution")]
)
def test_a_second_shunt_further_off_than_two_usually_are_is_a_caution(second, severity):
    """Shunt 5 %; limits of agreement of 8.1 points over 1.96, rounded to 4 points."""
    made = planned(changed(with_lesions(), {"lung.other_shunt_fraction": second}))
    [said] = [one for one in made.findings if one.id.startswith("other_lung_shunt_fraction@")]
    assert said.severity == severity


def test_a_left_lobe_that_holds_most_of_the_liver_is_asked_about():
    """B044."""
    big = changed(two_lobes(), {"territories[1].perfused_volume_ml": 1100, "territories[0].perfused_volume_ml": 300})
    said = {each.id: each for each in planned(big).findings}
    assert said["lobe_and_volume@territories[1].perfused_volume_ml"].severity == "caution"
    assert "64.7" in said["lobe_and_volume@territories[1].perfused_volume_ml"].message
    assert not [each for each in planned(two_lobes()).findings if each.id.startswith("lobe_and_volume")]
    named = changed(big, {"territories[1].side": "right", "territories[1].name": "left"})
    assert not [each for each in planned(named).findings if each.id.startswith("lobe_and_volume")], "the side decides"
    both = changed(big, {"territories[1].name": "left and right"})
    assert not [each for each in planned(both).findings if each.id.startswith("lobe_and_volume")]


def test_the_activity_of_an_earlier_session_waits_for_a_person():
    """B045."""
    earlier = {
        "sessions": [{"date": "2026-01-10", "device": "glass", "activity_gbq": 1.5}],
        "lung.previous_dose_gy": LEFT_OUT,
    }
    found = [each for each in planned(changed(two_lobes(), earlier)).unacknowledged if each.quantity == "same_activity"]
    assert [each.territory for each in found] == ["right lobe", "left lobe"]
    assert "copied" in found[0].message
    other = changed(changed(two_lobes(), earlier), {"sessions[0].activity_gbq": 1.501})
    assert not [each for each in planned(other).findings if each.quantity == "same_activity"]
