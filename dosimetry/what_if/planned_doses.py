"""Doses of one scenario as records: the same for other conventions and for varied inputs."""

import numpy as np

from dosimetry.arrays import FloatArray
from dosimetry.case import Case
from dosimetry.evaluation import Results
from dosimetry.plan_record import Doses, LesionDose, TerritoryDoses


def known(values: FloatArray, row: int) -> float | None:
    """A computed number, or ``None`` where it does not exist or could not be known."""
    return None if np.isnan(values[row]) else float(values[row])


def lesion_doses(case: Case, results: Results, territory: int, *, scenario: int = 0) -> tuple[LesionDose, ...]:
    """Viable mass and dose of the lesions of one territory in one scenario."""
    counts = [len(each.lesions) for each in case.territories]
    first = scenario * sum(counts) + sum(counts[:territory])
    return tuple(
        LesionDose(
            name=lesion.name,
            mass_kg=float(results.lesion["mass_kg"][first + place]),
            dose_gy=known(results.lesion["dose_gy"], first + place),
        )
        for place, lesion in enumerate(case.territories[territory].lesions)
    )


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
