"""The lines of what is split: one for each of the values with the most, and one for all the others."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy import Connection

from authsome.analytics.answers import LineAnswer
from authsome.analytics.asked import Scope, Span
from authsome.analytics.compile.rollup import counted as sql
from authsome.analytics.metric import Counted

APART = 6  # more colours than that are not told from each other
OTHERS = "others"


def split_lines(connection: Connection, metric: Counted, scope: Scope) -> tuple[LineAnswer, ...]:
    """One line per value of the dimension, those with the most first; the key is the value."""
    (dimension,), span = metric.by, scope.span
    values: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    query = sql.by_dimension_per_day(metric, dimension, scope)
    for name, day, number in connection.execute(query):
        values[name][span.bucket.start(day)] += int(number)
    days = span.before.first, span.before.last
    earlier = sql.by_dimension(metric, dimension, days, narrowing=scope.narrowing)
    before = {name: int(number) for name, _, number in connection.execute(earlier)}
    ranked = sorted(values, key=lambda name: (-sum(values[name].values()), name))
    lines = [_line(name, values[name], span, before.get(name, 0)) for name in ranked[:APART]]
    rest = [name for name in (*ranked[APART:], *before) if name not in ranked[:APART]]
    if rest:
        lines.append(_others(dict.fromkeys(rest), values, span, before))
    return tuple(lines)


def _line(name: str, found: dict[date, int], span: Span, before: int) -> LineAnswer:
    counts = tuple(found.get(start, 0) for start in span.buckets)
    return LineAnswer(
        key=name, title=name.replace("_", " ") or "(none)", values=counts, total=sum(counts), before=before
    )


def _others(
    names: dict[str, None], values: dict[str, dict[date, int]], span: Span, before: dict[str, int]
) -> LineAnswer:
    counts = tuple(
        sum(values[name].get(start, 0) for name in names if name in values) for start in span.buckets
    )
    earlier = sum(before.get(name, 0) for name in names)
    return LineAnswer(key=OTHERS, title="All others", values=counts, total=sum(counts), before=earlier)
