"""Instants of a treatment day: typed with a zone or an offset, computed with in universal time, shown in words.

An instant is ISO 8601 with its offset, ``2026-04-07T09:30+09:00`` or ``...Z``, or a local time with its IANA zone in
brackets, ``2026-04-07T09:30[Asia/Tokyo]``, or both, as RFC 9557 writes it. A local time that clocks skip is refused;
one that they show twice needs its offset. Nothing here knows what time it is now.
"""

import datetime
import difflib
import importlib.metadata
import re
import zoneinfo
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dosimetry import figures

EXAMPLE = "2026-04-07T09:30[Asia/Tokyo] or 2026-04-07T09:30+09:00"
EARLIEST_OFFSET, LATEST_OFFSET = datetime.timedelta(hours=-12), datetime.timedelta(hours=14)
"""Offsets from universal time that any clock on Earth shows."""
HOURS_PER_DAY, MINUTES_PER_HOUR, SECONDS_PER_HOUR = 24, 60, 3600
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?(Z|[+-][0-9]{2}:[0-9]{2})?"
    r"(?:\[([A-Za-z0-9_+\-]+(?:/[A-Za-z0-9_+\-]+)*)\])?"
)
_SLASHED = re.compile(r"\b[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}\b")
_TWELVE_HOUR = re.compile(r"(?i)[0-9]\s*[ap]\.?m\b")
_TO_THE_MINUTE, _TO_THE_SECOND = len("2026-04-07 09:30"), len("2026-04-07T09:30:00")
"""Lengths of ISO 8601."""
_UNKNOWN_OFFSET = "-00:00"
_OF_THIS_COMPUTER = ("localtime", "posix", "right/", "Factory")


@dataclass(frozen=True, slots=True, kw_only=True)
class Instant:
    """A point in time, in universal time, with the zone or the offset it is shown in."""

    utc: datetime.datetime
    shown_in: datetime.tzinfo
    zone: str | None

    @property
    def text(self) -> str:
        """ISO 8601 in universal time, as plans and orders print instants for programs."""
        return iso(self.utc)

    @property
    def local(self) -> str:
        """Date, clock time, offset and zone as people read them: ``2026-04-07 09:30 UTC+09:00 (Asia/Tokyo)``."""
        return shown(self.utc, self)


def instant_from_text(text: str) -> Instant:
    """The instant that a person typed.

    Parameters
    ----------
    text : str
        ISO 8601 to the minute or second, with an offset, an IANA zone in brackets, or both that agree.

    Raises
    ------
    ValueError
        A sentence that quotes the text and says what is wrong: no zone, a day that does not exist, a clock time that
        the zone skips or shows twice, an offset that is not the zone's.
    """
    found = _INSTANT.fullmatch(text)
    if found is None:
        raise ValueError(f"must be an instant like {EXAMPLE}; got {text!r}. {_why_not(text)}".strip())
    date, hour, minute, second, offset, zone = found.groups()
    local = _local(date, int(hour), int(minute), int(second or 0), text)
    if offset is None and zone is None:
        raise ValueError(f"must name its time zone, or its offset from universal time, as in {EXAMPLE}; got {text!r}.")
    if zone is None:
        fixed = _fixed(offset, text)
        return Instant(utc=_universal(local, fixed, text), shown_in=fixed, zone=None)
    place = _place(zone)
    found_offset = _offset_in(local, place, zone, None if offset is None else _fixed(offset, text))
    return Instant(utc=_universal(local, datetime.timezone(found_offset), text), shown_in=place, zone=zone)


def with_zone(text: str, zone: str) -> str:
    """A clock time and the zone chosen beside it as one text; what names its own zone or offset stays as it is."""
    found = _INSTANT.fullmatch(text)
    is_local = found is not None and found.group(5) is None and found.group(6) is None
    date_and_time = text.replace(" ", "T", 1)
    return f"{date_and_time}[{zone}]" if is_local else text


def without_zone(text: str) -> tuple[str, str]:
    """The reverse: clock time and zone apart; a text that states an offset stays whole, its zone is empty."""
    found = _INSTANT.fullmatch(text)
    if found is None or found.group(5) is not None or found.group(6) is None:
        return text, ""
    return text.partition("[")[0], found.group(6)


def is_complete(text: str) -> bool:
    """Whether a text has all parts of an instant, be it one or not: nothing more is expected of who types it."""
    found = _INSTANT.fullmatch(text)
    return found is not None and (found.group(5) is not None or found.group(6) is not None)


