"""Whose account a connection is: asked after connecting by the provider's page, and whenever one wants."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from authsome.connection.checking.model import CheckOutcome
from authsome.connection.errors import ConnectionMissing
from authsome.connection.model import Connection
from authsome.kit.caller import PrincipalRequired
from authsome.kit.ids import SystemEntropy
from authsome.runtime.limits import CountedLimits
from authsome.runtime.oauth.asking import Said
from authsome.runtime.oauth.outside import Outside
from authsome.runtime.providers.check import DueChecks, check_connection, read_introspection
from authsome.runtime.providers.probe import TooManyTests
from authsome.runtime.runtime import Runtime
from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from tests.contract.nouns.people import KEEPER, person, store_server
from tests.support.log import all_events
from tests.support.oauth import Acme, acme_at


@asynccontextmanager
async def acme_of(
    store: Store, tmp_path: Path, clock: SimulatedClock, **oauth: str
) -> AsyncIterator[tuple[Acme, Runtime]]:
    """The provider, whose API says who one is, and the parts of a server that asks it."""
    acme = await acme_at(store, tmp_path, clock, account_at="/me", **oauth)
    parts = SimpleNamespace(
        store=store,
        keeper=KEEPER,
        clock=clock,
        entropy=SystemEntropy(),
        server=store_server(store),
        limits=CountedLimits(store),
        renewals=acme.renewals(),
        outside=Outside(extra_roots=acme.provider.ca_file),
    )
    yield acme, cast("Runtime", parts)
    acme.provider.close()


async def checked(acme: Acme, connection: Connection) -> tuple[CheckOutcome | None, str | None]:
    one = await acme.look(connection)
    return one.check_outcome, one.holder


async def test_after_connecting_the_account_is_asked_for_once_and_stays_here(
    store: Store, tmp_path: Path, clock: SimulatedClock
) -> None:
    async with acme_of(store, tmp_path, clock) as (acme, runtime):
        connection = await acme.connect()
        assert connection.check_due
        assert await DueChecks(runtime).carry_out() == 1
        assert await checked(acme, connection) == (CheckOutcome.TAKEN, "/me")
        fact = (await all_events(store))[-1]
        assert (fact.name, fact.fields["outcome"]) == ("connection_checked", "taken")
        assert "holder" not in fact.fields
        assert list(fact.digests) == ["holder"]
        assert await DueChecks(runtime).carry_out() == 0
        assert len(acme.provider.authorizations) == 1


async def test_a_provider_that_does_not_answer_is_asked_again_later_and_no_fact_is_made_of_it(
    store: Store, tmp_path: Path, clock: SimulatedClock
) -> None:
    async with acme_of(store, tmp_path, clock) as (acme, runtime):
        connection = await acme.connect()
        acme.provider.close()
        assert await DueChecks(runtime).carry_out() == 0
        assert (await acme.look(connection)).check_due
        assert (await all_events(store))[-1].name == "connection_created"


async def test_a_token_that_is_not_taken_is_said_to_whoever_asks(
    store: Store, tmp_path: Path, clock: SimulatedClock
) -> None:
    async with acme_of(store, tmp_path, clock) as (acme, runtime):
        connection = await acme.connect()
        acme.provider.server.forget_access_tokens()
        one = await check_connection(runtime, acme.ann.caller, connection_id=connection.id)
        assert (one.check_outcome, one.holder) == (CheckOutcome.NOT_TAKEN, None)
        bob = await person(store, "bob")
        with pytest.raises(ConnectionMissing):
            await check_connection(runtime, bob.caller, connection_id=connection.id)
        with pytest.raises(PrincipalRequired):
            await check_connection(runtime, acme.ann.agent_caller, connection_id=connection.id)
        asked = [check_connection(runtime, acme.ann.caller, connection_id=connection.id) for _ in range(20)]
        assert TooManyTests in {type(one) for one in await asyncio.gather(*asked, return_exceptions=True)}


async def test_introspection_goes_before_what_the_api_says(
    store: Store, tmp_path: Path, clock: SimulatedClock
) -> None:
    async with acme_of(store, tmp_path, clock, introspection_url="/introspect") as (acme, runtime):
        connection = await acme.connect()
        one = await check_connection(runtime, acme.ann.caller, connection_id=connection.id)
        assert (one.check_outcome, one.holder) == (CheckOutcome.TAKEN, "/me")
        acme.provider.server.revoke_all()
        one = await check_connection(runtime, acme.ann.caller, connection_id=connection.id)
        assert one.check_outcome is CheckOutcome.NOT_TAKEN


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, {"active": True}, CheckOutcome.TAKEN),
        (200, {"active": False}, CheckOutcome.NOT_TAKEN),
        (200, {"active": "true"}, None),
        (200, ["active"], None),
        (401, {"active": True}, None),
        (302, {"active": True}, None),
    ],
)
def test_only_a_plain_yes_or_no_is_an_answer(status: int, body: Any, outcome: CheckOutcome | None) -> None:
    assert read_introspection(Said(status, {}, json.dumps(body).encode())) is outcome
    assert read_introspection(Said(200, {}, b"[" * 60_000)) is None
