"""What a model module offers where it has nothing of a kind: assigned under the name that the protocol asks for."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from dosimetry.arrays import BoolArray, IntArray
from dosimetry.case import Prescription
from dosimetry.columns import Columns
from dosimetry.compartments import Compartments
from dosimetry.expression import Symbol
from dosimetry.finding_columns import FindingColumn
from dosimetry.plan_record import Plan
from dosimetry.rules import Broken, Checked

AIMS: Mapping[str, str] = MappingProxyType({})
"""No quantity on file can be the target."""
UNTARGETED: tuple[tuple[Prescription, str], ...] = ()
"""No proposal without a target."""


def broken_rules(checked: Checked, rows: IntArray) -> Iterator[Broken]:
    """No rule beyond the fields."""
    yield from ()


def remarks(columns: Columns, compartments: Compartments, rows: BoolArray) -> Iterator[FindingColumn]:
    """Nothing to say beyond the doses."""
    yield from ()


def own_symbols(plan: Plan, territory: int) -> Iterator[tuple[Symbol, float | None, str]]:
    """No symbol beyond those of the worksheet."""
    yield from ()
