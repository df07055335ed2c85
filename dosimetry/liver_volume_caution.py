"""An entered liver volume against the standard volume of the body's size, whatever the treatment."""

import numpy as np

from dosimetry.arrays import FloatArray
from dosimetry.body_surface import mosteller_m2
from dosimetry.columns import Table
from dosimetry.finding_columns import FindingColumn, valued
from dosimetry.rules import says
from dosimetry.scores import liver_volume

_TEXT = "The liver volume of {} mL is {} times the standard volume by Vauthey (body surface by Mosteller): is it right?"


def part_of_standard(case: Table) -> FloatArray:
    """The entered liver volume of each case as part of its standard volume; NaN without height and weight. [1]"""
    surface = mosteller_m2(height_cm=case.number("height_cm"), weight_kg=case.number("weight_kg"))
    return liver_volume.part_of_standard(volume_ml=case.number("whole_liver_volume_ml"), body_surface_m2=surface)


def unusual_for_body_size(case: Table) -> FindingColumn:
    """Entered volumes far from the standard one: a question, never a refusal, and the standard replaces nothing."""
    part, volume = part_of_standard(case), case.number("whole_liver_volume_ml")
    rows = np.asarray(liver_volume.is_unusual(part) == 1)
    return valued("unusual_for_body_size", "liver.whole_volume_ml", rows, volume, says(_TEXT, volume, part))
