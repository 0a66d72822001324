"""The listener of a run lends nothing, proves the gateway, holds back, and breaks where that breaks."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import time
from pathlib import Path

import pytest

from authsome.cli.running.dial import ProxyUnproven, ProxyUnreachable
from authsome.cli.running.forward import Forwarder
from authsome.proxy.limits import Limits
from tests.e2e.proxy.elsewhere.road import ADDRESS, dialer, open_tls, stand_in
from tests.e2e.proxy.house import House, credentials, house, read_all, read_head
from tests.e2e.proxy.upstream import BLOCK, Received, blob

MEGABYTE = 1 << 20


@pytest.mark.parametrize("said", ["", credentials("run-token-of-another-run-0123")], ids=["none", "another"])
def test_whoever_has_no_token_of_the_run_gets_nothing_by_its_listener(home: House, said: str) -> None:
    target = f"localhost:{home.upstream.port}"
    reply = home.say(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{said}\r\n".encode())
    assert reply.startswith(b"HTTP/1.1 407 ")
    assert home.upstream.connections == 0
    assert home.gate.asked == 0


def test_a_gateway_with_another_authority_is_refused_before_a_command_begins(
    home: House, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    with (
        house(tmp_path / "other") as other,
        pytest.raises(ProxyUnproven, match="not this gateway"),
        Forwarder(dialer(home, open_tls(other))),
    ):
        pass


def test_a_gateway_that_has_another_name_is_refused(home: House) -> None:
    with pytest.raises(ProxyUnproven), Forwarder(dialer(home, open_tls(home, "other.example.org"))):
        pass


def test_a_port_that_does_not_speak_tls_is_refused(tmp_path: Path) -> None:
    quick = Limits(head_seconds=0.3, sweep_seconds=0.05)
    with (
        house(tmp_path, quick) as plain,
        pytest.raises(ProxyUnproven),
        Forwarder(dialer(plain, plain.port)),
    ):
        pass


def test_a_port_where_nobody_listens_is_said_before_a_command_begins(home: House) -> None:
    with pytest.raises(ProxyUnreachable, match="efused"), Forwarder(dialer(home, free_port())):
        pass


def reach(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def read_to_the_end(sock: socket.socket) -> None:
    while sock.recv(65536):
        pass


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def test_a_gateway_that_is_gone_later_is_said_in_the_answer(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        gateway = contextlib.ExitStack()
        there = gateway.enter_context(stand_in(tmp_path, lambda tls: None))
        port = stack.enter_context(Forwarder(there))
        gateway.close()
        with reach(port) as command:
            command.sendall(b"CONNECT api.example.org:443 HTTP/1.1\r\n\r\n")
            reply = read_all(command)
    assert reply.startswith(b"HTTP/1.1 502 ")
    assert b"X-Authsome-Error: proxy_unreachable\r\n" in reply


def test_a_gateway_that_breaks_off_breaks_the_commands_connection(tmp_path: Path) -> None:
    def break_off(tls: socket.socket) -> None:
        tls.recv(100)
        tls.sendall(b"half of it")
        tls.close()  # without close_notify

    with stand_in(tmp_path, break_off) as there, Forwarder(there) as port, reach(port) as command:
        command.sendall(b"go")
        with pytest.raises(ConnectionResetError):
            read_to_the_end(command)


def test_the_end_of_one_direction_leaves_the_other_open(tmp_path: Path) -> None:
    def answer_the_whole(tls: socket.socket) -> None:
        assert isinstance(tls, ssl.SSLSocket)
        got = b""
        while piece := tls.recv(65536):
            got += piece
        tls.sendall(b"%d" % len(got) + bytes(MEGABYTE))
        with contextlib.suppress(OSError):
            tls.unwrap()

    with stand_in(tmp_path, answer_the_whole) as there, Forwarder(there) as port, reach(port) as command:
        command.sendall(bytes(3 * MEGABYTE))
        command.shutdown(socket.SHUT_WR)
        reply = read_all(command)
    assert reply == b"%d" % (3 * MEGABYTE) + bytes(MEGABYTE)


def test_a_command_that_does_not_read_holds_the_provider_back(home: House) -> None:
    sent = 0

    async def pour(got: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (256 * MEGABYTE))
        while sent < 256 * MEGABYTE:
            writer.write(BLOCK)
            await writer.drain()
            sent += len(BLOCK)
        return True

    home.upstream.handlers["/pour"] = pour
    with home.tunnel() as tls:
        tls.sendall(home.get("/pour"))
        read_head(tls)
        before = -1
        while sent != before:
            before = sent
            time.sleep(0.3)
    # What the kernel's buffers of four sockets hold, and a little of ours.
    assert sent < 64 * MEGABYTE


def test_after_the_run_nobody_listens_and_what_was_open_is_cut(home: House) -> None:
    home.upstream.handlers["/blob"] = blob(64 * MEGABYTE)
    with contextlib.ExitStack() as run:
        port = run.enter_context(Forwarder(dialer(home, open_tls(home))))
        other = House(**{**vars(home), "port": port})
        tls = other.tunnel()
        tls.sendall(home.get("/blob"))
        read_head(tls)
        run.close()
        with pytest.raises(OSError, match="refused"):
            other.connect()
        with tls:
            assert len(read_all(tls)) < 64 * MEGABYTE


def test_more_connections_than_may_be_open_wait_for_one_that_ends(home: House) -> None:
    waiting = [home.connect() for _ in range(230)]
    for one in waiting:
        one.close()
    assert home.curl().returncode == 0


def test_the_listener_is_on_loopback_alone(home: House) -> None:
    with home.connect() as command:
        assert command.getpeername()[0] == ADDRESS
    everywhere = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    assert f"00000000:{home.port:04X}" not in everywhere
