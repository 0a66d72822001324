"""An installation that has lived, was counted and has sent, and the means to compare and to damage it."""

from __future__ import annotations

import dataclasses
import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from authsome.analytics.projections.project import Projector
from authsome.analytics.reconcile.compare import NoQuestions, compare
from authsome.analytics.reconcile.difference import Report
from authsome.analytics.reconcile.mend import Mended, mend
from authsome.analytics.reconcile.posthog.ask import Questions
from authsome.analytics.reconcile.posthog.hogql import fields
from authsome.kit.secret import Secret
from authsome.store.event_log import LoggedEvent
from authsome.store.tables.log import event_log
from authsome.store.tables.registry import browser_session
from authsome.store.transactions import Store
from authsome.telemetry.consent import settle_consent
from authsome.telemetry.naming.pseudonyms import PseudonymKey
from authsome.telemetry.naming.terms import PLAIN, Terms
from authsome.telemetry.portion import Origin
from authsome.telemetry.sinks.posthog.private.access import Access
from authsome.telemetry.sinks.posthog.private.call import PrivateApi
from authsome.testing.clock import SimulatedClock
from authsome.testing.posthog import PostHogSimulator, StoredEvent
from authsome.testing.posthog.private import PERSONAL_KEY, PROJECT_ID
from tests.contract.posthog.relaying import READER, SINK, head_of, relaying, sink_to, until_position
from tests.support.life import Life
from tests.support.log import all_events, position_all

ZONE = "Europe/Berlin"
Line = tuple[str, str, str]  # layer, kind, event


async def tick(_count: int) -> None:
    """Nobody watches."""


async def no_wait(_seconds: float) -> None:
    """The simulated clock does not stand still for us."""


class Compared:
    """One installation and its PostHog."""

    def __init__(
        self,
        store: Store,
        clock: SimulatedClock,
        posthog: PostHogSimulator | None,
        *,
        key: PseudonymKey | None = None,
    ) -> None:
        self.key = key
        self.store = store
        self.clock = clock
        self.posthog = posthog
        self.projector = Projector(store, ZONE)

    async def begin(self) -> None:
        """Opt in, live, count and send."""
        terms = Terms(key_id=self.key.id, group=True) if self.key else PLAIN
        await settle_consent(self.store, sink=SINK, allowed=self.posthog is not None, terms=terms)
        await position_all(self.store)
        await Life(self.store, self.clock).live()
        await self.settle()

    async def settle(self) -> None:
        """Let the readers come to the end of the log."""
        await position_all(self.store)
        await self.projector.catch_up()
        if self.posthog is not None:
            async with relaying(self.store, sink_to(self.store, self.posthog), key=self.key):
                await until_position(self.store, await head_of(self.store))
                while await self.store.keep(lambda books: books.dead_letters.list(SINK)):
                    await tick(0)
        self.clock.advance(timedelta(hours=1))

    async def compare(self, **more: Any) -> Report:
        async with self._asked() as asked:
            return await compare(
                self.store, asked, since=more.get("since"), time_zone=ZONE, tick=more.get("tick", tick)
            )

    async def mend(self) -> Mended:
        async with self._asked() as asked:
            questions = asked if isinstance(asked, Questions) else None
            return await mend(self.store, self.projector, questions, since=None, time_zone=ZONE, tick=tick)

    def _asked(self) -> _Asked:
        return _Asked(self.store, self.posthog, self.key)

    async def add_session(self, principal_id: str) -> str:
        """A row of which the log knows nothing."""
        row_id = self.store.ids.new("ses")
        at = self.clock.now()
        row = {"id": row_id, "kind": "browser", "principal_id": principal_id, "token_hash": row_id}
        await self.write(insert(browser_session).values(**row, created_at=at, expires_at=at))
        return row_id

    async def forget(self, fact: LoggedEvent) -> None:
        """Take a fact out of the log, as nobody may."""
        await self.write(delete(event_log).where(event_log.c.uuid == fact.uuid))

    async def write(self, statement: Any) -> None:
        """Run SQL on the registry, past everything."""
        await self.store.keep_log(lambda connection: _run(connection, statement))

    async def spoil(self, statement: Any) -> None:
        """Run SQL on the books, past everything."""
        await self.store.keep(lambda books: _run(books.connection, statement))

    async def facts(self, name: str = "") -> list[LoggedEvent]:
        return [fact for fact in await all_events(self.store) if name in ("", fact.name)]

    async def moved_back(self) -> int:
        cursor = await self.store.keep(lambda books: books.cursors.find(READER))
        return cursor.position if cursor else 0

    async def principal_id(self) -> str:
        return (await self.store.read(lambda view: view.principals.list()))[0].id


class _Asked:
    """The questions to the simulator, while the block runs."""

    def __init__(self, store: Store, posthog: PostHogSimulator | None, key: PseudonymKey | None) -> None:
        self._key = key
        self._store = store
        self._posthog = posthog
        self._api: PrivateApi | None = None

    async def __aenter__(self) -> Questions | NoQuestions:
        if self._posthog is None:
            return NoQuestions("there is none")
        access = Access(host=self._posthog.url, project_id=PROJECT_ID, key=Secret(PERSONAL_KEY))
        self._api = PrivateApi(access, clock=self._store.clock)
        origin = Origin(installation_id=self._store.installation_id, key=self._key)
        return Questions(self._api, origin=origin, fields=fields(), wait=no_wait)

    async def __aexit__(self, *_: object) -> None:
        if self._api is not None:
            await self._api.close()


def _run(connection: Connection, statement: Any) -> None:
    connection.execute(statement)


def lines(report: Report) -> dict[Line, int]:
    """Everything that differs, as counts."""
    return {
        (layer.value, kind.value, event): count
        for layer, section in report.sections.items()
        for (kind, event), count in section.counts.items()
    }


def about(report: Report) -> set[str]:
    """The ids that the differences name."""
    return {example.about for section in report.sections.values() for example in section.examples}


def without(fact: LoggedEvent) -> Any:
    """A PostHog that does not have the fact."""
    return lambda taken: [event for event in taken if str(event.uuid) != fact.uuid]


def changed(fact: LoggedEvent, **values: Any) -> Any:
    """A PostHog that has the fact otherwise."""
    return changed_where(uuid.UUID(fact.uuid), **values)


def changed_where(number: uuid.UUID, **values: Any) -> Any:
    """A PostHog that has the event with this uuid otherwise."""

    def change(taken: list[StoredEvent]) -> list[StoredEvent]:
        return [dataclasses.replace(e, **values) if e.uuid == number else e for e in taken]

    return change


def copied(fact: LoggedEvent, **values: Any) -> Any:
    """A PostHog that has it as it is, and once more otherwise."""

    def change(taken: list[StoredEvent]) -> list[StoredEvent]:
        own = next(event for event in taken if str(event.uuid) == fact.uuid)
        return [*taken, dataclasses.replace(own, **values)]

    return change


def invented(fact: LoggedEvent) -> tuple[str, Any]:
    """A PostHog that has an event of ours that never happened; and that event's uuid."""
    number = uuid.uuid5(uuid.UUID(fact.uuid), "never happened")
    return str(number), copied(fact, uuid=number)


async def rows_of(store: Store, table: Any) -> list[Any]:
    """All rows of a table of the books."""
    return await store.keep(lambda books: list(books.connection.execute(select(table)).all()))
