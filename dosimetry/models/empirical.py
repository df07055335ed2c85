"""Resin by the empirical method: an activity for the whole liver by tumor involvement. For audit, never a proposal.

Source: ``sir-spheres-ifu``, from memory, so unverified; Lau 2012 names the method and not its numbers.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from dosimetry import tumor_volume
from dosimetry.activity_bands import empirical_activity_gbq, remaining_part
from dosimetry.arrays import ArrayLike, FloatArray, IntArray, floats
from dosimetry.case import Prescription
from dosimetry.columns import Columns
from dosimetry.compartments import Compartments
from dosimetry.dose import refuse_impossible_shunt
from dosimetry.expression import PERFUSED_VOLUME, WHOLE_VOLUME, Expression, Fraction, Symbol, times
from dosimetry.models import nothing, resin_rules
from dosimetry.plan_record import Plan
from dosimetry.rules import Broken, Checked, says, where

key = "empirical"
label = "empirical"
devices: frozenset[str] = frozenset({"resin"})
is_verified = False
inputs: tuple[str, ...] = ()
case_inputs: tuple[str, ...] = ("whole_liver_volume_ml", "untreated_tumor_volume_ml")
aims = nothing.AIMS
untargeted = nothing.UNTARGETED
never_proposed: str | None = "for the audit of past treatments only; its numbers are not verified."
_WHOLE_ACTIVITY, _LEFT = Symbol("A", "liver"), Symbol("f", "LSF")


def activity_gbq(
    *,
    tumor_involvement_fraction: ArrayLike,
    perfused_volume_ml: ArrayLike,
    whole_liver_volume_ml: ArrayLike,
    lung_shunt_fraction: ArrayLike,
) -> FloatArray:
    """Administered activity of a territory: the whole liver's by involvement, its share by volume, reduced by shunt.

    Parameters
    ----------
    tumor_involvement_fraction : array_like
        Tumor part of the whole liver. [1]
    perfused_volume_ml, whole_liver_volume_ml : array_like
        Volumes, tumor included. [mL]
    lung_shunt_fraction : array_like
        Fraction of the activity that lodges in the lungs. [1]

    Returns
    -------
    ndarray
        In the broadcast shape; NaN from a shunt of 20 %. [GBq]

    Raises
    ------
    ValueError
        When a shunt lies outside [0, 1).
    """
    share = floats(perfused_volume_ml) / floats(whole_liver_volume_ml)
    left = remaining_part(refuse_impossible_shunt(lung_shunt_fraction))
    return empirical_activity_gbq(floats(tumor_involvement_fraction)) * share * left


def prescribed_activity_gbq(
    columns: Columns, compartments: Compartments, rows: IntArray, others_gbq: FloatArray
) -> FloatArray:
    """Administered activity of the territories in ``rows``. [GBq]"""
    case = columns.territory_case[rows]
    return activity_gbq(
        tumor_involvement_fraction=tumor_volume.involvement(columns)[case],
        perfused_volume_ml=columns.territory.number("perfused_volume_ml")[rows],
        whole_liver_volume_ml=columns.case.number("whole_liver_volume_ml")[case],
        lung_shunt_fraction=compartments.territory_lung_shunt_fraction[rows],
    )


predicted_target_gy = resin_rules.predicted_target_gy


def broken_rules(checked: Checked, rows: IntArray) -> Iterator[Broken]:
    """Tumor from which the involvement follows, and a shunt below 20 %."""
    columns = checked.columns
    chosen = resin_rules.chosen_territories(checked, rows)
    none = columns.per_case(tumor_volume.per_territory_ml(columns))[columns.territory_case] == 0
    text = f"model {key!r} needs the tumor involvement of the liver; no lesion is delineated."
    yield where("prescription_model", "territory", chosen & none, says(text))
    yield resin_rules.refused(checked, chosen, key)


remarks = resin_rules.reduced


def sentence(prescription: Prescription, dose: str, activity: str) -> str:
    """The prescription in words."""
    return f"{label}, by tumor involvement of the liver (not verified)"


def equation(prescription: Prescription, lesions: Sequence[str]) -> Expression:
    """The activity in the symbols of the worksheet."""
    return times(_WHOLE_ACTIVITY, Fraction(PERFUSED_VOLUME, WHOLE_VOLUME), _LEFT)


def own_symbols(plan: Plan, territory: int) -> Iterator[tuple[Symbol, float | None, str]]:
    """The activity for the whole liver, its volume, and what the shunt reduction leaves."""
    liver = plan.case.liver
    involvement = np.array([plan.tumor_involvement_fraction], dtype=np.float64)
    yield _WHOLE_ACTIVITY, float(empirical_activity_gbq(involvement)[0]), "GBq"
    yield WHOLE_VOLUME, liver.whole_volume_ml if liver else None, "mL"
    shunt = np.array([plan.territories[territory].effective_lung_shunt_fraction])
    yield _LEFT, float(remaining_part(shunt)[0]), ""
