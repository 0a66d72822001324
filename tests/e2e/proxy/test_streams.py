"""Bodies on their way: at once, in constant memory, in both directions."""

from __future__ import annotations

import asyncio
import hashlib
import threading
import time

from tests.e2e.proxy.house import House, read_all, read_head, read_response
from tests.e2e.proxy.upstream import Received, blob, read_body, sink

MEGABYTE = 1 << 20


def test_an_event_arrives_before_the_stream_ends(home: House) -> None:
    go_on = threading.Event()

    async def events(got: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        writer.write(b"b\r\ndata: one\n\n\r\n")
        await writer.drain()
        await asyncio.to_thread(go_on.wait, 10)
        writer.write(b"b\r\ndata: two\n\n\r\n0\r\n\r\n")
        return True

    home.upstream.handlers["/events"] = events
    with home.tunnel() as tls:
        tls.sendall(home.get("/events"))
        read_head(tls)
        began = time.monotonic()
        assert tls.recv(100) == b"b\r\ndata: one\n\n\r\n"
        assert time.monotonic() - began < 1
        go_on.set()
        assert read_all(tls) == b"b\r\ndata: two\n\n\r\n0\r\n\r\n"


def test_a_request_streams_up_while_it_is_being_made(home: House) -> None:
    seen = threading.Event()

    async def watch(got: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        assert await reader.readexactly(8) == b"3\r\none\r\n"
        seen.set()
        await read_body(got, reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        return True

    home.upstream.handlers["/up"] = watch
    with home.tunnel() as tls:
        tls.sendall(home.get("/up", "Transfer-Encoding: chunked", method="POST") + b"3\r\none\r\n")
        assert seen.wait(5)
        tls.sendall(b"3\r\ntwo\r\n0\r\n\r\n")
        assert read_all(tls).startswith(b"HTTP/1.1 200 ")
    assert home.upstream.received[0].body == b"two"


def test_large_bodies_arrive_whole_in_both_directions(home: House) -> None:
    home.upstream.handlers["/sink"] = sink
    home.upstream.handlers["/blob"] = blob(32 * MEGABYTE)
    block = bytes(range(256)) * 4096
    digest = hashlib.sha256(block * 16).hexdigest()
    with home.tunnel() as tls:
        tls.sendall(home.get("/sink", f"Content-Length: {16 * MEGABYTE}", method="POST", close=False))
        for _ in range(16):
            tls.sendall(block)
        assert read_response(tls)[1] == f"{16 * MEGABYTE} {digest}".encode()
        tls.sendall(home.get("/sink", "Transfer-Encoding: chunked", method="POST", close=False))
        for _ in range(16):
            tls.sendall(b"%x\r\n%b\r\n" % (len(block), block))
        tls.sendall(b"0\r\n\r\n")
        assert read_response(tls)[1] == f"{16 * MEGABYTE} {digest}".encode()
        tls.sendall(home.get("/blob"))
        assert len(read_all(tls).partition(b"\r\n\r\n")[2]) == 32 * MEGABYTE


def test_a_slow_reader_holds_the_provider_back(home: House) -> None:
    sent = 0

    async def flood(got: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (256 * MEGABYTE))
        while sent < 256 * MEGABYTE:
            writer.write(b"\0" * 65536)
            await writer.drain()
            sent += 65536
        return False

    home.upstream.handlers["/flood"] = flood
    with home.tunnel() as tls:
        tls.sendall(home.get("/flood"))
        read_head(tls)
        time.sleep(1)
        held = sent
        time.sleep(0.5)
        assert sent == held, "the provider was never held back"
        assert held < 24 * MEGABYTE  # mostly the kernel's own socket buffers
    home.eventually(lambda: home.upstream.lost == 1)  # the agent left, and so did we


def test_a_slow_provider_holds_the_agent_back(home: House) -> None:
    done = threading.Event()

    async def lazy(got: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        await asyncio.to_thread(done.wait, 10)
        return False

    home.upstream.handlers["/lazy"] = lazy
    with home.tunnel() as tls:
        tls.sendall(home.get("/lazy", f"Content-Length: {256 * MEGABYTE}", method="POST"))
        tls.settimeout(1)
        sent = 0
        try:
            while sent < 256 * MEGABYTE:
                sent += tls.send(b"\0" * 65536)
        except TimeoutError:
            pass
        done.set()
    assert sent < 24 * MEGABYTE


def test_a_client_that_waits_for_100_continue_gets_it(home: House) -> None:
    with home.tunnel() as tls:
        tls.sendall(home.get("/", "Content-Length: 3", "Expect: 100-continue", method="POST"))
        assert read_head(tls) == b"HTTP/1.1 100 Continue\r\n\r\n"
        tls.sendall(b"abc")
        assert read_all(tls).startswith(b"HTTP/1.1 200 ")
    assert home.upstream.received[0].body == b"abc"


def test_an_answer_before_the_whole_request_reaches_the_agent_and_ends_the_connection(home: House) -> None:
    async def early(got: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        writer.write(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig")
        await writer.drain()
        return False

    home.upstream.handlers["/early"] = early
    with home.tunnel() as tls:
        tls.sendall(home.get("/early", "Content-Length: 1000000", method="POST", close=False) + b"abc")
        head, body = read_response(tls)
        assert head.startswith(b"HTTP/1.1 413 ")
        assert b"\r\nConnection: close\r\n" in head
        assert body == b"big"
        assert read_all(tls) == b""


def test_an_agent_that_leaves_ends_the_request_at_the_provider(home: House) -> None:
    started = threading.Event()

    async def forever(got: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        started.set()
        await reader.read(1)
        return False

    home.upstream.handlers["/forever"] = forever
    with home.tunnel() as tls:
        tls.sendall(home.get("/forever"))
        assert started.wait(5)
    home.eventually(lambda: home.upstream.lost == 1)
    assert [outcome.value for outcome in home.gate.outcomes] == ["upstream_failed"]
