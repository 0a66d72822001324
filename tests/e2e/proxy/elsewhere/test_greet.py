"""The proxy's TLS port and strangers: silence, other protocols, other names, and too many of them."""

from __future__ import annotations

import socket
import ssl
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.proxy.elsewhere.road import ADDRESS, open_tls
from tests.e2e.proxy.house import QUICK, House, house, read_all


def connect(port: int) -> socket.socket:
    return socket.create_connection((ADDRESS, port), timeout=10)


def test_whoever_never_greets_is_ended_and_counted_meanwhile(tmp_path: Path) -> None:
    with house(tmp_path, replace(QUICK, handshake_seconds=0.4)) as home, connect(open_tls(home)) as silent:
        home.eventually(lambda: home.server.open_connections == 1)
        assert read_all(silent) == b""
        home.eventually(lambda: home.server.open_connections == 0)


def test_a_request_without_tls_gets_no_answer_of_the_proxy(home: House) -> None:
    with connect(open_tls(home)) as plain:
        plain.sendall(b"CONNECT api.example.org:443 HTTP/1.1\r\nHost: api.example.org:443\r\n\r\n")
        assert b"HTTP" not in read_all(plain)


def test_another_name_than_the_gateways_is_not_proven(home: House) -> None:
    context = ssl.create_default_context(cafile=str(home.ca))
    with (
        connect(open_tls(home, "gateway.example.org")) as plain,
        pytest.raises(ssl.SSLCertVerificationError, match="not valid for"),
    ):
        context.wrap_socket(plain, server_hostname="other.example.org")


def test_older_tls_than_1_3_is_refused(home: House) -> None:
    context = ssl.create_default_context(cafile=str(home.ca))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with connect(open_tls(home)) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain, server_hostname=ADDRESS)


def test_those_who_do_not_greet_cannot_take_more_places_than_there_are(tmp_path: Path) -> None:
    with house(tmp_path, replace(QUICK, connections=3)) as home:
        port = open_tls(home)
        silent = [connect(port) for _ in range(3)]
        home.eventually(lambda: home.server.open_connections == 3)
        with connect(port) as one_more:
            assert read_all(one_more) == b""
        for one in silent:
            one.close()
        home.eventually(lambda: home.server.open_connections == 0)


def test_strangers_by_the_hundred_leave_room_for_those_who_are_known(tmp_path: Path) -> None:
    limits = replace(QUICK, connections=6, strangers=2)
    with house(tmp_path, limits) as home:
        port, context = open_tls(home), ssl.create_default_context(cafile=str(home.ca))
        greeted = context.wrap_socket(connect(port), server_hostname=ADDRESS)  # and says nothing more
        silent = connect(port)
        home.eventually(lambda: home.server.open_connections == 2)
        for _ in range(10):
            with connect(port) as one_more:
                assert read_all(one_more) == b""
        assert home.curl().returncode == 0
        for one in (greeted, silent):
            one.close()


def test_a_stop_ends_those_who_have_not_greeted(tmp_path: Path) -> None:
    with house(tmp_path) as home:
        port = open_tls(home)
        with connect(port) as silent:
            home.eventually(lambda: home.server.open_connections == 1)
            home.threads.run(home.server.stop(0))
            assert read_all(silent) == b""
        with pytest.raises(OSError, match="refused"):
            connect(port)
