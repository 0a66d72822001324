"""Where OpenID is used, an answer says who signed in and repeats our nonce, or nothing is stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from authsome.auth_session.errors import ScopesInvalid
from authsome.auth_session.model import AuthSession, AuthSessionState, FailureReason
from authsome.connection.find import open_secret
from authsome.store.transactions import Store
from authsome.testing.clock import SimulatedClock
from authsome.testing.oauth.who import Who
from tests.contract.nouns.people import KEEPER
from tests.contract.oauth.test_mix_up import come, go
from tests.support.log import all_events
from tests.support.oauth import Acme, acme_at


async def ended(acme: Acme, *, nonce: str | None = None) -> AuthSession:
    """A person goes and comes back; `nonce` is what their provider is told instead of ours."""
    _, asked = await go(acme, scopes=["openid", "read"])
    return await come(acme, asked if nonce is None else asked | {"nonce": nonce})


async def test_the_nonce_is_sent_and_has_to_come_back(acme: Acme) -> None:
    _, first = await go(acme, scopes=["openid"])
    _, second = await go(acme, scopes=["openid"])
    assert len(first["nonce"]) == 43
    assert first["nonce"] != second["nonce"]
    done = await come(acme, second)
    assert done.state is AuthSessionState.COMPLETED
    made = await acme.store.read(lambda view: view.connections.find(done.connection_id or ""))
    assert made is not None
    sealed = await acme.store.read(lambda view: open_secret(view, KEEPER, connection=made))
    assert acme.provider.server.is_live(sealed.reveal())


async def test_without_openid_there_is_none(acme: Acme) -> None:
    _, asked = await go(acme)
    assert "nonce" not in asked
    assert (await come(acme, asked)).state is AuthSessionState.COMPLETED


async def test_a_code_that_was_given_for_another_question_is_noticed(acme: Acme) -> None:
    failed = await ended(acme, nonce="of-somebody-else")
    assert (failed.state, failed.reason) == (AuthSessionState.FAILED, FailureReason.ID_TOKEN_INVALID)
    assert (await all_events(acme.store))[-1].fields["reason"] == "id_token_invalid"
    assert await acme.store.read(lambda view: view.connections.list()) == []


@pytest.mark.parametrize(
    ("claims", "speaks"),
    [
        ({"iss": "https://evil.example"}, True),
        ({"aud": "another-client"}, True),
        ({"exp": 0}, True),
        ({"nonce": None}, True),
        ({}, False),
    ],
    ids=str,
)
async def test_an_answer_that_does_not_say_who_signed_in_stores_nothing(
    acme: Acme, claims: dict[str, Any], speaks: bool
) -> None:
    acme.provider.server.who = Who(acme.provider.url, speaks=speaks, claims=claims)
    assert (await ended(acme)).reason is FailureReason.ID_TOKEN_INVALID
    assert await acme.store.read(lambda view: view.connections.list()) == []


async def test_a_definition_without_an_issuer_has_nothing_to_hold_it_against(
    store: Store, tmp_path: Path, clock: SimulatedClock
) -> None:
    acme = await acme_at(store, tmp_path, clock, issuer=None, issuer_in_answer=None)
    with pytest.raises(ScopesInvalid, match="which issuer"):
        await go(acme, scopes=["openid"])
    acme.provider.close()
