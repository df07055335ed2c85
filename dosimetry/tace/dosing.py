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
from dosimetry.tace.columns import TaceColumns, of_product, of_protocol, product_is, protocol_is

BASES = ("mg_per_m2", "mg", "mg_per_ml")
CHOSEN = {"mg_per_m2": "dose_mg_per_m2", "mg": "dose_mg", "mg_per_ml": "dose_mg_per_ml"}
"""The input by which a person chooses a dose within the range of a protocol, by its basis."""
LABEL_RULES = (("doxorubicin", "doxorubicin_label"), ("epirubicin", "epirubicin_label"))
"""The bilirubin rule of the intravenous label, by drug."""
BILIRUBIN_RULES = tuple(rule for _, rule in LABEL_RULES)


@dataclass(frozen=True, slots=True)
class Dosing:
    """One value a case of each step; NaN where a step does not exist or cannot be known.

    ``full_vial_mg`` is what one vial holds: of drug, or of beads at their highest loading. ``vials`` and ``vial_mg``
    are those of the planned dose: drug vials to open, or vials of beads and what is loaded on each.
    """

    body_surface_m2: FloatArray
    chosen_dose: FloatArray
    base_mg: FloatArray
    bilirubin_part: FloatArray
    reduced_mg: FloatArray
    cap_mg: FloatArray
    capped_mg: FloatArray
    full_vial_mg: FloatArray
    protocol_mg: FloatArray
    planned_mg: FloatArray
    planned_mg_per_m2: FloatArray
    vials: FloatArray
    vial_mg: FloatArray
    bead_ml: FloatArray
    loading_mg_per_ml: FloatArray
    delivered_mg: FloatArray
    administered_mg: FloatArray
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
    full_vial = full_vial_mg(case)
    by_protocol = _in_vials(case, capped, full_vial)
    prescribed = case.number("prescribed_mg")
    planned = np.where(np.isnan(prescribed), by_protocol, prescribed)
    delivered = drug_dose.delivered_mg(prepared_mg=planned, fraction_injected=case.number("fraction_injected"))
    administered = np.where(np.isnan(delivered), planned, delivered)
    return Dosing(
        body_surface_m2=surface,
        chosen_dose=dose,
        base_mg=base,
        bilirubin_part=part,
        reduced_mg=reduced,
        cap_mg=cap,
        capped_mg=capped,
        full_vial_mg=full_vial,
        protocol_mg=by_protocol,
        planned_mg=planned,
        planned_mg_per_m2=planned / surface,
        delivered_mg=delivered,
        administered_mg=administered,
        **_carried(case, planned, full_vial),
        **_anthracyclines(columns, administered / surface),
    )


def _carried(case: Table, planned_mg: FloatArray, full_vial_mg: FloatArray) -> dict[str, FloatArray]:
    """Vials that hold the planned dose, and the beads it is loaded on."""
    vials = drug_dose.vials_that_hold(dose_mg=planned_mg, vial_mg=full_vial_mg)
    beads = _bead_ml(case, planned_mg, vials)
    return {
        "vials": vials,
        "vial_mg": np.where(product_is(case, "beads"), drug_dose.divided(planned_mg, vials), full_vial_mg),
        "bead_ml": beads,
        "loading_mg_per_ml": drug_dose.divided(planned_mg, beads),
    }


def _anthracyclines(columns: TaceColumns, session_mg_per_m2: FloatArray) -> dict[str, FloatArray]:
    """The session, what was given before, and both together, as doxorubicin."""
    session, earlier = _session_equivalent(columns.base.case, session_mg_per_m2), _earlier_equivalent(columns)
    return {
        "session_anthracycline_mg_per_m2": session,
        "earlier_anthracycline_mg_per_m2": earlier,
        "cumulative_anthracycline_mg_per_m2": session + earlier,
    }


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


def highest_loading_mg_per_ml(case: Table) -> FloatArray:
    """The most drug per volume of beads: typed, else that of the protocol. [mg/mL]"""
    typed = case.number("loading_mg_per_ml")
    return np.where(np.isnan(typed), of_protocol(case, "loading_mg_per_ml"), typed)


def full_vial_mg(case: Table) -> FloatArray:
    """What one vial holds: of drug as typed; of beads their volume at the highest loading, else by protocol. [mg]"""
    typed, by_volume = case.number("vial_mg"), highest_loading_mg_per_ml(case) * of_product(case, "bead_ml")
    of_beads = np.where(np.isnan(by_volume), of_protocol(case, "full_vial_mg"), by_volume)
    return np.where(np.isnan(typed), of_beads, typed)


def _in_vials(case: Table, dose_mg: FloatArray, full_vial_mg: FloatArray) -> FloatArray:
    """The dose in whole vials of drug, rounded down; or as far as it fits on the beads the protocol allows. [mg]"""
    whole = drug_dose.whole_vials(dose_mg=dose_mg, vial_mg=full_vial_mg)
    of_drug = drug_dose.dose_in_vials_mg(dose_mg=dose_mg, vials=whole, vial_mg=full_vial_mg)
    most = of_protocol(case, "largest_vials")
    on_beads = drug_dose.dose_on_beads_mg(dose_mg=dose_mg, vial_mg=full_vial_mg, largest_vials=most)
    return np.where(product_is(case, "beads"), on_beads, of_drug)


def _bead_ml(case: Table, planned_mg: FloatArray, vials: FloatArray) -> FloatArray:
    """Volume of beads: whole vials; where a vial's volume is not on file, the dose at the typed loading. [mL]"""
    of_vials = vials * of_product(case, "bead_ml")
    return np.where(np.isnan(of_vials), planned_mg / highest_loading_mg_per_ml(case), of_vials)


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
