"""The reader is strict: what it does not understand it refuses, everything at once, each with its path."""

import io
import json

import pytest
from cases import (
    EXAMPLES,
    LEFT_OUT,
    changed,
    example_case,
    first,
    full,
    is_number,
    leaf_ids,
    lobar,
    problems,
    problems_at,
    put,
    refused,
    text_of,
    with_lesions,
)
from each import each
from isolated import shortest_time

from dosimetry import Case, CaseError, read_case
from dosimetry.case_fields import fields_of, leaves
from dosimetry.case_file import case_from_text, plain_from_case, text_from_case
from dosimetry.columns import flat_names

REQUIRED = [
    "format", "format_version", "label", "device", "territories", "territories[].name",
    "territories[].perfused_volume_ml", "territories[].lesions", "territories[].prescription",
    "territories[].prescription.model", "territories[].lesions[].name", "territories[].lesions[].volume_ml",
    "territories[].lesions[].tumor_normal_counts.lesion_counts",
    "territories[].lesions[].tumor_normal_counts.lesion_volume_ml",
    "territories[].lesions[].tumor_normal_counts.normal_counts",
    "territories[].lesions[].tumor_normal_counts.normal_volume_ml",
    "limits.off[].id", "limits.off[].by", "limits.off[].reason",
    "acknowledged[].finding", "acknowledged[].by", "acknowledged[].reason",
    "directive.territories", "directive.territories[].territory",
    "order.tolerance_fraction", "order.territories", "order.territories[].territory",
    "order.territories[].injection_at", "order.territories[].vials[].calibrated_activity_gbq",
    "order.territories[].vials[].calibrated_at",
    "delivery.territories", "delivery.territories[].territory", "delivery.territories[].vials",
    "delivery.territories[].injected_at", "delivery.territories[].vials[].assayed_at",
    "delivery.territories[].rates_before.rates", "delivery.territories[].rates_before.measured_at",
    "delivery.territories[].rates_after.rates", "delivery.territories[].rates_after.measured_at",
    "delivery.territories[].measured.imaging", "delivery.territories[].measured.lesions[].name",
    "sessions[].date", "sessions[].device", "scout.territories", "scout.territories[].territory",
    "scout.territories[].activity_gbq", "second_check.by", "second_check.territories",
    "second_check.territories[].name", "second_check.territories[].lesions[].name",
]  # fmt: skip
"""What a case file must state, as its description says, of the objects that stand in it."""
CHOSEN = {
    "device": ("glass", "resin", "holmium"),
    "treatment": ("tare",),
    "convention": ("eanm", "aapm", "glass_label", "icrp107", "ho166"),
    "disease": ("hcc", "icc", "mcrc", "net", "other"),
    "intent": ("segmentectomy", "lobectomy", "unilobar", "bilobar", "whole_liver"),
    "patient.sex": ("female", "male"),
    "patient.ascites": ("none", "slight", "moderate"),
    "patient.encephalopathy": ("none", "grade_1_2", "grade_3_4"),
    "patient.child_pugh": ("A5", "A6", "B7", "B8", "B9", "C10", "C11", "C12", "C13", "C14", "C15"),
    "liver.volume_source": ("ct", "mr", "cone_beam_ct", "spect_ct", "pet_ct"),
    "lung.shunt_method": ("planar", "spect_ct", "scout", "other"),
    "lung.other_shunt_method": ("planar", "spect_ct", "scout", "other"),
    "mapping.agent": ("maa", "scout"),
    "extrahepatic.site": ("gastrointestinal", "other"),
    "territories[].intent": ("segmentectomy", "lobectomy", "unilobar", "bilobar", "whole_liver"),
    "territories[].segments[]": ("1", "2", "3", "4", "4a", "4b", "5", "6", "7", "8"),
    "territories[].volume_source": ("ct", "mr", "cone_beam_ct", "spect_ct", "pet_ct"),
    "territories[].shunt_method": ("planar", "spect_ct", "scout", "other"),
    "territories[].lesions[].tumor_normal_source": ("maa", "scout", "pet", "spect", "other"),
    "territories[].lesions[].kind": ("tumor", "thrombus"),
    "territories[].prescription.reading": ("lobe", "share"),
    "delivery.territories[].rate_unit": ("mr_per_h", "usv_per_h", "counts_per_s"),
    "delivery.territories[].measured.imaging": ("pet", "spect", "mr", "other"),
}
"""Every closed list of words, as the description of the case file gives it."""
OBJECTS = [
    "", "constants", "prior", "patient", "liver", "lung", "lung.counts", "mapping", "extrahepatic", "limits",
    "limits.off[0]", "acknowledged[0]", "territories[0]", "territories[0].prescription", "territories[0].lesions[0]",
    "territories[0].lesions[0].tumor_normal_counts", "directive", "directive.territories[0]", "order",
    "order.territories[0]", "order.territories[0].vials[0]", "delivery", "delivery.territories[0]",
    "delivery.territories[0].vials[0]", "delivery.territories[0].rates_before", "delivery.territories[0].rates_after",
    "delivery.territories[0].measured", "delivery.territories[0].measured.lesions[0]", "sessions[0]", "scout",
    "scout.territories[0]", "second_check", "second_check.territories[0]", "second_check.territories[0].lesions[0]",
]  # fmt: skip
LISTS = ["territories", "territories[0].lesions", "territories[0].segments", "limits.on", "limits.off", "acknowledged",
         "sessions", "directive.territories", "order.territories", "order.calibrated_at", "order.vial_activities_gbq",
         "delivery.territories", "delivery.territories[0].vials", "delivery.territories[0].rates_before.rates",
         "scout.territories", "second_check.territories"]  # fmt: skip
