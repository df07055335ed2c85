"""Everything that is computed of chemoembolization cases, as columns: one function for one case and for a table."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from dosimetry import scores
from dosimetry.arrays import BoolArray, FloatArray
from dosimetry.columns import Columns, Table
from dosimetry.liver_volume_caution import part_of_standard
from dosimetry.scores.child_pugh import least_child_pugh_points, stated_child_pugh_points
from dosimetry.tace import drug_dose
from dosimetry.tace.allocation import (
    Allocation,
    End,
    allocate,
    coverage_class,
    lesion_volume_ml,
    normal_volume_ml,
    observed_oil_ml,
    shares,
)
from dosimetry.tace.columns import TaceColumns
from dosimetry.tace.dosing import Dosing, dosing


@dataclass(frozen=True, slots=True)
class TaceResults:
    """What the cases lead to. ``staged`` holds the inputs of scores, tumors counted where they were not typed."""

    columns: TaceColumns
    dosing: Dosing
    staged: Table
    scores: Mapping[str, FloatArray]
    case: Mapping[str, FloatArray]
    territory: Mapping[str, FloatArray]
    lesion: Mapping[str, FloatArray]
    allocation: Mapping[End, Allocation]


def evaluate(columns: TaceColumns) -> TaceResults:
    """Every number of the given cases."""
    base = columns.base
    steps = dosing(columns)
    staged = _staged(base)
    scored = scores.evaluate(staged)
    volume, seen = lesion_volume_ml(base.lesion), observed_oil_ml(base.lesion)
    share = shares(base)
    return TaceResults(
        columns=columns,
        dosing=steps,
        staged=staged,
        scores=scored,
        case=_of_case(base.case, steps, staged, scored),
        territory={
            "share": share,
            "normal_volume_ml": normal_volume_ml(base),
            "administered_mg": steps.administered_mg[base.territory_case] * share,
        },
        lesion={
            "volume_ml": volume,
            "observed_oil_ml": seen,
            "observed_oil_fraction": seen / volume,
            "coverage_class": coverage_class(base.lesion.number("coverage_fraction")),
        },
        allocation=allocate(base, np.where(_is_asked(base), steps.administered_mg, np.nan)),
    )


def _of_case(case: Table, steps: Dosing, staged: Table, scored: Mapping[str, FloatArray]) -> Mapping[str, FloatArray]:
    """The numbers of the cases, and the inputs that limits are checked on."""
    oil = case.number("oil_ml")
    aqueous = drug_dose.aqueous_ml(oil_ml=oil, oil_to_aqueous_ratio=case.number("oil_to_aqueous_ratio"))
    return {
        "planned_mg": steps.planned_mg,
        "planned_mg_per_m2": steps.planned_mg_per_m2,
        "cumulative_anthracycline_mg_per_m2": steps.cumulative_anthracycline_mg_per_m2,
        "remaining_mg": steps.planned_mg - steps.delivered_mg,
        "loading_mg_per_ml": steps.loading_mg_per_ml,
        "oil_ml": oil,
        "oil_to_aqueous_ratio": case.number("oil_to_aqueous_ratio"),
        "aqueous_ml": aqueous,
        "oil_delivered_ml": drug_dose.delivered_mg(prepared_mg=oil, fraction_injected=case.number("fraction_injected")),
        "drug_solution_mg_per_ml": steps.planned_mg / aqueous,
        "child_pugh_points": _points(case, scored["child_pugh_points"]),
        "bilirubin_mg_dl": case.number("bilirubin_mg_dl"),
        "creatinine_mg_dl": case.number("creatinine_mg_dl"),
        "largest_tumor_cm": staged.number("largest_tumor_cm"),
        "part_of_standard_liver_volume": part_of_standard(case),
    }


def _points(case: Table, by_values: FloatArray) -> FloatArray:
    """The worse of typed class and values: the points bound a stop.

    A class that incomplete values exclude is no class; unknown where neither a class nor all of the values are given. A
    limit for one class holds by either instead.
    """
    stated = stated_child_pugh_points(case)
    return np.fmax(by_values, np.where(stated < least_child_pugh_points(case), np.nan, stated))


def _is_asked(columns: Columns) -> BoolArray:
    """Where an allocation of the carrier is asked for: by a preset, a ratio, or what was seen."""
    case, seen = columns.case, ~np.isnan(columns.territory.number("observed_tumor_fraction"))
    in_some = np.bincount(columns.territory_case, weights=seen, minlength=case.rows) > 0
    return np.asarray(case.word("carrier_preset").given | ~np.isnan(case.number("carrier_ratio")) | in_some)


def _staged(columns: Columns) -> Table:
    """The cases with tumor number and largest diameter: typed, else from lesions that all have a diameter."""
    case, lesion = columns.case, columns.lesion
    owner = columns.territory_case[columns.lesion_territory]
    count = np.bincount(owner, minlength=case.rows).astype(np.float64)
    diameter, largest = lesion.number("diameter_cm"), np.zeros(case.rows)
    np.maximum.at(largest, owner, np.nan_to_num(diameter))
    counted = (count > 0) & (np.bincount(owner, weights=np.isnan(diameter), minlength=case.rows) == 0)
    found = {
        "tumor_count": np.where(np.isnan(case.number("tumor_count")) & counted, count, case.number("tumor_count")),
        "largest_tumor_cm": np.where(
            np.isnan(case.number("largest_tumor_cm")) & counted, largest, case.number("largest_tumor_cm")
        ),
    }
    return replace(case, numbers={**case.numbers, **found})
