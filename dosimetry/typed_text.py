"""Number to text: what a form shows for a number it was given, so that reading it back gives the same number."""

from decimal import Decimal

_LONGEST_PLAIN = 25
"""Longer than any sensible input; what is longer is written with an exponent, which `number_from_text` reads."""


def text_from_number(value: float, *, per: int = 1) -> str:
    """The text that `number_from_text` reads as this very number.

    Parameters
    ----------
    value : float
        A finite number.
    per : int
        What the typed number will be divided by: 100 for a percentage. The multiplication is decimal, so that the
        fraction 0.041 shows as 4.1.
    """
    exact = (Decimal(repr(value)) * per).normalize()
    plain = f"{exact:f}"
    return plain if len(plain) <= _LONGEST_PLAIN else str(exact)
