"""What body-surface and empirical prescriptions share: no target dose, and a shunt that reduces or excludes them."""

from collections.abc import Iterator, Mapping

import numpy as np

from dosimetry import figures
from dosimetry.activity_bands import SHUNT_REDUCTION, bands, on_an_edge, remaining_part
from dosimetry.arrays import BoolArray, FloatArray, IntArray
from dosimetry.columns import Columns
from dosimetry.compartments import Compartments
from dosimetry.finding_columns import MODEL_PATH, FindingColumn
from dosimetry.rules import Broken, Checked, where


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


def reduced(columns: Columns, compartments: Compartments, rows: BoolArray) -> Iterator[FindingColumn]:
    """The shunt reduction, which touches these two models and no other."""
    shunt = compartments.territory_lung_shunt_fraction
    left = remaining_part(shunt)

    def sentence(row: int) -> str:
        """Shunt and reduction of a row."""
        edge = on_an_edge(SHUNT_REDUCTION, shunt[row : row + 1]).any()
        said = " The shunt lies exactly on the edge of a band; the larger reduction is taken." if edge else ""
        taken, of = figures.percent(1.0 - float(left[row])), figures.percent(float(shunt[row]))
        return f"The activity is reduced by {taken} for a lung shunt of {of}, by the method's own rule.{said}"

    yield FindingColumn(
        rule="shunt_reduction",
        kind="caution",
        severity="caution",
        level="territory",
        path=MODEL_PATH,
        quantity="effective_lung_shunt_fraction",
        rows=np.flatnonzero(rows & (left < 1)),
        sentence=sentence,
        values=shunt,
    )
