"""Single compartment: the perfused volume takes all activity that does not shunt, uniformly.

Source: ``radiology-key``, glass dose formula; ``ific-congress`` for the inverse with a residual.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from dosimetry.arrays import ArrayLike, BoolArray, FloatArray, IntArray, at, floats
from dosimetry.case import Prescription
from dosimetry.columns import Columns
from dosimetry.compartments import Compartments
from dosimetry.dose import refuse_impossible_shunt
from dosimetry.expression import (
    ENERGY,
    ONE,
    PERFUSED_MASS,
    SHUNT,
    TARGET_DOSE,
    Expression,
    Fraction,
    less,
    times,
)
from dosimetry.finding_columns import MODEL_PATH, FindingColumn, remark
from dosimetry.models import nothing

key = "single_compartment"
label = "single compartment"
devices: frozenset[str] = frozenset()
is_verified = True
inputs: tuple[str, ...] = ("target_dose_gy",)
case_inputs: tuple[str, ...] = ()
aims: Mapping[str, str] = MappingProxyType({"perfused_dose_gy": ""})
untargeted = nothing.UNTARGETED
never_proposed: str | None = None


def activity_gbq(
    *,
    target_dose_gy: ArrayLike,
    perfused_mass_kg: ArrayLike,
    lung_shunt_fraction: ArrayLike,
    energy_gy_kg_per_gbq: ArrayLike,
) -> FloatArray:
    r"""Administered activity that gives the perfused volume its mean absorbed dose.

    Parameters
    ----------
    target_dose_gy : array_like
        Mean absorbed dose asked for in the perfused volume. [Gy]
    perfused_mass_kg : array_like
        Mass of the perfused volume, tumor and necrosis included. [kg]
    lung_shunt_fraction : array_like
        Fraction of the administered activity that lodges in the lungs. [1]
    energy_gy_kg_per_gbq : array_like
        Energy per activity. [Gy kg/GBq]

    Returns
    -------
    ndarray
        :math:`A = D M / (K (1 - LSF))`, in the broadcast shape. [GBq]

    Raises
    ------
    ValueError
        When a shunt lies outside [0, 1).
    """
    stays = 1.0 - refuse_impossible_shunt(lung_shunt_fraction)
    return floats(target_dose_gy) * floats(perfused_mass_kg) / (floats(energy_gy_kg_per_gbq) * stays)


def prescribed_activity_gbq(
    columns: Columns, compartments: Compartments, rows: IntArray, others_gbq: FloatArray
) -> FloatArray:
    """Administered activity of the territories in ``rows``. [GBq]"""
    return activity_gbq(
        target_dose_gy=at(columns.territory.number("target_dose_gy"), rows),
        perfused_mass_kg=at(compartments.perfused_mass_kg, rows),
        lung_shunt_fraction=at(compartments.territory_lung_shunt_fraction, rows),
        energy_gy_kg_per_gbq=at(compartments.territory_energy_gy_kg_per_gbq, rows),
    )


def predicted_target_gy(
    columns: Columns, territory: Mapping[str, FloatArray], lesion: Mapping[str, FloatArray], rows: IntArray
) -> FloatArray:
    """Mean dose of the perfused volume. [Gy]"""
    return territory["perfused_dose_gy"][rows]


broken_rules = nothing.broken_rules


def remarks(columns: Columns, compartments: Compartments, rows: BoolArray) -> Iterator[FindingColumn]:
    """Where its source, EANM 2022 Table 3, does not recommend it: resin, lobectomy."""
    lobectomy = columns.of_intent(("lobectomy",))
    resin = columns.spread(columns.case.word("device").equal("resin"), "territory")
    text = "The EANM guideline does not recommend the single compartment for radiation lobectomy with resin."
    yield remark("single_compartment_lobectomy", "territory", MODEL_PATH, rows & resin & lobectomy, text)


def sentence(prescription: Prescription, dose: str, activity: str) -> str:
    """The prescription in words."""
    return f"{dose} to the perfused volume, {label}"


def equation(prescription: Prescription, lesions: Sequence[str]) -> Expression:
    """The activity in the symbols of the worksheet."""
    return Fraction(times(TARGET_DOSE, PERFUSED_MASS), times(ENERGY, less(ONE, SHUNT)))


own_symbols = nothing.own_symbols
