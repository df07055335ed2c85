"""The records of a plan: what a case leads to. They compute nothing; attribute names equal the plan file's."""

from dataclasses import dataclass
from typing import Literal

from dosimetry.case import Case
from dosimetry.conventions import Constant

Kind = Literal["limit", "goal", "caution", "not_checked"]
Severity = Literal["stop", "caution", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a physicist must see: a limit or goal with its margin, a caution, or what was not checked.

    ``margin`` is positive where there is room. ``acknowledgement`` is ``needed`` or ``given`` where a person must
    confirm the finding before a report is made, else ``None``.
    """

    id: str
    kind: Kind
    severity: Severity
    territory: str | None
    lesion: str | None
    quantity: str
    value: float | None
    bound: float | None
    margin: float | None
    source: str
    locator: str
    verified: bool
    acknowledgement: Literal["needed", "given"] | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionDose:
    """Viable mass and mean dose of a lesion, all its parts together."""

    name: str
    mass_kg: float
    dose_gy: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryLesion:
    """The part of a lesion in one territory, with the ratio and density its dose was computed by."""

    name: str
    mass_kg: float
    dose_gy: float | None
    tumor_normal_ratio: float | None
    density_g_per_ml: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The activity one model gives for one territory, and the doses it implies."""

    model: str
    activity_gbq: float
    perfused_dose_gy: float
    normal_perfused_dose_gy: float | None
    lesions: tuple[LesionDose, ...]
    lung_dose_gy: float | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The activity at which one limit is reached with the other territories held."""

    limit: str
    activity_gbq: float
    binding: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryPlan:
    """Activity and doses of one territory. ``None`` where a number does not exist or could not be known."""

    name: str
    administered_activity_gbq: float
    vial_activity_gbq: float | None
    effective_lung_shunt_fraction: float
    density_g_per_ml: float
    perfused_mass_kg: float
    normal_perfused_mass_kg: float
    uptake_mass_kg: float | None
    liver_energy_gy_kg: float
    perfused_dose_gy: float
    normal_perfused_dose_gy: float | None
    lung_dose_share_gy: float | None
    lesions: tuple[TerritoryLesion, ...]
    proposals: tuple[Proposal, ...]
    bounds: tuple[Bound, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherActivity:
    """The activity another convention would give for a territory."""

    name: str
    administered_activity_gbq: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherConvention:
    """What another convention of the same nuclide would give."""

    convention: str
    territories: tuple[OtherActivity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that follows from a case, with what it was computed by."""

    format: Literal["dosimetry-plan"] = "dosimetry-plan"
    format_version: Literal[1] = 1
    label: str
    case: Case
    input_sha256: str
    version: str
    data_fingerprint: str
    computed_at: str
    constants: tuple[Constant, ...]
    lung_shunt_fraction: float | None
    territories: tuple[TerritoryPlan, ...]
    lesions: tuple[LesionDose, ...]
    lung_dose_gy: float | None
    lung_dose_cumulative_gy: float | None
    administered_activity_total_gbq: float
    lung_activity_gbq: float
    normal_perfused_dose_gy: float | None
    whole_normal_liver_mass_kg: float | None
    whole_normal_liver_dose_gy: float | None
    whole_liver_mass_kg: float | None
    whole_liver_dose_gy: float | None
    hepatic_reserve_fraction: float | None
    treated_fraction: float | None
    other_conventions: tuple[OtherConvention, ...]
    findings: tuple[Finding, ...]

    @property
    def unacknowledged(self) -> tuple[Finding, ...]:
        """Findings that a person must acknowledge before results are shown or reported."""
        return tuple(finding for finding in self.findings if finding.acknowledgement == "needed")
