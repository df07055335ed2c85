"""Typed activity: a person chose the administered activity; the doses follow."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from dosimetry.arrays import FloatArray, IntArray
from dosimetry.case import Prescription
from dosimetry.columns import Columns
from dosimetry.compartments import Compartments
from dosimetry.expression import Symbol
from dosimetry.plan_record import Plan
from dosimetry.rules import Broken, Checked

key = "activity"
label = "typed activity"
devices: frozenset[str] = frozenset()
is_verified = True
inputs: tuple[str, ...] = ("prescribed_activity_gbq",)


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


def broken_rules(checked: Checked, rows: IntArray) -> Iterator[Broken]:
    """No rule beyond the fields."""
    yield from ()


def sentence(prescription: Prescription, dose: str, activity: str) -> str:
    """The prescription in words."""
    return f"{label} {activity}"


def equation(prescription: Prescription, lesions: Sequence[str]) -> None:
    """A typed activity follows from no equation."""


def own_symbols(plan: Plan, territory: int) -> Iterator[tuple[Symbol, float | None, str]]:
    """None beyond those of the worksheet."""
    yield from ()
