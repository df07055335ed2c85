"""Plain cases, as they stand in a case file, and what becomes of them. No test and no number of the library is here."""

import copy
import datetime
import json
import re
from pathlib import Path
from typing import Any

from dosimetry import Case, CaseError, Plan, Problem, plan
from dosimetry.case_fields import Leaf, leaves
from dosimetry.case_file import case_from_text
from dosimetry.plan_file import plain_from_plan

ROOT = Path(__file__).parent.parent
EVERY_EXAMPLE = sorted((ROOT / "examples").glob("*.json"))
TACE_EXAMPLES = [path for path in EVERY_EXAMPLE if json.loads(path.read_text("utf-8")).get("treatment") == "tace"]
EXAMPLES = [path for path in EVERY_EXAMPLE if path not in TACE_EXAMPLES]
"""The examples of radioembolization."""
AT = datetime.datetime(2026, 7, 31, 9, 30, tzinfo=datetime.UTC)
LEFT_OUT = object()
"""Stands for a field that is taken away."""


def example(name: str) -> dict[str, Any]:
    """An example case as plain values."""
    return json.loads((ROOT / "examples" / f"{name}.json").read_text("utf-8"))


def example_case(name: str) -> Case:
    """An example case as a record."""
    return case_from_text(json.dumps(example(name)))


def lobar() -> dict[str, Any]:
    """The shortest case there is: one territory, no lesion, every required field and no other."""
    return {
        "format": "dosimetry-case",
        "format_version": 1,
        "label": "shortest",
        "device": "glass",
        "convention": "eanm",
        "lung": {"shunt_fraction": 0.05},
        "territories": [
            {
                "name": "right lobe",
                "perfused_volume_ml": 650,
                "lesions": [],
                "prescription": {"model": "single_compartment", "dose_gy": 110},
            }
        ],
    }


def with_lesions() -> dict[str, Any]:
    """Two lesions in one territory, partition to the first, with lung mass and whole liver: every dose exists."""
    return changed(
        lobar(),
        {
            "territories[0].lesions": [
                {"name": "A", "volume_ml": 60, "tumor_normal_ratio": 3.5},
                {"name": "B", "volume_ml": 25, "tumor_normal_ratio": 2.0, "necrotic_volume_ml": 5},
            ],
            "territories[0].prescription": {"model": "partition", "target": "lesion:A", "dose_gy": 220},
            "territories[0].residual_fraction": 0.02,
            "liver": {"whole_volume_ml": 1700, "untreated_tumor_volume_ml": 0},
            "lung": {"shunt_fraction": 0.05, "mass_kg": 1.0, "previous_dose_gy": 0},
        },
    )


def two_lobes() -> dict[str, Any]:
    """Two territories with a lesion each and a typed activity each."""
    lobe = {"perfused_volume_ml": 600, "prescription": {"model": "activity", "activity_gbq": 1.5}}
    lesion = {"volume_ml": 40}
    return changed(
        with_lesions(),
        {
            "territories": [
                {**lobe, "name": "right lobe", "lesions": [{**lesion, "name": "A", "tumor_normal_ratio": 3.5}]},
                {**lobe, "name": "left lobe", "lesions": [{**lesion, "name": "B", "tumor_normal_ratio": 2.0}]},
            ]
        },
    )


