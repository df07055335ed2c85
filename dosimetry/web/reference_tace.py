"""The tables of chemoembolization on the Reference page."""

from dosimetry import figures
from dosimetry.limits.words import condition_in_words
from dosimetry.reference_rows import ANY
from dosimetry.report.tace_words import dose_in_words
from dosimetry.tace.columns import product_named
from dosimetry.tace.steps import PER
from dosimetry.tace_rows import Preparation, TaceLimit, TaceProtocol
from dosimetry.web import reference_words
from dosimetry.web.reference_cells import ALL, choice, columns, figure, number, of, span, word_of
from dosimetry.web.reference_tables import Section


def _products(row: TaceProtocol) -> str:
    """The products of a protocol by their names."""
    found = (product_named(key) for key in row.products.split("|"))
    return ", ".join(product.label for product in found if product is not None) or "iodized oil"


def _product(row: Preparation) -> str:
    found = product_named(row.product)
    return ALL if found is None else found.label


def _for_whom(row: TaceLimit) -> str:
    named = (
        choice("technique")(row),
        choice("drug", "drug_name")(row),
        ALL if row.basis == ANY else f"doses in {PER[row.basis]}",
    )
    return "; ".join(each for each in named if each != ALL) or ALL


def _amount(row: Preparation) -> str:
    """What a source says of a step: its amount, and the words that go with it."""
    amount = "" if row.lower is None and row.upper is None else span(row.lower, row.upper, row.unit)
    return " ".join(filter(None, (amount, row.text)))


TACE = (
    Section(
        "TACE: protocols",
        "tace_protocols",
        columns(
            ("Protocol", of("label")),
            ("Technique", choice("technique")),
            ("Drug", choice("drug", "drug_name")),
            ("Products", _products),
            ("Dose", dose_in_words),
            ("Less by", lambda row: reference_words.formula(row.bilirubin_rule) if row.bilirubin_rule else "nothing"),
            ("Cap", number("cap_mg"), "mg"),
            ("Highest loading", number("loading_mg_per_ml"), "mg/mL"),
            ("Most in a vial of beads", number("full_vial_mg"), "mg"),
            ("Most vials", number("largest_vials")),
            ("Milan criteria", lambda row: row.milan or figures.MISSING),
        ),
    ),
    Section(
        "TACE: products",
        "tace_products",
        columns(
            ("Product", of("label")),
            ("Kind", of("kind")),
            ("Beads in a vial", number("bead_ml"), "mL"),
            ("Sizes", of("sizes")),
        ),
    ),
    Section(
        "TACE: sizes of beads",
        "tace_bead_sizes",
        columns(("Size", of("label")), ("Product", _product)),
    ),
    Section(
        "TACE: preparation and injection",
        "tace_preparation",
        columns(("Step", of("label")), ("Technique", choice("technique")), ("Product", _product), ("What", _amount)),
    ),
    Section(
        "TACE: limits",
        "tace_limits",
        columns(
            ("Limit", of("limit_id")),
            ("What", of("label")),
            ("Of", lambda row: reference_words.quantity(row.quantity)),
            ("Bound", lambda row: f"{figures.SIGNS[row.comparator]} {figure(row.bound, row.unit)}"),
            ("For", _for_whom),
            ("Only when", condition_in_words),
        ),
    ),
    Section(
        "TACE: anthracyclines compared with doxorubicin",
        "tace_anthracyclines",
        columns(("Drug", choice("drug", "earlier_drug")), ("Dose is multiplied by", number("factor"))),
    ),
    Section(
        "TACE: carrier per volume in tumor and in normal liver",
        "tace_carrier_presets",
        columns(
            ("Preset", of("label")),
            ("Carrier", of("kind")),
            ("Disease", choice("disease")),
            ("Ratio", number("ratio")),
            ("Standard deviation", number("standard_deviation")),
        ),
    ),
    Section(
        "TACE: part of the drug that beads released",
        "tace_released_fractions",
        columns(
            ("Product", _product),
            ("Drug", lambda row: word_of("drug_name", row.drug)),
            ("Released", lambda row: figures.percent(row.fraction)),
            ("Standard deviation", lambda row: figures.percent(row.standard_deviation)),
            ("Condition", of("condition")),
        ),
    ),
)
"""All of them but those of inputs."""
