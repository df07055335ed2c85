"""Constants of a case: from its convention, its device's nuclide, and what the user typed over them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np

from dosimetry import decay, reference
from dosimetry.arrays import FloatArray
from dosimetry.columns import Columns
from dosimetry.reference_rows import ConventionValue

QUANTITIES = ("energy_gy_kg_per_gbq", "tissue_density_g_per_ml", "half_life_h")
TYPED = "typed by the user"


@dataclass(frozen=True, slots=True)
class Constants:
    """Resolved constants, one value a case; NaN where neither convention nor user gives one."""

    energy_gy_kg_per_gbq: FloatArray
    tissue_density_g_per_ml: FloatArray
    half_life_h: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """One constant of a plan with where it comes from."""

    name: str
    value: float
    unit: str
    source: str
    locator: str
    verified: bool


@cache
def convention_names(nuclide: str | None = None) -> tuple[str, ...]:
    """Names of the conventions on file, of one nuclide or of all."""
    return tuple(dict.fromkeys(row.convention for row in reference.conventions() if nuclide in (None, row.nuclide)))


@cache
def constants_of(convention: str, nuclide: str) -> Mapping[str, float]:
    """Constants of a convention for a nuclide, empty when it has none.

    A convention that states a mean energy per decay instead of an energy per activity has the latter computed.
    """
    values: dict[str, float] = {row.quantity: row.value for row in _rows(convention, nuclide)}
    if "mean_electron_energy_mev" in values:
        energy_mev = values.pop("mean_electron_energy_mev")
        values["energy_gy_kg_per_gbq"] = float(
            decay.energy_gy_kg_per_gbq(mean_energy_mev=energy_mev, half_life_h=values["half_life_h"])
        )
    return MappingProxyType(values)


def _rows(convention: str, nuclide: str) -> tuple[ConventionValue, ...]:
    return tuple(row for row in reference.conventions() if (row.convention, row.nuclide) == (convention, nuclide))


@cache
def documented_densities(convention: str | None, nuclide: str) -> frozenset[float]:
    """Densities that need no acknowledgement: the convention's, or any of the nuclide's without a convention."""
    known = convention_names(nuclide)
    names = [name for name in known if name == convention] or known
    found = (constants_of(name, nuclide).get("tissue_density_g_per_ml") for name in names)
    return frozenset(density for density in found if density is not None)


def resolve(columns: Columns) -> Constants:
    """Constants of every case: looked up once per device and convention, then taken; typed values win."""
    device, convention = columns.case.word("device"), columns.case.word("convention")
    step = len(convention.values) + 1
    looked_up = np.full((len(QUANTITIES), (len(device.values) + 1) * step), np.nan)
    for device_code, key in enumerate(device.values):
        nuclide = reference.device_named(key).nuclide
        for convention_code, name in enumerate(convention.values):
            found = constants_of(name, nuclide)
            pair = (device_code + 1) * step + convention_code + 1
            looked_up[:, pair] = [found.get(quantity, np.nan) for quantity in QUANTITIES]
    place = (device.codes + 1) * step + convention.codes + 1
    typed = columns.case.numbers
    return Constants(
        *(_typed_or(typed.get(quantity), looked_up[row][place]) for row, quantity in enumerate(QUANTITIES))
    )


def _typed_or(typed: FloatArray | None, looked_up: FloatArray) -> FloatArray:
    return looked_up if typed is None else np.where(np.isnan(typed), looked_up, typed)


def sourced(constants: Constants, columns: Columns, row: int) -> tuple[Constant, ...]:
    """The constants of one case, each with its source."""
    convention = columns.case.word("convention")
    name = convention.values[convention.codes[row]] if convention.codes[row] >= 0 else ""
    nuclide = reference.device_named(_word(columns, "device", row)).nuclide
    origins: dict[str, ConventionValue] = {
        "energy_gy_kg_per_gbq" if origin.quantity == "mean_electron_energy_mev" else origin.quantity: origin
        for origin in _rows(name, nuclide)
    }
    found: list[Constant] = []
    for quantity in QUANTITIES:
        value = float(getattr(constants, quantity)[row])
        is_typed = not np.isnan(columns.case.number(quantity)[row])
        if not np.isnan(value):
            found.append(_constant(quantity, value, None if is_typed else origins[quantity]))
    return tuple(found)


def _constant(quantity: str, value: float, origin: ConventionValue | None) -> Constant:
    unit = reference.field(quantity).unit
    if origin is None:
        return Constant(name=quantity, value=value, unit=unit, source=TYPED, locator="", verified=False)
    is_computed = origin.quantity != quantity
    locator = f"{origin.locator}; computed from {origin.value:g} MeV per decay" if is_computed else origin.locator
    locator = f"{locator}. {origin.note}" if origin.note else locator
    return Constant(
        name=quantity,
        value=value,
        unit=unit,
        source=f"convention {origin.convention}: {reference.citation(origin.source_id)}",
        locator=locator,
        verified=origin.verified,
    )


def _word(columns: Columns, name: str, row: int) -> str:
    words = columns.case.word(name)
    return words.values[int(words.codes[row])]