def full() -> dict[str, Any]:
    """A case in which every field of the format stands at least once, fields that exclude each other included."""
    return changed(
        with_lesions(),
        {
            "treatment": "tare",
            "constants": {"energy_gy_kg_per_gbq": 49.67, "tissue_density_g_per_ml": 1.03, "half_life_h": 64.1},
            "disease": "hcc",
            "intent": "unilobar",
            "prior": {"tare": False, "resection": False, "systemic": True},
            "patient": {
                "height_cm": 175, "weight_kg": 70, "age_years": 64, "sex": "male", "bilirubin_mg_dl": 0.8,
                "albumin_g_dl": 3.9, "inr": 1.1, "creatinine_mg_dl": 0.9, "sodium_mmol_l": 139, "ascites": "none",
                "encephalopathy": "none", "child_pugh": "A5", "ecog": 1, "lab_date": "2026-04-03",
                "dialysis": False,
            },
            "staging": {"tumor_count": 2, "largest_tumor_cm": 4.5, "vascular_invasion": False},
            "liver.volume_source": "ct",
            "lung.shunt_method": "planar",
            "lung.other_shunt_fraction": 0.04,
            "lung.other_shunt_method": "spect_ct",
            "lung.counts": {
                "lung_anterior": 20000, "lung_posterior": 21000, "liver_anterior": 400000, "liver_posterior": 300000,
                "background_anterior": 100, "background_posterior": 110, "pixels_lung": 900, "pixels_liver": 800,
                "pixels_background": 50, "lung": 40, "liver": 720,
            },
            "mapping": {"agent": "maa", "date": "2026-04-01", "same_catheter_position": True},
            "extrahepatic": {"found": True, "correctable": True, "site": "other"},
            "limits": {"on": ["LUNG-CUM"], "off": [{"id": "KR-LUNG-GM", "by": "AB", "reason": "not used here"}]},
            "notes": "second session",
            "acknowledged": [{"finding": "reused_ratio@x", "value": 2.0, "by": "AB", "reason": "measured twice",
                              "territory": "right lobe", "lesion": "A"}],
            "directive": {
                "written_at": "2026-04-01T09:00Z",
                "territories": [{
                    "territory": "right lobe", "target": "perfused", "dose_gy": 110, "activity_gbq": 2.5,
                    "until_stasis": True, "revised_dose_gy": 100, "revised_activity_gbq": 2.4,
                    "revised_at": "2026-04-07T12:00[Asia/Tokyo]", "revised_reason": "spasm",
                }],
            },
            "order": {
                "tolerance_fraction": 0.1, "pairs": True, "custom_steps": True, "vial_activities_gbq": [3, 5],
                "calibrated_at": ["2026-04-05T12:00[America/New_York]"], "shelf_life_h": 288,
                "drawn_at": "2026-04-07T09:00[Asia/Tokyo]", "reference_at": "2026-04-07T09:00[Asia/Tokyo]",
                "territories": [{
                    "territory": "right lobe", "injection_at": "2026-04-07T09:30[Asia/Tokyo]",
                    "residual_fraction": 0.01,
                    "vials": [
                        {"calibrated_activity_gbq": 5, "calibrated_at": "2026-04-05T12:00[America/New_York]"},
                    ],
                }],
            },
            "delivery": {
                "calibrator_uncertainty_fraction": 0.05, "reading_uncertainty_fraction": 0.03,
                "measured_lung_dose_gy": 4, "measured_lung_shunt_fraction": 0.04,
                "territories": [{
                    "territory": "right lobe", "injected_at": "2026-04-07T09:35[Asia/Tokyo]",
                    "vials": [{
                        "assayed_at": "2026-04-07T08:00[Asia/Tokyo]", "assay_activity_gbq": 2.6,
                        "before_drawing_gbq": 3.0, "after_drawing_gbq": 0.4, "lot": "L1", "calibrator": "C1",
                        "setting": "55 x 10",
                    }],
                    "residual_activity_gbq": 0.02, "residual_measured_at": "2026-04-07T10:30[Asia/Tokyo]",
                    "residual_fraction": 0.01, "rate_unit": "mr_per_h",
                    "rates_before": {
                        "rates": [5.8, 5.9, 5.7, 5.8], "background_rate": 0.1,
                        "measured_at": "2026-04-07T09:00[Asia/Tokyo]",
                    },
                    "rates_after": {
                        "rates": [0.3, 0.3, 0.4, 0.3], "background_rate": 0.1,
                        "measured_at": "2026-04-07T10:00[Asia/Tokyo]",
                    },
                    "contamination_checked": True, "survey": "nothing found", "stasis": True, "stopped_early": True,
                    "reason": "spasm",
                    "measured": {
                        "imaging": "pet", "normal_perfused_dose_gy": 60,
                        "lesions": [{"name": "A", "dose_gy": 200, "tumor_normal_ratio": 3.2}],
                    },
                }],
            },
            "sessions": [{
                "date": "2025-03-01", "device": "glass", "activity_gbq": 2.0, "lung_dose_gy": 3,
                "whole_normal_liver_dose_gy": 30, "whole_normal_liver_mass_kg": 1.6,
            }],
            "scout": {"territories": [{"territory": "right lobe", "activity_gbq": 0.25}]},
            "second_check": {
                "by": "CD", "at": "2026-04-06T16:00[Asia/Tokyo]", "device": "glass", "energy_gy_kg_per_gbq": 49.67,
                "tissue_density_g_per_ml": 1.03, "lung_shunt_fraction": 0.05, "lung_mass_kg": 1.0,
                "whole_liver_volume_ml": 1700,
                "territories": [{
                    "name": "right lobe", "perfused_volume_ml": 650, "administered_activity_gbq": 1.5,
                    "target_dose_gy": 220, "residual_fraction": 0.02, "lung_shunt_fraction": 0.06,
                    "density_g_per_ml": 1.03,
                    "lesions": [{
                        "name": "A", "volume_ml": 60, "necrotic_volume_ml": 6, "tumor_normal_ratio": 3.5,
                        "density_g_per_ml": 1.03,
                    }],
                }],
            },
            "sensitivity": {
                "tumor_normal_ratio": 0.3, "perfused_volume": 0.1, "lesion_volume": 0.17, "lung_shunt": 0.04,
            },
            "territories[0].intent": "lobectomy",
            "territories[0].segments": ["5", "8"],
            "territories[0].side": "right",
            "territories[0].vessel": "right hepatic artery",
            "territories[0].volume_source": "cone_beam_ct",
            "territories[0].shunt_fraction": 0.06,
            "territories[0].shunt_method": "scout",
            "territories[0].density_g_per_ml": 1.03,
            "territories[0].vial_age_h": 72,
            "territories[0].lesions[0].tumor_normal_counts": {
                "lesion_counts": 9000, "lesion_volume_ml": 60, "normal_counts": 20000, "normal_volume_ml": 400,
            },
            "territories[0].lesions[0].tumor_normal_source": "maa",
            "territories[0].lesions[0].necrotic_volume_ml": 6,
            "territories[0].lesions[0].density_g_per_ml": 1.03,
            "territories[0].lesions[0].kind": "tumor",
            "territories[0].prescription.activity_gbq": 2.5,
            "territories[0].prescription.reading": "lobe",
        },
    )  # fmt: skip


