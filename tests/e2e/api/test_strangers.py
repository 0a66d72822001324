"""What nobody in particular can ask for: another host, what is not there, what is for others, too much."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from authsome.client.errors import ClientError
from authsome.client.http import Client
from authsome.client.keys import new_key
from authsome.client.settings import ClientSettings
from tests.e2e.api.asking import ask, message, register, signed
from tests.support.server import RealServer


@pytest.mark.parametrize("host", ["evil.example.org", "localhost", "127.0.0.1:1", ""])
def test_another_host_is_refused(server: RealServer, host: str) -> None:
    answer = ask(server, "GET", "/health", {"Host": host})
    assert answer.status == 421
    assert "AUTHSOME_BASE_URL" in answer.document["hint"]


@pytest.mark.parametrize("hosts", [["evil.example.org", "{}"], ["{}", "evil.example.org"], ["{}", "{}"]])
def test_a_host_that_is_said_twice_is_refused(server: RealServer, hosts: list[str]) -> None:
    authority = server.base_url.removeprefix("http://")
    lines = "".join(f"Host: {host.format(authority)}\r\n" for host in hosts)
    with socket.create_connection(("127.0.0.1", server.file.port), timeout=10) as raw:
        raw.sendall(f"GET /api/health HTTP/1.1\r\n{lines}\r\n".encode())
        assert raw.recv(1_000).split(b"\r\n")[0].split()[1] in (b"400", b"421")


@pytest.mark.parametrize(
    "path", ["/nothing", "/identities/x", "/health/../whoami", "/%00", "/runs/%2e%2e/renew"]
)
def test_what_is_not_there_is_a_problem_document(server: RealServer, path: str) -> None:
    answer = ask(server, "GET", path)
    assert (answer.status, answer.code) in {
        (401, "signature_missing"),
        (404, "nothing_here"),
        (405, "input_invalid"),
    }
    assert answer.document["hint"]


def test_no_api_of_the_signed_works_unsigned(server: RealServer) -> None:
    for method, path in (
        ("GET", "/whoami"),
        ("GET", "/identities"),
        ("GET", "/providers"),
        ("GET", "/connections"),
        ("GET", "/grants"),
        ("GET", "/principals"),
        ("GET", "/telemetry/status"),
        ("GET", "/telemetry/consent"),
        ("GET", "/telemetry/dead-letters"),
        ("POST", "/telemetry/dead-letters/retry"),
        ("POST", "/telemetry/dead-letters/drop"),
        ("POST", "/runs"),
        ("POST", "/invitations"),
        ("POST", "/connections"),
        ("POST", "/providers"),
        ("POST", "/sign-outs"),
        ("POST", "/auth-sessions"),
        ("POST", f"/runs/run_{'0' * 26}/complete"),
    ):
        answer = ask(server, method, path, {}, b"{}")
        assert (answer.status, answer.code) == (401, "signature_missing"), path


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "A" * 100_000, "é"])
def test_only_the_servers_own_user_has_its_token(server: RealServer, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}".encode().decode("latin-1")}
    for path in ("/host/set-up-link", "/host/reset-links"):
        answer = ask(server, "POST", path, headers, b"{}")
        assert answer.status in (400, 401)
        assert answer.code in ("host_token_wrong", "")


def test_the_token_is_new_at_each_start(server: RealServer) -> None:
    path = Path(server.home) / "server" / "host.token"
    before = path.read_text()
    server.stop()
    assert not path.exists()
    server.start()
    assert path.read_text() != before


def test_registrations_beyond_the_limit_wait_and_say_so(tmp_path: Path) -> None:
    with RealServer(tmp_path, AUTHSOME_PENDING_PER_ADDRESS="3") as small:
        address = ClientSettings(home=tmp_path).address()
        for _ in range(3):
            Client(address, new_key()).post("/identities", {})
        with pytest.raises(ClientError) as caught:
            Client(address, new_key()).post("/identities", {})
        assert caught.value.code == "too_many_pending"
        forwarded = signed(message(small)) | {
            "X-Forwarded-For": "203.0.113.9",
            "Forwarded": "for=203.0.113.9",
        }
        assert register(small, forwarded).code == "too_many_pending"
