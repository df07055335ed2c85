"""Conditions of limits as text: ``name op number``, ``name = word``, ``name is missing``, joined by ``and``."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from dosimetry.number_text import number_from_text
from dosimetry.units import PERCENT

Comparison = Literal["<", "<=", ">", ">=", "=", "missing"]
_WORDS_OF_BOOLEANS = {"yes": 1.0, "no": 0.0}
_CLAUSE = re.compile(r"([a-z0-9_]+) (is missing|(?:(<=|>=|<|>|=) (.+)))")


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison of an input or a computed quantity with a number or a word; ``missing`` compares with nothing."""

    name: str
    comparison: Comparison
    bound: float | None = None
    word: str | None = None


@cache
def clauses(condition: str) -> tuple[Clause, ...]:
    """The clauses of a condition, all of which must hold; none for an empty text.

    Parameters
    ----------
    condition : str
        As in ``bilirubin_mg_dl >= 1.1 and prior_tare = no``; a percentage becomes a fraction, yes and no 1 and 0.

    Raises
    ------
    ValueError
        A sentence with the clause that cannot be read.
    """
    return tuple(_clause(text) for text in condition.split(" and ")) if condition else ()


def _clause(text: str) -> Clause:
    found = _CLAUSE.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} must read 'name op number', 'name = word' or 'name is missing'")
    name, rest, comparison, value = found.groups()
    if rest == "is missing":
        return Clause(name, "missing")
    if comparison == "=" and value in _WORDS_OF_BOOLEANS:
        return Clause(name, "=", bound=_WORDS_OF_BOOLEANS[value])
    if comparison == "=" and value[0].isalpha() and value.replace("_", "").isalnum():
        return Clause(name, "=", word=value)
    per = int(PERCENT) if value.endswith(" %") else 1
    return Clause(name, cast(Comparison, comparison), bound=number_from_text(value.removesuffix(" %"), per=per))
