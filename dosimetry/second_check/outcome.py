"""A plan beside its second check: every driving input as typed again, and every result by the second route."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dosimetry import reference, units
from dosimetry.case import Case, Lesion, Territory
from dosimetry.columns import TARGET_LESION, TARGET_NORMAL
from dosimetry.comparison import compare
from dosimetry.conventions import Constant
from dosimetry.models import model_named
from dosimetry.plan_record import TerritoryLesion, TerritoryPlan
from dosimetry.second_check.energy_route import RetypedLesion, RetypedTerritory, RouteDoses, doses
from dosimetry.treatment_day.case import CheckedLesion, CheckedTerritory, SecondCheck
from dosimetry.treatment_day.records import CheckedValue, CheckOutcome, Outcome
from dosimetry.treatment_day.residual import difference_fraction

Value = float | str | None
_ACTIVITY, _PRINTED_ACTIVITY = "checked_activity_gbq", "printed_activity_percent"
_ALLOWED = {_ACTIVITY: _PRINTED_ACTIVITY}
"""What may differ by more than other inputs, with the row of ``coefficients.csv`` that says by how much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What of a plan a second check is compared with."""

    case: Case
    constants: Sequence[Constant]
    territories: Sequence[TerritoryPlan]
    lung_shunt_fraction: float | None
    lung_dose_gy: float | None


def outcome(planned: Planned, check: SecondCheck) -> CheckOutcome:
    """Inputs and results, one line each, with what the plan and the check have for it."""
    return CheckOutcome(
        by=check.by,
        at=check.at,
        inputs=tuple(_inputs(planned, check)),
        results=tuple(_results(planned, check)),
    )


def agreement_fraction() -> float:
    """By how much a retyped number or a result of the second route may lie beside the plan's. [1]"""
    return _fraction("agreement_percent")


def printed_activity_fraction() -> float:
    """By how much a retyped activity may lie beside the plan's, and what follows from it farther off. [1]"""
    return _fraction(_PRINTED_ACTIVITY)


def _fraction(name: str) -> float:
    return units.bound_in_library_unit(reference.coefficient("second_check", name), "%")


def _outcome(of_plan: Value, of_check: Value, allowed: float) -> Outcome:
    """Whether two values agree; ``allowed`` is a fraction of the plan's."""
    if of_check is None:
        return "not typed"
    if isinstance(of_plan, float) and isinstance(of_check, float):
        return "agrees" if compare(np.abs(np.subtract(of_check, of_plan)), "<=", allowed * abs(of_plan)) else "differs"
    return "agrees" if of_plan == of_check else "differs"


def _rounding(made: TerritoryPlan, again: CheckedTerritory | None) -> float:
    """By how much an activity typed from paper is off because it was rounded there; what follows from it is as well."""
    typed = None if again is None else again.administered_activity_gbq
    if typed is None or _outcome(made.administered_activity_gbq, typed, _fraction(_ALLOWED[_ACTIVITY])) == "differs":
        return 0.0
    return float(np.abs(difference_fraction(delivered=typed, intended=made.administered_activity_gbq)))


def _input(place: str, name: str, of_plan: Value, of_check: Value, *, of: str = "") -> Iterator[CheckedValue]:
    """One line, where the plan or the check has a value."""
    if of_plan is None and of_check is None:
        return
    field = reference.field(name)
    yield CheckedValue(
        place=place,
        name=name,
        label=f"{of}: {field.label}" if of else field.label,
        unit=field.unit,
        of_plan=of_plan,
        of_check=of_check,
        outcome=_outcome(of_plan, of_check, _fraction(_ALLOWED.get(name, "agreement_percent"))),
    )


def _inputs(planned: Planned, check: SecondCheck) -> Iterator[CheckedValue]:
    case, constants = planned.case, {each.name: each.value for each in planned.constants}
    yield from _input("", "device", case.device, check.device)
    for name in ("energy_gy_kg_per_gbq", "tissue_density_g_per_ml"):
        yield from _input("constants", name, constants.get(name), getattr(check, name))
    yield from _input("lung", "lung_shunt_fraction", planned.lung_shunt_fraction, check.lung_shunt_fraction)
    yield from _input("lung", "lung_mass_kg", case.lung.mass_kg if case.lung else None, check.lung_mass_kg)
    whole = case.liver.whole_volume_ml if case.liver else None
    yield from _input("liver", "whole_liver_volume_ml", whole, check.whole_liver_volume_ml)
    typed = {each.name: each for each in check.territories}
    for row, territory in enumerate(case.territories):
        again = typed.get(territory.name, CheckedTerritory(name=territory.name))
        yield from _of_territory(territory, planned.territories[row], again, f"territories[{row}]")


def _of_territory(
    territory: Territory, made: TerritoryPlan, again: CheckedTerritory, place: str
) -> Iterator[CheckedValue]:
    pairs: tuple[tuple[str, Value, Value], ...] = (
        ("perfused_volume_ml", territory.perfused_volume_ml, again.perfused_volume_ml),
        (_ACTIVITY, made.administered_activity_gbq, again.administered_activity_gbq),
        ("target_dose_gy", territory.prescription.dose_gy, again.target_dose_gy),
        ("residual_fraction", territory.residual_fraction, again.residual_fraction),
        ("territory_lung_shunt_fraction", territory.shunt_fraction, again.lung_shunt_fraction),
        ("territory_density_g_per_ml", territory.density_g_per_ml, again.density_g_per_ml),
    )
    for name, of_plan, of_check in pairs:
        yield from _input(place, name, of_plan, of_check, of=territory.name)
    typed = {each.name: each for each in again.lesions or ()}
    for row, lesion in enumerate(territory.lesions):
        retyped = typed.pop(lesion.name, CheckedLesion(name=lesion.name))
        yield from _of_lesion(lesion, made.lesions[row], retyped, f"{place}.lesions[{row}]", territory.name)
    for name in typed:
        yield from _input(place, "lesion_name", None, name, of=territory.name)


