"""Custom providers: an admin's, with a name and hosts of their own, and private only where listed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from authsome.auth_session.complete import connect_with_key
from authsome.kit.caller import AdminRequired, PrincipalRequired
from authsome.kit.secret import Secret
from authsome.principal.model import Role
from authsome.provider.catalogue import bundled
from authsome.provider.errors import (
    DefinitionInvalid,
    HostTaken,
    PrivateAddressRefused,
    PrivateAddressUnlisted,
    ProviderMissing,
    ProviderTaken,
    TooManyProviders,
    VariableTaken,
)
from authsome.provider.find import get_provider, list_providers
from authsome.provider.model import CustomProvider
from authsome.provider.register import MOST_CUSTOM, register_provider
from authsome.provider.validate import read_definition
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork
from tests.contract.nouns.people import KEEPER, Person, person, store_server
from tests.support.log import all_events


async def admin(store: Store) -> Person:
    return await person(store, "ada", role=Role.ADMIN)


async def register(
    store: Store, who: Person, *hosts: str, name: str = "acme", private: tuple[str, ...] = ()
) -> CustomProvider:
    provider = read_definition(definition(name, *hosts))
    return await store.write(
        who.caller, lambda work: register_provider(work, provider=provider, private_addresses=private)
    )


def definition(name: str, *hosts: str) -> dict[str, Any]:
    inject = {"header": "Authorization", "template": "Bearer {api_key}"}
    return {"name": name, "display_name": "Acme", "hosts": list(hosts) or ["api.acme.test"], "inject": inject}


async def test_a_registered_provider_is_found_as_it_was_registered(store: Store) -> None:
    ada = await admin(store)
    hosts = ("api.acme.test", "*.acme.test:8443", "localhost:9443", "[::1]:9443")
    made = await register(store, ada, *hosts, private=("localhost:9443", "[::1]:9443"))
    assert await store.read(lambda view: view.providers.find_by_name("acme")) == made
    assert await store.read(lambda view: get_provider(view, "acme")) == made.provider
    names = [provider.name for provider in await store.read(list_providers)]
    assert names == sorted(["acme", *(one.name for one in bundled())])
    assert made.provider.may_be_private("localhost", 9443)
    assert made.provider.may_be_private("::1", 9443)
    assert not made.provider.may_be_private("localhost", 443)
    assert not made.provider.may_be_private("api.acme.test", 443)


async def test_the_fact_says_custom_and_keeps_the_hosts_here(store: Store) -> None:
    ada = await admin(store)
    made = await register(store, ada, "localhost:9443", private=("localhost:9443",))
    (fact,) = await all_events(store)
    assert (fact.name, fact.subject_id, fact.occurred_at) == ("provider_registered", ada.id, made.created_at)
    assert fact.fields == {
        "provider_id": made.id,
        "principal_id": ada.id,
        "provider": "custom",
        "custom_provider": "acme",
        "hosts": 1,
        "private_hosts": 1,
    }
    await connect_with_key(store, KEEPER, caller=ada.caller, provider="acme", key=Secret("k"))
    created = next(event for event in await all_events(store) if event.name == "connection_created")
    assert (created.fields["provider"], created.fields["custom_provider"]) == ("custom", "acme")


async def test_only_an_admin_registers_one(store: Store) -> None:
    ann = await person(store)
    with pytest.raises(AdminRequired):
        await register(store, ann)
    provider = read_definition(definition("acme"))
    with pytest.raises(PrincipalRequired):
        await store.write(ann.agent_caller, lambda work: register_provider(work, provider=provider))


async def test_a_name_is_taken_once_also_by_many_at_once(store: Store) -> None:
    ada = await admin(store)
    with pytest.raises(ProviderTaken):
        await register(store, ada, name="openai")
    tries = (register(store, ada, f"h{number}.acme.test") for number in range(4))
    refused = [type(one) for one in await asyncio.gather(*tries, return_exceptions=True)]
    assert refused.count(ProviderTaken) == 3


@pytest.mark.parametrize(
    "host", ["api.openai.com", "eu.api.openai.com", "*.openai.com", "*.stripe.com", "*.eu.api.openai.com"]
)
async def test_the_hosts_of_a_bundled_provider_are_not_for_a_custom_one(store: Store, host: str) -> None:
    ada = await admin(store)
    with pytest.raises(HostTaken):
        await register(store, ada, "api.acme.test", host)
    assert await all_events(store) == []


async def test_two_custom_ones_never_share_a_pattern_but_may_be_nested(store: Store) -> None:
    ada = await admin(store)
    await register(store, ada, "*.acme.test")
    with pytest.raises(HostTaken):
        await register(store, ada, "*.acme.test", name="twin")
    await register(store, ada, "*.acme.test:8443", name="other-port")
    await register(store, ada, "api.acme.test", name="narrower")


async def test_a_variable_has_the_keys_of_one_provider(store: Store) -> None:
    ada = await admin(store)

    async def add(name: str, variable: str) -> CustomProvider:
        raw = {**definition(name, f"{name}.acme.test"), "environment": {"api_key": [variable]}}
        return await store.write(
            ada.caller, lambda work: register_provider(work, provider=read_definition(raw))
        )

    made = await add("acme", "ACME_KEY")
    assert await store.read(lambda view: get_provider(view, "acme")) == made.provider
    for variable, other in (("OPENAI_API_KEY", "openai"), ("ACME_KEY", "acme")):
        with pytest.raises(VariableTaken, match=f"{variable} is for the key of {other}"):
            await add("twin", variable)


@pytest.mark.parametrize(
    "address",
    [
        "localhost",
        "api.acme.test:8443",
        "10.0.0.1:443",
        "*.acme.test:443",
        "169.254.169.254:80",
        "",
        "x" * 9999,
    ],
)
async def test_a_private_address_is_an_exact_host_of_the_definition(store: Store, address: str) -> None:
    ada = await admin(store)
    with pytest.raises(PrivateAddressRefused):
        await register(store, ada, "api.acme.test", "*.acme.test", private=(address,))


@pytest.mark.parametrize(
    ("host", "listed"),
    [
        ("localhost:9443", "localhost:9443"),
        ("db.localhost", "db.localhost:443"),
        ("10.1.2.3", "10.1.2.3:443"),
        ("[::1]:8443", "[::1]:8443"),
    ],
)
async def test_a_host_that_can_only_be_private_is_registered_with_a_word_or_not_at_all(
    store: Store, host: str, listed: str
) -> None:
    """Its name and host would be taken, and every request to it refused."""
    ada = await admin(store)
    with pytest.raises(PrivateAddressUnlisted) as refused:
        await register(store, ada, "api.acme.test", host)
    assert "--allow-private" in refused.value.next_step
    assert await all_events(store) == []
    await register(store, ada, host, private=(listed,))


@pytest.mark.parametrize("key", ["token_url", "revocation_url", "introspection_url"])
async def test_tokens_go_to_a_private_address_with_a_word_or_not_at_all(store: Store, key: str) -> None:
    ada = await admin(store)
    urls = {"authorization_url": "https://acme.test/auth", "token_url": "https://acme.test/token"}
    raw = definition("acme", "api.acme.test") | {"oauth": urls | {key: "https://10.1.2.3:8443/oauth"}}
    provider = read_definition(raw)
    with pytest.raises(PrivateAddressUnlisted):
        await store.write(ada.caller, lambda work: register_provider(work, provider=provider))
    listed = ["10.1.2.3:8443"]
    await store.write(
        ada.caller, lambda work: register_provider(work, provider=provider, private_addresses=listed)
    )


async def test_a_public_address_needs_no_word(store: Store) -> None:
    await register(store, await admin(store), "93.184.216.34", "localhost.acme.test")


async def test_there_is_a_bound_on_their_number(store: Store) -> None:
    ada = await admin(store)

    def fill(work: UnitOfWork) -> None:
        for number in range(MOST_CUSTOM):
            provider = read_definition(definition(f"p{number}", f"h{number}.acme.test"))
            register_provider(work, provider=provider)

    await store.write(ada.caller, fill)
    with pytest.raises(TooManyProviders):
        await register(store, ada)


async def test_a_row_that_was_changed_behind_the_servers_back_is_refused(store: Store) -> None:
    ada = await admin(store)
    made = await register(store, ada)

    def tamper(work: UnitOfWork) -> None:
        work.quiet("somebody with the database at hand")
        changed = definition("acme") | {"inject": {"header": "Host"}}
        work.providers.set(made.id, definition=changed)

    await store.write(store_server(store), tamper)
    with pytest.raises(DefinitionInvalid):
        await store.read(lambda view: get_provider(view, "acme"))
    with pytest.raises(ProviderMissing):
        await store.read(lambda view: get_provider(view, "nobody"))
