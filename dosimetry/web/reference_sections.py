"""The tables of the Reference page in their order: those of every treatment, then those of chemoembolization."""

from dosimetry import reference
from dosimetry.limits.words import condition_in_words
from dosimetry.report.document import Column
from dosimetry.treatment_day.rows import Calibration
from dosimetry.web import reference_words
from dosimetry.web.reference_cells import (
    allowed,
    band,
    between,
    choice,
    columns,
    device,
    figure,
    for_whom,
    input_label,
    kind_and_bound,
    number,
    of,
    part_of_band,
    quantity,
    span,
    unit_of_constant,
    unusual,
)
from dosimetry.web.reference_tables import Section
from dosimetry.web.reference_tace import TACE

_MICRO = "\N{MICRO SIGN}m"
INPUTS = columns(
    ("Input", of("label")),
    ("Allowed", allowed),
    ("Help", of("help")),
    ("Place in a case file", of("path")),
    ("Name in tables", of("name")),
    note="",
)
UNUSUAL = columns(
    ("Input", input_label), ("Device", device), ("Value", unusual), ("Question that is asked", of("hint")), note=""
)
_BASIC = (
    Section(
        "Constants of the conventions",
        "conventions",
        columns(
            ("Convention", of("convention")),
            ("Nuclide", of("nuclide")),
            ("Constant", quantity),
            ("Value", number("value")),
            ("Unit", unit_of_constant),
        ),
    ),
    Section(
        "Devices",
        "devices",
        columns(
            ("Device", of("device")),
            ("Product", of("product")),
            ("Nuclide", of("nuclide")),
            ("Material", of("material")),
            ("Sphere diameter", between("sphere_diameter_lower_um", "sphere_diameter_upper_um"), _MICRO),
            note="",
        ),
    ),
    Section(
        "Nuclides: what a typed constant may be",
        "nuclides",
        columns(
            ("Nuclide", of("nuclide")),
            ("Name", of("name")),
            ("Energy per activity", between("energy_lower_gy_kg_per_gbq", "energy_upper_gy_kg_per_gbq"), "Gy kg/GBq"),
            ("Half-life", between("half_life_lower_h", "half_life_upper_h"), "h"),
            note="",
        ),
    ),
    Section(
        "Limits",
        "limits",
        columns(
            ("Limit", of("limit_id")),
            ("What", of("label")),
            ("Bound", kind_and_bound),
            ("For", for_whom),
            ("Only when", condition_in_words),
        ),
    ),
    Section("Inputs: what is refused", "input_rules", INPUTS),
    Section("Inputs: what needs an acknowledgement", "unusual_intervals", UNUSUAL),
    Section(
        "Inputs: usual slips",
        "slips",
        columns(
            ("Input", input_label),
            ("Offered when the value would be allowed after it is multiplied by", number("factor")),
            ("Question that is asked", of("hint")),
            note="",
        ),
    ),
    Section(
        "Part of the liver that an intent usually treats",
        "intent_shares",
        columns(
            ("Intent", choice("intent")),
            ("Of", of("of")),
            ("Part of the liver", between("lower", "upper", "%")),
            ("Question that is asked", of("hint")),
            note="",
        ),
    ),
    Section(
        "Most of the liver that one side usually is",
        "lobe_shares",
        columns(
            ("Side", of("side")),
            ("Part of the liver", lambda row: span(None, row.upper, "%")),
            ("Question that is asked", of("hint")),
            note="",
        ),
    ),
)
_RULES = (
    Section(
        "Coefficients of formulas",
        "coefficients",
        columns(
            ("Formula", lambda row: reference_words.formula(row.formula)),
            ("Coefficient", lambda row: reference_words.quantity(row.coefficient)),
            ("Value", number("value")),
            ("Unit", of("unit")),
        ),
    ),
    Section(
        "Bands of shunt and tumor involvement",
        "activity_bands",
        columns(
            ("Rule", lambda row: reference_words.formula(row.rule)),
            ("Of", quantity),
            ("Interval", lambda row: span(row.lower, row.upper, "%", row.closed)),
            ("Gives", lambda row: figure(row.value, row.unit)),
        ),
    ),
    Section(
        "Bands of scores and of doses of drug",
        "score_bands",
        columns(
            ("Rule", lambda row: reference_words.formula(row.rule)),
            ("Of", part_of_band),
            ("Interval", band),
            ("Gives", number("value")),
            ("In words", of("label")),
        ),
    ),
    Section(
        "Steps of the sensitivity",
        "variations",
        columns(
            ("Step", of("label")),
            ("Inputs", lambda row: ", ".join(reference.field(name).label for name in row.inputs)),
            ("Size", lambda row: figure(row.step, "%" if row.is_relative else "points")),
        ),
    ),
)


def _day(row: Calibration) -> str:
    """The weekday of a calibration, or how long after the injection it is."""
    if row.weekday:
        return row.weekday.capitalize()
    days = row.days_after_injection or 0.0
    return f"{figure(days)} {'day' if days == 1 else 'days'} after injection" if days else "day of injection"


_VIALS = (
    Section(
        "Activity per sphere",
        "sphere_activities",
        columns(
            ("Device", device),
            ("Vial", number("vial_activity_gbq"), "GBq"),
            ("Spheres", between("spheres_lower_million", "spheres_upper_million"), "million"),
            ("Activity per sphere", between("sphere_activity_lower_bq", "sphere_activity_upper_bq"), "Bq"),
            ("At", of("refers_to")),
        ),
    ),
    Section(
        "Vials on offer",
        "vials",
        columns(
            ("Device", device),
            ("What", lambda row: {"size": "size of a vial", "custom_step": "step of custom activities"}[row.kind]),
            ("Activity at calibration", number("activity_gbq"), "GBq"),
            ("Volume", number("volume_ml"), "mL"),
        ),
    ),
    Section(
        "Calibrations",
        "calibrations",
        columns(
            ("Device", device),
            ("Day", _day),
            ("Clock", of("clock")),
            ("Time zone", of("zone")),
        ),
    ),
    Section("Shelf lives", "shelf_lives", columns(("Device", device), ("Shelf life", number("shelf_life_h"), "h"))),
    Section(
        "Agreement of predicted and measured doses",
        "agreement",
        columns(
            ("Of", lambda row: reference_words.plainly(row.compartment)), ("What", of("what")), ("Found", of("figure"))
        ),
    ),
)
_SOURCES = Section(
    "Sources",
    "sources",
    (
        (Column("Source"), of("citation")),
        (Column("DOI"), of("doi")),
        (Column("Kind"), of("kind")),
        (Column("Read"), lambda row: "read" if row.read else "not read"),
        (Column("What was taken from it"), of("note")),
    ),
)
SECTIONS = (
    *_BASIC,
    *_RULES,
    *_VIALS,
    *TACE,
    Section("TACE: inputs that are refused", "tace_input_rules", INPUTS),
    Section("TACE: inputs that need an acknowledgement", "tace_unusual_intervals", UNUSUAL),
    _SOURCES,
)
"""Every reference table there is; the sources stand last."""
