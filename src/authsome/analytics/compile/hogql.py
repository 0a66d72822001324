"""A metric as HogQL, PostHog's SQL.

Distinct ids are counted, never rows: PostHog removes duplicates late or not at all. Whole days are those of
the project's time zone. `{filters}` takes the date range of the insight or dashboard, and whatever a person
narrows it to; a running total has none, because it counts from the beginning.
"""

from __future__ import annotations

from collections.abc import Sequence

from authsome.analytics.metric import Dimension, Kind, Line, Metric

ROWS = 10_000  # without a limit the API stops at 100

# Who is erased counts no more at once, and not only when PostHog has come to deleting: nothing that is about
# them, or names them. NULL is in no list and not in one either, hence the ''.
_ERASED = (
    "(SELECT coalesce(properties.principal_id, properties.identity_handle) FROM events "
    "WHERE event IN ('principal_erased', 'identity_erased'))"
)
COUNTS = " AND ".join(
    f"{who} NOT IN {_ERASED}"
    for who in (
        "distinct_id",
        "coalesce(properties.principal_id, '')",
        "coalesce(properties.identity_handle, '')",
    )
)


def over_time(metric: Metric, days: int) -> str:
    """One row per day: growth with its running total, counts by line, or counts and their rate in percent."""
    if metric.kind is Kind.GROWTH:
        return _growth(metric, days)
    if metric.kind is Kind.RATE:
        rate = f"round(100 * {_share(metric)}, 1) AS {metric.name}"
        names = [line.key for line in metric.lines]
        return _lines(
            f"SELECT day, {', '.join(names)}, {rate}", f"FROM ({_by_day(metric)})", *_ordered("day")
        )
    return _lines(_by_day(metric), *_ordered("day"))


def taken_apart(metric: Metric, dimension: Dimension) -> str:
    """One row per value of the dimension, with a count per line."""
    return ranking((metric,), dimension)


def ranking(metrics: Sequence[Metric], dimension: Dimension) -> str:
    """One row per value of the dimension, with the lines of all metrics beside each other, most first."""
    columns = [_counted(metric, line) for metric in metrics for line in metric.lines]
    first = metrics[0].lines[0].key
    events = dict.fromkeys(line.event.name for metric in metrics for line in metric.lines)
    return _lines(
        f"SELECT {value(dimension)} AS {dimension.value}, {', '.join(columns)}",
        f"FROM events WHERE {_is_one_of(list(events))} AND {{filters}}",
        f"AND {COUNTS}",
        f"GROUP BY {dimension.value}",
        f"ORDER BY {first} DESC, {dimension.value} LIMIT {ROWS}",
    )


def distinct_ids(metric: Metric) -> str:
    """The aggregation by which an insight counts one event."""
    return f"count(DISTINCT properties.{metric.counted})"


def value(dimension: Dimension) -> str:
    """The dimension of one event, '' where it has none."""
    fields = ", ".join(f"properties.{field}" for field in dimension.fields)
    return f"coalesce({fields}, '')"


def _growth(metric: Metric, days: int) -> str:
    (line,) = metric.lines
    counted = metric.counted
    return _lines(
        f"SELECT day, {line.key}, total FROM (",
        f"  SELECT day, {line.key}, sum({line.key}) OVER (ORDER BY day) AS total FROM (",
        f"    SELECT toStartOfDay(first_at) AS day, count() AS {line.key} FROM (",
        f"      SELECT properties.{counted} AS counted, min(timestamp) AS first_at FROM events",
        f"      WHERE event = '{line.event.name}' AND properties.{counted} IS NOT NULL",
        f"      AND {COUNTS} GROUP BY counted",
        "    ) GROUP BY day",
        "  )",
        f") WHERE day >= toStartOfDay(now() - INTERVAL {days - 1} DAY)",
        *_ordered("day"),
    )


def _by_day(metric: Metric) -> str:
    columns = ", ".join(_counted(metric, line) for line in metric.lines)
    events = _is_one_of([line.event.name for line in metric.lines])
    return _lines(
        f"SELECT toStartOfDay(timestamp) AS day, {columns}",
        f"FROM events WHERE {events} AND {{filters}}",
        f"AND {COUNTS} GROUP BY day",
    )


def _share(metric: Metric) -> str:
    deciding = " + ".join(line.key for line in metric.lines if line.decides)
    return f"{metric.lines[0].key} / nullIf({deciding}, 0)"


def _counted(metric: Metric, line: Line) -> str:
    return f"uniqExactIf(properties.{metric.counted}, event = '{line.event.name}') AS {line.key}"


def _is_one_of(events: Sequence[str]) -> str:
    names = ", ".join(f"'{event}'" for event in events)
    return f"event IN ({names})" if len(events) > 1 else f"event = {names}"


def _ordered(column: str) -> tuple[str]:
    return (f"ORDER BY {column} LIMIT {ROWS}",)


def _lines(*lines: str) -> str:
    return "\n".join(lines)
