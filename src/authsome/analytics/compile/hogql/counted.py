"""Lines of facts: by bucket, with a running total or a rate; by a dimension."""

from __future__ import annotations

from collections.abc import Sequence

from authsome.analytics.compile.hogql.pick import (
    COUNTS,
    DATES,
    ROWS,
    THESE,
    Frame,
    among,
    number,
    of_line,
    ordered,
    start_of,
    together,
    value,
)
from authsome.analytics.metric import Counted, Dimension, Kind, Line


def over_time(metric: Counted, frame: Frame) -> str:
    """One row per bucket: growth with its running total, what stands, counts, or counts and their rate."""
    match metric.kind:
        case Kind.GROWTH:
            return _growth(metric, frame)
        case Kind.STANDING:
            return _standing(metric, frame)
        case Kind.SPLIT:
            return _split(metric, frame)
        case Kind.RATE:
            names = ", ".join(line.key for line in metric.lines)
            rate = f"round(100 * {_share(metric)}, 1) AS {metric.name}"
            return together(
                (f"SELECT day, {names}, {rate}", f"FROM ({_by_bucket(metric, frame)})", ordered("day"))
            )
        case _:
            return together((_by_bucket(metric, frame), ordered("day")))


def ranking(metrics: Sequence[Counted], dimension: Dimension) -> str:
    """One row per value of the dimension, with the lines of all metrics beside each other, most first."""
    standing = metrics[0].kind is Kind.STANDING
    columns = [
        f"{_standing_number(metric, line) if standing else number(metric, of_line(line))} AS {line.key}"
        for metric in metrics
        for line in metric.lines
    ]
    first = metrics[0].lines[0].key
    events = dict.fromkeys(event.name for metric in metrics for event in metric.events)
    return together(
        (
            f"SELECT {value(dimension)} AS {dimension.value}, {', '.join(columns)}",
            f"FROM events WHERE {among(events)} AND {THESE if standing else DATES}",
            f"AND {COUNTS}",
            f"GROUP BY {dimension.value}",
            f"HAVING {first} != 0" if standing else "",
            f"ORDER BY {first} DESC, {dimension.value} LIMIT {ROWS}",
        )
    )


def _growth(metric: Counted, frame: Frame) -> str:
    (line,) = metric.lines
    field = getattr(metric.counted, "field", "")
    return together(
        (
            f"SELECT day, {line.key}, total FROM (",
            f"  SELECT day, {line.key}, sum({line.key}) OVER (ORDER BY day) AS total FROM (",
            f"    SELECT {start_of('first_at', frame.bucket)} AS day, count() AS {line.key} FROM (",
            f"      SELECT properties.{field} AS counted, min(timestamp) AS first_at FROM events",
            f"      WHERE event = '{line.event.name}' AND properties.{field} IS NOT NULL AND {THESE}",
            f"      AND {COUNTS} GROUP BY counted",
            "    ) GROUP BY day",
            "  )",
            f") WHERE day >= {frame.begin}",
            ordered("day"),
        )
    )


def _standing(metric: Counted, frame: Frame) -> str:
    """What changed before the time shown is put on its first bucket, so that the sum begins right."""
    events = [event.name for event in metric.events]
    sums = ", ".join(f"sum({line.key}_change) OVER (ORDER BY day) AS {line.key}" for line in metric.lines)
    changes = ", ".join(f"{_standing_number(metric, line)} AS {line.key}_change" for line in metric.lines)
    return together(
        (
            f"SELECT day, {sums} FROM (",
            f"  SELECT greatest({start_of('timestamp', frame.bucket)}, {frame.begin}) AS day, {changes}",
            f"  FROM events WHERE {among(events)} AND {THESE}",
            f"  AND {COUNTS} GROUP BY day",
            ")",
            ordered("day"),
        )
    )


def _standing_number(metric: Counted, line: Line) -> str:
    came = number(metric, of_line(line))
    if not line.less:
        return came
    return " - ".join([came, *(number(metric, f"event = '{event.name}'") for event in line.less)])


def _split(metric: Counted, frame: Frame) -> str:
    (line,), (dimension,) = metric.lines, metric.by
    return together(
        (
            f"SELECT {start_of('timestamp', frame.bucket)} AS day, {value(dimension)} AS {dimension.value},",
            f"{number(metric)} AS {line.key}",
            f"FROM events WHERE {of_line(line)} AND {frame.dates}",
            f"AND {COUNTS} GROUP BY day, {dimension.value}",
            ordered(f"day, {dimension.value}"),
        )
    )


def _by_bucket(metric: Counted, frame: Frame) -> str:
    columns = ", ".join(f"{number(metric, of_line(line))} AS {line.key}" for line in metric.lines)
    events = [event.name for event in metric.events]
    return together(
        (
            f"SELECT {start_of('timestamp', frame.bucket)} AS day, {columns}",
            f"FROM events WHERE {among(events)} AND {frame.dates}",
            f"AND {COUNTS} GROUP BY day",
        )
    )


def _share(metric: Counted) -> str:
    deciding = " + ".join(line.key for line in metric.lines if line.decides)
    return f"{metric.lines[0].key} / nullIf({deciding}, 0)"
