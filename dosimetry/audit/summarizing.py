"""``summary``: rows by grade and group, agreement in the sense of Bland and Altman, and the trend over the months."""

from typing import Any

import numpy as np
import pandas as pd

from dosimetry.audit.comparing import GRADES, refuse_no_frame
from dosimetry.audit.names import DIFFERENCE, GRADE, PROBLEMS, RECORDED, SLIPS, SLIPS_OF
from dosimetry.audit.table_checks import TableError
from dosimetry.audit.tallying import ALL, PERIOD, Tally, quantities_of, tally

_FEWEST_MONTHS = 3
_SPAN = 1.96
"""Standard deviations of the limits of agreement: 95 % of normal differences lie within."""


def summary(compared: pd.DataFrame) -> pd.DataFrame:
    """Counts and agreement by device, model, slip, center and month.

    Parameters
    ----------
    compared : DataFrame
        From `compare`.

    Returns
    -------
    DataFrame
        One line a group (``by``, ``value``; the first is all rows): ``rows``, a count for each grade, and for each
        recorded quantity ``n_``, ``bias_``, ``lower_`` and ``upper_`` (mean relative difference and its limits of
        agreement), ``far_`` (how many are far off by it) and ``endless_`` (how many have a record where zero was
        computed; they are in no mean). Of a slip, the differences are those of the quantities consistent with it.
        In the first line ``trend_per_year_`` and ``trend_p_`` from a line through the monthly means.

    Raises
    ------
    TableError
        For a frame that `compare` did not make.
    """
    refuse_no_frame(compared, "summary needs the result of compare, a DataFrame")
    _check_columns(compared)
    return summary_of(tally(compared))


def _check_columns(compared: pd.DataFrame) -> None:
    """Refuse a frame that lost a column of `compare`, or has one twice or in another form."""
    quantities = quantities_of(compared)
    own = {
        SLIPS,
        PROBLEMS,
        *(f"{SLIPS_OF}{name}" for name in quantities),
        *(f"{RECORDED}{name}" for name in quantities),
    }
    missing = sorted({GRADE, *own, *quantities} - set(compared.columns))
    if missing:
        raise TableError(f"summary needs the result of compare; it has no column {missing[0]}.")
    if not quantities:
        raise TableError("summary needs the result of compare; it has no difference of any quantity.")
    if not compared.columns.is_unique:
        twice = compared.columns[compared.columns.duplicated()][0]
        raise TableError(f"the column {twice!r} stands more than once; summary needs the unchanged result of compare.")
    for name in quantities:
        if not pd.api.types.is_float_dtype(compared[f"{DIFFERENCE}{name}"].dtype):
            raise TableError(f"{DIFFERENCE}{name} must be a column of numbers, as compare wrote it.")


def summary_of(counted: Tally) -> pd.DataFrame:
    """The summary of a tally."""
    groups = counted.groups
    found: dict[str, Any] = {name: groups[name] for name in ("by", "value", "rows", *GRADES)}
    for name in counted.bins.columns:
        bias, spread = _bias(groups, name), _spread(groups, name)
        found |= {
            f"n_{name}": groups[f"n:{name}"],
            f"bias_{name}": bias,
            f"lower_{name}": bias - _SPAN * spread,
            f"upper_{name}": bias + _SPAN * spread,
            f"far_{name}": groups[f"far:{name}"],
            f"endless_{name}": groups[f"endless:{name}"],
            **_trend(groups, name),
        }
    return pd.DataFrame(found)


def _bias(groups: pd.DataFrame, name: str) -> "pd.Series[float]":
    """Mean difference of each group; NaN where it has none."""
    return groups[f"sum:{name}"] / groups[f"n:{name}"].where(groups[f"n:{name}"] > 0)


def _spread(groups: pd.DataFrame, name: str) -> "pd.Series[float]":
    """Standard deviation of the differences of each group, of at least two."""
    count = groups[f"n:{name}"].where(groups[f"n:{name}"] > 1)
    squares = (groups[f"squares:{name}"] - groups[f"sum:{name}"] ** 2 / count).clip(lower=0.0)
    spread: pd.Series[float] = (squares / (count - 1)) ** 0.5
    return spread


def monthly(counted: Tally, name: str) -> pd.DataFrame:
    """Months with their mean difference, in order: ``value``, ``years`` since year 0, ``bias``, ``n``."""
    months = counted.groups[counted.groups["by"] == PERIOD]
    months = months[months["value"].str.fullmatch(r"\d{4}-\d{2}") & (months[f"n:{name}"] > 0)].sort_values("value")
    years = months["value"].str[:4].astype(int) + (months["value"].str[5:].astype(int) - 0.5) / 12.0
    return pd.DataFrame(
        {"value": months["value"], "years": years, "bias": _bias(months, name), "n": months[f"n:{name}"]}
    )


def _trend(groups: pd.DataFrame, name: str) -> dict[str, Any]:
    slope, chance = np.full(len(groups), np.nan), np.full(len(groups), np.nan)
    months = monthly(Tally(groups, pd.DataFrame(), pd.DataFrame()), name)
    if len(months) >= _FEWEST_MONTHS:
        from scipy.stats import linregress  # takes longer to load than a summary without dates takes

        line = linregress(months["years"], months["bias"])
        whole = (groups["by"] == ALL).to_numpy()
        slope[whole], chance[whole] = line.slope, line.pvalue
    return {f"trend_per_year_{name}": slope, f"trend_p_{name}": chance}
