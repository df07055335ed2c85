"""Limits in words: their outcomes, their conditions, and why a value is not known."""

from functools import cache

from dosimetry import figures, reference, units
from dosimetry.clauses import Clause, clauses
from dosimetry.quantities import QUANTITIES, is_quantity
from dosimetry.reference_reading import FOUND
from dosimetry.reference_rows import Limit
from dosimetry.tace_rows import TaceLimit

OUTCOMES = {
    "limit": ("not exceeded", "exceeded", "reached, which it must not be"),
    "goal": ("met", "not met", "not met"),
}
"""Words for a bound that is kept, broken, or exactly reached though it must not be."""

_WHY_UNKNOWN = {
    "lung_dose_gy": "the lung mass is missing",
    "lung_dose_cumulative_gy": "the lung mass or the lung dose of earlier treatment is missing (0 if there was none; "
    "that of a session stands with the session)",
    "uncorrectable_gastrointestinal_deposition": (
        "extrahepatic deposition, its site or whether it can be corrected is not stated"
    ),
    "whole_normal_liver_dose_gy": "the whole liver volume or a tumor-to-normal ratio is missing, or a territory has "
    "no normal tissue",
    "whole_liver_dose_gy": "the whole liver volume is missing",
    "normal_perfused_dose_gy": "a tumor-to-normal ratio or every lesion is missing, or there is no normal tissue",
    "dose_gy": "a tumor-to-normal ratio of the territory is missing, or the lesion has no viable tissue",
    "total_bilirubin_mg_dl": "the bilirubin is missing",
    "tumor_involvement_fraction": "the whole liver volume or every lesion is missing",
}


def why_unknown(quantity: str) -> str:
    """Why a computed quantity has no value."""
    return _WHY_UNKNOWN.get(quantity, "the value could not be computed")


def in_sentence(label: str) -> str:
    """A label inside a sentence: its first letter small, unless its first word is a name or an abbreviation."""
    is_name = any(letter.isupper() for letter in label.split(maxsplit=1)[0][1:])
    return label if is_name else f"{label[0].lower()}{label[1:]}"


@cache
def bound_in_words(limit: Limit) -> str:
    """Kind, comparator and bound of a limit, and whether it is unverified."""
    mark = "" if limit.verified else ", unverified"
    return f"{limit.kind} {comparator_and_bound(limit)}{mark}"


@cache
def comparator_and_bound(limit: Limit) -> str:
    """As in ``≤ 30 Gy``; what must not be found at all is bounded by ``none``."""
    if limit.unit == FOUND:
        return "none"
    bound = figures.in_unit(units.bound_in_library_unit(limit.bound, limit.unit), limit.unit)
    return f"{figures.SIGNS[limit.comparator]} {bound}"


def value_in_words(value: float, limit: Limit) -> str:
    """A value beside its bound, with as many digits as keep the two apart."""
    if limit.unit == FOUND:
        return "found" if value else "none found"
    bound = units.bound_in_library_unit(limit.bound, limit.unit)
    return figures.in_unit(value, limit.unit, figures.apart(value, bound))


@cache
def condition_in_words(limit: Limit | TaceLimit) -> str:
    """When a limit applies, for a sentence that begins with 'when'; empty for always."""
    return " and ".join(clause_in_words(clause) for clause in clauses(limit.condition))


def clause_in_words(clause: Clause) -> str:
    """One clause for a sentence that begins with 'when'."""
    label, unit = _named(clause)
    if clause.comparison == "missing":
        return f"{label} is not stated"
    if clause.word is not None:
        return f"{label} is {reference.choices(clause.name).get(clause.word, clause.word)}"
    bound = clause.bound or 0.0
    if clause.comparison == "=" and not unit:
        return f"{label} is stated as {'yes' if bound else 'no'}"
    return f"{label} is {figures.SIGNS[clause.comparison]} {figures.in_unit(bound, unit)}"


def shown_bound(clause: Clause) -> str:
    """The bound of a clause with its unit."""
    _, unit = _named(clause)
    return figures.in_unit(clause.bound or 0.0, unit)


def _named(clause: Clause) -> tuple[str, str]:
    """Label and unit of what a clause asks about; what is answered by yes or no has no unit."""
    if is_quantity(clause.name):
        quantity = next(each for each in QUANTITIES if each.name == clause.name)
        unit = "%" if quantity.name.endswith("_fraction") else quantity.unit
        return f"the {quantity.label}", unit
    rule = reference.field(clause.name)
    return f"the {in_sentence(rule.label)}", rule.unit
