"""The drug of every case, step by step: what each step gives, from the protocol to the planned dose."""

from dataclasses import dataclass

import numpy as np

from dosimetry import reference
from dosimetry.arrays import FloatArray, floats
from dosimetry.bands import banded
from dosimetry.body_surface import FORMULAS, body_surface_m2
from dosimetry.columns import Table
from dosimetry.scores.context import is_female
from dosimetry.tace import drug_dose
from dosimetry.tace.columns import TaceColumns, of_product, of_protocol, protocol_is

BASES = ("mg_per_m2", "mg", "mg_per_ml")
CHOSEN = {"mg_per_m2": "dose_mg_per_m2", "mg": "dose_mg", "mg_per_ml": "dose_mg_per_ml"}
"""The input by which a person chooses a dose within the range of a protocol, by its basis."""
BILIRUBIN_RULES = ("doxorubicin_label", "epirubicin_label")


@dataclass(frozen=True, slots=True)
class Dosing:
    """One value a case of each step; NaN where a step does not exist or cannot be known."""

    body_surface_m2: FloatArray
    chosen_dose: FloatArray
    base_mg: FloatArray
    bilirubin_part: FloatArray
    reduced_mg: FloatArray
    cap_mg: FloatArray
    capped_mg: FloatArray
    vial_mg: FloatArray
    vials: FloatArray
    protocol_mg: FloatArray
    planned_mg: FloatArray
    planned_mg_per_m2: FloatArray
    delivered_mg: FloatArray
    administered_mg: FloatArray
    bead_ml: FloatArray
    session_anthracycline_mg_per_m2: FloatArray
    earlier_anthracycline_mg_per_m2: FloatArray
    cumulative_anthracycline_mg_per_m2: FloatArray


def dosing(columns: TaceColumns) -> Dosing:
    """Every step of the dose of every case."""
    case = columns.base.case
    surface = body_surface(case)
    dose = chosen_dose(case)
    base = drug_dose.base_dose_mg(dose=dose, per=_per(case, surface))
    part = bilirubin_part(case)
    reduced = drug_dose.reduced_dose_mg(dose_mg=base, remaining_part=part)
    cap = drug_dose.smallest_cap_mg(of_protocol(case, "cap_mg"), case.number("dose_cap_mg"))
    capped = drug_dose.capped_dose_mg(dose_mg=reduced, cap_mg=cap)
    vial = vial_mg(case)
    vials = drug_dose.whole_vials(dose_mg=capped, vial_mg=vial, largest_vials=of_protocol(case, "largest_vials"))
    by_protocol = drug_dose.dose_in_vials_mg(dose_mg=capped, vials=vials, vial_mg=vial)
    prescribed = case.number("prescribed_mg")
    planned = np.where(np.isnan(prescribed), by_protocol, prescribed)
    delivered = drug_dose.delivered_mg(prepared_mg=planned, fraction_injected=case.number("fraction_injected"))
    administered = np.where(np.isnan(delivered), planned, delivered)
    session = _session_equivalent(case, administered / surface)
    earlier = _earlier_equivalent(columns)
    return Dosing(
        body_surface_m2=surface,
        chosen_dose=dose,
        base_mg=base,
        bilirubin_part=part,
        reduced_mg=reduced,
        cap_mg=cap,
        capped_mg=capped,
        vial_mg=vial,
        vials=vials,
        protocol_mg=by_protocol,
        planned_mg=planned,
        planned_mg_per_m2=planned / surface,
        delivered_mg=delivered,
        administered_mg=administered,
        bead_ml=planned / loading_mg_per_ml(case),
        session_anthracycline_mg_per_m2=session,
        earlier_anthracycline_mg_per_m2=earlier,
        cumulative_anthracycline_mg_per_m2=session + earlier,
    )


def body_surface(case: Table) -> FloatArray:
    """Body surface by the formula each case names; NaN without one. [m2]"""
    named = case.word("body_surface_formula")
    chosen = {formula.key: named.equal(formula.key) for formula in FORMULAS if formula.key in named.values}
    size = {name: case.number(name) for name in ("height_cm", "weight_kg")}
    return body_surface_m2(**size, is_female=is_female(case), chosen=chosen)


def chosen_dose(case: Table) -> FloatArray:
    """The dose a person chose, or the one the protocol states, in the unit of its basis."""
    typed = np.full(case.rows, np.nan)
    for basis, name in CHOSEN.items():
        typed = np.where(protocol_is(case, "basis", basis), case.number(name), typed)
    lower, upper = of_protocol(case, "lower"), of_protocol(case, "upper")
    return np.where(np.isnan(typed) & (lower == upper), lower, typed)


def _per(case: Table, surface_m2: FloatArray) -> FloatArray:
    """What a dose is multiplied by: body surface, oil, or 1."""
    of_oil = np.where(protocol_is(case, "basis", "mg_per_ml"), case.number("oil_ml"), 1.0)
    return np.where(protocol_is(case, "basis", "mg_per_m2"), surface_m2, of_oil)


def bilirubin_part(case: Table) -> FloatArray:
    """What the protocol's rule leaves of a dose: 1 without a rule, NaN where bilirubin is missing or excludes it."""
    part = np.where(protocol_is(case, "bilirubin_rule", ""), 1.0, np.nan)
    for rule in BILIRUBIN_RULES:
        by_rule = banded(rule, "bilirubin_mg_dl", case.number("bilirubin_mg_dl"))
        part = np.where(protocol_is(case, "bilirubin_rule", rule), by_rule, part)
    return floats(part)


def loading_mg_per_ml(case: Table) -> FloatArray:
    """Drug per volume of beads: typed, else that of the protocol. [mg/mL]"""
    typed = case.number("loading_mg_per_ml")
    return np.where(np.isnan(typed), of_protocol(case, "loading_mg_per_ml"), typed)


def vial_mg(case: Table) -> FloatArray:
    """Drug in one vial: typed, else loading times the beads in a vial. [mg]"""
    typed = case.number("vial_mg")
    return np.where(np.isnan(typed), loading_mg_per_ml(case) * of_product(case, "bead_ml"), typed)


def _factors() -> dict[str, float]:
    return {row.drug: row.factor for row in reference.table("tace_anthracyclines")}


def _session_equivalent(case: Table, session_mg_per_m2: FloatArray) -> FloatArray:
    """The planned, or delivered, dose as doxorubicin: 0 where the drug is no anthracycline. [mg/m2]"""
    found = np.zeros(case.rows)
    for drug, factor in _factors().items():
        equivalent = drug_dose.doxorubicin_equivalent_mg_per_m2(
            dose_mg_per_m2=np.maximum(session_mg_per_m2, 0.0), factor=factor
        )
        found = np.where(case.word("drug_name").equal(drug), equivalent, found)
    return found


def _earlier_equivalent(columns: TaceColumns) -> FloatArray:
    """Earlier anthracyclines of each case as doxorubicin, added up. [mg/m2]"""
    earlier, factors = columns.earlier, _factors()
    factor = np.array([*(factors.get(drug, np.nan) for drug in earlier.drug.values), np.nan])[earlier.drug.codes]
    each = drug_dose.doxorubicin_equivalent_mg_per_m2(
        dose_mg_per_m2=np.maximum(earlier.dose_mg_per_m2, 0.0), factor=factor
    )
    return floats(np.bincount(earlier.case, weights=each, minlength=columns.base.case.rows))
