"""The second route: a plan whose doses do not add up to the energy released is not handed out."""

import dataclasses

import numpy as np
import pytest
from cases import changed, planned, two_lobes, with_lesions

from dosimetry import energy_balance, planning
from dosimetry.case_reader import checked
from dosimetry.energy_balance import EnergyBalanceError
from dosimetry.evaluation import evaluate

UNSEEN, SEEN = 1e-11, 1e-7
BROKEN = [
    ("territory", "administered_activity_gbq", "perfused liver and lungs"),
    ("territory", "perfused_dose_gy", "perfused liver and lungs"),
    ("territory", "lung_dose_share_gy", "perfused liver and lungs"),
    ("territory", "normal_perfused_dose_gy", "lesions, normal liver and lungs"),
    ("lesion", "dose_gy", "lesions, normal liver and lungs"),
]


def times(results, level, name, factor):
    """Results in which one column is multiplied by a factor."""
    return dataclasses.replace(results, **{level: {**results.level(level), name: results.level(level)[name] * factor}})


@pytest.mark.parametrize(("level", "name", "route"), BROKEN)
@pytest.mark.parametrize("plain", [with_lesions(), two_lobes()], ids=["one territory", "two territories"])
def test_a_number_that_is_off_by_one_part_in_1e7_is_found(plain, level, name, route):
    _, columns, constants, parts = checked(plain)
    results = evaluate(columns, constants, parts)
    energy_balance.check(columns, parts, results)
    energy_balance.check(columns, parts, times(results, level, name, 1 + UNSEEN))
    with pytest.raises(EnergyBalanceError, match=f"self-check failed for {route}: .* in territory 0"):
        energy_balance.check(columns, parts, times(results, level, name, 1 + SEEN))


@pytest.mark.parametrize("prescription", [
    {"model": "partition", "target": "lesion:B", "dose_gy": 150},
    {"model": "partition", "target": "normal_perfused", "dose_gy": 40},
    {"model": "single_compartment", "dose_gy": 110},
])  # fmt: skip
def test_a_target_that_does_not_get_its_dose_is_found(prescription):
    _, columns, constants, parts = checked(changed(with_lesions(), {"territories[0].prescription": prescription}))
    results = evaluate(columns, constants, parts)
    for level in ("territory", "lesion"):
        for name in [name for name in results.level(level) if name.endswith(("dose_gy", "_gbq", "share_gy"))]:
            results = times(results, level, name, 1 + SEEN)
    with pytest.raises(EnergyBalanceError, match="dose of the prescribed target"):
        energy_balance.check(columns, parts, results)


def test_no_plan_is_handed_out_that_fails_its_own_check(monkeypatch):
    def wrong(columns, constants, parts):
        return times(evaluate(columns, constants, parts), "lesion", "dose_gy", np.float64(1.2))

    monkeypatch.setattr(planning, "evaluate", wrong)
    with pytest.raises(EnergyBalanceError, match="no result is given"):
        planned(with_lesions())


@pytest.mark.parametrize("beyond", [-9e-8, 0.0, 5e-8, 9.9e-8])
@pytest.mark.parametrize("density", [0.9, 1.2])
def test_lesions_that_fill_their_territory_leave_no_normal_liver_whatever_they_weigh(beyond, density):
    """Volumes that a rule lets pass must not come out as a negative mass."""
    case = changed(
        with_lesions(),
        {
            "territories[0].perfused_volume_ml": 100.0,
            "territories[0].lesions": [
                {"name": "A", "volume_ml": 100.0 + beyond, "tumor_normal_ratio": 3.0, "density_g_per_ml": density}
            ],
            "territories[0].prescription": {"model": "activity", "activity_gbq": 1.0},
        },
    )
    territory = planned(case).territories[0]
    assert territory.normal_perfused_mass_kg == 0
    assert territory.normal_perfused_dose_gy is None
