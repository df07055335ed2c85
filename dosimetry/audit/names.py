"""The columns an audit knows: inputs by their flat names, what is computed, and what was recorded beside it."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np

from dosimetry import reference
from dosimetry.arrays import FloatArray
from dosimetry.case import Case, Lesion, Territory
from dosimetry.case_fields import Leaf, fields_of, leaves
from dosimetry.case_reader import tabled_choices
from dosimetry.columns import flat_names
from dosimetry.quantities import QUANTITIES, Quantity
from dosimetry.units import unit_of_name

CASE_ID = "case_id"
CENTER, TREATMENT_DATE = "center", "treatment_date"
GROUPS = (CENTER, TREATMENT_DATE)
_OF_NO_FIELD = {CASE_ID: "Case", CENTER: "Center", TREATMENT_DATE: "Date of the treatment"}
RECORDED, DIFFERENCE, SLIPS_OF = "recorded_", "difference_", "slips_"
_DIGIT = "digit_"
VALID, PROBLEMS, REMARKS = "is_valid", "problems", "remarks"
GRADE, SLIPS, STOPS, CAUTIONS = "grade", "slips", "stops", "cautions"
DEFAULT_LESION = "tumor"
"""Name of the lesion of a row whose one pooled tumor stands in columns without a name."""
MOST_COLUMNS = 5_000
"""Columns of a table; one with more has its cases in columns, or is no table of cases."""
LEVELS = ("case", "territory", "lesion")
RESTATED = ("format", "format_version")
_FOR_PEOPLE = ("label", "name")
"""Required of a case file so that people can tell its parts apart; a table does without."""
MEASURED = (
    "lung_shunt_fraction", "other_lung_shunt_fraction", "territory_lung_shunt_fraction", "lung_mass_kg",
    "previous_lung_dose_gy", "whole_liver_volume_ml", "untreated_tumor_volume_ml", "perfused_volume_ml",
    "lesion_volume_ml", "necrotic_volume_ml", "tumor_normal_ratio", "ratio_lesion_volume_ml", "ratio_normal_volume_ml",
    "residual_fraction", "height_cm", "weight_kg", "vial_age_h",
)  # fmt: skip
"""Inputs that were measured and written down rounded. What was prescribed, counted or agreed upon is exact."""
_CLOSE = 0.85
"""Spellings that share this part of their letters are taken for slips of typing."""


@dataclass(frozen=True, slots=True)
class Input:
    """A field of the case that may be a column: ``kind`` is a type; ``choices`` its allowed words."""

    name: str
    level: str
    kind: Any
    choices: tuple[str, ...]
    is_required: bool


@cache
def inputs() -> tuple[Input, ...]:
    """Every field of case, territory and lesion that holds one value."""
    return tuple(
        Input(
            flat_names()[leaf.path],
            leaf.level,
            leaf.field.kind,
            leaf.field.choices or tabled_choices(leaf.path),
            leaf.field.name not in _FOR_PEOPLE and _is_required(leaf),
        )
        for leaf in leaves()
        if leaf.level in LEVELS and not leaf.field.is_list and flat_names()[leaf.path] not in RESTATED
    )


def _is_required(leaf: Leaf) -> bool:
    """Whether every case, territory or lesion must hold it: it is required in a record that is required itself."""
    record: Any = {"case": Case, "territory": Territory, "lesion": Lesion}[leaf.level]
    for step in leaf.steps:
        field = next(each for each in fields_of(record) if each.name == step)
        if not field.is_required:
            return False
        record = field.kind
    return True


@cache
def input_named(name: str) -> Input:
    """The input of a flat name."""
    return next(each for each in inputs() if each.name == name)


def inputs_of(level: str, columns: Iterable[str]) -> tuple[Input, ...]:
    """The inputs of a level among some columns."""
    present = set(columns)
    return tuple(each for each in inputs() if each.level == level and each.name in present)


@dataclass(frozen=True, slots=True)
class Output:
    """A computed quantity as a column of the audit."""

    column: str
    quantity: Quantity


_NEEDS = {
    "vial_activity_gbq": "residual_fraction",
    "lung_dose_gy": "lung_mass_kg",
    "lung_dose_cumulative_gy": "previous_lung_dose_gy",
    "whole_normal_liver_dose_gy": "whole_liver_volume_ml",
    "whole_liver_dose_gy": "whole_liver_volume_ml",
    "treated_fraction": "whole_liver_volume_ml",
    "spheres_lower_million": "vial_age_h",
    "spheres_upper_million": "vial_age_h",
}
"""Quantities that are shown when the column they need is there."""
_ALWAYS = (
    "administered_activity_gbq",
    "effective_lung_shunt_fraction",
    "perfused_mass_kg",
    "perfused_dose_gy",
    "normal_perfused_dose_gy",
    "administered_activity_total_gbq",
    "lesion_mass_kg",
    "lesion_dose_gy",
)


@cache
def outputs() -> tuple[Output, ...]:
    """Every computed quantity with a column name of its own: no input and no narrower quantity bears it."""
    taken = {each.name for each in inputs()}
    found: list[Output] = []
    for level in ("territory", "lesion", "case"):
        for quantity in QUANTITIES:
            if quantity.level == level:
                column = quantity.name if level == "territory" else _column_name(quantity, taken)
                if column not in taken:
                    found.append(Output(column, quantity))
                    taken.add(column)
    return tuple(found)


def _column_name(quantity: Quantity, taken: set[str]) -> str:
    own = quantity.name
    return f"{quantity.level}_{own}" if quantity.level == "lesion" or own in taken else own


def shown_outputs(columns: Iterable[str], *, lesions: bool) -> tuple[Output, ...]:
    """The outputs of a table: those everyone reads, those its columns make possible, and whatever it recorded."""
    present = set(columns)
    return tuple(
        each
        for each in outputs()
        if (lesions or each.quantity.level != "lesion")
        and (each.column in _ALWAYS or _NEEDS.get(each.column) in present or f"{RECORDED}{each.column}" in present)
    )


def recorded(columns: Iterable[str]) -> tuple[Output, ...]:
    """The outputs that a table holds a record of."""
    present = set(columns)
    return tuple(each for each in outputs() if f"{RECORDED}{each.column}" in present)


@cache
def known_columns() -> frozenset[str]:
    """Every column name that an audit reads."""
    own = {CASE_ID, *GROUPS, *(each.name for each in inputs())}
    return frozenset(own | {f"{RECORDED}{each.column}" for each in outputs()})


def digit_column(column: str) -> str:
    """The optional column with one unit of the last place in which a number of another column was written.

    ``digit_<quantity>`` stands beside a measured input or ``recorded_<quantity>``, in the same unit. `mapping.apply`
    makes it of what it converts: a record of 24.7 mCi is known to 0.1 mCi, that is 0.0037 GBq. Without it the digits of
    the cell count as it stands.
    """
    return f"{_DIGIT}{column.removeprefix(RECORDED)}"


@cache
def digit_columns() -> frozenset[str]:
    """Every column that tells how a number beside it was written: of records, and of inputs that were measured."""
    return frozenset(map(digit_column, (*MEASURED, *(each.column for each in outputs()))))


@cache
def made_columns() -> frozenset[str]:
    """Every column name that an audit writes."""
    written = {VALID, PROBLEMS, REMARKS, GRADE, SLIPS, STOPS, CAUTIONS, *(each.column for each in outputs())}
    return frozenset(written | {f"{prefix}{each.column}" for each in outputs() for prefix in (DIFFERENCE, SLIPS_OF)})


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Column names that an audit reads, and those that it writes."""

    known: frozenset[str]
    made: frozenset[str]


