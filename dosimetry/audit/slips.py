"""Known slips: what a record would be if one thing had been done wrong. Each is the same core with one thing changed.

A slip has readings: the activity was computed so and the doses follow from it, or the doses were computed so from the
right activity. A record is consistent with a slip when one of its readings gives it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from dosimetry import decay, reference, units
from dosimetry.arrays import FloatArray, floats
from dosimetry.columns import Columns, Table, words_of
from dosimetry.compartments import Compartments, compartments
from dosimetry.conventions import QUANTITIES, convention_names, documented_densities, resolve
from dosimetry.count_rules import RATIO_COUNTS
from dosimetry.evaluation import Evaluated, Results, predict
from dosimetry.models import prescribed_activity_gbq
from dosimetry.what_if.scenarios import with_numbers, with_words

Reading = Iterator[Results]
_LUNGS = ("lung_dose_share_gy", "lung_dose_gy", "lung_dose_cumulative_gy", "lung_activity_gbq")
_DENSITIES = ("tissue_density_g_per_ml", "territory_density_g_per_ml", "lesion_density_g_per_ml")


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip with its readings; a ``minor`` one is named only where no other candidate fits."""

    key: str
    label: str
    readings: Callable[[Evaluated], Reading]
    is_minor: bool = False


def slips() -> tuple[Slip, ...]:
    """Every slip that is looked for, those by decay and rounding apart."""
    return (*_MAJOR, *_conventions(), *_densities())


def _both(evaluated: Evaluated, parts: Compartments, columns: Columns | None = None) -> Reading:
    """The two readings of a slip that changes masses, shunts, ratios or energies."""
    changed = evaluated.columns if columns is None else columns
    right = evaluated.results.territory["administered_activity_gbq"]
    with np.errstate(all="ignore"):
        yield _following(evaluated, prescribed_activity_gbq(changed, parts))
        yield predict(changed, evaluated.constants, parts, right)


def _following(evaluated: Evaluated, activity_gbq: FloatArray) -> Results:
    """The right doses of a wrong activity."""
    return predict(evaluated.columns, evaluated.constants, evaluated.parts, activity_gbq)


def _shunt_multiplied(evaluated: Evaluated) -> Reading:
    """Dividing by (1 - LSF) taken for multiplying: the same as an energy per activity changed by its square."""
    parts = evaluated.parts
    stays = 1.0 - parts.territory_lung_shunt_fraction
    changed = replace(parts, territory_energy_gy_kg_per_gbq=parts.territory_energy_gy_kg_per_gbq / stays**2)
    by_activity, by_dose = _both(evaluated, changed)
    yield by_activity
    unknown = {name: np.full_like(values, np.nan) for name, values in by_dose.case.items() if name in _LUNGS}
    of_territory = {name: np.full_like(values, np.nan) for name, values in by_dose.territory.items() if name in _LUNGS}
    yield replace(by_dose, case={**by_dose.case, **unknown}, territory={**by_dose.territory, **of_territory})


def _shunt_ignored(evaluated: Evaluated) -> Reading:
    none = np.zeros_like(evaluated.parts.territory_lung_shunt_fraction)
    yield from _both(evaluated, replace(evaluated.parts, territory_lung_shunt_fraction=none))


def _percent_for_fraction(evaluated: Evaluated) -> Reading:
    """A shunt, residual or recorded fraction that is a hundred times too small or too large."""
    columns, shunt = evaluated.columns, evaluated.parts.territory_lung_shunt_fraction
    residual = columns.territory.number("residual_fraction")
    for convert in (units.fraction_from_percent, units.percent_from_fraction):
        changed = with_numbers(columns.territory, {"residual_fraction": _below_one(convert(residual))})
        parts = replace(evaluated.parts, territory_lung_shunt_fraction=_below_one(convert(shunt)))
        yield from _both(evaluated, parts, replace(columns, territory=changed))
        results = evaluated.results
        of_case, of_territory = (
            {name: convert(values) for name, values in level.items() if name.endswith("_fraction")}
            for level in (results.case, results.territory)
        )
        yield replace(results, case={**results.case, **of_case}, territory={**results.territory, **of_territory})


def _below_one(fraction: FloatArray) -> FloatArray:
    return np.where(fraction < 1, fraction, np.nan)


def _mci_for_gbq(evaluated: Evaluated) -> Reading:
    right = evaluated.results.territory["administered_activity_gbq"]
    yield _following(evaluated, units.mci_from_gbq(right))
    yield _following(evaluated, units.gbq_from_mci(right))


def _ml_for_g(evaluated: Evaluated) -> Reading:
    yield from _with_density(evaluated, 1.0)


def _with_density(evaluated: Evaluated, density_g_per_ml: float) -> Reading:
    """Every tissue with one density."""
    columns = evaluated.columns
    typed = np.full(columns.case.rows, density_g_per_ml)
    changed = replace(
        columns,
        case=with_numbers(columns.case, {_DENSITIES[0]: typed}),
        territory=_unset(columns.territory, _DENSITIES),
        lesion=_unset(columns.lesion, _DENSITIES),
    )
    yield from _both(evaluated, compartments(changed, resolve(changed)), changed)


def _unset(table: Table, names: tuple[str, ...]) -> Table:
    """A table in which some of its columns hold nothing."""
    return with_numbers(table, {name: np.full(table.rows, np.nan) for name in names if name in table.numbers})


