"""What a rule is: a function from columns to the rows that break it, and a sentence for each of them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dosimetry import figures
from dosimetry.arrays import BoolArray, FloatArray, IntArray
from dosimetry.columns import Columns
from dosimetry.compartments import Compartments
from dosimetry.conventions import Constants
from dosimetry.ranges import range_sentence
from dosimetry.reference_rows import InputRule


@dataclass(frozen=True, slots=True)
class Broken:
    """One rule broken in some rows of a level; ``sentence`` makes the message of a row."""

    name: str
    level: str
    rows: IntArray
    sentence: Callable[[int], str]


UNBROKEN = Broken("", "case", np.array([], dtype=np.int64), lambda row: "")
"""What every rule without a broken row gives: most rules of most cases."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A set of cases with what the rules look at."""

    columns: Columns
    constants: Constants
    parts: Compartments


DIGITS, DIGITS_OF_AMOUNTS = 6, 4
"""Of a number that a person typed, and of one that was computed."""


def says(text: str, *values: FloatArray, fewest: int = DIGITS) -> Callable[[int], str]:
    """A sentence into which the values of a row are put."""

    def sentence(row: int) -> str:
        """The text with as many digits as keep the values apart."""
        numbers = [float(column[row]) for column in values]
        digits = max((figures.apart(number, *numbers, digits=fewest) for number in numbers), default=fewest)
        return text.format(*(figures.trimmed(number, digits) for number in numbers))

    return sentence


def where(name: str, level: str, bad: BoolArray, sentence: Callable[[int], str]) -> Broken:
    """The rows of a level in which a rule is broken."""
    rows = bad.nonzero()[0]
    return Broken(name, level, rows, sentence) if len(rows) else UNBROKEN


def range_says(rule: InputRule, values: FloatArray, *, before: str = "", where: str = "") -> Callable[[int], str]:
    """The sentence of a range rule, for each row."""
    return lambda row: before + range_sentence(rule, float(values[row]), where)
