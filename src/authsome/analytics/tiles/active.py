"""Tiles of who was active."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection

from authsome.analytics.answers import HeadlineAnswer, LineAnswer
from authsome.analytics.asked import Scope, Span
from authsome.analytics.compile.rollup.active import per_bucket
from authsome.analytics.metric import Active


def active_numbers(connection: Connection, metric: Active, scope: Scope) -> dict[str, Any]:
    """One line; its total is the mean of the buckets that are over, and so is what was before.

    A bucket that has just begun would pull the mean down. Where there is no other, it is the mean.
    """
    span = scope.span

    def read(of: Span) -> tuple[int, ...]:
        found: dict[date, int] = {
            start: int(number)
            for start, number in connection.execute(per_bucket(metric, Scope(of, scope.narrowing)))
        }
        return tuple(found.get(start, 0) for start in of.buckets)

    values, earlier = read(span), read(span.buckets_before)
    over = values if span.is_over or len(values) == 1 else values[:-1]
    line = LineAnswer(key="active", title="Active", values=values, total=_mean(over), before=_mean(earlier))
    label = f"Mean of each {span.bucket.value}"
    return {
        "lines": (line,),
        "headline": HeadlineAnswer(label=label, value=line.total, before=line.before, unit=metric.unit.value),
    }


def _mean(values: tuple[int, ...]) -> float:
    return sum(values) / len(values)
