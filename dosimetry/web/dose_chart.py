"""Dose against activity as a chart; the numbers come from `chart_data`, the figures shown are made here once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dosimetry import figures
from dosimetry.chart_data import BoundMark, DoseChart
from dosimetry.report.dose_drawing import uprights
from dosimetry.report.numbers import activity, at_bound, with_gy
from dosimetry.report.pens import pens

_NEUTRAL = "#767676"
"""Reads on a light and on a dark page."""
_LEGEND = {
    "title": None,
    "orient": "bottom",
    "columns": {"expr": "width < 400 ? 1 : 2"},
    "labelLimit": 200,
    "symbolSize": 400,
}
_FIRST_WORDS, _WORDS_APART = -18, -16
_ALIGN = "scale('x', datum.activity) < 0.6 * width ? 'left' : 'right'"
"""Words beside an upright line run to its right, and to its left where the axis nears its end."""
_SHAPES = {"limit": "triangle-down", "goal": "triangle-up"}
READING = (
    "Other territories as planned. Dots: the planned activity, with a bar for the sensitivity. "
    "\N{BLACK DOWN-POINTING TRIANGLE} a limit, \N{BLACK UP-POINTING TRIANGLE} a goal, where its dose is reached."
)


@dataclass(frozen=True, kw_only=True)
class Chart:
    """The chart of one territory, drawn when it is first looked at: of several one is shown."""

    data: DoseChart

    @property
    def territory(self) -> str:
        """The name of the territory."""
        return self.data.territory

    @cached_property
    def spec(self) -> Mapping[str, Any]:
        """The chart in the language of Vega-Lite, its points inside."""
        return _spec(self.data)


def _spec(data: DoseChart) -> dict[str, Any]:
    """Mean dose of every compartment against the activity of one territory, with what is planned and what bounds it."""
    names = [line.compartment for line in data.lines]
    return {
        "height": 460,
        "padding": {"top": 8, "left": 5, "right": 8, "bottom": 5},
        "layer": [
            {"data": {"values": list(_points(data))}, "encoding": _axes(), "layer": _lines(names)},
            {"data": {"values": list(_ranges(data))}, **_range_bars(names)},
            {"data": {"values": list(map(_mark, filter(_has_dose, data.marks)))}, **_mark_points(names)},
            {"data": {"values": list(_uprights(data))}, **_upright_lines()},
        ],
    }


def _axes() -> dict[str, Any]:
    return {
        "x": _quantity("activity", "Administered activity [GBq]"),
        "y": _quantity("dose", "Mean absorbed dose [Gy]"),
        "tooltip": _tooltip(compartment="Compartment", shown_activity="Activity", shown_dose="Dose"),
    }


def _tooltip(**titles: str) -> list[dict[str, str]]:
    return [{"field": name, "type": "nominal", "title": title} for name, title in titles.items()]


def _quantity(name: str, title: str | None = None) -> dict[str, Any]:
    titled = {"title": title, "axis": {"tickCount": 6, "format": "~r"}} if title else {}
    return {"field": name, "type": "quantitative", **titled}


def _compartment(names: Sequence[str]) -> dict[str, Any]:
    """A compartment has the ink that it has in the report."""
    inks = [pen.ink for pen in pens(names)]
    return {"field": "compartment", "type": "nominal", "sort": names, "scale": {"domain": names, "range": inks}}


def _lines(names: Sequence[str]) -> list[dict[str, Any]]:
    dashes = {"domain": names, "range": [list(map(int, pen.dash.split())) or [1, 0] for pen in pens(names)]}
    color = _compartment(names)
    return [
        {
            "mark": {"type": "line", "strokeWidth": 2},
            "encoding": {
                "color": {**color, "legend": _LEGEND},
                "strokeDash": {**color, "scale": dashes, "legend": _LEGEND},
            },
        },
        {"mark": {"type": "point", "size": 200, "opacity": 0}},
        {
            "transform": [{"filter": "datum.chosen"}],
            "mark": {"type": "point", "size": 70, "filled": True},
            "encoding": {"color": {**color, "legend": None}},
        },
    ]


def _range_bars(names: Sequence[str]) -> dict[str, Any]:
    """The doses of the planned activity under the sensitivity steps."""
    return {
        "mark": {"type": "rule", "strokeWidth": 5, "opacity": 0.4},
        "encoding": {
            "x": _quantity("activity"),
            "y": _quantity("least"),
            "y2": {"field": "most"},
            "color": {**_compartment(names), "legend": None},
            "tooltip": _tooltip(compartment="Compartment", shown="Under the sensitivity steps"),
        },
    }


def _mark_points(names: Sequence[str]) -> dict[str, Any]:
    """Limits and goals on the lines of the doses they bound."""
    return {
        "mark": {"type": "point", "size": 110, "filled": True, "opacity": 1, "stroke": _NEUTRAL, "strokeWidth": 1},
        "encoding": {
            "x": _quantity("activity"),
            "y": _quantity("dose"),
            "shape": {"field": "shape", "type": "nominal", "scale": None},
            "color": {**_compartment(names), "legend": None},
            "tooltip": _tooltip(shown="Bound", compartment="Compartment", shown_activity="Reached at", mark="Verified"),
        },
    }


def _upright_lines() -> dict[str, Any]:
    """The planned activity and the binding one, each with its figure above the plot, where no curve crosses it."""
    words = {"type": "text", "align": {"expr": _ALIGN}, "baseline": "top", "color": _NEUTRAL}
    return {
        "encoding": {"x": _quantity("activity")},
        "layer": [
            {"mark": {"type": "rule", "strokeDash": [3, 3], "color": _NEUTRAL}},
            {
                "mark": words,
                "encoding": {"text": {"field": "shown", "type": "nominal"}, "y": {"field": "height", "scale": None}},
            },
        ],
    }


def _points(data: DoseChart) -> Iterator[dict[str, Any]]:
    shown = {gbq: figures.with_unit(activity(gbq, _limits_gbq(data))[0], "GBq") for gbq in data.activity_gbq}
    for line in data.lines:
        for gbq, dose in zip(data.activity_gbq, line.dose_gy, strict=True):
            yield {
                "compartment": line.compartment,
                "activity": gbq,
                "dose": dose,
                "chosen": gbq == data.chosen_gbq,
                "shown_activity": shown[gbq],
                "shown_dose": with_gy(dose),
            }


def _ranges(data: DoseChart) -> Iterator[dict[str, Any]]:
    for line in data.lines:
        if line.least_gy is not None and line.most_gy is not None:
            yield {
                "compartment": line.compartment,
                "activity": data.chosen_gbq,
                "least": line.least_gy,
                "most": line.most_gy,
                "shown": f"{with_gy(line.least_gy)} to {with_gy(line.most_gy)}",
            }


def _has_dose(mark: BoundMark) -> bool:
    return mark.dose_gy is not None


def _mark(mark: BoundMark) -> dict[str, Any]:
    return {
        "compartment": mark.compartment,
        "activity": mark.activity_gbq,
        "dose": mark.dose_gy,
        "shape": _SHAPES[mark.kind],
        "shown": f"{mark.label} ({mark.limit})",
        "shown_activity": figures.with_unit(at_bound(mark.activity_gbq, mark.kind)[0], "GBq"),
        "mark": "yes" if mark.verified else "no",
    }


def _uprights(data: DoseChart) -> Iterator[dict[str, Any]]:
    for row, (gbq, text) in enumerate(uprights(data)):
        yield {"activity": gbq, "shown": text, "height": _FIRST_WORDS + row * _WORDS_APART}


def _limits_gbq(data: DoseChart) -> tuple[float, ...]:
    return tuple(mark.activity_gbq for mark in data.marks if mark.kind == "limit")
