"""A code goes back to the server that gave it, with what was asked for, or nowhere (RFC 9700, RFC 8707)."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import select, update

from authsome.auth_session.come_back import Answer, come_back
from authsome.auth_session.depart import depart
from authsome.auth_session.model import AuthSession, AuthSessionState, FailureReason
from authsome.auth_session.start import start
from authsome.connection.errors import OAuthClientMissing
from authsome.connection.oauth.open_client import open_client
from authsome.kit.caller import Caller
from authsome.kit.secret import Secret
from authsome.runtime.oauth.authorization import authorization_url
from authsome.store.tables.registry import provider as provider_table
from authsome.store.transactions import Store
from authsome.store.unit_of_work import UnitOfWork
from authsome.testing.clock import SimulatedClock
from tests.contract.nouns.people import KEEPER
from tests.support.oauth import CALLBACK as REDIRECT
from tests.support.oauth import Acme, acme_at

NUMBERS = count()


def browser_of(acme: Acme) -> Caller:
    return replace(acme.ann.caller, session_id="ses_1")


async def go(acme: Acme, scopes: list[str] | None = None) -> tuple[str, dict[str, str]]:
    """Start a session and leave for the provider: the address, and what is in it."""

    def leave(work: UnitOfWork) -> str:
        _, token = start(work, provider="acme", name=f"n{next(NUMBERS)}", scopes=scopes)
        return authorization_url(depart(work, acme.parts().key, token=token), redirect_uri=REDIRECT)

    url = await acme.store.write(browser_of(acme), leave)
    return url, dict(parse_qsl(urlsplit(url).query))


async def come(acme: Acme, asked: dict[str, str]) -> AuthSession:
    """The person agrees, and comes back with what the provider says."""
    back = dict(parse_qsl(urlsplit(acme.provider.server.authorize(asked)).query))
    answer = Answer(state=Secret(back["state"]), code=Secret(back["code"]), issuer=back.get("iss"))
    return await come_back(acme.parts(), caller=browser_of(acme), answer=answer)


async def change(acme: Acme, **oauth: str) -> None:
    """The definition is another from now on."""

    def write(work: UnitOfWork) -> None:
        held = work.connection.execute(select(provider_table.c.definition)).scalar_one()
        held["oauth"].update(oauth)
        work.connection.execute(update(provider_table).values(definition=held))

    await acme.store.write(acme.ann.caller, write)


@pytest.mark.parametrize("name", ["token_url", "authorization_url", "issuer"])
async def test_a_code_is_not_shown_to_a_server_that_came_in_between(acme: Acme, name: str) -> None:
    _, asked = await go(acme)
    await change(acme, **{name: f"{acme.provider.url}/other"})
    ended = await come(acme, asked)
    assert (ended.state, ended.reason) == (AuthSessionState.FAILED, FailureReason.ISSUER_MISMATCH)
    assert acme.provider.asked == 0


async def test_a_client_is_shown_to_no_server_but_the_one_that_knows_it(acme: Acme) -> None:
    await change(acme, issuer="https://other.example")
    with pytest.raises(OAuthClientMissing):
        await acme.store.read(lambda view: open_client(view, KEEPER, provider="acme"))
    with pytest.raises(OAuthClientMissing):
        await go(acme)


async def test_what_tokens_are_for_is_said_each_time(
    store: Store, tmp_path: Path, clock: SimulatedClock
) -> None:
    acme = await acme_at(store, tmp_path, clock, resource="https://mcp.acme.example/mcp")
    acme.provider.server.api_resource = "https://mcp.acme.example/mcp"
    url, asked = await go(acme)
    assert url.count("resource=") == 1
    assert asked["resource"] == "https://mcp.acme.example/mcp"
    done = await come(acme, asked)
    assert done.state is AuthSessionState.COMPLETED
    made = await store.read(lambda view: view.connections.find(done.connection_id or ""))
    assert made is not None
    await acme.renewals().renew(made)
    assert acme.provider.server.requests == ["granted", "granted"], "neither code nor refresh went without it"
    assert {one.grant.resource for one in acme.provider.server.access.values()} == {asked["resource"]}
    acme.provider.close()
