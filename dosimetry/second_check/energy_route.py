"""Results from retyped inputs by the energy balance: scalars, one territory at a time, and none of the core's formulas.

The activity printed on the paper releases ``K A``. Of it the lungs take the shunted part; what stays is shared out as
if every gram of viable tumor were ``r`` grams of normal liver. Doses are energies over masses, nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass

GRAMS_PER_KG = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RetypedLesion:
    """A lesion as typed. [mL, mL, 1, g/mL]"""

    volume_ml: float
    necrotic_volume_ml: float
    tumor_normal_ratio: float | None
    density_g_per_ml: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RetypedTerritory:
    """A territory as typed, with the activity printed on the paper. [GBq, 1, mL, g/mL, Gy kg/GBq]"""

    activity_gbq: float
    lung_shunt_fraction: float
    perfused_volume_ml: float
    density_g_per_ml: float
    energy_gy_kg_per_gbq: float
    lesions: Mapping[str, RetypedLesion]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteDoses:
    """Doses of one territory, and the energies that go to its lungs and its normal liver. [Gy, Gy kg]"""

    perfused_gy: float | None
    normal_gy: float | None
    lesions_gy: Mapping[str, float | None]
    lung_energy_gy_kg: float


def doses(territory: RetypedTerritory) -> RouteDoses:
    """Share out the energy of one injection."""
    released = territory.energy_gy_kg_per_gbq * territory.activity_gbq
    to_lungs = released * territory.lung_shunt_fraction
    stays = released - to_lungs
    lesions = territory.lesions
    outside_ml = territory.perfused_volume_ml - sum(each.volume_ml for each in lesions.values())
    normal_g = outside_ml * territory.density_g_per_ml
    all_g = normal_g + sum(each.volume_ml * each.density_g_per_ml for each in lesions.values())
    shares_g = {name: _share_g(each) for name, each in lesions.items()}
    known_g = [share for share in shares_g.values() if share is not None]
    per_gram = stays / (normal_g + sum(known_g)) if len(known_g) == len(lesions) else None
    return RouteDoses(
        perfused_gy=_over(stays, all_g),
        normal_gy=None if per_gram is None else _over(per_gram * normal_g, normal_g),
        lesions_gy={
            name: None if per_gram is None else _over(per_gram * (shares_g[name] or 0.0), _viable_g(each))
            for name, each in lesions.items()
        },
        lung_energy_gy_kg=to_lungs,
    )


def _viable_g(lesion: RetypedLesion) -> float:
    return (lesion.volume_ml - lesion.necrotic_volume_ml) * lesion.density_g_per_ml


def _share_g(lesion: RetypedLesion) -> float | None:
    """The grams of normal liver that would take up as much as the lesion; not known without its ratio."""
    return None if lesion.tumor_normal_ratio is None else _viable_g(lesion) * lesion.tumor_normal_ratio


def _over(energy_gy_kg: float, grams: float) -> float | None:
    """Mean dose; tissue without mass has none."""
    return energy_gy_kg / (grams / GRAMS_PER_KG) if grams > 0 else None
