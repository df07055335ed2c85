"""The rows of the tables of chemoembolization, one record a table."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Literal

from dosimetry.reference_rows import InputRule, Sourced, UnusualInterval

Basis = Literal["mg_per_m2", "mg", "mg_per_ml"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaceProtocol(Sourced):
    """A published dose rule: ``lower`` to ``upper`` of ``basis``, and what its source says of reductions and vials.

    Where both ends are equal the dose is stated; otherwise a person chooses within them. ``amounts`` holds, apart by
    ``|``, the doses a source prints where it prints single ones; empty for a whole range. ``bilirubin_rule`` names
    bands of ``score_bands.csv``; empty where none is applied. ``full_vial_mg`` is the most drug on one vial of beads,
    where the source states it a vial and not by ``loading_mg_per_ml``. ``products`` are those it was published for,
    apart by ``|``; empty for iodized oil.
    """

    key: ClassVar[tuple[str, ...]] = ("protocol",)
    protocol: str
    label: str
    technique: Literal["ctace", "deb"]
    drug: str
    products: str
    basis: Basis
    lower: float
    upper: float
    amounts: str
    bilirubin_rule: str
    cap_mg: float | None
    loading_mg_per_ml: float | None
    full_vial_mg: float | None
    largest_vials: float | None
    milan: Literal["", "within", "beyond"]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaceProduct(Sourced):
    """A carrier: iodized oil, or the beads of one maker. ``bead_ml`` is the volume of beads in a vial."""

    key: ClassVar[tuple[str, ...]] = ("product",)
    product: str
    label: str
    kind: Literal["oil", "beads"]
    bead_ml: float | None
    sizes: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeadSize(Sourced):
    """One size in which the beads of a product are sold or were used."""

    key: ClassVar[tuple[str, ...]] = ("size",)
    size: str
    product: str
    label: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation(Sourced):
    """What a source says of preparing or injecting the carrier of a technique and product, or ``*`` for any.

    ``lower`` to ``upper`` of ``unit``, for each mL of beads where ``per_bead_ml``; both may be empty.
    """

    key: ClassVar[tuple[str, ...]] = ("item", "technique", "product")
    item: str
    technique: Literal["ctace", "deb"]
    product: str
    label: str
    lower: float | None
    upper: float | None
    unit: str
    per_bead_ml: bool
    text: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaceLimit(Sourced):
    """A limit of a chemoembolization: ``quantity comparator bound`` for a technique and drug, or ``*`` for any.

    ``condition`` is one comparison with an input, as in ``age_years > 65``, or empty. An empty ``severity`` follows
    from ``verified``, as for radioembolization.
    """

    key: ClassVar[tuple[str, ...]] = ("limit_id",)
    limit_id: str
    technique: Literal["*", "ctace", "deb", "bland", "ctace|bland"]
    drug: str
    basis: Literal["*", "mg_per_m2", "mg", "mg_per_ml"]
    quantity: str
    comparator: Literal["<", "<=", ">", ">="]
    bound: float
    unit: str
    condition: str
    severity: Literal["", "stop", "caution", "note"]
    label: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnthracyclineFactor(Sourced):
    """What a dose of an anthracycline is multiplied by to compare it with doxorubicin, for the heart."""

    key: ClassVar[tuple[str, ...]] = ("drug",)
    drug: str
    factor: float
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierPreset(Sourced):
    """A published ratio of carrier per volume in tumor and in normal liver, with its spread.

    ``disease`` holds the diseases it was measured in, apart by ``|``.
    """

    key: ClassVar[tuple[str, ...]] = ("preset",)
    preset: str
    kind: Literal["oil", "beads"]
    disease: str
    label: str
    ratio: float
    standard_deviation: float
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedFraction(Sourced):
    """The part of a loaded drug that beads released in vitro."""

    key: ClassVar[tuple[str, ...]] = ("product", "drug")
    product: str
    drug: str
    fraction: float
    standard_deviation: float | None
    condition: str
    note: str


TACE_TABLES: MappingProxyType[str, type[Any]] = MappingProxyType(
    {
        "tace_input_rules": InputRule,
        "tace_protocols": TaceProtocol,
        "tace_products": TaceProduct,
        "tace_bead_sizes": BeadSize,
        "tace_preparation": Preparation,
        "tace_limits": TaceLimit,
        "tace_anthracyclines": AnthracyclineFactor,
        "tace_carrier_presets": CarrierPreset,
        "tace_released_fractions": ReleasedFraction,
        "tace_unusual_intervals": UnusualInterval,
    }
)
