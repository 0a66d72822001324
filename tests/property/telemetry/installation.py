"""An installation of two servers: what it committed, what may leave, and what must have arrived."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import Select, Table, create_engine
from sqlalchemy.engine import make_url

from authsome.store.books.dead_letters import DeadLetter, LetterState
from authsome.store.sequencer import sequence
from authsome.store.tables.log import event_log
from authsome.store.tables.registry import consent_window, identity
from authsome.telemetry.consent import cursor_name, settle_consent
from authsome.testing.clock import SimulatedClock
from authsome.testing.posthog import PostHogSimulator
from tests.property.telemetry.house import Death, MakeDatabase, Server
from tests.support.crash import Crash, crash_before

SINK = "posthog"


class Installation(RuleBasedStateMachine):
    """`allowed` may leave; `due` must have, in the end; `unsendable` and `given_up` are out of it.

    `promised` are the dids whose registration was committed, `died_first` those that died before that.
    """

    v1 = False

    def __init__(self, make: MakeDatabase) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.clock = SimulatedClock()
        self.posthog = PostHogSimulator(clock=self.clock).start()
        self.url = make()
        embedded = make_url(self.url).get_backend_name() == "sqlite"
        self._engine = create_engine(f"{self.url}/registry.db" if embedded else self.url)
        self.eye = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self.servers: list[Server] = []
        self.known: set[str] = set()
        self.allowed: set[str] = set()
        self.due: set[str] = set()
        self.unsendable: set[str] = set()
        self.given_up: set[str] = set()
        self.promised: set[str] = set()
        self.died_first: set[str] = set()

    def teardown(self) -> None:
        try:
            if self.servers:
                self._come_to_rest()
                self._compare()
        finally:
            for server in self.servers:
                self.do(server.die())
            self.posthog.stop()
            self.loop.close()
            self.eye.close()
            self._engine.dispose()

    def do(self, work: Awaitable[Any]) -> Any:
        async def run() -> Any:
            return await work

        return self.loop.run(run())

    def risk(self, at: int, work: Callable[[], Awaitable[Any]], fate: Death | int | None) -> bool:
        """Whether the server survived; if not, another one stands in its place, in the same mode."""
        server = self.servers[at]
        try:
            if isinstance(fate, int):
                with crash_before(fate, *server.engines):
                    self.do(work())
            else:
                self.do(work())
        except (Crash, BaseExceptionGroup) as error:
            if not is_crash(error):
                raise
            self.do(self.replace(at, sends=server.relay is not None))
            return False
        return True

    def settle(self, at: int, sends: bool, fate: Death | int | None) -> None:
        """The first thing that a started server does; where it dies, the next one does it."""
        store = self.servers[at].store
        if not self.risk(at, lambda: settle_consent(store, sink=SINK, allowed=sends), fate):
            self.settle(at, sends, None)
        self.notice()

    async def start(self, sends: bool) -> Server:
        return await Server.start(self.url, self.clock, self.posthog, v1=self.v1, sends=sends)

    async def replace(self, at: int, *, sends: bool) -> None:
        await self.servers[at].die()
        self.servers[at] = await self.start(sends)

    def notice(self) -> set[str]:
        """What was committed since the last look, and whether it may leave.

        When consent ends, what waits need not leave any more.
        """
        fresh = {row["uuid"] for row in self._rows(event_log)} - self.known
        self.known |= fresh
        if self._consented():
            self.allowed |= fresh
            self.due |= fresh
        else:
            self.due.clear()
        return fresh

    def letters(self, *states: LetterState) -> list[DeadLetter]:
        store = self.servers[0].store
        found: list[DeadLetter] = self.do(
            store.keep(lambda books: books.dead_letters.list(SINK, states=states))
        )
        return found

    def _come_to_rest(self) -> None:
        """Everybody behaves: letters are put back, and what waits is sent."""
        self.posthog.behave()
        sends = self._consented()
        for at in range(len(self.servers)):
            self.do(self.replace(at, sends=sends))
            self.settle(at, sends, None)
        self.clock.advance(timedelta(days=1))
        store, relay = self.servers[0].store, self.servers[0].relay
        while self.do(store.keep_log(sequence)):
            pass
        again = LetterState.RETRYING
        self.do(store.keep(lambda books: books.dead_letters.decide(SINK, again, event_ids=None)))
        if relay is not None:
            head = self.do(store.read(lambda view: view.event_log.head()))
            while self._reached() < head or self.letters(again):
                self.do(relay._guarded_turn())

    def _compare(self) -> None:
        rows = self._rows(event_log)
        logged = {row["uuid"]: row for row in rows}
        taken = [event for event in self.posthog.events if event.name != "$set"]
        arrived = {str(event.uuid) for event in taken}
        due = {uuid for uuid in self.due if logged[uuid]["id"] not in self.given_up}
        assert due - self.unsendable <= arrived, "lost"
        assert len(arrived) == len(taken), "doubled in effect"
        assert arrived <= self.allowed - self.unsendable, "outside of consent, or never committed"
        for event in taken:
            row = logged[str(event.uuid)]
            assert (event.name, event.timestamp) == (row["name"], row["occurred_at"])
        dead = {letter.event_id for letter in self.letters(LetterState.REFUSED)}
        assert {logged[uuid]["id"] for uuid in due & self.unsendable} <= dead
        registered = {row["fields"]["did"] for row in rows if row["name"] == "identity_registered"}
        assert registered == {row["did"] for row in self._rows(identity)} == self.promised
        assert not self.died_first & registered

    def _consented(self) -> bool:
        return any(row["closed_position"] is None for row in self._rows(consent_window))

    def _reached(self) -> int:
        cursor = self.do(self.servers[0].store.keep(lambda books: books.cursors.find(cursor_name(SINK))))
        return int(cursor.position)

    def _rows(self, table: Table) -> list[Any]:
        """The rows themselves, as no server sees them: those without a position too."""
        query: Select[Any] = table.select()
        return list(self.eye.execute(query).mappings().all())


def is_crash(error: BaseException) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return any(map(is_crash, error.exceptions))
    return isinstance(error, Crash)
