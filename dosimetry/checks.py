"""Rules: the bounds of the possible. Outside them the input is a mistake, and the case is refused with a sentence.

Rules are evaluated on columns, once, at the door. NaN means "not given" and breaks no range; what must be given has
rules of its own. Every problem of a case is reported at once.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from dosimetry import reference
from dosimetry.arrays import BoolArray, FloatArray, IntArray
from dosimetry.columns import NO_TARGET, NORMAL, UNKNOWN_TARGET, Columns, Table, path_of
from dosimetry.compartments import SAME, Compartments, net_planar_counts
from dosimetry.conventions import Constants, convention_names
from dosimetry.models import MODELS
from dosimetry.problems import Problem
from dosimetry.ranges import outside, range_sentence

PLANAR = tuple(f"planar_{organ}_{view}_counts" for organ in ("lung", "liver") for view in ("anterior", "posterior"))
BACKGROUND = (
    *(f"planar_background_{view}_counts" for view in ("anterior", "posterior")),
    *(f"planar_{organ}_pixels" for organ in ("lung", "liver", "background")),
)
TOMOGRAPHIC = ("tomographic_lung_counts", "tomographic_liver_counts")
RATIO_COUNTS = ("ratio_lesion_counts", "ratio_lesion_volume_ml", "ratio_normal_counts", "ratio_normal_volume_ml")


@dataclass(frozen=True, slots=True)
class Broken:
    """One rule broken in some rows of a level; ``sentence`` makes the message of a row."""

    name: str
    level: str
    rows: IntArray
    sentence: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class _Checked:
    columns: Columns
    constants: Constants
    parts: Compartments


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
    checked = _Checked(columns, constants, parts)
    return [found for rule in RULES for found in rule(checked) if len(found.rows)]


def _says(text: str, *values: FloatArray) -> Callable[[int], str]:
    """A sentence into which the values of a row are put."""
    return lambda row: text.format(*(f"{value[row]:g}" for value in values))


def _where(name: str, level: str, bad: BoolArray, sentence: Callable[[int], str]) -> Broken:
    return Broken(name, level, bad.nonzero()[0], sentence)


def _range_says(rule: reference.InputRule, values: FloatArray, before: str = "") -> Callable[[int], str]:
    return lambda row: before + range_sentence(rule, values[row])


def _ranges(checked: _Checked) -> Iterator[Broken]:
    """Every number inside the range of its input rule."""
    for level, table in _tables(checked.columns):
        for name, values in table.numbers.items():
            rule = reference.field(name)
            if rule.lower is not None or rule.upper is not None:
                yield _where(name, level, outside(rule, values), _range_says(rule, values))


def _tables(columns: Columns) -> tuple[tuple[str, Table], ...]:
    return (("case", columns.case), ("territory", columns.territory), ("lesion", columns.lesion))


def _counted_values(checked: _Checked) -> Iterator[Broken]:
    """Shunt and ratio from counts obey the rules of the typed ones."""
    derived = (
        (
            "lung_shunt_fraction",
            "tomographic_lung_counts",
            checked.columns.case,
            "case",
            checked.parts.lung_shunt_fraction,
        ),
        (
            "tumor_normal_ratio",
            "ratio_lesion_counts",
            checked.columns.lesion,
            "lesion",
            checked.parts.tumor_normal_ratio,
        ),
    )
    for name, place, table, level, values in derived:
        rule = reference.field(name)
        bad = outside(rule, values) & np.isnan(table.number(name))
        yield _where(place, level, bad, _range_says(rule, values, "from counts, "))


def _nuclide_constants(checked: _Checked) -> Iterator[Broken]:
    """Typed constants possible for the device's nuclide; a convention that has the nuclide; nothing missing."""
    columns, constants = checked.columns, checked.constants
    device, convention = columns.case.word("device"), columns.case.word("convention")
    for code, key in enumerate(device.values):
        rows = device.codes == code
        nuclide = next(row for row in reference.nuclides() if row.nuclide == reference.device_named(key).nuclide)
        bounds = {
            "energy_gy_kg_per_gbq": (nuclide.energy_lower_gy_kg_per_gbq, nuclide.energy_upper_gy_kg_per_gbq),
            "half_life_h": (nuclide.half_life_lower_h, nuclide.half_life_upper_h),
        }
        for name, (lower, upper) in bounds.items():
            values = columns.case.number(name)
            bad = rows & ~np.isnan(values) & ~((lower <= values) & (values <= upper))
            text = f"{name} must be in [{lower:g}, {upper:g}] {reference.field(name).unit} for {nuclide.nuclide}; got {{}}."
            yield _where(name, "case", bad, _says(text, values))
        known = convention_names(nuclide.nuclide)
        for place, name in enumerate(convention.values):
            text = f"convention {name!r} has no constants for {nuclide.nuclide} ({key}); it has {', '.join(known)}."
            unfit = rows & (convention.codes == place) & (name not in known)
            yield _where("convention", "case", unfit, _says(text))
    for name in ("energy_gy_kg_per_gbq", "tissue_density_g_per_ml"):
        missing = np.isnan(getattr(constants, name)) & device.given & ~convention.given
        text = f"{name} is missing; name a convention ({', '.join(convention_names())}) or type it under constants."
        yield _where(name, "case", missing, _says(text))


