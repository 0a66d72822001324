"""What a stranger can send to the API: each is refused at once, says why, and changes nothing."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from authsome.client.errors import ClientError
from authsome.client.http import Client
from authsome.client.keys import Key, new_key
from authsome.client.settings import ClientSettings
from authsome.identity.did import PREFIX
from authsome.identity.signature import Message, content_digest, sign
from authsome.server.guard import LARGEST_BODY
from authsome.server.http_limits import LARGEST_HEAD
from tests.support.server import RealServer

QUICK_SECONDS = 2.0
JSON = {"content-type": "application/json"}
BODY = b'{"label": "mine"}'
TEN_YEARS = 10 * 365 * 24 * 3600


@dataclass(frozen=True)
class Answer:
    """A status, the problem's code, and how long it took."""

    status: int
    code: str
    document: Any
    seconds: float


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    with RealServer(
        tmp_path_factory.mktemp("hostile"), AUTHSOME_PENDING_PER_ADDRESS="500", AUTHSOME_PENDING_IN_ALL="500"
    ) as running:
        yield running


@pytest.fixture
def facts(server: RealServer) -> Iterator[None]:
    """Nothing is recorded while the block runs: a refusal changes nothing."""
    before = ask(server, "GET", "/health").document["log_position"]
    yield
    assert ask(server, "GET", "/health").document["log_position"] == before


def now() -> int:
    return int(datetime.now(UTC).timestamp())


def nonce() -> str:
    return os.urandom(16).hex()


def message(
    server: RealServer, method: str = "POST", path: str = "/identities", body: bytes = BODY
) -> Message:
    authority = server.base_url.removeprefix("http://")
    return Message(method=method, authority=authority, path=f"/api{path}", body=body)


def signed(message: Message, by: Key | None = None, **changed: Any) -> dict[str, str]:
    key = by or new_key()
    how: dict[str, Any] = {"did": key.did, "created": now(), "nonce": nonce(), "key": key.sign}
    return sign(message, **(how | changed))


def ask(
    server: RealServer,
    method: str,
    path: str,
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
) -> Answer:
    """One request, exactly as it is given."""
    began = time.monotonic()
    connection = HTTPConnection("127.0.0.1", server.file.port, timeout=30)
    authority = server.base_url.removeprefix("http://")
    try:
        connection.request(method, f"/api{path}", body, {**JSON, "Host": authority, **(headers or {})})
        response = connection.getresponse()
        content = response.read()
    finally:
        connection.close()
    seconds = time.monotonic() - began
    try:
        document = json.loads(content)
    except ValueError:
        document = None
    return Answer(response.status, response.headers.get("x-authsome-error", ""), document, seconds)


def register(server: RealServer, headers: dict[str, str], body: bytes = BODY) -> Answer:
    return ask(server, "POST", "/identities", headers, body)


def refusals(server: RealServer) -> dict[str, tuple[dict[str, str], str]]:
    """Signature headers that are not good, and what is said of each."""
    good = message(server)
    other = message(server, body=b'{"label": "yours"}')
    mine, yours = new_key(), new_key()
    whole = signed(good)
    return {
        "none": ({}, "signature_missing"),
        "no signature": ({"signature-input": whole["signature-input"]}, "signature_missing"),
        "two minutes old": (signed(good, created=now() - 120), "signature_stale"),
        "from the future": (signed(good, created=now() + 120), "signature_stale"),
        "good for ten years": (signed(good, created=now() + TEN_YEARS), "signature_stale"),
        "without a nonce": (signed(good, nonce=""), "signature_invalid"),
        "with a short nonce": (signed(good, nonce="abc"), "signature_invalid"),
        "of another body": (signed(other), "signature_invalid"),
        "of another path": (signed(message(server, path="/runs")), "signature_invalid"),
        "of another method": (signed(message(server, method="PUT")), "signature_invalid"),
        "of another host": (signed(replace(good, authority="example.org")), "signature_invalid"),
        "of another query": (signed(replace(good, query="a=b")), "signature_invalid"),
        "without the body": (signed(message(server, body=b"")), "signature_invalid"),
        "of somebody else's did": (signed(good, did=yours.did, key=mine.sign), "signature_invalid"),
        "of a did without a key": (signed(good, did=PREFIX + "1" * 47), "did_invalid"),
        "of a very long did": (signed(good, did=PREFIX + "6" * 100_000), "signature_invalid"),
        "a digest of its own": (whole | {"content-digest": content_digest(b"other")}, "signature_invalid"),
        "not base64": (whole | {"signature": "authsome=:not base64:"}, "signature_invalid"),
        "an empty signature": (whole | {"signature": "authsome=::"}, "signature_invalid"),
        "very long": (whole | {"signature": "authsome=:" + "A" * 10_000 + ":"}, "signature_invalid"),
        "two labels": (whole | {"signature": whole["signature"] + ", b=:AA==:"}, "signature_invalid"),
    }


CASES = (
    "none",
    "no signature",
    "two minutes old",
    "from the future",
    "good for ten years",
    "without a nonce",
    "with a short nonce",
    "of another body",
    "of another path",
    "of another method",
    "of another host",
    "of another query",
    "without the body",
    "of somebody else's did",
    "of a did without a key",
    "of a very long did",
    "a digest of its own",
    "not base64",
    "an empty signature",
    "very long",
    "two labels",
)


