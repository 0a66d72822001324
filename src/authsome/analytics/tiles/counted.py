"""Tiles of lines: growth, counts, rate, ranking, split and what stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from authsome.analytics.answers import HeadlineAnswer, LineAnswer, RateAnswer, RowAnswer
from authsome.analytics.asked import Scope, Span
from authsome.analytics.compile.rollup import counted as sql
from authsome.analytics.metric import Counted, Dimension, Kind, Line
from authsome.analytics.tiles.split import split_lines

TOTAL = "total"  # the line of a running total
Totals = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Look:
    """Where, of which days and of whom to read."""

    connection: Connection
    scope: Scope

    @property
    def span(self) -> Span:
        return self.scope.span

    def totals(self, metric: Counted, first: date | None, last: date) -> dict[str, int]:
        query = sql.in_range(metric, (first, last), self.scope.narrowing)
        return {line: int(number) for line, number in self.connection.execute(query)}


def counted_numbers(
    connection: Connection, metric: Counted, scope: Scope, *, beside: Counted | None = None
) -> dict[str, Any]:
    """The parts of the tile's answer that its kind has."""
    look = Look(connection, scope)
    if metric.kind is Kind.SPLIT:
        lines = split_lines(connection, metric, scope)
    else:
        lines = tuple(line for one in (metric, beside) if one for line in _lines(look, one))
    rate = _rate(metric, lines) if metric.kind is Kind.RATE else None
    split = metric.kind is Kind.SPLIT
    dimensions = () if split else metric.by
    return {
        "lines": lines,
        "rate": rate,
        "by": {dimension.value: _rows(look, (metric, beside), dimension) for dimension in dimensions},
        "headline": _headline(metric, lines, rate),
    }


def _headline(metric: Counted, lines: Sequence[LineAnswer], rate: RateAnswer | None) -> HeadlineAnswer:
    unit = metric.unit.value
    if rate is not None:
        return HeadlineAnswer(label=lines[0].title, value=rate.total, before=rate.before, unit=unit)
    if metric.kind is Kind.SPLIT:
        total, before = sum(line.total for line in lines), sum(line.before for line in lines)
        return HeadlineAnswer(label=metric.lines[0].title, value=total, before=before, unit=unit)
    shown = lines[-1] if metric.kind is Kind.GROWTH else lines[0]
    return HeadlineAnswer(label=shown.title, value=shown.total, before=shown.before, unit=unit)


def _lines(look: Look, metric: Counted) -> tuple[LineAnswer, ...]:
    values = _values(look, metric)
    span = look.span
    if metric.kind is Kind.STANDING:
        return _standing(look, metric, values)
    totals = look.totals(metric, span.first, span.last)
    before = look.totals(metric, span.before.first, span.before.last)
    lines = tuple(
        LineAnswer(
            key=line.key,
            title=line.title,
            values=values[line.key],
            total=totals.get(line.key, 0),
            before=before.get(line.key, 0),
        )
        for line in metric.lines
    )
    if metric.kind is Kind.GROWTH:
        earlier = look.totals(metric, None, span.before.last).get(lines[0].key, 0)
        return (*lines, _running(TOTAL, "In all", lines[0].values, earlier))
    return lines


def _values(look: Look, metric: Counted) -> dict[str, tuple[int, ...]]:
    """One number per bucket, for each line and each event that is subtracted from one."""
    found: dict[tuple[str, date], int] = defaultdict(int)
    span = look.span
    for line, start, number in look.connection.execute(sql.per_bucket(metric, look.scope)):
        found[line, span.bucket.start(start)] += int(number)
    return {
        line.key: tuple(found.get((line.key, start), 0) for start in span.buckets)
        for line in sql.lines_of(metric)
    }


def _standing(look: Look, metric: Counted, values: Mapping[str, Sequence[int]]) -> tuple[LineAnswer, ...]:
    earlier = look.totals(metric, None, look.span.before.last)

    def one(line: Line) -> LineAnswer:
        ends = [key for key in values if key.startswith(f"{line.key}.{sql.LESS}.")]
        changes = [came - sum(values[end][at] for end in ends) for at, came in enumerate(values[line.key])]
        start = earlier.get(line.key, 0) - sum(earlier.get(end, 0) for end in ends)
        return _running(line.key, line.title, changes, start)

    return tuple(one(line) for line in metric.lines)


def _running(key: str, title: str, changes: Sequence[int], start: int) -> LineAnswer:
    values, total = [], start
    for change in changes:
        total += change
        values.append(total)
    return LineAnswer(key=key, title=title, values=tuple(values), total=total, before=start)


def _rate(metric: Counted, lines: Sequence[LineAnswer]) -> RateAnswer:
    def per(counts: Sequence[float]) -> float | None:
        return _share(metric, {line.key: count for line, count in zip(lines, counts, strict=True)})

    buckets = zip(*(line.values for line in lines), strict=True)
    return RateAnswer(
        values=tuple(per(counts) for counts in buckets),
        total=per([line.total for line in lines]),
        before=per([line.before for line in lines]),
    )


def _share(metric: Counted, counts: Mapping[str, float]) -> float | None:
    whole = sum(counts.get(line.key, 0) for line in metric.lines if line.decides)
    return counts.get(metric.lines[0].key, 0) / whole if whole else None


def _rows(look: Look, both: tuple[Counted, Counted | None], dimension: Dimension) -> tuple[RowAnswer, ...]:
    counts: dict[str, dict[str, int]] = {}
    metric, metrics = both[0], [one for one in both if one]
    for one in metrics:
        first = None if one.kind is Kind.STANDING else look.span.first
        query = sql.by_dimension(one, dimension, (first, look.span.last), narrowing=look.scope.narrowing)
        for name, line, number in look.connection.execute(query):
            key, sign = (line.split(f".{sql.LESS}.")[0], -1) if sql.LESS in line else (line, 1)
            row = counts.setdefault(name, {})
            row[key] = row.get(key, 0) + sign * int(number)
    keys = [line.key for one in metrics for line in one.lines]
    # Only a failure has a reason, so the share of a reason's sessions that completed says nothing.
    is_rate = metric.kind is Kind.RATE and dimension is not Dimension.REASON
    rows = [
        RowAnswer(
            name=name,
            counts={key: found.get(key, 0) for key in keys},
            rate=_share(metric, found) if is_rate else None,
        )
        for name, found in counts.items()
        if any(found.values())
    ]
    return tuple(sorted(rows, key=lambda row: (*(-row.counts[key] for key in keys), row.name)))
