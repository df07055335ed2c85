"""Cases as columns: three tables of 1-D arrays with integer parents. A single case is of length one.

Numbers are float arrays with NaN for what was not given; words are codes into a short list. Everything that is
computed is computed on these, whether there is one case or ten million.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from types import MappingProxyType
from typing import Any

import numpy as np

from dosimetry import reference
from dosimetry.arrays import AnyArray, BoolArray, FloatArray, IntArray, floats
from dosimetry.case import Case, Territory
from dosimetry.case_fields import Leaf, leaves
from dosimetry.compartment_names import NORMAL_PERFUSED, PERFUSED

LEVELS = ("case", "territory", "lesion")
TARGET_LESION = "lesion:"
TARGET_NORMAL = "normal_perfused"
TARGET_PERFUSED = "perfused"
"""The target of a directed dose that is meant for the perfused volume, tumor and normal liver together."""
STATED_LUNG_DOSE = "stated_lung_dose_gy"
"""The column of the lung doses of earlier sessions and scout that are known, where others are not."""
SCOUT_LUNG_DOSE = "scout_lung_dose_gy"
"""The column of that part of the earlier lung dose which the scout of this treatment gave."""
NORMAL, NO_TARGET, UNKNOWN_TARGET = -1, -2, -3
"""Codes of ``target_lesion`` below the lesion rows."""


@lru_cache
def unknown(rows: int) -> FloatArray:
    """A column in which nothing is known, of the size of one number: most tables lack most columns."""
    return np.broadcast_to(np.nan, rows)


@dataclass(frozen=True, slots=True)
class Words:
    """A column of words: ``codes`` points into ``values``; -1 where nothing was given."""

    codes: IntArray
    values: tuple[str, ...]

    def equal(self, word: str) -> BoolArray:
        """Where the column holds this word."""
        code = self.values.index(word) if word in self.values else -2
        return np.asarray(self.codes == code)

    def any_of(self, words: Collection[str]) -> BoolArray:
        """Where the column holds one of several words; its last code stands for nothing given."""
        return np.array([*(value in words for value in self.values), False])[self.codes]

    @property
    def given(self) -> BoolArray:
        """Where the column holds any word."""
        return self.codes >= 0


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of one level, by flat name; those in which no row has a value are not held."""

    rows: int
    numbers: Mapping[str, FloatArray]
    words: Mapping[str, Words]

    def number(self, name: str) -> FloatArray:
        """A column of numbers; NaN where nothing was given."""
        found = self.numbers.get(name)
        return unknown(self.rows) if found is None else found

    def word(self, name: str) -> Words:
        """A column of words; empty where nothing was given."""
        found = self.words.get(name)
        return Words(np.full(self.rows, -1), ()) if found is None else found

    def is_absent(self, name: str) -> BoolArray:
        """Where an input stands neither as a number nor as a word."""
        return np.asarray(~self.word(name).given & np.isnan(self.number(name)))


@dataclass(frozen=True, slots=True)
class Columns:
    """Cases, their territories and their lesions, children in the order of their parents.

    ``target_lesion`` is a lesion row or one of the codes below zero.
    """

    case: Table
    territory: Table
    territory_case: IntArray
    lesion: Table
    lesion_territory: IntArray
    target_lesion: IntArray

    def level(self, name: str) -> Table:
        """The table of ``case``, ``territory`` or ``lesion``."""
        table: Table = getattr(self, name)
        return table

    def of_intent(self, words: Collection[str]) -> BoolArray:
        """Territories of one of several intents: their own, else that of their case."""
        of_case, of_territory = self.case.word("intent"), self.territory.word("territory_intent")
        return np.where(of_territory.given, of_territory.any_of(words), of_case.any_of(words)[self.territory_case])

    def case_of(self, level: str) -> IntArray:
        """The case of every row of a level."""
        return np.asarray(self.spread(np.arange(self.case.rows), level))

    def spread(self, of_case: AnyArray, level: str) -> AnyArray:
        """Values of the cases at every row of a level."""
        if level == "case":
            return of_case
        of_territory = of_case[self.territory_case]
        return of_territory if level == "territory" else of_territory[self.lesion_territory]

    def per_case(self, values: FloatArray) -> FloatArray:
        """Sums of territory values over each case; NaN where any of them is NaN, 0 where there are none."""
        return floats(np.bincount(self.territory_case, weights=values, minlength=self.case.rows))

    def per_territory(self, values: FloatArray) -> FloatArray:
        """Sums of lesion values over each territory; NaN where any of them is NaN, 0 where there are none."""
        return floats(np.bincount(self.lesion_territory, weights=values, minlength=self.territory.rows))


@cache
def flat_names(root: Any = Case) -> Mapping[str, str]:
    """Flat name by path of a kind of case, from its tables of input rules; a later table stands over an earlier one."""
    own = {leaf.path for leaf in leaves(root)}
    rules = (rule for table in root.rule_tables for rule in reference.input_rules(table))
    return MappingProxyType({rule.path: rule.name for rule in rules if rule.path in own})


