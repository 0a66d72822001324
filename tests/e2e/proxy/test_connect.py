"""What may open a tunnel, and what every other first request is told."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import pytest

from authsome.proxy.gate import Passage
from authsome.proxy.http.authority import split_authority
from authsome.proxy.limits import Limits
from tests.e2e.proxy.house import House, credentials, house, problem, read_all


def connect(target: str, *lines: str) -> bytes:
    return "\r\n".join([f"CONNECT {target} HTTP/1.1", *lines, "", ""]).encode("latin-1")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Proxy-Authorization: Basic cnVuOndyb25n",  # run:wrong
        "Proxy-Authorization: Basic !!!",
        "Proxy-Authorization: Basic",
        "Proxy-Authorization: Bearer wrong",
        "Proxy-Authorization: Digest username=run",
        "Proxy-Authorization: Basic b3RoZXI6cnVuLXRva2VuLTAxMjM0NTY3ODlhYmNkZWY=",  # another user name
        "Proxy-Authorization: Bearer " + "a" * 600,
        "Authorization: Bearer run-token-0123456789abcdef",
    ],
)
def test_without_a_good_token_there_is_no_tunnel(home: House, line: str) -> None:
    reply = home.say(connect(f"localhost:{home.upstream.port}", *[line] if line else []))
    assert reply.startswith(b"HTTP/1.1 407 ")
    assert b'\r\nProxy-Authenticate: Basic realm="authsome"\r\n' in reply
    assert problem(reply)["code"] in ("run_token_missing", "run_token_invalid")
    assert home.gate.asked == 0


def test_a_bearer_token_is_as_good_as_a_basic_one(home: House) -> None:
    head = "Proxy-Authorization: Bearer run-token-0123456789abcdef"
    with home.connect() as plain:
        plain.sendall(connect(f"localhost:{home.upstream.port}", head))
        assert plain.recv(100).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("first", "status", "code"),
    [
        (b"GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 403, "plain_http_refused"),
        (b"POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 403, "plain_http_refused"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "request_malformed"),
        (b"GET /\r\n\r\n", 400, "request_malformed"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400, "request_malformed"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "http_version_refused"),
        (b"CONNECT a:443 HTTP/1.1\nHost: a\n\n", 400, "request_malformed"),
        (b"CONNECT a:443 HTTP/1.1\r\nX: a\r\n b\r\n\r\n", 400, "request_malformed"),
        (b"CONNECT a:443 HTTP/1.1\r\nX: a\0b\r\n\r\n", 400, "request_malformed"),
        (b"CONNECT a:443 HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", 400, "request_malformed"),
        (b"CONNECT a:443 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "request_malformed"),
        (b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "request_malformed"),
        (b"CONNECT " + b"a" * 20000 + b":443 HTTP/1.1\r\n\r\n", 414, "target_too_long"),
        (b"CONNECT a:443 HTTP/1.1\r\nX: " + b"a" * 70000 + b"\r\n\r\n", 431, "head_too_large"),
        (b"CONNECT a:443 HTTP/1.1\r\n" + b"X: y\r\n" * 300 + b"\r\n", 431, "head_too_large"),
        (b"x" * 70000, 431, "head_too_large"),
    ],
)
def test_anything_but_a_clean_connect_is_answered_and_closed(
    home: House, first: bytes, status: int, code: str
) -> None:
    reply = home.say(first)
    assert reply.startswith(b"HTTP/1.1 %d " % status), reply[:200]
    assert f"\r\nX-Authsome-Error: {code}\r\n".encode() in reply
    assert problem(reply)["hint"]
    assert home.gate.asked == 0


@pytest.mark.parametrize(
    "target",
    [
        "localhost",
        "localhost:",
        "localhost:0",
        "localhost:65536",
        "localhost:0443",
        "localhost:443:443",
        "local host:443",
        "user@localhost:443",
        "http://localhost:443",
        "[::1:443",
        "[fe80::1%25eth0]:443",
        "127.1:443",
        "2130706433:443",
        "0x7f.0.0.1:443",
        "0177.0.0.1:443",
        "a..b:443",
        "-a.example:443",
        "a" * 64 + ".example:443",
        "caf\xe9.example:443",
        ":443",
    ],
)
def test_a_target_that_two_parsers_could_read_differently_is_refused(home: House, target: str) -> None:
    reply = home.say(connect(target, credentials().strip()))
    assert reply.startswith(b"HTTP/1.1 400 "), reply
    assert home.gate.asked == 0


@pytest.mark.parametrize(
    ("host", "listed"),
    [
        ("127.0.0.1", False),
        ("localhost", False),
        ("10.0.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("::1", False),
        ("fd00::1", False),
        ("::ffff:8.8.8.8", False),
        ("64:ff9b::808:808", False),
        ("2002:808:808::1", False),
        ("0.0.0.0", True),
        ("169.254.169.254", True),
        ("::ffff:169.254.169.254", True),
        ("64:ff9b::a9fe:a9fe", True),
        ("2002:a9fe:a9fe::1", True),
        ("fe80::1", True),
        ("fd00:ec2::254", True),
        ("168.63.129.16", True),
        ("224.0.0.1", True),
        ("255.255.255.255", True),
        ("::", True),
    ],
)
def test_no_secret_goes_to_a_private_address_and_none_ever_to_metadata(
    home: House, host: str, listed: bool
) -> None:
    target = f"[{host}]:443" if ":" in host else f"{host}:443"
    home.gate.allow(*split_authority(target), private_ok=listed)
    reply = home.say(connect(target, credentials().strip()))
    assert reply.startswith(b"HTTP/1.1 403 "), reply
    assert problem(reply)["code"] == "private_address"


def test_two_spellings_of_a_host_are_one_host(home: House) -> None:
    plain, head = home.open(f"LOCALHOST.:{home.upstream.port}")
    plain.close()
    assert head.startswith(b"HTTP/1.1 200 ")


def test_the_tunnel_proves_to_be_the_host_of_the_connect_and_no_other(home: House) -> None:
    # uvloop closes without sending OpenSSL's alert; the standard event loop sends it.
    with pytest.raises(ssl.SSLError, match=r"UNRECOGNIZED_NAME|EOF occurred"):
        home.tunnel(name="api.openai.com")
    home.eventually(lambda: home.server.open_connections == 0)


def test_bytes_behind_a_connect_are_refused(home: House) -> None:
    head = connect(f"localhost:{home.upstream.port}", credentials().strip())
    assert problem(home.say(head + b"GET / HTTP/1.1\r\n\r\n"))["code"] == "request_malformed"


def test_a_name_that_does_not_resolve_is_said_on_the_connect(home: House) -> None:
    home.gate.passages["nowhere.invalid", 443] = Passage(connection_id="c", host="nowhere.invalid", port=443)
    reply = home.say(connect("nowhere.invalid:443", credentials().strip()))
    assert reply.startswith(b"HTTP/1.1 502 ")
    assert problem(reply)["code"] == "upstream_unreachable"


def test_one_run_cannot_take_every_connection(tmp_path: Path) -> None:
    with house(tmp_path, Limits(connections_per_run=2, connections=4)) as home:
        first, second = home.tunnel(), home.tunnel()
        plain, head = home.open()
        assert head.startswith(b"HTTP/1.1 503 ")
        plain.close()
        second.close()
        idle = [home.connect() for _ in range(4)]
        over = home.connect()
        assert read_all(over).startswith(b"HTTP/1.1 503 ")
        for each in (first, over, *idle):
            each.close()


def test_a_client_that_leaves_in_the_middle_leaves_nothing_behind(home: House) -> None:
    for cut in (b"", b"CONN", connect(f"localhost:{home.upstream.port}", credentials().strip())):
        with home.connect() as plain:
            plain.sendall(cut)
            plain.shutdown(socket.SHUT_WR)
            read_all(plain)
    home.eventually(lambda: home.server.open_connections == 0)