def _shunt(checked: _Checked) -> Iterator[Broken]:
    """A shunt for every territory. Counts that do not make one are refused by the rule for counts."""
    counted = np.zeros(checked.columns.case.rows, dtype=np.bool_)
    for name in (*PLANAR, *BACKGROUND, *TOMOGRAPHIC):
        if name in checked.columns.case.numbers:
            counted |= ~np.isnan(checked.columns.case.number(name))
    unknown = np.isnan(checked.parts.territory_lung_shunt_fraction) & ~counted[checked.columns.territory_case]
    in_case = checked.columns.per_case(unknown.astype(np.float64)) > 0
    text = "lung_shunt_fraction is missing; type it, or give counts. Type 0 only if it was measured as none."
    yield _where("lung_shunt_fraction", "case", in_case, _says(text))


def _shunt_counts(checked: _Checked) -> Iterator[Broken]:
    """Counts from one way of measuring, complete, and positive after background."""
    columns = checked.columns
    names = (*PLANAR, *BACKGROUND, *TOMOGRAPHIC)
    if not any(name in columns.case.numbers for name in names):
        return
    given = {name: ~np.isnan(columns.case.number(name)) for name in ("lung_shunt_fraction", *names)}
    background, tomographic = _any(given, BACKGROUND), _any(given, TOMOGRAPHIC)
    planar = _any(given, PLANAR) | background
    ways = given["lung_shunt_fraction"].astype(int) + planar + tomographic
    text = (
        "give lung_shunt_fraction or one set of counts (planar or tomographic), not several; "
        "a second measurement belongs in lung.other_shunt_fraction."
    )
    yield _where("lung_shunt_fraction", "case", ways > 1, _says(text))
    for group, started in ((PLANAR, planar), (TOMOGRAPHIC, tomographic), (BACKGROUND, background)):
        for name in group:
            yield _where(name, "case", started & ~given[name], _says(f"{name} is missing; the other counts need it."))
    for organ, smallest in (("lung", ">= 0"), ("liver", "> 0")):
        for view in ("anterior", "posterior"):
            net, name = net_planar_counts(columns, organ, view), f"planar_{organ}_{view}_counts"
            bad = (net < 0) | ((net == 0) & (smallest == "> 0"))
            yield _where(name, "case", bad, _says(f"{name} less background is {{}}; it must be {smallest}.", net))


def _any(given: dict[str, BoolArray], names: tuple[str, ...]) -> BoolArray:
    return np.asarray(np.logical_or.reduce([given[name] for name in names]), dtype=np.bool_)


def _ratio_counts(checked: _Checked) -> Iterator[Broken]:
    given = checked.columns.lesion.number
    both = ~np.isnan(given("tumor_normal_ratio")) & ~np.isnan(given(RATIO_COUNTS[0]))
    yield _where(
        "tumor_normal_ratio", "lesion", both, _says("give tumor_normal_ratio or tumor_normal_counts, not both.")
    )


