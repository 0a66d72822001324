"""What comes back: framed as the provider meant it, without secrets, and never cut short unnoticed."""

from __future__ import annotations

import asyncio
import base64
import ssl

import pytest

from authsome.kit.secret import Secret
from tests.e2e.proxy.house import SECRET, House, problem, read_all, read_head, read_response
from tests.e2e.proxy.upstream import Received, raw, read_body

OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (OK + b"Content-Length: 5\r\n\r\nhello", b"hello"),
        (OK + b"Content-Length: 0\r\n\r\n", b""),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", b"5\r\nhello\r\n0\r\n\r\n"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-Sum: 1\r\n\r\n", b"0\r\nX-Sum: 1\r\n\r\n"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", b""),
        (b"HTTP/1.1 299 Odd\r\nContent-Length: 2\r\n\r\nok", b"ok"),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\nok", b"ok"),
    ],
    ids=range(8),
)
def test_a_connection_goes_on_after_each_kind_of_response(home: House, answer: bytes, body: bytes) -> None:
    home.upstream.handlers["/it"] = raw(answer)
    with home.tunnel() as tls:
        tls.sendall(home.get("/it", close=False))
        tls.sendall(home.get("/last"))
        reply = read_all(tls)
    assert body + b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" in reply
    assert len(home.upstream.received) == 2
    assert home.upstream.connections == 1


def test_a_head_request_has_no_body_whatever_its_headers_say(home: House) -> None:
    with home.tunnel() as tls:
        tls.sendall(home.get("/", method="HEAD", close=False))
        head = read_head(tls)
        assert b"\r\nContent-Length: 70\r\n" in head
        tls.sendall(home.get("/"))
        assert read_all(tls).startswith(b"HTTP/1.1 200 ")
    assert home.upstream.connections == 1


def test_a_body_that_ends_with_its_connection_is_passed_in_chunks(home: House) -> None:
    home.upstream.handlers["/"] = raw(OK + b"\r\nhello", then_close=True)
    reply = home.inside(home.get())
    head = OK + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    assert reply == head + b"5\r\nhello\r\n0\r\n\r\n"


def test_a_body_without_length_whose_connection_breaks_is_not_taken_for_whole(home: House) -> None:
    async def cut(got: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        writer.write(OK + b"\r\nhalf")
        await writer.drain()
        await asyncio.sleep(0.1)
        writer.transport.abort()  # no farewell by TLS: somebody else may have cut it
        return False

    home.upstream.handlers["/cut"] = cut
    home.upstream.handlers["/whole"] = raw(OK + b"\r\nwhole", then_close=True)
    assert home.curl(path="/cut").returncode != 0
    assert home.curl(path="/whole").stdout == "whole"


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"Content-Length: 100\r\n\r\nhello",
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnonsense\r\n",
    ],
    ids=["length", "chunked", "bad chunk"],
)
def test_a_response_that_breaks_off_breaks_the_agents_connection(home: House, answer: bytes) -> None:
    home.upstream.handlers["/"] = raw(answer, then_close=True)
    done = home.curl("-i")
    assert done.returncode in (18, 56), done  # partial file, or receive error; never success
    assert [outcome.value for outcome in home.gate.outcomes] == ["delivered"]


@pytest.mark.parametrize(
    "answer",
    [
        b"nonsense\r\n\r\n",
        b"HTTP/2.0 200 OK\r\n\r\n",
        OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nhello",
        OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        OK + b"X: a\r\n b\r\n\r\n",
        OK + b"X: a\nY: b\r\n\r\n",
        OK + b"X: " + b"a" * 70000 + b"\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 50,
        b"",
    ],
    ids=range(11),
)
def test_a_malformed_answer_is_the_providers_fault_and_said_so(home: House, answer: bytes) -> None:
    home.upstream.handlers["/"] = raw(answer, then_close=True)
    reply = home.inside(home.get())
    reply = reply[reply.rindex(b"HTTP/1.1 502") :]
    assert problem(reply)["code"] in ("upstream_malformed", "upstream_closed")
    assert [outcome.value for outcome in home.gate.outcomes] == ["upstream_failed"]


