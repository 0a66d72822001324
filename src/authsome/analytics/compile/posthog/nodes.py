"""PostHog's query nodes, as far as tiles need them. Tests hold them to its public query schema."""

from __future__ import annotations

from typing import Any

from authsome.analytics.compile.hogql.pick import COUNTS
from authsome.analytics.metric import Line

Json = dict[str, Any]

NOT_ERASED = [{"type": "hogql", "key": COUNTS}]


def trends(series: list[Json], dates: Json, *, display: str, breakdown: Json | None = None) -> Json:
    """Counts by day, that a person can switch to weeks, narrow and click through."""
    source: Json = {
        "kind": "TrendsQuery",
        "series": series,
        "interval": "day",
        "dateRange": dates,
        "properties": NOT_ERASED,
        "filterTestAccounts": False,
        "trendsFilter": {"display": display},
    }
    if breakdown:
        source["breakdownFilter"] = breakdown
    return {"kind": "InsightVizNode", "source": source}


def funnel(steps: list[Json], dates: Json, *, per: str, days: int) -> Json:
    """Steps in order, by the HogQL expression `per`: an agent has no person before it is claimed."""
    source = {
        "kind": "FunnelsQuery",
        "series": steps,
        "dateRange": dates,
        "properties": NOT_ERASED,
        "filterTestAccounts": False,
        "funnelsFilter": {
            "funnelVizType": "steps",
            "funnelOrderType": "ordered",
            "funnelWindowInterval": days,
            "funnelWindowIntervalUnit": "day",
            "funnelAggregateByHogQL": per,
            "layout": "horizontal",
        },
    }
    return {"kind": "InsightVizNode", "source": source}


def retention(began: str, returned: str, *, period: str, cohorts: int) -> Json:
    """Cohorts of persons by the first event of a name, and who had another event in each period after."""
    source = {
        "kind": "RetentionQuery",
        "dateRange": {"date_from": f"-{cohorts - 1}{period[0].lower()}"},
        "properties": NOT_ERASED,
        "filterTestAccounts": False,
        "retentionFilter": {
            "period": period,
            "totalIntervals": cohorts,
            "retentionType": "retention_first_time",
            "retentionReference": "total",
            "targetEntity": {"id": began, "name": began, "type": "events"},
            "returningEntity": {"id": returned, "name": returned, "type": "events"},
        },
    }
    return {"kind": "InsightVizNode", "source": source}


def event(line: Line, math: str | None = None) -> Json:
    """One series or step. `math` is the HogQL aggregation of a series."""
    node: Json = {
        "kind": "EventsNode",
        "event": line.event.name,
        "name": line.event.name,
        "custom_name": line.title,
    }
    if math:
        node |= {"math": "hogql", "math_hogql": math}
    if line.where:
        dimension, wanted = line.where
        node["properties"] = [
            {"key": dimension.value, "type": "event", "operator": "exact", "value": [wanted]}
        ]
    return node


def sql(query: str, dates: Json, *, x: str, y: list[Json], display: str = "ActionsBar") -> Json:
    """A chart of the rows of a HogQL query."""
    return {
        "kind": "DataVisualizationNode",
        "display": display,
        "chartSettings": {"xAxis": {"column": x}, "yAxis": y, "showLegend": True},
        "source": {"kind": "HogQLQuery", "query": query, "filters": {"dateRange": dates}},
    }


def table(query: str, dates: Json, columns: list[str]) -> Json:
    """The rows of a HogQL query as they are."""
    return {
        "kind": "DataVisualizationNode",
        "display": "ActionsTable",
        "tableSettings": {"columns": [{"column": name} for name in columns]},
        "source": {"kind": "HogQLQuery", "query": query, "filters": {"dateRange": dates}},
    }


def axis(column: str, label: str, *, bar: bool = False, right: bool = False, suffix: str = "") -> Json:
    """One column of the rows, and how it is drawn."""
    display = {
        "label": label,
        "displayType": "bar" if bar else "line",
        "yAxisPosition": "right" if right else "left",
    }
    settings: Json = {"display": display}
    if suffix:
        settings["formatting"] = {"style": "number", "suffix": suffix, "decimalPlaces": 1}
    return {"column": column, "settings": settings}
