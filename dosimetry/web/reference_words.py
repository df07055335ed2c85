"""Words for the formulas, rules and numbers that the reference tables name by short ids."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from dosimetry import reference
from dosimetry.body_surface import FORMULAS
from dosimetry.quantities import QUANTITIES

_FORMULAS: Mapping[str, str] = MappingProxyType(
    {
        "albi": "ALBI",
        "art": "ART",
        "assay_of_order": "Assay against the order",
        "body_surface_schlich_male": "Body surface, Schlich 2010, men",
        "body_surface_schlich_female": "Body surface, Schlich 2010, women",
        "ez_albi": "EZ-ALBI",
        "hap": "HAP",
        "lesion_shape": "Lesion volume as a part of the sphere of its diameter",
        "liver_volume_band": "Liver volume as a part of the estimated one",
        "liver_volume_feng": "Liver volume, Feng",
        "liver_volume_heinemann": "Liver volume, Heinemann",
        "liver_volume_korean_du_bois": "Liver volume, Korean donors, with Du Bois",
        "liver_volume_korean_mosteller": "Liver volume, Korean donors, with Mosteller",
        "liver_volume_urata": "Liver volume, Urata",
        "liver_volume_vauthey": "Liver volume, Vauthey",
        "liver_weight_chan": "Liver weight, Chan",
        "malbi": "mALBI",
        "meld": "MELD",
        "meld_3": "MELD 3.0",
        "meld_na": "MELD-Na",
        "milan": "Milan criteria",
        "oil_coverage": "Classes of coverage by oil",
        "plasma_peak": "Peak of the drug in plasma",
        "record_instants": "Instants of the record",
        "resin_bsa": "Resin by body surface",
        "resin_empirical_activity": "Resin, empirical activity by tumor involvement",
        "resin_shunt_reduction": "Resin, less activity by lung shunt",
        "seven_eleven": "Seven-eleven criteria",
        "six_twelve": "Six-and-twelve score",
        "state": "STATE",
        "swap_signature": "Vials that may have been exchanged",
        "tace": "TACE",
        "up_to_7": "Up-to-seven criteria",
        "doxorubicin_heart": "Doxorubicin, risk for the heart",
        "doxorubicin_label": "Doxorubicin, part of the dose by bilirubin",
        "epirubicin_label": "Epirubicin, part of the dose by bilirubin",
        "epirubicin_label_ast": "Epirubicin, part of the dose by AST",
    }
)
_NAMES = ("AFP", "ALBI", "AST", "Child-Pugh", "CRP", "INR", "MELD", "mHAP", "Chan", "Feng", "Heinemann", "Urata",
          "Vauthey")  # fmt: skip
"""Names and abbreviations, which keep their own letters inside other words."""
_PARTS: Mapping[str, str] = MappingProxyType(
    {
        "above_meld": "Holds above a MELD of",
        "adult_years": "Adult from",
        "ast_times_upper_limit": "AST, times the upper limit of normal",
        "child_pugh_points": "Child-Pugh points",
        "cumulative_anthracycline_mg_per_m2": "Anthracyclines in all, as doxorubicin",
        "better_by": "How many times better the exchange must fit",
        "child_pugh_more": "Child-Pugh, more points than one",
        "child_pugh_one": "Child-Pugh, one point",
        "cumulative_mg_per_m2": "Doxorubicin in all",
        "fraction": "Observed coverage by oil",
        "largest_count": "Most tumors",
        "longest_before_days": "Longest before the injection",
        "longest_reading_h": "Longest from the injection to a reading",
        "lung_high_percent": "Part in the lungs, high",
        "lung_low_percent": "Part in the lungs, low",
        "male_g": "More in men",
        "mean_electron_energy_mev": "Mean electron energy per decay",
        "near_points": "Points below it from which a note is given",
        "per_kg_g": "Weight of liver per body weight",
        "per_m2_ml": "Volume of liver per body surface",
        "planned_mg": "Planned dose",
        "planned_mg_per_m2": "Planned dose per body surface",
        "several_cm": "Diameter of several tumors",
        "single_cm": "Diameter of a single tumor",
        "small_below_kg": "Weight below which the small numbers hold",
        "umol_l_per_mg_dl": "Conversion of units",
        "unusual_lower": "Unusual below",
        "unusual_upper": "Unusual above",
    }
)
"""Numbers that are no inputs, and whose ids do not read as words."""
_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "cumulative_mg_per_m2": "mg/m2",
        "fraction": "%",
        "mean_electron_energy_mev": "MeV",
    }
)
_ENDINGS = ("_ng_ml", "_mg_dl", "_umol_l", "_mmol_l", "_g_dl", "_g_l", "_percent", "_mg_per_ml", "_years", "_days",
            "_ml", "_cm", "_kg", "_m2", "_h", "_g")  # fmt: skip
"""Units at the end of an id; they stand beside the value."""


def formula(key: str) -> str:
    """A formula or rule in words."""
    return _FORMULAS.get(key) or _body_surfaces().get(key) or plainly(key)


@cache
def _body_surfaces() -> Mapping[str, str]:
    keys = ((each, key) for each in FORMULAS for key in (each.key, each.numbers))
    return MappingProxyType({f"body_surface_{key}": f"Body surface, {each.label}" for each, key in keys})


def quantity(name: str) -> str:
    """An input by its label, a computed quantity by its own, any other number by the words of its id."""
    if name in _PARTS:
        return _PARTS[name]
    if name in _inputs():
        return reference.field(name).label
    computed = next((each.label for each in QUANTITIES if each.name == name), "")
    return f"{computed[:1].upper()}{computed[1:]}" or plainly(name)


def unit(name: str) -> str:
    """The unit in which the bounds of a quantity are shown: that in which an input is typed."""
    if name in _UNITS:
        return _UNITS[name]
    if name in _inputs():
        rule = reference.field(name)
        return rule.entered_as or rule.unit
    return next((each.unit for each in QUANTITIES if each.name == name), "")


@cache
def _inputs() -> frozenset[str]:
    return frozenset(rule.name for table in reference.INPUT_TABLES for rule in reference.input_rules(table))


def plainly(key: str) -> str:
    """An id as words: without the unit at its end, abbreviations in their own letters."""
    ending = next((each for each in _ENDINGS if key.endswith(each)), "")
    words = f" {key.removesuffix(ending).replace('_', ' ')} "
    for name in _NAMES:
        words = words.replace(f" {name.casefold().replace('-', ' ')} ", f" {name} ")
    words = words.strip()
    return words if any(letter.isupper() for letter in words.split()[0]) else f"{words[:1].upper()}{words[1:]}"
