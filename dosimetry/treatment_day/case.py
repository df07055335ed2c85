"""The records of a treatment day in a case: order, delivery, written directive, earlier sessions, second check.

They compute nothing and are all optional. Each names its territories by their names in the case. Instants are texts,
as `instants.instant_from_text` reads them.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedVial:
    """A vial that was ordered: its activity at its calibration instant."""

    calibrated_activity_gbq: float
    calibrated_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryOrder:
    """When one territory is to be injected, and the vials that were ordered for it.

    The residual takes the place of the one that the territory expects.
    """

    territory: str
    injection_at: str
    residual_fraction: float | None = None
    vials: tuple[OrderedVial, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What an order needs beyond the plan. Typed sizes, calibrations and shelf life take the place of those on file."""

    tolerance_fraction: float
    territories: tuple[TerritoryOrder, ...]
    pairs: bool | None = None
    custom_steps: bool | None = None
    vial_activities_gbq: tuple[float, ...] | None = None
    calibrated_at: tuple[str, ...] | None = None
    shelf_life_h: float | None = None
    drawn_at: str | None = None
    reference_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredVial:
    """An assayed vial: its activity, or the calibrator's readings of the stock before and after drawing it."""

    assayed_at: str
    assay_activity_gbq: float | None = None
    before_drawing_gbq: float | None = None
    after_drawing_gbq: float | None = None
    lot: str | None = None
    calibrator: str | None = None
    setting: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureRates:
    """Readings of a jar from several sides at one distance, all in the unit of the territory's ``rate_unit``."""

    rates: tuple[float, ...]
    measured_at: str
    background_rate: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredLesion:
    """What imaging after treatment gave for a lesion: a mean dose, or a ratio."""

    name: str
    dose_gy: float | None = None
    tumor_normal_ratio: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What imaging after treatment gave for one territory."""

    imaging: Literal["pet", "spect", "mr", "other"]
    normal_perfused_dose_gy: float | None = None
    lesions: tuple[MeasuredLesion, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryDelivery:
    """What one territory received: vials, instant, residual by one of three ways, and how the injection ended."""

    territory: str
    vials: tuple[DeliveredVial, ...]
    injected_at: str
    residual_activity_gbq: float | None = None
    residual_measured_at: str | None = None
    residual_fraction: float | None = None
    rate_unit: Literal["mr_per_h", "usv_per_h", "counts_per_s"] | None = None
    rates_before: ExposureRates | None = None
    rates_after: ExposureRates | None = None
    contamination_checked: bool | None = None
    survey: str | None = None
    stasis: bool | None = None
    stopped_early: bool | None = None
    reason: str | None = None
    measured: Measured | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What was really given, with the relative standard uncertainties of calibrator and readings as typed."""

    territories: tuple[TerritoryDelivery, ...]
    calibrator_uncertainty_fraction: float | None = None
    reading_uncertainty_fraction: float | None = None
    measured_lung_dose_gy: float | None = None
    measured_lung_shunt_fraction: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryDirective:
    """The written directive of one territory: a dose to a target, or an activity. A revision keeps both values."""

    territory: str
    target: str | None = None
    dose_gy: float | None = None
    activity_gbq: float | None = None
    until_stasis: bool | None = None
    revised_dose_gy: float | None = None
    revised_activity_gbq: float | None = None
    revised_at: str | None = None
    revised_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """The written directive of the session."""

    territories: tuple[TerritoryDirective, ...]
    written_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An earlier radioembolization: what was given, what lungs and normal liver received, and the mass of the liver."""

    date: str
    device: str
    activity_gbq: float | None = None
    lung_dose_gy: float | None = None
    whole_normal_liver_dose_gy: float | None = None
    whole_normal_liver_mass_kg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryScout:
    """The Ho-166 scout activity that one territory received at mapping."""

    territory: str
    activity_gbq: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scout:
    """The Ho-166 scout of a session: its activity is not nothing, and adds to liver and lungs."""

    territories: tuple[TerritoryScout, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedLesion:
    """A lesion as a second person typed it from the paper."""

    name: str
    volume_ml: float | None = None
    necrotic_volume_ml: float | None = None
    tumor_normal_ratio: float | None = None
    density_g_per_ml: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedTerritory:
    """A territory as a second person typed it from the paper, with the activity printed there."""

    name: str
    perfused_volume_ml: float | None = None
    administered_activity_gbq: float | None = None
    target_dose_gy: float | None = None
    residual_fraction: float | None = None
    lung_shunt_fraction: float | None = None
    density_g_per_ml: float | None = None
    lesions: tuple[CheckedLesion, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondCheck:
    """The driving inputs of a plan, typed again by a second person who did not see them on the screen."""

    by: str
    at: str | None = None
    device: str | None = None
    energy_gy_kg_per_gbq: float | None = None
    tissue_density_g_per_ml: float | None = None
    lung_shunt_fraction: float | None = None
    lung_mass_kg: float | None = None
    whole_liver_volume_ml: float | None = None
    territories: tuple[CheckedTerritory, ...]
