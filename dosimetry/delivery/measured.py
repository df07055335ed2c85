"""What imaging after treatment gave: doses as typed, else by its ratios and its shunt, and what follows from them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from dosimetry import reference
from dosimetry.arrays import FloatArray
from dosimetry.case import Case
from dosimetry.columns import Columns
from dosimetry.compartments import compartments
from dosimetry.dose import mean_dose_gy
from dosimetry.evaluation import Evaluated, Results, predict
from dosimetry.treatment_day.case import Delivery, Measured, MeasuredLesion
from dosimetry.what_if.planned_doses import known
from dosimetry.what_if.scenarios import with_level, with_numbers

Place = tuple[str, str, int]
"""Level, quantity and row of a computed value."""
LUNGS: Place = ("case", "lung_dose_gy", 0)
WHOLE_NORMAL_LIVER: Place = ("case", "whole_normal_liver_dose_gy", 0)
LUNGS_OF_ALL_SESSIONS: Place = ("case", "lung_dose_cumulative_gy", 0)
_LUNG_ACTIVITY: Place = ("case", "lung_activity_gbq", 0)
_BY = "imaging"
_DOSE, _RATIO = ", dose", ", ratio or shunt"
RECORDED = "by those territories alone whose delivery is recorded"
_IMAGED = "by those territories alone that were imaged"
_Found = tuple[Place, float | None, str]
"""A place, the value where it is typed or follows from another typed one, and what it was measured by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredValue:
    """A value by imaging, in the unit of its quantity, and what it was measured by.

    ``least_by`` names the territories that alone gave it where others are not known; it is empty where none is missing.
    """

    value: float
    by: str
    least_by: str = ""


def measured_values(
    case: Case, delivery: Delivery, evaluated: Evaluated, delivered_gbq: FloatArray
) -> Mapping[Place, MeasuredValue]:
    """Every value that imaging gave, by its place among the results.

    ``delivered_gbq`` has one activity a territory, NaN where none is recorded: a dose of the session that follows from
    the others is then the least of it, as is that of a whole normal liver of which only a part was imaged.
    """
    measured = {each.territory: each.measured for each in delivery.territories if each.measured is not None}
    by_ratio = _by_ratio_and_shunt(case, delivery, measured, evaluated, np.nan_to_num(delivered_gbq))
    in_part = RECORDED if np.isnan(delivered_gbq).any() else ""
    found = {}
    normal_kg = evaluated.results.territory["normal_perfused_mass_kg"]
    for place, typed, by in (*_of_lungs(delivery, evaluated.columns), *_of_territories(case, measured, normal_kg)):
        level, name, row = place
        value = known(by_ratio.level(level)[name], row) if typed is None else typed
        if value is not None:
            least_by = in_part if typed is None and level == "case" else ""
            found[place] = MeasuredValue(value=value, by=by, least_by=least_by)
    return found | _of_whole_normal_liver(case, found, evaluated.results)


def measured_lungs(measured: Mapping[Place, MeasuredValue]) -> Mapping[str, float]:
    """Dose and activity of the lungs by imaging after what was given, where they were measured. [Gy, GBq]"""
    return {place[1]: measured[place].value for place in (LUNGS, _LUNG_ACTIVITY) if place in measured}


def _of_lungs(delivery: Delivery, columns: Columns) -> Iterator[_Found]:
    """The lungs of this session and of all, and the shunt with the activity that it brings there."""
    typed, shunt = delivery.measured_lung_dose_gy, delivery.measured_lung_shunt_fraction
    if typed is None and shunt is None:
        return
    before = known(columns.case.number("previous_lung_dose_gy"), 0)
    by = _BY + (_RATIO if typed is None else _DOSE)
    yield LUNGS, typed, by
    if before is not None:
        yield LUNGS_OF_ALL_SESSIONS, None if typed is None else before + typed, by
    if shunt is not None:
        yield _LUNG_ACTIVITY, None, _BY + _RATIO
        for row in range(columns.territory.rows):
            yield ("territory", "effective_lung_shunt_fraction", row), None, _BY + _RATIO


