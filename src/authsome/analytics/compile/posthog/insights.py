"""The insights of one tile. Most tiles are one; how many were active is one each by day, week and month."""

from __future__ import annotations

from typing import NamedTuple

from authsome.analytics.compile import hogql
from authsome.analytics.compile.hogql.pick import number, value
from authsome.analytics.compile.hogql.retention import columns
from authsome.analytics.compile.posthog.nodes import (
    Json,
    axis,
    event,
    funnel,
    retention,
    sql,
    table,
    trends,
)
from authsome.analytics.dashboards.dashboard import TilePlan
from authsome.analytics.metric import Active, Bucket, Counted, Funnel, Kind, Metric, Retention
from authsome.analytics.tiles.split import APART

DAYS = 90
RANGE = {
    "date_from": f"-{DAYS - 1}dStart"
}  # today is the last of ninety; without Start, SQL begins at this hour
ALL = {"date_from": "all"}  # a range would make a running total begin in the middle
FRAME = hogql.Frame(DAYS)
LONGER = {Bucket.WEEK: 26 * 7, Bucket.MONTH: 365}  # days, for buckets of which ninety days have few


class Insight(NamedTuple):
    """One query node of a tile. `key` is unique on the dashboard, and stays when the title changes."""

    key: str
    title: str
    query: Json


def insights(tile: TilePlan) -> tuple[Insight, ...]:
    """Those of the tile; none for a metric that PostHog cannot be asked."""
    metric = tile.metric
    if isinstance(metric, Active):
        return tuple(
            Insight(
                f"{tile.key}-by-{bucket.value}",
                f"{metric.title} by {bucket.value}",
                _active(metric, bucket),
            )
            for bucket in Bucket
        )
    if metric.here_only:
        return ()
    return (Insight(tile.key, metric.title, _insight(tile, metric)),)


def _insight(tile: TilePlan, metric: Metric) -> Json:
    match metric:
        case Counted():
            return _counted(tile, metric)
        case Funnel():
            steps = [event(step) for step in metric.steps]
            per = f"properties.{metric.counted}"
            return funnel(steps, RANGE, per=per, days=metric.within.days)
        case Retention():
            return _retention(metric)
        case _:
            raise TypeError(f"{metric.name} is of no form that PostHog has")


def _counted(tile: TilePlan, metric: Counted) -> Json:
    match metric.kind:
        case Kind.COUNTS:
            return trends(
                [event(line, number(metric)) for line in metric.lines], RANGE, display="ActionsLineGraph"
            )
        case Kind.SPLIT:
            return _split(metric)
        case Kind.GROWTH:
            bars = axis(metric.lines[0].key, metric.lines[0].title, bar=True)
            total = axis("total", "In all", right=True)
            return sql(hogql.question(metric, FRAME), ALL, x="day", y=[bars, total])
        case Kind.RATE:
            bars_of = [axis(line.key, line.title, bar=True) for line in metric.lines]
            rate = axis(metric.name, metric.title, right=True, suffix="%")
            return sql(hogql.question(metric, FRAME), RANGE, x="day", y=[*bars_of, rate])
        case Kind.STANDING if not metric.by:
            return sql(
                hogql.question(metric, FRAME), ALL, x="day", y=_lines(metric), display="ActionsLineGraph"
            )
        case _:
            return _ranking(tile, metric)


def _ranking(tile: TilePlan, metric: Counted) -> Json:
    (dimension,) = metric.by
    metrics = tuple(one for one in tile.metrics if isinstance(one, Counted))
    bars = [axis(line.key, line.title, bar=True) for one in metrics for line in one.lines]
    dates = ALL if metric.kind is Kind.STANDING else RANGE
    return sql(hogql.taken_apart(metrics, dimension), dates, x=dimension.value, y=bars)


def _split(metric: Counted) -> Json:
    (line,), (dimension,) = metric.lines, metric.by
    breakdown = {
        "breakdowns": [{"type": "hogql", "property": value(dimension)}],
        "breakdown_limit": APART,
    }
    return trends([event(line, number(metric))], RANGE, display="ActionsBar", breakdown=breakdown)


def _active(metric: Active, bucket: Bucket) -> Json:
    frame = hogql.Frame(LONGER.get(bucket, DAYS), bucket)
    dates = RANGE if bucket is Bucket.DAY else ALL
    y = [axis("active", metric.title)]
    return sql(hogql.question(metric, frame), dates, x="day", y=y, display="ActionsLineGraph")


def _retention(metric: Retention) -> Json:
    """A node where being active is one event: those count per person, and an agent is a person of its own."""
    signs = metric.activity.signs
    if len(signs) == 1 and not signs[0].outcome:
        period = metric.bucket.value.capitalize()
        return retention(metric.began.name, signs[0].event.name, period=period, cohorts=metric.cohorts)
    return table(hogql.question(metric, FRAME), ALL, ["began", "size", *columns(metric)])


def _lines(metric: Counted) -> list[Json]:
    return [axis(line.key, line.title) for line in metric.lines]