@pytest.mark.usefixtures("facts")
@pytest.mark.parametrize("case", CASES)
def test_a_signature_that_is_not_good_registers_nothing(server: RealServer, case: str) -> None:
    headers, code = refusals(server)[case]
    answer = register(server, headers)
    assert answer.status in (400, 401, 422)
    assert answer.code == code
    assert answer.seconds < QUICK_SECONDS
    if answer.document:
        assert answer.document["hint"]


def test_every_case_is_tried(server: RealServer) -> None:
    assert set(refusals(server)) == set(CASES)


def test_a_signature_works_once_also_after_a_restart(server: RealServer) -> None:
    asked = message(server)
    headers = signed(asked)
    assert register(server, headers).status == 201
    assert register(server, headers).code == "signature_replayed"
    server.stop()
    server.start()
    assert register(server, headers).code == "signature_replayed"


def test_of_many_replays_at_once_one_works(server: RealServer) -> None:
    headers = signed(message(server))
    with ThreadPoolExecutor(8) as pool:
        codes = sorted(pool.map(lambda _: register(server, headers).code, range(8)))
    assert codes == ["", *["signature_replayed"] * 7]


def test_one_key_registered_by_many_at_once_is_one_identity(server: RealServer) -> None:
    key = new_key()

    def once(_: int) -> Answer:
        return register(server, signed(message(server), key))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(once, range(8)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.document["handle"] for answer in answers}) == 1
    assert len({answer.document["claim_url"] for answer in answers}) == 8


@pytest.mark.usefixtures("facts")
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"label": "two\\nlines"}', 422, "label_invalid"),
        (b'{"label": "turns \\u202e around"}', 422, "label_invalid"),
        (b'{"label": "' + b"x" * 65 + b'"}', 422, "label_invalid"),
        (b'{"label": "' + b"x" * 100_000 + b'"}', 422, "input_invalid"),
        (b'{"label": "' + b"x" * 1_000_000 + b'"}', 413, "input_invalid"),
        (b'{"label": 7}', 422, "input_invalid"),
        (b'{"label": "x", "handle": "mine"}', 422, "input_invalid"),
        (b'{"label": "x"', 422, "input_invalid"),
        (b"[" * 60_000, 400, "input_invalid"),
        (b'{"label": "\\ud800"}', 422, ""),
        (b"\xff\xfe", 422, "input_invalid"),
        (b"null", 422, "input_invalid"),
    ],
    ids=lambda value: value[:24].decode("latin-1") if isinstance(value, bytes) else str(value),
)
def test_a_body_that_is_not_good_registers_nothing(
    server: RealServer, body: bytes, status: int, code: str
) -> None:
    headers = signed(message(server, body=body))
    answer = register(server, headers, body)
    assert answer.status == status
    assert not code or answer.code == code
    assert answer.seconds < QUICK_SECONDS
    assert len(json.dumps(answer.document)) < 2_000


def test_an_announced_body_that_is_too_large_is_refused_before_it_is_sent(server: RealServer) -> None:
    authority = server.base_url.removeprefix("http://").encode()
    head = b"POST /api/identities HTTP/1.1\r\nHost: %b\r\nContent-Length: %d\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.file.port), timeout=QUICK_SECONDS) as raw:
        raw.sendall(head % (authority, LARGEST_BODY + 1))
        assert b"413" in raw.recv(1_000).split(b"\r\n")[0]


def test_a_chunked_body_without_end_is_cut_off(server: RealServer) -> None:
    authority = server.base_url.removeprefix("http://").encode()
    head = b"POST /api/identities HTTP/1.1\r\nHost: %b\r\nTransfer-Encoding: chunked\r\n\r\n" % authority
    chunk = b"2000\r\n" + b"x" * 0x2000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", server.file.port), timeout=10) as raw:
        raw.sendall(head)
        sent = 0
        while sent < 4 * LARGEST_BODY:
            try:
                raw.sendall(chunk)
            except OSError:
                break
            sent += 0x2000
        assert b"413" in raw.recv(1_000).split(b"\r\n")[0]


@pytest.mark.parametrize("line", [b"X-Long: ", b"GET /", b""])
def test_a_head_without_end_is_cut_off(server: RealServer, line: bytes) -> None:
    start = line if line.startswith(b"GET") else b"GET /api/health HTTP/1.1\r\n" + line
    piece = b"x" * 1_000 if line else b"A: b\r\n" * 200
    with socket.create_connection(("127.0.0.1", server.file.port), timeout=10) as raw:
        raw.sendall(start)
        for _ in range(3 * LARGEST_HEAD // len(piece)):
            try:
                raw.sendall(piece)
            except OSError:
                break
            time.sleep(0.001)
        said = raw.recv(1_000)
    assert said.startswith(b"HTTP/1.1 400")
    assert ask(server, "GET", "/health").status == 200


@pytest.mark.parametrize("host", ["evil.example.org", "localhost", "127.0.0.1:1", ""])
def test_another_host_is_refused(server: RealServer, host: str) -> None:
    answer = ask(server, "GET", "/health", {"Host": host})
    assert answer.status == 421
    assert "AUTHSOME_BASE_URL" in answer.document["hint"]


@pytest.mark.parametrize("hosts", [["evil.example.org", "{}"], ["{}", "evil.example.org"], ["{}", "{}"]])
def test_a_host_that_is_said_twice_is_refused(server: RealServer, hosts: list[str]) -> None:
    authority = server.base_url.removeprefix("http://")
    lines = "".join(f"Host: {host.format(authority)}\r\n" for host in hosts)
    with socket.create_connection(("127.0.0.1", server.file.port), timeout=QUICK_SECONDS) as raw:
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
