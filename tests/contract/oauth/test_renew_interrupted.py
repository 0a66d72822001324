"""Renewals whose server ended, or lost its turn, while the provider was asked."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from authsome.connection.errors import NeedsReconnection
from authsome.connection.model import Connection, ConnectionState
from authsome.connection.oauth.turns import Busy, Taken
from authsome.runtime.oauth.turns import CountedTurns
from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from tests.contract.oauth.telling import facts
from tests.support.oauth import Acme, acme_at


async def interrupt(acme: Acme, connection: Connection) -> None:
    """A server asked for this connection's token and was never heard of again."""
    turns = CountedTurns(acme.store)
    assert isinstance(await turns.take(connection.id, "gone"), Taken)
    assert await turns.note_asked(connection.id, "gone", connection.version)


async def test_a_token_that_works_once_and_had_left_with_a_dead_server_is_not_sent_again(
    acme: Acme, clock: SimulatedClock
) -> None:
    connection = await acme.connect()
    await interrupt(acme, connection)
    clock.advance(timedelta(seconds=11))
    with pytest.raises(NeedsReconnection, match="server ended"):
        await acme.renewals().renew(connection)
    assert acme.provider.asked == 0
    assert await facts(acme) == [
        ("connection_refresh_failed", "interrupted"), ("connection_marked_broken", "refresh_interrupted"),
    ]  # fmt: skip


async def test_one_that_works_again_is_sent_again(
    store: Store, tmp_path: Path, clock: SimulatedClock
) -> None:
    acme = await acme_at(store, tmp_path, clock, refresh_tokens_rotate=False)
    acme.provider.server.rotates = False
    connection = await acme.connect()
    await interrupt(acme, connection)
    clock.advance(timedelta(seconds=11))
    assert (await acme.renewals().renew(connection)).version == 2
    acme.provider.close()


async def test_what_a_dead_server_had_asked_for_an_older_version_says_nothing_about_this_one(
    acme: Acme, clock: SimulatedClock
) -> None:
    connection = await acme.connect()
    renewed = await acme.renewals().renew(connection)
    await interrupt(acme, connection)
    clock.advance(timedelta(seconds=11))
    assert (await acme.renewals().renew(renewed)).version == 3


async def test_who_lost_the_turn_before_sending_does_not_send(acme: Acme, clock: SimulatedClock) -> None:
    turns = CountedTurns(acme.store)
    assert isinstance(await turns.take("con_1", "slow"), Taken)
    clock.advance(timedelta(seconds=11))
    assert isinstance(await turns.take("con_1", "quick"), Taken)
    assert not await turns.note_asked("con_1", "slow", 1)
    assert not await turns.keep("con_1", "slow")
    assert isinstance(await turns.take("con_1", "third"), Busy)


async def test_an_answer_is_sealed_even_when_the_turn_was_taken_for_lapsed(
    acme: Acme, clock: SimulatedClock
) -> None:
    """Whoever took over gave the connection up; the tokens that come after all bring it back."""
    connection = await acme.connect()
    acme.provider.answers_after = 1.0
    asking = asyncio.create_task(acme.renewer().renew(connection_id=connection.id, version=1))
    while not acme.provider.server.requests:
        await asyncio.sleep(0.02)
    clock.advance(timedelta(seconds=11))
    with pytest.raises(NeedsReconnection):
        await acme.renewer().renew(connection_id=connection.id, version=1)
    assert (await asking).version == 2
    back = await acme.look(connection)
    assert (back.state, back.reason) == (ConnectionState.CONNECTED, None)
    assert acme.provider.server.requests == ["granted"]
