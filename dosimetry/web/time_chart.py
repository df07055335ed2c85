"""Activity and dose of one territory over time, with tolerance band and window, in the language of Vega-Lite."""

from collections.abc import Mapping
from typing import Any

from dosimetry.order_chart import TimeChart
from dosimetry.report.numbers import with_gbq, with_gy
from dosimetry.report.time_drawing import BAND, FAINT, WINDOW

_NEUTRAL = "#767676"


def time_spec(chart: TimeChart) -> Mapping[str, Any]:
    """The chart: the curve with what each instant gives, the planned activity, the band and the window."""
    return {"height": 340, "layer": [_window(chart), _band(chart), _curve(chart), _planned(chart)]}


def _hours() -> dict[str, Any]:
    return {"field": "hours", "type": "quantitative", "title": "Hours from the planned injection"}


def _curve(chart: TimeChart) -> dict[str, Any]:
    rows = zip(chart.hours, chart.clocks, chart.administered_activity_gbq, chart.perfused_dose_gy, strict=True)
    values = [
        {"hours": hour, "activity": activity, "clock": clock, "shown": with_gbq(activity), "dose": with_gy(dose)}
        for hour, clock, activity, dose in rows
    ]
    return {
        "data": {"values": values},
        "encoding": {
            "x": {**_hours(), "axis": {"tickCount": 9}},
            "y": {"field": "activity", "type": "quantitative", "title": "Administered activity [GBq]"},
            "tooltip": [
                {"field": "clock", "type": "nominal", "title": "Injection at"},
                {"field": "shown", "type": "nominal", "title": "Given"},
                {"field": "dose", "type": "nominal", "title": "Dose to the perfused volume"},
            ],
        },
        "layer": [
            {"mark": {"type": "line", "strokeWidth": 2}},
            {"mark": {"type": "point", "size": 200, "opacity": 0}},
            {
                "transform": [{"filter": "datum.hours % 12 == 0"}],
                "mark": {"type": "text", "align": "left", "baseline": "bottom", "dx": 4, "color": _NEUTRAL},
                "encoding": {"text": {"field": "dose", "type": "nominal"}},
            },
            {"transform": [{"filter": "datum.hours % 12 == 0"}], "mark": {"type": "point", "filled": True, "size": 40}},
        ],
    }


def _band(chart: TimeChart) -> dict[str, Any]:
    low, high = chart.band_gbq
    return {
        "data": {"values": [{"low": low, "high": high}]},
        "mark": {"type": "rect", "color": BAND, "opacity": FAINT},
        "encoding": {"y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}},
    }


def _window(chart: TimeChart) -> dict[str, Any]:
    first, last = (min(max(hour, chart.hours[0]), chart.hours[-1]) for hour in chart.window_h)
    values = [{"hours": first, "last": last}] if last > first else []
    return {
        "data": {"values": values},
        "mark": {"type": "rect", "color": WINDOW, "opacity": FAINT},
        "encoding": {"x": _hours(), "x2": {"field": "last"}},
    }


def _planned(chart: TimeChart) -> dict[str, Any]:
    return {
        "data": {
            "values": [{"hours": 0, "activity": chart.planned_gbq, "words": f"planned {with_gbq(chart.planned_gbq)}"}]
        },
        "layer": [
            {
                "mark": {"type": "rule", "strokeDash": [3, 3], "color": _NEUTRAL},
                "encoding": {"x": _hours()},
            },
            {
                "mark": {"type": "rule", "strokeDash": [3, 3], "color": _NEUTRAL},
                "encoding": {"y": {"field": "activity", "type": "quantitative"}},
            },
            {
                "mark": {"type": "text", "align": "right", "baseline": "top", "dy": 4, "dx": -4, "color": _NEUTRAL},
                "encoding": {
                    "x": _hours(),
                    "y": {"field": "activity", "type": "quantitative"},
                    "text": {"field": "words", "type": "nominal"},
                },
            },
        ],
    }
