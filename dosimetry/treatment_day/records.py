"""The records of a treatment day in a plan: ordered vials, what was delivered, sessions, second check.

They compute nothing. Instants are ISO 8601 in universal time; ``..._local`` is the same as people read it.
"""

from dataclasses import dataclass
from typing import Literal

Route = Literal["exposure rates", "measured activity", "typed fraction"]
Unit = Literal["GBq", "Gy"]
Outcome = Literal["agrees", "differs", "not typed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedTerritory:
    """The vials ordered for a territory at its planned instant of injection, beside the planned activity.

    ``difference_fraction`` is that of the administered activity. Without a residual in the case it is that of the
    whole vial, and the administered activity is ``None``.
    """

    name: str
    injection_at: str
    injection_local: str
    in_words: tuple[str, ...]
    vial_activity_gbq: float
    administered_activity_gbq: float | None
    planned_activity_gbq: float
    difference_fraction: float
    reached_at: str
    reached_in_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedDose:
    """A compartment of the whole session, as planned and with the vials that were ordered. [Gy]

    Territories without ordered vials count as planned, those that were treated with what was delivered.
    """

    compartment: str
    quantity: str
    planned_gy: float | None
    ordered_gy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveComparison:
    """What was delivered beside one value of the written directive, in the directive's own quantity.

    Beside it what imaging measured of that quantity, where it did: its own difference, and what it was measured by.
    """

    quantity: str
    unit: Unit
    revised: bool
    directed: float
    delivered: float | None
    difference_fraction: float | None
    meets_criterion: bool | None
    measured: float | None
    measured_by: str
    measured_difference_fraction: float | None
    measured_meets_criterion: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseComparison:
    """One compartment as planned, as delivered, and as imaging after treatment gave it. [Gy]"""

    compartment: str
    planned_gy: float | None
    delivered_gy: float | None
    difference_fraction: float | None
    measured_gy: float | None
    measured_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredTerritory:
    """What one territory received. Every fraction names what it is a fraction of."""

    name: str
    injected_at: str
    injected_local: str
    decay_in_words: tuple[str, ...]
    ordered_activity_gbq: float | None
    assayed_activity_gbq: float
    decayed_activity_gbq: float
    residual_route: Route
    residual_fraction: float
    delivered_activity_gbq: float
    relative_uncertainty: float | None
    planned_activity_gbq: float
    fraction_of_assayed: float
    fraction_of_decayed: float
    fraction_of_planned: float
    directive: tuple[DirectiveComparison, ...]
    doses: tuple[DoseComparison, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AsTreated:
    """The session as it was delivered. ``None`` where a territory's delivery is not recorded."""

    zone_database: str
    territories: tuple[DeliveredTerritory, ...]
    doses: tuple[DoseComparison, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cumulative:
    """Physical doses over earlier sessions, the scout and this one: sums, without any biological weighting. [Gy]

    This session counts as planned; in the doses as delivered, with what was delivered in all of its territories.
    """

    sessions: int
    earlier_activity_gbq: float | None
    earlier_lung_dose_gy: float | None
    earlier_whole_normal_liver_dose_gy: float | None
    scout_lung_dose_gy: float | None
    scout_whole_normal_liver_dose_gy: float | None
    lung_dose_gy: float | None
    whole_normal_liver_dose_gy: float | None
    lung_dose_as_delivered_gy: float | None
    whole_normal_liver_dose_as_delivered_gy: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedValue:
    """One input or result beside what the second person typed, or what the second route gives from it."""

    place: str
    name: str
    label: str
    unit: str
    of_plan: float | str | None
    of_check: float | str | None
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutcome:
    """The second check of a plan: inputs typed again, and results by the energy balance from these."""

    by: str
    at: str | None
    inputs: tuple[CheckedValue, ...]
    results: tuple[CheckedValue, ...]

    @property
    def agrees(self) -> bool:
        """Whether every driving input was typed, and every input and result agrees."""
        return all(each.outcome == "agrees" for each in (*self.inputs, *self.results))
