"""Group commit: what waits for the one writer together is committed together.

Most of what a small write costs is its commit: an `fsync`, and waking the threads on both sides. While one
transaction commits, further bodies gather; the next one runs them all, one after another, and commits once.
None of them is answered before that commit, so each is still durable when its caller hears of it, and a
crash in between undoes bodies of which nobody has heard.

A body that refuses (`AuthsomeError`) before it has written stands beside the others. Any other failure undoes
the whole group, and each body then runs again in a transaction of its own: it must be possible to run a body
again anyway (`kit.work.Transactions`), and a savepoint around each would cost all of them what only a failure
needs.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from authsome.kit.errors import AuthsomeError
from authsome.store.database import DatabaseUnreachable, Lane

T = TypeVar("T")
Unit = TypeVar("Unit")
MOST = 64  # bodies in one transaction: the first of them waits for the last


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """A body ran through, and what it returned."""

    value: T


@dataclass(frozen=True, slots=True)
class Refused:
    """A body refused, having written nothing."""

    error: AuthsomeError


Outcome = Done[Any] | Refused
Waiting = tuple[Unit, asyncio.Future[Any]]


class Apart(Generic[Unit]):
    """Runs each unit in a transaction of its own, as many at once as the lane has threads (PostgreSQL)."""

    def __init__(self, lane: Lane, alone: Callable[[Connection, Unit], Any]) -> None:
        self._lane = lane
        self._alone = alone

    async def run(self, unit: Unit) -> Any:
        """What the unit returns, once it is committed; raises what it raises."""
        return await self._start(unit)

    def _start(self, unit: Unit) -> asyncio.Future[Any]:
        return self._lane.start(lambda connection: self._alone(connection, unit))


class Group(Apart[Unit]):
    """Runs units on a lane of one thread (SQLite). For one event loop at a time.

    `together` runs several in one transaction, `alone` one; both commit before they return.
    """

    def __init__(
        self,
        lane: Lane,
        alone: Callable[[Connection, Unit], Any],
        *,
        together: Callable[[Connection, Sequence[Unit]], Sequence[Outcome]],
    ) -> None:
        super().__init__(lane, alone)
        self._together = together
        self._waiting: deque[Waiting[Unit]] = deque()
        self._is_running = False

    async def run(self, unit: Unit) -> Any:
        """What the unit returns, once it is committed; raises what it raises."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((unit, future))
        if not self._is_running:
            self._next()
        return await future

    def _next(self) -> None:
        group: list[Waiting[Unit]] = []
        while self._waiting and len(group) < MOST:
            unit, future = self._waiting.popleft()
            if not future.done():  # its caller gave up
                group.append((unit, future))
        self._is_running = bool(group)
        if self._lane.is_closed:
            self._is_running = False
            for _, future in group:
                future.set_exception(DatabaseUnreachable())
        elif len(group) == 1:
            self._run_alone(*group[0], then=self._next)
        elif group:
            self._run_together(group)

    def _run_together(self, group: Sequence[Waiting[Unit]]) -> None:
        def settle(running: asyncio.Future[Sequence[Outcome]]) -> None:
            if running.exception() is None:
                for (_, future), outcome in zip(group, running.result(), strict=True):
                    _tell(future, outcome)
                self._next()
            else:
                self._run_each(deque(group))

        units = [unit for unit, _ in group]
        self._lane.start(lambda connection: self._together(connection, units)).add_done_callback(settle)

    def _run_each(self, group: deque[Waiting[Unit]]) -> None:
        if group:
            self._run_alone(*group.popleft(), then=lambda: self._run_each(group))
        else:
            self._next()

    def _run_alone(self, unit: Unit, future: asyncio.Future[Any], *, then: Callable[[], None]) -> None:
        def settle(running: asyncio.Future[Any]) -> None:
            error = running.exception()
            if future.done():
                pass  # its caller gave up meanwhile
            elif error is None:
                future.set_result(running.result())
            else:
                future.set_exception(error)
            then()

        self._start(unit).add_done_callback(settle)


def _tell(future: asyncio.Future[Any], outcome: Outcome) -> None:
    if future.done():
        return
    match outcome:
        case Done(value=value):
            future.set_result(value)
        case Refused(error=error):
            future.set_exception(error)
