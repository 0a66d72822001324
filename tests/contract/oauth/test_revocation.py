"""Revoking: here at once, whatever the provider does; there in the background, until it has answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from authsome.connection.log_out import log_out
from authsome.connection.model import Connection, ConnectionState
from authsome.connection.revocation.carry_out import Revoker
from authsome.connection.revocation.model import LASTS, Revocation, RevocationOutcome
from authsome.connection.revoke import revoke
from authsome.erasure.erase_principal import erase_principal
from authsome.kit.caller import server_caller
from authsome.principal.model import Role
from authsome.runtime.oauth.asking import Asking
from authsome.runtime.oauth.outside import Outside
from authsome.runtime.oauth.revoking import HttpRevocationEndpoint
from authsome.runtime.oauth.turns import CountedTurns
from authsome.store.tables import registry
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork
from authsome.testing.clock import SimulatedClock
from tests.contract.nouns.people import KEEPER, person, store_server
from tests.support.log import all_events
from tests.support.oauth import Acme, acme_at


@pytest.fixture
async def acme(store: Store, tmp_path: Path, clock: SimulatedClock) -> AsyncIterator[Acme]:
    """The provider, which takes tokens back."""
    made = await acme_at(store, tmp_path, clock, revocation_url="/revoke")
    yield made
    made.provider.close()


def revoker(acme: Acme, *, all_seconds: float = 10.0) -> Revoker:
    asking = Asking(Outside(extra_roots=acme.provider.ca_file), all_seconds=all_seconds)
    return Revoker(
        acme.store,
        KEEPER,
        turns=CountedTurns(acme.store),
        endpoint=HttpRevocationEndpoint(asking),
        clock=acme.clock,
        entropy=acme.store.entropy,
        server=server_caller(acme.store.installation_id),
    )


async def end(acme: Acme, connection: Connection) -> Connection:
    return await acme.store.write(
        acme.ann.caller, lambda work: revoke(work, KEEPER, connection_id=connection.id)
    )


async def revocation_of(acme: Acme, connection: Connection) -> Revocation:
    (found,) = await acme.store.read(lambda view: view.revocations.list_of([connection.id]))
    return found


async def test_a_revoked_connection_is_taken_back_at_its_provider_too(acme: Acme) -> None:
    connection = await acme.connect()
    server = acme.provider.server
    (access,) = server.access
    ended = await end(acme, connection)
    assert (ended.state, ended.sealed) == (ConnectionState.REVOKED, None)
    assert server.is_live(access), "nobody waited for the provider"
    assert await revoker(acme).carry_out() == 1
    assert not server.is_live(access)
    assert server.requests == ["revoked refresh_token", "revoked access_token"]
    revocation = await revocation_of(acme, connection)
    assert (revocation.outcome, revocation.sealed) == (RevocationOutcome.REVOKED, None)
    revoked, done = (await all_events(acme.store))[-2:]
    assert (revoked.name, revoked.fields["revocation_id"]) == ("connection_revoked", revocation.id)
    assert (done.name, done.fields["outcome"]) == ("connection_revocation_ended", "revoked")
    assert done.occurred_at == revocation.ended_at
    assert await revoker(acme).carry_out() == 0
    assert len(server.requests) == 2


async def test_logging_out_asks_nobody(acme: Acme) -> None:
    connection = await acme.connect()
    await acme.store.write(acme.ann.caller, lambda work: log_out(work, connection_id=connection.id))
    assert await revoker(acme).carry_out() == 0
    assert acme.provider.server.requests == []


@pytest.mark.parametrize("fails_with", [(503, {}), (429, {"Retry-After": "1"}), (500, {})])
async def test_a_provider_that_cannot_now_is_asked_again_after_a_rest(
    acme: Acme, clock: SimulatedClock, fails_with: tuple[int, dict[str, str]]
) -> None:
    connection = await acme.connect()
    await end(acme, connection)
    acme.provider.fails_with = fails_with
    assert await revoker(acme).carry_out() == 0
    acme.provider.fails_with = None
    assert await revoker(acme).carry_out() == 0, "it rests"
    clock.advance(timedelta(minutes=5))
    assert await revoker(acme).carry_out() == 1
    assert (await revocation_of(acme, connection)).outcome is RevocationOutcome.REVOKED


async def test_after_a_day_without_an_answer_it_is_given_up_and_the_tokens_are_destroyed(
    acme: Acme, clock: SimulatedClock
) -> None:
    connection = await acme.connect()
    await end(acme, connection)
    acme.provider.fails_with = (503, {})
    await revoker(acme).carry_out()
    clock.advance(LASTS)
    assert await revoker(acme).carry_out() == 1
    revocation = await revocation_of(acme, connection)
    assert (revocation.outcome, revocation.sealed) == (RevocationOutcome.UNANSWERED, None)


@pytest.mark.parametrize(
    ("status", "says", "outcome"),
    [
        (400, b'{"error": "invalid_token"}', RevocationOutcome.REVOKED),
        (400, b'{"error": "unsupported_token_type"}', RevocationOutcome.REFUSED),
        (401, b'{"error": "invalid_client"}', RevocationOutcome.CLIENT_REFUSED),
        (401, b"<html>", RevocationOutcome.CLIENT_REFUSED),
        (404, b"", RevocationOutcome.REFUSED),
        (302, b"", RevocationOutcome.REFUSED),
        (400, b"[" * 60_000, RevocationOutcome.REFUSED),
        (200, b"x" * 200_000, None),
    ],
)
async def test_what_a_provider_says_is_read_and_nothing_of_it_goes_further(
    acme: Acme, status: int, says: bytes, outcome: RevocationOutcome | None
) -> None:
    connection = await acme.connect()
    await end(acme, connection)
    acme.provider.fails_with, acme.provider.says = (status, {"Location": "https://evil.example/"}), says
    assert await revoker(acme).carry_out() == (1 if outcome else 0)
    revocation = await revocation_of(acme, connection)
    assert revocation.outcome is outcome
    assert (revocation.sealed is None) == (outcome is not None)


async def test_a_slow_provider_holds_nobody_up_who_revokes(acme: Acme) -> None:
    slow = await acme.connect("slow")
    await end(acme, slow)
    acme.provider.answers_after = 1.0
    asking = asyncio.create_task(revoker(acme, all_seconds=0.3).carry_out())
    other = await acme.connect("other")
    async with asyncio.timeout(1):
        assert (await end(acme, other)).sealed is None
    assert await asking == 0


async def test_of_two_servers_each_revocation_ends_once(acme: Acme) -> None:
    made = [await acme.connect(f"n{number}") for number in range(6)]
    for connection in made:
        await end(acme, connection)
    await asyncio.gather(*(revoker(acme).carry_out() for _ in range(3)))
    names = [event.name for event in await all_events(acme.store)]
    assert names.count("connection_revocation_ended") == len(made)


async def test_tokens_that_do_not_open_are_revoked_here_all_the_same(acme: Acme) -> None:
    connection = await acme.connect()

    def tamper(work: UnitOfWork) -> None:
        work.quiet("somebody with the database at hand")
        work.connections.set(connection.id, sealed=b"\x01" + bytes(60))

    await acme.store.write(store_server(acme.store), tamper)
    assert (await end(acme, connection)).state is ConnectionState.REVOKED
    assert await acme.store.read(lambda view: view.revocations.list_of([connection.id])) == []


async def test_a_sealed_revocation_opens_at_its_own_place_only(acme: Acme) -> None:
    first, second = await acme.connect("first"), await acme.connect("second")
    for connection in (first, second):
        await end(acme, connection)
    moved = (await revocation_of(acme, first)).sealed

    def swap(work: UnitOfWork) -> None:
        work.quiet("somebody with the database at hand")
        query = registry.revocation.select().where(registry.revocation.c.connection_id == second.id)
        work.revocations.set(work.connection.execute(query).one().id, sealed=moved)

    await acme.store.write(store_server(acme.store), swap)
    assert await revoker(acme).carry_out() == 2
    assert (await revocation_of(acme, second)).outcome is RevocationOutcome.NOBODY_TO_ASK


async def test_an_erased_principals_tokens_are_taken_back_and_then_destroyed(acme: Acme) -> None:
    connection = await acme.connect()
    boss = await person(acme.store, "boss", role=Role.ADMIN)
    (access,) = acme.provider.server.access
    await acme.store.write(
        boss.confirmed, lambda work: erase_principal(work, KEEPER, principal_id=acme.ann.id)
    )
    assert await revoker(acme).carry_out() == 1
    assert not acme.provider.server.is_live(access)
    assert (await revocation_of(acme, connection)).sealed is None


async def test_a_provider_without_such_an_address_is_not_asked(
    store: Store, tmp_path: Path, clock: SimulatedClock
) -> None:
    acme = await acme_at(store, tmp_path, clock)
    try:
        connection = await acme.connect()
        await end(acme, connection)
        assert (await all_events(store))[-1].fields.get("revocation_id") is None
        assert await revoker(acme).carry_out() == 0
    finally:
        acme.provider.close()