def _whole_for_normal(evaluated: Evaluated) -> Reading:
    """The tumor not taken out of the liver: normal masses that include it, or mean doses recorded for normal ones."""
    parts, results = evaluated.parts, evaluated.results
    tumor = parts.perfused_mass_kg - parts.normal_mass_kg
    changed = replace(
        parts,
        normal_mass_kg=parts.perfused_mass_kg,
        uptake_mass_kg=parts.uptake_mass_kg + tumor,
        whole_normal_mass_kg=parts.whole_liver_mass_kg,
    )
    yield from _both(evaluated, changed)
    mean = {"normal_perfused_dose_gy": results.territory["perfused_dose_gy"]}
    whole = {"whole_normal_liver_dose_gy": results.case["whole_liver_dose_gy"]}
    yield replace(results, case={**results.case, **whole}, territory={**results.territory, **mean})


def _activity_ratio(evaluated: Evaluated) -> Reading:
    """A ratio of activities, R = T/N m_T / m_N, taken for the ratio of concentrations, and the reverse."""
    columns, parts = evaluated.columns, evaluated.parts
    with np.errstate(all="ignore"):
        masses = (columns.per_territory(parts.viable_mass_kg) / parts.normal_mass_kg)[columns.lesion_territory]
        ratios = [parts.tumor_normal_ratio * masses, parts.tumor_normal_ratio / masses]
    uncounted = _unset(columns.lesion, RATIO_COUNTS)
    for ratio in ratios:
        possible = np.where(np.isfinite(ratio), ratio, np.nan)
        changed = replace(columns, lesion=with_numbers(uncounted, {"tumor_normal_ratio": possible}))
        yield from _both(evaluated, compartments(changed, evaluated.constants), changed)


def _vial_for_administered(evaluated: Evaluated) -> Reading:
    """The activity raised for what stays in the vial, taken for the administered one."""
    yield _following(evaluated, evaluated.results.territory["vial_activity_gbq"])


_MAJOR = (
    Slip("shunt_multiplied", "multiplied by (1 - LSF) where one divides, or the reverse", _shunt_multiplied),
    Slip("shunt_ignored", "the lung shunt left out", _shunt_ignored),
    Slip("percent_for_fraction", "a percentage taken for a fraction, or the reverse", _percent_for_fraction),
    Slip("mci_for_gbq", "mCi taken for GBq, or the reverse", _mci_for_gbq),
    Slip("ml_for_g", "volume taken for mass: density left out", _ml_for_g),
    Slip("whole_for_normal", "whole liver taken for normal liver", _whole_for_normal),
    Slip("activity_ratio", "ratio of activities taken for the tumor-to-normal ratio", _activity_ratio),
    Slip("vial_for_administered", "activity in the vial taken for the administered one", _vial_for_administered),
)
DECAY = {"decay_hours": "decayed by whole hours", "decay_days": "decayed by whole days"}
ROUNDING, INPUT_ROUNDING = "rounding", "input_rounding"
MINOR = {
    "convention": "constants of another convention",
    "density": "another tissue density",
    ROUNDING: "rounding",
    INPUT_ROUNDING: "rounding of the inputs, which could explain the difference",
}


def labels() -> dict[str, str]:
    """Every slip by its key, in words."""
    return {**{slip.key: slip.label for slip in _MAJOR}, **DECAY, **MINOR}


def in_words(key: str) -> str:
    """A slip as `compare` names it, in words; with the number of hours or the convention where it has one."""
    plain, _, detail = key.partition(":")
    return f"{labels().get(plain, plain)} ({detail})" if detail else labels().get(plain, plain)


def _conventions() -> Iterator[Slip]:
    """The constants of each convention on file, in the cases that do not use it."""
    for name in convention_names():
        yield Slip(f"convention:{name}", MINOR["convention"], _of_convention(name), is_minor=True)


def _of_convention(name: str) -> Callable[[Evaluated], Reading]:
    def readings(evaluated: Evaluated) -> Reading:
        """The same cases by one convention, typed constants set aside."""
        columns, rows = evaluated.columns, evaluated.columns.case.rows
        one = words_of([name])
        words = {"convention": replace(one, codes=np.zeros(rows, dtype=np.int64))}
        none = {quantity: np.full(rows, np.nan) for quantity in QUANTITIES}
        changed = replace(columns, case=with_words(with_numbers(columns.case, none), words))
        constants = resolve(changed)
        yield from _both(replace(evaluated, constants=constants), compartments(changed, constants), changed)

    return readings


def _densities() -> Iterator[Slip]:
    """Each density that some convention documents."""
    nuclides = [row.nuclide for row in reference.nuclides()]
    for value in sorted({value for nuclide in nuclides for value in documented_densities(None, nuclide)}):
        yield Slip(f"density:{value:g}", MINOR["density"], _of_density(value), is_minor=True)


def _of_density(value: float) -> Callable[[Evaluated], Reading]:
    return lambda evaluated: _with_density(evaluated, value)


def decayed(values: FloatArray, recorded: FloatArray, half_life_h: FloatArray, step_h: float, most: int) -> FloatArray:
    """The whole number of steps of decay that comes nearest to a record; NaN where it is none or more than ``most``.

    Positive where the record is the smaller one. [steps]
    """
    with np.errstate(all="ignore"):
        elapsed = decay.elapsed_h(activity_start_gbq=values, activity_end_gbq=recorded, half_life_h=half_life_h)
        steps = np.rint(elapsed / step_h)
    return floats(np.where((np.abs(steps) >= 1) & (np.abs(steps) <= most), steps, np.nan))
