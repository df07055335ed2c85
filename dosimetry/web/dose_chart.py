"""Dose against activity as a chart; the numbers come from `chart_data`, the figures shown are made here once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dosimetry import figures
from dosimetry.chart_data import DoseChart

_NEUTRAL = "#767676"
"""Reads on a light and on a dark page."""
_DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [10, 5], [4, 2, 1, 2])
_LEGEND = {"title": None, "orient": "bottom", "columns": 1, "labelLimit": 240, "symbolSize": 400}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The chart of one territory in the language of Vega-Lite, its points inside."""

    territory: str
    spec: Mapping[str, Any]


def dose_chart(data: DoseChart) -> Chart:
    """Mean dose of every compartment against the administered activity of one territory, the chosen one marked."""
    points = list(_points(data))
    chosen = [{"activity": data.chosen_gbq, "shown": _gbq(data.chosen_gbq)}]
    spec = {
        "height": 480,
        "layer": [
            {
                "data": {"values": points},
                "encoding": _axes(),
                "layer": _lines([line.compartment for line in data.lines]),
            },
            {"data": {"values": chosen}, "encoding": {"x": _quantity("activity", None)}, "layer": _mark()},
        ],
    }
    return Chart(territory=data.territory, spec=spec)


def _axes() -> dict[str, Any]:
    shown = {"compartment": "Compartment", "shown_activity": "Activity", "shown_dose": "Dose"}
    return {
        "x": _quantity("activity", "Administered activity [GBq]"),
        "y": _quantity("dose", "Mean absorbed dose [Gy]"),
        "tooltip": [{"field": name, "type": "nominal", "title": title} for name, title in shown.items()],
    }


def _quantity(name: str, title: str | None) -> dict[str, Any]:
    titled = {"title": title, "axis": {"tickCount": 6, "format": "~r"}} if title else {}
    return {"field": name, "type": "quantitative", **titled}


def _lines(names: Sequence[str]) -> list[dict[str, Any]]:
    compartment = {"field": "compartment", "type": "nominal", "sort": names}
    dashes = {"domain": names, "range": [_DASHES[place % len(_DASHES)] for place in range(len(names))]}
    return [
        {
            "mark": {"type": "line", "strokeWidth": 2},
            "encoding": {
                "color": {**compartment, "legend": _LEGEND},
                "strokeDash": {**compartment, "scale": dashes, "legend": _LEGEND},
            },
        },
        {"mark": {"type": "point", "size": 200, "opacity": 0}},
        {
            "transform": [{"filter": "datum.chosen"}],
            "mark": {"type": "point", "size": 70, "filled": True},
            "encoding": {"color": {**compartment, "legend": None}},
        },
    ]


def _mark() -> list[dict[str, Any]]:
    words = {"type": "text", "align": "left", "baseline": "top", "dx": 5, "y": 2, "color": _NEUTRAL}
    return [
        {"mark": {"type": "rule", "strokeDash": [3, 3], "color": _NEUTRAL}},
        {"mark": words, "encoding": {"text": {"field": "shown", "type": "nominal"}}},
    ]


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
