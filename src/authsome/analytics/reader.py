"""Answer a dashboard from the rollups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from authsome.analytics.answers import DashboardAnswer, LineAnswer, RateAnswer, RowAnswer, TileAnswer
from authsome.analytics.compile import rollup
from authsome.analytics.dashboards.adoption import ADOPTION
from authsome.analytics.dashboards.dashboard import DashboardPlan, TilePlan
from authsome.analytics.metric import Dimension, Kind, Line, Metric
from authsome.analytics.projections.project import READER
from authsome.store.books.books import Books
from authsome.store.transactions import Store

TOTAL = "total"  # the line of a running total


class Reader:
    """Reads dashboards. `time_zone` says where a day begins, as for the `Projector`."""

    def __init__(self, store: Store, time_zone: str) -> None:
        self._store = store
        self._zone = ZoneInfo(time_zone)

    async def adoption(self, since_days: int) -> DashboardAnswer:
        """The adoption dashboard over so many days, today included; at least one."""
        return await self._answer(ADOPTION, max(1, since_days))

    async def _answer(self, plan: DashboardPlan, since_days: int) -> DashboardAnswer:
        now = self._store.clock.now()
        today = now.astimezone(self._zone).date()
        span = Span(today - timedelta(days=since_days - 1), today)
        head = await self._store.read(lambda view: view.event_log.head())

        def read(books: Books) -> DashboardAnswer:
            cursor = books.cursors.find(READER)
            position = cursor.position if cursor else 0
            lag = max(0, head - position)
            return DashboardAnswer(
                name=plan.name,
                title=plan.title,
                days=span.days,
                time_zone=self._zone.key,
                as_of=cursor.moved_at if cursor and lag else now,
                position=position,
                lag=lag,
                tiles=answer(books.connection, plan, span),
            )

        return await self._store.keep(read)


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))

    @property
    def before(self) -> Span:
        """As many days, right before."""
        return Span(self.first - timedelta(days=len(self.days)), self.first - timedelta(days=1))


def answer(connection: Connection, plan: DashboardPlan, span: Span) -> tuple[TileAnswer, ...]:
    """The dashboard's tiles over these days."""
    return tuple(_tile(connection, tile, span) for tile in plan.tiles)


def _tile(connection: Connection, plan: TilePlan, span: Span) -> TileAnswer:
    metric = plan.metric
    lines = tuple(line for one in plan.metrics for line in _lines(connection, one, span))
    if metric.kind is Kind.GROWTH:
        lines = (*lines, _running_total(connection, metric, span, lines[0]))
    return TileAnswer(
        key=plan.key,
        title=metric.title,
        question=metric.question,
        definition=" ".join(one.definition for one in plan.metrics),
        healthy=metric.healthy,
        unit=metric.unit.value,
        lines=lines,
        rate=_rate(metric, lines) if metric.kind is Kind.RATE else None,
        by={dimension.value: _rows(connection, plan, dimension, span) for dimension in metric.by},
    )


def _lines(connection: Connection, metric: Metric, span: Span) -> tuple[LineAnswer, ...]:
    by_day: dict[tuple[str, date], int] = {}
    for event, day, count in connection.execute(rollup.per_day(metric, span.first, span.last)):
        by_day[event, day] = count
    totals = _in_range(connection, metric, span.first, span.last)
    before = _in_range(connection, metric, span.before.first, span.before.last)
    return tuple(
        LineAnswer(
            key=line.key,
            title=line.title,
            values=tuple(by_day.get((line.event.name, day), 0) for day in span.days),
            total=totals.get(line.event.name, 0),
            before=before.get(line.event.name, 0),
        )
        for line in metric.lines
    )


def _running_total(connection: Connection, metric: Metric, span: Span, new: LineAnswer) -> LineAnswer:
    event = metric.lines[0].event.name
    before = _in_range(connection, metric, None, span.before.last).get(event, 0)
    values, total = [], before
    for count in new.values:
        total += count
        values.append(total)
    return LineAnswer(key=TOTAL, title="In all", values=tuple(values), total=total, before=before)


def _in_range(connection: Connection, metric: Metric, first: date | None, last: date) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.execute(rollup.in_range(metric, first, last))}


def _rate(metric: Metric, lines: tuple[LineAnswer, ...]) -> RateAnswer:
    def per(counts: list[int]) -> float | None:
        return _share(metric, {line.key: count for line, count in zip(lines, counts, strict=True)})

    days = zip(*(line.values for line in lines), strict=True)
    return RateAnswer(
        values=tuple(per(list(counts)) for counts in days),
        total=per([line.total for line in lines]),
        before=per([line.before for line in lines]),
    )


def _share(metric: Metric, counts: Mapping[str, int]) -> float | None:
    whole = sum(counts.get(line.key, 0) for line in metric.lines if line.decides)
    return counts.get(metric.lines[0].key, 0) / whole if whole else None


def _rows(connection: Connection, plan: TilePlan, dimension: Dimension, span: Span) -> tuple[RowAnswer, ...]:
    counts: dict[str, dict[str, int]] = {}
    for metric in plan.metrics:
        query = rollup.by_dimension(metric, dimension, first=span.first, last=span.last)
        for name, event, count in connection.execute(query):
            counts.setdefault(name, {})[_line_of(metric, event).key] = count
    keys = [line.key for metric in plan.metrics for line in metric.lines]
    # Only a failure has a reason, so the share of a reason's sessions that completed says nothing.
    is_rate = plan.metric.kind is Kind.RATE and dimension is not Dimension.REASON
    rows = [
        RowAnswer(
            name=name,
            counts={key: found.get(key, 0) for key in keys},
            rate=_share(plan.metric, found) if is_rate else None,
        )
        for name, found in counts.items()
    ]
    return tuple(sorted(rows, key=lambda row: (*(-row.counts[key] for key in keys), row.name)))


def _line_of(metric: Metric, event: str) -> Line:
    return next(line for line in metric.lines if line.event.name == event)
