"""What was measured after treatment, where it looks like a slip: its size, another unit, a dose beside its shunt."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from dosimetry import compartment_names, figures, reference, units
from dosimetry.comparison import compare
from dosimetry.delivery.as_treated import Treated
from dosimetry.delivery.measured import LUNGS, MeasuredValue, Place, measured_values
from dosimetry.finding_columns import UNUSUAL
from dosimetry.finding_records import remark
from dosimetry.plan_record import Finding
from dosimetry.ranges import unusual_intervals, unusual_sentence
from dosimetry.treatment_day.case import Measured
from dosimetry.treatment_day.records import AsTreated, DeliveredTerritory
from dosimetry.what_if.planned_doses import known

_FORMULA = "measured_doses"


def of_measured(of: Treated, delivered: AsTreated) -> Iterator[Finding]:
    """Measured shunts, ratios and doses that wait for an acknowledgement."""
    yield from _of_lungs(of)
    for place, (typed, made) in enumerate(zip(of.delivery.territories, delivered.territories, strict=True)):
        if typed.measured is not None:
            path = f"delivery.territories[{place}].measured"
            yield from _of_territory(typed.measured, made, path, of.case.device)
            yield from _nowhere(of, of.rows[place], typed.measured.normal_perfused_dose_gy, path)
            yield from _without_dose(of, of.rows[place], typed.measured, path)


def _of_territory(typed: Measured, made: DeliveredTerritory, path: str, device: str) -> Iterator[Finding]:
    given = {line.compartment: line.delivered_gy for line in made.doses}
    normal = compartment_names.NORMAL_PERFUSED
    yield from _far(typed.normal_perfused_dose_gy, given[normal], normal, f"{path}.normal_perfused_dose_gy", made.name)
    for row, lesion in enumerate(typed.lesions or ()):
        at, name = f"{path}.lesions[{row}]", f"lesion {lesion.name}"
        ratio = lesion.tumor_normal_ratio
        where = f"{at}.tumor_normal_ratio"
        yield from _unusual("tumor_normal_ratio", ratio, where, device, of=f" of {name}", territory=made.name)
        yield from _far(lesion.dose_gy, given[name], name, f"{at}.dose_gy", made.name)


def _of_lungs(of: Treated) -> Iterator[Finding]:
    """A measured shunt that looks like a slip, and a measured lung dose far from what shunt or activity give."""
    path, typed = "delivery.measured_lung_shunt_fraction", of.delivery.measured_lung_dose_gy
    yield from _unusual("lung_shunt_fraction", of.delivery.measured_lung_shunt_fraction, path, of.case.device)
    by_shunt, given = _by_shunt(of).get(LUNGS), known(of.results.case["lung_dose_gy"], 0)
    if by_shunt is None:
        yield from _far(typed, given, compartment_names.LUNGS, "delivery.measured_lung_dose_gy", None)
    elif typed is not None and not by_shunt.least_by and _is_apart(typed, by_shunt.value):
        text = (
            f"The measured lung dose is {_gy(typed)}; by the measured shunt it is {_gy(by_shunt.value)}. "
            "The typed dose counts here. Which is right?"
        )
        yield remark("measured_lungs", path, text, value=typed, to_acknowledge=True)


def _is_apart(typed: float, by_shunt: float) -> bool:
    allowed = units.bound_in_library_unit(reference.coefficient(_FORMULA, "difference_percent"), "%") * by_shunt
    return typed != by_shunt and bool(compare(np.array([abs(typed - by_shunt)]), ">=", allowed).all())


def _by_shunt(of: Treated) -> Mapping[Place, MeasuredValue]:
    """What the measured shunt gives; empty where none was measured."""
    if of.delivery.measured_lung_shunt_fraction is None:
        return {}
    delivery = replace(of.delivery, measured_lung_dose_gy=None)
    return measured_values(of.case, delivery, of.planned, of.results.territory["administered_activity_gbq"])


def _unusual(
    name: str, value: float | None, path: str, device: str, *, of: str = "", territory: str | None = None
) -> Iterator[Finding]:
    """The same intervals that the value has as an input of a plan."""
    if value is None:
        return
    for interval in unusual_intervals(name, value, device):
        text, rule = unusual_sentence(interval, value, f"{of} as measured"), f"{UNUSUAL}measured_{name}"
        yield remark(rule, path, text, territory=territory, value=value, to_acknowledge=True)


def _far(
    typed: float | None, given: float | None, compartment: str, path: str, territory: str | None
) -> Iterator[Finding]:
    """A measured dose many times the delivered one, or a small part of it; any, where nothing was delivered."""
    if typed is None or given is None:
        return
    factor = reference.coefficient(_FORMULA, "factor")
    small, large = sorted((typed, given))
    if small != large and compare(np.array([large]), ">=", factor * small).all():
        text = (
            f"{compartment}: measured {_gy(typed)}, by the delivered activity {_gy(given)}. "
            "Are unit and compartment right?"
        )
        yield remark("measured_dose", path, text, territory=territory, value=typed, to_acknowledge=True)


def _nowhere(of: Treated, row: int, typed: float | None, path: str) -> Iterator[Finding]:
    """A measured dose of normal liver that the territory does not have."""
    if typed is None or of.planned.results.territory["normal_perfused_mass_kg"][row] != 0:
        return
    text = f"Normal liver is measured with {_gy(typed)}, and lesions fill the territory: the dose is not counted."
    at, territory = f"{path}.normal_perfused_dose_gy", of.case.territories[row].name
    yield remark("measured_without_normal_liver", at, text, territory=territory, value=typed, to_acknowledge=True)


def _without_dose(of: Treated, row: int, typed: Measured, path: str) -> Iterator[Finding]:
    """Ratios that give no dose: doses follow from the activity once each lesion of the territory has one."""
    planned, lesions = of.case.territories[row], typed.lesions or ()
    with_ratio = {lesion.name for lesion in lesions if lesion.tumor_normal_ratio is not None}
    missing = [lesion.name for lesion in planned.lesions if lesion.name not in with_ratio]
    if with_ratio and missing and typed.normal_perfused_dose_gy is None:
        text = (
            f"No dose follows from the measured ratios: of {', '.join(missing)} none is given. Add it, or the measured "
            "dose of the normal liver."
        )
        yield remark("measured_ratio_without_dose", f"{path}.lesions", text, territory=planned.name)


def _gy(dose: float) -> str:
    return figures.in_unit(dose, "Gy")
