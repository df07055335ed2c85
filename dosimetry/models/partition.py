"""Partition: activity that stays in the liver divides between normal tissue and lesions by mass and uptake ratio.

Source: Ho 1996 with concentration ratios, ``van-roekel-thesis`` pp. 30 and 125; several lesions by conservation of
activity.
"""

import numpy as np

from dosimetry.arrays import ArrayLike, FloatArray, IntArray, floats
from dosimetry.columns import Columns
from dosimetry.compartments import Compartments
from dosimetry.dose import refuse_impossible_shunt

key = "partition"
label = "partition"
devices: frozenset[str] = frozenset()
inputs: tuple[str, ...] = ("prescription_target", "target_dose_gy")


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


def prescribed_activity_gbq(columns: Columns, compartments: Compartments, rows: IntArray) -> FloatArray:
    """Administered activity of the territories in ``rows``. [GBq]"""
    target = columns.target_lesion[rows]
    ratio = np.ones(len(rows))
    ratio[target >= 0] = compartments.tumor_normal_ratio[target[target >= 0]]
    return activity_gbq(
        target_dose_gy=columns.territory.number("target_dose_gy")[rows],
        target_ratio=ratio,
        uptake_mass_kg=compartments.uptake_mass_kg[rows],
        lung_shunt_fraction=compartments.territory_lung_shunt_fraction[rows],
        energy_gy_kg_per_gbq=compartments.territory_energy_gy_kg_per_gbq[rows],
    )
