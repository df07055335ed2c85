"""The records of a chemoembolization case. They compute nothing.

Attribute names equal the names in the case file, as for radioembolization; patient, liver and staging are the same
records. Ranges, units, labels and help of the other fields live in ``reference_data/tace_input_rules.csv``.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from dosimetry.case import Acknowledgement, Disease, Liver, Patient, Segment, Staging, VolumeSource

Technique = Literal["ctace", "deb", "bland"]
DrugName = Literal["doxorubicin", "epirubicin", "idarubicin", "cisplatin", "miriplatin", "mitomycin", "irinotecan"]
AnthracyclineName = Literal["doxorubicin", "epirubicin", "idarubicin", "daunorubicin", "mitoxantrone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """The drug of a session: a protocol on file, and what a person chooses within it.

    ``dose_mg_per_m2``, ``dose_mg`` or ``dose_mg_per_ml`` is the dose chosen where the protocol states a range;
    ``prescribed_mg`` overrides what the protocol leads to, and both are shown.
    """

    name: DrugName
    protocol: str
    dose_mg_per_m2: float | None = None
    dose_mg: float | None = None
    dose_mg_per_ml: float | None = None
    body_surface_formula: str | None = None
    cap_mg: float | None = None
    vial_mg: float | None = None
    loading_mg_per_ml: float | None = None
    prescribed_mg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Oil:
    """Iodized oil of the session, and how many parts of it stand to one part of drug solution."""

    volume_ml: float
    oil_to_aqueous_ratio: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierDose:
    """An anthracycline given before this session, by any route."""

    drug: AnthracyclineName
    dose_mg_per_m2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierPartition:
    """The wish for an estimate of where the drug carrier goes: by a preset on file, or by typed ratios."""

    preset: str | None = None
    ratio_low: float | None = None
    ratio: float | None = None
    ratio_high: float | None = None
    ratio_source: Literal["maa", "ct", "spect", "other"] | None = None
    volume_step: float | None = None
    lung_fraction: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AsTreated:
    """What was really given: the part of the prepared drug and carrier that was injected."""

    fraction_injected: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TaceLesion:
    """A tumor inside a territory, by its volume or its diameters; what was seen of the oil in it afterwards."""

    name: str
    volume_ml: float | None = None
    diameter_cm: float | None = None
    second_diameter_cm: float | None = None
    third_diameter_cm: float | None = None
    coverage_fraction: float | None = None
    iodine_mg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaceTerritory:
    """The liver volume reached from one catheter position. Lesions are included in the volume."""

    name: str
    perfused_volume_ml: float | None = None
    lesions: tuple[TaceLesion, ...]
    drug_share: float | None = None
    observed_tumor_fraction: float | None = None
    segments: tuple[Segment, ...] | None = None
    side: str | None = None
    vessel: str | None = None
    volume_source: VolumeSource | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaceCase:
    """One chemoembolization session of one patient, under a label. Without a drug it is a bland embolization."""

    rule_tables: ClassVar[tuple[str, ...]] = ("input_rules", "tace_input_rules")

    format: Literal["dosimetry-case"] = "dosimetry-case"
    format_version: Literal[1] = 1
    label: str
    treatment: Literal["tace"] = "tace"
    technique: Technique
    product: str | None = None
    bead_size: str | None = None
    disease: Disease | None = None
    patient: Patient | None = None
    staging: Staging | None = None
    liver: Liver | None = None
    drug: Drug | None = None
    oil: Oil | None = None
    earlier_anthracycline: tuple[EarlierDose, ...] | None = None
    cardiotoxic_before: bool | None = None
    territories: tuple[TaceTerritory, ...]
    partition: CarrierPartition | None = None
    as_treated: AsTreated | None = None
    notes: str | None = None
    acknowledged: tuple[Acknowledgement, ...] | None = None
