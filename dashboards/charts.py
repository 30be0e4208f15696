"""Charts as ECharts takes them: plain JSON, numbers as decimal text; static/js/charts.js turns it into pictures.

A chart never holds more than the table beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dashboards.palette import class_colour
from dashboards.tables import Table

Option = Mapping[str, Any]
Number = Decimal | int | None
INK, BRAND, ORANGE, GREEN, GREY = "#1d2733", "#0b4da2", "#c97b3d", "#17693b", "#8592a1"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its table; `key` is unique on the page and begins the names of its files."""

    key: str
    title: str
    note: str
    option: Option
    table: Table


@dataclass(frozen=True, slots=True)
class Line:
    """One series by name."""

    name: str
    values: Sequence[Number]
    colour: str
    is_dashed: bool = False


def stacked_bars(labels: Sequence[str], parts: Sequence[Line], unit: str) -> Option:
    """Bars of several parts on top of each other."""
    return {
        "legend": {"top": 0},
        "grid": _grid(),
        "xAxis": {"type": "category", "data": list(labels)},
        "yAxis": {"type": "value", "name": unit, "minInterval": 1},
        "series": [
            {
                "type": "bar",
                "stack": "all",
                "name": part.name,
                "data": list(part.values),
                "itemStyle": {"color": part.colour, "borderColor": "#fff", "borderWidth": 1},
                "label": {"show": True, "hideOverlap": True},
                "barMaxWidth": 72,
            }
            for part in parts
        ],
    }


def lines_chart(
    labels: Sequence[str],
    lines: Sequence[Line],
    unit: str,
    limits: Sequence[tuple[str, Decimal]] = (),
) -> Option:
    """Lines over a common axis; a missing value leaves a gap. `limits` are dashed across."""
    marks = [{"name": name, "yAxis": limit} for name, limit in limits]
    series: list[dict[str, Any]] = [
        {
            "type": "line",
            "name": line.name,
            "data": list(line.values),
            "symbolSize": 8,
            "lineStyle": {"color": line.colour, "type": "dashed" if line.is_dashed else "solid"},
            "itemStyle": {"color": line.colour},
        }
        for line in lines
    ]
    if series and marks:
        series[0]["markLine"] = _marks(marks)
    return {
        "legend": {"top": 0},
        "tooltip": {"trigger": "axis"},
        "grid": _grid(),
        "xAxis": {"type": "category", "data": list(labels)},
        "yAxis": {"type": "value", "name": unit, "scale": True},
        "series": series,
    }


def radar_chart(names: Sequence[str], lines: Sequence[Line]) -> Option:
    """Shares of full marks, per cent, heading by heading."""
    return {
        "legend": {"top": 0},
        "radar": {
            "indicator": [{"name": name, "max": 100} for name in names],
            "radius": "62%",
            "center": ["50%", "56%"],
            "axisName": {"color": INK},
        },
        "series": [
            {
                "type": "radar",
                "data": [
                    {
                        "name": line.name,
                        "value": [0 if value is None else value for value in line.values],
                        "lineStyle": {
                            "color": line.colour,
                            "type": "dashed" if line.is_dashed else "solid",
                        },
                        "itemStyle": {"color": line.colour},
                        "areaStyle": {"opacity": 0 if place else 0.2},
                    }
                    for place, line in enumerate(lines)
                ],
            }
        ],
    }


@dataclass(frozen=True, slots=True)
class Flow:
    """So many counties from a class of the earlier year to one of the later."""

    source: str
    target: str
    count: int


