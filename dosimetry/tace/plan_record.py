"""The records of a chemoembolization plan. They compute nothing; attribute names equal the plan file's."""

from dataclasses import dataclass
from typing import Literal

from dosimetry.plan_record import Finding, MissingInput
from dosimetry.scores import Score
from dosimetry.tace.allocation import End
from dosimetry.tace.case import TaceCase


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseStep:
    """One step of the dose: what it is, what it gives, by what, and where that comes from.

    ``change`` is what it adds to the amount before it; 0 where it changes nothing, none where there is no amount yet.
    """

    step: str
    label: str
    value: float | None
    unit: str
    by: str
    source: str
    locator: str
    verified: bool
    change: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparationFact:
    """What a source says of preparing or injecting the carrier; ``lower`` to ``upper`` for the beads of this plan."""

    item: str
    label: str
    text: str
    lower: float | None
    upper: float | None
    unit: str
    source: str
    locator: str
    verified: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaceLesionPlan:
    """One lesion of a territory: what was seen of the oil in it."""

    name: str
    volume_ml: float | None
    observed_oil_ml: float | None
    observed_oil_fraction: float | None
    coverage_class: Literal["poor", "moderate", "complete"] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaceTerritoryPlan:
    """One territory and its part of the session."""

    name: str
    share: float | None
    normal_volume_ml: float | None
    administered_mg: float | None
    lesions: tuple[TaceLesionPlan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocatedLesion:
    """Carrier allocated to one lesion; ``oil_ml`` and ``released_mg`` are what goes with it."""

    name: str
    allocated_mg: float | None
    allocated_mg_per_ml: float | None
    oil_ml: float | None
    released_in_vitro_mg: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocatedTerritory:
    """Carrier allocated inside one territory."""

    name: str
    ratio: float | None
    normal_volume_ml: float | None
    uptake_volume_ml: float | None
    lung_mg: float | None
    normal_mg: float | None
    normal_mg_per_ml: float | None
    lesions: tuple[AllocatedLesion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierAllocation:
    """The estimate at one end of its band: where the administered carrier goes."""

    end: End
    lung_fraction: float | None
    lung_mg: float | None
    tumor_share: float | None
    territories: tuple[AllocatedTerritory, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TacePlan:
    """Everything that follows from a chemoembolization case, with what it was computed by."""

    format: Literal["dosimetry-plan"] = "dosimetry-plan"
    format_version: Literal[1] = 1
    treatment: Literal["tace"] = "tace"
    label: str
    case: TaceCase
    input_sha256: str
    version: str
    data_fingerprint: str
    computed_at: str
    steps: tuple[DoseStep, ...]
    body_surface_m2: float | None
    base_mg: float | None
    bilirubin_part: float | None
    reduced_mg: float | None
    cap_mg: float | None
    capped_mg: float | None
    full_vial_mg: float | None
    protocol_mg: float | None
    planned_mg: float | None
    planned_mg_per_m2: float | None
    vials: float | None
    vial_mg: float | None
    bead_ml: float | None
    loading_mg_per_ml: float | None
    earlier_anthracycline_mg_per_m2: float | None
    session_anthracycline_mg_per_m2: float | None
    cumulative_anthracycline_mg_per_m2: float | None
    anthracycline_risk: str | None
    oil_ml: float | None
    aqueous_ml: float | None
    drug_solution_mg_per_ml: float | None
    delivered_mg: float | None
    administered_mg: float | None
    remaining_mg: float | None
    oil_delivered_ml: float | None
    part_of_standard_liver_volume: float | None
    territories: tuple[TaceTerritoryPlan, ...]
    allocation: tuple[CarrierAllocation, ...]
    released_fraction: float | None
    preparation: tuple[PreparationFact, ...]
    scores: tuple[Score, ...]
    missing: tuple[MissingInput, ...]
    findings: tuple[Finding, ...]

    @property
    def unacknowledged(self) -> tuple[Finding, ...]:
        """Findings that a person must acknowledge before results are shown or reported."""
        return tuple(finding for finding in self.findings if finding.acknowledgement == "needed")
