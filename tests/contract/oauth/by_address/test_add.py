"""An MCP server's address becomes a provider, and this installation a client of whoever guards it."""

from __future__ import annotations

import pytest

from authsome.connection.by_address.document import client_id_of
from authsome.connection.oauth.open_client import open_client
from authsome.kit.caller import AdminRequired, PrincipalRequired
from authsome.provider.errors import (
    DiscoveryFailed,
    HostTaken,
    PrivateAddressRefused,
    ProviderTaken,
    ServerAddressInvalid,
)
from authsome.provider.oauth import ClientAuthentication, ClientOrigin
from authsome.testing.oauth.described import RESOURCE, SERVER
from authsome.testing.oauth.serve import Says
from tests.contract.nouns.people import KEEPER, person
from tests.contract.oauth.by_address.place import BASE, PUBLIC, Place
from tests.support.log import all_events

REGISTERED = ("provider_registered", "provider_client_registered", "provider_discovery_failed")


async def test_an_address_is_enough(place: Place) -> None:
    place.provider.challenge = (
        f'Bearer error="invalid_token", resource_metadata="{place.provider.url}/about", scope="mcp:call"'
    )
    place.provider.pages["/about"] = place.provider.pages.pop(f"{RESOURCE}/mcp")
    added = await place.add()
    oauth, url = added.provider.oauth, place.provider.url
    assert oauth is not None
    assert (added.provider.name, added.provider.display_name) == ("acme", place.provider.place)
    assert [str(host) for host in added.provider.hosts] == [place.provider.place]
    assert (oauth.resource, oauth.issuer, oauth.issuer_in_answer) == (place.described.address, url, True)
    assert (oauth.authorization_url, oauth.token_url) == (f"{url}/authorize", f"{url}/token")
    assert oauth.scopes == ("mcp:call",), "what its refusal asks for, not all that there is"
    assert oauth.client_authentication is ClientAuthentication.BODY
    assert place.provider.fetched == ["/mcp", "/about", SERVER]
    assert await place.facts(*REGISTERED) == [
        ("provider_registered", None), ("provider_client_registered", "registered"),
    ]  # fmt: skip


async def test_what_it_registers_is_itself_and_the_secret_is_sealed(place: Place) -> None:
    added = await place.add()
    (asked,) = place.provider.server.registrations
    assert asked["redirect_uris"] == [f"{BASE}/auth/callback"]
    assert (asked["token_endpoint_auth_method"], asked["scope"]) == ("client_secret_post", "mcp:read")
    given, held = place.provider.server.client, added.client
    assert held is not None
    assert given.secret is not None
    assert (held.client_id, held.origin, held.issuer) == (
        given.client_id, ClientOrigin.REGISTERED, place.provider.url,
    )  # fmt: skip
    assert given.secret.encode() not in (held.sealed or b"")
    found = await place.store.read(lambda view: open_client(view, KEEPER, provider="acme"))
    assert found.secret is not None
    assert found.secret.reveal() == given.secret
    said = " ".join(str(one.fields) for one in await all_events(place.store))
    assert given.secret not in said


async def test_a_server_that_takes_documents_gets_one_where_it_can_fetch_it(place: Place) -> None:
    place.described.change(client_id_metadata_document_supported=True)
    added = await place.add(parts=place.parts(base_url=PUBLIC))
    assert added.client is not None
    assert (added.client.origin, added.client.client_id) == (ClientOrigin.DOCUMENT, client_id_of(PUBLIC))
    assert added.client.sealed is None
    assert place.provider.server.registrations == []


@pytest.mark.parametrize("base_url", [BASE, "https://localhost:7998"])
async def test_where_it_cannot_it_is_asked_for_a_client(place: Place, base_url: str) -> None:
    place.described.change(client_id_metadata_document_supported=True)
    added = await place.add(parts=place.parts(base_url=base_url))
    assert added.client is not None
    assert added.client.origin is ClientOrigin.REGISTERED


async def test_a_server_that_takes_only_secrets_gets_no_document(place: Place) -> None:
    place.described.change(
        client_id_metadata_document_supported=True,
        token_endpoint_auth_methods_supported=["client_secret_basic"],
    )
    added = await place.add(parts=place.parts(base_url=PUBLIC))
    assert added.client is not None
    assert added.client.origin is ClientOrigin.REGISTERED
    assert added.provider.oauth is not None
    assert added.provider.oauth.client_authentication is ClientAuthentication.BASIC


async def test_where_neither_is_offered_an_admin_sets_a_client(place: Place) -> None:
    place.described.change(registration_endpoint=None)
    added = await place.add()
    assert (added.client, added.refused) == (None, None)
    assert await place.custom() == ["acme"]


async def test_a_refused_registration_is_said_and_the_provider_kept_for_a_client_by_hand(
    place: Place,
) -> None:
    place.provider.pages["/register"] = Says(b'{"error": "invalid_token"}', 401)
    added = await place.add()
    assert added.client is None
    assert added.refused is not None
    assert "it wants a token for that" in added.refused.detail
    assert "authsome providers client" in added.refused.next_step
    assert await place.facts(*REGISTERED) == [
        ("provider_registered", None), ("provider_discovery_failed", "registration_refused"),
    ]  # fmt: skip


async def test_only_an_admin_brings_the_gateway_to_an_address(place: Place) -> None:
    ben = await person(place.store, "ben")
    with pytest.raises(AdminRequired):
        await place.add(caller=ben.caller)
    with pytest.raises(PrincipalRequired):
        await place.add(caller=place.ann.agent_caller)
    assert place.provider.fetched == [], "nobody was asked anything"
    assert await place.custom() == []


async def test_a_name_comes_from_the_host_and_another_where_it_is_taken(place: Place) -> None:
    port = place.provider.port
    assert (await place.add(name=None)).provider.name == f"localhost-{port}"
    with pytest.raises(HostTaken):
        await place.add(name=None)
    assert len(place.provider.server.registrations) == 1, "nobody is asked for a client in vain"


async def test_a_taken_name_is_refused_before_a_client_is_asked_for(place: Place) -> None:
    with pytest.raises(ProviderTaken):
        await place.add(name="github")
    assert place.provider.server.registrations == []
    assert await place.custom() == []


@pytest.mark.parametrize("listed", [[], ["localhost"], ["10.0.0.1:443"]])
async def test_a_private_address_is_one_that_an_admin_lists(place: Place, listed: list[str]) -> None:
    private = listed if listed != ["10.0.0.1:443"] else [place.provider.place, *listed]
    with pytest.raises((PrivateAddressRefused, DiscoveryFailed)):
        await place.add(private=private)
    assert await place.custom() == []


@pytest.mark.parametrize(
    "address",
    [
        "http://mcp.example.com/mcp",
        "mcp.example.com",
        "https://user@mcp.example.com/",
        "https://169.254.169.254/",
    ],
)
async def test_what_is_no_address_is_asked_nothing(place: Place, address: str) -> None:
    with pytest.raises(ServerAddressInvalid):
        await place.add(address)