def repeated(text: str) -> tuple[str, ...]:
    """Both ways to write a clock time that its zone shows twice; none for any other text."""
    local, zone = without_zone(text)
    if not zone:
        return ()
    try:
        place, at = _place(zone), datetime.datetime.fromisoformat(local)
    except ValueError:
        return ()
    offsets = offsets_of(at, place)
    return _each_way(at, offsets, zone) if len(offsets) > 1 else ()


def _each_way(local: datetime.datetime, offsets: tuple[datetime.timedelta, ...], zone: str) -> tuple[str, ...]:
    return tuple(f"{local.isoformat()}{_signed(offset)}[{zone}]" for offset in offsets)


def zones() -> tuple[str, ...]:
    """Every zone of the IANA list, by name."""
    return tuple(sorted(zone for zone in zoneinfo.available_timezones() if not zone.startswith(_OF_THIS_COMPUTER)))


def shown(utc: datetime.datetime, like: Instant) -> str:
    """A point in universal time as people read it, in the zone or offset of an instant."""
    text = f"{clock(utc, like)} {_offset_name(utc.astimezone(like.shown_in))}"
    return f"{text} ({like.zone})" if like.zone else text


def typed_again(local: str) -> str:
    """What a person would type for an instant as `shown` writes it."""
    date, time, offset, *zone = local.split(" ")
    return f"{date}T{time}{offset.removeprefix('UTC')}" + (f"[{zone[0].strip('()')}]" if zone else "")


def clock(utc: datetime.datetime, like: Instant) -> str:
    """A point in universal time by the clocks of an instant's zone, which is named elsewhere: ``2026-04-07 09:30``.

    Seconds are shown where there are any.
    """
    return utc.astimezone(like.shown_in).isoformat(" ")[: _TO_THE_SECOND if utc.second else _TO_THE_MINUTE]


def _offset_name(local: datetime.datetime) -> str:
    return f"UTC{_signed(local.utcoffset() or datetime.timedelta())}"


def iso(utc: datetime.datetime) -> str:
    """A point in universal time in ISO 8601, to the second."""
    return f"{utc.isoformat()[:_TO_THE_SECOND]}Z"


def hours_between(start: datetime.datetime, end: datetime.datetime) -> float:
    """Elapsed time from one point in universal time to another, negative when the second is the earlier one. [h]"""
    return (end.astimezone(datetime.UTC) - start.astimezone(datetime.UTC)) / datetime.timedelta(hours=1)


def to_the_minute(utc: datetime.datetime) -> datetime.datetime:
    """The whole minute nearest to a point in time."""
    return (utc + datetime.timedelta(seconds=MINUTES_PER_HOUR / 2)).replace(second=0, microsecond=0)


def later(start: datetime.datetime, hours: float) -> datetime.datetime:
    """The point a number of hours after another, to the whole second. [h]"""
    return start + datetime.timedelta(seconds=round(hours * SECONDS_PER_HOUR))


def duration_in_words(hours: float) -> str:
    """A time span as people say it: days and hours, or below a day hours and minutes."""
    minutes = round(abs(hours) * MINUTES_PER_HOUR)
    if minutes < HOURS_PER_DAY * MINUTES_PER_HOUR:
        whole, rest = divmod(minutes, MINUTES_PER_HOUR)
        parts = [f"{whole} h" if whole else "", f"{rest} min" if rest or not whole else ""]
    else:
        days, rest = divmod(round(minutes / MINUTES_PER_HOUR), HOURS_PER_DAY)
        parts = [f"{days} day{'s' if days > 1 else ''}", f"{rest} h" if rest else ""]
    return " ".join(part for part in parts if part)


def elapsed_in_words(hours: float, remaining_fraction: float, since: str = "calibration") -> str:
    """Elapsed time and what decay leaves: ``1 day 13 h after calibration, 66.8 % left``."""
    if hours == 0:
        return f"at {since}"
    side, left = ("after", "left") if hours > 0 else ("before", f"of the activity at {since}")
    return f"{duration_in_words(hours)} {side} {since}, {figures.percent(remaining_fraction, 3)} {left}"


@cache
def database_version() -> str:
    """Which release of the IANA zone database converts local times here: of the system, else of the package."""
    for folder in map(Path, zoneinfo.TZPATH):
        rules = folder / "tzdata.zi"
        if rules.is_file():
            with rules.open(encoding="ascii", errors="replace") as lines:
                return lines.readline().removeprefix("# version").strip()
        if (folder / "+VERSION").is_file():
            return (folder / "+VERSION").read_text("ascii").strip()
        if folder.is_dir() and any(folder.iterdir()):
            return "of the system, release not stated"
    try:
        return f"tzdata {importlib.metadata.version('tzdata')}"
    except importlib.metadata.PackageNotFoundError:
        return "none"


