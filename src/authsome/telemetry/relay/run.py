"""The relay's loop: take the lease, read a portion, send it, settle what the answers meant, rest."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime

from authsome.kit.ids import Entropy
from authsome.store.books.books import Books
from authsome.store.books.cursors import Cursor
from authsome.store.books.dead_letters import LetterState
from authsome.store.transactions import Store
from authsome.store.view import View
from authsome.telemetry.consent import TermsFor, cursor_name, terms_in
from authsome.telemetry.naming.pseudonyms import PseudonymKey
from authsome.telemetry.naming.terms import PLAIN, Terms
from authsome.telemetry.portion import Origin, Portion, read_portion
from authsome.telemetry.relay.again import Again, keep_letter
from authsome.telemetry.relay.deliver import Progress, deliver
from authsome.telemetry.relay.notes import Notes
from authsome.telemetry.relay.pace import Pace
from authsome.telemetry.sink import Outcome, Outgoing, PauseLane, RetryLater, Sink

LOGGER = logging.getLogger("authsome.telemetry")
PORTION = 1_000  # rows of the log looked at in one go


@dataclass(frozen=True, slots=True)
class Rest:
    """How long to do nothing, and whether a commit ends it."""

    seconds: float
    wakeable: bool = False


class Relay:
    """Sends what the log holds to one sink, from `run` until `stop`.

    `holder` names this process among all servers: two relays with one name would share a lease. `terms`
    are those of a sink that needs no consent; any other sends each fact under those of its window.
    """

    def __init__(
        self,
        store: Store,
        sink: Sink,
        *,
        holder: str,
        entropy: Entropy,
        pace: Pace | None = None,
        key: PseudonymKey | None = None,
        terms: Terms = PLAIN,
    ) -> None:
        self._store = store
        self._sink = sink
        self._origin = Origin(installation_id=store.installation_id, key=key)
        self._terms = terms
        self._holder = holder
        self._entropy = entropy
        self._pace = pace or Pace()
        self._reader = cursor_name(sink.name)
        self._started_at = store.clock.now()
        self._leased_at: datetime | None = None
        self._failures = 0
        self._again = Again(
            store,
            sink,
            origin=self._origin,
            terms_in=self._terms_in,
            entropy=entropy,
            pace=self._pace,
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._bell = asyncio.Event()
        self._stopping = asyncio.Event()
        self._sending: asyncio.Timeout | None = None

    def wake(self) -> None:
        """Something was committed: look soon. From any thread, at any time; costs next to nothing."""
        loop = self._loop
        if loop is not None and not self._bell.is_set():
            with suppress(RuntimeError):  # the loop closed a moment ago
                loop.call_soon_threadsafe(self._bell.set)

    def stop(self) -> None:
        """End `run` soon: at once when resting, within `Pace.stop` seconds when the sink does not answer.

        What is not sent stays in the log for the next start. Call it on the loop that runs `run`.
        """
        self._stopping.set()
        self._bell.set()
        self._hurry()

    async def run(self) -> None:
        """Work until `stop`. What goes wrong is logged and tried again."""
        self._loop = asyncio.get_running_loop()
        try:
            while not self._stopping.is_set():
                await self._pause(await self._guarded_turn())
        finally:
            self._loop = None
            await self._sink.close()
            await self._store.keep(lambda books: books.leases.release(self._reader, self._holder))

    async def _guarded_turn(self) -> Rest:
        try:
            return await self._turn()
        except Exception:  # edge: background task
            LOGGER.exception("the relay to %s failed and tries again", self._sink.name)
            return Rest(self._retry(RetryLater("internal failure")))

    async def _turn(self) -> Rest:
        """Send one portion; returns how long to rest after it."""
        self._bell.clear()
        if not await self._take_lease():
            return Rest(self._pace.standby)
        cursor = await self._store.keep(lambda books: books.cursors.open(self._reader))
        if waits := self._others_wait(Notes.from_state(cursor.state)):
            return Rest(waits)
        if pause := await self._again.turn(self._send):
            return await self._pause_lane(cursor, pause)
        portion = await self._store.read(lambda view: self._read(view, cursor.position))
        if portion.upto == cursor.position:
            return Rest(self._pace.poll, wakeable=True)
        progress = await deliver(portion.facts, send=self._send)
        rest = self._rest_after(progress, portion)
        if not await self._store.keep(lambda books: self._settle(books, cursor, portion, progress, rest)):
            LOGGER.warning("somebody else moved the cursor of %s; looking again", self._sink.name)
            return Rest(self._pace.standby)
        return rest

    async def _pause_lane(self, cursor: Cursor, pause: PauseLane) -> Rest:
        """Say everywhere that nothing is sent for a while."""
        LOGGER.warning("sending to %s is paused: %s", self._sink.destination, pause.reason)
        progress, rests = Progress(interruption=pause), self._pace.probe
        await self._store.keep(lambda books: self._note(books, cursor, progress, rests))
        return Rest(rests)

    def _others_wait(self, notes: Notes) -> float:
        """How long to keep still because the host told another server to.

        What was noted before this server started does not bind it: an operator may have mended something.
        """
        if notes.resumes_at is None or notes.answered_at is None or notes.by == self._holder:
            return 0.0
        if notes.answered_at < self._started_at:
            return 0.0
        return max(0.0, (notes.resumes_at - self._store.clock.now()).total_seconds())

    def _read(self, view: View, after: int) -> Portion:
        return read_portion(
            view,
            origin=self._origin,
            after=after,
            limit=PORTION,
            terms_for=self._terms_in(view),
            form=self._sink,
        )

    def _terms_in(self, view: View) -> TermsFor:
        return terms_in(view, self._sink, freely=self._terms)

    async def _send(self, facts: Sequence[Outgoing]) -> Outcome:
        """Send, holding the lease; give up `Pace.stop` seconds after a stop was asked for."""
        if self._stopping.is_set():
            return RetryLater("stopping")
        if not (self._lease_is_fresh() or await self._take_lease()):
            return RetryLater("another server has the lease")
        try:
            async with asyncio.timeout(None) as self._sending, self._kept_lease():
                return await self._sink.send(facts)
        except TimeoutError:
            return RetryLater("stopping; no answer yet")
        finally:
            self._sending = None

    @asynccontextmanager
    async def _kept_lease(self) -> AsyncIterator[None]:
        """Renew the lease while the block runs: it is short, so that a killed server is soon replaced."""
        async with asyncio.TaskGroup() as group:
            renewing = group.create_task(self._renew())
            try:
                yield
            finally:
                renewing.cancel()

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._pace.lease.total_seconds() / 3)
            await self._take_lease()

    def _hurry(self) -> None:
        if self._sending is not None:
            self._sending.reschedule(asyncio.get_running_loop().time() + self._pace.stop)

    async def _take_lease(self) -> bool:
        now = self._store.clock.now()
        taken = await self._store.keep(
            lambda books: books.leases.take(self._reader, self._holder, lasts=self._pace.lease)
        )
        self._leased_at = now if taken else None
        return taken

    def _lease_is_fresh(self) -> bool:
        """Taken a moment ago, so that a portion of many requests does not take it for each."""
        now = self._store.clock.now()
        return self._leased_at is not None and now - self._leased_at < self._pace.lease / 10

    def _rest_after(self, progress: Progress, portion: Portion) -> Rest:
        match progress.interruption:
            case None:
                self._failures = 0
                return Rest(0.0) if portion.upto < portion.head else Rest(self._pace.poll, wakeable=True)
            case PauseLane(reason=reason):
                LOGGER.warning("sending to %s is paused: %s", self._sink.destination, reason)
                return Rest(self._pace.probe)
            case RetryLater() as later:
                if progress.sent:
                    self._failures = 0
                return Rest(self._retry(later))

    def _retry(self, later: RetryLater) -> float:
        self._failures += 1
        if self._failures == 1:
            LOGGER.info("sending to %s is put off: %s", self._sink.destination, later.reason)
        return self._pace.retry(self._failures, after=later.after, entropy=self._entropy)

    def _settle(self, books: Books, cursor: Cursor, portion: Portion, progress: Progress, rest: Rest) -> bool:
        """Write down what is done, in one transaction. False when the cursor is no longer where it was."""
        reached = portion.upto if progress.interruption is None else progress.done_upto or cursor.position
        if not books.cursors.move(self._reader, seen=cursor.position, to=reached):
            return False
        for refusal in (*portion.refused, *progress.culprits):
            if refusal.position <= reached:
                LOGGER.warning("fact %s is not sent: %s", refusal.event_id, refusal.reason)
                keep_letter(books, self._sink.name, refusal)
        for refusal in progress.again:
            keep_letter(books, self._sink.name, refusal, state=LetterState.RETRYING)
        self._note(books, cursor, progress, rest.seconds)
        return True

    def _note(self, books: Books, cursor: Cursor, progress: Progress, rests: float) -> None:
        notes = Notes.from_state(cursor.state).after(progress, now=books.now, rests=rests)
        books.cursors.set(self._reader, state=replace(notes, by=self._holder).to_state())

    async def _pause(self, rest: Rest) -> None:
        waited_for = self._bell if rest.wakeable else self._stopping
        with suppress(TimeoutError):
            await asyncio.wait_for(waited_for.wait(), rest.seconds)
            if rest.wakeable:
                await asyncio.wait_for(self._stopping.wait(), self._pace.linger)
