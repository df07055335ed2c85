"""Cautions: numbers that are missing and why, what travels with a number, and what was not checked."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import numpy as np

from dosimetry import figures, reference, units
from dosimetry.arrays import BoolArray
from dosimetry.body_size_caution import unusual_body_size
from dosimetry.child_pugh_caution import differing_child_pugh
from dosimetry.columns import SCOUT_LUNG_DOSE
from dosimetry.compartments import SAME
from dosimetry.evaluation import Evaluated
from dosimetry.finding_columns import FindingColumn, remark
from dosimetry.liver_volume_caution import unusual_for_body_size
from dosimetry.plan_record import Severity


def finding_columns(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """Every caution and every not-checked remark of the given cases."""
    for rule in RULES:
        yield from rule(evaluated)


def _missing_inputs(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """Numbers that are null, and the input that would give them."""
    case, territory = evaluated.columns.case.number, evaluated.columns.territory.number
    whole_known = ~np.isnan(case("whole_liver_volume_ml"))
    no_untreated = np.isnan(case("untreated_tumor_volume_ml"))
    yield remark(
        "no_lung_mass",
        "case",
        "lung.mass_kg",
        np.isnan(case("lung_mass_kg")),
        "Lung doses are not given: the lung mass is missing and never assumed.",
        kind="not_checked",
    )
    yield remark(
        "no_whole_liver_volume",
        "case",
        "liver.whole_volume_ml",
        ~whole_known,
        "Whole-liver and whole-normal-liver doses, hepatic reserve and treated part are not given: "
        "the whole liver volume is missing.",
        kind="not_checked",
    )
    yield remark(
        "no_untreated_tumor_volume",
        "case",
        "liver.untreated_tumor_volume_ml",
        whole_known & no_untreated,
        "The tumor volume outside the territories is missing and counts as 0: "
        "the whole normal liver dose and the tumor part of the liver are lower bounds.",
    )
    yield remark(
        "no_residual",
        "territory",
        "territories[].residual_fraction",
        np.isnan(territory("residual_fraction")),
        "The vial activity is not given: the expected residual is missing.",
        kind="not_checked",
    )


def _lesions(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """Territories without lesions or without normal tissue, lesions without viable tissue."""
    columns, parts = evaluated.columns, evaluated.parts
    count = np.bincount(columns.lesion_territory, minlength=columns.territory.rows)
    yield remark(
        "no_lesions",
        "territory",
        "territories[].lesions",
        count == 0,
        "No lesion is delineated: tumor counts as normal liver, and no tumor dose is predicted.",
        severity="note",
    )
    yield remark(
        "no_normal_tissue",
        "territory",
        "territories[].normal_perfused_dose_gy",
        parts.normal_mass_kg == 0,
        "The lesions fill the territory: it has no normal tissue and no normal dose, "
        "and no whole normal liver dose is given.",
        severity="note",
    )
    yield remark(
        "no_viable_tissue",
        "lesion",
        "territories[].lesions[].necrotic_volume_ml",
        parts.viable_mass_kg == 0,
        "The lesion is all necrotic: it takes no uptake and no dose is given for it.",
    )


def _ratios(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """Lesions without a ratio, and ratios of which nobody says how they were measured."""
    no_ratio = np.isnan(evaluated.parts.tumor_normal_ratio)
    yield remark(
        "no_ratio",
        "lesion",
        "territories[].lesions[].tumor_normal_ratio",
        no_ratio,
        "The tumor-to-normal ratio is missing: the partition doses of this territory and the whole normal "
        "liver dose are not given.",
        kind="not_checked",
    )
    yield remark(
        "no_ratio_source",
        "lesion",
        "territories[].lesions[].tumor_normal_source",
        ~no_ratio & ~evaluated.columns.lesion.word("tumor_normal_source").given,
        "How the tumor-to-normal ratio was measured is not stated.",
        severity="note",
    )


def _shunt(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """What travels with the shunt: its method, and the catheter position it was mapped from."""
    columns, case = evaluated.columns, evaluated.columns.case
    own_shunt = ~np.isnan(columns.territory.number("territory_lung_shunt_fraction"))
    by_territory = columns.territory.word("territory_shunt_method")
    # The case's own method matters only where some territory uses the case's shunt.
    used = columns.per_case((~own_shunt).astype(np.float64)) > 0
    counted_planar = ~np.isnan(case.number("planar_lung_anterior_counts"))
    counted = counted_planar | ~np.isnan(case.number("tomographic_lung_counts"))
    method = case.word("shunt_method")
    for level, path, rows, planar, stated in (
        ("case", "lung.shunt_method", used, method.equal("planar") | counted_planar, method.given | counted),
        ("territory", "territories[].shunt_method", own_shunt, by_territory.equal("planar"), by_territory.given),
    ):
        text = "Planar studies overestimate the lung shunt; the number is used as measured."
        yield remark("planar_shunt", level, path, rows & planar, text, severity="note")
        text = "How the lung shunt was measured is not stated."
        yield remark("no_shunt_method", level, path, rows & ~stated, text, severity="note")
    yield remark(
        "other_catheter_position",
        "case",
        "mapping.same_catheter_position",
        case.number("same_catheter_position") == 0,
        "Mapping was done from another catheter position: shunt and ratios may not hold for this treatment.",
    )


def _second_shunt(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """A second measurement is said and compared, never used."""
    other = evaluated.columns.case.number("other_lung_shunt_fraction")
    used = evaluated.parts.lung_shunt_fraction

    def sentence(row: int) -> str:
        """Both measurements of a row."""
        second = f"A second measurement gave a lung shunt of {figures.percent(float(other[row]))}"
        if np.isnan(used[row]):
            return f"{second}; each territory has its own."
        points = figures.trimmed(float(units.percent_from_fraction(abs(other[row] - used[row]))), 3)
        return f"{second}, {points} percentage points from the {figures.percent(float(used[row]))} that is used."

    far = np.abs(other - used) > _usual_spread() * (1 + SAME)
    outcomes: tuple[tuple[BoolArray, Severity], ...] = ((far, "caution"), (~np.isnan(other) & ~far, "note"))
    for rows, severity in outcomes:
        yield FindingColumn(
            rule="other_lung_shunt_fraction",
            kind="caution",
            severity=severity,
            level="case",
            path="lung.other_shunt_fraction",
            quantity="other_lung_shunt_fraction",
            rows=rows.nonzero()[0],
            sentence=sentence,
            values=other,
        )


@cache
def _usual_spread() -> float:
    """By how much two measurements of a shunt usually differ: the step by which it is varied, if one is on file."""
    steps = (row.step for row in reference.table("variations") if row.name == "lung_shunt")
    return units.bound_in_library_unit(next(steps, math.inf), "%")


def _extrahepatic(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """Deposition outside liver and lungs is said whatever its site, and whether or not it can be corrected."""
    case = evaluated.columns.case
    found, correctable = case.number("extrahepatic_found"), case.number("extrahepatic_correctable")
    somewhere = ~case.word("extrahepatic_site").given
    for rows, words, waits in (
        ((correctable == 0) & ~somewhere, "cannot be corrected", False),
        ((correctable == 0) & somewhere, "cannot be corrected, and where it is is not stated", True),
        (correctable == 1, "can be corrected: confirm that it was", False),
        (np.isnan(correctable), "is not stated to be correctable", True),
    ):
        text = f"Mapping found deposition outside liver and lungs; it {words}. No dose is computed for it."
        column = remark("extrahepatic_deposition", "case", "extrahepatic.found", (found == 1) & rows, text)
        yield replace(column, values=found, needs_acknowledgement=waits)


def _constants(evaluated: Evaluated) -> Iterator[FindingColumn]:
    case = evaluated.columns.case
    for name in ("energy_gy_kg_per_gbq", "half_life_h"):
        field = reference.field(name)
        yield remark(
            f"typed_{name}",
            "case",
            field.path,
            ~np.isnan(case.number(name)),
            f"{field.label} is typed by the user.",
            severity="note",
        )
    convention, device = case.word("convention"), case.word("device")
    for row in reference.conventions():
        if not row.verified:
            of_nuclide = [known.device for known in reference.devices() if known.nuclide == row.nuclide]
            here = device.any_of(of_nuclide)
            used = convention.equal(row.convention) & here & np.isnan(case.number(row.quantity))
            field = reference.field(row.quantity)
            value = figures.in_unit(row.value, field.unit, 6)
            text = f"{field.label} {value} of convention {row.convention} is not verified: {row.locator}."
            yield remark(f"unverified_{row.quantity}", "case", "convention", used, text)


def _earlier_treatment(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """An earlier radioembolization without its lung dose, or a lung dose without one."""
    case = evaluated.columns.case.number
    earlier, dose = case("prior_tare"), case("previous_lung_dose_gy")
    text = "Earlier radioembolization is stated, and its lung dose is missing: no dose over all sessions is given."
    yield remark("no_previous_lung_dose", "case", "lung.previous_dose_gy", (earlier == 1) & np.isnan(dose), text)
    text = "An earlier lung dose is stated, and earlier radioembolization is stated as none: which is right?"
    stated = dose - np.nan_to_num(case(SCOUT_LUNG_DOSE))
    yield remark("previous_dose_without_treatment", "case", "prior.tare", (earlier == 0) & (stated > 0), text)


def _body_size(evaluated: Evaluated) -> Iterator[FindingColumn]:
    yield unusual_body_size(evaluated.columns.case)
    yield unusual_for_body_size(evaluated.columns.case)


def _child_pugh(evaluated: Evaluated) -> Iterator[FindingColumn]:
    yield from differing_child_pugh(evaluated.columns.case)


RULES: tuple[Callable[[Evaluated], Iterator[FindingColumn]], ...] = (
    _missing_inputs,
    _lesions,
    _ratios,
    _shunt,
    _second_shunt,
    _extrahepatic,
    _earlier_treatment,
    _body_size,
    _child_pugh,
    _constants,
)
