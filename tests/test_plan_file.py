"""The plan file: the hash that names its input, and what is said of a stored plan that is recomputed."""

import datetime
import hashlib
import json

import pytest
from cases import AT, EXAMPLES, LEFT_OUT, changed, example, full, lobar, planned, text_of, with_lesions
from effort import examples
from hypothesis import given, settings
from isolated import run_python
from strategies import cases

from dosimetry import CaseError, __version__, plan, reference
from dosimetry.case_file import case_from_text, input_sha256
from dosimetry.plan_file import instant_from_text, text_from_plan, verify

here = "territories[0]."
ACKNOWLEDGED = [{"finding": "x@y", "value": 1, "by": "AB", "reason": "seen"}]


def hash_of(plain):
    return input_sha256(case_from_text(text_of(plain)))


def hash_by_hand(plain):
    """SHA-256 of the parsed case: sorted keys, compact UTF-8, floats, without the acknowledgements."""
    kept = {
        name: value for name, value in json.loads(text_of(plain), parse_int=float).items() if name != "acknowledged"
    }
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def turned_around(plain):
    """The same values with the keys of every object in the opposite order."""
    if isinstance(plain, dict):
        return {name: turned_around(plain[name]) for name in reversed(plain)}
    return [turned_around(item) for item in plain] if isinstance(plain, list) else plain


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_hash_can_be_recomputed_from_the_case_file_alone(path):
    plain = example(path.stem)
    assert hash_of(plain) == hash_by_hand(plain) == planned(plain).input_sha256


@settings(max_examples=examples(40))
@given(cases())
def test_the_hash_of_any_case_can_be_recomputed(case):
    assert hash_of(case) == hash_by_hand(case)


def test_texts_of_any_language_are_hashed_as_utf8():
    plain = changed(lobar(), {"label": "Übung 3 – 右葉", "notes": "ß"})
    assert hash_of(plain) == hash_by_hand(plain)


def test_the_hash_does_not_see_how_a_number_is_written():
    written = text_of(lobar())
    for other in ("650.0", "6.5e2", "650.000", "65e1"):
        text = written.replace("650", other)
        assert text != written
        assert input_sha256(case_from_text(text)) == hash_of(lobar())


def test_the_hash_does_not_see_the_order_of_keys_nor_blanks():
    plain = example("two-territories")
    assert hash_of(turned_around(plain)) == hash_of(plain)
    assert input_sha256(case_from_text(json.dumps(plain, indent=7))) == hash_of(plain)


def test_the_hash_does_not_see_acknowledgements():
    assert hash_of(changed(lobar(), {"acknowledged": ACKNOWLEDGED})) == hash_of(lobar())


@pytest.mark.parametrize(
    "change",
    [
        {"label": "another"},
        {"device": "resin"},
        {"lung.shunt_fraction": 0.050000000000000003 + 1e-17},
        {"lung.shunt_fraction": 0.05000000000000001},
        {"territories[0].name": "left lobe"},
        {"notes": "x"},
        {"disease": "hcc"},
    ],
)
def test_the_hash_sees_everything_else(change):
    moved = changed(lobar(), change)
    same = json.loads(text_of(moved)) == json.loads(text_of(lobar()))
    assert (hash_of(moved) == hash_of(lobar())) is same


def test_the_order_of_territories_is_part_of_the_input():
    plain = example("two-territories")
    assert hash_of(changed(plain, {"territories": plain["territories"][::-1]})) != hash_of(plain)


@pytest.mark.parametrize("environment", [
    {"PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8"},
    {"PYTHONHASHSEED": "8", "TZ": "America/New_York", "LANG": "de_DE.UTF-8"},
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
])  # fmt: skip
def test_the_hash_is_the_same_in_any_environment(environment):
    code = "import sys; from dosimetry import *; print(*(plan(read_case(path)).input_sha256 for path in sys.argv[1:]))"
    answer = run_python("-c", code, *map(str, EXAMPLES), **environment)
    assert answer.split() == [hash_by_hand(example(path.stem)) for path in EXAMPLES]