def sankey_chart(
    flows: Sequence[Flow], years: tuple[str, str], before: Sequence[str], after: Sequence[str]
) -> Option:
    """Bands between two columns of classes, best on top."""
    first, last = years

    def nodes(year: str, keys: Sequence[str], classes: Sequence[str]) -> list[dict[str, Any]]:
        ordered = [
            *(name for name in classes if name in keys),
            *(k for k in keys if k not in classes),
        ]
        return [
            {
                "name": f"{year} {key}{'类' if key in classes else ''}",
                "itemStyle": {"color": class_colour(key, classes)},
            }
            for key in dict.fromkeys(ordered)
        ]

    def label(year: str, key: str, classes: Sequence[str]) -> str:
        return f"{year} {key}{'类' if key in classes else ''}"

    return {
        "aria": {"enabled": True, "decal": {"show": False}},  # bands are told apart by their ends
        "series": [
            {
                "type": "sankey",
                "left": 24,
                "right": 120,
                "layoutIterations": 0,
                "nodeGap": 18,
                "draggable": False,
                "data": [
                    *nodes(first, [flow.source for flow in flows], before),
                    *nodes(last, [flow.target for flow in flows], after),
                ],
                "links": [
                    {
                        "source": label(first, flow.source, before),
                        "target": label(last, flow.target, after),
                        "value": flow.count,
                    }
                    for flow in flows
                ],
                "lineStyle": {"color": "target", "opacity": 0.45},
                "label": {"color": INK, "fontSize": 13},
            }
        ],
    }


@dataclass(frozen=True, slots=True)
class BoxLine:
    """One box: least, quarters, most."""

    name: str
    numbers: Sequence[Decimal]


def boxes_chart(
    boxes: Sequence[BoxLine], unit: str, knots: Sequence[Decimal], own: tuple[str, Decimal] | None
) -> Option:
    """Boxes one below the other; knots of the rule as dashes, one county as a dot in every row."""
    names = [box.name for box in reversed(boxes)]
    series: list[dict[str, Any]] = [
        {
            "type": "boxplot",
            "name": "分布",
            "data": [list(box.numbers) for box in reversed(boxes)],
            "itemStyle": {"color": "#d8e6f6", "borderColor": BRAND},
            "markLine": _marks([{"name": f"{knot:f}", "xAxis": knot} for knot in knots]),
        }
    ]
    if own:
        series.append(
            {
                "type": "scatter",
                "name": own[0],
                "symbol": "diamond",
                "symbolSize": 14,
                "itemStyle": {"color": ORANGE},
                "data": [[own[1], place] for place in range(len(names))],
            }
        )
    return {
        "legend": {"top": 0},
        "grid": {"left": 8, "right": 32, "top": 48, "bottom": 40, "containLabel": True},
        "yAxis": {"type": "category", "data": names},
        "xAxis": {"type": "value", "name": unit, "nameLocation": "middle", "nameGap": 28},
        "series": series,
    }


def bars_chart(
    labels: Sequence[str], values: Sequence[Number], unit: str, marked: int | None, axis: str
) -> Option:
    """A histogram; the bin of the marked county in another colour."""
    return {
        "grid": {"left": 8, "right": 24, "top": 32, "bottom": 48, "containLabel": True},
        "xAxis": {
            "type": "category", "data": list(labels), "name": axis, "nameLocation": "middle", "nameGap": 32,
            "axisLabel": {"interval": 0, "width": 72, "overflow": "truncate"},
        },
        "yAxis": {"type": "value", "name": unit, "minInterval": 1},
        "series": [
            {
                "type": "bar",
                "name": unit,
                "barCategoryGap": "4%",
                "label": {"show": True, "position": "top"},
                "data": [
                    {"value": value, "itemStyle": {"color": ORANGE if n == marked else BRAND}}
                    for n, value in enumerate(values)
                ],
            }
        ],
    }  # fmt: skip


def _grid() -> dict[str, Any]:
    return {"left": 8, "right": 24, "top": 56, "bottom": 8, "containLabel": True}


def _marks(data: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "symbol": "none",
        "silent": True,
        "lineStyle": {"color": GREY, "type": "dashed"},
        "label": {"formatter": "{b}", "color": INK},
        "data": list(data),
    }
