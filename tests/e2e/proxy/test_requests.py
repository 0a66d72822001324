"""Requests inside the tunnel: what is ambiguous never leaves, and what leaves is written anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from authsome.kit.secret import Secret
from tests.e2e.proxy.house import QUICK, SECRET, House, house, problem, read_all, read_response

HOST = b"Host: localhost:PORT\r\n"
POST = b"POST / HTTP/1.1\r\n" + HOST
GET = b"GET / HTTP/1.1\r\n" + HOST

HOSTILE = [
    # Two statements of where the body ends: the classics of request smuggling.
    (POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", 400),
    (POST + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400),
    (POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400),
    (POST + b"Content-Length: 3, 3\r\n\r\nabc", 400),
    (POST + b"Content-Length: +3\r\n\r\nabc", 400),
    (POST + b"Content-Length: -1\r\n\r\nabc", 400),
    (POST + b"Content-Length: 0x3\r\n\r\nabc", 400),
    (POST + b"Content-Length: 3 4\r\n\r\nabc", 400),
    (POST + b"Content-Length:\r\n\r\nabc", 400),
    (POST + b"Content-Length: 99999999999999999999\r\n\r\nabc", 400),
    (POST + b"Content_Length: 3\r\n\r\nabc", 400),
    (POST + b"Transfer_Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nhello\r\n0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: chunked\r\n\r\n5;" + b"e" * 2_000_000, 431),
    # Heads that parsers read differently.
    (GET + b"X: a\r\n b\r\n\r\n", 400),
    (GET + b"X: a\nY: b\r\n\r\n", 400),
    (GET + b"X: a\rY: b\r\n\r\n", 400),
    (GET + b"X: a\0b\r\n\r\n", 400),
    (GET + b"X : a\r\n\r\n", 400),
    (GET + b" X: a\r\n\r\n", 400),
    (GET + b"X\r\n\r\n", 400),
    (GET + b": a\r\n\r\n", 400),
    (GET + b"X(y): a\r\n\r\n", 400),
    (b"GET  / HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET / HTTP/1.1 \r\n" + HOST + b"\r\n", 400),
    (b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /caf\xe9 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /#part HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"get / HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"FROB / HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"\r\nGET / HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /\r\n\r\n", 400),
    (b"GET / HTTP/1.0\r\n" + HOST + b"\r\n", 505),
    (b"GET / HTTP/2.0\r\n" + HOST + b"\r\n", 505),
    (b"TRACE / HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    (b"CONNECT localhost:PORT HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    # Too much of everything.
    (b"GET /" + b"a" * 17000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    (GET + b"X: " + b"a" * 70000 + b"\r\n\r\n", 431),
    (GET + b"X: a\r\n" * 250 + b"\r\n", 431),
    (b"a" * 70000, 431),
    # Another host than the tunnel's: this tunnel's credential must not go there.
    (b"GET / HTTP/1.1\r\nHost: api.openai.com\r\n\r\n", 421),
    (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 421),
    (b"GET / HTTP/1.1\r\nHost: localhost:1\r\n\r\n", 421),
    (b"GET / HTTP/1.1\r\nHost: localhost:PORT@evil.example\r\n\r\n", 421),
    (b"GET / HTTP/1.1\r\nHost: localhost:PORT, evil.example\r\n\r\n", 421),
    (b"GET / HTTP/1.1\r\nHost: \r\n\r\n", 421),
    (GET + b"Host: evil.example\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nX: y\r\n\r\n", 400),
    (b"GET https://evil.example/ HTTP/1.1\r\n" + HOST + b"\r\n", 421),
    (b"GET http://localhost:PORT/ HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET //evil.example@ HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
    (b"GET evil.example HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    # What is not passed.
    (GET + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", 501),
    (GET + b"Upgrade: h2c\r\n\r\n", 501),
    (GET + b"Expect: tea\r\n\r\n", 417),
]


@pytest.mark.parametrize(("data", "status"), HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_ambiguous_or_hostile_is_refused_and_never_forwarded_whole(
    home: House, data: bytes, status: int
) -> None:
    smuggled = b"GET /smuggled HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n"
    reply = home.inside((data + smuggled).replace(b"PORT", b"%d" % home.upstream.port))
    assert reply.startswith(b"HTTP/1.1 %d " % status), reply[:300]
    assert reply.count(b"\r\nX-Authsome-Error: ") == 1
    assert problem(reply)["hint"]
    assert not [got for got in home.upstream.received if "/smuggled" in got.line]
    # A broken chunk is found only after its head has left; nothing complete arrived even then.
    assert not [got for got in home.upstream.received if got.digest]


def test_only_what_belongs_to_the_request_leaves(home: House) -> None:
    home.gate.allow("localhost", home.upstream.port, remove=("X-Api-Key",))
    home.inside(
        home.get(
            "/path?q=1",
            "Authorization: Bearer mine",
            "AUTHORIZATION: Bearer mine too",
            "X-Api-Key: mine",
            "x_api_key: mine",
            "X-Authsome-Admin: yes",
            "Proxy-Authorization: Basic eDp5",
            "Proxy-Connection: keep-alive",
            "Keep-Alive: 5",
            "TE: trailers",
            "X-Private-Hop: 1",
            "Connection: x-private-hop, keep-alive",
            "User-Agent: agent/1",
            "Accept: */*",
        )
    )
    (got,) = home.upstream.received
    assert got.line == "GET /path?q=1 HTTP/1.1"
    assert got.headers == [
        ("Host", f"localhost:{home.upstream.port}"),
        ("Authorization", f"Bearer {SECRET}"),
        ("User-Agent", "agent/1"),
        ("Accept", "*/*"),
    ]


def test_a_secret_in_the_query_replaces_the_agents_own(home: House) -> None:
    home.gate.allow("localhost", home.upstream.port, headers=(), query=(("key", Secret("s&cret=1")),))
    home.inside(home.get("/v1?a=1&key=mine&%6bey=mine&b"))
    assert home.upstream.received[0].line == "GET /v1?a=1&b&key=s%26cret%3D1 HTTP/1.1"


def test_a_stored_key_with_a_line_end_is_refused_and_not_written(home: House) -> None:
    home.gate.allow("localhost", home.upstream.port, headers=(("Authorization", Secret("a\r\nX: y")),))
    plain, head = home.open()
    plain.close()
    assert b"X-Authsome-Error: passage_unusable" in head


def test_an_absolute_target_for_the_same_host_becomes_a_path(home: House) -> None:
    port = home.upstream.port
    home.inside(home.get(f"https://LOCALHOST:{port}?q=1"))
    assert home.upstream.received[0].line == "GET /?q=1 HTTP/1.1"


def test_pipelined_requests_are_answered_one_after_the_other(home: House) -> None:
    body = b"POST /%d HTTP/1.1\r\nHost: localhost:%d\r\nContent-Length: 3\r\n\r\nabc"
    with home.tunnel() as tls:
        tls.sendall(b"".join(body % (number, home.upstream.port) for number in range(20)))
        answers = [read_response(tls)[0] for _ in range(20)]
    assert all(head.startswith(b"HTTP/1.1 200 ") for head in answers)
    assert [got.line.split()[1] for got in home.upstream.received] == [f"/{n}" for n in range(20)]
    assert {got.body for got in home.upstream.received} == {b"abc"}


def test_a_request_behind_a_chunked_body_is_not_mixed_up_with_it(home: House) -> None:
    head = b"POST /first HTTP/1.1\r\nHost: localhost:%d\r\nTransfer-Encoding: chunked\r\n\r\n"
    behind = b"3\r\nabc\r\n0\r\n\r\nGET /second HTTP/1.1\r\nHost: evil.example\r\n\r\n"
    reply = home.inside(head % home.upstream.port + behind)
    assert reply.startswith(b"HTTP/1.1 200 ")
    assert [got.line for got in home.upstream.received] == ["POST /first HTTP/1.1"]
    assert home.upstream.received[0].body == b"abc"


def test_a_head_in_single_bytes_is_the_same_head(home: House) -> None:
    with home.tunnel() as tls:
        for byte in home.get("/slowly", "X: y"):
            tls.sendall(bytes([byte]))
        assert read_all(tls).startswith(b"HTTP/1.1 200 ")
    assert home.upstream.received[0].line == "GET /slowly HTTP/1.1"


def test_trailers_of_a_request_cannot_bring_back_what_was_taken_out(home: House) -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost:%d\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    trailers = b"3\r\nabc\r\n0\r\nX-Sum: 1\r\nAuthorization: mine\r\nHost: evil.example\r\n\r\n"
    home.inside(head % home.upstream.port + trailers)
    names = [name for name, _ in home.upstream.received[0].headers if name.startswith("trailer:")]
    assert names == ["trailer:X-Sum"]


def test_a_refused_request_is_counted_as_refused(tmp_path: Path) -> None:
    with house(tmp_path, QUICK) as home:
        home.inside(b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        assert [outcome.value for outcome in home.gate.outcomes] == ["refused"]
