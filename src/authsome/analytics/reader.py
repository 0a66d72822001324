"""Answer a dashboard from the rollups."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from authsome.analytics.answers import DashboardAnswer
from authsome.analytics.asked import Asked, Narrowing, Scope
from authsome.analytics.dashboards import DASHBOARDS, MINE
from authsome.analytics.dashboards.dashboard import DashboardPlan
from authsome.analytics.projections.project import READER
from authsome.analytics.tiles import answer_tile
from authsome.kit.errors import MissingError
from authsome.store.books.books import Books
from authsome.store.transactions import Store


class DashboardUnknown(MissingError):
    """There is no dashboard of that name."""

    code = "dashboard_unknown"
    hint = f"there are: {', '.join(plan.name for plan in DASHBOARDS)}"


class Reader:
    """Reads dashboards. `time_zone` says where a day begins, as for the `Projector`."""

    def __init__(self, store: Store, time_zone: str) -> None:
        self._store = store
        self._zone = ZoneInfo(time_zone)

    def today(self) -> date:
        """The day that it is in the time zone."""
        return self._store.clock.now().astimezone(self._zone).date()

    async def answer(self, name: str, asked: Asked = Asked()) -> DashboardAnswer:  # noqa: B008  # a value
        """One of the dashboards for admins. Raises `DashboardUnknown`."""
        plan = next((one for one in DASHBOARDS if one.name == name), None)
        if plan is None:
            raise DashboardUnknown(name)
        return await self._answer(plan, asked, Narrowing(provider=asked.provider, identity=asked.identity))

    async def answer_mine(self, principal_id: str, asked: Asked = Asked()) -> DashboardAnswer:  # noqa: B008
        """What is this principal's, and nobody else's."""
        if not principal_id:
            raise ValueError("nobody's would be everybody's")
        narrowing = Narrowing(provider=asked.provider, identity=asked.identity, principal=principal_id)
        return await self._answer(MINE, asked, narrowing)

    async def _answer(self, plan: DashboardPlan, asked: Asked, narrowing: Narrowing) -> DashboardAnswer:
        span = asked.span(self.today(), self._zone)
        head = await self._store.read(lambda view: view.event_log.head())
        return await self._store.look(
            lambda books: self._read(books, plan, Scope(span, narrowing), head=head)
        )

    def _read(self, books: Books, plan: DashboardPlan, scope: Scope, *, head: int) -> DashboardAnswer:
        cursor = books.cursors.find(READER)
        position = cursor.position if cursor else 0
        lag = max(0, head - position)
        span, narrowing = scope.span, scope.narrowing
        filters = {"provider": narrowing.provider, "identity": narrowing.identity}
        return DashboardAnswer(
            name=plan.name,
            title=plan.title,
            description=plan.description,
            since=span.first,
            until=span.last,
            bucket=span.bucket.value,
            buckets=span.buckets,
            filters={name: value for name, value in filters.items() if value},
            time_zone=self._zone.key,
            as_of=cursor.moved_at if cursor and lag else self._store.clock.now(),
            position=position,
            lag=lag,
            tiles=tuple(answer_tile(books, tile, scope, head=head) for tile in plan.tiles),
        )
