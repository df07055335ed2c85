"""The worksheet of a chemoembolization: body surface, dose, and the allocation at its middle, with numbers put in."""

from dosimetry import reference
from dosimetry.expression import (
    BODY_SURFACE,
    ONE,
    Expression,
    Figure,
    Fraction,
    Power,
    Root,
    Symbol,
    less,
    times,
    total,
)
from dosimetry.report.document import Worksheet
from dosimetry.report.worksheet_lines import Lines, figure
from dosimetry.tace.columns import product_named, protocol_named
from dosimetry.tace.dosing import CHOSEN
from dosimetry.tace.plan_record import CarrierAllocation, TacePlan
from dosimetry.tace.steps import PER

SYMBOLS = (
    "Symbols: BSA body surface, H height, W weight, d dose of the protocol, b part that the bilirubin leaves, "
    "C cap, n vials, v drug in one vial, M drug (injected, where no subscript says otherwise), q parts of oil to one "
    "of drug solution, f factor of an anthracycline, A anthracyclines as doxorubicin, L part of the lungs, s share of "
    "a territory, r carrier ratio, V volume, U ratio-weighted volume, c drug or carrier per volume, m carrier. "
    "Subscripts: N normal liver, L lungs; numbers count lesions within a territory, or earlier doses."
)
HEIGHT, WEIGHT, DOSE, PART = Symbol("H"), Symbol("W"), Symbol("d"), Symbol("b")
VIALS, VIAL, ADMINISTERED, SHARE = Symbol("n"), Symbol("v"), Symbol("M"), Symbol("s")
LUNG_PART, RATIO, UPTAKE = Symbol("L"), Symbol("r"), Symbol("U")
CAP, PLANNED, BEADS, ONE_VIAL = Symbol("C"), Symbol("M", "planned"), Symbol("V", "beads"), Symbol("V", "vial")
OIL, PARTS, SOLUTION = Symbol("V", "oil"), Symbol("q"), Symbol("V", "solution")
FACTOR, TOTAL = Symbol("f"), Symbol("A")
VN, DENSITY = Symbol("V", "N"), Symbol("c", "N")


def worksheets(plan: TacePlan) -> tuple[Worksheet, ...]:
    """Dose, emulsion and anthracyclines, then each territory of the allocation at its middle."""
    sheets = [_dose(plan), _emulsion(plan), _anthracyclines(plan)]
    if plan.allocation:
        middle = next(end for end in plan.allocation if end.end == "mid")
        sheets += [_territory(plan, middle, row) for row in range(len(plan.territories))]
    return tuple(sheet for sheet in sheets if sheet.steps)


def _dose(plan: TacePlan) -> Worksheet:
    lines = Lines({})
    drug = plan.case.drug
    protocol = protocol_named(drug.protocol) if drug else None
    if drug is None or protocol is None:
        return Worksheet("Dose", ())
    _surface(plan, drug.body_surface_formula, lines)
    typed = getattr(drug, CHOSEN[protocol.basis])
    lines.know(DOSE, protocol.lower if typed is None else typed, PER[protocol.basis])
    base, reduced = Symbol("M", "base"), Symbol("M", "reduced")
    lines.step("Dose by the protocol", base, _base(plan, protocol.basis, lines), plan.base_mg, "mg")
    lines.know(PART, plan.bilirubin_part)
    lines.step("After bilirubin", reduced, times(PART, base), plan.reduced_mg, "mg")
    _cap(plan, reduced, lines)
    _vials(plan, lines)
    return Worksheet("Dose of drug", tuple(lines.steps))


def _cap(plan: TacePlan, reduced: Symbol, lines: Lines) -> None:
    """The smaller of the reduced dose and the cap, where there is one."""
    if plan.cap_mg is not None and plan.reduced_mg is not None:
        lines.know(CAP, plan.cap_mg, "mg")
        smaller = CAP if plan.capped_mg != plan.reduced_mg else reduced
        lines.step("The smaller of reduced dose and cap", Symbol("M", "capped"), smaller, plan.capped_mg, "mg")


def _vials(plan: TacePlan, lines: Lines) -> None:
    """Whole vials of drug, or vials of beads and what is loaded on them; of the planned dose."""
    if plan.vials is None or plan.planned_mg is None:
        return
    lines.know(VIALS, plan.vials)
    if plan.bead_ml is None:
        if plan.case.drug is not None and plan.case.drug.prescribed_mg is None:
            lines.know(VIAL, plan.vial_mg, "mg")
            lines.step("In whole vials", PLANNED, times(VIALS, VIAL), plan.planned_mg, "mg")
        return
    product = product_named(plan.case.product)
    lines.know(PLANNED, plan.planned_mg, "mg")
    lines.know(ONE_VIAL, product.bead_ml if product else None, "mL")
    lines.step("Beads of so many vials", BEADS, times(VIALS, ONE_VIAL), plan.bead_ml, "mL")
    lines.step("Loading", Symbol("c", "beads"), Fraction(PLANNED, BEADS), plan.loading_mg_per_ml, "mg/mL")
    lines.step("On each vial", VIAL, Fraction(PLANNED, VIALS), plan.vial_mg, "mg")


