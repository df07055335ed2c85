"""Typed activity: a person chose the administered activity; the doses follow."""

from dosimetry.arrays import FloatArray, IntArray
from dosimetry.columns import Columns
from dosimetry.compartments import Compartments

key = "activity"
label = "typed activity"
devices: frozenset[str] = frozenset()
inputs: tuple[str, ...] = ("prescribed_activity_gbq",)


def prescribed_activity_gbq(columns: Columns, compartments: Compartments, rows: IntArray) -> FloatArray:
    """The typed administered activity of the territories in ``rows``. [GBq]"""
    return columns.territory.number("prescribed_activity_gbq")[rows]