@cache
def level_of_input(name: str) -> str:
    """The level of an input by its flat name."""
    return next(leaf.level for leaf in leaves() if flat_names()[leaf.path] == name)


@cache
def _columns_of(level: str, root: Any) -> tuple[tuple[tuple[str, ...], tuple[tuple[str, str, bool], ...]], ...]:
    """Steps to a record of a level, and flat name, attribute and whether it is a number of each column read off it."""
    held = [leaf for leaf in leaves(root) if leaf.level == level and not leaf.field.is_list and _is_column(leaf)]
    return tuple(
        (steps, tuple((flat_names(root)[leaf.path], leaf.field.name, leaf.field.kind is not str) for leaf in of_record))
        for steps, of_record in groupby(held, key=lambda leaf: leaf.steps[:-1])
    )


_TABLED = (
    *("device", "convention", "territories[].prescription.model"),
    *("product", "drug.protocol", "drug.body_surface_formula", "partition.preset"),
)
"""Fields whose words are the rows of a table, or models and formulas."""


def _is_column(leaf: Leaf) -> bool:
    return leaf.field.kind is not str or bool(leaf.field.choices) or leaf.path in _TABLED


def from_case(case: Any) -> Columns:
    """The columns of a single case. What is missing or not yet understood is NaN or -1, never refused here.

    A case of any treatment has territories with lesions; where none has a prescription, none has a target.
    """
    territories = case.territories
    lesions = [lesion for territory in territories for lesion in territory.lesions]
    owners = [row for row, territory in enumerate(territories) for _ in territory.lesions]
    return Columns(
        case=_table("case", [case], type(case)),
        territory=_table("territory", territories, type(case)),
        territory_case=np.zeros(len(territories), dtype=np.int64),
        lesion=_table("lesion", lesions, type(case)),
        lesion_territory=np.array(owners, dtype=np.int64),
        target_lesion=_target_lesions(territories),
    )


def _table(level: str, records: Sequence[Any], root: Any) -> Table:
    numbers: dict[str, FloatArray] = {}
    words: dict[str, Words] = {}
    for steps, columns in _columns_of(level, root):
        owners = [_follow(record, steps) for record in records]
        for name, attribute, is_number in columns if any(owners) else ():
            values = [getattr(owner, attribute, None) for owner in owners]
            if values.count(None) == len(values):
                continue
            if is_number:
                numbers[name] = np.array(values, dtype=np.float64)  # None becomes NaN
            else:
                words[name] = words_of(values)
    return Table(len(records), numbers, words)


def _follow(record: Any, steps: Iterable[str]) -> Any:
    for step in steps:
        if record is None:
            return None
        record = getattr(record, step)
    return record


def words_of(values: Sequence[str | None]) -> Words:
    """A column of words from a sequence of words."""
    known = tuple(dict.fromkeys(value for value in values if value is not None))
    codes: dict[str | None, int] = {None: -1, **{word: code for code, word in enumerate(known)}}
    return Words(np.array([codes[value] for value in values], dtype=np.int64), known)


def _target_lesions(territories: Sequence[Territory]) -> IntArray:
    rows: list[int] = []
    first = 0
    for territory in territories:
        names = [lesion.name for lesion in territory.lesions]
        target = getattr(getattr(territory, "prescription", None), "target", None)
        rows.append(_target_code(target, names, first))
        first += len(names)
    return np.array(rows, dtype=np.int64)


def _target_code(target: str | None, names: Sequence[str], first: int) -> int:
    if target is None:
        return NO_TARGET
    if target == TARGET_NORMAL:
        return NORMAL
    name = target.removeprefix(TARGET_LESION)
    return first + names.index(name) if target.startswith(TARGET_LESION) and name in names else UNKNOWN_TARGET


def target_words(target: str) -> str:
    """What a dose is meant for in words; anything else, as an activity in words, stays as it is."""
    if target.startswith(TARGET_LESION):
        return f"lesion {target.removeprefix(TARGET_LESION)}"
    return {TARGET_NORMAL: NORMAL_PERFUSED, TARGET_PERFUSED: PERFUSED}.get(target, target)


def path_of(columns: Columns, path: str, row: int) -> str:
    """The path of a field in the case file, with its territory and lesion numbers put in."""
    if "lesions[]" in path:
        owner = int(columns.lesion_territory[row])
        return path_of(columns, path.replace("lesions[]", f"lesions[{_place(columns.lesion_territory, row)}]"), owner)
    if "territories[]" in path:
        return path.replace("territories[]", f"territories[{_place(columns.territory_case, row)}]")
    return path


def _place(parents: IntArray, row: int) -> int:
    """How many children of the same parent stand before this row; children of a parent stand together."""
    return row - int(np.searchsorted(parents, parents[row]))
