"""The tolerance of an audit as a person types it: in percent."""

from dosimetry import figures, units
from dosimetry.number_text import number_from_text

_SMALL_PERCENT = 0.5
"""A tolerance below it is more likely a fraction, 0.05 for 5 %, than meant."""


def tolerance_percent(text: str) -> float:
    """The difference up to which a record agrees, in percent.

    Raises
    ------
    ValueError
        The sentence for a text that is no number, or one that is no tolerance.
    """
    try:
        percent = float(number_from_text(text))
    except ValueError as error:
        raise ValueError(f"Tolerance must be a number; {error}.") from None
    if not 0 < percent < units.PERCENT:
        raise ValueError(f"Tolerance must be more than 0 % and less than 100 %; got {figures.trimmed(percent)} %.")
    return percent


def question(percent: float) -> str:
    """What to ask where a fraction may have been typed for a percentage; empty where it was not."""
    if percent >= _SMALL_PERCENT:
        return ""
    meant = figures.trimmed(percent * units.PERCENT)
    return f"{figures.trimmed(percent)} % is very small. Was {meant} % meant? Then type {meant}."