def _why_not(text: str) -> str:
    """The likely slip behind a text that is not an instant."""
    if _SLASHED.search(text):
        return "Write year-month-day: day and month cannot be told apart here."
    if _TWELVE_HOUR.search(text):
        return "Use the 24-hour clock: noon is 12:00, midnight 00:00."
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return "A date needs its clock time."
    return ""


def _local(date: str, hour: int, minute: int, second: int, text: str) -> datetime.datetime:
    if hour == HOURS_PER_DAY:
        raise ValueError(
            f"must have a clock time from 00:00 to 23:59; got {text!r}. Midnight is 00:00 of the next day."
        )
    try:
        day = datetime.date.fromisoformat(date)
        return datetime.datetime.combine(day, datetime.time(hour, minute, second))
    except ValueError as error:
        raise ValueError(f"must be a date and clock time that exist; got {text!r}: {error}.") from None


def _fixed(offset: str, text: str) -> datetime.timezone:
    """An offset as a time zone."""
    if offset == "Z":
        return datetime.UTC
    if offset == _UNKNOWN_OFFSET:
        raise ValueError(f"must name its offset; got {text!r}, where -00:00 says that the offset is not known.")
    hours, minutes = int(offset[1:3]), int(offset[4:6])
    span = datetime.timedelta(hours=hours, minutes=minutes) * (-1 if offset[0] == "-" else 1)
    if minutes >= MINUTES_PER_HOUR or not EARLIEST_OFFSET <= span <= LATEST_OFFSET:
        raise ValueError(f"must have an offset from -12:00 to +14:00; got {text!r}.")
    return datetime.timezone(span)


def _universal(local: datetime.datetime, zone: datetime.timezone, text: str) -> datetime.datetime:
    try:
        return local.replace(tzinfo=zone).astimezone(datetime.UTC)
    except OverflowError:
        raise ValueError(f"must lie in the years 1 to 9999; got {text!r}.") from None


@cache
def _place(zone: str) -> zoneinfo.ZoneInfo:
    """The rules of a zone, read once. Names that mean another thing on every computer are no zones."""
    try:
        return zoneinfo.ZoneInfo("" if zone.startswith(_OF_THIS_COMPUTER) else zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        close = difflib.get_close_matches(zone, zoneinfo.available_timezones(), n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        raise ValueError(f"must name a zone of the IANA list, like Europe/Berlin; got {zone!r}.{hint}") from None


def _offset_in(
    local: datetime.datetime, place: zoneinfo.ZoneInfo, zone: str, given: datetime.timezone | None
) -> datetime.timedelta:
    """The offset of a clock time in a zone. Skipped times have none, repeated ones two, of which one must be given."""
    offsets = offsets_of(local, place)
    if not offsets:
        raise ValueError(f"does not exist: clocks in {zone} skip {local:%H:%M} on {local:%Y-%m-%d}.")
    if given is None:
        if len(offsets) > 1:
            choice = " or ".join(_each_way(local, offsets, zone))
            raise ValueError(
                f"stands twice: clocks in {zone} show {local:%H:%M} on {local:%Y-%m-%d} twice. Write {choice}."
            )
        return offsets[0]
    if given.utcoffset(None) not in offsets:
        known = " or ".join(_signed(offset) for offset in offsets)
        raise ValueError(f"has an offset of {given}, but clocks in {zone} show {local:%Y-%m-%d %H:%M} at {known}.")
    return given.utcoffset(None)


def offsets_of(local: datetime.datetime, place: datetime.tzinfo) -> tuple[datetime.timedelta, ...]:
    """The offsets at which a zone's clocks show a local time: none where they skip it, two where they repeat it."""
    found: list[datetime.timedelta] = []
    for fold in (0, 1):
        aware = local.replace(tzinfo=place, fold=fold)
        offset = aware.utcoffset() or datetime.timedelta()
        back = (local - offset).replace(tzinfo=datetime.UTC).astimezone(place).replace(tzinfo=None)
        if back == local and offset not in found:
            found.append(offset)
    return tuple(found)


def _signed(offset: datetime.timedelta) -> str:
    return str(datetime.timezone(offset)).removeprefix("UTC") or "+00:00"
