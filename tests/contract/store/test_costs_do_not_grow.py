"""What a server does all day costs the same with four times the rows behind it.

On SQLite the steps of its virtual machine are counted, on PostgreSQL the rows that each statement looks at,
filtered ones included; a plan that only looks good says nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, text

from authsome.analytics.projections.project import READER, RETENTION, Projector
from authsome.analytics.retain import retain
from authsome.audit.recent import list_recent
from authsome.auth_session.expire import expire_overdue as expire_auth_sessions
from authsome.claim.expire import expire_overdue as expire_claims
from authsome.claim.pending import PendingLimits, PendingRoom
from authsome.claim.register import register
from authsome.identity.did import encode
from authsome.kit.caller import server_caller
from authsome.kit.clock import to_micros
from authsome.kit.ids import Ids
from authsome.kit.secret import Secret
from authsome.principal.model import LinkKind
from authsome.run.lost import sweep as sweep_runs
from authsome.runtime.leases import CountedRunLeases
from authsome.store.books.dead_letters import SHOWN, LetterState
from authsome.store.database import Database, sqlite_url
from authsome.store.open import open_store
from authsome.store.sequencer import sequence
from authsome.store.transactions import Store
from authsome.store.view import View
from authsome.telemetry.consent import cursor_name, settle_consent, terms_in
from authsome.telemetry.mode import TelemetrySettings, decide_mode
from authsome.telemetry.naming.terms import PLAIN
from authsome.telemetry.portion import Origin, read_portion
from authsome.telemetry.relay import read_status
from authsome.telemetry.relay.status import read_health
from authsome.telemetry.sinks.posthog.send import PostHogSink
from authsome.telemetry.usage.report import report_closed_hours
from authsome.testing.clock import SeededEntropy, SimulatedClock
from tests.contract.store.filling import BUSY, GROWING, fill
from tests.support.databases import fresh_postgres, store_at

FEW, MANY = 1_500, 6_000
MOST_GROWTH = 1.3  # four times the rows; an index gets a level deeper
SLACK = 400  # steps, or rows
SINK = "posthog"
DECISION = decide_mode(TelemetrySettings(env="prod", posthog_api_key=Secret("phc_x")))
NOBODY = "nobody"

Act = Callable[[Store], Awaitable[object]]


def look(body: Callable[[View], object]) -> Act:
    return lambda store: store.read(body)


def portion(store: Store, view: View) -> object:
    head = view.event_log.head()
    sink = PostHogSink(host="http://127.0.0.1:9", key=Secret("phc_x"), clock=store.clock)
    origin, terms_for = Origin(installation_id="srv_1"), terms_in(view, sink, freely=PLAIN)
    return read_portion(view, origin=origin, after=head - 50, limit=50, terms_for=terms_for, form=sink)


async def dead_letter_comes_and_goes(store: Store) -> None:
    letter = {"sink": SINK, "event_id": "evt_new", "position": 7, "reason": "x"}
    await store.keep(lambda books: books.dead_letters.add(**letter))  # type: ignore[arg-type]
    await store.keep(lambda books: books.dead_letters.list(SINK, states=(LetterState.RETRYING,), limit=50))
    await store.keep(lambda books: books.dead_letters.remove(SINK, ["evt_new"]))


async def use_nonces(store: Store) -> None:
    now = store.clock.now()
    for number in range(5):
        name = f"digest {to_micros(now)} {number}"
        await store.keep(
            lambda books, name=name: books.nonces.use(name, now=now, expires_at=now + timedelta(minutes=1))  # type: ignore[misc]
        )


async def register_one(store: Store) -> None:
    await PendingRoom(store, PendingLimits()).admit("here")
    did = encode(to_micros(store.clock.now()).to_bytes(8) * 4)
    body = partial(register, did=did, label=None, address_key="here")
    await store.write(server_caller(store.installation_id), body)
    await store.keep_log(sequence)


async def sweep(store: Store) -> None:
    server = server_caller(store.installation_id)
    await store.write(server, expire_claims)
    await store.write(server, expire_auth_sessions)
    await sweep_runs(store, CountedRunLeases(store), server=server)
    await store.keep(lambda books: books.limits.forget_past())


ACTS: dict[str, Act] = {
    "relay: read a portion": lambda store: store.read(lambda view: portion(store, view)),
    "relay: dead letters": dead_letter_comes_and_goes,
    "relay: status": lambda store: read_status(store, DECISION, sink=SINK),
    "relay: health": lambda store: read_health(store, sink=SINK, head=9, works=True),
    "letters: a page": lambda store: store.keep(
        lambda books: books.dead_letters.list(SINK, limit=20, after=40, states=SHOWN)
    ),
    "start: settle consent": lambda store: settle_consent(store, sink=SINK, allowed=True),
    "sequencer": lambda store: store.keep_log(sequence),
    "sweep": sweep,
    "retention": lambda store: retain(store, keep_audit=timedelta(days=400), time_zone="UTC"),
    "projector": lambda store: Projector(store, "UTC").catch_up(),
    "usage report": lambda store: report_closed_hours(store, server_caller(store.installation_id)),
    "request: nonces": use_nonces,
    "request: a limit": lambda store: store.keep(
        lambda books: books.limits.hit("key", at_most=9, within=timedelta(minutes=1))
    ),
    "request: the signer": look(lambda v: (v.identities.find_by_did(NOBODY), v.sessions.find_by_did(NOBODY))),
    "request: the browser": look(lambda view: view.sessions.find_by_token_hash(NOBODY)),
    "register": register_one,
    "claim: by its link": look(lambda view: view.claims.find_by_token_hash(NOBODY)),
    "log in": look(lambda view: view.principals.find_by_email(NOBODY)),
    "admins": look(lambda view: view.principals.count_active_admins()),
    "open links": look(lambda view: view.invitations.list_open(LinkKind.SET_UP, view.now)),
    "sessions of one": look(lambda view: view.sessions.list_live(BUSY, view.now)),
    "gate: the run": look(lambda view: view.runs.find_by_token_hash(NOBODY)),
    "gate: grants": look(lambda v: (v.grants.find_live("i", "c"), v.grants.list_live(identity_id="i"))),
    "gate: connections": look(lambda view: view.connections.list_live(BUSY)),
    "runs of an identity": look(lambda v: (v.runs.count_live("i"), v.runs.list_live_of("i"))),
    "auth sessions, open": look(lambda view: view.auth_sessions.count_open(BUSY, view.now)),
    "access requests, open": look(
        lambda v: (v.access_requests.list_undecided(BUSY, v.now), v.access_requests.list_since("i", v.now))
    ),
    "page: principals": look(lambda view: view.principals.list(limit=20)),
    "page: agents": look(lambda view: view.identities.list(principal_id=BUSY, limit=20)),
    "page: agents, the next": look(
        lambda view: view.identities.list(principal_id=BUSY, after="id_4", limit=20)
    ),
    "page: runs": look(lambda view: view.runs.list(principal_id=BUSY, limit=20)),
    "page: runs of a newcomer": look(lambda view: view.runs.list(principal_id="prn_new", limit=1)),
    "page: connections": look(lambda view: view.connections.list(principal_id=BUSY, limit=20)),
    "page: auth sessions": look(lambda view: view.auth_sessions.list(principal_id=BUSY, limit=20)),
    "page: providers": look(lambda view: view.event_log.head()),
    "page: what happened lately": lambda store: list_recent(store, principal_id=BUSY, handles=["h"]),
}


async def prepared(store: Store, rows: int) -> None:
    """So many rows everywhere, and every reader at the head."""
    now = to_micros(store.clock.now())
    groups: dict[Any, list[Any]] = {}
    for table in GROWING:
        groups.setdefault(table.metadata, []).append(table)
    for lane, (_, tables) in zip((store.database.writer, store.database.books), groups.items(), strict=True):
        await lane.run(partial(_fill, tables=tuple(tables), rows=rows, now=now))
    await Projector(store, "UTC").catch_up()
    for reader in (READER, RETENTION, cursor_name(SINK)):
        await store.keep(lambda books, reader=reader: books.cursors.open(reader))  # type: ignore[misc]
        await store.keep(lambda books, reader=reader: books.cursors.set(reader, position=rows))  # type: ignore[misc]


def _fill(connection: Connection, *, tables: tuple[Any, ...], rows: int, now: int) -> None:
    with connection.begin():
        fill(connection, tables, rows, now=now)
    if connection.dialect.name == "postgresql":
        with connection.begin():
            connection.execute(text("ANALYZE"))


@dataclass
class Steps:
    """Counts what SQLite does."""

    count: int = 0

    def watch(self, connection: sqlite3.Connection, _record: Any) -> None:
        connection.set_progress_handler(self._add, 10)

    def _add(self) -> int:
        self.count += 10
        return 0


@dataclass
class Statements:
    """Every statement and its parameters, as the driver got them."""

    seen: list[tuple[str, Any]] = field(default_factory=list)

    def note(self, _c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, _many: bool) -> None:
        self.seen.append((statement, parameters[0] if isinstance(parameters, list) else parameters))


def engines(store: Store) -> tuple[Engine, ...]:
    database = store.database
    return (database.writer.engine, database.books.engine, database.reader.engine)


async def steps_of(url: str, rows: int) -> dict[str, int]:
    """What each act costs the second time; the first may leave or find something."""
    clock, entropy, database, steps = SimulatedClock(), SeededEntropy(rows), Database(url), Steps()
    for lane in (database.writer, database.books, database.reader):
        event.listen(lane.engine, "connect", steps.watch)
    store = await open_store(database, clock=clock, ids=Ids(clock, entropy), entropy=entropy)
    await prepared(store, rows)
    found = {}
    for name, act in ACTS.items():
        await act(store)
        before = steps.count
        await act(store)
        found[name] = steps.count - before
    store.close()
    return found


async def test_sqlite_does_no_more_with_four_times_the_rows(tmp_path: Path) -> None:
    costs = []
    for rows in (FEW, MANY):
        folder = tmp_path / str(rows)
        folder.mkdir()
        costs.append(await steps_of(sqlite_url(folder), rows))
    few, many = costs
    grown = {name: (few[name], many[name]) for name in ACTS if many[name] > MOST_GROWTH * few[name] + SLACK}
    assert grown == {}


@contextmanager
def noting(store: Store) -> Iterator[Statements]:
    statements = Statements()
    for engine in engines(store):
        event.listen(engine, "before_cursor_execute", statements.note)
    yield statements
    for engine in engines(store):
        event.remove(engine, "before_cursor_execute", statements.note)


def rows_looked_at(plan: dict[str, Any]) -> int:
    """By the scans of a plan, whether they were kept or filtered out."""
    own = 0
    if "Scan" in plan["Node Type"]:
        filtered = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
        own = int((plan["Actual Rows"] + filtered) * plan["Actual Loops"])
    return own + sum(map(rows_looked_at, plan.get("Plans", ())))


def explain(connection: Connection, statement: str, parameters: Any) -> int:
    with connection.begin() as transaction:
        asked = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
        found: Any = asked.scalar_one()
        transaction.rollback()
    plans = json.loads(found) if isinstance(found, str) else found
    return rows_looked_at(plans[0]["Plan"])


@pytest.mark.postgres
async def test_postgresql_looks_at_few_rows_of_many(postgres_server: str) -> None:
    store = await store_at(fresh_postgres(postgres_server), SimulatedClock())
    await prepared(store, MANY)
    costly = {}
    for name, act in ACTS.items():
        await act(store)
        with noting(store) as statements:
            await act(store)
        for statement, parameters in statements.seen:
            if statement.split()[0] in ("SELECT", "UPDATE", "DELETE"):
                looked = await store.database.books.run(
                    partial(explain, statement=statement, parameters=parameters)
                )
                if looked > SLACK:
                    costly[name, statement] = looked
    store.close()
    assert costly == {}, "\n".join(f"{rows} {name}: {sql}" for (name, sql), rows in costly.items())
