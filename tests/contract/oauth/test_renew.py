"""A connection's next token: asked for once, sealed first, and never asked for in vain."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from authsome.connection.errors import ConnectionEnded, NeedsReconnection, RefreshFailed, RefreshSlow
from authsome.connection.find import open_secret, open_tokens
from authsome.connection.model import BrokenReason, Connection, ConnectionState
from authsome.connection.oauth.endpoint import ByRefreshToken, Granted, NotGranted, TokenRequest
from authsome.connection.oauth.failure import RefreshFailure
from authsome.connection.oauth.open_client import open_client
from authsome.connection.revoke import revoke
from authsome.provider.find import get_provider
from authsome.runtime.oauth.endpoint import HttpTokenEndpoint
from authsome.runtime.oauth.outside import Outside
from authsome.store.tables import registry
from authsome.store.unit_of_work import UnitOfWork
from authsome.testing.clock import SimulatedClock
from tests.contract.nouns.people import KEEPER
from tests.contract.oauth.telling import facts
from tests.support.oauth import Acme

CALLERS = 100


async def secret_of(acme: Acme, connection: Connection) -> str:
    return (await acme.store.read(lambda view: open_secret(view, KEEPER, connection=connection))).reveal()


async def test_a_hundred_callers_of_a_spent_token_ask_once_and_all_have_the_new_one(
    acme: Acme, clock: SimulatedClock
) -> None:
    connection = await acme.connect()
    clock.advance(timedelta(hours=2))
    renewals = acme.renewals()
    renewed = await asyncio.gather(*(renewals.fresh(connection) for _ in range(CALLERS)))
    assert acme.provider.server.requests == ["granted"]
    assert {one.version for one in renewed} == {2}
    assert acme.provider.server.is_live(await secret_of(acme, renewed[0]))
    assert await facts(acme) == [("connection_refreshed", None)]


async def test_as_many_without_a_common_process_ask_once_too(acme: Acme, clock: SimulatedClock) -> None:
    connection = await acme.connect()
    clock.advance(timedelta(hours=2))
    acme.provider.answers_after = 0.5
    each = [acme.renewer().renew(connection_id=connection.id, version=1) for _ in range(20)]
    assert {one.version for one in await asyncio.gather(*each)} == {2}
    assert acme.provider.server.requests == ["granted"]


async def test_what_the_provider_leaves_out_stays_as_it_was(acme: Acme, clock: SimulatedClock) -> None:
    connection = await acme.connect()
    before = await acme.store.read(lambda view: open_tokens(view, KEEPER, connection=connection))
    acme.provider.says = b'{"access_token": "at-new", "token_type": "bearer", "expires_in": 60}'
    renewed = await acme.renewals().renew(connection)
    after = await acme.store.read(lambda view: open_tokens(view, KEEPER, connection=renewed))
    assert (after.access.reveal(), after.refresh) == ("at-new", before.refresh)
    assert renewed.is_refreshable
    assert renewed.expires_at is not None
    assert timedelta(seconds=59.9) < renewed.expires_at - clock.now() < timedelta(seconds=60)


async def test_a_refused_refresh_token_breaks_the_connection_and_is_not_shown_again(acme: Acme) -> None:
    connection = await acme.connect()
    acme.provider.server.revoke_all()
    with pytest.raises(NeedsReconnection, match="withdrawn"):
        await acme.renewals().renew(connection)
    broken = await acme.look(connection)
    assert (broken.state, broken.reason) == (
        ConnectionState.NEEDS_RECONNECTION, BrokenReason.REFRESH_REFUSED,
    )  # fmt: skip
    assert await facts(acme) == [
        ("connection_refresh_failed", "refused"), ("connection_marked_broken", "refresh_refused"),
    ]  # fmt: skip
    with pytest.raises(NeedsReconnection) as told:
        await acme.renewals().renew(broken)
    assert "authsome login acme --connection default" in told.value.next_step
    assert acme.provider.server.requests == ["invalid_grant"]


@pytest.mark.parametrize(
    ("fails_with", "says", "reason"),
    [
        ((503, {}), None, "provider_failed"),
        ((429, {"Retry-After": "90"}), None, "overloaded"),
        ((302, {"Location": "https://elsewhere.example/token"}), None, "malformed"),
        ((401, {}), None, "client_refused"),
        (None, b'{"access_token": "' + b"x" * 300_000 + b'"}', "malformed"),
    ],
)
async def test_what_gives_no_token_is_said_and_keeps_the_connection(
    acme: Acme, fails_with: tuple[int, dict[str, str]] | None, says: bytes | None, reason: str
) -> None:
    connection = await acme.connect()
    acme.provider.fails_with, acme.provider.says = fails_with, says
    with pytest.raises(RefreshFailed):
        await acme.renewals().renew(connection)
    assert (await acme.look(connection)).state is ConnectionState.CONNECTED
    assert await facts(acme) == [("connection_refresh_failed", reason)]


async def test_a_provider_that_failed_rests_longer_each_time_and_as_long_as_it_asks(
    acme: Acme, clock: SimulatedClock
) -> None:
    connection = await acme.connect()
    acme.provider.fails_with = (503, {})
    for round_, rest in enumerate((1, 2, 4, 8)):
        with pytest.raises(RefreshFailed):
            await acme.renewals().renew(connection)
        assert acme.provider.asked == round_ + 1
        with pytest.raises(RefreshFailed, match="the provider failed"):
            await acme.renewals().renew(connection)
        assert acme.provider.asked == round_ + 1, "it was asked while it rested"
        clock.advance(timedelta(seconds=rest))
    acme.provider.fails_with = (429, {"Retry-After": "120"})
    with pytest.raises(RefreshFailed):
        await acme.renewals().renew(connection)
    clock.advance(timedelta(seconds=119))
    acme.provider.fails_with = None
    with pytest.raises(RefreshFailed):
        await acme.renewals().renew(connection)
    clock.advance(timedelta(seconds=2))
    assert (await acme.renewals().renew(connection)).version == 2


async def test_a_provider_that_does_not_answer_is_asked_again(acme: Acme, clock: SimulatedClock) -> None:
    acme.provider.server.rotates = False
    connection = await acme.connect()
    acme.provider.answers_after = 1.0
    with pytest.raises(RefreshFailed, match="in time"):
        await acme.renewals(all_seconds=0.3).renew(connection)
    assert await facts(acme) == [("connection_refresh_failed", "timed_out")]
    acme.provider.answers_after = 0.0
    clock.advance(timedelta(seconds=2))
    assert (await acme.renewals().renew(connection)).version == 2


async def test_a_slow_provider_delays_nobody_whose_token_is_good(acme: Acme, clock: SimulatedClock) -> None:
    due, fine = await acme.connect("due", expires_in=600), await acme.connect("fine", expires_in=36_000)
    clock.advance(timedelta(seconds=550))
    assert due.is_due(clock.now())
    assert not due.is_spent(clock.now())
    acme.provider.answers_after = 2.5
    renewals = acme.renewals()
    began = time.monotonic()
    early, other = await asyncio.gather(renewals.fresh(due), renewals.fresh(fine))
    assert (early.version, other.version) == (1, 1)
    assert time.monotonic() - began < 2
    await renewals.drain()
    assert (await acme.look(due)).version == 2, "the answer was sealed though nobody waited any more"


async def test_who_waits_too_long_is_told_and_the_answer_is_kept(acme: Acme, clock: SimulatedClock) -> None:
    connection = await acme.connect()
    clock.advance(timedelta(hours=2))
    acme.provider.answers_after = 1.0
    renewals = acme.renewals(patience=0.2)
    with pytest.raises(RefreshSlow):
        await renewals.fresh(connection)
    await renewals.drain()
    assert (await acme.look(connection)).version == 2


async def test_a_connection_that_ends_while_its_token_is_asked_for_stays_ended(acme: Acme) -> None:
    connection = await acme.connect()
    acme.provider.answers_after = 0.5
    asking = asyncio.create_task(acme.renewals().renew(connection))
    while not acme.provider.server.requests:
        await asyncio.sleep(0.02)
    await acme.store.write(acme.ann.caller, lambda work: revoke(work, KEEPER, connection_id=connection.id))
    with pytest.raises(ConnectionEnded):
        await asking
    ended = await acme.look(connection)
    assert (ended.state, ended.sealed) == (ConnectionState.REVOKED, None)


async def test_a_token_without_a_successor_that_is_over_breaks_the_connection(
    acme: Acme, clock: SimulatedClock
) -> None:
    acme.provider.server.gives_refresh_tokens = False
    connection = await acme.connect()
    assert connection.words == "expiring"
    clock.advance(timedelta(hours=2))
    with pytest.raises(NeedsReconnection, match="run out"):
        await acme.renewals().fresh(connection)
    assert await facts(acme) == [("connection_marked_broken", "expired")]
    assert acme.provider.asked == 0


async def test_a_refresh_token_goes_to_no_private_address_that_is_not_listed(acme: Acme) -> None:
    connection = await acme.connect()
    known = await acme.store.read(lambda view: get_provider(view, "acme"))
    client = await acme.store.read(lambda view: open_client(view, KEEPER, provider="acme"))
    token = await acme.store.read(lambda view: open_tokens(view, KEEPER, connection=connection))
    assert token.refresh is not None
    endpoint = HttpTokenEndpoint(acme.clock, Outside(extra_roots=acme.provider.ca_file))
    unlisted = TokenRequest(replace(known, private_addresses=()), client, ByRefreshToken(token.refresh))
    assert await endpoint.ask(unlisted, before_sending=yes) == NotGranted(RefreshFailure.UNREACHABLE)
    assert acme.provider.asked == 0
    listed = TokenRequest(known, client, ByRefreshToken(token.refresh))
    assert isinstance(await endpoint.ask(listed, before_sending=yes), Granted)


async def test_a_certificate_that_nobody_vouches_for_gets_no_refresh_token(acme: Acme) -> None:
    connection = await acme.connect()
    endpoint = HttpTokenEndpoint(acme.clock, Outside())
    renewer = acme.renewer(endpoint=endpoint)
    with pytest.raises(RefreshFailed, match="could not be reached"):
        await renewer.renew(connection_id=connection.id, version=1)
    assert acme.provider.asked == 0


async def yes() -> bool:
    return True


async def test_a_client_that_is_not_there_any_more_is_said_to_be_missing(
    acme: Acme, clock: SimulatedClock
) -> None:
    connection = await acme.connect()

    def forget(work: UnitOfWork) -> None:
        work.connection.execute(registry.oauth_client.delete())

    await acme.store.write(acme.ann.caller, forget)
    with pytest.raises(RefreshFailed, match="no admin"):
        await acme.renewals().renew(connection)
    assert await facts(acme) == [("connection_refresh_failed", "client_missing")]
