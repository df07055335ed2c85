"""The steps of a dose as records: what each gives, by what rule, and where that rule stands."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from dosimetry import figures, reference
from dosimetry.arrays import FloatArray
from dosimetry.bands import band_of
from dosimetry.body_surface import formula_named
from dosimetry.reference_rows import Sourced
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
    yield _vials(case, drug, protocol, dosing)
    if drug.prescribed_mg is not None:
        yield _step("prescribed", "Prescribed instead", dosing.planned_mg, "typed by a person", None)


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
        return f"{dose} times {figures.trimmed(float(dosing.body_surface_m2[0]))} m2 ({protocol.label})"
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


def _vials(case: TaceCase, drug: Drug, protocol: TaceProtocol, dosing: Dosing) -> DoseStep:
    vial, vials = float(dosing.vial_mg[0]), float(dosing.vials[0])
    title = "In whole vials, rounded down"
    if np.isnan(vial) or np.isnan(vials):
        return _step("vials", title, dosing.protocol_mg, "not rounded: the drug in a vial is not known", None)
    product = product_named(case.product) if case.product and drug.vial_mg is None else None
    most = "" if protocol.largest_vials is None else f", by the protocol at most {protocol.largest_vials:g}"
    by = f"{vials:g} of {figures.trimmed(vial)} mg{most}"
    if product is None or product.bead_ml is None:
        return _step("vials", title, dosing.protocol_mg, f"{by}, typed", None)
    loading = protocol.loading_mg_per_ml if drug.loading_mg_per_ml is None else drug.loading_mg_per_ml
    by = f"{by}: {loading:g} mg/mL on {product.bead_ml:g} mL of {product.label}"
    return _step("vials", title, dosing.protocol_mg, by, product)
