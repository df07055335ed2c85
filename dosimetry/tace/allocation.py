"""Where the carrier of every case goes, at a low, a middle and a high share of the tumor; and what was seen of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from dosimetry import reference
from dosimetry.arrays import ArrayLike, FloatArray, floats
from dosimetry.bands import banded
from dosimetry.columns import Columns, Table
from dosimetry.lesion_geometry import ellipsoid_volume_ml, sphere_volume_ml
from dosimetry.reference import coefficient
from dosimetry.reference_rows import Variation
from dosimetry.tace import carrier
from dosimetry.tace.columns import product_is
from dosimetry.tace.drug_dose import divided
from dosimetry.tace_rows import CarrierPreset
from dosimetry.units import fraction_from_percent

End = Literal["low", "mid", "high"]
ENDS: tuple[End, ...] = ("low", "mid", "high")
"""Low, middle and high share of the tumor: at the low end its ratio is low, the normal liver and the part of the lungs
are large; at the high end the other way."""
_DIRECTIONS: Mapping[End, float] = MappingProxyType({"low": -1.0, "mid": 0.0, "high": 1.0})


@dataclass(frozen=True, slots=True)
class Allocation:
    """Milligrams and mg/mL of one end: of each case, territory and lesion."""

    lung_fraction: FloatArray
    lung_mg: FloatArray
    territory_lung_mg: FloatArray
    ratio: FloatArray
    normal_volume_ml: FloatArray
    uptake_volume_ml: FloatArray
    normal_mg: FloatArray
    normal_mg_per_ml: FloatArray
    tumor_share: FloatArray
    lesion_mg: FloatArray
    lesion_mg_per_ml: FloatArray
    lesion_oil_ml: FloatArray
    lesion_released_mg: FloatArray


def lesion_volume_ml(lesion: Table) -> FloatArray:
    """Volume of every lesion: typed, else an ellipsoid of three diameters, else a sphere of one. [mL]"""
    first, second, third = (lesion.number(name) for name in ("diameter_cm", "second_diameter_cm", "third_diameter_cm"))
    of_three = ellipsoid_volume_ml(diameter_cm=first, second_diameter_cm=second, third_diameter_cm=third)
    of_diameters = np.where(np.isnan(of_three), sphere_volume_ml(diameter_cm=first), of_three)
    typed = lesion.number("lesion_volume_ml")
    return floats(np.where(np.isnan(typed), of_diameters, typed))


def normal_volume_ml(columns: Columns) -> FloatArray:
    """Normal liver of every territory: its volume less its lesions; NaN where one of them is missing. [mL]"""
    return columns.territory.number("perfused_volume_ml") - columns.per_territory(lesion_volume_ml(columns.lesion))


def volume_steps(case: Table) -> FloatArray:
    """The part by which the perfused volumes of each case are varied: typed, else the step on file. [1]"""
    typed = case.number("carrier_volume_step")
    return np.where(np.isnan(typed), fraction_from_percent(volume_step_on_file().step), typed)


def volume_step_on_file() -> Variation:
    """The variation of a perfused volume, as the sensitivity of radioembolization takes it."""
    rows: tuple[Variation, ...] = reference.table("variations")
    return next(row for row in rows if row.quantity == "perfused_volume_ml")


def normal_volumes(columns: Columns) -> Mapping[End, FloatArray]:
    """Normal liver of every territory at each end, never below none. [mL]"""
    volume, tumor = (
        columns.territory.number("perfused_volume_ml"),
        columns.per_territory(lesion_volume_ml(columns.lesion)),
    )
    step = volume_steps(columns.case)[columns.territory_case]
    return {end: np.maximum(volume * (1.0 - _DIRECTIONS[end] * step) - tumor, 0.0) for end in ENDS}


def shares(columns: Columns) -> FloatArray:
    """The part of the session injected into each territory: typed, or all of it where there is only one. [1]"""
    typed = columns.territory.number("drug_share")
    count = np.bincount(columns.territory_case, minlength=columns.case.rows)[columns.territory_case]
    return np.where(np.isnan(typed) & (count == 1), 1.0, typed)


def ratios(columns: Columns) -> Mapping[End, FloatArray]:
    """Low, middle and high ratio of every territory: back-solved from what was seen there, typed, or the preset's."""
    case = columns.case
    preset = case.word("carrier_preset")
    rows = [preset_named(key) for key in preset.values]
    typed: dict[End, str] = {"low": "carrier_ratio_low", "mid": "carrier_ratio", "high": "carrier_ratio_high"}
    tumor, normal = columns.per_territory(lesion_volume_ml(columns.lesion)), normal_volumes(columns)
    found: dict[End, FloatArray] = {}
    for end in ENDS:
        of_rows = [row.ratio + _DIRECTIONS[end] * row.standard_deviation for row in rows]
        of_preset = np.array([*of_rows, np.nan])[preset.codes]
        own = case.number(typed[end])
        own = np.where(np.isnan(own), case.number("carrier_ratio"), own)
        of_case = np.where(np.isnan(own), of_preset, own)
        seen = carrier.ratio_from_fraction(
            tumor_fraction=columns.territory.number("observed_tumor_fraction"),
            tumor_volume_ml=tumor,
            normal_volume_ml=normal[end],
        )
        found[end] = np.where(np.isnan(seen), of_case[columns.territory_case], seen)
    return found


