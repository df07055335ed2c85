"""Partition: activity that stays in the liver divides between normal tissue and lesions by mass and uptake ratio.

Source: Ho 1996 with concentration ratios, ``van-roekel-thesis`` pp. 30 and 125; several lesions by conservation of
activity.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from dosimetry.arrays import ArrayLike, FloatArray, IntArray, at, floats
from dosimetry.case import Prescription
from dosimetry.columns import NORMAL, TARGET_LESION, TARGET_NORMAL, UNKNOWN_TARGET, Columns
from dosimetry.compartments import SAME, Compartments
from dosimetry.dose import refuse_impossible_shunt
from dosimetry.expression import (
    ENERGY,
    ONE,
    SHUNT,
    TARGET_DOSE,
    UPTAKE_MASS,
    Expression,
    Fraction,
    less,
    ratio_of,
    times,
)
from dosimetry.models import nothing
from dosimetry.rules import Broken, Checked, says, where

key = "partition"
label = "partition"
devices: frozenset[str] = frozenset()
is_verified = True
inputs: tuple[str, ...] = ("prescription_target", "target_dose_gy")
case_inputs: tuple[str, ...] = ()
aims: Mapping[str, str] = MappingProxyType({"normal_perfused_dose_gy": TARGET_NORMAL, "dose_gy": TARGET_LESION})
untargeted = nothing.UNTARGETED
never_proposed: str | None = None


def activity_gbq(
    *,
    target_dose_gy: ArrayLike,
    target_ratio: ArrayLike,
    uptake_mass_kg: ArrayLike,
    lung_shunt_fraction: ArrayLike,
    energy_gy_kg_per_gbq: ArrayLike,
) -> FloatArray:
    r"""Administered activity that gives one lesion, or the normal perfused liver, its mean absorbed dose.

    Parameters
    ----------
    target_dose_gy : array_like
        Mean absorbed dose asked for in the target. [Gy]
    target_ratio : array_like
        Tumor-to-normal ratio of the targeted lesion; 1 where normal liver is the target. [1]
    uptake_mass_kg : array_like
        Normal mass plus ratio-weighted viable masses, :math:`m_N + \sum r_i m_i`. [kg]
    lung_shunt_fraction : array_like
        Fraction of the administered activity that lodges in the lungs. [1]
    energy_gy_kg_per_gbq : array_like
        Energy per activity. [Gy kg/GBq]

    Returns
    -------
    ndarray
        :math:`A = \frac{D}{r}\,\frac{m_N + \sum r_i m_i}{K (1 - LSF)}`, in the broadcast shape. [GBq]

    Raises
    ------
    ValueError
        When a shunt lies outside [0, 1).
    """
    stays = 1.0 - refuse_impossible_shunt(lung_shunt_fraction)
    normal_dose_gy = floats(target_dose_gy) / floats(target_ratio)
    return normal_dose_gy * floats(uptake_mass_kg) / (floats(energy_gy_kg_per_gbq) * stays)


def prescribed_activity_gbq(
    columns: Columns, compartments: Compartments, rows: IntArray, others_gbq: FloatArray
) -> FloatArray:
    """Administered activity of the territories in ``rows``. [GBq]"""
    target = at(columns.target_lesion, rows)
    return activity_gbq(
        target_dose_gy=at(columns.territory.number("target_dose_gy"), rows),
        target_ratio=_of_target(compartments.tumor_normal_ratio, target, np.ones(len(rows))),
        uptake_mass_kg=at(compartments.uptake_mass_kg, rows),
        lung_shunt_fraction=at(compartments.territory_lung_shunt_fraction, rows),
        energy_gy_kg_per_gbq=at(compartments.territory_energy_gy_kg_per_gbq, rows),
    )


def _of_target(of_lesion: FloatArray, target: IntArray, of_normal: FloatArray) -> FloatArray:
    """Values of the targeted lesions, and those of the normal liver where it is the target."""
    is_lesion = target >= 0
    if is_lesion.all():
        return floats(of_lesion[target])
    found = of_normal.copy()
    found[is_lesion] = of_lesion[target[is_lesion]]
    return found


def predicted_target_gy(
    columns: Columns, territory: Mapping[str, FloatArray], lesion: Mapping[str, FloatArray], rows: IntArray
) -> FloatArray:
    """Mean dose of the targeted lesion, or of the normal perfused liver. [Gy]"""
    return _of_target(
        lesion["dose_gy"], at(columns.target_lesion, rows), at(territory["normal_perfused_dose_gy"], rows)
    )


def broken_rules(checked: Checked, rows: IntArray) -> Iterator[Broken]:
    """A target that exists, takes up activity, and stands among lesions that all have a ratio."""
    columns, parts, target = checked.columns, checked.parts, checked.columns.target_lesion
    chosen = np.zeros(columns.territory.rows, dtype=np.bool_)
    chosen[rows] = True
    lesion = chosen & (target >= 0)
    dead, faint = np.zeros_like(chosen), np.zeros_like(chosen)
    dead[lesion] = parts.viable_mass_kg[target[lesion]] == 0
    faint[lesion] = parts.tumor_normal_ratio[target[lesion]] < SAME
    for bad, text in (
        (
            chosen & (target == UNKNOWN_TARGET),
            "must be 'normal_perfused' or 'lesion:NAME' with a lesion of this territory.",
        ),
        (
            chosen & (target == NORMAL) & (parts.normal_mass_kg == 0),
            "'normal_perfused' does not exist here: the lesions fill the territory.",
        ),
        (dead, "is a lesion without viable tissue; it takes no dose by partition."),
        (faint, "is a lesion whose ratio is almost zero; no activity can be prescribed by it."),
    ):
        yield where("prescription_target", "territory", bad, says(f"prescription_target {text}"))
    given = columns.lesion.number
    no_ratio = np.isnan(given("tumor_normal_ratio")) & np.isnan(given("ratio_lesion_counts"))
    text = "tumor_normal_ratio is missing; the partition prescription of this territory needs it for every lesion."
    yield where("tumor_normal_ratio", "lesion", chosen[columns.lesion_territory] & no_ratio, says(text))


remarks = nothing.remarks


def sentence(prescription: Prescription, dose: str, activity: str) -> str:
    """The prescription in words."""
    target = prescription.target or ""
    place = "the normal perfused liver" if target == TARGET_NORMAL else f"lesion {target.removeprefix(TARGET_LESION)}"
    return f"{dose} to {place}, {label}"


def equation(prescription: Prescription, lesions: Sequence[str]) -> Expression:
    """The activity in the symbols of the worksheet."""
    target, stays = prescription.target or "", less(ONE, SHUNT)
    if target == TARGET_NORMAL:
        return Fraction(times(TARGET_DOSE, UPTAKE_MASS), times(ENERGY, stays))
    ratio = ratio_of(lesions.index(target.removeprefix(TARGET_LESION)) + 1)
    return Fraction(times(TARGET_DOSE, UPTAKE_MASS), times(ratio, ENERGY, stays))


own_symbols = nothing.own_symbols