def test_a_secret_that_the_provider_echoes_does_not_reach_the_agent(home: House) -> None:
    basic = base64.b64encode(f"x:{SECRET}".encode()).decode()
    home.gate.allow(
        "localhost",
        home.upstream.port,
        headers=(("Authorization", Secret(f"Basic {basic}")),),
        query=(("key", Secret("s&cret=1")),),
        scrub=(Secret(SECRET),),
    )
    lines = f"A: Basic {basic}\r\nB: it is {basic}!\r\nC: {SECRET}\r\nD: s&cret=1\r\n"
    lines += "Location: /?key=s%26cret%3D1\r\n"
    trailer = f"0\r\nE: {SECRET}\r\n\r\n"
    answer = f"HTTP/1.1 200 {SECRET}\r\n{lines}{SECRET}: x\r\nTransfer-Encoding: chunked\r\n\r\n{trailer}"
    home.upstream.handlers["/"] = raw(answer.encode())
    reply = home.inside(home.get())
    for leak in (SECRET, basic, "s%26cret%3D1", "s&cret=1"):
        assert leak.encode() not in reply
    assert b"\r\nB: it is [redacted]!\r\n" in reply
    assert b"\r\nLocation: /?key=[redacted]\r\n" in reply
    assert b"\r\nE: [redacted]\r\n" in reply


def test_what_is_for_one_hop_only_stays_there(home: House) -> None:
    lines = b"Keep-Alive: 5\r\nConnection: x-hop, keep-alive\r\nX-Hop: 1\r\nAlt-Svc: h3\r\n"
    lines += b"X-Authsome-Error: forged\r\n"
    home.upstream.handlers["/"] = raw(OK + lines + b"X-Kept: yes\r\nContent-Length: 2\r\n\r\nok")
    reply = home.inside(home.get())
    assert reply == OK + b"X-Kept: yes\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


def test_bytes_behind_a_response_never_meet_the_next_request(home: House) -> None:
    poison = OK + b"Content-Length: 6\r\n\r\npoison"
    home.upstream.handlers["/first"] = raw(OK + b"Content-Length: 2\r\n\r\nok" + poison)
    home.upstream.handlers["/chunked"] = raw(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + poison)
    for path in ("/first", "/chunked"):
        with home.tunnel() as tls:
            tls.sendall(home.get(path, close=False))
            tls.sendall(home.get("/last"))
            reply = read_all(tls)
        assert b"poison" not in reply
        assert b"hello " in reply


def test_a_late_answer_never_meets_the_next_request(home: House) -> None:
    async def late(got: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        writer.write(OK + b"Content-Length: 2\r\n\r\nok")
        await writer.drain()
        await asyncio.sleep(0.1)
        writer.write(OK + b"Content-Length: 6\r\n\r\npoison")
        return True

    home.upstream.handlers["/late"] = late
    with home.tunnel() as tls:
        tls.sendall(home.get("/late", close=False))
        assert read_response(tls)[1] == b"ok"
        home.eventually(lambda: home.upstream.lost == 1)
        tls.sendall(home.get("/last"))
        assert b"poison" not in read_all(tls)


def test_an_idle_connection_closed_by_the_provider_is_not_the_agents_problem(home: House) -> None:
    async def then_reset(got: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        if got.connection > 1:
            return await raw(OK + b"Content-Length: 3\r\n\r\nnew")(got, reader, writer)
        if len(home.upstream.received) == 1:
            return await raw(OK + b"Content-Length: 3\r\n\r\nold")(got, reader, writer)
        writer.transport.abort()  # the second request on the first connection gets no answer
        return False

    home.upstream.handlers["/"] = then_reset
    with home.tunnel() as tls:
        tls.sendall(home.get(close=False))
        assert read_response(tls)[1] == b"old"
        tls.sendall(home.get(close=False))
        assert read_response(tls)[1] == b"new"
        assert home.upstream.connections == 2


def test_a_request_with_a_body_is_not_sent_twice(home: House) -> None:
    async def drop(got: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        await read_body(got, reader)
        return False

    home.upstream.handlers["/drop"] = drop
    with home.tunnel() as tls:
        tls.sendall(home.get(close=False))
        read_response(tls)
        tls.sendall(home.get("/drop", "Content-Length: 3", method="POST") + b"abc")
        reply = read_all(tls)
    assert problem(reply)["code"] == "upstream_closed"
    assert [got.line.split()[1] for got in home.upstream.received] == ["/", "/drop"]


def test_a_provider_that_is_not_there_or_not_proven_is_said_inside_the_tunnel(home: House) -> None:
    home.threads.run(home.upstream.stop())
    reply = home.inside(home.get())
    assert reply.startswith(b"HTTP/1.1 502 ")
    assert problem(reply)["code"] == "upstream_unreachable"


def test_a_certificate_for_another_name_is_not_accepted(home: House) -> None:
    home.gate.allow("127.0.0.1", home.upstream.port)
    plain, head = home.open(f"127.0.0.1:{home.upstream.port}")
    assert head.startswith(b"HTTP/1.1 200 ")
    with ssl.create_default_context(cafile=str(home.ca)).wrap_socket(
        plain, server_hostname="127.0.0.1"
    ) as tls:
        tls.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % home.upstream.port)
        reply = read_all(tls)
    assert problem(reply)["code"] == "upstream_tls_failed"
    assert home.upstream.received == []
