"""Tiles of lines: growth, counts, rate, ranking, split and what stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection

from authsome.analytics.answers import HeadlineAnswer, LineAnswer, RateAnswer, RowAnswer
from authsome.analytics.asked import Scope, Span
from authsome.analytics.compile.rollup import counted as sql
from authsome.analytics.metric import Bucket, Counted, Dimension, Kind, Line
from authsome.analytics.tiles.split import split_lines

TOTAL = "total"  # the line of a running total


@dataclass(frozen=True, slots=True)
class Look:
    """Where, of which days and of whom to read."""

    connection: Connection
    scope: Scope

    @property
    def span(self) -> Span:
        return self.scope.span

    def totals(self, metric: Counted, days: sql.Days) -> dict[str, int]:
        query = sql.in_range(metric, days, self.scope.narrowing)
        return {line: int(number) for line, number in self.connection.execute(query)}

    def per_bucket(self, metric: Counted, days: sql.Days, bucket: Bucket) -> dict[str, dict[date, int]]:
        """By line and bucket; no bucket where there is nothing."""
        found: dict[str, dict[date, int]] = {line.key: {} for line in metric.lines}
        query = sql.per_bucket(metric, days, bucket, narrowing=self.scope.narrowing)
        for line, start, number in self.connection.execute(query):
            found[line][start] = int(number)
        return found


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
    lines = _summed_up(look, metric) if metric.adds_up else _counted_anew(look, metric)
    if metric.kind in (Kind.GROWTH, Kind.STANDING):
        earlier = look.totals(metric, (None, look.span.before.last))
        if metric.kind is Kind.GROWTH:
            return (*lines, _running(replace(lines[0], key=TOTAL, title="In all"), earlier[lines[0].key]))
        return tuple(_running(line, earlier[line.key]) for line in lines)
    return lines


def _summed_up(look: Look, metric: Counted) -> tuple[LineAnswer, ...]:
    """Where days add up, the days of both times are read once, and all else is their sum."""
    span = look.span
    days = look.per_bucket(metric, (span.before.first, span.last), Bucket.DAY)

    def one(line: Line) -> LineAnswer:
        values = dict.fromkeys(span.buckets, 0)
        before = 0
        for day, number in days[line.key].items():
            if day < span.first:
                before += number
            else:
                values[span.bucket.start(day)] += number
        return _line(line, values, total=sum(values.values()), before=before)

    return tuple(one(line) for line in metric.lines)


def _counted_anew(look: Look, metric: Counted) -> tuple[LineAnswer, ...]:
    """Whoever was there twice counts once, so each number is counted for its own time."""
    span = look.span
    found = look.per_bucket(metric, (span.first, span.last), span.bucket)
    totals = look.totals(metric, (span.first, span.last))
    before = look.totals(metric, (span.before.first, span.before.last))
    return tuple(
        _line(
            line,
            {start: found[line.key].get(start, 0) for start in span.buckets},
            total=totals[line.key],
            before=before[line.key],
        )
        for line in metric.lines
    )


def _line(line: Line, values: Mapping[date, int], *, total: int, before: int) -> LineAnswer:
    return LineAnswer(
        key=line.key, title=line.title, values=tuple(values.values()), total=total, before=before
    )


def _running(line: LineAnswer, start: int) -> LineAnswer:
    """The same as what it comes to at the end of each bucket, where there were so many before."""
    values = tuple(accumulate(line.values, initial=start))[1:]
    return replace(line, values=values, total=values[-1], before=start)


def _rate(metric: Counted, lines: Sequence[LineAnswer]) -> RateAnswer:
    def per(counts: Sequence[float]) -> float | None:
        return _share(metric, {line.key: count for line, count in zip(lines, counts, strict=True)})

    buckets = zip(*(line.values for line in lines), strict=True)
    return RateAnswer(
        values=tuple(per(counts) for counts in buckets),
        total=per([line.total for line in lines]),
        before=per([line.before for line in lines]),
        beside=tuple(line.key for line in metric.lines if not line.decides),
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
            counts.setdefault(name, {})[line] = int(number)
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
