"""Tallies: what a summary needs of a piece of a table. Tallies of pieces add up to the tally of the whole."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dosimetry.arrays import AnyArray, FloatArray, IntArray
from dosimetry.audit import cells, names
from dosimetry.audit.candidates import SEPARATOR
from dosimetry.audit.comparing import GRADES
from dosimetry.audit.names import DIFFERENCE, GRADE, SLIPS

ALL, PERIOD, SLIP = "all", "period", "slip"
BY = {"device": "device", "model": "prescription_model", "center": "center"}
NOT_STATED = "not stated"
BIN, OUTERMOST = 0.01, 0.5
"""Width of a bin of differences, and where the open bins at both ends begin."""
_POINTS = 200
_MONTH = r"(\d{4}-\d{2})-\d{2}.*"


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts and sums by group, histograms of the differences, and some points to draw."""

    groups: pd.DataFrame
    """``by``, ``value``, ``rows``, a count for each grade, and count, sum and sum of squares of each difference."""
    bins: pd.DataFrame
    """Rows in each bin of difference, a column a quantity."""
    points: pd.DataFrame
    """``quantity``, ``computed``, ``recorded`` of some rows."""

    def plain(self) -> dict[str, Any]:
        """As plain values, for a file."""
        return {name: getattr(self, name).to_dict(orient="list") for name in ("groups", "bins", "points")}


def tally_from(plain: dict[str, Any]) -> Tally:
    """A tally from plain values."""
    return Tally(**{name: pd.DataFrame(columns) for name, columns in plain.items()})


def quantities_of(compared: pd.DataFrame) -> list[str]:
    """The quantities that a compared frame has differences of."""
    return [each.column for each in names.outputs() if f"{DIFFERENCE}{each.column}" in compared.columns]


def tally(compared: pd.DataFrame) -> Tally:
    """What a summary needs of a compared frame."""
    quantities = quantities_of(compared)
    measured = _measured(compared, quantities)
    groups = [_grouped(measured, ALL, np.zeros(len(compared), dtype=np.int64), [ALL])]
    groups += [_grouped(measured, by, *cells.labels(compared[name])) for by, name in BY.items() if name in compared]
    if "treatment_date" in compared.columns:
        groups.append(_grouped(measured, PERIOD, *_months(compared["treatment_date"])))
    groups.append(_by_slip(measured, compared[SLIPS]))
    found = pd.concat([each for each in groups if len(each)], ignore_index=True)
    return Tally(found, _bins(compared, quantities), _points(compared, quantities))


def together(tallies: Iterable[Tally]) -> Tally:
    """The tally of a table from those of its pieces."""
    found = list(tallies)
    groups = pd.concat([each.groups for each in found]).groupby(["by", "value"], sort=False).sum().reset_index()
    bins = sum((each.bins for each in found[1:]), found[0].bins)
    return Tally(groups, bins, pd.concat([each.points for each in found], ignore_index=True))


@dataclass(frozen=True, slots=True)
class _Measured:
    """What is counted and summed of each row: its grade, and its differences, NaN where they are not finite."""

    grades: IntArray
    differences: dict[str, FloatArray]

    def taken(self, rows: IntArray) -> "_Measured":
        """The same of some rows; a row may be asked for more than once."""
        return _Measured(self.grades[rows], {name: values[rows] for name, values in self.differences.items()})


def _measured(compared: pd.DataFrame, quantities: list[str]) -> _Measured:
    codes = np.asarray(compared[GRADE].astype(pd.CategoricalDtype(list(GRADES))).cat.codes, dtype=np.int64)
    differences = (compared[f"{DIFFERENCE}{name}"].to_numpy(dtype=np.float64) for name in quantities)
    finite = [np.where(np.isfinite(values), values, np.nan) for values in differences]
    return _Measured(codes, dict(zip(quantities, finite, strict=True)))


