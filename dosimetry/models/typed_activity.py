"""Typed activity: a person chose the administered activity; the doses follow."""

from collections.abc import Mapping, Sequence

import numpy as np

from dosimetry.arrays import FloatArray, IntArray
from dosimetry.case import Prescription
from dosimetry.columns import Columns
from dosimetry.compartments import Compartments
from dosimetry.models import nothing

key = "activity"
label = "typed activity"
devices: frozenset[str] = frozenset()
is_verified = True
inputs: tuple[str, ...] = ("prescribed_activity_gbq",)
case_inputs: tuple[str, ...] = ()
aims = nothing.AIMS
untargeted = nothing.UNTARGETED
never_proposed: str | None = ""


def prescribed_activity_gbq(
    columns: Columns, compartments: Compartments, rows: IntArray, others_gbq: FloatArray
) -> FloatArray:
    """The typed administered activity of the territories in ``rows``. [GBq]"""
    return columns.territory.number("prescribed_activity_gbq")[rows]


def predicted_target_gy(
    columns: Columns, territory: Mapping[str, FloatArray], lesion: Mapping[str, FloatArray], rows: IntArray
) -> FloatArray:
    """A typed activity targets no dose."""
    return np.full(len(rows), np.nan)


broken_rules = nothing.broken_rules


remarks = nothing.remarks


def sentence(prescription: Prescription, dose: str, activity: str) -> str:
    """The prescription in words."""
    return f"{label} {activity}"


def equation(prescription: Prescription, lesions: Sequence[str]) -> None:
    """A typed activity follows from no equation."""


own_symbols = nothing.own_symbols