def relative_difference(recorded: FloatArray, computed: FloatArray) -> FloatArray:
    """(recorded - computed) / computed; 0 where both are zero."""
    with np.errstate(all="ignore"):
        relative = (recorded - computed) / computed
    return np.where((recorded == 0) & (computed == 0), 0.0, relative)


def column_problems(columns: Iterable[Any], vocabulary: Vocabulary | None = None) -> list[str]:
    """Why columns are refused: not a text, there twice, computed here, or close to a known name but not one."""
    of = vocabulary or Vocabulary(known_columns(), made_columns())
    columns = list(columns)
    if len(columns) > MOST_COLUMNS:
        return [f"there are {len(columns):,} columns; at most {MOST_COLUMNS:,} can be read. Do cases stand in columns?"]
    seen: set[Any] = set()
    found: list[str] = []
    for column in columns:
        if not isinstance(column, str):
            found.append(f"a column is named {column!r}; names of columns must be texts.")
        elif column in seen:
            found.append(f"the column {column!r} stands more than once; which is right?")
        elif column in of.made:
            hint = f"; name a record {RECORDED}{column}" if f"{RECORDED}{column}" in of.known else ""
            found.append(f"the column {column!r} is one that the audit writes{hint}.")
        elif column not in of.known and column not in digit_columns():
            found += _spelling(column, of.known)
        seen.add(column)
    return found


@lru_cache(maxsize=MOST_COLUMNS)
def _spelling(column: str, known: frozenset[str]) -> tuple[str, ...]:
    plain = column.strip().lower().replace(" ", "_").replace("-", "_")
    close = difflib.get_close_matches(plain, sorted(known), n=1, cutoff=_CLOSE)
    return (f"the column {column!r} is not known; did you mean {close[0]!r}?",) if close else ()


@cache
def output_named(column: str) -> Output:
    """The computed quantity of a column. Raises `StopIteration` where it is none."""
    return next(each for each in outputs() if each.column == column)


def unit_of(column: str) -> str:
    """The unit of an input or output column; empty where it has none."""
    for output in outputs():
        if column.removeprefix(RECORDED) == output.column:
            return output.quantity.unit
    return unit_of_name(column) if column.startswith(RECORDED) else reference.field(column).unit


def label_of(column: str) -> str:
    """A column that an audit reads, in words."""
    if column in _OF_NO_FIELD:
        return _OF_NO_FIELD[column]
    plain = column.removeprefix(RECORDED)
    return reference.field(column).label if plain == column else f"{output_named(plain).quantity.label}, recorded"
