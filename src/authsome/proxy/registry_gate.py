"""The gate of a running installation: asks the registry, through use cases, and counts.

Decisions are `grant.decide`'s; this module fetches what it looks at, in one snapshot, and turns the answer
into what the proxy understands.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from authsome.connection.find import open_secret
from authsome.connection.first_use import note_first_use
from authsome.connection.model import Connection, UseOutcome
from authsome.grant.decide import Allowed, Denied, decide, standing_of
from authsome.grant.note_denial import note_denial
from authsome.grant.ports import GrantWork
from authsome.identity.model import Identity
from authsome.kit.caller import Surface
from authsome.kit.errors import AuthsomeError
from authsome.kit.secret import Secret
from authsome.proxy.gate import Outcome, Passage, Refusal, RunPass
from authsome.proxy.replies import refusal_of
from authsome.run.errors import RunTokenInvalid
from authsome.run.find import run_of_token
from authsome.run.model import Run
from authsome.run.ports import RunWork
from authsome.runtime.runtime import Runtime

MINUTE = timedelta(minutes=1)


class GateView(GrantWork, RunWork, Protocol):
    """The rows that the gate looks at."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What the gate remembers with a passage, to count its use."""

    identity: Identity
    connection: Connection


class RegistryGate:
    """Satisfies `gate.Gate`."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._store = runtime.store
        self._noted: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def admit(self, token: Secret) -> RunPass | Refusal:
        try:
            run, _identity = await self._store.read(lambda view: run_of_token(view, token=token))
            if not await self._runtime.run_leases.is_live(run.id):
                raise RunTokenInvalid
        except AuthsomeError as error:
            return refusal_of(error)
        return RunPass(run.id, run)

    async def open(self, run: RunPass, host: str, port: int) -> Passage | Refusal:
        """Raises `SealBroken` where the secret cannot be opened; the proxy makes a refusal of it."""
        began = run.opaque
        assert isinstance(began, Run)
        found = await self._store.read(lambda view: self._look(view, began, host, port))
        if isinstance(found, Passage):
            return found
        identity, denied = found
        await self._note_denial(identity, denied, host)
        return Refusal(denied.reason.value, denied.detail, denied.hint)

    def used(self, passage: Passage, outcome: Outcome) -> None:
        behind = passage.opaque
        assert isinstance(behind, Behind)
        self._runtime.usage.count(
            identity_id=behind.identity.id,
            connection_id=behind.connection.id,
            surface=Surface.PROXY,
            outcome=UseOutcome(outcome.value),
        )
        if outcome is Outcome.DELIVERED and behind.connection.first_used_at is None:
            self._note_first_use(behind)

    def generation(self) -> int | bytes:
        return self._runtime.generation.current()

    def _look(self, view: GateView, run: Run, host: str, port: int) -> Passage | tuple[Identity, Denied]:
        identity = view.identities.find(run.identity_id)
        if identity is None:
            raise RunTokenInvalid
        decision = decide(standing_of(view, identity), host=host, port=port)
        if isinstance(decision, Denied):
            return identity, decision
        key = open_secret(view, self._runtime.keeper, connection=decision.connection)
        return _passage(decision, key, identity, host=host, port=port)

    async def _note_denial(self, identity: Identity, denied: Denied, host: str) -> None:
        """The first refusal of its kind in a minute is a fact; the limit is kept for all servers."""
        kind = f"denied:{identity.id}:{denied.reason.value}"
        if await self._runtime.limits.hit(kind, at_most=1, within=MINUTE):
            await self._store.write(
                identity.as_caller(Surface.PROXY),
                lambda work: note_denial(work, identity=identity, reason=denied.reason, host=host),
            )

    def _note_first_use(self, behind: Behind) -> None:
        """Once per connection and process; the use case makes sure that it is once for all."""
        if behind.connection.id not in self._noted:
            self._noted.add(behind.connection.id)
            task = asyncio.create_task(self._write_first_use(behind))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _write_first_use(self, behind: Behind) -> None:
        connection_id, done = behind.connection.id, False
        try:
            await self._store.write(
                behind.identity.as_caller(Surface.PROXY),
                lambda work: note_first_use(work, connection_id=connection_id, identity=behind.identity),
            )
            done = True
        finally:
            if not done:
                self._noted.discard(connection_id)  # the next use tries again

    async def drain(self) -> None:
        """Wait for the facts that are being noted; part of a stop."""
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _passage(allowed: Allowed, key: Secret, identity: Identity, *, host: str, port: int) -> Passage:
    connection, provider = allowed.connection, allowed.provider
    return Passage(
        connection_id=connection.id,
        host=host,
        port=port,
        headers=provider.inject.headers(key),
        query=provider.inject.parameters(key),
        remove=provider.inject.remove,
        scrub=(key,),
        private_ok=provider.may_be_private(host, port),
        opaque=Behind(identity, connection),
    )
