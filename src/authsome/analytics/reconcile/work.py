"""Does what was asked for, on whichever server comes first."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import Any

from authsome.analytics.projections.project import Projector
from authsome.analytics.reconcile.compare import NoQuestions, compare
from authsome.analytics.reconcile.job import READER, Asked, Task, note_end, note_progress, under_way
from authsome.analytics.reconcile.mend import Mended, mend
from authsome.analytics.reconcile.posthog.ask import Questions
from authsome.analytics.reconcile.restore import restore_missing
from authsome.store.books.books import Books
from authsome.store.transactions import Store

LOGGER = logging.getLogger("authsome.analytics")
LEASE = timedelta(minutes=2)  # longer than PostHog takes for one question
SAY_EVERY = 1.0  # seconds

Connect = Callable[[], AbstractAsyncContextManager[Questions | NoQuestions]]


class Interrupted(Exception):
    """The server stops, or another one does it now. What was asked for stays asked for."""


class Reconciler:
    """One per server. `holder` names it; `connect` leads to PostHog, or says why not."""

    def __init__(
        self, store: Store, projector: Projector, *, time_zone: str, holder: str, connect: Connect
    ) -> None:
        self._store = store
        self._projector = projector
        self._time_zone = time_zone
        self._holder = holder
        self._connect = connect
        self._stopping = False
        self._looked = 0
        self._said = 0.0

    def stop(self) -> None:
        """End what is under way soon; the next start takes it up again."""
        self._stopping = True

    async def step(self) -> bool:
        """Do what is asked for, if anything is; returns whether it did."""
        asked = None if self._stopping else await self._store.keep(self._take)
        if asked is None:
            return False
        self._looked, self._said = 0, time.monotonic()
        try:
            report, outcome = await self._do(asked)
        except Interrupted:
            await self._store.keep(lambda books: books.leases.release(READER, self._holder))
            return False
        except Exception as error:  # edge: background task
            LOGGER.exception("%s failed", asked.task)
            report, outcome = None, {"failed": f"{type(error).__name__}: see the server's log"}
        await self._store.keep(partial(self._end, asked=asked, report=report, outcome=outcome))
        return True

    async def _do(self, asked: Asked) -> tuple[dict[str, Any], dict[str, Any]]:
        """Mend, if that is asked for, and compare."""
        async with self._connect() as questions:
            mended = await self._mend(asked, questions)
            found = await compare(
                self._store, questions, since=asked.since, time_zone=self._time_zone, tick=self._tick
            )
        return found.to_json(), {"failed": None, "mended": asdict(mended) if mended else None}

    async def _mend(self, asked: Asked, questions: Questions | NoQuestions) -> Mended | None:
        if asked.task is Task.COMPARE:
            return None
        if asked.task is Task.BACKFILL:
            written = await restore_missing(
                self._store, since=asked.since, time_zone=self._time_zone, tick=self._tick
            )
            return Mended(written=written, rebuilt=False, sent_again=0)
        return await mend(
            self._store,
            self._projector,
            questions if isinstance(questions, Questions) else None,
            since=asked.since,
            time_zone=self._time_zone,
            tick=self._tick,
        )

    async def _tick(self, count: int) -> None:
        self._looked += count
        if self._stopping:
            raise Interrupted
        if time.monotonic() - self._said >= SAY_EVERY:
            self._said = time.monotonic()
            if not await self._store.keep(self._say):
                raise Interrupted

    def _take(self, books: Books) -> Asked | None:
        asked = under_way(books)
        if asked is None or not books.leases.take(READER, self._holder, lasts=LEASE):
            return None
        return asked

    def _say(self, books: Books) -> bool:
        if not books.leases.take(READER, self._holder, lasts=LEASE):
            return False
        note_progress(books, self._looked)
        return True

    def _end(
        self, books: Books, asked: Asked, report: dict[str, Any] | None, outcome: dict[str, Any]
    ) -> None:
        if books.leases.take(READER, self._holder, lasts=LEASE):
            note_end(books, asked, report=report, outcome=outcome)
            books.leases.release(READER, self._holder)