def stored(plain, **changes):
    """A plan file, with values of it changed by hand."""
    return text_of(changed(json.loads(text_from_plan(planned(plain))), changes))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_stored_plan_agrees_with_its_recomputation(path):
    found = verify(text_from_plan(planned(example(path.stem))))
    assert (found.agrees, found.moved, found.reasons) == (True, (), ())
    assert verify(text_from_plan(planned(example(path.stem))).encode()).agrees


def test_a_stored_plan_with_findings_of_every_kind_agrees():
    odd = changed(with_lesions(), {"lung.shunt_fraction": 0.4, "convention": "aapm", "acknowledged": ACKNOWLEDGED})
    assert verify(text_from_plan(planned(odd))).agrees


def test_a_changed_case_is_said_to_be_another_input():
    found = verify(stored(lobar(), **{"case.lung.shunt_fraction": 0.06}))
    assert not found.agrees
    assert [reason.partition(":")[0] for reason in found.reasons] == ["input"]
    assert any(line.startswith(here + "administered_activity_gbq: stored ") for line in found.moved)


def test_a_changed_label_is_said_to_be_another_input_though_no_dose_moves():
    found = verify(stored(lobar(), **{"case.label": "another patient"}))
    assert not found.agrees
    assert found.reasons[0].startswith("input:")


@pytest.mark.parametrize(("field", "reason"), [("data_fingerprint", "tables"), ("version", "code")])
def test_other_tables_and_other_code_are_named(field, reason):
    found = verify(stored(lobar(), **{field: "0123456789ab"}))
    assert not found.agrees
    assert [text.partition(":")[0] for text in found.reasons] == [reason]
    now = {"data_fingerprint": reference.fingerprint(), "version": __version__}[field]
    assert "0123456789ab" in found.reasons[0]
    assert now in found.reasons[0]
    assert found.moved == ()


MOVED = {
    "a digit of an activity": (here + "administered_activity_gbq", 1.6),
    "a dose taken away": (here + "perfused_dose_gy", LEFT_OUT),
    "a dose made null": (here + "perfused_dose_gy", None),
    "a dose made text": (here + "perfused_dose_gy", "110"),
    "a finding": ("findings[0].message", "nothing to see"),
    "all findings": ("findings", []),
    "a severity": ("findings[0].severity", "note"),
    "an added number": ("lung_dose_limit_gy", 30),
    "a constant": ("constants[0].value", 49.0),
    "the outer label": ("label", "another"),
    "an added territory": ("territories", []),
}


@pytest.mark.parametrize(("path", "value"), MOVED.values(), ids=MOVED)
def test_a_plan_file_that_was_changed_by_hand_is_said_to_be(path, value):
    """B106."""
    stop = changed(with_lesions(), {"lung.shunt_fraction": 0.5})
    found = verify(stored(stop, **{path: value}))
    assert not found.agrees
    assert [reason.partition(":")[0] for reason in found.reasons] == ["file"]
    assert any(line.startswith(path.partition("[0]")[0].partition(".")[0]) for line in found.moved)


@pytest.mark.parametrize(("relative", "agrees"), [(1e-14, True), (5e-13, True), (2e-12, False), (1e-9, False)])
def test_numbers_may_differ_by_what_machines_differ_by(relative, agrees):
    activity = planned(lobar()).territories[0].administered_activity_gbq
    found = verify(stored(lobar(), **{here + "administered_activity_gbq": activity * (1 + relative)}))
    assert found.agrees is agrees


def test_a_number_that_stands_twice_in_a_plan_file_is_refused():
    """Readers differ in which of the two they show."""
    text = text_from_plan(planned(with_lesions()))
    doubled = text.replace('"lung_dose_gy":', '"lung_dose_gy": 1.0,\n  "lung_dose_gy":', 1)
    assert doubled != text
    with pytest.raises(CaseError, match="stands more than once"):
        verify(doubled)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("", "not JSON"),
        ("[]", "no plan of format version 1"),
        ("{}", "no plan of format version 1"),
        (text_of(lobar()), "no plan of format version 1"),
        (stored(lobar(), format_version=2), "no plan of format version 1"),
        (stored(lobar(), case=LEFT_OUT), "case: is missing from the plan"),
        (stored(lobar(), computed_at=LEFT_OUT), "computed_at: is missing from the plan"),
        (stored(lobar(), computed_at="yesterday"), "must be an instant"),
        (stored(lobar(), computed_at="2026-01-31T09:30:00"), "must be an instant"),
        (stored(lobar(), computed_at=None), "must be an instant"),
        (stored(lobar(), **{"case.lung.shunt_fraction": 5}), r"lung_shunt_fraction must be in \[0, 1\); got 5"),
    ],
)
def test_what_is_no_plan_file_is_refused(content, rule):
    with pytest.raises(CaseError, match=rule):
        verify(content)


