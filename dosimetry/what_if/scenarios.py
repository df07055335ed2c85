"""One case many times over, each time with something changed: what if, by the one path by which doses are computed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from dosimetry.arrays import FloatArray, IntArray
from dosimetry.columns import LEVELS, Columns, Table, Words
from dosimetry.compartments import Compartments, compartments
from dosimetry.conventions import Constants, resolve
from dosimetry.evaluation import Results, predict

T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Scenarios:
    """The columns of a single case, ``times`` over, with constants and masses of each."""

    times: int
    columns: Columns
    constants: Constants
    parts: Compartments

    def predicted(self, activity_gbq: FloatArray) -> Results:
        """Doses that follow from one line of activities a scenario. [GBq]"""
        return predict(self.columns, self.constants, self.parts, activity_gbq.ravel())

    def per_scenario(self, values: NDArray[T]) -> NDArray[T]:
        """Values of any level as a table: one line a scenario."""
        return values.reshape(self.times, -1)


def scenarios(columns: Columns) -> Scenarios:
    """Scenarios whose columns were made by `repeated` and changed."""
    constants = resolve(columns)
    return Scenarios(columns.case.rows, columns, constants, compartments(columns, constants))


def repeated(columns: Columns, times: int) -> Columns:
    """A single case many times over."""
    territories, lesions = columns.territory.rows, columns.lesion.rows
    case = np.arange(times)
    shift = np.repeat(case * lesions, territories)
    target = np.tile(columns.target_lesion, times)
    return Columns(
        case=_tiled(columns.case, times),
        territory=_tiled(columns.territory, times),
        territory_case=np.repeat(case, territories),
        lesion=_tiled(columns.lesion, times),
        lesion_territory=_shifted(columns.lesion_territory, times, territories),
        target_lesion=np.where(target >= 0, target + shift, target),
    )


def with_level(columns: Columns, level: str, table: Table) -> Columns:
    """Columns with the table of one level replaced."""
    tables = {name: table if name == level else columns.level(name) for name in LEVELS}
    return replace(columns, case=tables["case"], territory=tables["territory"], lesion=tables["lesion"])


def with_numbers(table: Table, changed: Mapping[str, FloatArray]) -> Table:
    """A table with columns of numbers replaced."""
    return replace(table, numbers={**table.numbers, **changed})


def with_words(table: Table, changed: Mapping[str, Words]) -> Table:
    """A table with columns of words replaced."""
    return replace(table, words={**table.words, **changed})


def _shifted(parents: IntArray, times: int, step: int) -> IntArray:
    return np.tile(parents, times) + np.repeat(np.arange(times) * step, len(parents))


def _tiled(table: Table, times: int) -> Table:
    rows = np.tile(np.arange(table.rows), times)
    return Table(
        rows=table.rows * times,
        numbers={name: values[rows] for name, values in table.numbers.items()},
        words={name: Words(words.codes[rows], words.values) for name, words in table.words.items()},
    )
