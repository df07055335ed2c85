"""The records of a plan: what a case leads to. They compute nothing; attribute names equal the plan file's."""

from dataclasses import dataclass
from typing import Literal

from dosimetry.case import Case
from dosimetry.conventions import Constant
from dosimetry.treatment_day.records import AsTreated, CheckOutcome, Cumulative, OrderedDose, OrderedTerritory

Kind = Literal["limit", "goal", "caution", "not_checked"]
Severity = Literal["stop", "caution", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a physicist must see: a limit or goal with its margin, a caution, or what was not checked.

    ``margin`` is positive where there is room. ``at_least`` is true where the value is what is known of it, and the
    whole is that or more: the room below a bound is then at most the margin. ``acknowledgement`` is ``needed`` or
    ``given`` where a person must confirm the finding before a report is made, else ``None``.
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
    at_least: bool
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
    """The activity one model gives for one territory by a target of its own, and the doses it implies.

    The other territories keep their activities; ``lung_dose_gy`` is that of the whole session. ``target`` is as in a
    prescription; ``note`` names what the target comes from; ``exceeds`` the limits that its doses would cross.
    """

    model: str
    target: str | None
    dose_gy: float | None
    reading: str | None
    activity_gbq: float
    perfused_dose_gy: float
    normal_perfused_dose_gy: float | None
    lesions: tuple[LesionDose, ...]
    lung_dose_gy: float | None
    exceeds: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoProposal:
    """A model that proposes nothing for a territory, and why."""

    model: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The activity at which one limit or goal is reached, with the other territories held.

    ``activity_gbq`` is ``None`` where the others alone exceed the limit, or where it does not depend on the activity
    and is exceeded whatever that is. ``binding`` is true for the limit that allows the least.
    """

    limit: str
    kind: Literal["limit", "goal"]
    lesion: str | None
    activity_gbq: float | None
    binding: bool
    verified: bool


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
    liver_share_fraction: float | None
    sphere_activity_lower_bq: float | None
    sphere_activity_upper_bq: float | None
    spheres_lower_million: float | None
    spheres_upper_million: float | None
    spheres_per_ml_lower: float | None
    spheres_per_ml_upper: float | None
    lesions: tuple[TerritoryLesion, ...]
    proposals: tuple[Proposal, ...]
    no_proposals: tuple[NoProposal, ...]
    bounds: tuple[Bound, ...]
    bounds_in_words: str
    bounds_in_short: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryDoses:
    """Doses of one territory under other circumstances, its activity as planned."""

    name: str
    perfused_dose_gy: float
    normal_perfused_dose_gy: float | None
    lesions: tuple[LesionDose, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doses:
    """Doses of a session under other circumstances, all activities as planned."""

    lung_dose_gy: float | None
    whole_normal_liver_dose_gy: float | None
    territories: tuple[TerritoryDoses, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherActivity:
    """The activity another convention would give for a territory, by the same prescription; ``None`` for none."""

    name: str
    administered_activity_gbq: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherConvention:
    """What another convention of the same nuclide would give: other activities, or other doses of the planned ones."""

    convention: str
    energy_gy_kg_per_gbq: float
    tissue_density_g_per_ml: float
    territories: tuple[OtherActivity, ...]
    doses: Doses


@dataclass(frozen=True, slots=True, kw_only=True)
class Varied:
    """Doses of the planned activities with one input changed: ``change`` is relative, or in the unit of the input.

    ``doses`` is ``None`` where the change is not possible; ``note`` says so.
    """

    input: str
    label: str
    change: float
    is_relative: bool
    doses: Doses | None
    note: str
    source: str
    locator: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Inapplicable:
    """A limit or goal on file for the device that does not apply to a territory, or with ``None`` to the case."""

    limit: str
    territory: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingInput:
    """An input that was not given, and the numbers or limits it would give."""

    path: str
    gives: tuple[str, ...]
    message: str


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
    tumor_involvement_fraction: float | None
    body_surface_m2: float | None
    other_conventions: tuple[OtherConvention, ...]
    sensitivity: tuple[Varied, ...]
    inapplicable: tuple[Inapplicable, ...]
    missing: tuple[MissingInput, ...]
    ordered: tuple[OrderedTerritory, ...]
    ordered_doses: tuple[OrderedDose, ...]
    as_treated: AsTreated | None
    cumulative: Cumulative | None
    second_check: CheckOutcome | None
    findings: tuple[Finding, ...]

    @property
    def unacknowledged(self) -> tuple[Finding, ...]:
        """Findings that a person must acknowledge before results are shown or reported."""
        return tuple(finding for finding in self.findings if finding.acknowledgement == "needed")
