"""Text to number, in one place: what a person types in a form, a table or a file is read here and nowhere else."""

import math
import re
from decimal import Decimal

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?", re.ASCII)
_WITH_UNIT = re.compile(rf"({_NUMBER.pattern})\s*([^\W\d_].*|%.*|µ.*)")
_LONGEST = 40


def number_from_text(text: str, *, per: int = 1) -> float:
    """The number that a person typed.

    Parameters
    ----------
    text : str
        ASCII digits with a decimal point, optionally signed or with an exponent; blanks around it are ignored.
    per : int
        What the typed number is divided by: 100 for a percentage. The division is decimal, so that 4.1 percent
        gives the same float as 0.041 typed as a fraction.

    Raises
    ------
    ValueError
        A sentence that quotes the text and says what is wrong: a decimal comma, thousands separators, a unit,
        digits of another script, a number too large or too small for a float.
    """
    shown = text.strip()
    quoted = repr(shown if len(shown) <= _LONGEST else shown[:_LONGEST] + "...")
    if len(shown) > _LONGEST or not _NUMBER.fullmatch(shown):
        why_not = _why_not(shown)
        raise ValueError(f"got {quoted}; {why_not}" if why_not else f"got {quoted}")
    exact = Decimal(shown)
    value = float(exact / per)
    if math.isinf(value):
        raise ValueError(f"got {quoted}, which is too large for a number")
    if value == 0.0 and exact != 0:
        raise ValueError(f"got {quoted}, which is too small: it would become zero")
    return value


def _why_not(shown: str) -> str:
    """The likely slip behind a text that is not a number; empty where none is known."""
    if not shown:
        return "a number is needed"
    if len(shown) > _LONGEST:
        return "it is longer than any sensible number"
    if shown.lower().lstrip("+-") in {"nan", "inf", "infinity"}:
        return "a finite number is needed"
    if shown.lower() in {"true", "false"}:
        return "a number is needed, not true or false"
    with_unit = _WITH_UNIT.fullmatch(shown)
    if with_unit:
        return f"type the number only, without {with_unit.group(2)!r}"
    if "," in shown or " " in shown or "\u00a0" in shown or "_" in shown or "'" in shown:
        return "use a decimal point and no separators between thousands"
    if any(character.isdigit() and not character.isascii() for character in shown):
        return "use the digits 0 to 9"
    return ""
