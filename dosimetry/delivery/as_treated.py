"""A session as it was delivered: activities with each denominator named, doses by the same core, and differences."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from dosimetry import compartment_names, energy_balance, instants
from dosimetry.case import Case
from dosimetry.columns import TARGET_LESION, TARGET_NORMAL, TARGET_PERFUSED
from dosimetry.decay import remaining_fraction
from dosimetry.delivery.amounts import READINGS, Amounts, amounts, ordered_gbq, waits_h
from dosimetry.delivery.criterion import meets
from dosimetry.delivery.measured import (
    LUNGS,
    LUNGS_OF_ALL_SESSIONS,
    WHOLE_NORMAL_LIVER,
    MeasuredValue,
    Place,
    measured_values,
)
from dosimetry.evaluation import Evaluated, Results, predict
from dosimetry.treatment_day import residual
from dosimetry.treatment_day.case import Delivery, TerritoryDelivery, TerritoryDirective
from dosimetry.treatment_day.records import (
    AsTreated,
    DeliveredTerritory,
    DirectiveComparison,
    DoseComparison,
    Unit,
)
from dosimetry.what_if.planned_doses import known

ACTIVITY = "administered activity"
_TARGETS = MappingProxyType({TARGET_PERFUSED: "perfused_dose_gy", TARGET_NORMAL: "normal_perfused_dose_gy"})
"""The dose of each target of a directive that is no lesion."""


@dataclass(frozen=True, slots=True)
class Treated:
    """A case with its delivery: amounts of the delivered territories and doses of all of them."""

    case: Case
    delivery: Delivery
    planned: Evaluated
    amounts: Amounts
    results: Results
    measured: Mapping[Place, MeasuredValue]

    @property
    def rows(self) -> tuple[int, ...]:
        """The row in the case of every delivered territory."""
        names = [territory.name for territory in self.case.territories]
        return tuple(names.index(each.territory) for each in self.delivery.territories)


def treated(case: Case, delivery: Delivery, evaluated: Evaluated) -> Treated:
    """Amounts and doses of a delivery; a territory whose delivery is not recorded has NaN, and so has the session."""
    found = amounts(delivery.territories, float(evaluated.constants.half_life_h[0]))
    names = [territory.name for territory in case.territories]
    activity = np.full(len(names), np.nan)
    activity[[names.index(each.territory) for each in delivery.territories]] = found.delivered_gbq
    results = predict(evaluated.columns, evaluated.constants, evaluated.parts, activity)
    energy_balance.check_energy(evaluated.columns, evaluated.parts, results, ~np.isnan(activity))
    measured = measured_values(case, delivery, evaluated, activity)
    return Treated(case, delivery, evaluated, found, results, measured)


def as_treated(of: Treated) -> AsTreated:
    """The record of a delivered session."""
    return AsTreated(
        zone_database=instants.database_version(),
        territories=tuple(_territory(of, place) for place in range(len(of.rows))),
        doses=tuple(_session(of)),
    )


def _territory(of: Treated, place: int) -> DeliveredTerritory:
    each, row, found = of.delivery.territories[place], of.rows[place], of.amounts
    delivered, planned = float(found.delivered_gbq[place]), _planned_gbq(of, row)
    injected = instants.instant_from_text(each.injected_at)
    waits = waits_h(each)
    half_life_h = float(of.planned.constants.half_life_h[0])
    return DeliveredTerritory(
        name=each.territory,
        injected_at=injected.text,
        injected_local=injected.local,
        decay_in_words=tuple(_decay_in_words(wait, half_life_h) for wait in waits),
        ordered_activity_gbq=ordered_gbq(of.case, each, half_life_h),
        assayed_activity_gbq=float(found.assayed_gbq[place]),
        decayed_activity_gbq=float(found.decayed_gbq[place]),
        residual_route=found.routes[place],
        residual_fraction=float(found.residual_fraction[place]),
        delivered_activity_gbq=delivered,
        relative_uncertainty=_uncertainty(of, place),
        planned_activity_gbq=planned,
        fraction_of_assayed=delivered / float(found.assayed_gbq[place]),
        fraction_of_decayed=delivered / float(found.decayed_gbq[place]),
        fraction_of_planned=delivered / planned,
        directive=directed(of.case, of.results, row, of.measured),
        doses=tuple(_doses(of, row)),
        reasons=tuple(reasons(each)),
    )


def _decay_in_words(wait_h: float, half_life_h: float) -> str:
    return instants.elapsed_in_words(
        wait_h, float(remaining_fraction(elapsed_h=wait_h, half_life_h=half_life_h)), "assay"
    )


def _planned_gbq(of: Treated, row: int) -> float:
    return float(of.planned.results.territory["administered_activity_gbq"][row])


def _uncertainty(of: Treated, place: int) -> float | None:
    """Relative standard uncertainty, where the calibrator's was typed and, by a route with readings, theirs."""
    calibrator, reading = of.delivery.calibrator_uncertainty_fraction, of.delivery.reading_uncertainty_fraction
    readings = READINGS[of.amounts.routes[place]]
    if calibrator is None or (readings and reading is None):
        return None
    found = residual.relative_uncertainty(
        residual_fraction=of.amounts.residual_fraction[place],
        calibrator_uncertainty=calibrator,
        reading_uncertainty=reading or 0.0,
        readings=readings,
    )
    return None if np.isnan(found) else float(found)


