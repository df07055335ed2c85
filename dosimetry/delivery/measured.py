"""Doses by imaging after treatment: as typed, else by the ratios and the shunt that imaging gave."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from dosimetry.arrays import FloatArray
from dosimetry.case import Case
from dosimetry.compartments import compartments
from dosimetry.evaluation import Evaluated, Results, predict
from dosimetry.treatment_day.case import Delivery, Measured
from dosimetry.what_if.planned_doses import known

Place = tuple[str, str, int]
"""Level, quantity and row of a dose."""
LUNGS: Place = ("case", "lung_dose_gy", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredDose:
    """A dose by imaging [Gy], and what it was measured by."""

    dose_gy: float
    by: str


def measured_doses(
    case: Case, delivery: Delivery, evaluated: Evaluated, delivered_gbq: FloatArray
) -> Mapping[Place, MeasuredDose]:
    """Every dose that imaging gave, by its place among the results; ``delivered_gbq`` has one activity a territory."""
    by_ratio = _by_ratio_and_shunt(case, delivery, evaluated, delivered_gbq)
    found = {}
    for place, typed, by in (*_of_lungs(delivery), *_of_territories(case, delivery)):
        level, name, row = place
        dose_gy = known(by_ratio.level(level)[name], row) if typed is None else typed
        if dose_gy is not None:
            kind = "ratio or shunt" if typed is None else "dose"
            found[place] = MeasuredDose(dose_gy=dose_gy, by=f"{by}, {kind}")
    return found


def _of_lungs(delivery: Delivery) -> Iterator[tuple[Place, float | None, str]]:
    if delivery.measured_lung_dose_gy is not None or delivery.measured_lung_shunt_fraction is not None:
        yield LUNGS, delivery.measured_lung_dose_gy, "imaging"


def _of_territories(case: Case, delivery: Delivery) -> Iterator[tuple[Place, float | None, str]]:
    """Normal liver and lesions of each territory that was imaged; the normal liver where a dose or ratio is given."""
    measured, first = _by_territory(delivery), 0
    for row, territory in enumerate(case.territories):
        of_row = measured.get(territory.name)
        if of_row is not None:
            by, lesions = of_row.imaging.upper(), of_row.lesions or ()
            normal_gy, typed = of_row.normal_perfused_dose_gy, {lesion.name: lesion.dose_gy for lesion in lesions}
            if normal_gy is not None or any(lesion.tumor_normal_ratio for lesion in lesions):
                yield ("territory", "normal_perfused_dose_gy", row), normal_gy, by
            for place, lesion in enumerate(territory.lesions, start=first):
                yield ("lesion", "dose_gy", place), typed.get(lesion.name), by
        first += len(territory.lesions)


def _by_territory(delivery: Delivery) -> Mapping[str, Measured]:
    return {each.territory: each.measured for each in delivery.territories if each.measured is not None}


def _by_ratio_and_shunt(case: Case, delivery: Delivery, evaluated: Evaluated, delivered_gbq: FloatArray) -> Results:
    """Doses of the delivered activities by the measured ratios, and by the measured shunt or else the planned one."""
    columns, measured = evaluated.columns, _by_territory(delivery)
    ratios = [
        _ratio(measured.get(territory.name), lesion.name)
        for territory in case.territories
        for lesion in territory.lesions
    ]
    shunt = np.full(len(case.territories), np.nan)
    if delivery.measured_lung_shunt_fraction is not None:
        shunt[:] = delivery.measured_lung_shunt_fraction
    else:
        shunt[:] = evaluated.parts.territory_lung_shunt_fraction
    lesions = {**columns.lesion.numbers, "tumor_normal_ratio": np.array(ratios, dtype=np.float64)}
    territories = {**columns.territory.numbers, "territory_lung_shunt_fraction": shunt}
    changed = replace(
        columns,
        lesion=replace(columns.lesion, numbers=lesions),
        territory=replace(columns.territory, numbers=territories),
    )
    return predict(changed, evaluated.constants, compartments(changed, evaluated.constants), delivered_gbq)


def _ratio(measured: Measured | None, lesion: str) -> float | None:
    found = [each.tumor_normal_ratio for each in (measured.lesions if measured else None) or () if each.name == lesion]
    return found[0] if found else None
