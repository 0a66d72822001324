"""Auth sessions: only their principal completes them, each ends once, and each end is a fact."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from authsome.auth_session.cancel import cancel
from authsome.auth_session.complete import complete, connect_with_key, submit_key
from authsome.auth_session.errors import AuthSessionGone, AuthSessionMissing, TooManyAuthSessions
from authsome.auth_session.expire import expire_overdue
from authsome.auth_session.fail import fail
from authsome.auth_session.find import get_session, open_session
from authsome.auth_session.model import LIFE, MOST_OPEN, AuthSession, AuthSessionState, FailureReason
from authsome.auth_session.start import start
from authsome.connection.errors import ConnectionNameInvalid, ConnectionTaken, KeyInvalid
from authsome.connection.find import open_secret
from authsome.connection.model import Connection
from authsome.identity.errors import IdentityUnclaimed
from authsome.identity.model import IdentityState
from authsome.kit.caller import Caller, PrincipalRequired
from authsome.kit.secret import Secret
from authsome.provider.errors import ProviderMissing
from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from tests.contract.nouns.people import KEEPER, Person, person, release, store_server
from tests.support.log import all_events

KEY = Secret("sk-live-5f2b9c0d1e")


async def ask(
    store: Store, caller: Caller, provider: str = "openai", name: str = "default"
) -> tuple[AuthSession, Secret]:
    return await store.write(caller, lambda work: start(work, provider=provider, name=name))


async def finish(store: Store, who: Person, token: Secret) -> tuple[AuthSession, Connection]:
    return await store.write(who.caller, lambda work: complete(work, KEEPER, token=token, key=KEY))


async def seen(store: Store, caller: Caller, session_id: str) -> AuthSession:
    return await store.read(lambda view: get_session(view, caller=caller, session_id=session_id))


async def names(store: Store) -> list[str]:
    return [event.name for event in await all_events(store)]


async def now_in(store: Store, session: AuthSession) -> AuthSession:
    found = await store.read(lambda view: view.auth_sessions.find(session.id))
    assert found is not None
    return found


async def test_an_agent_asks_and_its_principal_gives_the_key(store: Store) -> None:
    ann = await person(store)
    session, token = await ask(store, ann.agent_caller)
    assert (session.principal_id, session.identity_id) == (ann.id, ann.agent.id)
    completed, connection = await finish(store, ann, token)
    assert completed == await now_in(store, session)
    assert completed.connection_id == connection.id
    assert connection.principal_id == ann.id
    assert await store.read(lambda view: open_secret(view, KEEPER, connection=connection)) == KEY
    started, created, ended = await all_events(store)
    assert [e.name for e in (started, created, ended)] == [
        "auth_session_started", "connection_created", "auth_session_completed",
    ]  # fmt: skip
    assert (started.subject_kind, started.subject_id) == ("identity", ann.agent.handle)
    assert (ended.subject_kind, ended.subject_id) == ("principal", ann.id)
    for event in (started, ended):
        assert event.fields["principal_id"] == ann.id
        assert event.fields["identity_handle"] == ann.agent.handle
        assert event.fields["did"] == ann.agent.did
        assert (event.fields["provider"], event.fields["flow"]) == ("openai", "api_key")
    assert session.created_at == started.occurred_at
    assert completed.ended_at == ended.occurred_at


async def test_a_link_works_once(store: Store) -> None:
    ann = await person(store)
    _, token = await ask(store, ann.caller)
    tries = await asyncio.gather(*(finish(store, ann, token) for _ in range(5)), return_exceptions=True)
    refused = [type(one) for one in tries if isinstance(one, BaseException)]
    assert refused == [AuthSessionGone] * 4
    assert (await names(store)).count("connection_created") == 1


async def test_a_link_is_worth_nothing_to_anybody_else(store: Store) -> None:
    ann, bob = await person(store), await person(store, "bob")
    session, token = await ask(store, ann.agent_caller)
    with pytest.raises(AuthSessionGone):
        await finish(store, bob, token)
    with pytest.raises(AuthSessionGone):
        await store.read(lambda view: open_session(view, caller=bob.caller, token=token))
    with pytest.raises(PrincipalRequired):
        await store.write(ann.agent_caller, lambda work: complete(work, KEEPER, token=token, key=KEY))
    with pytest.raises(AuthSessionGone):
        await finish(store, ann, Secret(token.reveal() + "x"))
    assert await now_in(store, session) == session


async def test_only_whom_it_concerns_sees_or_ends_it(store: Store) -> None:
    ann, bob = await person(store), await person(store, "bob")
    session, _ = await ask(store, ann.agent_caller)
    for caller in (ann.caller, ann.agent_caller):
        assert await seen(store, caller, session.id) == session
    for caller in (bob.caller, bob.agent_caller):
        with pytest.raises(AuthSessionMissing):
            await seen(store, caller, session.id)
        with pytest.raises(AuthSessionMissing):
            await store.write(caller, lambda work: cancel(work, session_id=session.id))
    assert await now_in(store, session) == session


async def test_a_key_that_was_copied_badly_can_be_copied_again(store: Store) -> None:
    ann = await person(store)
    session, token = await ask(store, ann.caller)
    with pytest.raises(KeyInvalid):
        await submit_key(store, KEEPER, caller=ann.caller, token=token, key=Secret("two words"))
    assert (await now_in(store, session)).state is AuthSessionState.PENDING
    await submit_key(store, KEEPER, caller=ann.caller, token=token, key=KEY)
    assert (await now_in(store, session)).state is AuthSessionState.COMPLETED


async def test_a_name_that_was_taken_meanwhile_fails_the_session(store: Store) -> None:
    ann = await person(store)
    (_, first), (late, second) = await ask(store, ann.caller), await ask(store, ann.caller)
    await finish(store, ann, first)
    with pytest.raises(ConnectionTaken):
        await submit_key(store, KEEPER, caller=ann.caller, token=second, key=KEY)
    failed = await now_in(store, late)
    assert (failed.state, failed.reason) == (AuthSessionState.FAILED, FailureReason.NAME_TAKEN)
    fact = (await all_events(store))[-1]
    assert (fact.name, fact.fields["reason"]) == ("auth_session_failed", "name_taken")
    assert failed.ended_at == fact.occurred_at


async def test_a_key_on_standard_input_is_a_session_too(store: Store) -> None:
    ann = await person(store)
    connection = await connect_with_key(store, KEEPER, caller=ann.caller, provider="github", key=KEY)
    assert connection.provider == "github"
    assert await names(store) == ["auth_session_started", "connection_created", "auth_session_completed"]
    with pytest.raises(PrincipalRequired):
        await connect_with_key(store, KEEPER, caller=ann.agent_caller, provider="stripe", key=KEY)


async def test_what_is_no_key_on_standard_input_counts_as_failed(store: Store) -> None:
    ann = await person(store)
    with pytest.raises(KeyInvalid):
        await connect_with_key(store, KEEPER, caller=ann.caller, provider="openai", key=Secret("a\nb"))
    assert await names(store) == ["auth_session_started", "auth_session_failed"]
    assert (await all_events(store))[-1].fields["reason"] == "key_invalid"


@pytest.mark.parametrize("who", ["caller", "agent_caller"])
async def test_it_can_be_called_off_once(store: Store, who: str) -> None:
    ann = await person(store)
    session, token = await ask(store, ann.agent_caller)
    caller = getattr(ann, who)
    cancelled = await store.write(caller, lambda work: cancel(work, session_id=session.id))
    assert cancelled.state is AuthSessionState.CANCELLED
    with pytest.raises(AuthSessionGone):
        await store.write(caller, lambda work: cancel(work, session_id=session.id))
    with pytest.raises(AuthSessionGone):
        await finish(store, ann, token)
    assert await names(store) == ["auth_session_started", "auth_session_cancelled"]


async def test_the_server_may_say_that_it_failed(store: Store) -> None:
    ann = await person(store)
    session, _ = await ask(store, ann.caller)
    reason = FailureReason.PROVIDER_REMOVED
    failed = await store.write(
        store_server(store), lambda work: fail(work, session_id=session.id, reason=reason)
    )
    assert failed == await now_in(store, session)
    assert failed.reason is reason


async def test_overdue_ones_expire_and_are_closed_before_that(store: Store, clock: SimulatedClock) -> None:
    ann = await person(store)
    session, token = await ask(store, ann.caller)
    clock.advance(LIFE - timedelta(minutes=1))
    late, _ = await ask(store, ann.caller, name="late")
    clock.advance(timedelta(minutes=1))
    with pytest.raises(AuthSessionGone):
        await finish(store, ann, token)
    assert await store.write(store_server(store), expire_overdue) == 1
    assert await store.write(store_server(store), expire_overdue) == 0
    expired = await now_in(store, session)
    fact = (await all_events(store))[-1]
    assert (expired.state, expired.ended_at) == (AuthSessionState.EXPIRED, fact.occurred_at)
    assert (fact.name, fact.subject_kind) == ("auth_session_expired", "server")
    assert (await now_in(store, late)).state is AuthSessionState.PENDING


async def test_a_few_may_be_open_at_once_and_an_overdue_one_makes_room(
    store: Store, clock: SimulatedClock
) -> None:
    ann, bob = await person(store), await person(store, "bob")
    for number in range(MOST_OPEN):
        await ask(store, ann.agent_caller, name=f"n{number}")
    for caller in (ann.caller, ann.agent_caller):
        with pytest.raises(TooManyAuthSessions):
            await ask(store, caller)
    await ask(store, bob.caller)
    clock.advance(LIFE)
    await ask(store, ann.caller)


async def test_what_would_be_refused_at_the_end_is_refused_at_the_start(store: Store) -> None:
    ann = await person(store)
    await connect_with_key(store, KEEPER, caller=ann.caller, provider="openai", key=KEY)
    with pytest.raises(ConnectionTaken):
        await ask(store, ann.caller)
    with pytest.raises(ProviderMissing):
        await ask(store, ann.caller, "nobody")
    with pytest.raises(ConnectionNameInvalid):
        await ask(store, ann.caller, name="a/b")


async def test_an_identity_that_nobody_claims_asks_for_nothing(store: Store) -> None:
    pending = await person(store, "new", state=IdentityState.PENDING)
    with pytest.raises(IdentityUnclaimed):
        await ask(store, pending.agent_caller)
    ann = await person(store)
    await release(store, ann.agent)
    with pytest.raises(IdentityUnclaimed):
        await ask(store, ann.agent_caller)
    with pytest.raises(PrincipalRequired):
        await ask(store, store_server(store))
    assert await names(store) == []


async def test_the_token_itself_is_not_kept(store: Store) -> None:
    ann = await person(store)
    session, token = await ask(store, ann.caller)
    assert token.reveal() not in repr(await now_in(store, session))
    assert (await now_in(store, session)).token_hash == token.digest()
