"""Lung limit: the activity at which the lung dose of the session reaches a value, the other territories counted.

Source: partition of Ho 1996 solved for the lungs, ``van-roekel-thesis`` pp. 30 and 125; the sum over territories by
conservation of activity.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from dosimetry.arrays import ArrayLike, FloatArray, IntArray, floats
from dosimetry.case import Prescription
from dosimetry.columns import Columns
from dosimetry.compartments import Compartments
from dosimetry.dose import refuse_impossible_shunt
from dosimetry.expression import (
    ENERGY,
    LUNG_MASS,
    SHUNT,
    TARGET_DOSE,
    Expression,
    Fraction,
    Symbol,
    less,
    times,
)
from dosimetry.models import nothing
from dosimetry.plan_record import Plan
from dosimetry.rules import Broken, Checked, says, where

key = "lung_limit"
label = "lung limit"
devices: frozenset[str] = frozenset()
is_verified = True
inputs: tuple[str, ...] = ("target_dose_gy",)
case_inputs: tuple[str, ...] = ("lung_mass_kg",)
aims: Mapping[str, str] = MappingProxyType({"lung_dose_gy": ""})
untargeted = nothing.UNTARGETED
never_proposed: str | None = None
_OTHERS = Symbol("A", "L others")


def activity_gbq(
    *,
    lung_dose_gy: ArrayLike,
    lung_mass_kg: ArrayLike,
    other_lung_activity_gbq: ArrayLike,
    lung_shunt_fraction: ArrayLike,
    energy_gy_kg_per_gbq: ArrayLike,
) -> FloatArray:
    r"""Administered activity at which the lungs reach a mean absorbed dose.

    Parameters
    ----------
    lung_dose_gy : array_like
        Mean absorbed dose of the lungs by the whole session. [Gy]
    lung_mass_kg : array_like
        Mass of the lungs. [kg]
    other_lung_activity_gbq : array_like
        Activity that reaches the lungs from the other territories. [GBq]
    lung_shunt_fraction : array_like
        Fraction of this territory's activity that lodges in the lungs. [1]
    energy_gy_kg_per_gbq : array_like
        Energy per activity. [Gy kg/GBq]

    Returns
    -------
    ndarray
        :math:`A = (D_L m_L / K - \sum_{others} A\,LSF) / LSF`, in the broadcast shape; NaN where nothing shunts, zero
        or less where the others already reach the dose. [GBq]

    Raises
    ------
    ValueError
        When a shunt lies outside [0, 1).
    """
    shunt = refuse_impossible_shunt(lung_shunt_fraction)
    room = floats(lung_dose_gy) * floats(lung_mass_kg) / floats(energy_gy_kg_per_gbq) - floats(other_lung_activity_gbq)
    room, shunt = np.broadcast_arrays(room, shunt)
    return floats(np.divide(room, shunt, out=np.full(shunt.shape, np.nan), where=shunt > 0))


def prescribed_activity_gbq(
    columns: Columns, compartments: Compartments, rows: IntArray, others_gbq: FloatArray
) -> FloatArray:
    """Administered activity of the territories in ``rows``. [GBq]"""
    case = columns.territory_case[rows]
    shunted = others_gbq * compartments.territory_lung_shunt_fraction
    shunted[rows] = 0.0
    return activity_gbq(
        lung_dose_gy=columns.territory.number("target_dose_gy")[rows],
        lung_mass_kg=columns.case.number("lung_mass_kg")[case],
        other_lung_activity_gbq=columns.per_case(shunted)[case],
        lung_shunt_fraction=compartments.territory_lung_shunt_fraction[rows],
        energy_gy_kg_per_gbq=compartments.territory_energy_gy_kg_per_gbq[rows],
    )


def predicted_target_gy(
    columns: Columns, territory: Mapping[str, FloatArray], lesion: Mapping[str, FloatArray], rows: IntArray
) -> FloatArray:
    """Lung dose of the session. [Gy]"""
    return columns.per_case(territory["lung_dose_share_gy"])[columns.territory_case[rows]]


def broken_rules(checked: Checked, rows: IntArray) -> Iterator[Broken]:
    """A shunt, and one such territory a case."""
    columns, parts = checked.columns, checked.parts
    chosen = np.zeros(columns.territory.rows, dtype=np.bool_)
    chosen[rows] = True
    several = columns.per_case(chosen.astype(np.float64))[columns.territory_case] > 1
    for bad, text in (
        (parts.territory_lung_shunt_fraction == 0, "needs a lung shunt above 0; without one no activity reaches it."),
        (several, "can be prescribed for one territory of a case only."),
    ):
        yield where("prescription_model", "territory", chosen & bad, says(f"model {key!r} {text}"))


remarks = nothing.remarks


def sentence(prescription: Prescription, dose: str, activity: str) -> str:
    """The prescription in words."""
    return f"{dose} to the lungs by the whole session, {label}"


def equation(prescription: Prescription, lesions: Sequence[str]) -> Expression:
    """The activity in the symbols of the worksheet."""
    return Fraction(less(Fraction(times(TARGET_DOSE, LUNG_MASS), ENERGY), _OTHERS), SHUNT)


def own_symbols(plan: Plan, territory: int) -> Iterator[tuple[Symbol, float | None, str]]:
    """The lung mass, and the activity that reaches the lungs from the other territories."""
    yield LUNG_MASS, plan.case.lung.mass_kg if plan.case.lung else None, "kg"
    own = plan.territories[territory]
    shunted = own.administered_activity_gbq * own.effective_lung_shunt_fraction
    yield _OTHERS, plan.lung_activity_gbq - shunted if len(plan.territories) > 1 else 0.0, "GBq"
