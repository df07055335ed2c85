"""Rules: the bounds of the possible. Outside them the input is a mistake, and the case is refused with a sentence.

Rules are evaluated on columns, once, at the door. NaN means "not given" and breaks no range; what must be given has
rules of its own. Every problem of a case is reported at once.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import numpy as np

from dosimetry import count_rules, prescription_rules, reference, tumor_volume
from dosimetry.columns import Columns, Table, path_of
from dosimetry.compartments import Compartments, what_is_left
from dosimetry.conventions import Constants, convention_names
from dosimetry.problems import Problem
from dosimetry.ranges import outside
from dosimetry.reference_rows import InputRule
from dosimetry.rules import Broken, Checked, range_says, says, where


def problems(columns: Columns, constants: Constants, parts: Compartments) -> list[Problem]:
    """Every broken rule of every row as a path and a sentence."""
    paths = {rule.name: rule.path for rule in reference.input_rules()}
    return [
        Problem(path_of(columns, paths[found.name], int(row)), found.sentence(int(row)))
        for found in broken(columns, constants, parts)
        for row in found.rows
    ]


def broken(columns: Columns, constants: Constants, parts: Compartments) -> list[Broken]:
    """Every broken rule, on columns: name, level and rows."""
    checked = Checked(columns, constants, parts)
    # Values may still be impossible here, that is what the rules are for: no warnings about them.
    with np.errstate(all="ignore"):
        found = [column for rule in RULES for column in rule(checked) if len(column.rows)]
        return found or [column for column in prescription_rules.reachable(checked) if len(column.rows)]


def _ranges(checked: Checked) -> Iterator[Broken]:
    """Every number inside the range of its input rule."""
    for level, table in _tables(checked.columns):
        for name, values in table.numbers.items():
            rule = reference.field(name)
            if rule.lower is not None or rule.upper is not None:
                yield where(name, level, outside(rule, values), range_says(rule, values))


def _tables(columns: Columns) -> tuple[tuple[str, Table], ...]:
    return (("case", columns.case), ("territory", columns.territory), ("lesion", columns.lesion))


def _nuclide_constants(checked: Checked) -> Iterator[Broken]:
    """Typed constants possible for the device's nuclide; a convention that has the nuclide; nothing missing."""
    columns, constants = checked.columns, checked.constants
    device, convention = columns.case.word("device"), columns.case.word("convention")
    for code, key in enumerate(device.values):
        rows = device.codes == code
        nuclide = reference.device_named(key).nuclide
        for rule in _ranges_of(nuclide):
            values = columns.case.number(rule.name)
            sentence = range_says(rule, values, where=f" for {nuclide}")
            yield where(rule.name, "case", rows & outside(rule, values), sentence)
        known = convention_names(nuclide)
        for name in (name for name in convention.values if name not in known):
            text = f"convention {name!r} has no constants for {nuclide} ({key}), which has those of {', '.join(known)}."
            yield where("convention", "case", rows & convention.equal(name), says(text))
    for name in ("energy_gy_kg_per_gbq", "tissue_density_g_per_ml"):
        missing = np.isnan(getattr(constants, name)) & device.given & ~convention.given
        text = f"{name} is missing; name a convention ({', '.join(convention_names())}) or type it under constants."
        yield where(name, "case", missing, says(text))


def _decay(checked: Checked) -> Iterator[Broken]:
    """A half-life where the age of a vial is to be used."""
    columns = checked.columns
    asked = columns.per_case((~np.isnan(columns.territory.number("vial_age_h"))).astype(np.float64)) > 0
    missing = asked & np.isnan(checked.constants.half_life_h) & columns.case.word("device").given
    text = "half_life_h is missing; vial_age_h needs it. Name a convention or type it under constants."
    yield where("half_life_h", "case", missing & ~columns.case.word("convention").given, says(text))


@cache
def _ranges_of(nuclide: str) -> tuple[InputRule, ...]:
    """The rules of constants that cannot be meant for another nuclide."""
    row = next(row for row in reference.nuclides() if row.nuclide == nuclide)
    return tuple(
        replace(reference.field(name), lower=lower, lower_open=False, upper=upper, upper_open=False)
        for name, lower, upper in (
            ("energy_gy_kg_per_gbq", row.energy_lower_gy_kg_per_gbq, row.energy_upper_gy_kg_per_gbq),
            ("half_life_h", row.half_life_lower_h, row.half_life_upper_h),
        )
    )


_SWAPPED = "Were the two volumes swapped?"
_DISJOINT = "Territories are disjoint; a boost inside a lobe is not supported."


def nesting(checked: Checked) -> Iterator[Broken]:
    """Lesions inside their territory, territories disjoint inside the liver, necrosis inside its lesion."""
    columns = checked.columns
    perfused = columns.territory.number("perfused_volume_ml")
    lesions = columns.per_territory(columns.lesion.number("lesion_volume_ml"))
    yield where(
        "perfused_volume_ml",
        "territory",
        (lesions > 0) & (what_is_left(perfused - lesions, perfused) < 0),
        says(
            "perfused_volume_ml must hold its lesions: they sum to {} mL; got {}. "
            "The perfused volume includes the lesions.",
            lesions,
            perfused,
        ),
    )
    whole = columns.case.number("whole_liver_volume_ml")
    inside = columns.per_case(perfused) + tumor_volume.untreated_ml(columns)
    # A liver in liters is told by its range; how much it must hold would follow from the slip.
    too_small = (what_is_left(whole - inside, whole) < 0) & ~outside(reference.field("whole_liver_volume_ml"), whole)
    has_one = np.bincount(columns.territory_case, minlength=columns.case.rows) == 1 if too_small.any() else too_small
    for rows, hint in ((too_small & has_one, _SWAPPED), (too_small & ~has_one, _DISJOINT)):
        text = "whole_liver_volume_ml must hold all territories and the untreated tumor: they sum to {} mL; got {}. "
        yield where("whole_liver_volume_ml", "case", rows, says(text + hint, inside, whole))
    volume, necrotic = columns.lesion.number("lesion_volume_ml"), columns.lesion.number("necrotic_volume_ml")
    yield where(
        "necrotic_volume_ml",
        "lesion",
        what_is_left(volume - necrotic, volume) < 0,
        says("necrotic_volume_ml must be <= the lesion's {} mL; got {}.", volume, necrotic),
    )


def _extrahepatic(checked: Checked) -> Iterator[Broken]:
    """No site and no correction of a deposition that was not found."""
    case = checked.columns.case
    if "extrahepatic_found" not in case.numbers:
        return
    detailed = ~np.isnan(case.number("extrahepatic_correctable")) | case.word("extrahepatic_site").given
    text = "extrahepatic_found is false, but its site or whether it can be corrected is stated; which is right?"
    yield where("extrahepatic_found", "case", (case.number("extrahepatic_found") == 0) & detailed, says(text))


def _uptake(checked: Checked) -> Iterator[Broken]:
    nothing = (checked.parts.uptake_mass_kg == 0) & (checked.columns.territory.number("perfused_volume_ml") > 0)
    yield where(
        "perfused_volume_ml",
        "territory",
        nothing,
        says("nothing in the territory takes up activity: its lesions fill it and are all necrotic."),
    )


RULES: tuple[Callable[[Checked], Iterator[Broken]], ...] = (
    _ranges,
    _nuclide_constants,
    _decay,
    nesting,
    _uptake,
    _extrahepatic,
    count_rules.shunt_known,
    count_rules.shunt_counts,
    count_rules.counted_values,
    count_rules.ratio_counts,
    prescription_rules.fields,
    prescription_rules.models,
)
