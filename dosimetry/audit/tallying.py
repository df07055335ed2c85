"""Tallies: what a summary needs of a piece of a table. Tallies of pieces add up to the tally of the whole."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dosimetry.arrays import AnyArray, FloatArray
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
    measures = _measures(compared, quantities)
    groups = [_whole(measures)]
    groups += [_grouped(measures, by, compared[name]) for by, name in BY.items() if name in compared.columns]
    if "treatment_date" in compared.columns:
        groups.append(_grouped(measures, PERIOD, _months(compared["treatment_date"])))
    groups.append(_by_slip(measures, compared[SLIPS]))
    return Tally(pd.concat(groups, ignore_index=True), _bins(compared, quantities), _points(compared, quantities))


def together(tallies: Iterable[Tally]) -> Tally:
    """The tally of a table from those of its pieces."""
    found = list(tallies)
    groups = pd.concat([each.groups for each in found]).groupby(["by", "value"], sort=False).sum().reset_index()
    bins = sum((each.bins for each in found[1:]), found[0].bins)
    return Tally(groups, bins, pd.concat([each.points for each in found], ignore_index=True))


def _measures(compared: pd.DataFrame, quantities: list[str]) -> pd.DataFrame:
    """What is summed: one for each row, its grade, and its differences where they are finite."""
    codes = compared[GRADE].astype(pd.CategoricalDtype(list(GRADES))).cat.codes.to_numpy()
    found: dict[str, AnyArray] = {"rows": np.ones(len(compared), dtype=np.int64)}
    found |= {grade: (codes == code).astype(np.int64) for code, grade in enumerate(GRADES)}
    for name in quantities:
        values = compared[f"{DIFFERENCE}{name}"].to_numpy(dtype=np.float64)
        known = np.isfinite(values)
        held = np.where(known, values, 0.0)
        found |= {f"n:{name}": known.astype(np.int64), f"sum:{name}": held, f"squares:{name}": held**2}
    return pd.DataFrame(found)


def _whole(measures: pd.DataFrame) -> pd.DataFrame:
    return measures.sum().to_frame().T.astype(measures.dtypes.to_dict()).assign(value=ALL, by=ALL)


def _grouped(measures: pd.DataFrame, by: str, values: Any) -> pd.DataFrame:
    codes, spelled = cells.labels(pd.Series(values))
    words = pd.Series([*spelled, NOT_STATED], dtype=object)
    summed = measures.groupby(np.where(codes < 0, len(spelled), codes), sort=True).sum()
    return summed.groupby(words[summed.index].to_numpy()).sum().rename_axis("value").reset_index().assign(by=by)


def _months(dates: "pd.Series[Any]") -> "pd.Series[Any]":
    """Year and month; what is no date is not stated."""
    codes, spelled = cells.labels(dates)
    months = [re.fullmatch(_MONTH, date) for date in spelled]
    words = [None if month is None else month.group(1) for month in months]
    return pd.Series(np.array([*words, None], dtype=object)[codes])


def _by_slip(measures: pd.DataFrame, slips: "pd.Series[Any]") -> pd.DataFrame:
    """A row counts once for each slip it is consistent with; numbers of hours and the like are left out."""
    rows = np.flatnonzero((slips.notna() & (slips != "")).to_numpy())
    texts = slips.iloc[rows]
    keys = [dict.fromkeys(key.partition(":")[0] for key in text.split(SEPARATOR)) for text in texts]
    row = np.repeat(rows, [len(own) for own in keys])
    return _grouped(measures.iloc[row].reset_index(drop=True), SLIP, [key for own in keys for key in own])


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
