"""Rules on two instants of a treatment day: which comes first, and how far apart they can be."""

from collections.abc import Iterator

import numpy as np

from dosimetry import instants, reference
from dosimetry.instants import hours_between
from dosimetry.problems import Problem
from dosimetry.ranges import outside, range_sentence


def possible_age(start: str | None, injection: str | None, path: str) -> Iterator[Problem]:
    """Calibration and injection so far apart that a date must be wrong."""
    if start is None or injection is None:
        return
    rule = reference.field("vial_age_h")
    hours = hours_from(start, injection)
    if outside(rule, np.array([hours])).any():
        yield Problem(path, f"{range_sentence(rule, hours)} Is the year or month of {start} right?")


def hours_from(start: str, end: str) -> float:
    """Elapsed time between two instants as typed, negative when the second is the earlier one. [h]"""
    return hours_between(instants.instant_from_text(start).utc, instants.instant_from_text(end).utc)


def not_later(first: str, start: str, second: str, end: str, path: str) -> Iterator[Problem]:
    """Two instants of which the first cannot be the later one."""
    hours = hours_from(start, end)
    if hours < 0:
        words = instants.duration_in_words(hours)
        yield Problem(path, f"{first} must not be later than {second}; it is {words} later. Is a zone or a date wrong?")


def not_far(first: str, start: str, second: str, end: str, path: str) -> Iterator[Problem]:
    """Two instants of one delivery, further apart than a vial and its injection can be."""
    rule, hours = reference.field("vial_age_h"), hours_from(start, end)
    if hours > 0 and outside(rule, np.array([hours])).any():
        words = instants.duration_in_words(hours)
        yield Problem(path, f"{second} must not be {words} later than {first}. Is a year or month wrong?")
