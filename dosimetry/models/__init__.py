"""The models: each turns a prescription into an administered activity. One module a model, one name in the tuple.

A module brings all that is particular to its model: the formula, the rules of its prescription, which predicted dose
is its target, what it can propose, what must be said of it, and how the report words and writes it. Nothing else in the
library asks which model it is, but for the typed activity, by which others hold an activity, and the lung limit, whose
activity depends on the other territories and may not exist.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np

from dosimetry.arrays import BoolArray, FloatArray, IntArray
from dosimetry.case import Prescription
from dosimetry.columns import Columns
from dosimetry.compartments import Compartments
from dosimetry.expression import Expression, Symbol
from dosimetry.finding_columns import FindingColumn
from dosimetry.models import empirical, lung_limit, partition, resin_bsa, single_compartment, typed_activity
from dosimetry.plan_record import Plan
from dosimetry.rules import Broken, Checked


class Model(Protocol):
    """What a model module offers. ``rows`` are the territories that prescribe by it."""

    key: str
    """Its name in a prescription."""
    label: str
    devices: frozenset[str]
    """Devices it belongs to; empty means all."""
    inputs: tuple[str, ...]
    """Flat names of the prescription fields it needs; the others must not be given."""
    case_inputs: tuple[str, ...]
    """Flat names of the fields of the case that it needs beyond those of every case."""
    aims: Mapping[str, str]
    """Quantities on file that it can take as its target: the word its prescription names each by, or nothing."""
    untargeted: tuple[tuple[Prescription, str], ...]
    """Prescriptions it proposes without a target, each with what its activity comes from."""
    never_proposed: str | None
    """Why it proposes nothing, whatever the case: empty where that needs no reason; ``None`` for one that proposes."""
    is_verified: bool
    """Whether its numbers were read at their source; one that is not is said to be unverified wherever it is used."""

    def prescribed_activity_gbq(
        self, columns: Columns, compartments: Compartments, rows: IntArray, others_gbq: FloatArray
    ) -> FloatArray:
        """Administered activity of the territories in ``rows``. [GBq]

        ``others_gbq`` has the activities of the territories whose models stand earlier in the tuple, NaN elsewhere.
        """
        ...

    def predicted_target_gy(
        self, columns: Columns, territory: Mapping[str, FloatArray], lesion: Mapping[str, FloatArray], rows: IntArray
    ) -> FloatArray:
        """Predicted dose of what each prescription in ``rows`` targets; NaN where it targets no dose. [Gy]"""
        ...

    def broken_rules(self, checked: Checked, rows: IntArray) -> Iterator[Broken]:
        """Rules of its prescriptions beyond the fields that are needed."""
        ...

    def remarks(self, columns: Columns, compartments: Compartments, rows: BoolArray) -> Iterator[FindingColumn]:
        """What must be said of its prescriptions; here ``rows`` is a mask of all territories."""
        ...

    def sentence(self, prescription: Prescription, dose: str, activity: str) -> str:
        """The prescription in words; ``dose`` and ``activity`` are printed with their units."""
        ...

    def equation(self, prescription: Prescription, lesions: Sequence[str]) -> Expression | None:
        """The activity as an equation in the symbols of the worksheet; ``None`` where it was typed."""
        ...

    def own_symbols(self, plan: Plan, territory: int) -> Iterator[tuple[Symbol, float | None, str]]:
        """Symbols of its equation that no other line of the worksheet has, each with its number and unit."""
        ...


MODELS: tuple[Model, ...] = (single_compartment, partition, resin_bsa, empirical, typed_activity, lung_limit)
"""In the order in which they are computed: the lung limit counts the activities of the other territories."""


def model_named(key: str) -> Model:
    """The model of a prescription; the case reader refuses unknown names before this is called."""
    return next(model for model in MODELS if model.key == key)


def prescribed_activity_gbq(columns: Columns, parts: Compartments) -> FloatArray:
    """Administered activity of every territory by its own prescription. [GBq]"""
    chosen = columns.territory.word("prescription_model")
    activity = np.full(columns.territory.rows, np.nan)
    for model in MODELS:
        rows = np.flatnonzero(chosen.equal(model.key))
        if len(rows):
            activity[rows] = model.prescribed_activity_gbq(columns, parts, rows, activity)
    return activity
