"""The models: each turns a prescription into an administered activity. One module a model, one name in the tuple.

A module brings all that is particular to its model: the formula, the rules of its prescription, which predicted dose
is its target, and how the report words and writes it. Nothing else in the library asks which model it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from dosimetry.arrays import FloatArray, IntArray
from dosimetry.case import Prescription
from dosimetry.columns import Columns
from dosimetry.compartments import Compartments
from dosimetry.expression import Expression
from dosimetry.models import partition, single_compartment, typed_activity
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

    def prescribed_activity_gbq(self, columns: Columns, compartments: Compartments, rows: IntArray) -> FloatArray:
        """Administered activity of the territories in ``rows``. [GBq]"""
        ...

    def predicted_target_gy(
        self, columns: Columns, territory: Mapping[str, FloatArray], lesion: Mapping[str, FloatArray], rows: IntArray
    ) -> FloatArray:
        """Predicted dose of what each prescription in ``rows`` targets; NaN where it targets no dose. [Gy]"""
        ...

    def broken_rules(self, checked: Checked, rows: IntArray) -> Iterator[Broken]:
        """Rules of its prescriptions beyond the fields that are needed."""
        ...

    def sentence(self, prescription: Prescription, dose: str, activity: str) -> str:
        """The prescription in words; ``dose`` and ``activity`` are printed with their units."""
        ...

    def equation(self, prescription: Prescription, lesions: Sequence[str]) -> Expression | None:
        """The activity as an equation in the symbols of the worksheet; ``None`` where it was typed."""
        ...


MODELS: tuple[Model, ...] = (single_compartment, partition, typed_activity)
PLANNED_MODELS = ("lung_limit", "resin_bsa", "empirical")
"""Models of the case format that this version reads and does not compute."""


def model_named(key: str) -> Model:
    """The model of a prescription; the case reader refuses unknown names before this is called."""
    return next(model for model in MODELS if model.key == key)