def _of_territories(case: Case, measured: Mapping[str, Measured], normal_kg: FloatArray) -> Iterator[_Found]:
    """Normal liver and lesions of each territory that was imaged; the normal liver where a dose or ratio is given."""
    first = 0
    for row, territory in enumerate(case.territories):
        of_row = measured.get(territory.name)
        if of_row is not None:
            by, lesions = reference.choices("imaging")[of_row.imaging], of_row.lesions or ()
            normal_gy, typed = of_row.normal_perfused_dose_gy, {lesion.name: lesion for lesion in lesions}
            is_given = normal_gy is not None or any(lesion.tumor_normal_ratio for lesion in lesions)
            if is_given and normal_kg[row] != 0:
                yield _normal(row), normal_gy, by + (_RATIO if normal_gy is None else _DOSE)
            for place, lesion in enumerate(territory.lesions, start=first):
                dose_gy, how = _of_lesion(typed.get(lesion.name), normal_gy)
                yield ("lesion", "dose_gy", place), dose_gy, by + how
        first += len(territory.lesions)


def _of_lesion(typed: MeasuredLesion | None, normal_gy: float | None) -> tuple[float | None, str]:
    """The dose of a lesion that follows from what was typed alone, and how.

    A ratio is to the normal liver as it was measured; where no dose of that was, both follow from the activity.
    """
    if typed is not None and typed.dose_gy is not None:
        return typed.dose_gy, _DOSE
    if typed is None or typed.tumor_normal_ratio is None or normal_gy is None:
        return None, _RATIO
    return typed.tumor_normal_ratio * normal_gy, _RATIO


def _normal(row: int) -> Place:
    return "territory", "normal_perfused_dose_gy", row


def _of_whole_normal_liver(
    case: Case, found: Mapping[Place, MeasuredValue], planned: Results
) -> dict[Place, MeasuredValue]:
    """The mean dose of all normal liver, by the territories in which it was measured and has a mass."""
    masses = planned.territory["normal_perfused_mass_kg"]
    imaged = [row for row in range(len(case.territories)) if _normal(row) in found]
    if not imaged:
        return {}
    doses = np.array([found[_normal(row)].value for row in imaged])
    energy = (doses * masses[imaged]).sum(keepdims=True)
    dose_gy = known(mean_dose_gy(energy_gy_kg=energy, mass_kg=planned.case["whole_normal_liver_mass_kg"]), 0)
    if dose_gy is None:
        return {}
    is_all = len(imaged) == np.count_nonzero(masses)
    by, least_by = (f"{_BY}, all territories", "") if is_all else (f"{_BY}, some territories", _IMAGED)
    return {WHOLE_NORMAL_LIVER: MeasuredValue(value=dose_gy, by=by, least_by=least_by)}


def _by_ratio_and_shunt(
    case: Case, delivery: Delivery, measured: Mapping[str, Measured], evaluated: Evaluated, delivered_gbq: FloatArray
) -> Results:
    """Doses of the delivered activities by the measured ratios, and by the measured shunt or else the planned one."""
    columns = evaluated.columns
    ratios = [
        _ratio(measured.get(territory.name), lesion.name)
        for territory in case.territories
        for lesion in territory.lesions
    ]
    # Counts of the plan would give a ratio to every lesion of which none was measured.
    of_ratios = {
        "tumor_normal_ratio": np.array(ratios, dtype=np.float64),
        "ratio_lesion_counts": np.full(len(ratios), np.nan),
    }
    changed = with_level(columns, "lesion", with_numbers(columns.lesion, of_ratios))
    if delivery.measured_lung_shunt_fraction is not None:
        shunt = np.full(len(case.territories), delivery.measured_lung_shunt_fraction)
        of_shunt = with_numbers(columns.territory, {"territory_lung_shunt_fraction": shunt})
        changed = with_level(changed, "territory", of_shunt)
    return predict(changed, evaluated.constants, compartments(changed, evaluated.constants), delivered_gbq)


def _ratio(measured: Measured | None, lesion: str) -> float | None:
    found = [each.tumor_normal_ratio for each in (measured.lesions if measured else None) or () if each.name == lesion]
    return found[0] if found else None
