"""One tile: the words of its metric and the numbers of its form."""

from __future__ import annotations

from typing import Any

from authsome.analytics.answers import TileAnswer
from authsome.analytics.asked import Scope
from authsome.analytics.dashboards.dashboard import TilePlan
from authsome.analytics.metric import Active, Counted, Funnel, Lanes, Metric, Retention
from authsome.analytics.tiles.active import active_numbers
from authsome.analytics.tiles.counted import counted_numbers
from authsome.analytics.tiles.funnel import funnel_numbers
from authsome.analytics.tiles.lanes import lane_numbers
from authsome.analytics.tiles.retention import retention_numbers
from authsome.store.books.books import Books


def answer_tile(books: Books, plan: TilePlan, scope: Scope, *, head: int) -> TileAnswer:
    """The tile over these days, of these facts. `head` is the position of the newest fact."""
    metric, narrowing = plan.metric, scope.narrowing
    applied = Scope(scope.span, narrowing.applied_to(metric))
    return TileAnswer(
        key=plan.key,
        kind=metric.kind.value,
        title=metric.title,
        question=metric.question,
        definition=" ".join(one.definition for one in plan.metrics),
        healthy=metric.healthy,
        unit=metric.unit.value,
        line_unit=metric.line_unit.value,
        ignores=narrowing.ignored_by(metric),
        **_numbers(books, plan, applied, head=head),
    )


def _numbers(books: Books, plan: TilePlan, scope: Scope, *, head: int) -> dict[str, Any]:
    metric: Metric = plan.metric
    match metric:
        case Counted():
            return counted_numbers(books.connection, metric, scope, beside=plan.beside)
        case Active():
            return active_numbers(books.connection, metric, scope)
        case Funnel():
            return funnel_numbers(books.connection, metric, scope)
        case Retention():
            return retention_numbers(books.connection, metric, scope.span)
        case Lanes():
            return lane_numbers(books, head)
        case _:
            raise TypeError(f"{metric.name} is of no form that can be answered")