HIDDEN = {
    "NUL": "\0",
    "line": "a\nb",
    "direction": "a\u202eb",
    "isolate": "a\u2066b",
    "no width": "a\u200bb",
    "surrogate": "\ud800",
}
FREE_TEXTS = [leaf for leaf in leaves() if leaf.field.kind is str and not leaf.field.choices]


def inside(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_read_and_written_back_unchanged(path):
    case = read_case(path)
    assert case_from_text(text_from_case(case)) == case
    assert plain_from_case(case) == json.loads(path.read_text("utf-8"))


def test_a_case_is_read_from_a_path_a_name_or_an_open_file(tmp_path):
    path = tmp_path / "case.json"
    path.write_text(text_of(lobar()), "utf-8")
    expected = case_from_text(text_of(lobar()))
    with path.open("rb") as bytes_, path.open(encoding="utf-8") as text:
        assert read_case(path) == read_case(str(path)) == read_case(bytes_) == read_case(text) == expected


def test_every_field_of_the_format_stands_in_the_full_case():
    stated = full()
    assert [leaf.path for leaf in leaves() if not stands(stated, leaf.path)] == []
    excluding = {"lung.shunt_fraction", "territories[0].lesions[0].tumor_normal_ratio"}
    excluding |= {
        "lung.shunt_method",
        "territories[0].prescription.activity_gbq",
        "territories[0].prescription.reading",
    }
    excluding |= {"sessions", "prior.tare", "directive.territories[0]", "delivery.territories[0]"}
    excluding |= {"delivery.territories[0].vials[0]"}
    assert {problem.path for problem in problems(stated)} == excluding


def stands(plain, pattern):
    try:
        changed(plain, {first(pattern): LEFT_OUT})
    except (KeyError, IndexError):
        return False
    return True


@each(path=OBJECTS)
def test_an_unknown_key_is_refused_in_every_object(path):
    where = inside(path, "surprise")
    assert refused(changed(full(), {where: 1}), where, r"the key is not known\.")


@each(path=OBJECTS)
def test_a_key_that_stands_twice_is_refused_in_every_object(path):
    text = text_of(changed(full(), {inside(path, "twice"): 1}))
    doubled = text.replace('"twice": 1', '"twice": 1, "twice": 1')
    assert refused(doubled, inside(path, "twice"), "the key stands more than once")


def test_a_misspelt_key_gets_the_likely_one():
    assert refused(changed(lobar(), {"lung.shunt_fration": 0.1}), "lung.shunt_fration", "Did you mean 'shunt_fraction'")


@each(path=OBJECTS[1:], value=[7, "text", [], None, True])
def test_what_should_be_an_object_must_be_one(path, value):
    assert refused(changed(full(), {path: value}), path, "must be an object with named fields")


@each(path=LISTS, value=[7, "text", {}, None, True])
def test_what_should_be_a_list_must_be_one(path, value):
    assert refused(changed(full(), {path: value}), path, "must be a list")


@pytest.mark.parametrize("value", ["[]", "7", '"text"', "null", "true"])
def test_a_file_must_hold_one_object(value):
    assert refused(value, "", "must be an object with named fields")


@each(leaf=leaf_ids())
def test_null_is_refused_in_every_field(leaf):
    assert refused(put(leaf.path, None), first(leaf.path), "must not be null; leave the key out")


@each(path=REQUIRED)
def test_a_required_field_that_is_missing_is_named(path):
    assert refused(put(path, LEFT_OUT), first(path), r"is missing\.$")


def test_nothing_else_is_required_of_an_object():
    alone = {leaf.path for leaf in leaves() if not leaf.path.startswith("lung.counts.")}  # counts need each other
    for path in sorted(alone - set(REQUIRED)):
        assert not refused(put(path, LEFT_OUT), first(path), f"^{flat_names()[path]} is missing"), path


@pytest.mark.parametrize(
    ("change", "path", "rule"),
    [
        ({"convention": LEFT_OUT}, "constants.energy_gy_kg_per_gbq", "is missing; name a convention"),
        ({"convention": LEFT_OUT}, "constants.tissue_density_g_per_ml", "is missing; name a convention"),
        ({"lung": LEFT_OUT}, "lung.shunt_fraction", "lung_shunt_fraction is missing"),
        ({"lung": {"mass_kg": 1}}, "lung.shunt_fraction", "lung_shunt_fraction is missing"),
        ({"territories": []}, "territories", "at least one territory"),
    ],
)
def test_what_a_case_needs_from_several_fields_is_named(change, path, rule):
    assert refused(changed(lobar(), change), path, rule)


@each(path=CHOSEN)
def test_every_word_of_a_closed_list_is_read(path):
    for word in CHOSEN[path]:
        assert not refused(put(path, word), first(path), "must be one of"), word


@each(path=CHOSEN, word=["Glass", "", "unknown", 3, True])
def test_any_other_word_is_refused(path, word):
    rule = "must be one of" if isinstance(word, str) and word else "must"
    assert refused(put(path, word), first(path), rule)


def test_closed_lists_are_exactly_these():
    literal = {leaf.path: leaf.field.choices for leaf in leaves() if leaf.field.choices}
    fixed = {"format": ("dosimetry-case",), "format_version": (1,)}
    tabled = {"device", "convention"}
    assert literal == {path: words for path, words in (CHOSEN | fixed).items() if path not in tabled}


@pytest.mark.parametrize(
    ("version", "rule"),
    [(2, "must be one of 1; got 2"), (0, "must be one of"), (1.5, "whole number"), ("1", "must be a number")],
)
def test_another_format_version_is_refused(version, rule):
    assert refused(changed(lobar(), {"format_version": version}), "format_version", rule)


def test_another_format_is_refused():
    assert refused(changed(lobar(), {"format": "dosimetry-plan"}), "format", "must be one of dosimetry-case")


@each(leaf=leaf_ids(lambda leaf: leaf.field.kind is bool), value=[0, 1, "true", "no"])
def test_only_true_and_false_are_truth_values(leaf, value):
    assert refused(put(leaf.path, value), first(leaf.path), "must be true or false")


@each(leaf=FREE_TEXTS, value=[5, True, {}, []])
def test_a_text_must_be_a_text(leaf, value):
    assert refused(put(leaf.path, value), first(leaf.path), "must be a text")


@each(leaf=FREE_TEXTS, text=HIDDEN.values())
def test_a_text_with_characters_that_hide_something_is_refused(leaf, text):
    assert refused(
        put(leaf.path, text), first(leaf.path), r"must not hold control, direction or surrogate.*U\+[0-9A-F]{4}"
    )


@pytest.mark.parametrize("text", ["", " ", " a", "a "])
def test_a_blank_text_is_refused(text):
    assert refused(changed(lobar(), {"label": text}), "label", "must not be blank")


def test_texts_are_put_in_their_composed_form():
    case = case_from_text(text_of(changed(lobar(), {"label": "Zoe\u0301"})))
    assert case.label == "Zo\u00e9"
    assert not problems(changed(lobar(), {"label": "e\u0301" * 200}))
    assert refused(changed(lobar(), {"label": "\u00e9" * 201}), "label", "at most 200 characters; got 201")


@each(leaf=leaf_ids(is_number), value=[[], {}, [1.0], "1.0", True])
def test_a_number_must_be_a_number(leaf, value):
    name = flat_names()[leaf.path]
    assert refused(put(leaf.path, value), first(leaf.path), f"^{name} must be a number; got ")


def test_whole_numbers_may_be_written_with_a_point():
    assert not problems(changed(lobar(), {"patient": {"ecog": 1.0}}))
    assert refused(changed(lobar(), {"patient": {"ecog": 1.5}}), "patient.ecog", "ecog must be a whole number")


def test_all_problems_come_at_once_each_with_its_path():
    bad = changed(
        with_lesions(),
        {
            "label": LEFT_OUT,
            "device": "steel",
            "surprise": 1,
            "lung.mass_kg": 1000,
            "patient": {"height_cm": 1.75, "lab_date": "03/04/2026"},
            "territories[0].perfused_volume_ml": "650",
            "territories[0].lesions[0].volume_ml": -3,
            "territories[0].lesions[1].tumor_normal_ratio": 0,
        },
    )
    assert {problem.path for problem in problems(bad)} == {
        "label",
        "device",
        "surprise",
        "lung.mass_kg",
        "patient.height_cm",
        "patient.lab_date",
        "territories[0].perfused_volume_ml",
        "territories[0].lesions[0].volume_ml",
        "territories[0].lesions[1].tumor_normal_ratio",
    }


def test_an_unreadable_territory_does_not_move_the_paths_of_the_next():
    bad = changed(full(), {"territories": [7, {**full()["territories"][0], "perfused_volume_ml": -1}]})
    assert problems_at(bad, "territories[0]")
    assert refused(bad, "territories[1].perfused_volume_ml", "must be in")


def test_the_error_lists_its_problems_one_a_line():
    with pytest.raises(CaseError) as caught:
        case_from_text(text_of(changed(lobar(), {"label": 5, "lung.shunt_fraction": 5})))
    assert isinstance(caught.value, ValueError)
    assert str(caught.value).splitlines() == [str(problem) for problem in caught.value.problems]
    assert [problem.path for problem in caught.value.problems] == ["label", "lung.shunt_fraction"]


def test_names_that_stand_twice_are_refused():
    twice = [with_lesions()["territories"][0]] * 2
    assert refused(changed(with_lesions(), {"territories": twice}), "territories", "territory_name must be unique")
    lesions = [with_lesions()["territories"][0]["lesions"][0]] * 2
    bad = changed(with_lesions(), {"territories[0].lesions": lesions})
    assert refused(bad, "territories[0].lesions", "lesion_name must be unique in its territory")


@pytest.mark.parametrize("depth", [1_000, 100_000])
@pytest.mark.parametrize("brackets", ["[]", "{}"])
def test_deep_nesting_is_refused(depth, brackets):
    opening = '{"a":' if brackets == "{}" else "["
    text = opening * depth + "1" + brackets[1] * depth
    assert problems(text)
    assert problems(text_of(lobar())[:-1] + f', "notes": {text}}}')


def test_a_file_that_is_too_large_is_refused_at_once():
    content = b" " * 5_000_001
    assert refused(content, "", "larger than 5 MB")
    assert shortest_time(lambda: problems(content)) < 0.1


def test_a_long_text_of_shuffled_accents_is_refused_in_no_time():
    """Ordering combining marks takes time with the square of their count: the length has to be looked at first."""
    text = text_of(changed(lobar(), {"label": "a" + "\u0301\u0323" * 40_000}))
    assert refused(text, "label", "at most 200 characters")
    assert shortest_time(lambda: problems(text), tries=1) < 0.5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf8_is_read_with_or_without_a_byte_order_mark(encoding):
    assert case_from_text(text_of(changed(lobar(), {"label": "Zoé"})).encode(encoding)).label == "Zoé"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "latin-1"])
