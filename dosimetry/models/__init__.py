"""The models: each turns a prescription into an administered activity. One module a model, one name in the tuple."""

from typing import Protocol

from dosimetry.arrays import FloatArray, IntArray
from dosimetry.columns import Columns
from dosimetry.compartments import Compartments
from dosimetry.models import partition, single_compartment, typed_activity


class Model(Protocol):
    """What a model module offers."""

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


MODELS: tuple[Model, ...] = (single_compartment, partition, typed_activity)
PLANNED_MODELS = ("lung_limit", "resin_bsa", "empirical")
"""Models of the case format that this version reads and does not compute."""


def model_named(key: str) -> Model:
    """The model of a prescription; the case reader refuses unknown names before this is called."""
    return next(model for model in MODELS if model.key == key)
