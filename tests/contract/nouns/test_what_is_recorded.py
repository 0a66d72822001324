"""What a change of somebody's standing leaves in the log, and about whom."""

from __future__ import annotations

from authsome.connection.create import create_connection
from authsome.connection.log_out import log_out
from authsome.kit.secret import Secret
from authsome.principal.change_role import change_role, disable
from authsome.principal.invite import offer_reset
from authsome.principal.model import Role
from authsome.principal.password import Hasher
from authsome.principal.replace_password import reset_password
from authsome.store.event_log import LoggedEvent
from authsome.store.open import record_start
from authsome.store.transactions import Store
from tests.contract.nouns.people import KEEPER, ask_to_be_claimed, person, store_server
from tests.support.log import all_events

DID = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"


async def the(store: Store, name: str) -> LoggedEvent:
    (found,) = [fact for fact in await all_events(store) if fact.name == name]
    return found


async def test_another_role_is_about_whom_has_it_and_by_whom_gave_it(store: Store) -> None:
    admin, ben = await person(store, role=Role.ADMIN), await person(store, "ben")
    await store.write(admin.confirmed, lambda work: change_role(work, principal_id=ben.id, role=Role.ADMIN))
    fact = await the(store, "principal_role_changed")
    assert (fact.subject_id, fact.actor_id, fact.fields["role"]) == (ben.id, admin.id, "admin")


async def test_a_principal_who_is_disabled_is_the_subject_of_it(store: Store) -> None:
    admin, ben = await person(store, role=Role.ADMIN), await person(store, "ben")
    await store.write(admin.confirmed, lambda work: disable(work, principal_id=ben.id))
    fact = await the(store, "principal_disabled")
    assert (fact.subject_id, fact.actor_id) == (ben.id, admin.id)


async def test_a_password_that_is_reset_names_the_link_and_no_word_of_it(store: Store) -> None:
    ben, hasher = await person(store, "ben"), Hasher(time_cost=1, memory_kib=64)
    link = await store.write(store_server(store), lambda work: offer_reset(work, principal_id=ben.id))
    password = Secret("another horse battery")
    await reset_password(store, hasher, store_server(store), link=link, password=password)
    fact = await the(store, "principal_password_reset")
    assert (fact.subject_id, set(fact.fields)) == (ben.id, {"principal_id", "invitation_id"})
    assert link.reveal() not in str(fact)


async def test_a_connection_that_is_put_away_names_its_owner(store: Store) -> None:
    ann = await person(store)
    made = await store.write(
        ann.caller,
        lambda work: create_connection(work, KEEPER, provider="openai", name="default", key=Secret("k" * 20)),
    )
    await store.write(ann.caller, lambda work: log_out(work, connection_id=made.id))
    fact = await the(store, "connection_logged_out")
    assert (fact.fields["connection_id"], fact.fields["principal_id"]) == (made.id, ann.id)


async def test_a_second_link_for_a_key_is_a_renewal_of_the_same_identity(store: Store) -> None:
    first = await ask_to_be_claimed(store, DID)
    await ask_to_be_claimed(store, DID)
    fact = await the(store, "identity_claim_renewed")
    assert (fact.subject_id, fact.fields["did"]) == (first.identity.handle, DID)


async def test_another_version_is_said_once_and_the_first_start_is_no_upgrade(store: Store) -> None:
    for version in ("1.0.0", "1.0.0", "1.1.0", "1.1.0"):
        await record_start(store, version)
    fact = await the(store, "server_upgraded")
    assert fact.fields == {"previous_version": "1.0.0", "server_version": "1.1.0"}
    assert fact.subject_id == store.installation_id
    names = [one.name for one in await all_events(store)]
    assert names == ["server_started"] * 2 + ["server_upgraded"] + ["server_started"] * 2
