"""Numbers as people read them: fixed decimals or significant digits, never an exponent, always with the unit."""

from decimal import ROUND_HALF_EVEN, Decimal

SIGNS = {"<": "<", ">": ">", "<=": "\N{LESS-THAN OR EQUAL TO}", ">=": "\N{GREATER-THAN OR EQUAL TO}"}
MISSING = "\N{EN DASH}"


def fixed(value: float | None, decimals: int) -> str:
    """A number with a fixed count of decimals, rounded from its shortest decimal form; a dash for none."""
    if value is None:
        return MISSING
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    return f"{rounded if rounded else abs(rounded):f}"


def significant(value: float | None, digits: int) -> str:
    """A number with a count of significant digits, without an exponent; a dash for none."""
    if value is None:
        return MISSING
    exact = Decimal(repr(float(value)))
    if exact == 0:
        return "0"
    return fixed(value, max(0, digits - 1 - exact.adjusted()))


def percent(fraction: float | None, digits: int = 4) -> str:
    """A fraction as a percentage, without trailing zeros: 0.05 is ``5 %``."""
    return MISSING if fraction is None else f"{trimmed(float(Decimal(repr(float(fraction))) * 100), digits)} %"


def trimmed(value: float, digits: int = 6) -> str:
    """A number to a count of significant digits without trailing zeros."""
    text = significant(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def with_unit(text: str, unit: str) -> str:
    """A figure and its unit, kept on one line; a dash stays alone."""
    return text if text == MISSING or not unit else f"{text}\N{NO-BREAK SPACE}{unit}"


def in_unit(value: float, unit: str, digits: int = 4) -> str:
    """A value with its unit for a sentence; with the unit ``%`` the value is a fraction."""
    return percent(value, digits) if unit == "%" else f"{trimmed(value, digits)} {unit}".rstrip()
