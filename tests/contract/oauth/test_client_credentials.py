"""Our own client (RFC 6749 §4.4): an admin's to connect, and asked anew where others refresh."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from authsome.auth_session.errors import AnswerForeign, AuthSessionGone, ScopesInvalid
from authsome.auth_session.model import AuthSession, AuthSessionState, FailureReason
from authsome.auth_session.oauth.obtain import obtain
from authsome.auth_session.start import start
from authsome.connection.errors import OAuthClientMissing, RefreshFailed
from authsome.connection.find import open_tokens
from authsome.connection.model import Connection, ConnectionState, Flow
from authsome.connection.oauth.configure_client import configure_client
from authsome.connection.oauth.tokens import Tokens
from authsome.kit.caller import AdminRequired, Caller, PrincipalRequired
from authsome.runtime.oauth.turns import CountedTurns
from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from tests.contract.nouns.people import KEEPER, person
from tests.support.log import all_events
from tests.support.oauth import Acme, acme_at


@pytest.fixture
async def acme(store: Store, tmp_path: Path, clock: SimulatedClock) -> AsyncIterator[Acme]:
    """The provider, which gives tokens to our client as well."""
    made = await acme_at(store, tmp_path, clock, client_credentials=True)
    yield made
    made.provider.close()


async def begin(acme: Acme, caller: Caller | None = None, scopes: list[str] | None = None) -> AuthSession:
    session, _ = await acme.store.write(
        caller or acme.ann.caller,
        lambda work: start(work, provider="acme", flow=Flow.CLIENT_CREDENTIALS, scopes=scopes),
    )
    return session


async def connect(acme: Acme, scopes: list[str] | None = None) -> Connection:
    session = await begin(acme, scopes=scopes)
    done = await obtain(acme.parts(), caller=acme.ann.caller, session=session)
    assert done.state is AuthSessionState.COMPLETED, done.reason
    made = await acme.store.read(lambda view: view.connections.find(done.connection_id or ""))
    assert made is not None
    return made


async def tokens_of(acme: Acme, connection: Connection) -> Tokens:
    return await acme.store.read(lambda view: open_tokens(view, KEEPER, connection=connection))


async def test_a_token_is_given_to_the_client_alone(acme: Acme) -> None:
    made = await connect(acme)
    tokens = await tokens_of(acme, made)
    assert acme.provider.server.is_live(tokens.access.reveal())
    assert (tokens.refresh, tokens.scopes) == (None, ("read", "write"))
    assert (made.flow, made.is_refreshable, made.words) == (Flow.CLIENT_CREDENTIALS, True, "connected")
    names = [one.name for one in await all_events(acme.store)]
    assert names[-3:] == ["auth_session_started", "connection_created", "auth_session_completed"]


async def test_it_is_renewed_by_asking_anew_for_the_same(acme: Acme, clock: SimulatedClock) -> None:
    made = await connect(acme, scopes=["read"])
    before = await tokens_of(acme, made)
    clock.advance(timedelta(hours=2))
    renewed = await acme.renewals().fresh(made)
    after = await tokens_of(acme, renewed)
    assert (renewed.version, renewed.is_refreshable) == (2, True)
    assert acme.provider.server.is_live(after.access.reveal())
    assert after.access != before.access
    assert {one.grant.scope for one in acme.provider.server.access.values()} == {"read"}
    assert acme.provider.server.requests == ["granted", "granted"]


async def test_a_refresh_token_that_comes_nevertheless_is_not_kept(acme: Acme) -> None:
    acme.provider.says = b'{"access_token": "at-1", "token_type": "bearer", "refresh_token": "rt-1"}'
    made = await connect(acme)
    assert (await tokens_of(acme, made)).refresh is None
    assert made.is_refreshable


async def test_asking_a_second_time_does_no_harm(acme: Acme, clock: SimulatedClock) -> None:
    """A server died after it had asked: nothing was used up by that, so the next one simply asks."""
    made = await connect(acme)
    turns = CountedTurns(acme.store)
    await turns.take(made.id, "gone")
    assert await turns.note_asked(made.id, "gone", made.version)
    clock.advance(timedelta(hours=2))
    assert (await acme.renewals().fresh(made)).version == 2


async def test_only_an_admin_connects_what_is_the_installations(acme: Acme) -> None:
    ben = await person(acme.store, "ben")
    for caller in (ben.caller, ben.agent_caller):
        with pytest.raises(AdminRequired):
            await begin(acme, caller)
    session = await begin(acme, acme.ann.agent_caller)
    with pytest.raises(PrincipalRequired):
        await obtain(acme.parts(), caller=acme.ann.agent_caller, session=session)
    with pytest.raises(AdminRequired):
        await obtain(acme.parts(), caller=ben.caller, session=session)
    assert acme.provider.asked == 0
    done = await obtain(acme.parts(), caller=acme.ann.caller, session=session)
    assert done.state is AuthSessionState.COMPLETED
    with pytest.raises(AnswerForeign):
        await obtain(acme.parts(), caller=acme.ann.caller, session=session)


async def test_a_session_of_another_flow_asks_for_nothing(acme: Acme) -> None:
    session, _ = await acme.store.write(acme.ann.caller, lambda work: start(work, provider="acme"))
    with pytest.raises(AuthSessionGone):
        await obtain(acme.parts(), caller=acme.ann.caller, session=session)
    assert acme.provider.asked == 0


async def test_a_client_without_a_secret_has_nothing_to_show(acme: Acme) -> None:
    await acme.store.write(
        acme.ann.caller,
        lambda work: configure_client(
            work, KEEPER, provider="acme", client_id="public", secret=None,
            installation_id=acme.store.installation_id,
        ),
    )  # fmt: skip
    with pytest.raises(OAuthClientMissing, match="no secret"):
        await begin(acme)


@pytest.mark.parametrize(
    ("fails_with", "says", "reason"),
    [
        ((503, {}), None, FailureReason.PROVIDER_UNREACHABLE),
        ((401, {}), None, FailureReason.CLIENT_REFUSED),
        (None, b'{"error": "invalid_scope"}', FailureReason.CLIENT_REFUSED),
        (None, b"<html>", FailureReason.ANSWER_MALFORMED),
        (None, b'{"access_token": "a\\r\\nb", "token_type": "bearer"}', FailureReason.ANSWER_MALFORMED),
        (None, b'{"access_token": "x", "token_type": "mac"}', FailureReason.ANSWER_MALFORMED),
    ],
)
async def test_what_gives_no_token_fails_the_session(
    acme: Acme, fails_with: tuple[int, dict[str, str]] | None, says: bytes | None, reason: FailureReason
) -> None:
    acme.provider.fails_with, acme.provider.says = fails_with, says
    done = await obtain(acme.parts(), caller=acme.ann.caller, session=await begin(acme))
    assert (done.state, done.reason) == (AuthSessionState.FAILED, reason)
    assert (await all_events(acme.store))[-1].fields["reason"] == reason.value
    assert await acme.store.read(lambda view: view.connections.list()) == []


async def test_a_client_that_is_refused_later_keeps_the_connection(acme: Acme, clock: SimulatedClock) -> None:
    made = await connect(acme)
    acme.provider.server.client.secret = "another-by-now"
    clock.advance(timedelta(hours=2))
    with pytest.raises(RefreshFailed, match="does not take our client"):
        await acme.renewals().fresh(made)
    assert (await acme.look(made)).state is ConnectionState.CONNECTED


async def test_it_is_connected_anew_in_its_place(acme: Acme) -> None:
    made = await connect(acme)
    again = await connect(acme, scopes=["read"])
    assert (again.id, again.version) == (made.id, 2)
    assert (await tokens_of(acme, again)).scopes == ("read",)


@pytest.mark.parametrize(
    "scopes", [[], [""], ["two words"], ['quo"te'], ["back\\slash"], ["é"], ["x" * 201], ["a"] * 51]
)
async def test_scopes_are_those_of_rfc_6749(acme: Acme, scopes: list[str]) -> None:
    with pytest.raises(ScopesInvalid):
        await begin(acme, scopes=scopes)


async def test_a_key_has_no_scopes_to_ask_for(acme: Acme) -> None:
    with pytest.raises(ScopesInvalid, match="a key brings its scopes"):
        await acme.store.write(acme.ann.caller, lambda work: start(work, provider="openai", scopes=["read"]))