def _nesting(checked: _Checked) -> Iterator[Broken]:
    """Lesions inside their territory, territories disjoint inside the liver, necrosis inside its lesion."""
    columns = checked.columns
    perfused = columns.territory.number("perfused_volume_ml")
    lesions = columns.per_territory(columns.lesion.number("lesion_volume_ml"))
    yield _where(
        "perfused_volume_ml",
        "territory",
        lesions > perfused * (1 + SAME),
        _says(
            "perfused_volume_ml must hold its lesions: they sum to {} mL; got {}. The perfused volume includes the lesions.",
            lesions,
            perfused,
        ),
    )
    whole, untreated = columns.case.number("whole_liver_volume_ml"), columns.case.number("untreated_tumor_volume_ml")
    inside = columns.per_case(perfused) + np.where(np.isnan(untreated), 0.0, untreated)
    yield _where(
        "whole_liver_volume_ml",
        "case",
        inside > whole * (1 + SAME),
        _says(
            "whole_liver_volume_ml must hold all territories and the untreated tumor: they sum to {} mL; got {}. "
            "Territories are disjoint; a boost inside a lobe is not supported.",
            inside,
            whole,
        ),
    )
    volume, necrotic = columns.lesion.number("lesion_volume_ml"), columns.lesion.number("necrotic_volume_ml")
    yield _where(
        "necrotic_volume_ml",
        "lesion",
        necrotic > volume * (1 + SAME),
        _says("necrotic_volume_ml must be <= the lesion's {} mL; got {}.", volume, necrotic),
    )


def _uptake(checked: _Checked) -> Iterator[Broken]:
    nothing = checked.parts.uptake_mass_kg == 0
    yield _where(
        "perfused_volume_ml",
        "territory",
        nothing,
        _says("nothing in the territory takes up activity: its lesions fill it and are all necrotic."),
    )


def _prescriptions(checked: _Checked) -> Iterator[Broken]:
    """Each prescription with the fields its model needs and no others, for a device it belongs to."""
    columns = checked.columns
    chosen = columns.territory.word("prescription_model")
    device = columns.case.word("device")
    device_codes = device.codes[columns.territory_case]
    given = {
        "prescription_target": columns.target_lesion != NO_TARGET,
        "resin_reading": columns.territory.word("resin_reading").given,
        **{name: ~np.isnan(columns.territory.number(name)) for name in ("target_dose_gy", "prescribed_activity_gbq")},
    }
    for model in MODELS:
        rows = chosen.equal(model.key)
        for name, is_given in given.items():
            is_needed = name in model.inputs
            text = (
                f"model {model.key!r} needs {name}; it is missing."
                if is_needed
                else f"model {model.key!r} takes no {name}; leave it out."
            )
            yield _where(name, "territory", rows & (is_given != is_needed), _says(text))
        for code, key in enumerate(device.values):
            unfit = rows & (device_codes == code) & bool(model.devices) & (key not in model.devices)
            text = f"model {model.key!r} does not belong to device {key!r}."
            yield _where("prescription_model", "territory", unfit, _says(text))


def _partition(checked: _Checked) -> Iterator[Broken]:
    """A partition target that exists, takes up activity, and stands among lesions that all have a ratio."""
    columns, parts = checked.columns, checked.parts
    partition, target = columns.territory.word("prescription_model").equal("partition"), columns.target_lesion
    yield _where(
        "prescription_target",
        "territory",
        partition & (target == UNKNOWN_TARGET),
        _says("prescription_target must be 'normal_perfused' or 'lesion:NAME' with a lesion of this territory."),
    )
    yield _where(
        "prescription_target",
        "territory",
        partition & (target == NORMAL) & (parts.normal_mass_kg == 0),
        _says("prescription_target 'normal_perfused' does not exist here: the lesions fill the territory."),
    )
    dead = np.zeros(len(target), dtype=np.bool_)
    dead[target >= 0] = parts.viable_mass_kg[target[target >= 0]] == 0
    yield _where(
        "prescription_target",
        "territory",
        partition & dead,
        _says("prescription_target is a lesion without viable tissue; it takes no dose by partition."),
    )
    no_ratio = partition[columns.lesion_territory] & _no_ratio(columns)
    yield _where(
        "tumor_normal_ratio",
        "lesion",
        no_ratio,
        _says("tumor_normal_ratio is missing; the partition prescription of this territory needs it for every lesion."),
    )


def _no_ratio(columns: Columns) -> BoolArray:
    given = columns.lesion.number
    return np.isnan(given("tumor_normal_ratio")) & np.isnan(given(RATIO_COUNTS[0]))


RULES: tuple[Callable[[_Checked], Iterator[Broken]], ...] = (
    _ranges,
    _counted_values,
    _nuclide_constants,
    _shunt,
    _shunt_counts,
    _ratio_counts,
    _nesting,
    _uptake,
    _prescriptions,
    _partition,
)
