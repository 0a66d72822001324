"""The HTTP client: what it sends, and what becomes of each kind of answer."""

from __future__ import annotations

import json
import socket
from http.server import BaseHTTPRequestHandler

import pytest

from authsome.client.address import Address
from authsome.client.errors import (
    KINDS,
    AnswerUnusable,
    ClientError,
    ServerNotRunning,
    ServerUnreachable,
    refused,
)
from authsome.client.http import Client
from authsome.client.keys import new_key
from authsome.identity.signature import Message, verify
from authsome.kit.errors import Kind
from authsome.kit.secret import Secret
from authsome.server.errors import STATUS
from authsome.testing.clock import SimulatedClock
from tests.support.answering import Handler, serving


def problem(status: int, **fields: object) -> Handler:
    content = json.dumps(fields).encode()
    return lambda _request, _body: (status, {"content-type": "application/problem+json"}, content)


def test_every_request_is_signed_as_the_server_checks_it() -> None:
    seen: list[str] = []
    clock = SimulatedClock()

    def check(request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, dict[str, str], bytes]:
        path, _, query = request.path.partition("?")
        message = Message(
            method=request.command,
            authority=request.headers["host"],
            path=path,
            query=query,
            body=body,
        )
        headers = {name.lower(): value for name, value in request.headers.items()}
        signed = verify(message, headers, now=int(clock.now().timestamp()))
        seen.append(signed.nonce)
        return 200, {}, json.dumps({"did": signed.did, "agent": request.headers["user-agent"]}).encode()

    key = new_key()
    with serving(check) as address:
        client = Client(address, key, clock=clock)
        first = client.get("/whoami")
        second = client.get("/list", {"after": "a b&c", "x": "ü"})
        third = client.post("/identities", {"label": "ünï"})
        fourth = client.post("/sign-outs")
    assert {one["did"] for one in (first, second, third, fourth)} == {key.did}
    assert first["agent"].startswith("authsome-cli/")
    assert len(set(seen)) == 4


def test_without_a_key_nothing_is_signed() -> None:
    def look(request: BaseHTTPRequestHandler, _body: bytes) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, json.dumps("signature" in request.headers).encode()

    with serving(look) as address:
        assert Client(address).get("/health") is False


@pytest.mark.parametrize(("kind", "status"), STATUS.items())
def test_a_refusal_comes_back_as_the_kind_it_left_as(kind: Kind, status: int) -> None:
    said = problem(status, code="some_code", detail="No.", hint="do that")
    with serving(said) as address, pytest.raises(ClientError) as caught:
        Client(address).get("/x")
    error = caught.value
    assert (error.code, error.kind, error.detail, error.next_step) == ("some_code", kind, "No.", "do that")


@pytest.mark.parametrize("status", [400, 405, 413, 421, 429, 502, 504, 418, 500, 599])
def test_any_other_refusal_has_a_kind_and_a_next_step_too(status: int) -> None:
    error = refused(status, "not a document")
    assert error.kind is KINDS.get(status, Kind.BROKEN)
    assert error.code == f"http_{status}"
    assert error.next_step


def test_what_a_server_says_cannot_move_the_terminals_cursor() -> None:
    error = refused(403, {"detail": "no\x1b[2J\r\nreally", "hint": "x" * 100_000, "code": ["list"]})
    assert error.detail.isprintable()
    assert len(error.next_step) <= 1_000
    assert error.code == "http_403"


def test_a_redirect_is_not_followed() -> None:
    asked: list[str] = []

    def elsewhere(request: BaseHTTPRequestHandler, _body: bytes) -> tuple[int, dict[str, str], bytes]:
        asked.append(request.path)
        return 302, {"location": "/api/other"}, b""

    with serving(elsewhere) as address, pytest.raises(AnswerUnusable):
        Client(address).get("/x")
    assert asked == ["/api/x"]


@pytest.mark.parametrize("content", [b"<html>hello</html>", b"\xff\xfe", b"{"])
def test_an_answer_that_is_no_json_is_said_so(content: bytes) -> None:
    with serving(lambda _request, _body: (200, {}, content)) as address, pytest.raises(AnswerUnusable):
        Client(address).get("/x")


def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    huge = b" " * (9 * 1024 * 1024)
    with serving(lambda _request, _body: (200, {}, huge)) as address, pytest.raises(AnswerUnusable):
        Client(address).get("/x")


def test_nobody_listening_means_start_the_server() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = Address("http", "127.0.0.1", free.getsockname()[1])
    with pytest.raises(ServerNotRunning) as caught:
        Client(address).get("/x")
    assert "authsome up" in caught.value.next_step


def test_a_server_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = Address("http", "127.0.0.1", silent.getsockname()[1])
        with pytest.raises(ServerUnreachable):
            Client(address, timeout=0.2).get("/x")


def test_the_request_can_go_to_another_address_than_it_is_signed_for() -> None:
    def look(request: BaseHTTPRequestHandler, _body: bytes) -> tuple[int, dict[str, str], bytes]:
        said = {"host": request.headers["host"], "bearer": request.headers["authorization"]}
        return 200, {}, json.dumps(said).encode()

    with serving(look) as address:
        public = Address("https", "authsome.example.org", 443)
        said = Client(public, via=address).post("/host/set-up-link", {}, bearer=Secret("t0ken"))
    assert said == {"host": "authsome.example.org", "bearer": "Bearer t0ken"}


def test_a_proxy_in_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with serving(lambda _request, _body: (200, {}, b"1")) as address:
        assert Client(address).get("/x") == 1
