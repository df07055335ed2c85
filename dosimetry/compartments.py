"""Masses and shunts of a case: what the models and the doses share.

Lesions keep their necrosis in their mass and their territory's; uptake goes to viable tissue only. Masses are sums of
their parts, each with its own density: the lesion's, else the territory's, else that of the constants.
"""

from dataclasses import dataclass

import numpy as np

from dosimetry import lung_shunt, tumor_volume, units
from dosimetry.arrays import FloatArray
from dosimetry.columns import Columns, Table
from dosimetry.conventions import Constants

SAME = 1e-9
"""Nesting and equality of volumes and masses are judged to this relative tolerance."""


@dataclass(frozen=True, slots=True)
class Compartments:
    """Masses [kg], densities [g/mL], ratios and shunts [1], energies per activity [Gy kg/GBq]; NaN where unknown."""

    lung_shunt_fraction: FloatArray
    """Case: typed or from counts; NaN where each territory brings its own."""
    territory_lung_shunt_fraction: FloatArray
    territory_energy_gy_kg_per_gbq: FloatArray
    territory_density_g_per_ml: FloatArray
    lesion_density_g_per_ml: FloatArray
    tumor_normal_ratio: FloatArray
    """Lesion, per mass."""
    viable_mass_kg: FloatArray
    uptake_mass_kg: FloatArray
    """Territory: normal mass plus ratio-weighted viable masses; NaN when any lesion has no ratio."""
    normal_mass_kg: FloatArray
    """Territory: normal perfused mass; exactly zero when lesions fill its volume to 1e-9."""
    perfused_mass_kg: FloatArray
    whole_normal_mass_kg: FloatArray
    """Case: all non-tumor liver."""
    whole_liver_mass_kg: FloatArray


def compartments(columns: Columns, constants: Constants) -> Compartments:
    """All masses, ratios and shunts of the given cases.

    Cases may still break rules, because the rules look at these masses: impossible inputs give NaN or infinity here,
    without a warning, and are refused by `checks.problems`.
    """
    with np.errstate(all="ignore"):
        return _compartments(columns, constants)


def _compartments(columns: Columns, constants: Constants) -> Compartments:
    case_density = constants.tissue_density_g_per_ml[columns.territory_case]
    density = _given_or(columns.territory, "territory_density_g_per_ml", case_density)
    normal_density = density[columns.lesion_territory]
    lesion_density = _given_or(columns.lesion, "lesion_density_g_per_ml", normal_density)
    volume = columns.lesion.number("lesion_volume_ml")
    lesion_mass = units.kg_from_ml(volume, density_g_per_ml=lesion_density)
    viable = _viable_mass(columns, volume, lesion_density, lesion_mass)
    ratio = _ratios(columns, lesion_density, normal_density)

    perfused_volume = columns.territory.number("perfused_volume_ml")
    rest = what_is_left(perfused_volume - columns.per_territory(volume), perfused_volume)
    normal = units.kg_from_ml(rest, density_g_per_ml=density)
    perfused = normal + columns.per_territory(lesion_mass)
    shunt = case_shunt(columns)
    whole_normal, whole = _whole_masses(columns, constants, normal, perfused)
    return Compartments(
        lung_shunt_fraction=shunt,
        territory_lung_shunt_fraction=_given_or(
            columns.territory, "territory_lung_shunt_fraction", shunt[columns.territory_case]
        ),
        territory_energy_gy_kg_per_gbq=constants.energy_gy_kg_per_gbq[columns.territory_case],
        territory_density_g_per_ml=density,
        lesion_density_g_per_ml=lesion_density,
        tumor_normal_ratio=ratio,
        viable_mass_kg=viable,
        uptake_mass_kg=normal + columns.per_territory(ratio * viable),
        normal_mass_kg=normal,
        perfused_mass_kg=perfused,
        whole_normal_mass_kg=whole_normal,
        whole_liver_mass_kg=whole,
    )


def _viable_mass(
    columns: Columns, volume: FloatArray, lesion_density: FloatArray, lesion_mass: FloatArray
) -> FloatArray:
    """Mass of every lesion without its necrosis."""
    if "necrotic_volume_ml" not in columns.lesion.numbers:
        return lesion_mass
    necrotic = _zero_if_missing(columns.lesion.number("necrotic_volume_ml"))
    return units.kg_from_ml(what_is_left(volume - necrotic, volume), density_g_per_ml=lesion_density)


