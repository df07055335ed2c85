"""What body-surface and empirical prescriptions share: no target dose, case inputs, and a shunt that excludes them."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from dosimetry import figures
from dosimetry.activity_bands import SHUNT_REDUCTION, bands, remaining_part
from dosimetry.arrays import BoolArray, FloatArray, IntArray
from dosimetry.columns import Columns
from dosimetry.rules import Broken, Checked, says, where


def predicted_target_gy(
    columns: Columns, territory: Mapping[str, FloatArray], lesion: Mapping[str, FloatArray], rows: IntArray
) -> FloatArray:
    """The methods target no dose."""
    return np.full(len(rows), np.nan)


def chosen_territories(checked: Checked, rows: IntArray) -> BoolArray:
    """The rows of a prescription as a mask of all territories."""
    chosen = np.zeros(checked.columns.territory.rows, dtype=np.bool_)
    chosen[rows] = True
    return chosen


def missing_inputs(checked: Checked, chosen: BoolArray, key: str, names: Sequence[str]) -> Iterator[Broken]:
    """The chosen territories whose case lacks an input that the method needs."""
    for name in names:
        missing = np.isnan(checked.columns.case.number(name))[checked.columns.territory_case]
        text = f"model {key!r} needs {name}; it is missing."
        yield where("prescription_model", "territory", chosen & missing, says(text))


def refused(checked: Checked, chosen: BoolArray, key: str) -> Broken:
    """The chosen territories whose shunt lies in the band that gives no activity."""
    shunt = checked.parts.territory_lung_shunt_fraction
    none_left = chosen & np.isnan(remaining_part(shunt)) & ~np.isnan(shunt)
    lowest = min(band.lower for band in bands(SHUNT_REDUCTION) if band.value is None)

    def sentence(row: int) -> str:
        """Model, rule and the shunt of a row."""
        return (
            f"model {key!r} gives no activity at a lung shunt of {lowest:g} % or more; "
            f"got {figures.percent(float(shunt[row]))}."
        )

    return where("prescription_model", "territory", none_left, sentence)
