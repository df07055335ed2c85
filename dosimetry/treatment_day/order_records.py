"""The records of an order: options of every territory with their windows. They compute nothing.

Instants are ISO 8601 in universal time; beside them stand the same instants as people read them, in the typed zone.
"""

from dataclasses import dataclass
from typing import Literal

from dosimetry.plan_record import Finding, LesionDose

Assumed = Literal["vial", "calibration", "shelf life"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VialAtInjection:
    """One vial of an option, from calibration to injection."""

    calibrated_activity_gbq: float
    calibrated_at: str
    calibrated_local: str
    vial_age_h: float
    activity_gbq: float
    in_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One vial or a pair for one territory, with what it would give at the planned instant of injection.

    ``difference_fraction`` is of the planned activity; the window holds the instants within tolerance. Doses are of
    this territory, the lung dose of the whole session. In it, and for ``limits_crossed``, the ids of the limits that
    the option crosses, the other territories count as delivered, else as ordered, else as planned.
    """

    vials: tuple[VialAtInjection, ...]
    vial_activity_gbq: float
    administered_activity_gbq: float
    difference_fraction: float
    is_within_tolerance: bool
    window_from: str
    window_until: str
    window_local: tuple[str, str]
    perfused_dose_gy: float
    normal_perfused_dose_gy: float | None
    lesions: tuple[LesionDose, ...]
    lung_dose_gy: float | None
    sphere_activity_lower_bq: float
    sphere_activity_upper_bq: float
    spheres_lower_million: float
    spheres_upper_million: float
    spheres_per_ml_lower: float
    spheres_per_ml_upper: float
    limits_crossed: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryOptions:
    """What one territory needs at its instant of injection, and the options on offer.

    ``reference_activity_gbq`` is the activity to order at the reference instant, where the case names one.
    """

    name: str
    injection_at: str
    injection_local: str
    planned_activity_gbq: float
    residual_fraction: float
    vial_activity_gbq: float
    window_from: str
    window_until: str
    reference_activity_gbq: float | None
    reference_in_words: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What is drawn from a stock vial for one territory: by the calibrator's difference; the volume is guidance."""

    name: str
    dispense_gbq: float
    before_gbq: float
    after_gbq: float
    guidance_volume_ml: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """One stock vial from which all territories are drawn in turn; a negative rest means that it does not suffice."""

    vial: VialAtInjection
    draws: tuple[Draw, ...]
    remaining_gbq: float
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """A size, a calibration or a shelf life that an order was made with, and where it comes from."""

    what: Assumed
    value: str
    source: str
    locator: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSheet:
    """Everything that follows from the order of a case, with what it was computed by."""

    format: Literal["dosimetry-order"] = "dosimetry-order"
    format_version: Literal[1] = 1
    label: str
    device: str
    input_sha256: str
    version: str
    data_fingerprint: str
    zone_database: str
    computed_at: str
    half_life_h: float
    tolerance_fraction: float
    territories: tuple[TerritoryOptions, ...]
    stocks: tuple[Stock, ...]
    assumptions: tuple[Assumption, ...]
    findings: tuple[Finding, ...]