def first(pattern: str) -> str:
    """The path of a field in the first row of every list: ``territories[].name`` becomes ``territories[0].name``."""
    return pattern.replace("[]", "[0]")


def leaf_ids(which: Any = None) -> list[Any]:
    """Fields that hold values, for a parametrized test; ``which`` picks some of them."""
    return [leaf for leaf in leaves() if which is None or which(leaf)]


def is_number(leaf: Leaf) -> bool:
    """Whether a field holds a number."""
    return leaf.field.kind in (int, float)


def changed(plain: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A copy with values put at their paths, in order; `LEFT_OUT` takes a field away."""
    made = copy.deepcopy(plain)
    for path, value in changes.items():
        *way, last = [int(place) if place else name for name, place in re.findall(r"(\w+)|\[(\d+)\]", path)]
        place: Any = made
        for step in way:
            place = place.setdefault(step, {}) if isinstance(step, str) else place[step]
        if value is LEFT_OUT:
            del place[last]
        else:
            place[last] = copy.deepcopy(value)
    return made


def put(pattern: str, value: Any, into: dict[str, Any] | None = None) -> dict[str, Any]:
    """The full case with one field of it set."""
    return changed(full() if into is None else into, {first(pattern): value})


def text_of(plain: Any) -> str:
    """A case file. NaN and infinities come out as the words that JSON does not have."""
    return json.dumps(plain)


def problems(source: Any) -> tuple[Problem, ...]:
    """Everything the reader refuses in a plain case or in the text of a case file; empty when it is accepted."""
    try:
        case_from_text(source if isinstance(source, str | bytes) else text_of(source))
    except CaseError as error:
        return error.problems
    return ()


def problems_at(source: Any, path: str) -> list[str]:
    """The sentences about one path."""
    return [problem.message for problem in problems(source) if problem.path == path]


def refused(source: Any, path: str, rule: str) -> bool:
    """Whether the reader refuses a field with a sentence that a pattern is found in."""
    return any(re.search(rule, message) for message in problems_at(source, path))


def planned(plain: dict[str, Any]) -> Plan:
    """The plan of a plain case, by way of its text."""
    return plan(case_from_text(text_of(plain)), at=AT)


def numbers(made: Plan) -> dict[str, Any]:
    """The numbers of a plan itself as plain values: without origin, sentences, and what would be under other terms."""
    plain = plain_from_plan(made)
    origin = ("case", "input_sha256", "version", "data_fingerprint", "computed_at", "findings", "label")
    of_the_day = ("ordered", "ordered_doses", "as_treated", "cumulative", "second_check")
    for name in (*origin, *of_the_day, "other_conventions", "sensitivity", "inapplicable", "missing"):
        del plain[name]
    for territory in plain["territories"]:
        for name in ("proposals", "no_proposals", "bounds", "bounds_in_words", "bounds_in_short"):
            del territory[name]
    return plain