def _grouped(measured: _Measured, by: str, codes: IntArray, words: Sequence[str | None]) -> pd.DataFrame:
    """Counts and sums of every group that has rows; groups that are spelled alike, or not stated, are one."""
    spelled = [NOT_STATED if word is None else word for word in [*words, None]]
    places = {word: place for place, word in enumerate(dict.fromkeys(spelled))}
    group = np.array([places[word] for word in spelled], dtype=np.int64)[codes]
    graded = np.bincount(
        group * (len(GRADES) + 1) + measured.grades + 1, minlength=len(places) * (len(GRADES) + 1)
    ).reshape(len(places), len(GRADES) + 1)
    found: dict[str, AnyArray] = {"by": np.full(len(places), by, dtype=object), "value": np.array([*places, ""])[:-1]}
    found |= {"rows": graded.sum(axis=1)}
    found |= {grade: graded[:, code + 1] for code, grade in enumerate(GRADES)}
    for name, values in measured.differences.items():
        known = ~np.isnan(values)
        own, held = (group, values) if known.all() else (group[known], values[known])
        found[f"n:{name}"] = np.bincount(own, minlength=len(places))
        found[f"sum:{name}"] = np.bincount(own, weights=held, minlength=len(places))
        found[f"squares:{name}"] = np.bincount(own, weights=held**2, minlength=len(places))
    table = pd.DataFrame(found)
    return table[table["rows"] > 0].sort_values("value", ignore_index=True)


def _months(dates: "pd.Series[Any]") -> tuple[IntArray, list[str | None]]:
    """Year and month; what is no date is not stated."""
    codes, spelled = cells.labels(dates)
    months = [re.fullmatch(_MONTH, date) for date in spelled]
    return codes, [None if month is None else month.group(1) for month in months]


def undated(dates: "pd.Series[Any]") -> int:
    """How many given cells are no date as year-month-day; their rows count as not stated."""
    codes, months = _months(dates)
    return int(np.isin(codes, [place for place, month in enumerate(months) if month is None]).sum())


def _by_slip(measured: _Measured, slips: "pd.Series[Any]") -> pd.DataFrame:
    """A row counts once for each slip it is consistent with; numbers of hours and the like are left out."""
    codes, texts = cells.labels(slips)
    own = [list(dict.fromkeys(key.partition(":")[0] for key in text.split(SEPARATOR) if key)) for text in texts]
    words = list(dict.fromkeys(key for keys in own for key in keys))
    rows, found = [np.array([], dtype=np.int64)], [np.array([], dtype=np.int64)]
    named = np.array([*(bool(keys) for keys in own), False], dtype=np.bool_)
    some = np.flatnonzero(named[codes])
    for place, word in enumerate(words):
        has = np.array([word in keys for keys in own])
        rows.append(some[has[codes[some]]])
        found.append(np.full(len(rows[-1]), place))
    return _grouped(measured.taken(np.concatenate(rows)), SLIP, np.concatenate(found), words)


def edges() -> FloatArray:
    """The bounds of the bins, the two open ones included."""
    inner = np.round(np.arange(-OUTERMOST, OUTERMOST + BIN / 2, BIN), 10)
    return np.concatenate([[-np.inf], inner, [np.inf]])


def _bins(compared: pd.DataFrame, quantities: list[str]) -> pd.DataFrame:
    counted = {}
    for name in quantities:
        values = compared[f"{DIFFERENCE}{name}"].to_numpy(dtype=np.float64)
        place = np.searchsorted(edges(), values[~np.isnan(values)], side="right") - 1
        counted[name] = np.bincount(np.clip(place, 0, len(edges()) - 2), minlength=len(edges()) - 1)
    return pd.DataFrame(counted)


def _points(compared: pd.DataFrame, quantities: list[str]) -> pd.DataFrame:
    """Some rows of each quantity, evenly over the piece."""
    found = [pd.DataFrame({"quantity": [], "computed": [], "recorded": []}).astype({"quantity": object})]
    for name in quantities:
        difference = compared[f"{DIFFERENCE}{name}"].to_numpy(dtype=np.float64)
        rows = np.flatnonzero(np.isfinite(difference))
        rows = rows[:: max(1, len(rows) // _POINTS)]
        computed = compared[name].to_numpy(dtype=np.float64)[rows]
        recorded = computed * (1.0 + difference[rows])
        found.append(pd.DataFrame({"quantity": name, "computed": computed, "recorded": recorded}))
    return pd.concat(found, ignore_index=True)
