"""Which slips a record is consistent with: all that fit, as far as the digits of the record can tell."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dosimetry import decay
from dosimetry.arrays import AnyArray, BoolArray, FloatArray
from dosimetry.audit.names import Output
from dosimetry.audit.replanning import Recomputed
from dosimetry.audit.slips import INPUT_ROUNDING, ROUNDING, decayed, slips
from dosimetry.comparison import RTOL
from dosimetry.instants import HOURS_PER_DAY

SEPARATOR = ";"
_FIT, _FIT_OF_DECAY = 0.01, 0.0003
"""Relative room beside the digits of the record: conventions differ by up to a percent; an hour decays by one."""
_HALF_LIVES = 0.0025
"""Relative difference of the half-lives in use: what has decayed for long leaves more room."""
_OF_STEP = 10
"""A step of decay is named only where digits and room leave this part of it: by chance, two records in it fit."""
_HOURS, _DAYS = 23, 14
_LINEAR = ("GBq", "Gy", "Gy kg")


@dataclass(frozen=True, slots=True)
class Asked:
    """One recorded quantity in the rows that disagree: record, computed value, and how far rounding moves each.

    ``half_digit`` is half the last digit of the record, ``reach`` what the rounding of the inputs does to the computed
    value.
    """

    output: Output
    rows: BoolArray
    recorded: FloatArray
    computed: FloatArray
    half_digit: FloatArray
    reach: FloatArray
    room: float

    @property
    def is_rounded(self) -> BoolArray:
        """Where the record is the computed value, rounded."""
        return self.rows & (np.abs(self.recorded - self.computed) <= self.half_digit)

    @property
    def is_within_inputs(self) -> BoolArray:
        """Where inputs that are rounded to what is written explain the difference."""
        off = np.abs(self.recorded - self.computed)
        return self.rows & ~self.is_rounded & (off <= (self.half_digit + self.reach) * (1.0 + RTOL))

    def fits(self, altered: FloatArray, room: float | FloatArray | None = None) -> BoolArray:
        """Where an altered value gives the record, and does so better than the right one."""
        off = np.abs(self.recorded - altered)
        slack = self.half_digit + (self.room if room is None else room) * np.abs(altered)
        return self.rows & (off <= slack) & (off < np.abs(self.recorded - self.computed))

    def tells(self, part: FloatArray, room: FloatArray) -> BoolArray:
        """Where digits and room are a small part of a relative step, so that the record can tell it from others."""
        return self.half_digit + room * np.abs(self.recorded) <= part / _OF_STEP * np.abs(self.recorded)


def candidates(done: Recomputed, asked: list[Asked]) -> dict[str, AnyArray]:
    """For each recorded quantity the keys of all slips that fit, one after the other, in every row.

    `INPUT_ROUNDING` stands first where the rounding of the inputs could explain the difference.
    """
    major = {each.output.column: _texts(done.rows) for each in asked}
    minor = {each.output.column: _texts(done.rows) for each in asked}
    for slip in slips():
        fits = {each.output.column: np.zeros(done.rows, dtype=np.bool_) for each in asked}
        for results in slip.readings(done.evaluated):
            for each in asked:
                quantity = each.output.quantity
                altered = done.spread(results.level(quantity.level)[quantity.name], each.output)
                fits[each.output.column] |= each.fits(altered)
        for column, rows in fits.items():
            _append((minor if slip.is_minor else major)[column], rows, slip.key)
    found: dict[str, AnyArray] = {}
    for each in asked:
        column = each.output.column
        for key, rows in _decays(done, each):
            _append(major[column], rows, key)
        found[column] = _settled(each, major[column], minor[column])
    return found


def _settled(asked: Asked, major: AnyArray, minor: AnyArray) -> AnyArray:
    """Convention and density where one of them alone fits. A rounded record is no slip.

    What the rounding of the inputs could explain may be a slip as well: it stands first, beside those that fit.
    """
    is_one = (minor != "") & ~np.array([SEPARATOR in text for text in minor], dtype=np.bool_)
    explained = np.where(is_one & (major == ""), minor, major)
    within = asked.is_within_inputs
    explained[within] = np.where(explained[within] == "", "", SEPARATOR) + explained[within]
    explained[within] = INPUT_ROUNDING + explained[within]
    explained[asked.is_rounded] = np.where(minor[asked.is_rounded] == "", ROUNDING, "")
    return explained


def _decays(done: Recomputed, asked: Asked) -> Iterator[tuple[str, BoolArray]]:
    """Hours and days of decay, each number with its rows."""
    if asked.output.quantity.unit not in _LINEAR:
        return
    columns = done.chosen.columns
    half_life_h = np.full(done.rows, np.nan)
    half_life_h[done.chosen.territories] = done.evaluated.constants.half_life_h[columns.territory_case]
    for key, step_h, most in (("decay_hours", 1.0, _HOURS), ("decay_days", float(HOURS_PER_DAY), _DAYS)):
        steps = decayed(asked.computed, asked.recorded, half_life_h, step_h, most)
        left = decay.remaining_fraction(elapsed_h=steps * step_h, half_life_h=half_life_h)
        room = _FIT_OF_DECAY + _HALF_LIVES * np.abs(np.log(left))
        step = 1.0 - decay.remaining_fraction(elapsed_h=np.full(done.rows, step_h), half_life_h=half_life_h)
        rows = asked.fits(asked.computed * left, room) & asked.tells(step, room)
        for number in np.unique(steps[rows]).tolist():
            yield f"{key}:{number:g}", rows & (steps == number)


def claimed(text: str) -> list[str]:
    """The slips that one quantity of a row counts for, without their numbers, each once.

    Where the rounding of the inputs could explain the difference it counts alone: the slips beside it are possible, and
    no more than that.
    """
    keys = [key.partition(":")[0] for key in text.split(SEPARATOR) if key]
    return [INPUT_ROUNDING] if INPUT_ROUNDING in keys else list(dict.fromkeys(keys))


def room_for(tolerance: float) -> float:
    """Relative room of a fit: never so much that a record which disagrees could fit the right value."""
    return min(_FIT, tolerance / 2)


def _texts(rows: int) -> AnyArray:
    return np.full(rows, "", dtype=object)


def _append(texts: AnyArray, rows: BoolArray, key: str) -> None:
    held = texts[rows]
    texts[rows] = np.where(held == "", held, held + SEPARATOR) + key
