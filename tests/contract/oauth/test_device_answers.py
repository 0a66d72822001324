"""What a device authorization address may say (RFC 8628 §3.2), and what is shown to nobody."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from authsome.auth_session.model import LIFE, AuthSessionState, FailureReason
from authsome.connection.errors import OAuthClientMissing
from authsome.store.tables import registry
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork
from authsome.testing.clock import SimulatedClock
from tests.contract.oauth.devices import ask, begin, offering
from tests.support.log import all_events
from tests.support.oauth import Acme


@pytest.fixture
async def acme(store: Store, tmp_path: Path, clock: SimulatedClock) -> AsyncIterator[Acme]:
    """The provider, which gives codes as well."""
    made = await offering(store, tmp_path, clock)
    yield made
    made.provider.close()


def device_answer(acme: Acme, **changed: object) -> bytes:
    """The example of RFC 8628 §3.2, with another host."""
    document: dict[str, object] = {
        "device_code": "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS",
        "user_code": "WDJB-MJHT",
        "verification_uri": f"{acme.provider.url}/device",
        "verification_uri_complete": f"{acme.provider.url}/device?user_code=WDJB-MJHT",
        "expires_in": 1800,
        "interval": 5,
    }
    document |= changed
    return json.dumps({name: value for name, value in document.items() if value is not None}).encode()


async def test_the_rfcs_own_example_is_shown_as_it_is(acme: Acme, clock: SimulatedClock) -> None:
    acme.provider.device_fails_with = (200, device_answer(acme))
    waiting = await ask(acme)
    assert (waiting.user_code, waiting.poll_seconds) == ("WDJB-MJHT", 5)
    assert waiting.verification_uri_complete == f"{acme.provider.url}/device?user_code=WDJB-MJHT"
    assert waiting.expires_at == waiting.created_at + LIFE, "a session lives no longer for it"


@pytest.mark.parametrize(
    ("changed", "seconds", "life"),
    [
        ({"interval": None, "verification_uri_complete": None}, 5, None),
        ({"interval": 0}, 1, None),
        ({"interval": 7.5}, 8, None),
        ({"interval": 10**9}, 600, None),
        ({"expires_in": 60}, 5, 60),
        ({"expires_in": 10**300}, 5, None),
    ],
    ids=str,
)
async def test_what_is_left_out_or_too_much_is_taken_sensibly(
    acme: Acme, changed: dict[str, object], seconds: int, life: int | None
) -> None:
    acme.provider.device_fails_with = (200, device_answer(acme, **changed))
    waiting = await ask(acme)
    assert waiting.poll_seconds == seconds
    until = timedelta(seconds=life) if life else LIFE
    assert until <= waiting.expires_at - waiting.created_at < until + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"verification_uri": "http://acme.example/device"}, FailureReason.ADDRESS_REFUSED),
        ({"verification_uri": "javascript:alert(1)"}, FailureReason.ADDRESS_REFUSED),
        ({"verification_uri": "https://user@evil.example/"}, FailureReason.ADDRESS_REFUSED),
        ({"verification_uri": "https://acme.example\\@evil.example/"}, FailureReason.ADDRESS_REFUSED),
        ({"verification_uri": "https://127.1/device"}, FailureReason.ADDRESS_REFUSED),
        ({"verification_uri": "https://acme.example/\r\nX: y"}, FailureReason.ADDRESS_REFUSED),
        ({"verification_uri": "https://acme.example/" + "x" * 2100}, FailureReason.ADDRESS_REFUSED),
        ({"verification_uri_complete": "https://evil.example/?c=WDJB-MJHT"}, FailureReason.ADDRESS_REFUSED),
        ({"verification_uri_complete": 7}, FailureReason.ADDRESS_REFUSED),
        ({"verification_uri": None, "verification_uri_complete": None}, FailureReason.ANSWER_MALFORMED),
        ({"user_code": "\x1b[2J"}, FailureReason.ANSWER_MALFORMED),
        ({"user_code": ""}, FailureReason.ANSWER_MALFORMED),
        ({"user_code": "x" * 65}, FailureReason.ANSWER_MALFORMED),
        ({"device_code": "a\r\nb"}, FailureReason.ANSWER_MALFORMED),
        ({"device_code": None}, FailureReason.ANSWER_MALFORMED),
        ({"expires_in": None}, FailureReason.ANSWER_MALFORMED),
        ({"expires_in": "1800"}, FailureReason.ANSWER_MALFORMED),
        ({"interval": -1}, FailureReason.ANSWER_MALFORMED),
        ({"interval": True}, FailureReason.ANSWER_MALFORMED),
        ({"error": "invalid_scope"}, FailureReason.CLIENT_REFUSED),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_a_person_is_sent_nowhere_that_is_not_what_it_seems(
    acme: Acme, changed: dict[str, object], reason: FailureReason
) -> None:
    acme.provider.device_fails_with = (200, device_answer(acme, **changed))
    ended = await ask(acme)
    assert (ended.state, ended.reason) == (AuthSessionState.FAILED, reason)
    assert (await all_events(acme.store))[-1].fields["reason"] == reason.value


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (503, b"", FailureReason.PROVIDER_UNREACHABLE),
        (429, b"", FailureReason.PROVIDER_UNREACHABLE),
        (302, b"", FailureReason.ANSWER_MALFORMED),
        (401, b"", FailureReason.CLIENT_REFUSED),
        (400, b'{"error": "invalid_client"}', FailureReason.CLIENT_REFUSED),
        (200, b"[]", FailureReason.ANSWER_MALFORMED),
        (200, b"[" * 50_000, FailureReason.ANSWER_MALFORMED),
        (200, b" " * 300_000, FailureReason.ANSWER_MALFORMED),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_an_address_that_gives_no_code_fails_the_session(
    acme: Acme, status: int, body: bytes, reason: FailureReason
) -> None:
    acme.provider.device_fails_with = (status, body)
    assert (await ask(acme)).reason is reason


async def test_without_a_client_nobody_is_asked(acme: Acme) -> None:
    def forget(work: UnitOfWork) -> None:
        work.connection.execute(registry.oauth_client.delete())

    session = await begin(acme)
    await acme.store.write(acme.ann.caller, forget)
    assert (await ask(acme, session)).reason is FailureReason.CLIENT_REFUSED
    with pytest.raises(OAuthClientMissing):
        await begin(acme)