def _emulsion(plan: TacePlan) -> Worksheet:
    """Drug solution to the oil, and the drug in it."""
    lines = Lines({})
    if plan.case.oil is not None and plan.aqueous_ml is not None:
        lines.know(OIL, plan.oil_ml, "mL")
        lines.know(PARTS, plan.case.oil.oil_to_aqueous_ratio)
        lines.step("Drug solution for the emulsion", SOLUTION, Fraction(OIL, PARTS), plan.aqueous_ml, "mL")
        lines.know(PLANNED, plan.planned_mg, "mg")
        solution = Fraction(PLANNED, SOLUTION)
        lines.step("Drug in it", Symbol("c", "solution"), solution, plan.drug_solution_mg_per_ml, "mg/mL")
    return Worksheet("Emulsion", tuple(lines.steps))


def _anthracyclines(plan: TacePlan) -> Worksheet:
    """Earlier doses and this session, as doxorubicin."""
    lines = Lines({})
    factors = {row.drug: row.factor for row in reference.table("tace_anthracyclines")}
    drug, earlier = plan.case.drug, plan.case.earlier_anthracycline or ()
    terms: list[Expression] = []
    for number, entry in enumerate(earlier, start=1):
        factor, dose = Symbol("f", str(number)), Symbol("d", str(number))
        lines.know(factor, factors[entry.drug])
        lines.know(dose, entry.dose_mg_per_m2, "mg/m2")
        terms.append(times(factor, dose))
    if drug is not None and drug.name in factors and plan.body_surface_m2 is not None:
        lines.know(FACTOR, factors[drug.name])
        lines.know(ADMINISTERED, plan.administered_mg, "mg")
        lines.know(BODY_SURFACE, plan.body_surface_m2, "m2")
        terms.append(Fraction(times(FACTOR, ADMINISTERED), BODY_SURFACE))
    if terms:
        lines.step("In all, as doxorubicin", TOTAL, total(terms), plan.cumulative_anthracycline_mg_per_m2, "mg/m2")
    return Worksheet("Anthracyclines", tuple(lines.steps))


def _base(plan: TacePlan, basis: str, lines: Lines) -> Expression:
    """What the dose is multiplied by."""
    if basis == "mg_per_m2":
        return times(DOSE, BODY_SURFACE)
    if basis == "mg_per_ml":
        lines.know(OIL, plan.oil_ml, "mL")
        return times(DOSE, OIL)
    return DOSE


def _surface(plan: TacePlan, key: str | None, lines: Lines) -> None:
    """The body surface; of formulas with other shapes only its result is printed."""
    patient = plan.case.patient
    equation = _surface_equation(key)
    if equation is None or patient is None:
        if plan.body_surface_m2 is not None:
            lines.known[BODY_SURFACE] = figure(plan.body_surface_m2, "m2")
        return
    lines.know(HEIGHT, patient.height_cm, "cm")
    lines.know(WEIGHT, patient.weight_kg, "kg")
    lines.step("Body surface, H in cm and W in kg", BODY_SURFACE, equation, plan.body_surface_m2, "m2")


def _surface_equation(key: str | None) -> Expression | None:
    if key == "mosteller":
        divisor = reference.coefficient("body_surface_mosteller", "divisor")
        return Root(Fraction(times(HEIGHT, WEIGHT), Figure(f"{divisor:g}")))
    name = "body_surface_du_bois_cm" if key == "du_bois" else f"body_surface_{key}"
    numbers = {row.coefficient: Figure(f"{row.value:g}") for row in reference.coefficients() if row.formula == name}
    if set(numbers) != {"factor", "height_exponent", "weight_exponent"}:
        return None
    powers = (Power(HEIGHT, numbers["height_exponent"]), Power(WEIGHT, numbers["weight_exponent"]))
    return times(numbers["factor"], *powers)


def _territory(plan: TacePlan, middle: CarrierAllocation, row: int) -> Worksheet:
    """Ratio-weighted volume, density of the carrier, and the amounts of one territory."""
    part, planned = middle.territories[row], plan.territories[row]
    lines = Lines({})
    lines.know(ADMINISTERED, plan.administered_mg, "mg")
    lines.know(SHARE, planned.share)
    lines.know(LUNG_PART, middle.lung_fraction)
    lines.know(RATIO, part.ratio)
    lines.know(VN, planned.normal_volume_ml, "mL")
    volumes = [Symbol("V", str(number)) for number, _ in enumerate(planned.lesions, start=1)]
    for symbol, lesion in zip(volumes, planned.lesions, strict=True):
        lines.know(symbol, lesion.volume_ml, "mL")
    weighted = total([VN, *(times(RATIO, volume) for volume in volumes)])
    lines.step("Ratio-weighted volume", UPTAKE, weighted, part.uptake_volume_ml, "mL")
    density = Fraction(times(SHARE, ADMINISTERED, less(ONE, LUNG_PART)), UPTAKE)
    in_lungs = times(SHARE, ADMINISTERED, LUNG_PART)
    lines.step("Lungs, from this territory", Symbol("m", "L"), in_lungs, part.lung_mg, "mg")
    lines.step("Carrier in normal liver", DENSITY, density, part.normal_mg_per_ml, "mg/mL")
    lines.step("Normal liver", Symbol("m", "N"), times(DENSITY, VN), part.normal_mg, "mg")
    for volume, allocated in zip(volumes, part.lesions, strict=True):
        equation = times(RATIO, DENSITY, volume)
        lines.step(f"Lesion {allocated.name}", Symbol("m", volume.sub), equation, allocated.allocated_mg, "mg")
    return Worksheet(f"Allocation in territory {part.name}, middle of the band", tuple(lines.steps))
