"""Cautions: values that are possible but suspicious, numbers that are missing and why, and what was not checked.

Evaluated on columns. A suspicious typed value needs an acknowledgement; nothing here refuses a case.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from dosimetry import figures, reference
from dosimetry.arrays import BoolArray, FloatArray
from dosimetry.columns import Columns, Words, level_of_input
from dosimetry.compartments import Compartments
from dosimetry.conventions import Constants, documented_densities
from dosimetry.evaluation import Results
from dosimetry.finding_columns import FindingColumn, says
from dosimetry.plan_record import Kind
from dosimetry.ranges import outside, unusual


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A set of cases with everything computed from it."""

    columns: Columns
    constants: Constants
    parts: Compartments
    results: Results


def finding_columns(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """Every caution and every not-checked remark of the given cases."""
    for rule in RULES:
        yield from rule(evaluated)


def _remark(
    rule: str, level: str, path: str, rows: BoolArray, text: str, *, kind: Kind = "caution", is_note: bool = False
) -> FindingColumn:
    return FindingColumn(
        rule=rule,
        kind=kind,
        severity="note" if is_note or kind == "not_checked" else "caution",
        level=level,
        path=path,
        quantity=rule,
        rows=rows.nonzero()[0],
        sentence=says(text),
    )


def _needs_acknowledgement(
    name: str, level: str, rows: BoolArray, values: FloatArray, sentence: Callable[[int], str], path: str = ""
) -> FindingColumn:
    return FindingColumn(
        rule=f"unusual_{name}",
        kind="caution",
        severity="caution",
        level=level,
        path=path or reference.field(name).path,
        quantity=name,
        rows=rows.nonzero()[0],
        sentence=sentence,
        values=values,
        needs_acknowledgement=True,
    )


def _unusual_values(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """Typed values, and shunts and ratios from counts, inside an interval that needs an acknowledgement."""
    columns, parts = evaluated.columns, evaluated.parts
    counted = {"lung_shunt_fraction": parts.lung_shunt_fraction, "tumor_normal_ratio": parts.tumor_normal_ratio}
    for interval in reference.unusual_intervals():
        level = level_of_input(interval.name)
        values = counted.get(interval.name, columns.level(level).numbers.get(interval.name))
        if values is not None:
            rows = unusual(interval, values) & _device_rows(interval, columns, level)
            yield _needs_acknowledgement(interval.name, level, rows, values, _unusual_sentence(interval, values))


def _unusual_sentence(interval: reference.UnusualInterval, values: FloatArray) -> Callable[[int], str]:
    rule = reference.field(interval.name)
    unit = rule.entered_as or rule.unit
    return lambda row: f"{rule.label} is {figures.in_unit(float(values[row]), unit)}. {interval.hint}"


def _device_rows(interval: reference.UnusualInterval, columns: Columns, level: str) -> BoolArray:
    fits = np.ones(columns.case.rows, dtype=np.bool_)
    if interval.device != "*":
        fits = columns.case.word("device").equal(interval.device)
    by_territory = fits[columns.territory_case]
    return {"case": fits, "territory": by_territory, "lesion": by_territory[columns.lesion_territory]}[level]


def _unusual_densities(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """Typed densities other than those documented for the convention or nuclide."""
    columns = evaluated.columns
    owners = {
        "tissue_density_g_per_ml": np.arange(columns.case.rows),
        "territory_density_g_per_ml": columns.territory_case,
        "lesion_density_g_per_ml": columns.territory_case[columns.lesion_territory],
    }
    for name, owner in owners.items():
        level = level_of_input(name)
        values = columns.level(level).number(name)
        odd = np.zeros(len(values), dtype=np.bool_)
        for row in np.flatnonzero(~np.isnan(values)).tolist():
            odd[row] = float(values[row]) not in _documented(columns, int(owner[row]))
        yield _needs_acknowledgement(name, level, odd, values, _density_sentence(name, values))


def _density_sentence(name: str, values: FloatArray) -> Callable[[int], str]:
    label = reference.field(name).label
    return lambda row: f"{label} is {values[row]:g} g/mL, not a documented value for this nuclide."


def _documented(columns: Columns, case_row: int) -> frozenset[float]:
    device, convention = columns.case.word("device"), columns.case.word("convention")
    nuclide = reference.device_named(device.values[device.codes[case_row]]).nuclide
    return documented_densities(word_at(convention, case_row), nuclide)


def word_at(words: Words, row: int) -> str | None:
    """The word in a row, or ``None``."""
    code = int(words.codes[row])
    return words.values[code] if code >= 0 else None


def _computed_activity(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """Computed activities that would be refused or suspicious as typed ones; typed ones have their own rules."""
    rule = reference.field("prescribed_activity_gbq")
    activity = evaluated.results.territory["administered_activity_gbq"]
    computed = np.isnan(evaluated.columns.territory.number("prescribed_activity_gbq"))
    odd = outside(rule, activity)
    for interval in reference.unusual_intervals():
        if interval.name == rule.name:
            odd |= unusual(interval, activity) & _device_rows(interval, evaluated.columns, "territory")
    yield FindingColumn(
        rule="unusual_administered_activity_gbq",
        kind="caution",
        severity="caution",
        level="territory",
        path="territories[].administered_activity_gbq",
        quantity="administered_activity_gbq",
        rows=np.flatnonzero(odd & computed),
        sentence=lambda row: (
            f"The computed activity of {figures.in_unit(float(activity[row]), 'GBq')} is outside the usual range of this device. Check volume, dose and device."
        ),
        values=activity,
    )


def _missing_inputs(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """Numbers that are null, and the input that would give them."""
    case, territory = evaluated.columns.case.number, evaluated.columns.territory.number
    whole_known = ~np.isnan(case("whole_liver_volume_ml"))
    no_untreated = np.isnan(case("untreated_tumor_volume_ml"))
    yield _remark(
        "no_lung_mass",
        "case",
        "lung.mass_kg",
        np.isnan(case("lung_mass_kg")),
        "Lung doses are not given: the lung mass is missing and never assumed.",
        kind="not_checked",
    )
    yield _remark(
        "no_whole_liver_volume",
        "case",
        "liver.whole_volume_ml",
        ~whole_known,
        "Whole-liver and whole-normal-liver doses, hepatic reserve and treated part are not given: the whole liver volume is missing.",
        kind="not_checked",
    )
    yield _remark(
        "no_untreated_tumor_volume",
        "case",
        "liver.untreated_tumor_volume_ml",
        whole_known & no_untreated,
        "The tumor volume outside the territories is missing and counts as 0: the whole normal liver dose is a lower bound.",
    )
    yield _remark(
        "no_residual",
        "territory",
        "territories[].residual_fraction",
        np.isnan(territory("residual_fraction")),
        "The vial activity is not given: the expected residual is missing.",
        kind="not_checked",
    )


def _lesions(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """Territories without lesions, lesions without ratio or viable tissue, territories without normal tissue."""
    columns, parts = evaluated.columns, evaluated.parts
    count = np.bincount(columns.lesion_territory, minlength=columns.territory.rows)
    no_ratio = np.isnan(parts.tumor_normal_ratio)
    yield _remark(
        "no_lesions",
        "territory",
        "territories[].lesions",
        count == 0,
        "No lesion is delineated: tumor counts as normal liver, and no tumor dose is predicted.",
    )
    yield _remark(
        "no_ratio",
        "lesion",
        "territories[].lesions[].tumor_normal_ratio",
        no_ratio,
        "The tumor-to-normal ratio is missing: lesion and normal doses of this territory are not given.",
        kind="not_checked",
    )
    yield _remark(
        "no_normal_tissue",
        "territory",
        "territories[].normal_perfused_dose_gy",
        parts.normal_mass_kg == 0,
        "The lesions fill the territory: there is no normal tissue and no normal dose in it.",
        is_note=True,
    )
    yield _remark(
        "no_viable_tissue",
        "lesion",
        "territories[].lesions[].necrotic_volume_ml",
        parts.viable_mass_kg == 0,
        "The lesion is all necrotic: it takes no uptake and no dose is given for it.",
    )
    ratio, lesion_case = parts.tumor_normal_ratio, columns.territory_case[columns.lesion_territory]
    reused = np.array(
        [_is_reused(row, ratio, columns.lesion_territory, lesion_case) for row in range(len(ratio))], dtype=np.bool_
    )
    yield FindingColumn(
        rule="reused_ratio",
        kind="caution",
        severity="caution",
        level="lesion",
        path=reference.field("tumor_normal_ratio").path,
        quantity="tumor_normal_ratio",
        rows=np.flatnonzero(reused),
        sentence=lambda row: (
            f"The tumor-to-normal ratio {figures.trimmed(float(ratio[row]))} also stands in another territory. Each territory has its own normal tissue: was it measured here?"
        ),
        values=ratio,
        needs_acknowledgement=True,
    )


def _is_reused(row: int, ratio: FloatArray, territory: np.ndarray, case: np.ndarray) -> bool:
    """Whether an earlier lesion of the same case, in another territory, has the same ratio."""
    same = (ratio[:row] == ratio[row]) & (case[:row] == case[row]) & (territory[:row] != territory[row])
    return bool(same.any())


def _shunt(evaluated: Evaluated) -> Iterator[FindingColumn]:
    """What travels with the shunt: its method, a second measurement, the catheter position it was mapped from."""
    case = evaluated.columns.case
    method = case.word("shunt_method")
    other = case.number("other_lung_shunt_fraction")
    used = evaluated.parts.lung_shunt_fraction
    planar = method.equal("planar") | ~np.isnan(case.number("planar_lung_anterior_counts"))
    yield _remark(
        "planar_shunt",
        "case",
        "lung.shunt_method",
        planar,
        "Planar studies overestimate the lung shunt; the number is used as measured.",
        is_note=True,
    )
    yield _remark(
        "no_shunt_method",
        "case",
        "lung.shunt_method",
        ~method.given & ~planar & np.isnan(case.number("tomographic_lung_counts")),
        "How the lung shunt was measured is not stated.",
        is_note=True,
    )
    yield _remark(
        "other_catheter_position",
        "case",
        "mapping.same_catheter_position",
        case.number("same_catheter_position") == 0,
        "Mapping was done from another catheter position: shunt and ratios may not hold for this treatment.",
    )
    yield FindingColumn(
        rule="other_lung_shunt_fraction",
        kind="caution",
        severity="note",
        level="case",
        path="lung.other_shunt_fraction",
        quantity="other_lung_shunt_fraction",
        rows=np.flatnonzero(~np.isnan(other)),
        sentence=lambda row: (
            f"A second measurement gave a lung shunt of {figures.percent(float(other[row]))}; {figures.percent(float(used[row]))} is used."
        ),
        values=other,
    )


def _constants(evaluated: Evaluated) -> Iterator[FindingColumn]:
    case = evaluated.columns.case
    for name in ("energy_gy_kg_per_gbq", "half_life_h"):
        field = reference.field(name)
        yield _remark(
            f"typed_{name}",
            "case",
            field.path,
            ~np.isnan(case.number(name)),
            f"{field.label} is typed by the user.",
            is_note=True,
        )
    convention = case.word("convention")
    typed = ~np.isnan(case.number("energy_gy_kg_per_gbq"))
    for row in reference.conventions():
        if not row.verified:
            text = f"{row.quantity} {row.value:g} of convention {row.convention} is not verified: {row.locator}."
            yield _remark("unverified_constant", "case", "convention", convention.equal(row.convention) & ~typed, text)


def _not_in_this_version(evaluated: Evaluated) -> Iterator[FindingColumn]:
    always = np.ones(evaluated.columns.case.rows, dtype=np.bool_)
    yield _remark(
        "liver_limits",
        "case",
        "",
        always,
        "Normal-liver limits and tumor dose goals were not checked: this version has none on file.",
        kind="not_checked",
    )


RULES: tuple[Callable[[Evaluated], Iterator[FindingColumn]], ...] = (
    _unusual_values,
    _unusual_densities,
    _computed_activity,
    _missing_inputs,
    _lesions,
    _shunt,
    _constants,
    _not_in_this_version,
)
