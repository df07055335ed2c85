"""What body-surface and empirical prescriptions share: the lung shunt at which their rule gives no activity."""

import numpy as np

from dosimetry import figures
from dosimetry.activity_bands import SHUNT_REDUCTION, bands, remaining_part
from dosimetry.arrays import BoolArray
from dosimetry.rules import Broken, Checked, where


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
