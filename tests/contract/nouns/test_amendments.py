"""A provider that is there is changed, overridden or removed: no secret follows without its owner's say."""

from __future__ import annotations

import pytest

from authsome.amendment import carry_out as carrying
from authsome.amendment.carry_out import carry_out
from authsome.amendment.errors import (
    NameDiffers,
    NotBundled,
    NothingAmended,
    OverriddenAlready,
    ProviderBundled,
    ProviderChanged,
)
from authsome.amendment.model import Act, Amendment, Effect
from authsome.auth_session.complete import connect_with_key
from authsome.auth_session.model import AuthSessionState, FailureReason
from authsome.auth_session.start import start
from authsome.connection.create import create_with_tokens
from authsome.connection.errors import ConnectionTaken, NeedsReconnection
from authsome.connection.find import open_secret
from authsome.connection.model import BrokenReason, ConnectionState
from authsome.connection.oauth.record import record_refreshed
from authsome.connection.oauth.tokens import NO_END, Tokens
from authsome.grant.decide import Allowed, Denied
from authsome.grant.model import Reason
from authsome.kit.caller import AdminRequired, ConfirmationRequired
from authsome.kit.secret import Secret
from authsome.provider.errors import HostTaken, PrivateAddressUnlisted, ProviderMissing
from authsome.provider.find import get_provider
from authsome.store.transactions import Store
from tests.contract.nouns.amending import (
    HERE,
    THERE,
    acme,
    admin,
    asked,
    changed,
    confirm,
    connect,
    grant,
    names,
    planned,
)
from tests.contract.nouns.people import KEEPER, person, store_server
from tests.contract.nouns.test_providers import definition
from tests.support.log import all_events


async def test_a_secret_does_not_follow_to_a_new_host_until_its_owner_connects_again(store: Store) -> None:
    ada, ann = await admin(store), await person(store)
    await acme(store, ada)
    made = await connect(store, ann)
    await grant(store, ann, made)
    assert isinstance(await asked(store, ann, HERE), Allowed)
    shown, effect = await planned(store, changed(HERE, THERE))
    assert shown.new_places == (THERE,)
    assert effect == Effect(connections=1, people=1)
    await confirm(store, ada, changed(HERE, THERE))
    for host in (HERE, THERE):
        refused = await asked(store, ann, host)
        assert isinstance(refused, Denied)
        assert refused.reason is Reason.NEEDS_RECONNECTION
        assert "authsome login acme --connection default" in refused.hint
    held = await store.read(lambda view: view.connections.find(made.id))
    assert held is not None
    assert (held.state, held.reason) == (ConnectionState.NEEDS_RECONNECTION, BrokenReason.PROVIDER_CHANGED)
    with pytest.raises(NeedsReconnection):
        await store.read(lambda view: open_secret(view, KEEPER, connection=held))


async def test_connected_again_in_its_place_a_key_goes_to_the_new_hosts(store: Store) -> None:
    ada, ann = await admin(store), await person(store)
    await acme(store, ada)
    made = await connect(store, ann)
    await grant(store, ann, made)
    with pytest.raises(ConnectionTaken):
        await connect(store, ann)
    await confirm(store, ada, changed(THERE))
    again = await connect_with_key(store, KEEPER, caller=ann.caller, provider="acme", key=Secret("sk-2"))
    assert (again.id, again.version, again.state) == (made.id, 2, ConnectionState.CONNECTED)
    allowed = await asked(store, ann, THERE)
    assert isinstance(allowed, Allowed), "its grants were kept"
    secret = await store.read(lambda view: open_secret(view, KEEPER, connection=allowed.connection))
    assert secret.reveal() == "sk-2"
    assert (await names(store))[-4:] == [
        "auth_session_started",
        "connection_reauthorized",
        "connection_mended",
        "auth_session_completed",
    ]
    with pytest.raises(ConnectionTaken):
        await connect(store, ann)


