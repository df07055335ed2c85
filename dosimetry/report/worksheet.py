"""The worksheet: every result of a plan as an equation, the numbers put in, and the result.

Printed digits are enough to rework each line with a pocket calculator to better than 0.1 %.
"""

from collections.abc import Mapping
from itertools import count

from dosimetry import reference
from dosimetry.body_surface import CM_PER_M
from dosimetry.case import Lesion, ShuntCounts, Territory
from dosimetry.expression import (
    BODY_SURFACE,
    ENERGY,
    LUNG_MASS,
    ONE,
    PERFUSED_MASS,
    PERFUSED_VOLUME,
    SHUNT,
    TARGET_DOSE,
    UPTAKE_MASS,
    WHOLE_VOLUME,
    Expression,
    Figure,
    Fraction,
    Power,
    Root,
    Symbol,
    less,
    ratio_of,
    times,
    total,
)
from dosimetry.models import model_named
from dosimetry.plan_record import Plan, TerritoryLesion, TerritoryPlan
from dosimetry.report.document import Worksheet
from dosimetry.report.worksheet_lines import Lines, figure

LITER = Figure("1000", "mL/L")
K, LSF, M, U = ENERGY, SHUNT, PERFUSED_MASS, UPTAKE_MASS
A, D, E, R = (Symbol(name) for name in ("A", "D", "E", "R"))
VP, RHO, MN, DN = PERFUSED_VOLUME, Symbol("\N{GREEK SMALL LETTER RHO}"), Symbol("m", "N"), Symbol("D", "N")
ML, VW = LUNG_MASS, WHOLE_VOLUME
DL, MWN, DWN, MW, DW = (Symbol(*pair) for pair in (("D", "L"), ("m", "WN"), ("D", "WN"), ("m", "W"), ("D", "W")))

ADMINISTERED, VIAL = "Administered activity", "Vial activity"
PERFUSED, NORMAL_PERFUSED = "Perfused dose", "Normal perfused dose"
LUNGS, ALL_SESSIONS = "Lung dose", "Lung dose over all sessions"
WHOLE_NORMAL, WHOLE, SESSION = "Whole normal liver dose", "Whole liver dose", "Session"
"""Titles by which a face finds the step of a number."""

CONSTANT_SYMBOLS = {"energy_gy_kg_per_gbq": K, "tissue_density_g_per_ml": RHO}
"""Constants of a plan by the symbol that stands for them."""


def titled(territory: str) -> str:
    """The title of the worksheet of a territory."""
    return f"Territory {territory}"


def of_lesion(lesion: str) -> str:
    """The title of the step of a lesion's dose."""
    return f"Dose of lesion {lesion}"


def worksheets(plan: Plan) -> tuple[Worksheet, ...]:
    """One worksheet a territory, and one for the session; shunt and ratios from counts come first."""
    constants = {constant.name: constant for constant in plan.constants}
    known = {K: figure(constants["energy_gy_kg_per_gbq"].value, "Gy kg/GBq")}
    parts = [_shunt(plan, known), _body_surface(plan)]
    parts += [_territory(plan, row, known) for row in range(len(plan.territories))]
    parts.append(_session(plan, known))
    return tuple(part for part in parts if part.steps)


def _shunt(plan: Plan, known: Mapping[Symbol, Figure]) -> Worksheet:
    lines = Lines(known)
    counts = plan.case.lung.counts if plan.case.lung else None
    if counts is not None and plan.lung_shunt_fraction is not None:
        lung, liver = (_organ_counts(counts, organ, lines) for organ in ("lung", "liver"))
        lines.step("Lung shunt", LSF, Fraction(lung, total([lung, liver])), plan.lung_shunt_fraction, "")
    return Worksheet("Lung shunt from counts", tuple(lines.steps))


def _organ_counts(counts: ShuntCounts, organ: str, lines: Lines) -> Expression:
    """Counts of an organ: the tomographic sum, or from two planar views."""
    tomographic = getattr(counts, organ)
    if tomographic is None:
        return _planar(counts, organ, lines)
    symbol = Symbol("C", organ)
    lines.know(symbol, tomographic)
    return symbol


def _planar(counts: ShuntCounts, organ: str, lines: Lines) -> Expression:
    """Geometric mean of two views, each less its area-scaled background, as one expression."""
    views: list[Expression] = []
    for view in ("anterior", "posterior"):
        symbol = Symbol("C", f"{organ} {view}")
        lines.know(symbol, getattr(counts, f"{organ}_{view}"))
        background = getattr(counts, f"background_{view}")
        if background is None:
            views.append(symbol)
            continue
        back, pixels, back_pixels = Symbol("B", view), Symbol("n", organ), Symbol("n", "background")
        lines.know(back, background)
        lines.know(pixels, getattr(counts, f"pixels_{organ}"))
        lines.know(back_pixels, counts.pixels_background)
        views.append(less(symbol, Fraction(times(back, pixels), back_pixels)))
    return Root(times(*views))


