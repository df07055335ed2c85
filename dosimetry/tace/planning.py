"""The plan of one chemoembolization case: the columns' numbers as records, with findings and origin."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from dosimetry import bands, reference, scores
from dosimetry.arrays import FloatArray
from dosimetry.case_file import input_sha256, plain_from_case
from dosimetry.finding_records import identifying_texts, ranked, record_of, with_acknowledgement, without_finding
from dosimetry.future_dates import future_dates
from dosimetry.plan_record import Finding
from dosimetry.tace import cautions, limits
from dosimetry.tace.allocation import ENDS, Allocation, released_fractions
from dosimetry.tace.case import TaceCase
from dosimetry.tace.completeness import missing
from dosimetry.tace.door import checked
from dosimetry.tace.dosing import Dosing
from dosimetry.tace.evaluation import TaceResults, evaluate
from dosimetry.tace.plan_record import (
    AllocatedLesion,
    AllocatedTerritory,
    CarrierAllocation,
    TaceLesionPlan,
    TacePlan,
    TaceTerritoryPlan,
)
from dosimetry.tace.preparation import preparation_facts
from dosimetry.tace.steps import dose_steps
from dosimetry.version import __version__

_OF_CASE = ("oil_ml", "aqueous_ml", "drug_solution_mg_per_ml", "remaining_mg", "oil_delivered_ml",
            "part_of_standard_liver_volume")  # fmt: skip


def tace_plan(case: TaceCase, computed_at: str) -> TacePlan:
    """Dose, oil, allocation, scores and findings of a case; raises `CaseError` with every rule it breaks."""
    case, columns = checked(plain_from_case(case))
    results = evaluate(columns)
    steps: dict[str, Any] = {each.name: known(getattr(results.dosing, each.name), 0) for each in fields(Dosing)}
    of_case: dict[str, Any] = {name: known(results.case[name], 0) for name in _OF_CASE}
    return TacePlan(
        label=case.label,
        case=case,
        input_sha256=input_sha256(case),
        version=__version__,
        data_fingerprint=reference.fingerprint(),
        computed_at=computed_at,
        steps=dose_steps(case, results.dosing),
        anthracycline_risk=_risk(steps["cumulative_anthracycline_mg_per_m2"]),
        territories=tuple(_territories(case, results)),
        allocation=tuple(_allocation(case, results)) if case.partition else (),
        released_fraction=known(released_fractions(columns.base.case), 0),
        preparation=preparation_facts(case, steps["bead_ml"]),
        scores=scores.of(case, results.staged),
        missing=missing(results),
        findings=_findings(case, results, computed_at),
        **{name: value for name, value in steps.items() if name != "chosen_dose"},
        **of_case,
    )


def known(values: FloatArray, row: int) -> float | None:
    """A value of a row; ``None`` where it is not known."""
    value = float(values[row])
    return None if np.isnan(value) else value


def _risk(cumulative: float | None) -> str | None:
    band = None if cumulative is None else bands.band_of("doxorubicin_heart", "cumulative_mg_per_m2", cumulative)
    return band.label if band else None


def _findings(case: TaceCase, results: TaceResults, computed_at: str) -> tuple[Finding, ...]:
    given = {entry.finding: entry for entry in case.acknowledged or ()}
    columns = (*limits.finding_columns(results), *cautions.finding_columns(results))
    of_columns = [record_of(column, int(row), case, results.columns.base) for column in columns for row in column.rows]
    of_words = (*identifying_texts(case), *future_dates(case, computed_at))
    records = [with_acknowledgement(record, given) for record in (*of_columns, *of_words)]
    return ranked([*records, *without_finding(given.values(), {record.id for record in records})])


def _territories(case: TaceCase, results: TaceResults) -> Iterator[TaceTerritoryPlan]:
    place = 0
    for row, territory in enumerate(case.territories):
        lesions = []
        for lesion in territory.lesions:
            lesions.append(TaceLesionPlan(name=lesion.name, **_lesion_numbers(results.lesion, place)))
            place += 1
        numbers = {name: known(values, row) for name, values in results.territory.items()}
        yield TaceTerritoryPlan(name=territory.name, lesions=tuple(lesions), **numbers)


def _lesion_numbers(level: Mapping[str, FloatArray], place: int) -> dict[str, Any]:
    numbers: dict[str, Any] = {name: known(values, place) for name, values in level.items()}
    coverage = numbers["coverage_class"]
    names = [band.label for band in bands.bands("oil_coverage", "fraction")]
    return {**numbers, "coverage_class": None if coverage is None else names[int(coverage) - 1]}


def _allocation(case: TaceCase, results: TaceResults) -> Iterator[CarrierAllocation]:
    for end in ENDS:
        found = results.allocation[end]
        yield CarrierAllocation(
            end=end,
            lung_fraction=known(found.lung_fraction, 0),
            lung_mg=known(found.lung_mg, 0),
            tumor_share=known(found.tumor_share, 0),
            territories=tuple(_allocated(case, found)),
        )


def _allocated(case: TaceCase, found: Allocation) -> Iterator[AllocatedTerritory]:
    place = 0
    for row, territory in enumerate(case.territories):
        lesions = []
        for lesion in territory.lesions:
            lesions.append(
                AllocatedLesion(
                    name=lesion.name,
                    allocated_mg=known(found.lesion_mg, place),
                    allocated_mg_per_ml=known(found.lesion_mg_per_ml, place),
                    oil_ml=known(found.lesion_oil_ml, place),
                    released_in_vitro_mg=known(found.lesion_released_mg, place),
                )
            )
            place += 1
        yield AllocatedTerritory(
            name=territory.name,
            ratio=known(found.ratio, row),
            normal_volume_ml=known(found.normal_volume_ml, row),
            uptake_volume_ml=known(found.uptake_volume_ml, row),
            lung_mg=known(found.territory_lung_mg, row),
            normal_mg=known(found.normal_mg, row),
            normal_mg_per_ml=known(found.normal_mg_per_ml, row),
            lesions=tuple(lesions),
        )
