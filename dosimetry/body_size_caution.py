"""Weight against height, whatever the treatment: pounds for kilograms, or the two swapped."""

import numpy as np

from dosimetry.body_surface import body_mass_index
from dosimetry.columns import Table
from dosimetry.finding_columns import FindingColumn, to_acknowledge
from dosimetry.reference import coefficient
from dosimetry.rules import says

_TEXT = "{0} kg at {1} cm are a body mass index of {2}. Is the weight in pounds, or were height and weight swapped?"


def unusual_body_size(case: Table) -> FindingColumn:
    """Weights that no usual adult of that height has: to be acknowledged, for the body surface follows from them."""
    height, weight = case.number("height_cm"), case.number("weight_kg")
    index = body_mass_index(height_cm=height, weight_kg=weight)
    lower, upper = (coefficient("body_mass_index", f"unusual_{end}") for end in ("lower", "upper"))
    rows = np.asarray((index < lower) | (index > upper))
    return to_acknowledge("weight_kg", "case", rows, weight, says(_TEXT, weight, height, index), rule="body_size")
