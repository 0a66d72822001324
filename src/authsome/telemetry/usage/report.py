"""What was counted in an hour leaves as facts when the hour is over on every living server.

One event per key, with the hour's count, the last microsecond of the hour as its time, and a uuid from its
key: a crash between the event and its mark repeats nothing, and neither do two servers that report at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from authsome.connection.events import CredentialsUsed
from authsome.connection.model import Connection, UseOutcome
from authsome.connection.usage import HourOfUse, credentials_used
from authsome.kit.caller import Caller, RequestOutcome, Surface
from authsome.kit.clock import MICROSECOND, rfc3339
from authsome.store.books.books import Books
from authsome.store.books.usage import HourlyCounts, RequestKey, UsageKey
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork
from authsome.telemetry.events import RequestsServed

HOUR = timedelta(hours=1)
BATCH = 200  # events in one unit of work: other writers wait for it
KEPT = timedelta(days=1)  # reported keys, so that what comes late is known to be late

K = TypeVar("K", bound=UsageKey | RequestKey)


@dataclass(frozen=True, slots=True)
class Sum:
    """A fact about an hour. `by` is who acted, where that is not the server."""

    event: CredentialsUsed | RequestsServed
    by: Caller | None = None


async def report_closed_hours(store: Store, server: Caller) -> int:
    """Record events for some keys of the hours that are over everywhere; returns for how many keys."""
    closed = await store.keep(lambda books: books.servers.closed_until())
    before = closed.replace(minute=0, second=0, microsecond=0)
    done = await _report(store, server, before, book=lambda books: books.usage, sum_up=_use)
    done += await _report(store, server, before, book=lambda books: books.requests, sum_up=_requests)
    return done


async def forget_reported_hours(store: Store) -> int:
    """Drop some of the keys that left a day ago; returns how many."""
    return await store.keep(
        lambda books: books.usage.forget(books.now - KEPT) + books.requests.forget(books.now - KEPT)
    )


async def _report(
    store: Store,
    server: Caller,
    before: datetime,
    *,
    book: Callable[[Books], HourlyCounts[K]],
    sum_up: Callable[[UnitOfWork, K, int], Sum | None],
) -> int:
    found = await store.keep(lambda books: book(books).list_unreported(before, BATCH))
    if found:
        await store.write(server, lambda work: _record(store, work, found, sum_up))
        await store.keep(lambda books: book(books).mark_reported([key for key, _ in found]))
    return len(found)


def _record(
    store: Store,
    work: UnitOfWork,
    found: Sequence[tuple[K, int]],
    sum_up: Callable[[UnitOfWork, K, int], Sum | None],
) -> None:
    made = {}
    for key, count in found:
        if one := sum_up(work, key, count):
            made[store.appender.uuid_of(one.event.name, one.event.usage_key)] = (
                one,
                key.hour + HOUR - MICROSECOND,
            )
    known = work.event_log.known_uuids(list(made))
    erased = work.erasures.among({who for one, _ in made.values() for who in _people(one)})
    for uuid, (one, at) in made.items():
        if uuid not in known and erased.isdisjoint(_people(one)):
            work.record_at(one.event, at, by=one.by)


def _people(one: Sum) -> set[str]:
    """Whom it names. What was counted of somebody who is erased by now is not told any more."""
    return {who for who in (one.event.principal_id, one.event.identity_handle) if who}


def _use(work: UnitOfWork, key: UsageKey, count: int) -> Sum | None:
    identity, connection = work.identities.find(key.identity_id), work.connections.find(key.connection_id)
    if identity is None or connection is None:
        return None
    use = HourOfUse(
        hour=key.hour,
        identity=identity,
        principal_id=_whose(work, key, connection),
        connection=connection,
        surface=Surface(key.surface),
        outcome=UseOutcome(key.outcome),
        count=count,
    )
    return Sum(credentials_used(use))


def _whose(work: UnitOfWork, key: UsageKey, connection: Connection) -> str:
    """Who had given the identity the connection by then. A shared one is used by agents of many."""
    grant = work.grants.find_latest(key.identity_id, key.connection_id, before=key.hour + HOUR)
    return grant.principal_id if grant else connection.principal_id


def _requests(work: UnitOfWork, key: RequestKey, count: int) -> Sum | None:
    identity = work.identities.find(key.identity_id) if key.identity_id else None
    asked = identity if key.identity_id else work.principals.find(key.principal_id)
    if asked is None:
        return None
    event = RequestsServed(
        usage_key=":".join((rfc3339(key.hour), *key[1:])),
        identity_handle=identity.handle if identity else None,
        did=identity.did if identity else None,
        principal_id=key.principal_id or None,
        surface=Surface(key.surface),
        outcome=RequestOutcome(key.outcome),
        count=count,
    )
    return Sum(event, asked.as_caller())
