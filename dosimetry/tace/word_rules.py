"""Rules on the words of a chemoembolization case: what belongs together, and names that are unique."""

from collections.abc import Iterator

from dosimetry.problems import Problem, repeated
from dosimetry.staging_rules import tumor_count_holds_its_lesions
from dosimetry.tace.case import Drug, TaceCase
from dosimetry.tace.columns import bead_size_named, product_named, protocol_named
from dosimetry.tace.dosing import CHOSEN
from dosimetry.tace_rows import TaceProtocol

KINDS = {"ctace": "oil", "deb": "beads"}
"""The kind of product each technique carries its drug in."""


def problems(case: TaceCase) -> list[Problem]:
    """Every broken rule of the case that concerns words and not numbers. Fields may still be missing."""
    return [*_technique(case), *_protocol(case), *_product(case), *_partition(case), *_names(case)]


def _technique(case: TaceCase) -> Iterator[Problem]:
    if case.technique == "bland" and case.drug is not None:
        yield Problem("drug", "a bland embolization has no drug; leave it out, or choose another technique.")
    if case.technique in KINDS and case.drug is None:
        text = f"drug_name is missing; {case.technique} carries one. Without a drug the technique is bland."
        yield Problem("drug.name", text)
    if case.technique == "ctace" and case.oil is None:
        text = "oil_ml is missing; a conventional treatment states the volume of iodized oil."
        yield Problem("oil.volume_ml", text)
    if case.technique == "deb" and case.drug is not None and case.drug.vial_mg is not None:
        text = (
            "vial_mg is for a conventional treatment; the vial of beads holds what the product row says. Leave it out."
        )
        yield Problem("drug.vial_mg", text)
    if case.technique == "ctace" and case.drug is not None and case.drug.loading_mg_per_ml is not None:
        yield Problem(
            "drug.loading_mg_per_ml", "loading_mg_per_ml is for beads; this treatment is with oil. Leave it out."
        )
    if case.technique == "deb" and case.oil is not None:
        yield Problem("oil", "oil is given, but drug-eluting beads carry no oil; which is meant?")
    product = product_named(case.product)
    if case.technique == "bland" and case.oil is not None and product is not None and product.kind == "beads":
        yield Problem("oil", f"oil is given, but tace_product {product.product!r} is beads; which is meant?")


def _protocol(case: TaceCase) -> Iterator[Problem]:
    drug = case.drug
    row = protocol_named(drug.protocol) if drug else None
    if drug is None or row is None:
        return
    if drug.name not in (None, row.drug):
        text = f"protocol {row.protocol!r} is one of {row.drug}; drug_name says {drug.name}. Which is meant?"
        yield Problem("drug.protocol", text)
    if case.technique in KINDS and case.technique != row.technique:
        text = f"protocol {row.protocol!r} is one of technique {row.technique}; the case says {case.technique}."
        yield Problem("drug.protocol", text)
    yield from _dose(drug, row)


def _dose(drug: Drug, row: TaceProtocol) -> Iterator[Problem]:
    own = CHOSEN[row.basis]
    for name in CHOSEN.values():
        if name != own and getattr(drug, name) is not None:
            yield Problem(f"drug.{name}", f"{name} does not belong to protocol {row.protocol!r}; it is dosed by {own}.")
    if row.lower != row.upper and getattr(drug, own) is None:
        text = f"{own} is missing; protocol {row.protocol!r} states {row.lower:g} to {row.upper:g}: choose one."
        yield Problem(f"drug.{own}", text)
    if row.basis == "mg_per_m2" and drug.body_surface_formula is None:
        text = "body_surface_formula is missing; the dose depends on it, and none is a default. Mosteller is common."
        yield Problem("drug.body_surface_formula", text)


def _product(case: TaceCase) -> Iterator[Problem]:
    product = product_named(case.product)
    row = protocol_named(case.drug.protocol) if case.drug else None
    if case.technique == "deb" and case.product is None:
        yield Problem("product", "tace_product is missing; beads of different makers are not interchangeable.")
    size = bead_size_named(case.bead_size)
    if size is not None and size.product != case.product:
        text = f"bead_size {size.size!r} is one of {size.product}; tace_product is {case.product!r}. Which is meant?"
        yield Problem("bead_size", text)
    if product is None:
        return
    expected = KINDS.get(case.technique)
    if expected and product.kind != expected:
        yield Problem(
            "product", f"tace_product {product.product!r} is {product.kind}; {case.technique} uses {expected}."
        )
    if row is not None and row.products and product.product not in row.products.split("|"):
        text = (
            f"protocol {row.protocol!r} was published for {row.products}; tace_product is {product.product!r}. "
            "Products are not interchangeable."
        )
        yield Problem("product", text)


def _partition(case: TaceCase) -> Iterator[Problem]:
    asked = case.partition
    if asked is None:
        return
    if case.drug is None:
        yield Problem("partition", "partition allocates a drug; a bland embolization has none.")
    seen = any(territory.observed_tumor_fraction is not None for territory in case.territories)
    if (asked.preset is None) == (asked.ratio is None) and not (seen and asked.preset is None and asked.ratio is None):
        yield Problem("partition", "partition needs either a preset or a carrier_ratio; no ratio is a default.")
    if asked.ratio is None and (asked.ratio_low is not None or asked.ratio_high is not None):
        yield Problem("partition.ratio", "carrier_ratio is missing beside its low or high end.")
    if case.technique == "deb" and (asked.preset or "").startswith("lipiodol"):
        yield Problem("partition.preset", f"carrier_preset {asked.preset!r} is one of oil; the beads need a ratio.")
    if case.product is None:
        yield Problem("product", "tace_product is missing; partition needs to know the carrier: oil or which beads.")
    for row, territory in enumerate(case.territories):
        if territory.perfused_volume_ml is None:
            text = "perfused_volume_ml is missing; partition needs it, and the whole liver never stands in for it."
            yield Problem(f"territories[{row}].perfused_volume_ml", text)
        if len(case.territories) > 1 and territory.drug_share is None:
            text = "drug_share is missing; with several territories partition needs the part injected into each."
            yield Problem(f"territories[{row}].drug_share", text)


def _names(case: TaceCase) -> Iterator[Problem]:
    if not case.territories:
        yield Problem("territories", "territories must hold at least one territory.")
    for name in repeated(territory.name for territory in case.territories):
        yield Problem("territories", f"territory_name must be unique; {name!r} stands more than once.")
    for row, territory in enumerate(case.territories):
        for name in repeated(lesion.name for lesion in territory.lesions):
            path = f"territories[{row}].lesions"
            yield Problem(path, f"lesion_name must be unique in its territory; {name!r} stands more than once.")
    parts = repeated(lesion.name for territory in case.territories for lesion in territory.lesions)
    if parts and (case.staging is None or case.staging.tumor_count is None):
        text = (
            f"tumor_count is missing: lesion {parts[0]!r} lies in several territories and would count more than once."
        )
        yield Problem("staging.tumor_count", text)
    yield from tumor_count_holds_its_lesions(case)
    for finding in repeated(entry.finding for entry in case.acknowledged or ()):
        yield Problem("acknowledged", f"finding {finding!r} is acknowledged more than once.")
