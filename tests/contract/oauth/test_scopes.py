"""Scopes asked for, held and missing; and access that runs out without anybody using it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from authsome.connection.model import BrokenReason, ConnectionState
from authsome.connection.oauth.expire import expire_overdue
from authsome.connection.oauth.record import record_refreshed
from authsome.connection.oauth.tokens import Tokens, life_of
from authsome.kit.caller import AdminRequired
from authsome.kit.secret import Secret
from authsome.runtime.oauth.answer import read_answer
from authsome.store.unit_of_work import UnitOfWork
from authsome.testing.clock import SeededEntropy, SimulatedClock
from tests.contract.nouns.people import KEEPER, store_server
from tests.support.log import all_events
from tests.support.oauth import Acme, spent_at

GIVEN = b'{"access_token": "at", "token_type": "bearer", "scope": %s}'


async def test_what_a_renewal_gives_less_of_is_held_no_more(acme: Acme, clock: SimulatedClock) -> None:
    connection = await acme.connect()
    tokens = Tokens(access=Secret("at-new"), refresh=Secret("rt-new"), scopes=("read",))
    life = life_of(tokens, now=clock.now(), entropy=SeededEntropy(1))

    def ask(work: UnitOfWork) -> None:
        work.quiet("a test's starting point")
        work.connections.update(replace(connection, scopes_asked=("read", "write", "offline_access")))

    await acme.store.write(acme.ann.caller, ask)
    renewed = await acme.store.write(
        store_server(acme.store),
        lambda work: record_refreshed(
            work, KEEPER, connection_id=connection.id, version=1, tokens=tokens, life=life
        ),
    )
    assert renewed is not None
    assert await acme.look(connection) == renewed
    assert (renewed.scopes_held, renewed.scopes_missing) == (("read",), ("write",))
    assert replace(renewed, is_refreshable=False).scopes_missing == ("write", "offline_access")


@pytest.mark.parametrize(
    ("said", "scopes"),
    [
        (b'"read write"', ("read", "write")),
        (b'"repo,read:org"', ("repo", "read:org")),
        (b'""', ()),
        (b'"a\\u0007b ok"', ("ok",)),
        (b'"%s ok"' % (b"x" * 300), ("ok",)),
    ],
)
def test_scopes_are_read_as_providers_write_them(
    said: bytes, scopes: tuple[str, ...], clock: SimulatedClock
) -> None:
    answer = read_answer(200, {}, GIVEN % said, began=clock.now())
    assert getattr(answer, "tokens").scopes == scopes  # noqa: B009 - a refusal has none, and fails here


async def test_what_ran_out_unused_and_cannot_be_renewed_is_told_once(
    acme: Acme, clock: SimulatedClock
) -> None:
    kept = await acme.connect("kept")
    acme.provider.server.gives_refresh_tokens = False
    over = await acme.connect("over")
    server = store_server(acme.store)
    assert await acme.store.write(server, expire_overdue) == 0
    clock.moment = spent_at(over)
    assert await acme.store.write(server, expire_overdue) == 1
    assert await acme.store.write(server, expire_overdue) == 0
    told = await acme.look(over)
    assert (told.state, told.reason) == (ConnectionState.NEEDS_RECONNECTION, BrokenReason.EXPIRED)
    assert (await acme.look(kept)).state is ConnectionState.CONNECTED, "it is renewed when it is used"
    expired, broken = (await all_events(acme.store))[-2:]
    assert (expired.name, broken.name) == ("connection_expired", "connection_marked_broken")
    assert broken.fields["reason"] == "expired"


async def test_only_the_installation_says_so(acme: Acme) -> None:
    with pytest.raises(AdminRequired):
        await acme.store.write(acme.ann.caller, expire_overdue)


async def test_the_one_whose_request_finds_it_says_the_same(acme: Acme, clock: SimulatedClock) -> None:
    acme.provider.server.gives_refresh_tokens = False
    over = await acme.connect()
    clock.advance(timedelta(hours=2))
    await acme.renewals().give_up(over, BrokenReason.EXPIRED)
    names = [event.name for event in await all_events(acme.store)]
    assert names[-2:] == ["connection_expired", "connection_marked_broken"]
