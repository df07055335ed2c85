"""What earlier sessions and a scout leave in the columns of a case: the lung dose before, and that it is pretreated."""

from dataclasses import replace

import numpy as np

from dosimetry import reference
from dosimetry.case import Case
from dosimetry.columns import SCOUT_LUNG_DOSE, STATED_LUNG_DOSE, Columns
from dosimetry.compartments import Compartments
from dosimetry.dose import lung_energy_gy_kg, mean_dose_gy

SCOUT_NUCLIDE = "Ho-166"


def with_earlier_doses(case: Case, columns: Columns, parts: Compartments) -> Columns:
    """The columns of a single case with the lung doses of its sessions, and of its scout, in place of a typed one.

    Unknown where a session does not state its lung dose; what the others state is the least of it.
    """
    if case.sessions is None and case.scout is None:
        return columns
    changed = dict(columns.case.numbers)
    before = [columns.case.number("previous_lung_dose_gy")[0]]
    if case.sessions is not None:
        before = [np.nan if each.lung_dose_gy is None else each.lung_dose_gy for each in case.sessions]
        changed["prior_tare"] = np.ones(1)
    if case.scout is not None:
        scout_gy = scout_lung_dose_gy(case, columns, parts)
        before.append(scout_gy)
        changed[SCOUT_LUNG_DOSE] = np.array([scout_gy])
    changed["previous_lung_dose_gy"] = np.array([np.sum(before)])
    changed[STATED_LUNG_DOSE] = np.array([np.nansum(before)])
    return replace(columns, case=replace(columns.case, numbers=changed))


def scout_activity_gbq(case: Case) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Scout activity of every territory of a case, 0 where none is stated; NaN in a case of another nuclide. [GBq]

    The constants of such a case do not hold for the scout, and none are assumed for it.
    """
    if not has_nuclide_of_scout(case):
        return np.full(len(case.territories), np.nan)
    given = {each.territory: each.activity_gbq for each in case.scout.territories} if case.scout else {}
    return np.array([given.get(territory.name, 0.0) for territory in case.territories])


def has_nuclide_of_scout(case: Case) -> bool:
    """Whether the treatment is with the nuclide of the scout, so that its constants hold for both."""
    return reference.device_named(case.device).nuclide == SCOUT_NUCLIDE


def scout_lung_dose_gy(case: Case, columns: Columns, parts: Compartments) -> float:
    """Lung dose of the scout: its activity shunts as that of the treatment does. [Gy]"""
    energy = lung_energy_gy_kg(
        activity_gbq=scout_activity_gbq(case),
        lung_shunt_fraction=parts.territory_lung_shunt_fraction,
        energy_gy_kg_per_gbq=parts.territory_energy_gy_kg_per_gbq,
    )
    return float(mean_dose_gy(energy_gy_kg=np.sum(energy), mass_kg=columns.case.number("lung_mass_kg")[0]))