async def test_a_renewal_that_was_on_its_way_brings_nothing_back(store: Store) -> None:
    ada, ann = await admin(store), await person(store)
    await acme(store, ada)
    page = {"authorization_url": "https://id.acme.test/a", "token_url": "https://id.acme.test/t"}
    await confirm(store, ada, changed(HERE, oauth=page))
    tokens = Tokens(access=Secret("a"), refresh=Secret("r"), expires_at=None, scopes=())
    made = await store.write(
        ann.caller,
        lambda work: create_with_tokens(
            work, KEEPER, provider="acme", name="page", tokens=tokens, life=NO_END
        ),
    )
    moved = page | {"token_url": "https://elsewhere.test/t"}
    shown, _ = await planned(store, changed(HERE, oauth=moved))
    assert shown.new_places == (THERE,)
    await confirm(store, ada, changed(HERE, oauth=moved))
    renewed = await store.write(
        store_server(store),
        lambda work: record_refreshed(
            work, KEEPER, connection_id=made.id, version=made.version, tokens=tokens, life=NO_END
        ),
    )
    assert renewed is None
    held = await store.read(lambda view: view.connections.find(made.id))
    assert held is not None
    assert (held.state, held.reason) == (ConnectionState.NEEDS_RECONNECTION, BrokenReason.PROVIDER_CHANGED)


async def test_what_was_changed_is_a_fact_and_every_connection_has_its_own(store: Store) -> None:
    ada, ann = await admin(store), await person(store)
    await acme(store, ada)
    await connect(store, ann)
    await connect(store, ann, name="other")
    await confirm(store, ada, changed(THERE))
    facts = [event for event in await all_events(store) if event.subject_id == ada.id][-3:]
    assert [fact.name for fact in facts] == [
        "connection_marked_broken",
        "connection_marked_broken",
        "provider_configuration_updated",
    ]
    assert facts[0].fields["principal_id"] == ann.id
    said = facts[-1].fields
    assert (said["what"], said["new_places"], said["set_aside"]) == ("definition", 1, 2)
    assert (said["provider"], said["custom_provider"]) == ("custom", "acme")


async def test_a_change_that_reaches_no_further_disturbs_nobody(store: Store) -> None:
    ada, ann = await admin(store), await person(store)
    await acme(store, ada, HERE, THERE)
    await grant(store, ann, await connect(store, ann))
    await confirm(store, ada, changed(HERE, display_name="Acme, renamed"))
    assert isinstance(await asked(store, ann, HERE), Allowed)
    assert isinstance(await asked(store, ann, THERE), Denied)
    assert "connection_marked_broken" not in await names(store)
    found = await store.read(lambda view: get_provider(view, "acme"))
    assert found.display_name == "Acme, renamed"


async def test_whoever_is_just_connecting_begins_again(store: Store) -> None:
    ada, ann = await admin(store), await person(store)
    await acme(store, ada)
    session, _ = await store.write(ann.caller, lambda work: start(work, provider="acme"))
    _, effect = await planned(store, changed(THERE))
    assert effect.auth_sessions == 1
    await confirm(store, ada, changed(THERE))
    held = await store.read(lambda view: view.auth_sessions.find(session.id))
    assert held is not None
    assert (held.state, held.reason) == (AuthSessionState.FAILED, FailureReason.PROVIDER_CHANGED)


async def test_an_override_stands_for_the_bundled_one_until_it_is_removed(store: Store) -> None:
    ada, ann = await admin(store), await person(store)
    await grant(store, ann, await connect(store, ann, "stripe"))
    override = changed("api.stripe.com", name="stripe", act=Act.OVERRIDE)
    await confirm(store, ada, override)
    found = await store.read(lambda view: get_provider(view, "stripe"))
    assert (found.bundled, [str(host) for host in found.hosts]) == (False, ["api.stripe.com"])
    assert isinstance(await asked(store, ann, "api.stripe.com"), Allowed)
    assert isinstance(await asked(store, ann, "files.stripe.com"), Denied)
    with pytest.raises(OverriddenAlready):
        await planned(store, override)
    _, effect = await planned(store, Amendment(act=Act.REMOVE, name="stripe"))
    assert effect.connections == 1, "the bundled one reaches files.stripe.com too"
    await confirm(store, ada, Amendment(act=Act.REMOVE, name="stripe"))
    assert (await store.read(lambda view: get_provider(view, "stripe"))).bundled
    refused = await asked(store, ann, "files.stripe.com")
    assert isinstance(refused, Denied)
    assert refused.reason is Reason.NEEDS_RECONNECTION
    deleted = (await all_events(store))[-1]
    assert (deleted.name, deleted.fields["was_override"]) == ("provider_deleted", True)
    assert deleted.fields["provider"] == "stripe"
    assert "custom_provider" not in deleted.fields