def case_shunt(columns: Columns) -> FloatArray:
    """Lung shunt fraction of every case: the typed one, else from planar, else from tomographic counts."""
    given = columns.case.number
    if not any(name.startswith(("planar", "tomographic")) for name in columns.case.numbers):
        return given("lung_shunt_fraction")
    planar = lung_shunt.lung_shunt_fraction(
        lung_counts=_planar_mean(columns, "lung"), liver_counts=_planar_mean(columns, "liver")
    )
    tomographic = lung_shunt.lung_shunt_fraction(
        lung_counts=given("tomographic_lung_counts"), liver_counts=given("tomographic_liver_counts")
    )
    return _first_given(_first_given(given("lung_shunt_fraction"), planar), tomographic)


def net_planar_counts(columns: Columns, organ: str, view: str) -> FloatArray:
    """Counts of an organ in one planar view, less the area-scaled background where one is given."""
    given = columns.case.number
    counts, background = given(f"planar_{organ}_{view}_counts"), given(f"planar_background_{view}_counts")
    net = lung_shunt.net_counts(
        counts=counts,
        background_counts=background,
        region_pixels=given(f"planar_{organ}_pixels"),
        background_pixels=given("planar_background_pixels"),
    )
    return np.where(np.isnan(background), counts, net)


def _planar_mean(columns: Columns, organ: str) -> FloatArray:
    return lung_shunt.geometric_mean(
        anterior_counts=net_planar_counts(columns, organ, "anterior"),
        posterior_counts=net_planar_counts(columns, organ, "posterior"),
    )


def _ratios(columns: Columns, lesion_density: FloatArray, normal_density: FloatArray) -> FloatArray:
    given = columns.lesion.number
    if "ratio_lesion_counts" not in columns.lesion.numbers:
        return given("tumor_normal_ratio")
    counted = lung_shunt.tumor_normal_ratio(
        lesion_counts=given("ratio_lesion_counts"),
        lesion_volume_ml=given("ratio_lesion_volume_ml"),
        normal_counts=given("ratio_normal_counts"),
        normal_volume_ml=given("ratio_normal_volume_ml"),
        lesion_density_g_per_ml=lesion_density,
        normal_density_g_per_ml=normal_density,
    )
    return _first_given(given("tumor_normal_ratio"), counted)


def _whole_masses(
    columns: Columns, constants: Constants, normal: FloatArray, perfused: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Whole normal mass and whole liver mass of every case: the territories' parts and the rest of the organ."""
    whole_volume = columns.case.number("whole_liver_volume_ml")
    outside = whole_volume - columns.per_case(columns.territory.number("perfused_volume_ml"))
    untreated = tumor_volume.untreated_ml(columns)
    density = constants.tissue_density_g_per_ml
    rest = units.kg_from_ml(what_is_left(outside, whole_volume), density_g_per_ml=density)
    normal_rest = units.kg_from_ml(what_is_left(outside - untreated, whole_volume), density_g_per_ml=density)
    return columns.per_case(normal) + normal_rest, columns.per_case(perfused) + rest


def _given_or(table: Table, name: str, otherwise: FloatArray) -> FloatArray:
    """A column of a table; another where it holds nothing."""
    return _first_given(table.numbers[name], otherwise) if name in table.numbers else otherwise


def _first_given(first: FloatArray, second: FloatArray) -> FloatArray:
    return np.where(np.isnan(first), second, first)


def _zero_if_missing(values: FloatArray) -> FloatArray:
    return np.where(np.isnan(values), 0.0, values)


def what_is_left(difference: FloatArray, whole: FloatArray) -> FloatArray:
    """What is left of a whole: exactly zero where its parts fill it to the tolerance, below zero where they do not fit.

    Rules, masses and the hepatic reserve ask this of volumes, so that what a rule lets pass leaves nothing negative.
    """
    same = np.abs(difference) <= SAME * np.abs(whole)
    return np.where(same, 0.0, difference) if same.any() else difference
