"""Ask a provider of one connection: does it take it (RFC 7662, or the definition's check), whose is it?"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from authsome.connection.checking.model import CheckOutcome
from authsome.connection.checking.record import record_checked
from authsome.connection.end import check_live
from authsome.connection.errors import ConnectionMissing
from authsome.connection.find import open_values
from authsome.connection.model import Connection, Flow
from authsome.connection.oauth.failure import RefreshFailure
from authsome.connection.oauth.open_client import open_client
from authsome.connection.oauth.turns import Taken, rest_after
from authsome.connection.ports import ConnectionWork
from authsome.connection.revocation.endpoint import TokenKind
from authsome.kit.caller import Caller
from authsome.kit.errors import AuthsomeError
from authsome.kit.secret import Secret
from authsome.provider.find import get_provider
from authsome.provider.model import ACCESS_TOKEN, Provider
from authsome.runtime.oauth.as_client import show_token
from authsome.runtime.oauth.asking import Asking, Said
from authsome.runtime.oauth.turns import CountedTurns
from authsome.runtime.providers.probe import MOST_IN_A_MINUTE, TooManyTests, carrying
from authsome.runtime.runtime import Runtime

AT_ONCE = 10
MOST_FAILURES = 15  # about half an hour of a provider that does not answer


@dataclass(frozen=True, slots=True)
class Found:
    """What the provider said, as far as it goes any further."""

    outcome: CheckOutcome
    holder: str | None = None


async def check_connection(runtime: Runtime, caller: Caller, *, connection_id: str) -> Connection:
    """Of its principal. Raises `ConnectionMissing`, `ConnectionEnded` or `TooManyTests`."""
    principal_id = caller.require_principal()
    one = await runtime.store.read(lambda view: view.connections.find(connection_id))
    if one is None or one.principal_id != principal_id:
        raise ConnectionMissing
    check_live(one)
    minute = timedelta(minutes=1)
    if not await runtime.limits.hit(f"check:{principal_id}", at_most=MOST_IN_A_MINUTE, within=minute):
        raise TooManyTests
    fresh, found = await _ask(runtime, one)
    return await _record(runtime, caller, fresh, found, only_due=False) or one


class DueChecks:
    """Asks of what was just connected. Safe to run on many servers: whoever has the turn asks."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._turns = CountedTurns(runtime.store)

    async def carry_out(self) -> int:
        """Ask of some; returns how many have their answer. The others rest, longer and longer."""
        due = await self._runtime.store.read(lambda view: view.connections.list_check_due(limit=AT_ONCE))
        return sum(await asyncio.gather(*(self._one(one) for one in due)))

    async def _one(self, one: Connection) -> bool:
        runtime, turn_id = self._runtime, f"check:{one.id}"
        holder = runtime.entropy.bytes(16).hex()
        turn = await self._turns.take(turn_id, holder)
        if not isinstance(turn, Taken):
            return False
        fresh, found = await _ask(runtime, one)
        if found.outcome is CheckOutcome.UNANSWERED and turn.failures < MOST_FAILURES:
            drawn = runtime.entropy.bytes(1)[0] / 255
            until = runtime.clock.now() + rest_after(turn.failures, asked_for=None, drawn=drawn)
            await self._turns.rest(turn_id, holder, because=RefreshFailure.UNREACHABLE, until=until)
            return False
        await _record(runtime, runtime.server, fresh, found, only_due=True)
        await self._turns.drop(turn_id, holder)
        return True


async def _record(
    runtime: Runtime, caller: Caller, asked: Connection, found: Found, *, only_due: bool
) -> Connection | None:
    return await runtime.store.write(
        caller,
        lambda work: record_checked(
            work, asked=asked, outcome=found.outcome, holder=found.holder, only_due=only_due
        ),
    )


async def _ask(runtime: Runtime, one: Connection) -> tuple[Connection, Found]:
    try:
        fresh = await runtime.renewals.fresh(one) if runtime.renewals.needs(one) else one
        provider, values = await runtime.store.read(lambda view: _open(view, runtime, fresh))
    except AuthsomeError:
        return one, Found(CheckOutcome.NOT_ASKABLE)
    asking = Asking(runtime.outside)
    said = await _introspect(runtime, asking, provider, fresh, values)
    found = await _look(asking, provider, fresh, values)
    return fresh, Found(said, found.holder) if said is not None else found


def _open(view: ConnectionWork, runtime: Runtime, one: Connection) -> tuple[Provider, dict[str, Secret]]:
    provider = get_provider(view, one.provider)
    return provider, open_values(view, runtime.keeper, connection=one, provider=provider)


async def _introspect(
    runtime: Runtime, asking: Asking, provider: Provider, one: Connection, values: dict[str, Secret]
) -> CheckOutcome | None:
    """None where the provider has no address for that, or gives none of its answers there."""
    oauth = provider.oauth
    if one.flow is Flow.API_KEY or oauth is None or oauth.introspection_url is None:
        return None
    try:
        client = await runtime.store.read(
            lambda view: open_client(view, runtime.keeper, provider=provider.name)
        )
    except AuthsomeError:
        return None
    shown = show_token(oauth, client, token=values[ACCESS_TOKEN], kind=TokenKind.ACCESS.value)
    said = await asking.ask(
        "POST", oauth.introspection_url, provider, headers=shown.headers, content=shown.body
    )
    return read_introspection(said)


def read_introspection(said: Said | RefreshFailure) -> CheckOutcome | None:
    """RFC 7662 §2.2: `active` is true or false, and anything else is no answer."""
    document = _document(said) if isinstance(said, Said) and said.status == 200 else None
    active = document.get("active") if isinstance(document, dict) else None
    return None if not isinstance(active, bool) else CheckOutcome.TAKEN if active else CheckOutcome.NOT_TAKEN


async def _look(asking: Asking, provider: Provider, one: Connection, values: dict[str, Secret]) -> Found:
    check = provider.check
    if check is None:
        return Found(CheckOutcome.NOT_ASKABLE)
    url, headers = carrying(provider, one, values)
    said = await asking.ask("GET", url, provider, headers=headers)
    if isinstance(said, RefreshFailure):
        return Found(CheckOutcome.UNANSWERED)
    document = _document(said)
    if check.is_passed(said.status, document):
        return Found(CheckOutcome.TAKEN, check.holder_in(document))
    is_refused = said.status in (401, 403) or 200 <= said.status < 300
    return Found(CheckOutcome.NOT_TAKEN if is_refused else CheckOutcome.UNCLEAR)


def _document(said: Said) -> Any:
    try:
        return json.loads(said.body)
    except (ValueError, RecursionError):
        return None