def preset_named(key: str) -> CarrierPreset:
    """The preset of a key."""
    rows: tuple[CarrierPreset, ...] = reference.table("tace_carrier_presets")
    return next(row for row in rows if row.preset == key)


def lung_fractions(case: Table) -> Mapping[End, FloatArray]:
    """Lung fraction at each end: typed, else that of the oil, else 0 for beads; NaN for an unknown product. [1]"""
    low, high = (coefficient("lipiodol", f"lung_{end}_percent") for end in ("low", "high"))
    percents: dict[End, float] = {"low": high, "mid": (low + high) / 2.0, "high": low}
    of_oil = {end: fraction_from_percent(percent) for end, percent in percents.items()}
    typed, oil, beads = case.number("carrier_lung_fraction"), product_is(case, "oil"), product_is(case, "beads")
    preset = {end: np.where(oil, of_oil[end], np.where(beads, 0.0, np.nan)) for end in ENDS}
    return {end: np.where(np.isnan(typed), preset[end], typed) for end in ENDS}


def allocate(columns: Columns, administered_mg: FloatArray) -> Mapping[End, Allocation]:
    """The estimate of every case at each end. ``administered_mg`` is that of the case: planned, or delivered. [mg]"""
    ratio, lung = ratios(columns), lung_fractions(columns.case)
    volume, normal = lesion_volume_ml(columns.lesion), normal_volumes(columns)
    of_territory = administered_mg[columns.territory_case] * shares(columns)
    return {
        end: _end(
            columns,
            administered_mg=of_territory,
            ratio=ratio[end],
            lung_fraction=lung[end],
            volume_ml=volume,
            normal_ml=normal[end],
        )
        for end in ENDS
    }


def _end(
    columns: Columns,
    *,
    administered_mg: FloatArray,
    ratio: FloatArray,
    lung_fraction: FloatArray,
    volume_ml: FloatArray,
    normal_ml: FloatArray,
) -> Allocation:
    of_lesion = ratio[columns.lesion_territory]
    uptake = normal_ml + columns.per_territory(of_lesion * volume_ml)
    lung = lung_fraction[columns.territory_case]
    density = carrier.per_uptake_mg_per_ml(administered_mg=administered_mg, lung_fraction=lung, uptake_volume_ml=uptake)
    in_lesion = of_lesion * density[columns.lesion_territory]
    in_case = columns.case_of("lesion")
    lung_mg = carrier.lung_mg(administered_mg=administered_mg, lung_fraction=lung)
    total, lesion_mg = columns.per_case(administered_mg), in_lesion * volume_ml
    return Allocation(
        lung_fraction=lung_fraction,
        lung_mg=columns.per_case(lung_mg),
        territory_lung_mg=lung_mg,
        ratio=ratio,
        normal_volume_ml=normal_ml,
        uptake_volume_ml=uptake,
        normal_mg=density * normal_ml,
        normal_mg_per_ml=np.where(normal_ml > 0, density, np.nan),
        tumor_share=divided(columns.per_case(columns.per_territory(lesion_mg)), total),
        lesion_mg=lesion_mg,
        lesion_mg_per_ml=in_lesion,
        lesion_oil_ml=lesion_mg * divided(oil_injected_ml(columns.case), total)[in_case],
        lesion_released_mg=lesion_mg * released_fractions(columns.case)[in_case],
    )


def oil_injected_ml(case: Table) -> FloatArray:
    """The oil of the session that is, or was, injected. [mL]"""
    injected = case.number("fraction_injected")
    return case.number("oil_ml") * np.where(np.isnan(injected), 1.0, injected)


def observed_oil_ml(lesion: Table) -> FloatArray:
    """Oil seen in every lesion, from its iodine. [mL]"""
    return carrier.oil_ml_from_iodine(
        iodine_mg=lesion.number("iodine_mg"), iodine_mg_per_ml=coefficient("lipiodol", "iodine_mg_per_ml")
    )


def coverage_class(fraction: ArrayLike) -> FloatArray:
    """Class of coverage by oil: 1 poor, 2 moderate, 3 complete."""
    return banded("oil_coverage", "fraction", fraction)


def released_fractions(case: Table) -> FloatArray:
    """The part that each case's beads released of its drug in vitro; NaN where none is on file. [1]"""
    fraction = np.full(case.rows, np.nan)
    for released in reference.table("tace_released_fractions"):
        fits = case.word("tace_product").equal(released.product) & case.word("drug_name").equal(released.drug)
        fraction = np.where(fits, released.fraction, fraction)
    return fraction