@pytest.mark.parametrize("key", ["a\ud800", "a\x1b[31mb"])
def test_a_strange_key_of_a_plan_file_is_quoted_without_its_strange_characters(key):
    text = text_from_plan(planned(lobar()))[:-2] + f", {json.dumps(key)}: 1, {json.dumps(key)}: 1}}"
    with pytest.raises(CaseError, match="stands more than once") as caught:
        verify(text)
    assert all(str(problem).isprintable() for problem in caught.value.problems)


@pytest.mark.parametrize("depth", [100, 300, 500, 700, 900, 10_000])
@pytest.mark.parametrize("brackets", ["[]", "{}"])
@pytest.mark.parametrize("name", ["case", "findings", "extra"])
def test_a_deeply_nested_plan_file_is_refused_or_differs(depth, brackets, name):
    nested = ('{"a":' if brackets == "{}" else "[") * depth + "1" + brackets[1] * depth
    plain = changed(json.loads(text_from_plan(planned(lobar()))), {name: "HERE"})
    assert not is_agreed(text_of(plain).replace('"HERE"', nested))


def is_agreed(content):
    """Whether a file is a plan that agrees with its recomputation."""
    try:
        return verify(content).agrees
    except CaseError:
        return False


def test_a_plan_is_dated_in_universal_time():
    berlin = datetime.timezone(datetime.timedelta(hours=1))
    made = plan(case_from_text(text_of(lobar())), at=datetime.datetime(2026, 7, 31, 10, 30, tzinfo=berlin))
    assert made.computed_at == "2026-07-31T09:30:00Z"
    assert made == planned(lobar())


def test_the_instant_moves_no_number_and_no_hash():
    later = plan(case_from_text(text_of(lobar())), at=AT + datetime.timedelta(days=400))
    assert later.input_sha256 == planned(lobar()).input_sha256
    assert later.territories == planned(lobar()).territories


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        plan(case_from_text(text_of(lobar())), at=datetime.datetime(2026, 1, 31))  # noqa: DTZ001
    with pytest.raises(ValueError, match="must name its offset"):
        instant_from_text("2026-01-31T09:30:00")


def test_without_an_instant_the_plan_is_dated_now():
    before = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    made = instant_from_text(plan(case_from_text(text_of(lobar()))).computed_at)
    assert before <= made <= datetime.datetime.now(datetime.UTC)


def test_the_same_case_gives_the_same_bytes():
    assert text_from_plan(planned(full_but_valid())) == text_from_plan(planned(full_but_valid()))


def test_the_case_stands_in_the_plan_as_it_was_given():
    plain = full_but_valid()
    assert json.loads(text_from_plan(planned(plain)))["case"] == plain


def full_but_valid():
    """Every optional field that does not exclude another."""
    return changed(
        full(),
        {
            "lung.counts": LEFT_OUT,
            here + "lesions[0].tumor_normal_counts": LEFT_OUT,
            here + "prescription.activity_gbq": LEFT_OUT,
            here + "prescription.reading": LEFT_OUT,
            "lung.previous_dose_gy": LEFT_OUT,
            "prior.tare": LEFT_OUT,
            "directive.territories[0].activity_gbq": LEFT_OUT,
            "directive.territories[0].revised_activity_gbq": LEFT_OUT,
            "delivery.territories[0].vials[0].before_drawing_gbq": LEFT_OUT,
            "delivery.territories[0].vials[0].after_drawing_gbq": LEFT_OUT,
            "delivery.territories[0].residual_activity_gbq": LEFT_OUT,
            "delivery.territories[0].residual_measured_at": LEFT_OUT,
            "delivery.territories[0].residual_fraction": LEFT_OUT,
        },
    )