def _of_lesion(
    lesion: Lesion, made: TerritoryLesion, again: CheckedLesion, place: str, territory: str
) -> Iterator[CheckedValue]:
    pairs: tuple[tuple[str, Value, Value], ...] = (
        ("lesion_volume_ml", lesion.volume_ml, again.volume_ml),
        ("necrotic_volume_ml", lesion.necrotic_volume_ml, again.necrotic_volume_ml),
        ("tumor_normal_ratio", made.tumor_normal_ratio, again.tumor_normal_ratio),
        ("lesion_density_g_per_ml", lesion.density_g_per_ml, again.density_g_per_ml),
    )
    for name, of_plan, of_check in pairs:
        yield from _input(place, name, of_plan, of_check, of=f"{territory}, {lesion.name}")


def _results(planned: Planned, check: SecondCheck) -> Iterator[CheckedValue]:
    """Doses from the retyped inputs alone; none for a territory of which too little was typed."""
    typed = {each.name: each for each in check.territories}
    lung_energies: list[float | None] = []
    rounding = [_rounding(made, typed.get(made.name)) for made in planned.territories]
    for row, (territory, made) in enumerate(zip(planned.case.territories, planned.territories, strict=True)):
        again = typed.get(territory.name)
        route = _route(check, again) if again else None
        lung_energies.append(route.lung_energy_gy_kg if route else None)
        for label, of_plan, of_check in _doses(made, route):
            yield _result(f"territories[{row}]", f"{territory.name}: {label}", of_plan, of_check, rounding[row])
        yield from _target(territory, again, route, f"territories[{row}]", rounding[row])
    known = [energy for energy in lung_energies if energy is not None]
    is_known = check.lung_mass_kg is not None and len(known) == len(lung_energies)
    lungs = sum(known) / check.lung_mass_kg if check.lung_mass_kg is not None and is_known else None
    if planned.lung_dose_gy is not None:
        yield _result("", "lung dose", planned.lung_dose_gy, lungs, max(rounding))


def _route(check: SecondCheck, again: CheckedTerritory) -> RouteDoses | None:
    shunt = again.lung_shunt_fraction if again.lung_shunt_fraction is not None else check.lung_shunt_fraction
    density = again.density_g_per_ml or check.tissue_density_g_per_ml
    if again.administered_activity_gbq is None or again.perfused_volume_ml is None or shunt is None:
        return None
    if density is None or check.energy_gy_kg_per_gbq is None:
        return None
    lesions: dict[str, RetypedLesion] = {}
    for lesion in again.lesions or ():
        if lesion.volume_ml is None:
            return None
        lesions[lesion.name] = RetypedLesion(
            volume_ml=lesion.volume_ml,
            necrotic_volume_ml=lesion.necrotic_volume_ml or 0.0,
            tumor_normal_ratio=lesion.tumor_normal_ratio,
            density_g_per_ml=lesion.density_g_per_ml or density,
        )
    if sum(lesion.volume_ml for lesion in lesions.values()) > again.perfused_volume_ml:
        return None
    return doses(
        RetypedTerritory(
            activity_gbq=again.administered_activity_gbq,
            lung_shunt_fraction=shunt,
            perfused_volume_ml=again.perfused_volume_ml,
            density_g_per_ml=density,
            energy_gy_kg_per_gbq=check.energy_gy_kg_per_gbq,
            lesions=lesions,
        )
    )


def _doses(made: TerritoryPlan, route: RouteDoses | None) -> Iterator[tuple[str, float, float | None]]:
    """Every dose the plan has, beside that of the route."""
    of_route: Mapping[str, float | None] = route.lesions_gy if route else {}
    yield "perfused dose", made.perfused_dose_gy, route.perfused_gy if route else None
    if made.normal_perfused_dose_gy is not None:
        yield "normal perfused dose", made.normal_perfused_dose_gy, route.normal_gy if route else None
    for lesion in made.lesions:
        if lesion.dose_gy is not None:
            yield f"dose of lesion {lesion.name}", lesion.dose_gy, of_route.get(lesion.name)


def _target(
    territory: Territory, again: CheckedTerritory | None, route: RouteDoses | None, place: str, rounding: float
) -> Iterator[CheckedValue]:
    """The dose that was asked for, typed again, beside the dose that the activity on the paper gives."""
    prescription = territory.prescription
    if again is None or again.target_dose_gy is None or route is None:
        return
    if prescription.target is None and "perfused_dose_gy" in model_named(prescription.model).aims:
        reached = route.perfused_gy
    elif prescription.target == TARGET_NORMAL:
        reached = route.normal_gy
    elif prescription.target is not None:
        reached = route.lesions_gy.get(prescription.target.removeprefix(TARGET_LESION))
    else:
        return
    label = f"{territory.name}: prescribed dose from the printed activity"
    yield _result(place, label, again.target_dose_gy, reached, rounding)


def _result(place: str, label: str, of_plan: float, of_check: float | None, rounding: float) -> CheckedValue:
    return CheckedValue(
        place=place,
        name=label.rpartition(": ")[2].replace(" ", "_"),
        label=label,
        unit="Gy",
        of_plan=of_plan,
        of_check=of_check,
        outcome=_outcome(of_plan, of_check, agreement_fraction() + rounding),
    )
