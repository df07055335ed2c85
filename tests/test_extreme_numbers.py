"""The largest and smallest numbers a file can hold, one field at a time: refused, or planned with finite results."""

import json
import math
from typing import Any

import pytest
from cases import LEFT_OUT, changed, first, full, is_number, leaf_ids, planned, problems, with_lesions
from each import each

from dosimetry.plan_file import text_from_plan

EXTREMES = [5e-324, 1e-310, 1e-160, 1e-15, 1e15, 1e160, 1.7976931348623157e308]
ratio_counts = {"lesion_counts": 9000, "lesion_volume_ml": 60, "normal_counts": 20000, "normal_volume_ml": 400}
planar = {"lung_anterior": 2e4, "lung_posterior": 2e4, "liver_anterior": 4e5, "liver_posterior": 3e5}
background = {
    "background_anterior": 10, "background_posterior": 10, "pixels_lung": 9, "pixels_liver": 8, "pixels_background": 7,
}  # fmt: skip
WITHOUT = {
    "lung": {"mass_kg": 1, "shunt_fraction": 0.05},
    "territories[0].lesions[0].tumor_normal_counts": LEFT_OUT,
    "territories[0].prescription.activity_gbq": LEFT_OUT,
    "territories[0].prescription.reading": LEFT_OUT,
    "prior": LEFT_OUT,
}
DIRECTED = "directive.territories[0]."
DELIVERED = "delivery.territories[0]."
BY_DOSE = {DIRECTED + "activity_gbq": LEFT_OUT, DIRECTED + "revised_activity_gbq": LEFT_OUT}
BY_ACTIVITY = {DIRECTED + name: LEFT_OUT for name in ("dose_gy", "revised_dose_gy", "target")}
ASSAYED = {DELIVERED + "vials[0].before_drawing_gbq": LEFT_OUT, DELIVERED + "vials[0].after_drawing_gbq": LEFT_OUT}
DRAWN = {DELIVERED + "vials[0].assay_activity_gbq": LEFT_OUT}
BY_RATES = {
    DELIVERED + name: LEFT_OUT for name in ("residual_activity_gbq", "residual_measured_at", "residual_fraction")
}
MEASURED = {DELIVERED + name: LEFT_OUT for name in ("rates_before", "rates_after", "rate_unit", "residual_fraction")}
TYPED = {
    DELIVERED + name: LEFT_OUT
    for name in ("rates_before", "rates_after", "rate_unit", "residual_activity_gbq", "residual_measured_at")
}
HOMES: list[dict[str, Any]] = [
    changed(
        with_lesions(), {"acknowledged": [{"finding": "reused_ratio@x", "value": 2.0, "by": "AB", "reason": "seen"}]}
    ),
    changed(with_lesions(), {"lung": {"mass_kg": 1, "counts": {"lung": 40, "liver": 720}}}),
    changed(with_lesions(), {"lung": {"mass_kg": 1, "counts": planar | background}}),
    changed(with_lesions(), {"territories[0].prescription": {"model": "activity", "activity_gbq": 2}}),
    changed(
        with_lesions(),
        {"territories[0].lesions[0]": {"name": "A", "volume_ml": 60, "tumor_normal_counts": ratio_counts}},
    ),
    changed(full(), WITHOUT | BY_DOSE | ASSAYED | BY_RATES),
    changed(full(), WITHOUT | BY_ACTIVITY | DRAWN | MEASURED),
    changed(full(), WITHOUT | BY_DOSE | DRAWN | TYPED),
]
"""Valid cases in which every number finds siblings it belongs to."""


def home(path: str) -> dict[str, Any]:
    """The first valid case that holds a field, else one to which it can be added."""
    return next((case for case in HOMES if holds(case, path)), HOMES[0])


def holds(case: dict[str, Any], path: str) -> bool:
    try:
        changed(case, {first(path): LEFT_OUT})
    except (KeyError, IndexError):
        return False
    return True


def is_finite(plain: Any) -> bool:
    if isinstance(plain, dict):
        return all(is_finite(value) for value in plain.values())
    if isinstance(plain, list):
        return all(is_finite(value) for value in plain)
    return not isinstance(plain, float) or math.isfinite(plain)


@pytest.mark.parametrize(
    "case",
    HOMES,
    ids=["typed", "tomographic", "planar", "activity", "ratio counts", "by rates", "by activity", "by fraction"],
)
def test_the_cases_used_here_are_valid(case):
    assert problems(case) == ()


@each(leaf=leaf_ids(is_number), value=EXTREMES)
def test_an_extreme_number_is_refused_or_planned_with_finite_numbers(leaf, value):
    case = changed(home(leaf.path), {first(leaf.path): value})
    if not problems(case):
        made = planned(case)
        assert is_finite(json.loads(text_from_plan(made)))
        assert all(territory.administered_activity_gbq is not None for territory in made.territories)
        assert made.lung_dose_gy is not None
