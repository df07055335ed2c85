"""The range of every input, and the sentence for a value outside it."""

import math

import numpy as np

from dosimetry import figures, reference
from dosimetry.arrays import BoolArray, FloatArray
from dosimetry.reference_rows import ANY, InputRule, Slip, UnusualInterval


def outside(rule: InputRule, values: FloatArray) -> BoolArray:
    """Where values break a range. NaN, which means not given, breaks none; infinity breaks every one."""
    lower, upper = -math.inf if rule.lower is None else rule.lower, math.inf if rule.upper is None else rule.upper
    # An open end is that of the next number; where there is no bound, infinity itself is outside.
    if rule.lower_open or rule.lower is None:
        lower = math.nextafter(lower, math.inf)
    if rule.upper_open or rule.upper is None:
        upper = math.nextafter(upper, -math.inf)
    return np.asarray((values < lower) | (values > upper))


def range_sentence(rule: InputRule, value: float, where: str = "") -> str:
    """Name, rule, value, and the likely slip; ``where`` says where the rule holds."""
    unit = f" {rule.unit}" if rule.unit else ""
    hints = [
        _hint(slip, value) for slip in reference.slips() if slip.name == rule.name and _explains(rule, slip, value)
    ]
    return " ".join([f"{rule.name} must be {_interval(rule)}{unit}{where}; got {_shown(rule, value)}.", *hints])


def _shown(rule: InputRule, value: float) -> str:
    return figures.trimmed(value, figures.apart(value, rule.lower, rule.upper, digits=6))


def _explains(rule: InputRule, slip: Slip, value: float) -> bool:
    return value > 0 and not outside(rule, np.array([value * slip.factor])).any()


def _hint(slip: Slip, value: float) -> str:
    return slip.hint.format(
        value=figures.trimmed(value),
        converted=figures.trimmed(value * slip.factor, 4),
        back=figures.trimmed(value / slip.factor),
    )


def _interval(rule: InputRule) -> str:
    if rule.lower is None:
        return f"{'<' if rule.upper_open else '<='} {rule.upper:g}"
    if rule.upper is None:
        return f"{'>' if rule.lower_open else '>='} {rule.lower:g}"
    return f"in {'(' if rule.lower_open else '['}{rule.lower:g}, {rule.upper:g}{')' if rule.upper_open else ']'}"


def unusual_sentence(interval: UnusualInterval, value: float, as_measured: str = "") -> str:
    """What is said of a value inside such an interval; ``as_measured`` tells it from the input of that name."""
    rule = reference.field(interval.name)
    shown = figures.in_unit(value, rule.entered_as or rule.unit)
    return f"{rule.label}{as_measured} is {shown}. {interval.hint}"


def unusual_intervals(name: str, value: float, device: str) -> list[UnusualInterval]:
    """The intervals of an input, for any device or this one, in which a single value needs an acknowledgement."""
    meant = (each for each in reference.unusual_intervals() if each.name == name and each.device in (ANY, device))
    return [each for each in meant if unusual(each, np.array([value])).any()]


def unusual(interval: UnusualInterval, values: FloatArray) -> BoolArray:
    """Where values lie inside an interval that needs an acknowledgement, its ends excluded."""
    lower = -np.inf if interval.lower is None else interval.lower
    upper = np.inf if interval.upper is None else interval.upper
    return np.asarray((lower < values) & (values < upper))
