"""Metrics as PostHog insights, and a dashboard as PostHog's dashboard template.

A template is imported by hand (`dashboards/posthog/*.json`). What an insight can say by itself is one, so
that people can click through it; a running total, a rate without a false 0 on empty days, and two numbers
per row need SQL.
"""

from __future__ import annotations

from typing import Any

from authsome.analytics.compile import hogql
from authsome.analytics.dashboards.dashboard import DashboardPlan, TilePlan
from authsome.analytics.metric import Kind, Metric

Json = dict[str, Any]

DAYS = 90
RANGE = {"date_from": f"-{DAYS - 1}d"}  # today is the last of the ninety
COLUMNS, WIDTH, HEIGHT = 2, 6, 6  # of PostHog's grid, which is twelve wide
INTRO = """\
**{title}**, by Authsome. {description}

Days are those of this project's time zone; set it to the one of the installation and both show the same \
numbers. Distinct ids are counted, so an event that arrives twice counts once. What each number means: \
docs/reference/metrics.md in Authsome's repository, from which this dashboard is generated.\
"""


def template(plan: DashboardPlan) -> Json:
    """The dashboard in PostHog's template format. Tiles carry their own time, so the filters are empty."""
    intro = {
        "type": "TEXT",
        "body": INTRO.format(title=plan.title, description=plan.description),
        "color": None,
        "layouts": _layouts(x=0, y=0, w=2 * WIDTH, h=2, at=0),
    }
    return {
        "template_name": plan.title,
        "dashboard_description": plan.description,
        "dashboard_filters": {},
        "tags": ["authsome"],
        "variables": [],
        "tiles": [intro, *(_tile(tile, number) for number, tile in enumerate(plan.tiles))],
    }


def insight(tile: TilePlan) -> Json:
    """The query node of one tile."""
    metric = tile.metric
    match metric.kind:
        case Kind.COUNTS:
            return _trends(metric)
        case Kind.GROWTH:
            return _growth(metric)
        case Kind.RATE:
            return _rate(metric)
        case Kind.RANKING:
            return _ranking(tile)


def _tile(tile: TilePlan, number: int) -> Json:
    y, x = divmod(number, COLUMNS)
    return {
        "type": "INSIGHT",
        "name": tile.metric.title,
        "description": f"{tile.metric.question} {tile.metric.definition}",
        "query": insight(tile),
        "color": None,
        "layouts": _layouts(x=x * WIDTH, y=2 + y * HEIGHT, w=WIDTH, h=HEIGHT, at=2 + number * HEIGHT),
    }


def _layouts(*, x: int, y: int, w: int, h: int, at: int) -> Json:
    """Where it stands on a wide screen, and `at` which height in the one column of a narrow one."""
    return {
        "sm": {"x": x, "y": y, "w": w, "h": h, "minW": 3, "minH": 2},
        "xs": {"x": 0, "y": at, "w": 1, "h": h, "minW": 1, "minH": 2},
    }


def _trends(metric: Metric) -> Json:
    series = [
        {
            "kind": "EventsNode",
            "event": line.event.name,
            "name": line.event.name,
            "custom_name": line.title,
            "math": "hogql",
            "math_hogql": hogql.distinct_ids(metric),
        }
        for line in metric.lines
    ]
    source = {
        "kind": "TrendsQuery",
        "series": series,
        "interval": "day",
        "dateRange": RANGE,
        "properties": [{"type": "hogql", "key": hogql.COUNTS}],
        "filterTestAccounts": False,
        "trendsFilter": {"display": "ActionsLineGraph"},
    }
    return {"kind": "InsightVizNode", "source": source}


def _growth(metric: Metric) -> Json:
    (line,) = metric.lines
    bars = _axis(line.key, line.title, bar=True)
    total = _axis("total", "In all", right=True)
    # A filter on dates would make the running total begin in the middle.
    return _sql(hogql.over_time(metric, DAYS), None, x="day", y=[bars, total])


def _rate(metric: Metric) -> Json:
    bars = [_axis(line.key, line.title, bar=True) for line in metric.lines]
    rate = _axis(metric.name, metric.title, right=True, suffix="%")
    return _sql(hogql.over_time(metric, DAYS), RANGE, x="day", y=[*bars, rate])


def _ranking(tile: TilePlan) -> Json:
    (dimension,) = tile.metric.by
    bars = [_axis(line.key, line.title, bar=True) for metric in tile.metrics for line in metric.lines]
    return _sql(hogql.ranking(tile.metrics, dimension), RANGE, x=dimension.value, y=bars)


def _sql(query: str, dates: Json | None, *, x: str, y: list[Json]) -> Json:
    source: Json = {"kind": "HogQLQuery", "query": query}
    if dates is not None:
        source["filters"] = {"dateRange": dates}
    return {
        "kind": "DataVisualizationNode",
        "display": "ActionsBar",
        "chartSettings": {"xAxis": {"column": x}, "yAxis": y, "showLegend": True},
        "source": source,
    }


def _axis(column: str, label: str, *, bar: bool = False, right: bool = False, suffix: str = "") -> Json:
    display = {
        "label": label,
        "displayType": "bar" if bar else "line",
        "yAxisPosition": "right" if right else "left",
    }
    settings: Json = {"display": display}
    if suffix:
        settings["formatting"] = {"style": "number", "suffix": suffix, "decimalPlaces": 1}
    return {"column": column, "settings": settings}
