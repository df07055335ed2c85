"""The records of a case: what is known before treatment and what is prescribed. They compute nothing.

Attribute names equal the names in the case file. A field that is ``None`` was not given; nothing is ever assumed
for it. Ranges, units, labels and help live in ``reference_data/input_rules.csv``, one row per field.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from dosimetry.treatment_day.case import Delivery, Directive, Order, Scout, SecondCheck, Session

Disease = Literal["hcc", "icc", "mcrc", "net", "other"]
Intent = Literal["segmentectomy", "lobectomy", "unilobar", "bilobar", "whole_liver"]
ShuntMethod = Literal["planar", "spect_ct", "scout", "other"]
Segment = Literal["1", "2", "3", "4", "4a", "4b", "5", "6", "7", "8"]
Reading = Literal["lobe", "share"]
VolumeSource = Literal["ct", "mr", "cone_beam_ct", "spect_ct", "pet_ct"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """Single values of a convention, typed by the user."""

    energy_gy_kg_per_gbq: float | None = None
    tissue_density_g_per_ml: float | None = None
    half_life_h: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """Earlier treatments of the liver. Any of them true means pretreated."""

    tare: bool | None = None
    resection: bool | None = None
    systemic: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchedOff:
    """A limit that a named person switched off, and why."""

    id: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSwitches:
    """Limits and goals switched on or off against their default."""

    on: tuple[str, ...] | None = None
    off: tuple[SwitchedOff, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """A finding that a person has seen, with the value it had then. It lapses when the value changes.

    ``territory`` and ``lesion`` name what the finding was about, because its id counts them: where one is given and
    another stands in that place now, the acknowledgement lapses too.
    """

    finding: str
    value: float | None = None
    territory: str | None = None
    lesion: str | None = None
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Body size and laboratory values. Never a name, a birth date or a record number."""

    height_cm: float | None = None
    weight_kg: float | None = None
    age_years: float | None = None
    sex: Literal["female", "male"] | None = None
    bilirubin_mg_dl: float | None = None
    albumin_g_dl: float | None = None
    inr: float | None = None
    creatinine_mg_dl: float | None = None
    sodium_mmol_l: float | None = None
    ascites: Literal["none", "slight", "moderate"] | None = None
    encephalopathy: Literal["none", "grade_1_2", "grade_3_4"] | None = None
    child_pugh: Literal["A5", "A6", "B7", "B8", "B9", "C10", "C11", "C12", "C13", "C14", "C15"] | None = None
    ecog: int | None = None
    lab_date: str | None = None
    dialysis: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Staging:
    """The tumors of the whole liver, as staging counts them; for scores only."""

    tumor_count: int | None = None
    largest_tumor_cm: float | None = None
    vascular_invasion: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Liver:
    """The whole organ: all tissue, tumor included."""

    whole_volume_ml: float | None = None
    untreated_tumor_volume_ml: float | None = None
    volume_source: VolumeSource | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShuntCounts:
    """Counts of the shunt study: four planar views with optional background, or two tomographic sums."""

    lung_anterior: float | None = None
    lung_posterior: float | None = None
    liver_anterior: float | None = None
    liver_posterior: float | None = None
    background_anterior: float | None = None
    background_posterior: float | None = None
    pixels_lung: float | None = None
    pixels_liver: float | None = None
    pixels_background: float | None = None
    lung: float | None = None
    liver: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lung:
    """The lung shunt of the case, typed or counted, and what the lungs weigh and have already received."""

    shunt_fraction: float | None = None
    counts: ShuntCounts | None = None
    shunt_method: ShuntMethod | None = None
    mass_kg: float | None = None
    previous_dose_gy: float | None = None
    other_shunt_fraction: float | None = None
    other_shunt_method: ShuntMethod | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """The mapping study behind shunt and ratios."""

    agent: Literal["maa", "scout"] | None = None
    date: str | None = None
    same_catheter_position: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extrahepatic:
    """Deposition outside liver and lungs seen at mapping."""

    found: bool | None = None
    correctable: bool | None = None
    site: Literal["gastrointestinal", "other"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TumorNormalCounts:
    """Counts and volumes from which the tumor-to-normal ratio is formed."""

    lesion_counts: float
    lesion_volume_ml: float
    normal_counts: float
    normal_volume_ml: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """By how much each input is varied, in place of the steps on file: parts of the value, for the shunt points."""

    tumor_normal_ratio: float | None = None
    perfused_volume: float | None = None
    lesion_volume: float | None = None
    lung_shunt: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesion:
    """A tumor inside a territory. ``volume_ml`` includes necrosis; the ratio refers to viable tissue, per mass."""

    name: str
    volume_ml: float
    tumor_normal_ratio: float | None = None
    tumor_normal_counts: TumorNormalCounts | None = None
    tumor_normal_source: Literal["maa", "scout", "pet", "spect", "other"] | None = None
    necrotic_volume_ml: float | None = None
    density_g_per_ml: float | None = None
    kind: Literal["tumor", "thrombus"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """The model and target, or the typed activity, that a person chose for one territory."""

    model: str
    target: str | None = None
    dose_gy: float | None = None
    activity_gbq: float | None = None
    reading: Reading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """The liver volume perfused from one catheter position: one injection. Lesions are included in the volume."""

    name: str
    perfused_volume_ml: float
    lesions: tuple[Lesion, ...]
    prescription: Prescription
    residual_fraction: float | None = None
    intent: Intent | None = None
    segments: tuple[Segment, ...] | None = None
    side: str | None = None
    vessel: str | None = None
    volume_source: VolumeSource | None = None
    shunt_fraction: float | None = None
    shunt_method: ShuntMethod | None = None
    density_g_per_ml: float | None = None
    vial_age_h: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One treatment session of one patient, under a label. Hashable and printable."""

    rule_tables: ClassVar[tuple[str, ...]] = ("input_rules",)

    format: Literal["dosimetry-case"] = "dosimetry-case"
    format_version: Literal[1] = 1
    label: str
    treatment: Literal["tare"] | None = None
    device: str
    convention: str | None = None
    constants: Constants | None = None
    disease: Disease | None = None
    intent: Intent | None = None
    prior: Prior | None = None
    patient: Patient | None = None
    staging: Staging | None = None
    liver: Liver | None = None
    lung: Lung | None = None
    mapping: Mapping | None = None
    extrahepatic: Extrahepatic | None = None
    territories: tuple[Territory, ...]
    limits: LimitSwitches | None = None
    sensitivity: Sensitivity | None = None
    directive: Directive | None = None
    order: Order | None = None
    delivery: Delivery | None = None
    sessions: tuple[Session, ...] | None = None
    scout: Scout | None = None
    second_check: SecondCheck | None = None
    notes: str | None = None
    acknowledged: tuple[Acknowledgement, ...] | None = None
