"""Tallies: what a summary needs of a piece of a table. Tallies of pieces add up to the tally of the whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from dosimetry.arrays import AnyArray, BoolArray, FloatArray, IntArray
from dosimetry.audit import cells, names
from dosimetry.audit.candidates import claimed
from dosimetry.audit.comparing import GRADES, far_by
from dosimetry.audit.dates import month_of
from dosimetry.audit.names import CENTER, DIFFERENCE, GRADE, SLIPS_OF, TREATMENT_DATE
from dosimetry.audit.notable_rows import far_rows, far_together, refusals, refusals_together

ALL, PERIOD, SLIP = "all", "period", "slip"
BY = {"device": "device", "model": "prescription_model", "center": CENTER}
NOT_STATED = "not stated"
BIN, OUTERMOST = 0.01, 0.5
"""Width of a bin of differences, and where the open bins at both ends begin."""
_POINTS = 200
_FAR, _ENDLESS = 1, 2


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts and sums by group, histograms of the differences, and some points to draw."""

    groups: pd.DataFrame
    """``by``, ``value``, ``rows``, a count for each grade, and for each quantity count, sum and sum of squares of the
    differences, and how many of them are far or have nothing to be relative to. A row counts in the differences of a
    slip only where that very quantity is counted for it."""
    bins: pd.DataFrame
    """Rows in each bin of difference, a column a quantity."""
    points: pd.DataFrame
    """``quantity``, ``computed``, ``recorded`` of some rows."""
    far: pd.DataFrame = field(default_factory=pd.DataFrame)
    """The records that are furthest off, as `far_rows` lists them."""
    refused: pd.DataFrame = field(default_factory=pd.DataFrame)
    """Why rows were refused, as `refusals` lists it."""

    def plain(self) -> dict[str, Any]:
        """As plain values, for a file."""
        return {name: getattr(self, name).to_dict(orient="list") for name in Tally.__slots__}


def tally_from(plain: dict[str, Any]) -> Tally:
    """A tally from plain values."""
    return Tally(**{name: pd.DataFrame(columns) for name, columns in plain.items()})


def quantities_of(compared: pd.DataFrame) -> list[str]:
    """The quantities that a compared frame has differences of."""
    return [each.column for each in names.outputs() if f"{DIFFERENCE}{each.column}" in compared.columns]


def tally(compared: pd.DataFrame) -> Tally:
    """What a summary needs of a compared frame."""
    quantities = quantities_of(compared)
    grades = _grades(compared)
    beyond = {name: _beyond(compared, name) for name in quantities}
    measured = _measured(grades, {name: _finite(compared, name) for name in quantities}, beyond)
    groups = [_grouped(measured, ALL, np.zeros(len(compared), dtype=np.int64), [ALL])]
    groups += [_grouped(measured, by, *cells.labels(compared[name])) for by, name in BY.items() if name in compared]
    if TREATMENT_DATE in compared.columns:
        groups.append(_grouped(measured, PERIOD, *_months(compared[TREATMENT_DATE])))
    groups.append(_by_slip(measured, compared))
    found = {name: np.concatenate([each[name] for each in groups]) for name in groups[0]}
    return Tally(
        pd.DataFrame(found),
        _bins(compared, quantities),
        _points(compared, measured),
        far_rows(compared, quantities),
        refusals(compared),
    )


def together(tallies: Iterable[Tally]) -> Tally:
    """The tally of a table from those of its pieces."""
    found = list(tallies)
    groups = pd.concat([each.groups for each in found]).groupby(["by", "value"], sort=False).sum().reset_index()
    bins = sum((each.bins for each in found[1:]), found[0].bins)
    points = pd.concat([each.points for each in found], ignore_index=True)
    far = far_together(each.far for each in found)
    return Tally(groups, bins, points, far, refusals_together(each.refused for each in found))


@dataclass(frozen=True, slots=True)
class _Difference:
    """A difference in the rows that have one, and its squares."""

    rows: IntArray | slice
    values: FloatArray
    squares: FloatArray


@dataclass(frozen=True, slots=True)
class _Measured:
    """What is counted and summed of each row: its grade, and its differences."""

    grades: IntArray
    finite: dict[str, FloatArray]
    """NaN where there is none, or none that can be summed."""
    beyond: dict[str, IntArray]
    """`_FAR` where a difference is far, `_ENDLESS` where the computed value is zero, else 0."""
    differences: dict[str, _Difference]

    def taken(self, rows: IntArray, named: dict[str, BoolArray]) -> "_Measured":
        """The same of some rows, each difference only where it is named; a row may be asked for more than once."""
        finite = {name: np.where(named[name], values[rows], np.nan) for name, values in self.finite.items()}
        beyond = {name: np.where(named[name], codes[rows], 0) for name, codes in self.beyond.items()}
        return _measured(self.grades[rows], finite, beyond)


def _measured(grades: IntArray, finite: dict[str, FloatArray], beyond: dict[str, IntArray]) -> _Measured:
    return _Measured(grades, finite, beyond, {name: _difference(values) for name, values in finite.items()})


def _difference(finite: FloatArray) -> _Difference:
    known = ~np.isnan(finite)
    rows = slice(None) if known.all() else np.flatnonzero(known)
    return _Difference(rows, finite[rows], finite[rows] ** 2)


def _finite(compared: pd.DataFrame, name: str) -> FloatArray:
    values = compared[f"{DIFFERENCE}{name}"].to_numpy(dtype=np.float64)
    return np.where(np.isfinite(values), values, np.nan)


