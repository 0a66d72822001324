"""Nobody holds a connection for ever: slow heads, slow handshakes, silence, and a stop in good order."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from authsome.proxy.limits import Limits
from tests.e2e.proxy.house import House, house, problem, read_all, read_head, read_response
from tests.e2e.proxy.upstream import Received, raw

SHORT = Limits(
    head_seconds=0.4,
    handshake_seconds=0.4,
    idle_seconds=0.4,
    body_seconds=0.4,
    answer_seconds=0.4,
    stream_seconds=0.4,
    linger_seconds=0.2,
    sweep_seconds=0.05,
)


@pytest.fixture
def hurried(tmp_path: Path) -> Iterator[House]:
    """A house where every wait is short."""
    with house(tmp_path, SHORT) as built:
        yield built


async def silent(got: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    await asyncio.sleep(5)
    return False


def test_a_connect_that_drips_in_is_ended(hurried: House) -> None:
    with hurried.connect() as plain:
        plain.sendall(b"CONNECT localhost:443 HTTP/1.1\r\n")
        began = time.monotonic()
        plain.settimeout(0.05)
        reply = b""
        while not reply and time.monotonic() - began < 3:
            try:
                plain.sendall(b"X")
                reply = plain.recv(1000)
            except TimeoutError:
                continue
        assert reply.startswith(b"HTTP/1.1 408 ")


def test_a_request_head_that_drips_in_is_ended(hurried: House) -> None:
    with hurried.tunnel() as tls:
        tls.settimeout(0.05)
        tls.sendall(b"GET / HTTP/1.1\r\nX: ")
        began = time.monotonic()
        reply = b""
        while not reply and time.monotonic() - began < 3:
            try:
                tls.sendall(b"X")
                reply = tls.recv(1000)
            except TimeoutError:
                continue
        assert reply.startswith(b"HTTP/1.1 408 ")


def test_a_handshake_that_never_comes_is_ended(hurried: House) -> None:
    plain, head = hurried.open()
    assert head.startswith(b"HTTP/1.1 200 ")
    assert read_all(plain) == b""
    plain.close()
    hurried.eventually(lambda: hurried.server.open_connections == 0)


def test_an_idle_tunnel_is_closed_quietly(hurried: House) -> None:
    with hurried.tunnel() as tls:
        tls.sendall(hurried.get(close=False))
        read_response(tls)
        assert read_all(tls) == b""


def test_a_body_that_does_not_come_is_ended(hurried: House) -> None:
    reply = hurried.inside(hurried.get("/", "Content-Length: 10", method="POST") + b"abc")
    assert reply.startswith(b"HTTP/1.1 408 ")


def test_a_provider_that_does_not_answer_is_504(hurried: House) -> None:
    hurried.upstream.handlers["/"] = silent
    reply = hurried.inside(hurried.get())
    assert reply.startswith(b"HTTP/1.1 504 ")
    assert problem(reply)["code"] == "upstream_timeout"
    assert [outcome.value for outcome in hurried.gate.outcomes] == ["upstream_failed"]


def test_a_stream_that_falls_silent_is_broken_off(hurried: House) -> None:
    async def half(got: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        await raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")(got, reader, writer)
        return await silent(got, reader, writer)

    hurried.upstream.handlers["/"] = half
    assert hurried.curl().returncode in (18, 56)


def test_a_stop_lets_a_response_finish_and_takes_nothing_new(home: House) -> None:
    go_on = threading.Event()

    async def slow(got: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst")
        await writer.drain()
        await asyncio.to_thread(go_on.wait, 10)
        writer.write(b"later")
        return True

    home.upstream.handlers["/slow"] = slow
    with home.tunnel() as tls, home.tunnel() as idle:
        tls.sendall(home.get("/slow", close=False))
        read_head(tls)
        stopping = threading.Thread(target=lambda: home.threads.run(home.server.stop(5)))
        stopping.start()
        assert read_all(idle) == b""
        with pytest.raises(OSError, match="refused"):
            home.connect()
        go_on.set()
        assert read_all(tls) == b"firstlater"
        stopping.join(10)
        assert not stopping.is_alive()


def test_a_stop_does_not_wait_longer_than_its_grace(home: House) -> None:
    home.upstream.handlers["/"] = silent
    with home.tunnel() as tls:
        tls.sendall(home.get())
        home.eventually(lambda: len(home.upstream.received) == 1)
        began = time.monotonic()
        home.threads.run(home.server.stop(0.2))
        assert time.monotonic() - began < 1
        assert read_all(tls) == b""
    assert home.server.open_connections == 0
