"""The rows of the reference tables, one record a table. A record's fields are the columns of its CSV."""

from dataclasses import dataclass
from typing import ClassVar, Literal

Evidence = Literal["label", "guideline", "trial", "series", "convention", "calculated", "evaluation"]


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
    """Microspheres of one maker."""

    key: ClassVar[tuple[str, ...]] = ("device",)
    device: str
    product: str
    nuclide: str
    material: str
    sphere_diameter_lower_um: float
    sphere_diameter_upper_um: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit(Sourced):
    """A clinical limit or goal: ``quantity comparator bound``, for ``device``, when ``condition`` holds.

    An empty ``severity`` follows from ``verified``: a verified limit that is crossed is a stop, any other a caution.
    """

    key: ClassVar[tuple[str, ...]] = ("limit_id",)
    limit_id: str
    kind: Literal["limit", "goal"]
    device: str
    quantity: str
    comparator: Literal["<", "<=", ">", ">="]
    bound: float
    unit: Literal["Gy", "GBq", "%", "found"]
    condition: str
    severity: Literal["", "stop", "caution"]
    label: str
    note: str


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
