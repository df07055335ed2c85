"""Rules of chemoembolization on columns: ranges, and numbers that must fit each other. NaN breaks none."""

from collections.abc import Callable, Iterator

import numpy as np

from dosimetry import reference
from dosimetry.columns import Columns, path_of
from dosimetry.comparison import on_bound
from dosimetry.compartments import SAME, what_is_left
from dosimetry.problems import Problem
from dosimetry.ranges import outside
from dosimetry.rules import Broken, range_says, says, where
from dosimetry.tace.allocation import lesion_volume_ml, normal_volume_ml
from dosimetry.tace.columns import TaceColumns, of_product, of_protocol
from dosimetry.tace.dosing import CHOSEN


def problems(columns: TaceColumns) -> list[Problem]:
    """Every broken rule of every row as a path and a sentence."""
    found = [
        Problem(path_of(columns.base, reference.field(each.name).path, int(row)), each.sentence(int(row)))
        for each in broken(columns.base)
        for row in each.rows
    ]
    return [*found, *_earlier(columns)]


def broken(columns: Columns) -> list[Broken]:
    """Every broken rule, on columns: name, level and rows."""
    # Values may still be impossible here, that is what the rules are for: no warnings about them.
    with np.errstate(all="ignore"):
        return [each for rule in RULES for each in rule(columns) if len(each.rows)]


def _ranges(columns: Columns) -> Iterator[Broken]:
    """Every number inside the range of its input rule."""
    for level in ("case", "territory", "lesion"):
        for name, values in columns.level(level).numbers.items():
            rule = reference.field(name)
            if rule.lower is not None or rule.upper is not None:
                yield where(name, level, outside(rule, values), range_says(rule, values))


def _earlier(columns: TaceColumns) -> Iterator[Problem]:
    rule, values = reference.field("earlier_dose_mg_per_m2"), columns.earlier.dose_mg_per_m2
    for row in np.flatnonzero(outside(rule, values)):
        yield Problem(rule.path.replace("[]", f"[{row}]"), range_says(rule, values)(int(row)))


def _adult(columns: Columns) -> Iterator[Broken]:
    age = columns.case.number("age_years")
    adult = reference.coefficient("tace", "adult_years")
    rule = f"age_years must be at least {adult:g} for chemoembolization"
    text = rule + ": the dose rules on file are those of adults; got {}."
    yield where("age_years", "case", (age >= 0) & (age < adult), says(text, age))


def _within_protocol(columns: Columns) -> Iterator[Broken]:
    """A chosen dose within the range its protocol states."""
    case = columns.case
    lower, upper = of_protocol(case, "lower"), of_protocol(case, "upper")
    for name in CHOSEN.values():
        dose = case.number(name)
        bad = (dose < lower) | (dose > upper)
        text = name + " must be within the range of its protocol, {1} to {2}; got {0}. Choose another protocol?"
        yield where(name, "case", bad, says(text, dose, lower, upper))


def _vials(columns: Columns) -> Iterator[Broken]:
    """One size of a vial: typed, or from loading and product."""
    case = columns.case
    both = ~np.isnan(case.number("vial_mg") + case.number("loading_mg_per_ml") + of_product(case, "bead_ml"))
    yield where("vial_mg", "case", both, says("vial_mg and loading_mg_per_ml both give the drug in a vial; keep one."))


def _body_size(columns: Columns) -> Iterator[Broken]:
    """Height, weight and sex as far as the named formula needs them."""
    case = columns.case
    formula = case.word("body_surface_formula")
    sized = formula.given & ~formula.equal("livingston_lee")
    for name, needs in (("weight_kg", formula.given), ("height_cm", sized)):
        missing = needs & np.isnan(case.number(name))
        yield where(name, "case", missing, says(f"{name} is missing; the body surface needs it."))
    no_sex = formula.equal("schlich") & ~case.word("sex").given
    yield where("sex", "case", no_sex, says("sex is missing; the Schlich formula needs it."))


def _bilirubin(columns: Columns) -> Iterator[Broken]:
    """Bilirubin where the protocol is reduced by it."""
    case = columns.case
    ruled = np.zeros(case.rows, dtype=np.bool_)
    for key in case.word("protocol").values:
        row = next((row for row in reference.table("tace_protocols") if row.protocol == key), None)
        ruled |= case.word("protocol").equal(key) & bool(row and row.bilirubin_rule)
    missing = ruled & np.isnan(case.number("bilirubin_mg_dl"))
    text = "bilirubin_mg_dl is missing; the protocol reduces the dose by it."
    yield where("bilirubin_mg_dl", "case", missing, says(text))


