"""The 20 % criterion: whether a delivered value lies as far from the intended one as the regulation names.

Exactly 20 % counts, unrounded. What follows from meeting it, and whether it must be reported, is not decided here.
"""

import numpy as np

from dosimetry import figures, reference, units
from dosimetry.arrays import ArrayLike, BoolArray, floats
from dosimetry.comparison import compare

FORMULA = "delivery_criterion"


def criterion_fraction() -> float:
    """The difference from which on the criterion is met. [1]"""
    return units.bound_in_library_unit(reference.coefficient(FORMULA, "difference_percent"), "%")


def meets(difference_fraction: ArrayLike) -> BoolArray:
    """Whether differences of either sign meet the criterion; NaN never does. [1]"""
    return compare(np.abs(floats(difference_fraction)), ">=", criterion_fraction())


def is_near(difference_fraction: ArrayLike) -> BoolArray:
    """Whether differences lie below the criterion by less than the points on file. [1]"""
    near = units.bound_in_library_unit(reference.coefficient(FORMULA, "near_points"), "%")
    difference = np.abs(floats(difference_fraction))
    return ~meets(difference) & compare(difference, ">=", criterion_fraction() - near)


def assay_off_fraction() -> float:
    """The difference beyond which an assay does not go with the decay of the ordered vials. [1]"""
    return units.bound_in_library_unit(reference.coefficient("assay_of_order", "difference_percent"), "%")


def in_words(difference_fraction: float) -> str:
    """A difference with its sign and enough digits to tell it from the criterion: ``-20.045 %``."""
    digits = figures.apart(abs(difference_fraction), criterion_fraction(), digits=5)
    return figures.signed_percent(difference_fraction, digits)


def outcome_in_words(difference_fraction: float) -> str:
    """What a difference is to the criterion, in words."""
    bound = figures.percent(criterion_fraction())
    if meets(difference_fraction):
        return f"{bound} or more, meets the {bound} criterion"
    points = figures.trimmed(reference.coefficient(FORMULA, "near_points"))
    near = f", by less than {points} percentage point" if is_near(difference_fraction) else ""
    return f"less than {bound}, does not meet the {bound} criterion{near}"
