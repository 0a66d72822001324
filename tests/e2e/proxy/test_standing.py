"""A decision holds only until something changes: the next request sees a revocation, also mid-connection."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from authsome.kit.secret import Secret
from authsome.proxy.limits import Limits
from tests.e2e.proxy.house import QUICK, TOKEN, House, house, problem, read_all, read_response


def test_a_revoked_grant_stops_the_next_request_on_the_same_connection(home: House) -> None:
    with home.tunnel() as tls:
        tls.sendall(home.get(close=False))
        assert read_response(tls)[0].startswith(b"HTTP/1.1 200 ")
        home.gate.revoke("localhost", home.upstream.port)
        tls.sendall(home.get(close=False))
        reply = read_all(tls)
    assert reply.startswith(b"HTTP/1.1 403 ")
    assert problem(reply)["code"] == "not_granted"
    assert len(home.upstream.received) == 1


def test_a_run_that_ended_by_silence_stops_within_the_age_of_a_decision(tmp_path: Path) -> None:
    with house(tmp_path, Limits(decision_age=0.2, linger_seconds=0.1)) as home, home.tunnel() as tls:
        tls.sendall(home.get(close=False))
        read_response(tls)
        home.gate.tokens.remove(TOKEN)  # nothing was committed: the generation is the same
        home.eventually(lambda: not _served(tls, home))
    assert len(home.upstream.received) >= 1


def _served(tls: ssl.SSLSocket, home: House) -> bool:
    tls.sendall(home.get(close=False))
    head, body = read_response(tls)
    if head.startswith(b"HTTP/1.1 200 "):
        return True
    assert head.startswith(b"HTTP/1.1 403 ")  # never 407 inside: the agent talks to the provider there
    assert b"run_token_invalid" in body
    return False


def test_a_replaced_key_is_used_from_the_next_request_on(home: House) -> None:
    with home.tunnel() as tls:
        tls.sendall(home.get(close=False))
        read_response(tls)
        home.gate.allow("localhost", home.upstream.port, headers=(("Authorization", Secret("Bearer new")),))
        tls.sendall(home.get())
        read_all(tls)
    assert home.upstream.received[1].values("authorization") == ["Bearer new"]


def test_a_connection_to_a_private_address_does_not_outlive_its_listing(home: House) -> None:
    with home.tunnel() as tls:
        tls.sendall(home.get(close=False))
        read_response(tls)
        home.gate.allow("localhost", home.upstream.port, private_ok=False)
        tls.sendall(home.get(close=False))
        reply = read_all(tls)
    assert problem(reply)["code"] == "private_address"


@pytest.fixture
def lasting(tmp_path: Path) -> Iterator[House]:
    """A house where an answer does not age within a test."""
    with house(tmp_path, replace(QUICK, decision_age=60)) as built:
        yield built


def test_the_gate_is_asked_once_while_nothing_changes(lasting: House) -> None:
    home = lasting
    with home.tunnel() as tls:
        for _ in range(50):
            tls.sendall(home.get(close=False))
            read_response(tls)
    assert home.gate.asked == 1


def test_two_connections_share_an_answer_and_both_lose_it_at_a_revocation(lasting: House) -> None:
    home = lasting
    with home.tunnel() as one, home.tunnel() as other:
        for tls in (one, other, one):
            tls.sendall(home.get(close=False))
            assert read_response(tls)[0].startswith(b"HTTP/1.1 200 ")
        assert home.gate.asked == 1
        home.gate.revoke("localhost", home.upstream.port)
        for tls in (one, other):
            tls.sendall(home.get(close=False))
            assert read_all(tls).startswith(b"HTTP/1.1 403 ")
    assert len(home.upstream.received) == 3


def test_a_run_that_has_ended_opens_no_further_connection_on_an_old_answer(tmp_path: Path) -> None:
    with house(tmp_path, Limits(decision_age=0.2, linger_seconds=0.1)) as home, home.tunnel() as tls:
        tls.sendall(home.get(close=False))
        read_response(tls)
        home.gate.tokens.remove(TOKEN)
        home.eventually(lambda: _is_refused(home), seconds=1)


def _is_refused(home: House) -> bool:
    plain, head = home.open()
    plain.close()
    return head.startswith(b"HTTP/1.1 407 ")