def reasons(each: TerritoryDelivery) -> Iterator[str]:
    """What was recorded about how an injection ended."""
    if each.stasis:
        yield "stasis"
    if each.stopped_early:
        yield "stopped early"
    if each.reason:
        yield each.reason


def directed(
    case: Case, results: Results, row: int, measured: Mapping[Place, MeasuredValue]
) -> tuple[DirectiveComparison, ...]:
    """Results beside the written directive of a territory: its first value, and the revised one if any.

    ``measured`` has what imaging found, by place; empty where nothing was imaged.
    """
    name = case.territories[row].name
    found = [each for each in (case.directive.territories if case.directive else ()) if each.territory == name]
    return tuple(line for each in found for line in _lines(results, measured, _directed_place(case, row, each), each))


def _lines(
    results: Results, measured: Mapping[Place, MeasuredValue], place: Place, directive: TerritoryDirective
) -> Iterator[DirectiveComparison]:
    is_dose, (level, name, row) = directive.dose_gy is not None, place
    delivered, found = known(results.level(level)[name], row), measured.get(place)
    values = (
        (directive.dose_gy if is_dose else directive.activity_gbq, False),
        (directive.revised_dose_gy if is_dose else directive.revised_activity_gbq, True),
    )
    for value, revised in values:
        if value is not None:
            difference = _difference(delivered, value)
            of_measured = _difference(found.value if found else None, value)
            yield DirectiveComparison(
                quantity=directive.target or ACTIVITY,
                unit=_unit(is_dose),
                revised=revised,
                directed=value,
                delivered=delivered,
                difference_fraction=difference,
                meets_criterion=None if difference is None else bool(meets(difference)),
                measured=found.value if found else None,
                measured_by=found.by if found else "",
                measured_difference_fraction=of_measured,
                measured_meets_criterion=None if of_measured is None else bool(meets(of_measured)),
            )


def _difference(found: float | None, directed_value: float) -> float | None:
    """Of a value to the directed one; ``None`` where it is not known. [1]"""
    if found is None:
        return None
    return float(residual.difference_fraction(delivered=found, intended=directed_value))


def _unit(is_dose: bool) -> Unit:
    return "Gy" if is_dose else "GBq"


def _directed_place(case: Case, row: int, directive: TerritoryDirective) -> Place:
    """Where the results have what a directive of a territory names: a dose of its target, or the activity."""
    if directive.dose_gy is None:
        return "territory", "administered_activity_gbq", row
    target = directive.target or ""
    if target in _TARGETS:
        return "territory", _TARGETS[target], row
    names = [lesion.name for lesion in case.territories[row].lesions]
    return "lesion", "dose_gy", _first_lesion(case, row) + names.index(target.removeprefix(TARGET_LESION))


def _first_lesion(case: Case, row: int) -> int:
    return sum(len(territory.lesions) for territory in case.territories[:row])


def _doses(of: Treated, row: int) -> Iterator[DoseComparison]:
    """Every compartment of one territory."""
    yield _compared(of, ("territory", "perfused_dose_gy", row), compartment_names.PERFUSED)
    yield _compared(of, ("territory", "normal_perfused_dose_gy", row), compartment_names.NORMAL_PERFUSED)
    for place, lesion in enumerate(of.case.territories[row].lesions, start=_first_lesion(of.case, row)):
        yield _compared(of, ("lesion", "dose_gy", place), f"lesion {lesion.name}")


def _session(of: Treated) -> Iterator[DoseComparison]:
    yield _compared(of, LUNGS, compartment_names.LUNGS)
    yield _compared(of, LUNGS_OF_ALL_SESSIONS, compartment_names.LUNGS_ALL_SESSIONS)
    yield _compared(of, WHOLE_NORMAL_LIVER, compartment_names.WHOLE_NORMAL)
    yield _compared(of, ("case", "whole_liver_dose_gy", 0), compartment_names.WHOLE_LIVER)


def _compared(of: Treated, place: Place, label: str) -> DoseComparison:
    """Planned, delivered and measured dose of one compartment."""
    level, name, row = place
    planned, delivered = (known(each.level(level)[name], row) for each in (of.planned.results, of.results))
    found = of.measured.get(place)
    measured = None if found is None or found.least_by else found
    difference = None
    if planned and delivered is not None:
        difference = float(residual.difference_fraction(delivered=delivered, intended=planned))
    return DoseComparison(
        compartment=label,
        planned_gy=planned,
        delivered_gy=delivered,
        difference_fraction=difference,
        measured_gy=measured.value if measured else None,
        measured_by=measured.by if measured else "",
    )
