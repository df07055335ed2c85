"""Suspicious inputs of chemoembolization: possible, but so often a slip that a person must confirm them."""

from collections.abc import Callable, Iterator

import numpy as np

from dosimetry import reference
from dosimetry.arrays import FloatArray
from dosimetry.body_size_caution import unusual_body_size
from dosimetry.finding_columns import FindingColumn, to_acknowledge, valued
from dosimetry.lesion_geometry import sphere_volume_ml
from dosimetry.ranges import unusual, unusual_sentence
from dosimetry.reference import coefficient
from dosimetry.reference_rows import ANY, UnusualInterval
from dosimetry.rules import DIGITS_OF_AMOUNTS, says
from dosimetry.tace.allocation import oil_injected_ml
from dosimetry.tace.columns import protocol_named
from dosimetry.tace.dosing import LABEL_RULES
from dosimetry.tace.drug_dose import divided
from dosimetry.tace.evaluation import TaceResults


def _unusual(results: TaceResults) -> Iterator[FindingColumn]:
    """Typed values inside an interval that needs an acknowledgement."""
    base = results.columns.base
    for interval in (*reference.unusual_intervals(), *reference.table("tace_unusual_intervals")):
        for level in ("case", "territory", "lesion"):
            values = base.level(level).numbers.get(interval.name)
            if values is not None and interval.device == ANY:
                sentence = _unusual_sentence(interval, values)
                yield to_acknowledge(interval.name, level, unusual(interval, values), values, sentence)


def _unusual_sentence(interval: UnusualInterval, values: FloatArray) -> Callable[[int], str]:
    return lambda row: unusual_sentence(interval, float(values[row]))


def _body_size(results: TaceResults) -> Iterator[FindingColumn]:
    yield unusual_body_size(results.columns.base.case)


def _adulthood(results: TaceResults) -> Iterator[FindingColumn]:
    """A drug for somebody of unknown age."""
    case = results.columns.base.case
    age = case.number("age_years")
    text = (
        "The age is missing, so whether this is an adult was not checked. The dose rules on file are those of adults "
        "and would be wrong for a child; the lower bound of oil of the old was not checked either."
    )
    rows = np.isnan(age) & case.word("drug_name").given
    yield to_acknowledge("age_years", "case", rows, age, says(text), rule="adulthood_not_checked")


def _liver_function(results: TaceResults) -> Iterator[FindingColumn]:
    """A drug whose label depends on the bilirubin, where that is not known."""
    case = results.columns.base.case
    bilirubin = case.number("bilirubin_mg_dl")
    for drug, _ in LABEL_RULES:
        rows = np.isnan(bilirubin) & case.word("drug_name").equal(drug)
        text = (
            f"The total bilirubin is missing, so whether the intravenous label of {drug} would reduce this dose, or "
            "forbid it, was not checked."
        )
        yield to_acknowledge("bilirubin_mg_dl", "case", rows, bilirubin, says(text), rule="bilirubin_not_checked")


def _stated_amounts(results: TaceResults) -> Iterator[FindingColumn]:
    """A dose between the single ones that a source prints."""
    case, dose = results.columns.base.case, results.dosing.chosen_dose
    for key in case.word("protocol").values:
        protocol = protocol_named(key)
        if protocol is not None and protocol.amounts:
            amounts = protocol.amounts.split("|")
            stated = np.logical_or.reduce([dose == float(amount) for amount in amounts])
            rows = case.word("protocol").equal(key) & ~stated & ~np.isnan(dose)
            text = f"{{}} mg lie between the doses that the source of the protocol prints, {' and '.join(amounts)} mg."
            yield to_acknowledge("dose_mg", "case", rows, dose, says(text, dose), rule="not_a_stated_dose")


def _lesion_shape(results: TaceResults) -> Iterator[FindingColumn]:
    """A typed volume that does not go with the largest diameter."""
    lesion = results.columns.base.lesion
    volume, diameter = lesion.number("lesion_volume_ml"), lesion.number("diameter_cm")
    sphere = sphere_volume_ml(diameter_cm=diameter)
    lower, upper = (coefficient("lesion_shape", f"unusual_{end}") for end in ("lower", "upper"))
    part = divided(volume, sphere)
    text = "The lesion has {0} mL and a largest diameter of {1} cm, whose sphere has {2} mL. Is one in another unit?"
    rows = np.asarray((part < lower) | (part > upper))
    sentence = says(text, volume, diameter, sphere)
    yield to_acknowledge("lesion_volume_ml", "lesion", rows, volume, sentence, rule="volume_and_diameter")


def _oil_seen(results: TaceResults) -> Iterator[FindingColumn]:
    """More oil than a lesion has room for, or than was injected: the iodine cannot be right."""
    base, seen, volume = results.columns.base, results.lesion["observed_oil_ml"], results.lesion["volume_ml"]
    iodine = base.lesion.number("iodine_mg")
    text = "{0} mg of iodine are {1} mL of oil, more than the {2} mL of the lesion. Is the iodine in another unit?"
    sentence = says(text, iodine, seen, volume, fewest=DIGITS_OF_AMOUNTS)
    yield to_acknowledge("iodine_mg", "lesion", seen > volume, iodine, sentence, rule="more_oil_than_lesion")
    total, injected = base.per_case(base.per_territory(np.nan_to_num(seen))), oil_injected_ml(base.case)
    text = "The iodine of all lesions is {0} mL of oil, more than the {1} mL of the session. Is it in another unit?"
    sentence = says(text, total, injected, fewest=DIGITS_OF_AMOUNTS)
    rows = total > injected
    yield valued("more_oil_than_injected", "oil.volume_ml", rows, total, sentence)


RULES: tuple[Callable[[TaceResults], Iterator[FindingColumn]], ...] = (
    _unusual,
    _body_size,
    _adulthood,
    _liver_function,
    _stated_amounts,
    _lesion_shape,
    _oil_seen,
)
