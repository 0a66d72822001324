"""Bodies and heads that are not what they should be: each is refused, says why, and changes nothing."""

from __future__ import annotations

import json
import socket
import time

import pytest

from authsome.server.guard import LARGEST_BODY
from authsome.server.http_limits import LARGEST_HEAD
from tests.e2e.api.asking import ask, message, register, signed
from tests.support.server import RealServer


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
    assert len(json.dumps(answer.document)) < 2_000


def test_an_announced_body_that_is_too_large_is_refused_before_it_is_sent(server: RealServer) -> None:
    authority = server.base_url.removeprefix("http://").encode()
    head = b"POST /api/identities HTTP/1.1\r\nHost: %b\r\nContent-Length: %d\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.file.port), timeout=10) as raw:
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
