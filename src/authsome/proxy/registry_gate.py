"""The gate of a running installation: asks the registry, through use cases, and counts.

Decisions are `grant.decide`'s; this module fetches what it looks at, in one snapshot, and turns the answer
into what the proxy understands.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Protocol

from authsome.connection.find import open_values
from authsome.connection.first_use import note_first_use
from authsome.connection.model import BrokenReason, Connection, Flow, UseOutcome
from authsome.grant.decide import Allowed, Denied, decide, standing_at
from authsome.grant.note_denial import note_denial
from authsome.grant.ports import GrantWork
from authsome.identity.model import Identity
from authsome.kit.caller import Surface
from authsome.kit.errors import AuthsomeError
from authsome.kit.secret import Secret
from authsome.provider.definition.inject import Injection
from authsome.provider.model import Provider
from authsome.proxy.gate import Outcome, Passage, Refusal, RunPass
from authsome.proxy.rejected import Behind, Rejections, TokenRenewal, behind
from authsome.proxy.replies import refusal_of
from authsome.run.errors import RunTokenInvalid
from authsome.run.find import run_of_token
from authsome.run.model import Run
from authsome.run.ports import RunWork
from authsome.runtime.runtime import Runtime

MINUTE = timedelta(minutes=1)


class GateView(GrantWork, RunWork, Protocol):
    """The rows that the gate looks at."""


class RegistryGate:
    """Satisfies `gate.Gate`."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._store = runtime.store
        self._noted: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._rejections = Rejections()

    async def admit(self, token: Secret) -> RunPass | Refusal:
        try:
            run, _identity = await self._store.read(lambda view: run_of_token(view, token=token))
            if not await self._runtime.run_leases.is_live(run.id):
                raise RunTokenInvalid
        except AuthsomeError as error:
            return refusal_of(error)
        return RunPass(run.id, run)

    async def open(self, run: RunPass, host: str, port: int) -> Passage | Refusal:
        """Raises `SealBroken` where the secret cannot be opened, and what `Renewals.fresh` raises where a
        token is over; the proxy makes a refusal of it.
        """
        began = run.opaque
        assert isinstance(began, Run)
        passage = await self._open(began, host, port)
        if isinstance(passage, Refusal):
            return passage
        held = behind(passage).connection
        if not self._runtime.renewals.needs(held):
            return passage
        fresh = await self._runtime.renewals.fresh(held)
        return passage if fresh.version == held.version else await self._open(began, host, port)

    async def renew(self, rejected: Behind) -> Passage | Refusal:
        """The same way once more, with a newer token, if it is still allowed."""
        self._rejections.note_renewal(rejected.connection)
        await self._runtime.renewals.renew(rejected.connection)
        found = await self._open(rejected.run, rejected.host, rejected.port)
        if isinstance(found, Refusal):
            return found
        return replace(found, opaque=replace(behind(found), is_second_try=True))

    async def _open(self, run: Run, host: str, port: int) -> Passage | Refusal:
        found = await self._store.read(lambda view: self._look(view, run, host, port))
        if isinstance(found, Passage):
            return found
        identity, denied = found
        await self._note_denial(identity, denied, host)
        return Refusal(denied.reason.value, denied.detail, denied.hint)

    def used(self, passage: Passage, outcome: Outcome) -> None:
        one = behind(passage)
        self._runtime.usage.count(
            identity_id=one.identity.id,
            connection_id=one.connection.id,
            surface=Surface.PROXY,
            outcome=UseOutcome(outcome.value),
        )
        if outcome is Outcome.DELIVERED:
            self._rejections.note_accepted(one.connection)
            if one.connection.first_used_at is None:
                self._note_first_use(one)
        elif outcome is Outcome.CREDENTIAL_REJECTED and self._rejections.is_final(one):
            self._spawn(self._give_up(one.connection))

    def generation(self) -> int | bytes:
        return self._runtime.generation.current()

    def _look(self, view: GateView, run: Run, host: str, port: int) -> Passage | tuple[Identity, Denied]:
        identity = view.identities.find(run.identity_id)
        if identity is None:
            raise RunTokenInvalid
        decision = decide(standing_at(view, identity, host=host, port=port), host=host, port=port)
        if isinstance(decision, Denied):
            return identity, decision
        values = open_values(
            view, self._runtime.keeper, connection=decision.connection, provider=decision.provider
        )
        one = Behind(identity, decision.connection, run, host, port)
        renewal = TokenRenewal(self.renew, self._rejections, one)
        passage = _passage(decision, values, one, renewal if decision.connection.is_refreshable else None)
        if decision.until is None:
            return passage
        return replace(passage, lasts=(decision.until - view.now).total_seconds())

    async def _note_denial(self, identity: Identity, denied: Denied, host: str) -> None:
        """The first refusal of its kind in a minute is a fact; the limit is kept for all servers."""
        kind = f"denied:{identity.id}:{denied.reason.value}"
        if await self._runtime.limits.hit(kind, at_most=1, within=MINUTE):
            await self._store.write(
                identity.as_caller(Surface.PROXY),
                lambda work: note_denial(work, identity=identity, reason=denied.reason, host=host),
            )

    def _note_first_use(self, one: Behind) -> None:
        """Once per connection and process; the use case makes sure that it is once for all."""
        if one.connection.id not in self._noted:
            self._noted.add(one.connection.id)
            self._spawn(self._write_first_use(one))

    async def _write_first_use(self, one: Behind) -> None:
        connection_id, done = one.connection.id, False
        try:
            await self._store.write(
                one.identity.as_caller(Surface.PROXY),
                lambda work: note_first_use(work, connection_id=connection_id, identity=one.identity),
            )
            done = True
        finally:
            if not done:
                self._noted.discard(connection_id)  # the next use tries again

    async def _give_up(self, connection: Connection) -> None:
        await self._runtime.renewals.give_up(connection, BrokenReason.TOKEN_REJECTED)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Wait for the facts that are being noted; part of a stop."""
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _if_rejected(provider: Provider, connection: Connection) -> str:
    """What goes with the provider's 401. To a key it may mean only that it does not reach as far."""
    what, name = connection.reference, provider.display_name
    if connection.flow is Flow.API_KEY:
        look = f"`authsome connections check {what}`"
        return f"{name} answered 401 to {what}: its principal sees with {look} whether the key is taken"
    again = f"`authsome login {connection.provider} --connection {connection.name}`"
    return f"{name} does not take {what} any more: connect it again with {again}"


def _passage(
    allowed: Allowed, values: Mapping[str, Secret], one: Behind, renewal: TokenRenewal | None
) -> Passage:
    connection, provider = allowed.connection, allowed.provider
    is_key = connection.flow is Flow.API_KEY
    inject = (provider.inject or Injection()) if is_key else provider.inject_token
    fields = provider.key_fields if is_key else ()
    shown = {one.name for one in fields if not one.secret}
    return Passage(
        connection_id=connection.id,
        host=one.host,
        port=one.port,
        headers=inject.headers(values),
        query=inject.parameters(values),
        remove=inject.remove,
        scrub=tuple(value for name, value in values.items() if name not in shown),
        harmless=inject.open_names(fields) if is_key else frozenset(),
        private_ok=provider.may_be_private(one.host, one.port),
        renewal=renewal,
        hint_if_rejected=_if_rejected(provider, connection),
        opaque=one,
    )
