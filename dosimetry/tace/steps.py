"""The steps of a dose as records: what each gives, by what rule, and where that rule stands."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from dosimetry import figures, reference
from dosimetry.arrays import FloatArray
from dosimetry.bands import band_of
from dosimetry.body_surface import formula_named
from dosimetry.reference_rows import Sourced
from dosimetry.tace import drug_dose
from dosimetry.tace.case import Drug, TaceCase
from dosimetry.tace.columns import product_named, protocol_named
from dosimetry.tace.dosing import Dosing
from dosimetry.tace.plan_record import DoseStep
from dosimetry.tace_rows import TaceProtocol

PER = {"mg_per_m2": "mg/m2", "mg": "mg", "mg_per_ml": "mg/mL"}


def dose_steps(case: TaceCase, dosing: Dosing) -> tuple[DoseStep, ...]:
    """Every step from body surface to planned dose; none for a bland embolization."""
    drug = case.drug
    protocol = protocol_named(drug.protocol) if drug else None
    return tuple(_with_changes(_steps(case, drug, protocol, dosing))) if drug and protocol else ()


def _with_changes(steps: Iterable[DoseStep]) -> Iterator[DoseStep]:
    """Each step with what it changes of the amount before it."""
    before: float | None = None
    for step in steps:
        if step.step == "body_surface":
            yield step
            continue
        yield step if before is None or step.value is None else replace(step, change=step.value - before)
        before = step.value


def _steps(case: TaceCase, drug: Drug, protocol: TaceProtocol, dosing: Dosing) -> Iterator[DoseStep]:
    if drug.body_surface_formula is not None:
        yield _surface(case, drug.body_surface_formula, dosing)
    yield _step("base", "Dose by the protocol", dosing.base_mg, _base_words(case, protocol, dosing), protocol)
    yield _bilirubin(case, protocol, dosing)
    yield _cap(drug, protocol, dosing)
    yield _beads(case, drug, protocol, dosing) if case.technique == "deb" else _vials(dosing)
    if drug.prescribed_mg is not None:
        by = ", ".join(("typed by a person", *_held(case, dosing)))
        yield _step("prescribed", "Prescribed instead", dosing.planned_mg, by, None)


def _step(step: str, label: str, values: FloatArray, by: str, row: Sourced | None, *, unit: str = "mg") -> DoseStep:
    value = float(values[0])
    return DoseStep(
        step=step,
        label=label,
        value=None if np.isnan(value) else value,
        unit=unit,
        by=by,
        source=reference.citation(row.source_id) if row else "",
        locator=row.locator if row else "",
        verified=row.verified if row else True,
    )


def _surface(case: TaceCase, key: str, dosing: Dosing) -> DoseStep:
    formula = formula_named(key)
    patient = case.patient
    size = {"height_cm": "cm", "weight_kg": "kg"}
    given = [f"{getattr(patient, name):g} {unit}" for name, unit in size.items() if name in formula.inputs]
    row = next(row for row in reference.coefficients() if row.formula == f"body_surface_{formula.numbers}")
    by = f"{formula.label}: {', '.join(given)}"
    return _step("body_surface", "Body surface", dosing.body_surface_m2, by, row, unit="m2")


def _base_words(case: TaceCase, protocol: TaceProtocol, dosing: Dosing) -> str:
    dose = f"{figures.trimmed(float(dosing.chosen_dose[0]))} {PER[protocol.basis]}"
    if protocol.basis == "mg_per_m2":
        return f"{dose} times {figures.trimmed(float(dosing.body_surface_m2[0]), 4)} m2 ({protocol.label})"
    if protocol.basis == "mg_per_ml" and case.oil is not None:
        return f"{dose} times {case.oil.volume_ml:g} mL of oil ({protocol.label})"
    return f"{dose} ({protocol.label})"


def _bilirubin(case: TaceCase, protocol: TaceProtocol, dosing: Dosing) -> DoseStep:
    title = "After bilirubin"
    bilirubin = case.patient.bilirubin_mg_dl if case.patient else None
    if not protocol.bilirubin_rule or bilirubin is None:
        return _step("bilirubin", title, dosing.reduced_mg, "the protocol states no reduction", None)
    band = band_of(protocol.bilirubin_rule, "bilirubin_mg_dl", bilirubin)
    part = "no dose" if band is None or band.value is None else f"times {band.value:g}"
    by = f"{part}: {bilirubin:g} mg/dL is {band.label if band else 'outside the bands'}, intravenous label"
    return _step("bilirubin", title, dosing.reduced_mg, by, band)


def _cap(drug: Drug, protocol: TaceProtocol, dosing: Dosing) -> DoseStep:
    cap = float(dosing.cap_mg[0])
    if np.isnan(cap):
        return _step("cap", "After the cap", dosing.capped_mg, "no cap in the protocol, none typed", None)
    is_own = drug.cap_mg is not None and drug.cap_mg == cap
    by = f"at most {cap:g} mg, {'typed for this institution' if is_own else 'protocol'}"
    return _step("cap", "After the cap", dosing.capped_mg, by, None if is_own else protocol)


def _vials(dosing: Dosing) -> DoseStep:
    """Vials of drug, which are given whole."""
    vial, dose = float(dosing.full_vial_mg[0]), float(dosing.protocol_mg[0])
    if np.isnan(vial) or np.isnan(dose):
        by = "no dose to round" if np.isnan(dose) else "no rounding: the drug in a vial is not known"
        return _step("vials", "In vials of drug", dosing.protocol_mg, by, None)
    vials = float(drug_dose.whole_vials(dose_mg=dose, vial_mg=vial))
    by = f"{_counted(vials)} of {figures.trimmed(vial)} mg, typed"
    return _step("vials", "In whole vials, rounded down", dosing.protocol_mg, by, None)


def _beads(case: TaceCase, drug: Drug, protocol: TaceProtocol, dosing: Dosing) -> DoseStep:
    """Vials of beads: the dose is loaded on as few as hold it, and only what does not fit is lost."""
    title, product = "On the beads", product_named(case.product)
    full, dose = float(dosing.full_vial_mg[0]), float(dosing.protocol_mg[0])
    if product is None or np.isnan(full) or np.isnan(dose):
        return _step("vials", title, dosing.protocol_mg, _without_vials(drug, dose), None)
    vials = float(drug_dose.vials_that_hold(dose_mg=dose, vial_mg=full))
    if product.bead_ml is None:
        held = f"of {product.label} with {figures.trimmed(dose / vials, 4)} mg on each"
        most = f"{figures.trimmed(full)} mg a vial (protocol)"
    else:
        held = f"of {product.bead_ml:g} mL of {product.label} at {_per(dose, vials * product.bead_ml)}"
        own = "protocol" if drug.loading_mg_per_ml is None else "typed"
        most = f"{_per(full, product.bead_ml)} ({own})"
    of_protocol = "" if protocol.largest_vials is None else f", on at most {_counted(protocol.largest_vials)}"
    by = f"{_counted(vials)} {held}; beads do not round a dose; at most {most}{of_protocol}"
    return _step("vials", title, dosing.protocol_mg, by, product)


def _per(amount_mg: float, volume_ml: float) -> str:
    return f"{figures.trimmed(amount_mg / volume_ml, 4)} mg/mL"


def _without_vials(drug: Drug, dose_mg: float) -> str:
    """What is known of the beads where the volume in a vial is not."""
    unknown = "how much of them is in a vial is not on file; beads do not round a dose"
    if np.isnan(dose_mg):
        return "no dose to load"
    if drug.loading_mg_per_ml is None:
        return unknown
    volume = figures.trimmed(dose_mg / drug.loading_mg_per_ml, 4)
    return f"{volume} mL of beads at {drug.loading_mg_per_ml:g} mg/mL, typed; {unknown}"


def _held(case: TaceCase, dosing: Dosing) -> tuple[str, ...]:
    """What holds a prescribed dose, where that is known."""
    vials, vial, beads = (float(values[0]) for values in (dosing.vials, dosing.full_vial_mg, dosing.bead_ml))
    if np.isnan(vials):
        return ()
    if case.technique != "deb":
        return (f"{_counted(vials)} of {figures.trimmed(vial)} mg to open",)
    if np.isnan(beads):
        return (f"{_counted(vials)} with {figures.trimmed(float(dosing.vial_mg[0]), 4)} mg on each",)
    loading = _per(float(dosing.planned_mg[0]), beads)
    return (f"{_counted(vials)} with {figures.trimmed(beads)} mL of beads at {loading}",)


def _counted(vials: float) -> str:
    return f"{vials:g} {'vial' if vials == 1 else 'vials'}"
