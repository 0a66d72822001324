"""A code typed on another device (RFC 8628): shown to its person alone, and asked about in time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from authsome.auth_session.cancel import cancel
from authsome.auth_session.errors import AuthSessionGone
from authsome.auth_session.model import AuthSessionState, FailureReason
from authsome.auth_session.oauth.show_code import show_code
from authsome.connection.find import open_tokens
from authsome.connection.model import Flow
from authsome.kit.caller import PrincipalRequired, server_caller
from authsome.kit.patience import ATTEMPTS, BETWEEN_SECONDS
from authsome.runtime.oauth.device.polls import LASTS, CountedPollTurns, DevicePolls
from authsome.runtime.oauth.endpoint import HttpTokenEndpoint
from authsome.runtime.oauth.outside import Outside
from authsome.store.tables import registry
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork
from authsome.testing.clock import SimulatedClock
from tests.contract.nouns.people import KEEPER, person
from tests.contract.oauth.devices import ask, begin, look, offering, once
from tests.support.log import all_events
from tests.support.oauth import Acme

INTERVAL = timedelta(seconds=5)


@pytest.fixture
async def acme(store: Store, tmp_path: Path, clock: SimulatedClock) -> AsyncIterator[Acme]:
    """The provider, which gives codes as well."""
    made = await offering(store, tmp_path, clock)
    yield made
    made.provider.close()


async def test_its_person_is_shown_a_code_and_the_database_has_none_in_the_clear(acme: Acme) -> None:
    waiting = await ask(acme)
    (code,) = acme.provider.server.devices.given
    assert waiting.state is AuthSessionState.WAITING
    assert (waiting.user_code or "").startswith("WDJB-")
    assert waiting.verification_uri == f"{acme.provider.url}/device"
    assert waiting.sealed is not None
    assert code.encode() not in waiting.sealed
    assert code not in repr(waiting)
    assert acme.provider.server.devices.given[code].grant.scope == "read write"
    assert [one.name for one in await all_events(acme.store)][-1] == "auth_session_started"


async def test_asked_for_again_it_is_the_same_code(acme: Acme) -> None:
    session = await begin(acme)
    first, second = await ask(acme, session), await ask(acme, await look(acme, session))
    assert first == second
    assert acme.provider.device_requests == 1


async def test_what_was_allowed_elsewhere_makes_a_connection(acme: Acme, clock: SimulatedClock) -> None:
    waiting = await ask(acme)
    assert (await once(acme, waiting)).state is AuthSessionState.WAITING
    acme.provider.server.devices.decide(waiting.user_code or "")
    clock.advance(INTERVAL)
    done = await once(acme, waiting)
    assert (done.state, done.sealed, done.user_code) == (AuthSessionState.COMPLETED, None, None)
    made = await acme.store.read(lambda view: view.connections.find(done.connection_id or ""))
    assert made is not None
    assert (made.flow, made.principal_id, made.is_refreshable) == (Flow.DEVICE_CODE, acme.ann.id, True)
    tokens = await acme.store.read(lambda view: open_tokens(view, KEEPER, connection=made))
    assert acme.provider.server.is_live(tokens.access.reveal())
    created, completed = (await all_events(acme.store))[-2:]
    assert (created.name, completed.name) == ("connection_created", "auth_session_completed")
    assert (completed.subject_kind, completed.subject_id) == ("principal", acme.ann.id)
    assert (await acme.renewals().renew(made)).version == 2, "renewed as any other"


async def test_nobody_asks_before_the_interval_is_over(acme: Acme, clock: SimulatedClock) -> None:
    waiting = await ask(acme)
    for _ in range(3):
        await once(acme, waiting)
    assert acme.provider.asked == 1
    clock.advance(INTERVAL - timedelta(seconds=1))
    await once(acme, waiting)
    assert acme.provider.asked == 1
    clock.advance(timedelta(seconds=1))
    await once(acme, waiting)
    assert (acme.provider.asked, acme.provider.server.devices.asked_too_early) == (2, 0)


async def test_many_servers_ask_once(acme: Acme) -> None:
    waiting = await ask(acme)
    acme.provider.answers_after = 0.3
    await asyncio.gather(*(once(acme, waiting) for _ in range(8)))
    assert acme.provider.asked == 1


async def test_who_is_told_to_slow_down_does_for_good(acme: Acme, clock: SimulatedClock) -> None:
    waiting = await ask(acme)
    acme.provider.says = b'{"error": "slow_down"}'
    assert (await once(acme, waiting)).poll_seconds == 10
    acme.provider.says = b'{"error": "authorization_pending"}'
    clock.advance(timedelta(seconds=9))
    await once(acme, waiting)
    assert acme.provider.asked == 1
    clock.advance(timedelta(seconds=1))
    assert (await once(acme, waiting)).poll_seconds == 10
    assert acme.provider.asked == 2


async def test_a_provider_that_is_not_heard_is_asked_again_at_greater_distance(
    acme: Acme, clock: SimulatedClock
) -> None:
    waiting, seen = await ask(acme), []
    acme.provider.fails_with = (503, {})
    for _ in range(5):
        seen.append((await once(acme, waiting)).poll_seconds or 0)
        clock.advance(timedelta(seconds=seen[-1]))
    assert seen == [10, 20, 40, 60, 60]
    acme.provider.fails_with = (429, {"Retry-After": "90"})
    assert (await once(acme, waiting)).poll_seconds == 90
    clock.advance(timedelta(seconds=90))
    acme.provider.fails_with, acme.provider.answers_after = None, 1.0
    quick = HttpTokenEndpoint(clock, Outside(extra_roots=acme.provider.ca_file), all_seconds=0.3)
    slow = await once(acme, waiting, endpoint=quick)
    assert (slow.state, slow.poll_seconds) == (AuthSessionState.WAITING, 90), "never sooner than before"


@pytest.mark.parametrize(
    ("says", "state", "reason"),
    [
        (b'{"error": "access_denied"}', AuthSessionState.FAILED, FailureReason.ACCESS_DENIED),
        (b'{"error": "expired_token"}', AuthSessionState.EXPIRED, None),
        (b'{"error": "invalid_grant"}', AuthSessionState.FAILED, FailureReason.CODE_REFUSED),
        (b'{"error": "invalid_request"}', AuthSessionState.FAILED, FailureReason.CODE_REFUSED),
        (b'{"error": "invalid_client"}', AuthSessionState.FAILED, FailureReason.CLIENT_REFUSED),
        (b'{"error": 7}', AuthSessionState.FAILED, FailureReason.ANSWER_MALFORMED),
        (b"<html>", AuthSessionState.FAILED, FailureReason.ANSWER_MALFORMED),
        (b'{"access_token": "' + b"x" * 300_000, AuthSessionState.FAILED, FailureReason.ANSWER_MALFORMED),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_every_other_answer_is_an_end_and_is_said(
    acme: Acme, says: bytes, state: AuthSessionState, reason: FailureReason | None
) -> None:
    waiting = await ask(acme)
    acme.provider.says = says
    ended = await once(acme, waiting)
    assert (ended.state, ended.reason, ended.sealed) == (state, reason, None)
    assert (await all_events(acme.store))[-1].name == f"auth_session_{state.value}"
    await once(acme, waiting)
    assert acme.provider.asked == 1


async def test_a_person_who_says_no_there_has_stored_nothing_here(acme: Acme) -> None:
    waiting = await ask(acme)
    acme.provider.server.devices.decide(waiting.user_code or "", allow=False)
    assert (await once(acme, waiting)).reason is FailureReason.ACCESS_DENIED
    assert await acme.store.read(lambda view: view.connections.list()) == []


async def test_an_agent_asks_and_only_its_principal_is_shown_a_code(acme: Acme) -> None:
    ben = await person(acme.store, "ben")
    session = await begin(acme, acme.ann.agent_caller)
    with pytest.raises(PrincipalRequired):
        await show_code(acme.parts(), caller=acme.ann.agent_caller, session=session)
    with pytest.raises(AuthSessionGone):
        await show_code(acme.parts(), caller=ben.caller, session=session)
    assert acme.provider.device_requests == 0
    assert (await ask(acme, session)).state is AuthSessionState.WAITING


async def test_called_off_while_the_provider_thinks_it_stays_so(acme: Acme, clock: SimulatedClock) -> None:
    waiting = await ask(acme)
    acme.provider.server.devices.decide(waiting.user_code or "")
    acme.provider.answers_after = 0.5
    polls = DevicePolls(acme.parts(), acme.store, server=server_caller(acme.store.installation_id))
    await polls.look()
    while not acme.provider.server.requests:
        await asyncio.sleep(0.02)
    await acme.store.write(acme.ann.caller, lambda work: cancel(work, session_id=waiting.id))
    await polls.drain(5)
    assert (await look(acme, waiting)).state is AuthSessionState.CANCELLED
    assert await acme.store.read(lambda view: view.connections.list()) == []


async def test_a_look_asks_about_all_that_wait_and_a_slow_provider_delays_no_look(acme: Acme) -> None:
    waiting = [await ask(acme, await begin(acme, name=f"n{number}")) for number in range(3)]
    for one in waiting:
        acme.provider.server.devices.decide(one.user_code or "")
    polls = DevicePolls(acme.parts(), acme.store, server=server_caller(acme.store.installation_id))
    for _ in range(2):
        await polls.look()
    await polls.drain(10)
    assert {(await look(acme, one)).state for one in waiting} == {AuthSessionState.COMPLETED}
    assert acme.provider.asked == 3


async def test_a_server_that_ends_gives_its_turn_to_another(acme: Acme, clock: SimulatedClock) -> None:
    waiting = await ask(acme)
    acme.provider.server.devices.decide(waiting.user_code or "")
    turns = CountedPollTurns(acme.store)
    assert await turns.take(waiting.id, "gone")
    clock.advance(timedelta(seconds=ATTEMPTS * BETWEEN_SECONDS + 20))  # it may be at its answer's seal still
    assert (await once(acme, waiting)).state is AuthSessionState.WAITING
    assert acme.provider.asked == 0
    clock.advance(LASTS)
    assert (await once(acme, waiting)).state is AuthSessionState.COMPLETED


async def test_a_code_that_was_given_by_another_server_is_shown_to_none(acme: Acme) -> None:
    waiting = await ask(acme)
    definition = acme.provider.definition(token_url=f"{acme.provider.url}/other")

    def change(work: UnitOfWork) -> None:
        work.connection.execute(registry.provider.update().values(definition=definition))

    await acme.store.write(acme.ann.caller, change)
    assert (await once(acme, waiting)).reason is FailureReason.ISSUER_MISMATCH
    assert acme.provider.asked == 0