async def test_with_a_removed_provider_everything_that_was_for_it_ends(store: Store) -> None:
    ada, ann, ben = await admin(store), await person(store), await person(store, "ben")
    await acme(store, ada)
    for who in (ann, ben):
        await grant(store, who, await connect(store, who))
    await store.write(ann.caller, lambda work: start(work, provider="acme", name="more"))
    remove = Amendment(act=Act.REMOVE, name="acme")
    _, effect = await planned(store, remove)
    assert effect == Effect(connections=2, people=2, grants=2, auth_sessions=1)
    await confirm(store, ada, remove)
    with pytest.raises(ProviderMissing):
        await store.read(lambda view: get_provider(view, "acme"))
    ended = await store.read(lambda view: view.connections.list())
    assert [(one.state, one.sealed) for one in ended] == [(ConnectionState.REVOKED, None)] * 2
    assert await store.read(lambda view: view.grants.list_live()) == []
    said = await names(store)
    assert [said.count(name) for name in ("connection_revoked", "grant_removed", "auth_session_failed")] == [
        2, 2, 1,
    ]  # fmt: skip
    await acme(store, ada, THERE)
    assert isinstance(await asked(store, ann, THERE), Denied), "the next of that name inherits nothing"


async def test_more_than_one_unit_of_work_should_hold_is_done_in_parts(store: Store) -> None:
    ada, ann = await admin(store), await person(store)
    await acme(store, ada)
    many = 2 * 5 + 1
    for number in range(many):
        await connect(store, ann, name=f"c{number}")
    made, effect = await planned(store, changed(THERE))
    assert effect.connections == many
    await carry_out(store, ada.confirmed, changed(THERE), seen=made.fingerprint, at_once=5)
    assert (await names(store)).count("connection_marked_broken") == many
    fact = (await all_events(store))[-1]
    assert (fact.name, fact.fields["set_aside"]) == ("provider_configuration_updated", many), "the whole act"
    removal = Amendment(act=Act.REMOVE, name="acme")
    made, _ = await planned(store, removal)
    await carry_out(store, ada.confirmed, removal, seen=made.fingerprint, at_once=5)
    fact = (await all_events(store))[-1]
    assert (fact.name, fact.fields["connections"]) == ("provider_deleted", many), "the whole act"
    assert many < carrying.AT_ONCE


async def test_it_is_a_confirmed_act_of_an_admin(store: Store) -> None:
    ada, ann = await admin(store), await person(store)
    await acme(store, ada)
    made, _ = await planned(store, changed(THERE))
    with pytest.raises(ConfirmationRequired):
        await carry_out(store, ada.caller, changed(THERE), seen=made.fingerprint)
    with pytest.raises(AdminRequired):
        await carry_out(store, ann.confirmed, changed(THERE), seen=made.fingerprint)
    assert [name for name in await names(store) if name != "provider_registered"] == []


async def test_what_was_confirmed_is_done_or_nothing(store: Store) -> None:
    ada = await admin(store)
    await acme(store, ada)
    made, _ = await planned(store, changed(HERE, display_name="One"))
    await confirm(store, ada, changed(HERE, display_name="Two"))
    with pytest.raises(ProviderChanged):
        await carry_out(store, ada.confirmed, changed(HERE, display_name="One"), seen=made.fingerprint)
    assert (await store.read(lambda view: get_provider(view, "acme"))).display_name == "Two"


async def test_what_makes_no_sense_is_refused_by_name(store: Store) -> None:
    ada = await admin(store)
    await acme(store, ada)
    refusals = (
        (changed(THERE, name="nobody"), ProviderMissing),
        (changed(THERE, name="stripe"), ProviderBundled),
        (Amendment(act=Act.REMOVE, name="stripe"), ProviderBundled),
        (changed(THERE, act=Act.OVERRIDE), NotBundled),
        (changed(HERE), NothingAmended),
        (changed(HERE, name="acme"), NothingAmended),
        (Amendment(act=Act.CHANGE, name="acme", definition=definition("other")), NameDiffers),
        (changed("api.openai.com"), HostTaken),
        (changed("localhost:9443"), PrivateAddressUnlisted),
    )
    before = await all_events(store)
    for amendment, refusal in refusals:
        with pytest.raises(refusal):
            await planned(store, amendment)
    assert await all_events(store) == before