def _lesions(columns: Columns) -> Iterator[Broken]:
    """A size for every lesion, diameters in order, and lesions that fit their territory."""
    lesion = columns.lesion
    first, second, third = (lesion.number(name) for name in ("diameter_cm", "second_diameter_cm", "third_diameter_cm"))
    none = np.isnan(first) & np.isnan(lesion.number("lesion_volume_ml"))
    yield where("lesion_volume_ml", "lesion", none, says("lesion_volume_ml is missing; give a volume or diameter_cm."))
    text = "second_diameter_cm and third_diameter_cm go together, with diameter_cm."
    odd = (np.isnan(second) != np.isnan(third)) | (~np.isnan(second) & np.isnan(first))
    yield where("second_diameter_cm", "lesion", odd, says(text))
    larger = np.fmax(second, third) > first
    text = "diameter_cm must be the largest of the three; got {} and {}."
    yield where("diameter_cm", "lesion", larger, says(text, first, np.fmax(second, third)))
    held = columns.per_territory(np.nan_to_num(lesion_volume_ml(lesion)))
    volume = columns.territory.number("perfused_volume_ml")
    text = "perfused_volume_ml must hold its lesions; got {} mL with {} mL of lesions."
    yield where("perfused_volume_ml", "territory", what_is_left(volume - held, volume) < 0, says(text, volume, held))


def _territories(columns: Columns) -> Iterator[Broken]:
    """Territories inside the liver; shares that add up to one."""
    total = columns.per_case(np.nan_to_num(columns.territory.number("perfused_volume_ml")))
    whole = columns.case.number("whole_liver_volume_ml")
    text = "whole_liver_volume_ml must hold its territories; got {} mL with {} mL of territories."
    yield where("whole_liver_volume_ml", "case", what_is_left(whole - total, whole) < 0, says(text, whole, total))
    share = columns.territory.number("drug_share")
    sums = columns.per_case(share)
    off = ~np.isnan(sums) & ~on_bound(sums, 1.0, rtol=SAME)
    text = "drug_share of all territories must add up to 1; got {}."
    yield where(
        "drug_share",
        "territory",
        off[columns.territory_case] & ~np.isnan(share),
        says(text, sums[columns.territory_case]),
    )


def _observed(columns: Columns) -> Iterator[Broken]:
    """A part that was seen in tumor, where there is tumor and liver for it to divide between."""
    seen = columns.territory.number("observed_tumor_fraction")
    lesions = np.bincount(columns.lesion_territory, minlength=len(seen))
    text = "observed_tumor_fraction needs a lesion in its territory; got {} and none."
    yield where("observed_tumor_fraction", "territory", ~np.isnan(seen) & (lesions == 0), says(text, seen))
    volume = columns.territory.number("perfused_volume_ml")
    no_liver = ~np.isnan(seen) & (what_is_left(normal_volume_ml(columns), volume) <= 0)
    text = "observed_tumor_fraction needs normal liver beside the lesions; got {} and a perfused volume of tumor alone."
    yield where("observed_tumor_fraction", "territory", no_liver, says(text, seen))


def _staging(columns: Columns) -> Iterator[Broken]:
    """A largest tumor and a number of tumors that hold the lesions of the case."""
    owner = columns.territory_case[columns.lesion_territory]
    typed = columns.case.number("largest_tumor_cm")[owner]
    diameter = columns.lesion.number("diameter_cm")
    text = "diameter_cm must not exceed largest_tumor_cm, which is that of all tumors; got {} above {}."
    yield where("diameter_cm", "lesion", diameter > typed, says(text, diameter, typed))


def _ratio_order(columns: Columns) -> Iterator[Broken]:
    case = columns.case
    low, mid, high = (case.number(name) for name in ("carrier_ratio_low", "carrier_ratio", "carrier_ratio_high"))
    text = "carrier_ratio must lie between its low and high end; got {}, {} and {}."
    yield where("carrier_ratio", "case", (low > mid) | (mid > high), says(text, low, mid, high))


RULES: tuple[Callable[[Columns], Iterator[Broken]], ...] = (
    _ranges,
    _adult,
    _within_protocol,
    _vials,
    _body_size,
    _bilirubin,
    _lesions,
    _territories,
    _observed,
    _staging,
    _ratio_order,
)
"""All rules; one that needs what another refuses is silent about it."""