def _body_surface(plan: Plan) -> Worksheet:
    """The body surface, where a prescription uses it."""
    lines, patient = Lines({}), plan.case.patient
    uses_it = any("height_cm" in model_named(each.prescription.model).case_inputs for each in plan.case.territories)
    if uses_it and patient and patient.height_cm is not None:
        height, weight = Symbol("H"), Symbol("W")
        lines.know(height, patient.height_cm / CM_PER_M, "m")
        lines.know(weight, patient.weight_kg, "kg")
        factor, *exponents = (
            Figure(f"{reference.coefficient('body_surface_du_bois', name):g}")
            for name in ("factor", "height_exponent", "weight_exponent")
        )
        equation = times(factor, *(Power(base, to) for base, to in zip((height, weight), exponents, strict=True)))
        lines.step("Body surface by Du Bois, H in meters", BODY_SURFACE, equation, plan.body_surface_m2, "m2")
    return Worksheet("Body surface", tuple(lines.steps))


def _territory(plan: Plan, row: int, known: Mapping[Symbol, Figure]) -> Worksheet:
    territory, planned = plan.case.territories[row], plan.territories[row]
    lines = Lines(known)
    lines.know(VP, territory.perfused_volume_ml, "mL")
    lines.know(RHO, planned.density_g_per_ml, "g/mL")
    lines.know(LSF, planned.effective_lung_shunt_fraction)
    lines.know(R, territory.residual_fraction)
    _masses(territory, planned, lines)
    _activity(plan, row, lines)
    lines.step(VIAL, Symbol("A", "vial"), Fraction(A, less(ONE, R)), planned.vial_activity_gbq, "GBq")
    lines.step("Energy in the perfused liver", E, times(K, A, less(ONE, LSF)), planned.liver_energy_gy_kg, "Gy kg")
    lines.step(PERFUSED, D, Fraction(E, M), planned.perfused_dose_gy, "Gy")
    lines.step(NORMAL_PERFUSED, DN, Fraction(E, U), planned.normal_perfused_dose_gy, "Gy")
    for number, lesion in zip(count(1), planned.lesions):
        equation = Fraction(times(ratio_of(number), E), U)
        lines.step(of_lesion(lesion.name), Symbol("D", str(number)), equation, lesion.dose_gy, "Gy")
    return Worksheet(titled(territory.name), tuple(lines.steps))


def _masses(territory: Territory, planned: TerritoryPlan, lines: Lines) -> None:
    volumes: list[Expression] = []
    tissue: list[Expression] = []
    uptake: list[Expression] = []
    for number, lesion, dose in zip(count(1), territory.lesions, planned.lesions, strict=False):
        volume, density, mass = (Symbol(name, str(number)) for name in ("V", RHO.name, "m"))
        lines.know(volume, lesion.volume_ml, "mL")
        lines.know(density, dose.density_g_per_ml, "g/mL")
        _ratio(lesion, dose, number, lines)
        viable = _viable(lesion, volume, lines, str(number))
        lines.step(
            f"Viable mass of lesion {lesion.name}", mass, Fraction(times(viable, density), LITER), dose.mass_kg, "kg"
        )
        volumes.append(volume)
        tissue.append(Fraction(times(volume, density), LITER))
        uptake.append(times(ratio_of(number), mass))
    normal = Fraction(times(less(VP, *volumes), RHO), LITER)
    lines.step("Normal perfused mass", MN, normal, planned.normal_perfused_mass_kg, "kg")
    lines.step("Perfused mass", M, total([MN, *tissue]), planned.perfused_mass_kg, "kg")
    lines.step("Uptake-weighted mass", U, total([MN, *uptake]), planned.uptake_mass_kg, "kg")


def _viable(lesion: Lesion, volume: Symbol, lines: Lines, number: str) -> Expression:
    if not lesion.necrotic_volume_ml:
        return volume
    necrotic = Symbol("V", f"{number} necrotic")
    lines.know(necrotic, lesion.necrotic_volume_ml, "mL")
    return less(volume, necrotic)


def _ratio(lesion: Lesion, planned: TerritoryLesion, number: int, lines: Lines) -> None:
    """The ratio as typed, or a step that forms it from counts, per mass."""
    ratio, counts = ratio_of(number), lesion.tumor_normal_counts
    if counts is None or planned.tumor_normal_ratio is None:
        lines.know(ratio, planned.tumor_normal_ratio)
        return
    symbols = [Symbol(name, f"{sub}{number}") for name, sub in (("C", "T"), ("V", "T"), ("C", "N"), ("V", "N"))]
    values = (counts.lesion_counts, counts.lesion_volume_ml, counts.normal_counts, counts.normal_volume_ml)
    for symbol, value in zip(symbols, values, strict=True):
        lines.know(symbol, value)
    lesion_counts, lesion_volume, normal_counts, normal_volume = symbols
    over, under = (
        times(lesion_counts, normal_volume, RHO),
        times(normal_counts, lesion_volume, Symbol(RHO.name, str(number))),
    )
    title = f"Tumor-to-normal ratio of lesion {lesion.name}"
    lines.step(title, ratio, Fraction(over, under), planned.tumor_normal_ratio, "")


