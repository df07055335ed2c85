"""The rows of the reference tables of a treatment day: vials, calibrations, shelf lives, agreement figures."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Literal

from dosimetry.reference_rows import Sourced


@dataclass(frozen=True, slots=True, kw_only=True)
class Vial(Sourced):
    """A vial that can be ordered: its activity at calibration, or the step between custom activities. [GBq, mL]"""

    key: ClassVar[tuple[str, ...]] = ("device", "kind", "activity_gbq")
    device: str
    kind: Literal["size", "custom_step"]
    activity_gbq: float
    volume_ml: float | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration(Sourced):
    """When vials are calibrated: on a weekday, or a number of days after the day of injection, at a clock time."""

    key: ClassVar[tuple[str, ...]] = ("device", "weekday", "days_after_injection", "zone")
    device: str
    weekday: Literal["", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    days_after_injection: float | None
    clock: str
    zone: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfLife(Sourced):
    """How long after calibration a vial may be used. [h]"""

    key: ClassVar[tuple[str, ...]] = ("device",)
    device: str
    shelf_life_h: float
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(Sourced):
    """How far predicted and measured doses lay apart in one publication: a figure as printed, for context only."""

    key: ClassVar[tuple[str, ...]] = ("compartment", "source_id", "what")
    compartment: Literal["lesion", "normal_perfused", "lungs", "activity"]
    what: str
    figure: str
    note: str


TREATMENT_TABLES: MappingProxyType[str, type[Any]] = MappingProxyType(
    {
        "vials": Vial,
        "calibrations": Calibration,
        "shelf_lives": ShelfLife,
        "agreement": Agreement,
    }
)
