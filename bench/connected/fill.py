"""An installation with so many principals, each with ten connections, but for one who has two."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Table, insert

from authsome.connection.create import create_connection
from authsome.connection.model import Connection as Made
from authsome.grant.create import create_grant
from authsome.identity.model import Identity, IdentityState
from authsome.kit.secret import Secret
from authsome.principal.model import Principal, PrincipalState, Role, Session, SessionKind
from authsome.run.model import Run
from authsome.runtime.runtime import Runtime
from authsome.store.tables import registry
from authsome.store.unit_of_work import UnitOfWork
from bench.signed import Agent, did_of, new_agent

EACH, SHARED, BATCH = 10, 3, 5_000
PROVIDERS = ("anthropic", "gemini", "github", "openai", "stripe")
HOST = "api.openai.com"


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who is measured: a terminal that lists, and a run of their agent that looks one up."""

    terminal: Agent
    run: Run


async def fill(runtime: Runtime, principals: int) -> Somebody:
    """Others go straight into the tables, past the use cases, which would take an hour."""
    now = runtime.clock.now()
    lanes = runtime.store.database.writer
    for table, rows in _others(principals, now):
        await lanes.run(lambda connection, t=table, r=rows: _insert(connection, t, r))  # type: ignore[misc]
    return await _somebody(runtime)


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    with connection.begin():
        connection.execute(insert(table), rows)


def _others(principals: int, now: Any) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    people = range(principals - 1)
    yield from _batches(
        registry.principal,
        (
            {"id": _id("prn", one), "email": f"p{one}@example.org", "role": "admin", "state": "active"}
            | {"created_at": now}
            for one in people
        ),
    )
    yield from _batches(
        registry.connection, (_connection(one, number, now) for one in people for number in range(EACH))
    )
    yield from _batches(registry.identity, (_identity(one, now) for one in people))
    yield from _batches(registry.grant, (_grant(one, number, now) for one in people for number in range(2)))


def _batches(table: Table, rows: Iterator[dict[str, Any]]) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield table, batch
            batch = []
    if batch:
        yield table, batch


def _connection(one: int, number: int, now: Any) -> dict[str, Any]:
    return {
        "id": _id("con", one * EACH + number),
        "principal_id": _id("prn", one),
        "provider": PROVIDERS[number % len(PROVIDERS)],
        "name": f"n{number}",
        "flow": "api_key",
        "state": "connected",
        "is_default": number < len(PROVIDERS),
        "vault_id": _id("vlt", one),
        "sealed": os.urandom(60),
        "version": 1,
        "created_at": now,
        "is_refreshable": False,
        # Those of the first few are shared, and so in everybody's list.
        "shared_at": now if one == 0 and number < SHARED else None,
    }


def _identity(one: int, now: Any) -> dict[str, Any]:
    return {
        "id": _id("idn", one),
        "did": f"did:key:z{one}",
        "handle": f"a-b-c-{one}",
        "state": "claimed",
        "principal_id": _id("prn", one),
        "created_at": now,
    }


def _grant(one: int, number: int, now: Any) -> dict[str, Any]:
    return {
        "id": _id("grt", one * 2 + number),
        "identity_id": _id("idn", one),
        "connection_id": _id("con", one * EACH + number),
        "principal_id": _id("prn", one),
        "created_at": now,
    }


def _id(prefix: str, number: int) -> str:
    return f"{prefix}_{number:026}"


async def _somebody(runtime: Runtime) -> Somebody:
    terminal = new_agent()
    principal, agent, run = await runtime.store.write(
        runtime.server, lambda work: _start(work, did_of(terminal.key))
    )
    caller = replace(principal.as_caller(), confirmed=True)
    for provider in ("github", "openai"):
        made = await runtime.store.write(caller, lambda work, p=provider: _connect(work, runtime, p))  # type: ignore[misc]
        await runtime.store.write(
            caller,
            lambda work, m=made: create_grant(work, identity=agent, connection_id=m.id),  # type: ignore[misc]
        )
    return Somebody(terminal, run)


def _start(work: UnitOfWork, did: str) -> tuple[Principal, Identity, Run]:
    work.quiet("a benchmark's starting point")
    principal = Principal(
        id=work.new_id("prn"),
        email="somebody@example.org",
        role=Role.MEMBER,
        state=PrincipalState.ACTIVE,
        created_at=work.now,
    )
    agent = Identity(
        id=work.new_id("idn"),
        did="did:key:zSomebody",
        handle="some-body-s-agent",
        state=IdentityState.CLAIMED,
        principal_id=principal.id,
        created_at=work.now,
    )
    run = Run(
        id=work.new_id("run"),
        identity_id=agent.id,
        principal_id=principal.id,
        token_hash=work.token(),
        created_at=work.now,
    )
    work.principals.add(principal)
    work.identities.add(agent)
    work.sessions.add(_session(work, principal.id, did))
    work.runs.add(run)
    return principal, agent, run


def _session(work: UnitOfWork, principal_id: str, did: str) -> Session:
    return Session(
        id=work.new_id("ses"),
        kind=SessionKind.TERMINAL,
        principal_id=principal_id,
        created_at=work.now,
        expires_at=work.now + timedelta(hours=1),
        did=did,
    )


def _connect(work: UnitOfWork, runtime: Runtime, provider: str) -> Made:
    key = Secret("sk-bench-5f2b9c0d1e")
    return create_connection(work, runtime.keeper, provider=provider, name="default", key=key)