def _beyond(compared: pd.DataFrame, name: str) -> IntArray:
    is_endless = np.isinf(compared[f"{DIFFERENCE}{name}"].to_numpy(dtype=np.float64))
    return np.asarray(np.where(is_endless, _ENDLESS, far_by(compared, name) * _FAR), dtype=np.int8)


def _grades(compared: pd.DataFrame) -> IntArray:
    return np.asarray(compared[GRADE].astype(pd.CategoricalDtype(list(GRADES))).cat.codes, dtype=np.int64)


def _grouped(measured: _Measured, by: str, codes: IntArray, words: Sequence[str | None]) -> dict[str, AnyArray]:
    """Counts and sums of every group that has rows; groups that are spelled alike, or not stated, are one."""
    spelled = [NOT_STATED if word is None else word for word in [*words, None]]
    places = {word: place for place, word in enumerate(sorted(set(spelled)))}
    group = np.array([places[word] for word in spelled], dtype=np.int64)[codes]
    size, grades = len(places), len(GRADES) + 1
    graded = np.bincount(group * grades + measured.grades + 1, minlength=size * grades).reshape(size, grades)
    found: dict[str, AnyArray] = {"by": np.full(size, by), "value": np.array(list(places)), "rows": graded.sum(axis=1)}
    found |= {grade: graded[:, code + 1] for code, grade in enumerate(GRADES)}
    for name, each in measured.differences.items():
        own = group[each.rows]
        found[f"n:{name}"] = np.bincount(own, minlength=size)
        found[f"sum:{name}"] = np.bincount(own, weights=each.values, minlength=size)
        found[f"squares:{name}"] = np.bincount(own, weights=each.squares, minlength=size)
        for key, code in (("far", _FAR), ("endless", _ENDLESS)):
            rows = np.flatnonzero(measured.beyond[name] == code)
            found[f"{key}:{name}"] = np.bincount(group[rows], minlength=size)
    return {name: values[found["rows"] > 0] for name, values in found.items()}


def _months(dates: "pd.Series[Any]") -> tuple[IntArray, list[str | None]]:
    """Year and month; what is no date is not stated."""
    codes, spelled = cells.labels(dates)
    return codes, [month_of(date) for date in spelled]


def _by_slip(measured: _Measured, compared: pd.DataFrame) -> dict[str, AnyArray]:
    """A row counts once for each slip that any of its quantities is counted for."""
    of_quantity = {name: _claims(compared[f"{SLIPS_OF}{name}"]) for name in measured.finite}
    words = list(dict.fromkeys(key for _, own in of_quantity.values() for keys in own for key in keys))
    rows, found = [np.array([], dtype=np.int64)], [np.array([], dtype=np.int64)]
    named = {name: [np.array([], dtype=np.bool_)] for name in of_quantity}
    some = np.flatnonzero(np.logical_or.reduce([_having(own)[codes] for codes, own in of_quantity.values()]))
    for place, word in enumerate(words):
        has = {name: _having(own, word)[codes[some]] for name, (codes, own) in of_quantity.items()}
        any_has = np.logical_or.reduce(list(has.values()))
        rows.append(some[any_has])
        found.append(np.full(len(rows[-1]), place))
        for name, of_some in has.items():
            named[name].append(of_some[any_has])
    joined = {name: np.concatenate(each) for name, each in named.items()}
    return _grouped(measured.taken(np.concatenate(rows), joined), SLIP, np.concatenate(found), words)


def _claims(slips: "pd.Series[Any]") -> tuple[IntArray, list[list[str]]]:
    """Codes of the cells of a column of slips, and the slips that each of them counts for."""
    codes, texts = cells.labels(slips)
    return codes, [claimed(text) for text in texts]


def _having(keys: list[list[str]], word: str | None = None) -> BoolArray:
    """Which cells name a slip, or any where none is asked for; the last stands for no cell."""
    return np.array([*(bool(own) if word is None else word in own for own in keys), False], dtype=np.bool_)


def edges() -> FloatArray:
    """The bounds of the bins, the two open ones included."""
    inner = np.round(np.arange(-OUTERMOST, OUTERMOST + BIN / 2, BIN), 10)
    return np.concatenate([[-np.inf], inner, [np.inf]])


def _bins(compared: pd.DataFrame, quantities: list[str]) -> pd.DataFrame:
    """Rows in each bin; a difference on the bound of two bins is in the upper one."""
    bounds = edges()
    last, counted = len(bounds) - 2, {}
    for name in quantities:
        values = compared[f"{DIFFERENCE}{name}"].to_numpy(dtype=np.float64)
        values = values[~np.isnan(values)]
        within = np.clip(values, bounds[1] - BIN, bounds[-2])
        near = ((within + OUTERMOST) / BIN + 1.0).astype(np.int64)
        # A quotient may miss its bin by one where the value stands close to a bound.
        place = near + (values >= bounds[near + 1]) - (values < bounds[near])
        counted[name] = np.bincount(np.minimum(place, last), minlength=last + 1)
    return pd.DataFrame(counted)


def _points(compared: pd.DataFrame, measured: _Measured) -> pd.DataFrame:
    """Some rows of each quantity, evenly over the piece."""
    found: dict[str, list[AnyArray]] = {"quantity": [], "computed": [], "recorded": []}
    for name, difference in measured.finite.items():
        rows = np.flatnonzero(~np.isnan(difference))
        rows = rows[:: max(1, len(rows) // _POINTS)]
        computed = compared[name].to_numpy(dtype=np.float64)[rows]
        found["quantity"].append(np.full(len(rows), name))
        found["computed"].append(computed)
        found["recorded"].append(computed * (1.0 + difference[rows]))
    return pd.DataFrame({name: np.concatenate(columns) for name, columns in found.items()})
