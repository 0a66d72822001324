"""From `authsome login` to an agent's request, which sees nothing of tokens that end, where that can be.

A real server, real commands, a strict provider that knows only live tokens.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from authsome.testing.oauth.serve import CLIENT_SECRET
from tests.e2e.oauth.place import Place


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.close()


def test_tokens_are_renewed_for_agents_until_the_provider_says_no(place: Place) -> None:
    refused = place.stage.attempt("login", "acme", "--no-wait")
    assert refused.returncode != 0
    assert "authsome providers client acme" in refused.stderr
    assert place.set_client() == f"{place.journey.base_url}/auth/callback"
    server = place.provider.server
    server.expires_in = 1
    place.login()
    place.journey.onboard(place.stage, label="a", connection_ids=[place.connection["id"]])
    assert server.requests == ["granted"]

    time.sleep(1)  # by now the token is over
    server.expires_in = 3600
    assert place.ask(("GET", "/me")) == [[200, None, None]]
    assert server.requests == ["granted"] * 2

    # It stops working before its time: nothing is seen of it, but by a request whose body is gone.
    server.forget_access_tokens()
    assert place.ask(("GET", "/me"), ("GET", "/me")) == [[200, None, None]] * 2
    assert server.requests == ["granted"] * 3
    assert [one for one, _ in place.provider.authorizations] == ["/me"] * 4

    # What the provider refuses to everybody breaks nothing, and does not have it asked for tokens each time.
    place.provider.rejects.add("/never")
    answers = place.ask(("GET", "/never"), ("GET", "/never"), ("GET", "/me"))
    assert [status for status, _, _ in answers] == [401, 401, 200]
    assert "authsome login acme" in answers[0][2]
    assert server.requests == ["granted"] * 3
    assert place.connection["state"] == "connected"


def test_who_withdraws_their_consent_is_told_the_way_back(place: Place) -> None:
    place.set_client()
    server = place.provider.server
    place.login()
    place.journey.onboard(place.stage, label="a", connection_ids=[place.connection["id"]])
    server.revoke_all()
    status, code, hint = place.ask(("GET", "/me"))[0]
    assert (status, code) == (403, "needs_reconnection")
    assert "authsome login acme --connection default" in hint
    assert (place.connection["state"], place.connection["is_default"]) == ("needs_reconnection", True)
    assert "authsome login acme --connection default" in place.stage.run("connections", "list")
    assert place.ask(("GET", "/me"))[0][1] == "Tunnel connection failed: 403 Forbidden"
    assert server.requests == ["granted", "invalid_grant"], "it was not asked again"

    # Connected again in its place, the agent goes on with what it was granted.
    before = place.connection["id"]
    place.login()
    assert place.connection["id"] == before
    assert place.ask(("GET", "/me")) == [[200, None, None]]
    log = (place.stage.home / "server" / "server.log").read_text()
    for secret in (CLIENT_SECRET, *server.access, *server.refresh, *server.codes):
        assert secret not in log


def test_where_even_a_new_token_is_refused_its_principal_is_told_the_way_back(place: Place) -> None:
    place.set_client()
    server = place.provider.server
    place.login()
    place.journey.onboard(place.stage, label="a", connection_ids=[place.connection["id"]])
    place.provider.rejects.add("/me")
    first, second = place.ask(("GET", "/me"), ("GET", "/other"))
    assert first[0] == 401, "the provider's own answer"
    assert "authsome login acme --connection default" in first[2]
    assert second[:2] == [0, "Tunnel connection failed: 403 Forbidden"]
    assert server.requests == ["granted"] * 2, "renewed once"
    assert [path for path, _ in place.provider.authorizations] == ["/me"] * 2
    assert place.connection["state"] == "needs_reconnection"
    listed = place.stage.run("connections", "list")
    assert "Connect it again: `authsome login acme --connection default`" in listed


def test_a_request_whose_body_is_gone_is_told_to_come_again(place: Place) -> None:
    place.set_client()
    place.login()
    place.journey.onboard(place.stage, label="a", connection_ids=[place.connection["id"]])
    assert place.ask(("POST", "/things"))[0][0] == 200
    place.provider.server.forget_access_tokens()
    first = place.ask(("POST", "/things"))[0]
    assert (first[0], first[1]) == (401, None)
    assert "send the request again" in first[2]
    assert place.ask(("POST", "/things"))[0][0] == 200
