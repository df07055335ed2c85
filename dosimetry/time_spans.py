"""Spans of time around an instant, such as the windows of an order: column by column, and never wider than they are."""

import datetime
from dataclasses import dataclass

import numpy as np

from dosimetry.arrays import AnyArray, FloatArray
from dosimetry.instants import SECONDS_PER_HOUR, Instant, shown

_ROUNDING_S = 1e-6
"""What floating-point arithmetic may add to a whole second. [s]"""


@dataclass(frozen=True, slots=True)
class Spans:
    """Spans of time around an instant, in universal time; whole minutes where any lie inside, else whole seconds."""

    first: AnyArray
    last: AnyArray

    def iso(self) -> tuple[list[str], list[str]]:
        """Begins and ends as `iso` writes an instant."""
        first, last = ([f"{each}Z" for each in _texts(end)] for end in (self.first, self.last))
        return first, last

    def clocks(self, like: Instant) -> list[tuple[str, str]]:
        """Begins and ends as `clock` shows an instant."""
        first, last = (_without_seconds(_texts(_by_clocks(end, like))) for end in (self.first, self.last))
        return list(zip(first, last, strict=True))

    def shown(self, like: Instant) -> list[tuple[str, str]]:
        """Begins and ends as `shown` shows an instant."""
        first, last = ([shown(_utc(each), like) for each in end.tolist()] for end in (self.first, self.last))
        return list(zip(first, last, strict=True))


def spans(around: Instant, from_h: FloatArray, until_h: FloatArray) -> Spans:
    """Spans that begin and end some hours after an instant; none is made wider than it is. [h]"""
    start = np.datetime64(around.utc.replace(tzinfo=None), "s")
    first = start + np.ceil(from_h * SECONDS_PER_HOUR - _ROUNDING_S).astype("timedelta64[s]")
    last = start + np.floor(until_h * SECONDS_PER_HOUR + _ROUNDING_S).astype("timedelta64[s]")
    minute = np.timedelta64(1, "m")
    since, until = (each.astype("datetime64[m]").astype("datetime64[s]") for each in (first, last))
    since = np.where(since < first, since + minute, since)
    has_minute = since + minute <= until
    return Spans(np.where(has_minute, since, first), np.where(has_minute, until, last))


def _by_clocks(utc: AnyArray, like: Instant) -> AnyArray:
    """Points in universal time by the clocks of an instant's zone, which may change their offset in between."""
    each, place = np.unique(utc.astype("datetime64[m]"), return_inverse=True)
    offsets = [like.shown_in.utcoffset(_utc(minute).astimezone(like.shown_in)) for minute in each.tolist()]
    return np.asarray(utc + np.array(offsets, dtype="timedelta64[s]")[place])


def _utc(naive: datetime.datetime) -> datetime.datetime:
    return naive.replace(tzinfo=datetime.UTC)


def _texts(at: AnyArray) -> list[str]:
    texts: list[str] = np.datetime_as_string(at, unit="s").tolist()
    return texts


def _without_seconds(texts: list[str]) -> list[str]:
    """Clock times as people read them; seconds only where there are any. In one go: there are thousands."""
    return "\n".join([*texts, ""]).replace("T", " ").replace(":00\n", "\n").splitlines()