def test_another_encoding_is_refused(encoding):
    content = json.dumps(changed(lobar(), {"label": "Zoé"}), ensure_ascii=False).encode(encoding)
    assert refused(content, "", "not UTF-8|not JSON")


def test_an_open_text_file_may_begin_with_a_byte_order_mark():
    assert read_case(io.StringIO("\ufeff" + text_of(lobar()))).label == "shortest"


@pytest.mark.parametrize("key", ["a\ud800", "a\u202eb", "a\x1b[31mb", "a\nb"])
@pytest.mark.parametrize("times", [1, 2])
def test_a_strange_key_is_quoted_without_its_strange_characters(key, times):
    quoted = json.dumps(key)
    text = text_of(lobar())[:-1] + f", {quoted}: 1" * times + "}"
    lines = [str(problem) for problem in problems(text)]
    assert lines
    assert all(line.isprintable() and line.encode("utf-8") for line in lines)


def test_records_are_frozen_hashable_and_keyword_only():
    case = example_case("two-territories")
    assert hash(case) == hash(example_case("two-territories"))
    with pytest.raises(AttributeError):
        case.label = "another"
    with pytest.raises(TypeError):
        Case("label", "glass", ())  # type: ignore[misc]
    assert all(field.name.isidentifier() for field in fields_of(Case))
