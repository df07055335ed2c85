"""Whether a text of a table is a day, asked in one place: by what reads cells and by what counts months."""

import datetime
import re

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_LENGTH = len("2026-04-03")
_TIME = re.compile(
    r"[ T](?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?"
    r"(?: ?[AP]M)?(?: ?(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2}))?",
    re.ASCII | re.IGNORECASE,
)
"""What may stand behind the day: a time of day, as in a column of instants."""
WANTED = "must be a date as year-month-day, like 2026-04-03"


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar as year-month-day, and nothing more."""
    if not _DAY.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def day_of(text: str) -> str | None:
    """The day of a text, behind which a time of day may stand; ``None`` for what is no day."""
    day, rest = text[:_LENGTH], text[_LENGTH:].rstrip()
    return day if is_day(day) and (not rest or _TIME.fullmatch(rest)) else None


def month_of(text: str) -> str | None:
    """Year and month of a day, behind which a time of day may stand; ``None`` for what is no day."""
    day = day_of(text)
    return day[: -len("-03")] if day else None
