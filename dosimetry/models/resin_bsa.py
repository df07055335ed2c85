"""Resin by body surface: the method of the resin labelling, in its two published readings for part of a liver.

Source: ``van-roekel-thesis`` p. 30 for the whole liver and p. 41 for the shunt reduction; ``open-web-calculator`` for
the lobe reading. The method knows no dose: what its activity means in Gy follows from the activity.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from dosimetry import figures, reference, tumor_volume
from dosimetry.activity_bands import remaining_part
from dosimetry.arrays import ArrayLike, BoolArray, FloatArray, IntArray, floats
from dosimetry.body_surface import du_bois_m2
from dosimetry.case import Prescription, Reading
from dosimetry.columns import Columns
from dosimetry.compartments import Compartments
from dosimetry.dose import refuse_impossible_shunt
from dosimetry.expression import (
    BODY_SURFACE,
    PERFUSED_VOLUME,
    WHOLE_VOLUME,
    Expression,
    Figure,
    Fraction,
    Symbol,
    less,
    times,
    total,
)
from dosimetry.finding_columns import MODEL_PATH, FindingColumn, remark
from dosimetry.models import nothing, resin_rules
from dosimetry.plan_record import Plan
from dosimetry.rules import Broken, Checked, says, where

key = "resin_bsa"
label = "body surface"
devices: frozenset[str] = frozenset({"resin"})
is_verified = True
inputs: tuple[str, ...] = ("resin_reading",)
case_inputs: tuple[str, ...] = ("height_cm", "weight_kg", "whole_liver_volume_ml")
LOBE: Reading = "lobe"
SHARE: Reading = "share"
aims = nothing.AIMS
_FROM = "by body size and tumor, less the reduction for the lung shunt"
untargeted: tuple[tuple[Prescription, str], ...] = (
    (Prescription(model=key, reading=LOBE), _FROM),
    (Prescription(model=key, reading=SHARE), _FROM),
)
never_proposed: str | None = None
_TUMOR_VOLUME, _LEFT = Symbol("V", "T"), Symbol("f", "LSF")


def activity_gbq(
    *,
    body_surface_m2: ArrayLike,
    tumor_part: ArrayLike,
    perfused_volume_ml: ArrayLike,
    whole_liver_volume_ml: ArrayLike,
    lung_shunt_fraction: ArrayLike,
) -> FloatArray:
    r"""Administered activity of a territory by body surface.

    Parameters
    ----------
    body_surface_m2 : array_like
        Body surface area by Du Bois. [m2]
    tumor_part : array_like
        Reading ``lobe``: tumor volume over perfused volume of the territory. Reading ``share``: all tumor volume over
        whole liver volume. [1]
    perfused_volume_ml, whole_liver_volume_ml : array_like
        Volumes, tumor included. [mL]
    lung_shunt_fraction : array_like
        Fraction of the activity that lodges in the lungs. [1]

    Returns
    -------
    ndarray
        :math:`((BSA - 0.2) + V_T/V)\,(V_P/V_{liver})` less 20 % from a shunt of 10 %, less 40 % from 15 %; NaN from
        20 %, where the method gives no activity. [GBq]

    Raises
    ------
    ValueError
        When a shunt lies outside [0, 1).
    """
    part = floats(body_surface_m2) - reference.coefficient("resin_bsa", "offset_m2") + floats(tumor_part)
    share = floats(perfused_volume_ml) / floats(whole_liver_volume_ml)
    return part * share * remaining_part(refuse_impossible_shunt(lung_shunt_fraction))


def prescribed_activity_gbq(
    columns: Columns, compartments: Compartments, rows: IntArray, others_gbq: FloatArray
) -> FloatArray:
    """Administered activity of the territories in ``rows``. [GBq]"""
    case = columns.territory_case[rows]
    return activity_gbq(
        body_surface_m2=du_bois_m2(
            height_cm=columns.case.number("height_cm")[case], weight_kg=columns.case.number("weight_kg")[case]
        ),
        tumor_part=_tumor_part(columns, rows),
        perfused_volume_ml=columns.territory.number("perfused_volume_ml")[rows],
        whole_liver_volume_ml=columns.case.number("whole_liver_volume_ml")[case],
        lung_shunt_fraction=compartments.territory_lung_shunt_fraction[rows],
    )


def _tumor_part(columns: Columns, rows: IntArray) -> FloatArray:
    """Tumor over perfused volume of the territory, or all tumor over the whole liver, by the reading of each row."""
    lobe = (tumor_volume.per_territory_ml(columns) / columns.territory.number("perfused_volume_ml"))[rows]
    of_liver = tumor_volume.per_case_ml(columns) / columns.case.number("whole_liver_volume_ml")
    share = of_liver[columns.territory_case[rows]]
    return np.where(columns.territory.word("resin_reading").equal(LOBE)[rows], lobe, share)


predicted_target_gy = resin_rules.predicted_target_gy


def broken_rules(checked: Checked, rows: IntArray) -> Iterator[Broken]:
    """The untreated tumor that one reading needs, a shunt below 20 %, and an activity above zero."""
    columns = checked.columns
    chosen = resin_rules.chosen_territories(checked, rows)
    share = chosen & columns.territory.word("resin_reading").equal(SHARE)
    missing = np.isnan(columns.case.number("untreated_tumor_volume_ml"))[columns.territory_case]
    text = f"model {key!r}, reading {SHARE!r}, needs untreated_tumor_volume_ml; it is missing. Type 0 if there is none."
    yield where("prescription_model", "territory", share & missing, says(text))
    yield resin_rules.refused(checked, chosen, key)
    small = np.zeros_like(chosen)
    area = du_bois_m2(height_cm=columns.case.number("height_cm"), weight_kg=columns.case.number("weight_kg"))
    small[rows] = (area[columns.territory_case[rows]] - reference.coefficient("resin_bsa", "offset_m2")) + _tumor_part(
        columns, rows
    ) <= 0
    text = f"model {key!r} gives no activity above zero for this height and weight."
    yield where("prescription_model", "territory", small, says(text))


def remarks(columns: Columns, compartments: Compartments, rows: BoolArray) -> Iterator[FindingColumn]:
    """The method takes the size of the body for that of the liver; and what the shunt takes off."""
    resected = columns.spread(columns.case.number("prior_resection") == 1, "territory")
    smallest = reference.coefficient("resin_bsa", "smallest_liver_ml")
    small = columns.spread(columns.case.number("whole_liver_volume_ml") < smallest, "territory")
    text = "The body-surface method takes the size of the body for that of the liver, and the liver was resected."
    yield remark("body_surface_after_resection", "territory", MODEL_PATH, rows & resected, text)
    text = (
        "The body-surface method takes the size of the body for that of the liver, and this liver is smaller than "
        f"{figures.trimmed(smallest)} mL."
    )
    yield remark("body_surface_small_liver", "territory", MODEL_PATH, rows & small, text)
    yield from resin_rules.reduced(columns, compartments, rows)


def sentence(prescription: Prescription, dose: str, activity: str) -> str:
    """The prescription in words."""
    return f"{label}, tumor part of the {'lobe' if prescription.reading == LOBE else 'whole liver'}"


def equation(prescription: Prescription, lesions: Sequence[str]) -> Expression:
    """The activity in the symbols of the worksheet."""
    offset = Figure(str(reference.coefficient("resin_bsa", "offset_m2")))
    under = PERFUSED_VOLUME if prescription.reading == LOBE else WHOLE_VOLUME
    part = total([less(BODY_SURFACE, offset), Fraction(_TUMOR_VOLUME, under)])
    return times(part, Fraction(PERFUSED_VOLUME, WHOLE_VOLUME), _LEFT)


def own_symbols(plan: Plan, territory: int) -> Iterator[tuple[Symbol, float | None, str]]:
    """Body surface, tumor volume of the reading, whole liver, and what the shunt reduction leaves."""
    case, liver = plan.case, plan.case.liver
    own = case.territories[territory]
    is_lobe = own.prescription.reading == LOBE
    counted = [own] if is_lobe else list(case.territories)
    untreated = liver.untreated_tumor_volume_ml if liver and not is_lobe else None
    tumor = sum(lesion.volume_ml for each in counted for lesion in each.lesions) + (untreated or 0.0)
    yield BODY_SURFACE, plan.body_surface_m2, "m2"
    yield _TUMOR_VOLUME, tumor, "mL"
    yield WHOLE_VOLUME, liver.whole_volume_ml if liver else None, "mL"
    shunt = np.array([plan.territories[territory].effective_lung_shunt_fraction])
    yield _LEFT, float(remaining_part(shunt)[0]), ""