def _activity(plan: Plan, row: int, lines: Lines) -> None:
    territory, planned = plan.case.territories[row], plan.territories[row]
    prescription, model = territory.prescription, model_named(territory.prescription.model)
    lines.know(TARGET_DOSE, prescription.dose_gy, "Gy")
    for symbol, value, unit in model.own_symbols(plan, row):
        lines.know(symbol, value, unit)
    equation = model.equation(prescription, [lesion.name for lesion in territory.lesions])
    if equation is None:
        lines.know(A, planned.administered_activity_gbq, "GBq")
    else:
        lines.step(ADMINISTERED, A, equation, planned.administered_activity_gbq, "GBq")


def _session(plan: Plan, known: Mapping[Symbol, Figure]) -> Worksheet:
    lines = Lines(known)
    case = plan.case
    subs = [str(number) for number, _ in zip(count(1), plan.territories)]
    for sub, territory, planned in zip(subs, case.territories, plan.territories, strict=True):
        lines.know(Symbol("LSF", sub), planned.effective_lung_shunt_fraction)
        lines.know(Symbol("V", f"P{sub}"), territory.perfused_volume_ml, "mL")
        lines.known |= {
            Symbol("A", sub): figure(planned.administered_activity_gbq, "GBq"),
            Symbol("D", f"N{sub}"): figure(planned.normal_perfused_dose_gy, "Gy"),
            Symbol("m", f"N{sub}"): figure(planned.normal_perfused_mass_kg, "kg"),
            Symbol("M", sub): figure(planned.perfused_mass_kg, "kg"),
            Symbol("E", sub): figure(planned.liver_energy_gy_kg, "Gy kg"),
        }
    shunted = total([times(Symbol("A", sub), Symbol("LSF", sub)) for sub in subs])
    lines.step("Activity reaching the lungs", Symbol("A", "L"), shunted, plan.lung_activity_gbq, "GBq")
    if case.lung:
        lines.know(ML, case.lung.mass_kg, "kg")
    lines.step(LUNGS, DL, Fraction(times(K, Symbol("A", "L")), ML), plan.lung_dose_gy, "Gy")
    _all_sessions(plan, lines)
    _whole_liver(plan, subs, lines)
    return Worksheet(SESSION, tuple(lines.steps))


def _all_sessions(plan: Plan, lines: Lines) -> None:
    """The lungs with what earlier sessions, as stated or as a sum, and a scout gave them."""
    made = plan.cumulative
    terms: list[Expression] = [DL, Symbol("D", "earlier")]
    stated = plan.case.lung.previous_dose_gy if plan.case.lung else None
    lines.know(Symbol("D", "earlier"), made.earlier_lung_dose_gy if made else stated, "Gy")
    if made and plan.case.scout is not None:
        terms.append(Symbol("D", "scout"))
        lines.know(Symbol("D", "scout"), made.scout_lung_dose_gy, "Gy")
    lines.step(ALL_SESSIONS, Symbol("D", "L all"), total(terms), plan.lung_dose_cumulative_gy, "Gy")


def _whole_liver(plan: Plan, subs: list[str], lines: Lines) -> None:
    liver = plan.case.liver
    if liver is None or liver.whole_volume_ml is None:
        return
    density = next(constant.value for constant in plan.constants if constant.name == "tissue_density_g_per_ml")
    lines.know(VW, liver.whole_volume_ml, "mL")
    lines.know(RHO, density, "g/mL")
    perfused = [Symbol("V", f"P{sub}") for sub in subs]
    untreated: list[Expression] = []
    if liver.untreated_tumor_volume_ml:
        untreated = [Symbol("V", "untreated")]
        lines.know(Symbol("V", "untreated"), liver.untreated_tumor_volume_ml, "mL")
    normal_masses = [Symbol("m", f"N{sub}") for sub in subs]
    outside = Fraction(times(less(VW, *perfused, *untreated), RHO), LITER)
    lines.step("Whole normal liver mass", MWN, total([*normal_masses, outside]), plan.whole_normal_liver_mass_kg, "kg")
    energies = [times(Symbol("D", f"N{sub}"), Symbol("m", f"N{sub}")) for sub in subs]
    lines.step(WHOLE_NORMAL, DWN, Fraction(total(list(energies)), MWN), plan.whole_normal_liver_dose_gy, "Gy")
    rest = Fraction(times(less(VW, *perfused), RHO), LITER)
    lines.step(
        "Whole liver mass", MW, total([*(Symbol("M", sub) for sub in subs), rest]), plan.whole_liver_mass_kg, "kg"
    )
    lines.step(WHOLE, DW, Fraction(total([Symbol("E", sub) for sub in subs]), MW), plan.whole_liver_dose_gy, "Gy")
    reserve = Fraction(less(VW, *perfused), VW)
    lines.step("Hepatic reserve", Symbol("h"), reserve, plan.hepatic_reserve_fraction, "")
