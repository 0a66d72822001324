"""The client that an installation is at a provider: an admin's to set, sealed, and replaced whole."""

from __future__ import annotations

import pytest

from authsome.connection.errors import OAuthClientInvalid, OAuthClientMissing
from authsome.connection.oauth.client import OAuthClient
from authsome.connection.oauth.configure_client import configure_client
from authsome.connection.oauth.open_client import open_client
from authsome.kit.caller import AdminRequired, Caller
from authsome.kit.secret import Secret
from authsome.provider.errors import OAuthNotOffered, ProviderMissing
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork
from tests.contract.nouns.people import KEEPER, person
from tests.support.log import all_events
from tests.support.oauth import Acme


async def configure(
    store: Store,
    caller: Caller,
    provider: str = "google",
    client_id: str = "id-1",
    secret: str | None = "s-1",
) -> OAuthClient:
    def write(work: UnitOfWork) -> OAuthClient:
        return configure_client(
            work,
            KEEPER,
            provider=provider,
            client_id=client_id,
            secret=None if secret is None else Secret(secret),
            installation_id=store.installation_id,
        )

    return await store.write(caller, write)


async def test_a_client_is_sealed_and_replaced_by_the_next(acme: Acme) -> None:
    store, ann = acme.store, acme.ann
    first = await configure(store, ann.caller, secret="  s-1\n")
    assert first.sealed is not None
    assert b"s-1" not in first.sealed
    second = await configure(store, ann.caller, client_id="id-2", secret="s-2")
    assert (second.id, second.version, second.vault_id) == (first.id, 2, first.vault_id)
    found = await store.read(lambda view: open_client(view, KEEPER, provider="google"))
    assert (found.client_id, found.secret) == ("id-2", Secret("s-2"))
    facts = [one for one in await all_events(store) if one.name == "provider_configuration_updated"]
    assert [one.fields["provider"] for one in facts] == ["custom", "google", "google"]


async def test_a_public_client_has_no_secret(acme: Acme) -> None:
    await configure(acme.store, acme.ann.caller, secret=None)
    found = await acme.store.read(lambda view: open_client(view, KEEPER, provider="google"))
    assert found.secret is None


async def test_only_an_admin_sets_one(acme: Acme) -> None:
    ben = await person(acme.store, "ben")
    with pytest.raises(AdminRequired):
        await configure(acme.store, ben.caller)
    with pytest.raises(OAuthClientMissing):
        await acme.store.read(lambda view: open_client(view, KEEPER, provider="google"))


async def test_what_is_none_is_refused(acme: Acme) -> None:
    for client_id, secret in (("", "s"), ("two words", "s"), ("id", "two words"), ("x" * 513, "s")):
        with pytest.raises(OAuthClientInvalid):
            await configure(acme.store, acme.ann.caller, client_id=client_id, secret=secret)
    with pytest.raises(OAuthNotOffered):
        await configure(acme.store, acme.ann.caller, provider="openai")
    with pytest.raises(ProviderMissing):
        await configure(acme.store, acme.ann.caller, provider="nobody")
