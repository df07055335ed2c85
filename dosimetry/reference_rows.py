"""The rows of the reference tables, one record a table. A record's fields are the columns of its CSV."""

from dataclasses import dataclass
from typing import ClassVar, Literal

Evidence = Literal["label", "guideline", "trial", "series", "convention", "calculated", "evaluation"]
ANY = "*"
"""In a column of what a row is for: for whatever there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publication, label, data set or page. ``read`` is false where it is known only from memory or by quotation."""

    key: ClassVar[tuple[str, ...]] = ("source_id",)
    source_id: str
    kind: str
    citation: str
    doi: str
    read: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """What every row of every other table carries. ``verified`` only where the value was read at its source."""

    source_id: str
    locator: str
    evidence: Evidence
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Nuclide(Sourced):
    """A nuclide, and the ranges outside which a typed constant cannot be meant for it."""

    key: ClassVar[tuple[str, ...]] = ("nuclide",)
    nuclide: str
    name: str
    energy_lower_gy_kg_per_gbq: float
    energy_upper_gy_kg_per_gbq: float
    half_life_lower_h: float
    half_life_upper_h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ConventionValue(Sourced):
    """One constant of one convention for one nuclide."""

    key: ClassVar[tuple[str, ...]] = ("convention", "nuclide", "quantity")
    convention: str
    nuclide: str
    quantity: Literal["energy_gy_kg_per_gbq", "mean_electron_energy_mev", "half_life_h", "tissue_density_g_per_ml"]
    value: float
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Device(Sourced):
    """Microspheres of one maker.

    ``ordered_as`` says what an order is made of: whole vials of fixed sizes, a stock vial from which activities are
    drawn, or an activity at a reference instant.
    """

    key: ClassVar[tuple[str, ...]] = ("device",)
    device: str
    product: str
    nuclide: str
    material: str
    sphere_diameter_lower_um: float
    sphere_diameter_upper_um: float
    ordered_as: Literal["vials", "stock", "reference"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit(Sourced):
    """A clinical limit, goal or target dose: ``quantity comparator bound``, for whom it was published.

    ``device``, ``disease`` and ``intent`` are ``*`` or words apart by ``|``. ``condition`` is read by
    `clauses.clauses`; where it cannot be judged, the row is not checked, or with ``if_unknown`` it is checked and
    crossing it has at most that severity: ``stop`` where a stricter row holds if this one does not. An empty
    ``severity`` follows from ``verified``: a verified limit that is crossed is a stop, any other a caution; goals have
    at most a caution. A target (comparator ``=``) gives a proposal, and a caution above it.
    """

    key: ClassVar[tuple[str, ...]] = ("limit_id",)
    limit_id: str
    kind: Literal["limit", "goal", "target"]
    device: str
    disease: str
    intent: str
    quantity: str
    comparator: Literal["<", "<=", ">", ">=", "="]
    bound: float
    unit: Literal["Gy", "GBq", "%", "mg/dL", "found"]
    condition: str
    if_unknown: Literal["", "caution", "stop"]
    severity: Literal["", "stop", "caution", "note"]
    label: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient(Sourced):
    """One number of a published formula."""

    key: ClassVar[tuple[str, ...]] = ("formula", "coefficient")
    formula: str
    coefficient: str
    value: float
    unit: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityBand(Sourced):
    """A step of a rule that reads an activity, or its reduction, off a table: ``lower <= x < upper`` gives ``value``.

    ``closed`` says which end belongs to the band. An empty ``value`` means that the rule gives no activity there.
    """

    key: ClassVar[tuple[str, ...]] = ("rule", "lower")
    rule: Literal["resin_shunt_reduction", "resin_empirical_activity"]
    quantity: str
    lower: float
    upper: float
    closed: Literal["lower", "upper", "both"]
    value: float | None
    unit: Literal["GBq", "%"]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Band(Sourced):
    """A step of a rule that reads a number off bands: a score, a risk or a reduction.

    ``part`` is the quantity that is looked up, ``closed`` says which ends belong to the band; an empty end is open to
    all sides. An empty ``value`` means that the rule gives nothing there.
    """

    key: ClassVar[tuple[str, ...]] = ("rule", "part", "lower", "upper")
    rule: str
    part: str
    lower: float | None
    upper: float | None
    closed: Literal["", "lower", "upper", "both"]
    value: float | None
    label: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SphereActivity(Sourced):
    """Activity per sphere at the instant named, least and most, as printed or from the spheres in a vial. [Bq]"""

    key: ClassVar[tuple[str, ...]] = ("device",)
    device: str
    vial_activity_gbq: float | None
    spheres_lower_million: float | None
    spheres_upper_million: float | None
    sphere_activity_lower_bq: float | None
    sphere_activity_upper_bq: float | None
    refers_to: Literal["calibration", "treatment"]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentShare(Sourced):
    """The part of the liver that an intent usually treats. [%]

    In one territory, in all of a case of that intent, or together in several territories of one or more intents, which
    stand apart by ``|``.
    """

    key: ClassVar[tuple[str, ...]] = ("intent", "of")
    intent: str
    of: Literal["territory", "case", "together"]
    lower: float | None
    upper: float | None
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LobeShare(Sourced):
    """The most of the liver that one side usually is. [%]"""

    key: ClassVar[tuple[str, ...]] = ("side",)
    side: Literal["left", "right"]
    upper: float
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation(Sourced):
    """By how much an input is varied to see what the doses owe to it.

    ``quantity`` is a flat name; others after it, apart by ``|``, change in the same proportion. A step that is not
    relative is of a fraction, in points: it ends at 0, and below 1.
    """

    key: ClassVar[tuple[str, ...]] = ("name",)
    name: str
    quantity: str
    step: float
    is_relative: bool
    label: str
    note: str

    @property
    def inputs(self) -> tuple[str, ...]:
        """The inputs that are changed, the one it is named by first."""
        return tuple(self.quantity.split("|"))


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRule(Sourced):
    """A field of the case: its path, label, unit and the range outside which it must be a slip."""

    key: ClassVar[tuple[str, ...]] = ("name",)
    name: str
    path: str
    label: str
    unit: str
    lower: float | None
    lower_open: bool
    upper: float | None
    upper_open: bool
    entered_as: str
    choices: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip(Sourced):
    """A usual slip: when ``value * factor`` would be allowed, the hint is offered."""

    key: ClassVar[tuple[str, ...]] = ("name", "factor")
    name: str
    factor: float
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusualInterval(Sourced):
    """Possible but suspicious values, ends excluded, for ``device``: they need an acknowledgement."""

    key: ClassVar[tuple[str, ...]] = ("name", "device", "lower", "upper")
    name: str
    device: str
    lower: float | None
    upper: float | None
    hint: str
