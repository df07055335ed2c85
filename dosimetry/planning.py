"""``plan``: one case through the column function, checked by a second route, with its findings and its origin."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any, overload

import numpy as np

from dosimetry import (
    cautions,
    conventions,
    energy_balance,
    limits,
    model_cautions,
    reference,
    unusual,
)
from dosimetry.arrays import FloatArray
from dosimetry.case import Case
from dosimetry.case_file import AnyCase, input_sha256, plain_from_case
from dosimetry.case_reader import checked
from dosimetry.completeness import missing
from dosimetry.dose import mean_dose_gy
from dosimetry.evaluation import Evaluated, Results, evaluate
from dosimetry.finding_columns import FindingColumn
from dosimetry.findings import findings
from dosimetry.future_dates import future_dates, future_injections
from dosimetry.limits import LimitIds
from dosimetry.limits import cautions as limit_cautions
from dosimetry.limits.inapplicable import inapplicable
from dosimetry.limits.scope import LimitScope
from dosimetry.lobes import of_lobes
from dosimetry.plan_record import LesionDose, Plan, TerritoryLesion, TerritoryPlan
from dosimetry.tace.case import TaceCase
from dosimetry.tace.plan_record import TacePlan
from dosimetry.tace.planning import tace_plan
from dosimetry.treatment_day.day import treatment_day
from dosimetry.version import __version__
from dosimetry.what_if.bounds import TerritoryBounds, territory_bounds
from dosimetry.what_if.other_conventions import other_conventions
from dosimetry.what_if.planned_doses import known
from dosimetry.what_if.proposals import TerritoryProposals, proposals
from dosimetry.what_if.sensitivity import sensitivity

YEARS = range(1990, 2100)
"""Years a plan can be of: other ones are slips of typing."""
AnyPlan = Plan | TacePlan
"""A plan of any treatment."""


@overload
def plan(case: Case, at: datetime.datetime | None = None) -> Plan:  # noqa: D418 (what an editor shows)
    """The activities and doses of a radioembolization, with findings."""


@overload
def plan(case: TaceCase, at: datetime.datetime | None = None) -> TacePlan:  # noqa: D418
    """The dose of drug of a chemoembolization, with findings."""


def plan(case: AnyCase, at: datetime.datetime | None = None) -> AnyPlan:
    """What follows from a case: activities, doses and findings, or for chemoembolization the dose of drug.

    Parameters
    ----------
    case : Case or TaceCase
        From `read_case`, or made in Python: numbers may be int, float or ``Decimal``.
    at : datetime, optional
        When the plan is made, with a time zone; now when not given. Printed; no number depends on it.

    Returns
    -------
    Plan or TacePlan

    Raises
    ------
    CaseError
        Every rule the case breaks.
    TypeError
        For a number of a foreign type.
    ValueError
        For an instant without a time zone or far from today.
    EnergyBalanceError
        When the second route does not confirm the results: a fault of the program.
    """
    at = checked_instant(datetime.datetime.now(datetime.UTC) if at is None else at)
    computed_at = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return tace_plan(case, computed_at) if isinstance(case, TaceCase) else _tare_plan(case, computed_at)


def _tare_plan(case: Case, computed_at: str) -> Plan:
    case, columns, constants, parts = checked(plain_from_case(case))
    results = evaluate(columns, constants, parts)
    energy_balance.check(columns, parts, results)
    evaluated = Evaluated(columns, constants, parts, results)
    scope, switches = LimitScope(columns, results), limits.switches(case)
    judged = limits.judged(scope)
    bounds = territory_bounds(case, evaluated, scope, judged, switches)
    sourced = conventions.sourced(constants, columns, 0)
    territories = _territories(case, evaluated, bounds, proposals(case, evaluated, judged, switches))
    day = treatment_day(case, evaluated, territories, sourced)
    found = (*_found(evaluated, scope, judged, switches), *day.exceeded)
    of_day = (
        *day.findings,
        *of_lobes(case, results),
        *future_dates(case, computed_at),
        *future_injections(case, computed_at),
    )
    return Plan(
        label=case.label,
        case=case,
        input_sha256=input_sha256(case),
        version=__version__,
        data_fingerprint=reference.fingerprint(),
        computed_at=computed_at,
        constants=sourced,
        territories=territories,
        lesions=_lesions(case, results),
        other_conventions=other_conventions(case, evaluated),
        sensitivity=sensitivity(case, evaluated),
        inapplicable=inapplicable(case, evaluated, judged, switches),
        missing=missing(evaluated, scope, judged),
        ordered=day.ordered,
        ordered_doses=day.ordered_doses,
        as_treated=day.as_treated,
        cumulative=day.cumulative,
        second_check=day.second_check,
        findings=findings(case, columns, found, bounds, of_day),
        **_case_numbers(results),
    )


def _found(
    evaluated: Evaluated, scope: LimitScope, judged: tuple[limits.Judged, ...], switches: LimitIds
) -> Iterator[FindingColumn]:
    """Findings of the plan itself."""
    yield from limits.finding_columns(judged, evaluated.results, switched_on=switches.on)
    yield from unusual.finding_columns(evaluated)
    yield from limit_cautions.finding_columns(evaluated, scope, judged)
    yield from model_cautions.finding_columns(evaluated)
    yield from cautions.finding_columns(evaluated)


def checked_instant(at: datetime.datetime) -> datetime.datetime:
    """An instant in universal time; one without a zone, or of another century, is refused with a ``ValueError``."""
    if not isinstance(at, datetime.datetime):
        raise TypeError(f"at must be a datetime with a time zone; got {type(at).__name__}.")
    if at.tzinfo is None:
        raise ValueError("at must have a time zone; got an instant without one.")
    if at.year not in YEARS:
        raise ValueError(f"at must lie in the years {YEARS[0]} to {YEARS[-1]}; got {at.year}.")
    return at.astimezone(datetime.UTC)


_CASE_NUMBERS = (
    "lung_shunt_fraction",
    "lung_dose_gy",
    "lung_dose_cumulative_gy",
    "administered_activity_total_gbq",
    "lung_activity_gbq",
    "normal_perfused_dose_gy",
    "whole_normal_liver_mass_kg",
    "whole_normal_liver_dose_gy",
    "whole_liver_mass_kg",
    "whole_liver_dose_gy",
    "hepatic_reserve_fraction",
    "treated_fraction",
    "tumor_involvement_fraction",
    "body_surface_m2",
)


def _case_numbers(results: Results) -> dict[str, Any]:
    return {name: known(results.case[name], 0) for name in _CASE_NUMBERS}


def _territories(
    case: Case, evaluated: Evaluated, bounds: tuple[TerritoryBounds, ...], proposed: TerritoryProposals
) -> tuple[TerritoryPlan, ...]:
    results, found = evaluated.results, []
    for row, territory in enumerate(case.territories):
        places = np.flatnonzero(evaluated.columns.lesion_territory == row).tolist()
        lesions = tuple(
            TerritoryLesion(name=lesion.name, **_numbers(results.lesion, place))
            for lesion, place in zip(territory.lesions, places, strict=True)
        )
        made, none = proposed[row]
        found.append(
            TerritoryPlan(
                name=territory.name,
                lesions=lesions,
                proposals=made,
                no_proposals=none,
                bounds=bounds[row].bounds,
                bounds_in_words=bounds[row].in_words,
                bounds_in_short=bounds[row].in_short,
                **_numbers(results.territory, row),
            )
        )
    return tuple(found)


def _numbers(level: Mapping[str, FloatArray], row: int) -> dict[str, Any]:
    return {name: known(values, row) for name, values in level.items()}


def _lesions(case: Case, results: Results) -> tuple[LesionDose, ...]:
    """Each lesion once: one that lies in several territories is one lesion in parts, its dose weighted by mass."""
    names = [lesion.name for territory in case.territories for lesion in territory.lesions]
    order = list(dict.fromkeys(names))
    group = np.array([order.index(name) for name in names], dtype=np.int64)
    mass = np.bincount(group, weights=results.lesion["mass_kg"], minlength=len(order))
    dose = results.lesion["dose_gy"]
    energy = np.bincount(
        group,
        weights=np.where(results.lesion["mass_kg"] == 0, 0.0, dose * results.lesion["mass_kg"]),
        minlength=len(order),
    )
    mean = mean_dose_gy(energy_gy_kg=energy, mass_kg=mass)
    return tuple(
        LesionDose(name=name, mass_kg=float(mass[place]), dose_gy=known(mean, place))
        for place, name in enumerate(order)
    )
