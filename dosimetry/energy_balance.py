"""The second route: before a plan is handed out, its doses are turned back into energy and must give all of it.

Every plan is checked twice over: what lesions and normal liver absorb plus what the lungs absorb is ``K A``, and each
prescribed target receives the dose that was asked for.
"""

import numpy as np

from dosimetry.arrays import BoolArray, FloatArray
from dosimetry.columns import Columns
from dosimetry.compartments import SAME, Compartments
from dosimetry.evaluation import Results
from dosimetry.models import MODELS


class EnergyBalanceError(ArithmeticError):
    """Doses times masses do not add up to the energy released: a fault of the program, never of the case."""


def check(columns: Columns, parts: Compartments, results: Results) -> None:
    """Refuse results whose energies do not add up to one part in 1e9, or whose target dose is not the asked one.

    Raises
    ------
    EnergyBalanceError
        Naming the route, the first row and both values.
    """
    check_energy(columns, parts, results, np.ones(columns.territory.rows, dtype=np.bool_))
    asked, has_target = columns.territory.number("target_dose_gy"), np.zeros(columns.territory.rows, dtype=np.bool_)
    reached = np.full(columns.territory.rows, np.nan)
    for model in MODELS:
        rows = columns.territory.word("prescription_model").equal(model.key).nonzero()[0]
        reached[rows] = model.predicted_target_gy(columns, results.territory, results.lesion, rows)
        has_target[rows] = "target_dose_gy" in model.inputs
    _agree("dose of the prescribed target", reached, asked, has_target)


def check_energy(columns: Columns, parts: Compartments, results: Results, rows: BoolArray) -> None:
    """Refuse results of some territories whose energies do not add up, whatever their activities come from.

    Raises
    ------
    EnergyBalanceError
        As `check`.
    """
    released = parts.territory_energy_gy_kg_per_gbq * results.territory["administered_activity_gbq"]
    lungs = _lung_energy(columns, released, results)
    as_one = results.territory["perfused_dose_gy"] * parts.perfused_mass_kg
    _agree("perfused liver and lungs", as_one + lungs, released, rows)
    in_lesions = columns.per_territory(_energy(results.lesion["dose_gy"], parts.viable_mass_kg))
    in_normal = _energy(results.territory["normal_perfused_dose_gy"], parts.normal_mass_kg)
    has_ratios = rows & ~np.isnan(parts.uptake_mass_kg)
    _agree("lesions, normal liver and lungs", in_lesions + in_normal + lungs, released, has_ratios)


def _lung_energy(columns: Columns, released: FloatArray, results: Results) -> FloatArray:
    """From the lung dose where a lung mass is known, else from the shunt."""
    lung_mass = columns.case.number("lung_mass_kg")[columns.territory_case]
    from_dose = results.territory["lung_dose_share_gy"] * lung_mass
    return np.where(np.isnan(lung_mass), released * results.territory["effective_lung_shunt_fraction"], from_dose)


def _energy(dose_gy: FloatArray, mass_kg: FloatArray) -> FloatArray:
    """Absorbed energy; tissue without mass absorbs none, whatever its (null) dose."""
    return np.where(mass_kg == 0, 0.0, dose_gy * mass_kg)


def _agree(route: str, value: FloatArray, expected: FloatArray, rows: BoolArray) -> None:
    """Both sides known and the same in all rows: written so that NaN fails."""
    off = rows & ~(np.abs(value - expected) <= SAME * np.abs(expected))
    if off.any():
        row = int(off.nonzero()[0][0])
        raise EnergyBalanceError(
            f"self-check failed for {route}: {value[row]:.12g} against {expected[row]:.12g} in territory {row}; "
            "no result is given. Please report this case."
        )
