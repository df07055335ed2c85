"""Ids that look alike: two spellings that the eye takes for one, of which nobody can say whether they are one case."""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np

from dosimetry.audit import cells

_FILLERS = ("FILLER", "BRAILLE PATTERN BLANK", "COMBINING GRAPHEME JOINER")
_SELECTOR = "VARIATION SELECTOR"
_NUMBER = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{0,40})?", re.ASCII)
_ALIKE = "they differ only in capital letters, blanks or characters that are not seen"
_ONE_WAY = "Write the id of a case the same way in all its rows."


def look_alikes(unique: list[Any]) -> dict[int, str]:
    """The places of ids that look like another one in a list of different ids, and what is said of each.

    Texts stand composed in the list, as `cells.keys` gives them.
    """
    texts = [(place, cell[: cells.LONGEST_COMPOSED]) for place, cell in enumerate(unique) if isinstance(cell, str)]
    odd = {sign for sign in set().union(*(text for _, text in texts)) if _drawn(sign, "") != sign}
    first: dict[str, int] = {}
    found: dict[int, str] = {}
    for place, text in texts:
        for look in [_plain_look(text)] if odd.isdisjoint(text) else _looks(text):
            other = first.setdefault(look, place)
            if other != place:
                found[place] = _said(unique[place], unique[other])
                found.setdefault(other, _said(unique[other], unique[place]))
    return found | _numbers_as_texts(unique)


def _said(cell: str, other: str) -> str:
    return f"{cells.shown(cell)} looks like {cells.shown(other)}: {_ALIKE}. {_ONE_WAY}"


def _plain_look(text: str) -> str:
    return " ".join(text.split()).lower()


def _looks(text: str) -> set[str]:
    """How a text with odd signs looks, without capital letters: fonts draw a filler as nothing or as a blank."""
    drawn = ("".join(_drawn(sign, filler) for sign in text) for filler in ("", " "))
    return {_plain_look(cells.composed(each)) for each in drawn}


@lru_cache(maxsize=4096)
def _drawn(sign: str, filler: str) -> str:
    """What is seen of a sign: a blank for every kind of blank, nothing for what hides or selects a variant."""
    if sign.isspace():
        return " "
    name = unicodedata.name(sign, "")
    if name.endswith(_FILLERS):
        return filler
    return sign if sign.isprintable() and _SELECTOR not in name else ""


def _numbers_as_texts(unique: list[Any]) -> dict[int, str]:
    """Numbers that stand as texts too, as where a spreadsheet holds one column in two ways."""
    numbers = {
        _exact(cell): place for place, cell in enumerate(unique) if not isinstance(cell, str) and is_number(cell)
    }
    if not numbers:
        return {}
    found: dict[int, str] = {}
    for place, cell in enumerate(unique):
        if isinstance(cell, str) and _NUMBER.fullmatch(cell) and (other := numbers.get(Decimal(cell))) is not None:
            found[place] = found[other] = f"{cells.shown(cell)} stands as a text and as a number. {_ONE_WAY}"
    return found


def is_number(cell: Any) -> bool:
    """Whether a cell holds a number, as an id may be."""
    return isinstance(cell, int | float | Decimal | np.number) and not isinstance(cell, bool | np.bool_)


def _exact(number: Any) -> Decimal:
    """A number as it is written: 0.1 is 0.1, whatever the nearest binary number is."""
    held = number.item() if isinstance(number, np.number) else number
    return Decimal(repr(held)) if isinstance(held, float) else Decimal(held)
