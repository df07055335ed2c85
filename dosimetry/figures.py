"""Numbers as people read them: fixed decimals or significant digits, with the unit."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal

from dosimetry.comparison import RTOL

SIGNS = {"=": "=", "<": "<", ">": ">", "<=": "\N{LESS-THAN OR EQUAL TO}", ">=": "\N{GREATER-THAN OR EQUAL TO}"}
_EXACT = Context(prec=400)
_SMALLEST, _LARGEST = -9, 15
_ALL_DIGITS = 17
AT_LEAST, AT_MOST = "at least ", "at most "
"""Before a number that is known in part, and before the room that it leaves below a bound."""
MISSING, MINUS = "\N{EN DASH}", "\N{MINUS SIGN}"


def fixed(value: float | None, decimals: int) -> str:
    """A number with a fixed count of decimals, rounded from its shortest decimal form; a dash for none."""
    if value is None:
        return MISSING
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_EVEN, context=_EXACT)
    return f"{rounded if rounded else abs(rounded):f}"


def significant(value: float | None, digits: int) -> str:
    """A number with a count of significant digits; a dash for none. An exponent only where zeros would hide it."""
    if value is None:
        return MISSING
    exact = Decimal(repr(float(value)))
    if not exact.is_finite():
        return "beyond any number"
    if exact == 0:
        return "0"
    if not _SMALLEST <= exact.adjusted() <= _LARGEST:
        return f"{exact:.{digits - 1}e}"
    return fixed(value, max(0, digits - 1 - exact.adjusted()))


def rounded_down(value: float, digits: int) -> str:
    """A positive number to a count of significant digits, never more than it is: for what must not be exceeded.

    What lies within 1e-12 of such a number is that number, as in every comparison with a bound.
    """
    return _toward(value, digits, ROUND_FLOOR)


def rounded_up(value: float, digits: int) -> str:
    """A positive number to a count of significant digits, never less than it is: for what is to be reached."""
    return _toward(value, digits, ROUND_CEILING)


def _toward(value: float, digits: int, rounding: str) -> str:
    exact = Decimal(repr(float(value)))
    if exact == 0:
        return "0"
    step = Decimal(1).scaleb(min(0, exact.adjusted() - digits + 1))
    nearest = exact.quantize(step, rounding=ROUND_HALF_EVEN, context=_EXACT)
    is_same = abs(nearest - exact) <= abs(exact) * Decimal(RTOL)
    return f"{nearest if is_same else exact.quantize(step, rounding=rounding, context=_EXACT):f}"


def readable(value: float | None, decimals: int, digits: int = 2) -> str:
    """A number with fixed decimals, and with more where fewer than ``digits`` significant ones would be left."""
    if value is None or value == 0:
        return fixed(value, decimals)
    shown = fixed(value, decimals)
    return shown if abs(value) >= 10.0 ** (digits - 1 - decimals) else significant(value, digits)


def readable_below(value: float, bound: float, decimals: int, digits: int) -> str:
    """A readable number of three to ``digits`` significant digits, never past a bound that the value does not pass.

    It has more decimals where those asked for would round it past the bound; where ``digits`` do so too, it is rounded
    down.
    """
    if value == 0:
        return fixed(value, decimals)
    if not _SMALLEST <= Decimal(repr(float(value))).adjusted() <= _LARGEST:
        return significant(value, digits)
    size = Context(prec=digits).create_decimal(repr(float(value))).adjusted()
    most = max(0, digits - 1 - size)
    for places in range(min(max(decimals, 2 - size), most), most + 1):
        shown = fixed(value, places)
        if not is_past(value, bound) and is_past(float(shown), bound):
            continue
        return shown
    return rounded_down(value, digits)


def is_past(value: float, bound: float) -> bool:
    """Whether a number lies above a bound, by more than the band of every comparison with a bound."""
    return value > bound + RTOL * abs(bound)


def percent(fraction: float | None, digits: int = 4) -> str:
    """A fraction as a percentage, without trailing zeros: 0.05 is ``5 %``."""
    return MISSING if fraction is None else f"{trimmed(_in_percent(fraction), digits)} %"


def _in_percent(fraction: float) -> float:
    """A fraction as a percentage by its decimals, so that 0.07 is 7 and nothing else."""
    return float(Decimal(repr(float(fraction))).scaleb(2))


def trimmed(value: float, digits: int = 6) -> str:
    """A number to a count of significant digits without trailing zeros."""
    text = significant(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def signed_percent(fraction: float | None, digits: int = 4) -> str:
    """A difference as a percentage with its sign: ``+27.03 %``."""
    if fraction is None:
        return MISSING
    sign = "+" if fraction > 0 else MINUS if fraction < 0 else ""
    return f"{sign}{percent(abs(fraction), digits)}"


def change(fraction: float | None, decimals: int) -> str:
    """A difference as a percentage with its sign and fixed decimals, for a column of them: ``+1.92 %``."""
    if fraction is None:
        return MISSING
    shown = fixed(_in_percent(abs(fraction)), decimals)
    sign = "" if not float(shown) else "+" if fraction > 0 else MINUS
    return f"{sign}{shown} %"


def with_unit(text: str, unit: str) -> str:
    """A figure and its unit, kept on one line; a dash stays alone."""
    return text if text == MISSING or not unit else f"{text}\N{NO-BREAK SPACE}{unit}"


def apart(value: float, *bounds: float | None, digits: int = 4) -> int:
    """How many significant digits a value needs to look different from bounds it is different from."""
    others = [bound for bound in bounds if bound is not None and abs(bound - value) > RTOL * abs(bound)]
    while digits < _ALL_DIGITS and any(trimmed(value, digits) == trimmed(bound, digits) for bound in others):
        digits += 1
    return digits


def in_unit(value: float, unit: str, digits: int = 4) -> str:
    """A value with its unit for a sentence; with the unit ``%`` the value is a fraction."""
    size = percent(abs(value), digits) if unit == "%" else f"{trimmed(abs(value), digits)} {unit}".rstrip()
    return f"{MINUS if value < 0 else ''}{size}"
