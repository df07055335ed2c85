"""Doses of one scenario as records: the same for other conventions and for varied inputs."""

import math

import numpy as np

from dosimetry.arrays import FloatArray
from dosimetry.case import Case
from dosimetry.evaluation import Results
from dosimetry.plan_record import Doses, LesionDose, TerritoryDoses


def known(values: FloatArray, row: int) -> float | None:
    """A computed number, or ``None`` where it does not exist or could not be known."""
    return None if np.isnan(values[row]) else float(values[row])


def all_known(values: FloatArray) -> list[float | None]:
    """All computed numbers, each as `known` gives it."""
    return [None if math.isnan(value) else value for value in values.tolist()]


def lesion_doses(case: Case, results: Results, territory: int, *, scenario: int = 0) -> tuple[LesionDose, ...]:
    """Viable mass and dose of the lesions of one territory in one scenario."""
    return all_lesion_doses(case, results, territory, only=slice(scenario, scenario + 1))[0]


def all_lesion_doses(
    case: Case, results: Results, territory: int, *, only: slice = slice(None)
) -> list[tuple[LesionDose, ...]]:
    """Viable mass and dose of the lesions of one territory, in every scenario or in some."""
    counts = [len(each.lesions) for each in case.territories]
    first, names = sum(counts[:territory]), [lesion.name for lesion in case.territories[territory].lesions]
    own = slice(first, first + len(names))
    scenarios = len(results.case["lung_dose_gy"])
    masses, doses = (results.lesion[name].reshape(scenarios, -1)[only, own] for name in ("mass_kg", "dose_gy"))
    return [
        tuple(map(_lesion_dose, names, of_mass, of_dose))
        for of_mass, of_dose in zip(masses.tolist(), doses.tolist(), strict=True)
    ]


def _lesion_dose(name: str, mass_kg: float, dose_gy: float) -> LesionDose:
    return LesionDose(name=name, mass_kg=mass_kg, dose_gy=None if math.isnan(dose_gy) else dose_gy)


def doses(case: Case, results: Results, scenario: int) -> Doses:
    """All doses of one scenario."""
    first = scenario * len(case.territories)
    return Doses(
        lung_dose_gy=known(results.case["lung_dose_gy"], scenario),
        whole_normal_liver_dose_gy=known(results.case["whole_normal_liver_dose_gy"], scenario),
        territories=tuple(
            TerritoryDoses(
                name=territory.name,
                perfused_dose_gy=float(results.territory["perfused_dose_gy"][first + row]),
                normal_perfused_dose_gy=known(results.territory["normal_perfused_dose_gy"], first + row),
                lesions=lesion_doses(case, results, row, scenario=scenario),
            )
            for row, territory in enumerate(case.territories)
        ),
    )
