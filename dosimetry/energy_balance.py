"""The second route: before a plan is handed out, its doses are turned back into energy and must give all of it.

Every plan is checked twice over: what lesions and normal liver absorb plus what the lungs absorb is ``K A``, and each
prescribed target receives the dose that was asked for.
"""

import numpy as np

from dosimetry.arrays import FloatArray
from dosimetry.columns import Columns
from dosimetry.compartments import SAME, Compartments
from dosimetry.evaluation import Results


class EnergyBalanceError(ArithmeticError):
    """Doses times masses do not add up to the energy released: a fault of the program, never of the case."""


def check(columns: Columns, parts: Compartments, results: Results) -> None:
    """Refuse results whose energies do not add up to one part in 1e9, or whose target dose is not the asked one.

    Raises
    ------
    EnergyBalanceError
        Naming the route, the first row and both values.
    """
    activity = results.territory["administered_activity_gbq"]
    released = parts.territory_energy_gy_kg_per_gbq * activity
    lungs = _lung_energy(columns, released, results)
    as_one = results.territory["perfused_dose_gy"] * parts.perfused_mass_kg
    _agree("perfused liver and lungs", as_one + lungs, released)
    in_lesions = columns.per_territory(_energy(results.lesion["dose_gy"], parts.viable_mass_kg))
    in_normal = _energy(results.territory["normal_perfused_dose_gy"], parts.normal_mass_kg)
    _agree("lesions, normal liver and lungs", in_lesions + in_normal + lungs, released)
    _agree("dose of the prescribed target", _target_dose(columns, results), columns.territory.number("target_dose_gy"))


def _lung_energy(columns: Columns, released: FloatArray, results: Results) -> FloatArray:
    """From the lung dose where a lung mass is known, else from the shunt."""
    lung_mass = columns.case.number("lung_mass_kg")[columns.territory_case]
    from_dose = results.territory["lung_dose_share_gy"] * lung_mass
    return np.where(np.isnan(lung_mass), released * results.territory["effective_lung_shunt_fraction"], from_dose)


def _energy(dose_gy: FloatArray, mass_kg: FloatArray) -> FloatArray:
    """Absorbed energy; tissue without mass absorbs none, whatever its (null) dose."""
    return np.where(mass_kg == 0, 0.0, dose_gy * mass_kg)


def _target_dose(columns: Columns, results: Results) -> FloatArray:
    """Predicted dose of what each territory's prescription targets; NaN where an activity was typed."""
    chosen = columns.territory.word("prescription_model")
    target = np.full(columns.territory.rows, np.nan)
    single, partition = chosen.equal("single_compartment"), chosen.equal("partition")
    target[single] = results.territory["perfused_dose_gy"][single]
    target[partition] = results.territory["normal_perfused_dose_gy"][partition]
    lesion = partition & (columns.target_lesion >= 0)
    target[lesion] = results.lesion["dose_gy"][columns.target_lesion[lesion]]
    return target


def _agree(route: str, value: FloatArray, expected: FloatArray) -> None:
    known = ~(np.isnan(value) | np.isnan(expected))
    off = known & ~(np.abs(value - expected) <= SAME * np.abs(expected))
    if off.any():
        row = int(np.flatnonzero(off)[0])
        raise EnergyBalanceError(
            f"self-check failed for {route}: {value[row]:.12g} against {expected[row]:.12g} in territory {row}; "
            "no result is given. Please report this case."
        )
