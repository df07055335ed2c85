"""Dose against activity as a chart; the numbers come from `chart_data`, the figures shown are made here once."""

from collections.abc import Iterator
from typing import Any

import altair as alt
import pandas as pd

from dosimetry import figures
from dosimetry.chart_data import DoseChart

_NEUTRAL = "#767676"
"""Reads on a light and on a dark page."""
_DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [10, 5], [4, 2, 1, 2])


def dose_chart(data: DoseChart) -> alt.LayerChart | alt.FacetChart:
    """Mean dose of every compartment against the administered activity of one territory, the chosen one marked."""
    names = [line.compartment for line in data.lines]
    base = alt.Chart(pd.DataFrame(list(_points(data)))).encode(
        x=alt.X("activity:Q", title="Administered activity [GBq]", axis=alt.Axis(tickCount=6, format="~r")),
        y=alt.Y("dose:Q", title="Mean absorbed dose [Gy]", axis=alt.Axis(tickCount=6, format="~r")),
        tooltip=[
            alt.Tooltip("compartment:N", title="Compartment"),
            alt.Tooltip("shown_activity:N", title="Activity"),
            alt.Tooltip("shown_dose:N", title="Dose"),
        ],
    )
    legend = alt.Legend(title=None, orient="bottom", columns=1, labelLimit=240, symbolSize=400)
    lines = base.mark_line(strokeWidth=2).encode(
        color=alt.Color("compartment:N", sort=names, legend=legend),
        strokeDash=alt.StrokeDash(
            "compartment:N", sort=names, scale=alt.Scale(domain=names, range=_dashes(len(names))), legend=legend
        ),
    )
    hits = base.mark_point(size=200, opacity=0)
    chosen = base.mark_point(size=70, filled=True).encode(color=alt.Color("compartment:N", sort=names, legend=None))
    mark = alt.Chart(pd.DataFrame([{"activity": data.chosen_gbq, "shown": _gbq(data.chosen_gbq)}]))
    rule = mark.mark_rule(strokeDash=[3, 3], color=_NEUTRAL).encode(x="activity:Q")
    words = mark.mark_text(align="left", baseline="top", dx=5, y=2, color=_NEUTRAL).encode(
        x="activity:Q", text="shown:N"
    )
    return alt.layer(lines, hits, chosen.transform_filter("datum.chosen"), rule, words).properties(height=480)


def _dashes(count: int) -> list[list[int]]:
    return [_DASHES[place % len(_DASHES)] for place in range(count)]


def _points(data: DoseChart) -> Iterator[dict[str, Any]]:
    for line in data.lines:
        for activity, dose in zip(data.activity_gbq, line.dose_gy, strict=True):
            yield {
                "compartment": line.compartment,
                "activity": activity,
                "dose": dose,
                "chosen": activity == data.chosen_gbq,
                "shown_activity": _gbq(activity),
                "shown_dose": figures.with_unit(figures.readable(dose, 1), "Gy"),
            }


def _gbq(activity: float) -> str:
    return figures.with_unit(figures.readable(activity, 2), "GBq")
