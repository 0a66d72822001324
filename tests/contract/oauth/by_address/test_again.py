"""A client that the provider has forgotten, or whose secret is over, is asked for anew, and not too often."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from authsome.connection.by_address.again import register_again, replace_expired, replace_refused
from authsome.connection.create import create_with_tokens
from authsome.connection.errors import NeedsReconnection, RegistrationNotOffered
from authsome.connection.model import BrokenReason, Connection
from authsome.connection.oauth.configure_client import configure_client
from authsome.connection.oauth.renew import Renewer
from authsome.connection.oauth.tokens import Tokens, life_of
from authsome.kit.caller import AdminRequired
from authsome.kit.secret import Secret
from authsome.provider.errors import DiscoveryFailed
from authsome.runtime.oauth.endpoint import HttpTokenEndpoint
from authsome.runtime.oauth.outside import Outside
from authsome.runtime.oauth.registering import RegisteringEndpoint
from authsome.runtime.oauth.renewals import Renewals
from authsome.runtime.oauth.turns import CountedTurns
from authsome.testing.clock import SeededEntropy, SimulatedClock
from authsome.testing.oauth.serve import Says
from tests.contract.nouns.people import KEEPER, person
from tests.contract.oauth.by_address.place import Place

REGISTERED = "provider_client_registered"


def renewals(place: Place) -> Renewals:
    asked = HttpTokenEndpoint(place.clock, Outside(extra_roots=place.provider.ca_file))
    renewer = Renewer(
        place.store,
        KEEPER,
        turns=CountedTurns(place.store),
        endpoint=RegisteringEndpoint(asked, place.parts(), place.server),
        clock=place.clock,
        entropy=SeededEntropy(5),
        server=place.server,
    )
    return Renewals(renewer, place.clock)


async def connect(place: Place, name: str = "default") -> Connection:
    """As if ann had just been at the server's page."""
    document = place.provider.server.seed()
    now = place.clock.now()
    access, refresh = Secret(str(document["access_token"])), Secret(str(document["refresh_token"]))
    tokens = Tokens(access=access, refresh=refresh, expires_at=now + timedelta(hours=1))
    life = life_of(tokens, now=now, entropy=SeededEntropy(1))
    return await place.store.write(
        place.ann.caller,
        lambda work: create_with_tokens(work, KEEPER, provider="acme", name=name, tokens=tokens, life=life),
    )


async def forget(place: Place) -> str:
    """The server knows no client any more. Returns the id of the one that it knew."""
    server = place.provider.server
    before, server.client = server.client.client_id, replace(server.client, client_id="somebody else")
    return before


async def refused(place: Place, client_id: str) -> bool:
    """The provider has said that it does not know this client."""
    return await replace_refused(place.parts(), server=place.server, provider="acme", client_id=client_id)


async def test_a_forgotten_client_is_replaced_and_who_was_connected_is_told_to_connect_again(
    place: Place,
) -> None:
    await place.add()
    held = [await connect(place, name) for name in ("one", "two")]
    before = await forget(place)
    asking = renewals(place)
    with pytest.raises(NeedsReconnection, match="must be connected again"):
        await asking.renew(held[0])
    assert place.provider.server.client.client_id != before
    assert len(place.provider.server.registrations) == 2
    broken = await place.store.read(lambda view: view.connections.find(held[0].id))
    assert broken is not None
    assert broken.reason is BrokenReason.REFRESH_REFUSED
    with pytest.raises(NeedsReconnection):
        await asking.renew(held[1])
    assert len(place.provider.server.registrations) == 2, "one new client serves all"
    assert await place.facts(REGISTERED) == [(REGISTERED, "registered")] * 2


async def test_nobody_is_asked_more_than_once_in_ten_minutes(place: Place, clock: SimulatedClock) -> None:
    await place.add()
    assert await refused(place, await forget(place))
    assert not await refused(place, await forget(place))
    clock.advance(timedelta(minutes=11))
    held = await place.store.read(lambda view: view.oauth_clients.find_of("acme"))
    assert held is not None
    assert await refused(place, held.client_id)
    assert await refused(place, "an older one"), "somebody was quicker"
    assert len(place.provider.server.registrations) == 3


async def test_where_no_other_can_be_had_the_old_one_is_kept(place: Place) -> None:
    added = await place.add()
    assert added.client is not None
    place.provider.pages["/register"] = Says(b"{}", 403)
    assert not await refused(place, added.client.client_id)
    held = await place.store.read(lambda view: view.oauth_clients.find_of("acme"))
    assert held == added.client
    assert await place.facts("provider_discovery_failed") == [
        ("provider_discovery_failed", "registration_refused")
    ]


async def test_a_client_that_an_admin_gave_is_never_replaced_by_itself(place: Place) -> None:
    await place.add()
    await place.store.write(
        place.ann.caller,
        lambda work: configure_client(
            work,
            KEEPER,
            provider="acme",
            client_id="by-hand",
            secret=None,
            installation_id=place.store.installation_id,
        ),
    )
    assert not await refused(place, "by-hand")
    assert len(place.provider.server.registrations) == 1


async def test_a_secret_that_is_over_is_replaced_before_somebody_is_sent_away(
    place: Place, clock: SimulatedClock
) -> None:
    ends = clock.now() + timedelta(hours=1)
    place.provider.server.secrets_end_at = int(ends.timestamp())
    added = await place.add()
    await replace_expired(place.parts(), server=place.server, provider=added.provider)
    assert len(place.provider.server.registrations) == 1, "it is good"
    clock.advance(timedelta(hours=2))
    place.provider.server.secrets_end_at = 0
    await replace_expired(place.parts(), server=place.server, provider=added.provider)
    await replace_expired(place.parts(), server=place.server, provider=added.provider)
    assert len(place.provider.server.registrations) == 2


async def test_an_admin_may_have_it_asked_at_any_time_and_nobody_else(place: Place) -> None:
    added = await place.add()
    ben = await person(place.store, "ben")
    with pytest.raises(AdminRequired):
        await register_again(place.parts(), caller=ben.caller, provider="acme")
    for _ in range(2):
        client = await register_again(place.parts(), caller=place.ann.caller, provider="acme")
    assert added.client is not None
    assert (client.id, client.version) == (added.client.id, 3)
    with pytest.raises(RegistrationNotOffered):
        await register_again(place.parts(), caller=place.ann.caller, provider="github")
    place.provider.pages["/register"] = Says(b"{}", 503)
    with pytest.raises(DiscoveryFailed):
        await register_again(place.parts(), caller=place.ann.caller, provider="acme")


async def test_a_client_of_another_kind_than_the_definition_says_is_refused(place: Place) -> None:
    await place.add()
    other = b'{"client_id": "a", "client_secret": "b", "token_endpoint_auth_method": "client_secret_basic"}'
    place.provider.pages["/register"] = Says(other, 201)
    with pytest.raises(DiscoveryFailed, match="another kind"):
        await register_again(place.parts(), caller=place.ann.caller, provider="acme")
