"""Whose word about an address counts: that of trusted proxies, read from the right, and nobody else's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.kit.forwarded import client_address, read_networks

TRUSTED = read_networks("127.0.0.1, ::1, 10.0.0.0/8, 2001:db8:aaaa::/48")


def seen(peer: str, *values: str) -> str:
    return str(client_address(peer, values, TRUSTED))


def test_without_trusted_proxies_nobody_is_believed() -> None:
    assert str(client_address("127.0.0.1", ["203.0.113.9"], ())) == "127.0.0.1"


@pytest.mark.parametrize(
    ("values", "client"),
    [
        (["203.0.113.9"], "203.0.113.9"),
        (["203.0.113.9, 10.1.2.3"], "203.0.113.9"),
        (["203.0.113.9", "10.1.2.3"], "203.0.113.9"),  # two lines are one list (RFC 9110 §5.2)
        (["2001:db8::7"], "2001:db8::7"),
        (["203.0.113.9:4711"], "203.0.113.9"),
        (["[2001:db8::7]:4711"], "2001:db8::7"),
        (["::ffff:203.0.113.9"], "203.0.113.9"),
        (["10.9.9.9, 10.1.2.3"], "10.9.9.9"),  # all are trusted: the farthest
        ([], "127.0.0.1"),
        ([""], "127.0.0.1"),
    ],
)
def test_the_nearest_address_that_is_not_trusted_is_the_clients(values: list[str], client: str) -> None:
    assert seen("127.0.0.1", *values) == client


@pytest.mark.parametrize(
    "invented", ["198.51.100.1", "127.0.0.1", "10.0.0.1", "junk", "", "203.0.113.8, ::1"]
)
def test_what_a_client_writes_itself_is_left_of_its_address_and_changes_nothing(invented: str) -> None:
    assert seen("10.1.2.3", f"{invented}, 203.0.113.9") == "203.0.113.9"
    assert seen("10.1.2.3", invented, "203.0.113.9") == "203.0.113.9"


def test_a_peer_that_is_not_trusted_is_not_heard() -> None:
    assert seen("203.0.113.1", "198.51.100.1") == "203.0.113.1"


@pytest.mark.parametrize(
    "junk", ["unknown", "_hidden", "1.2.3", "localhost", "1.2.3.4.5", "%eth0", "[", "a:b"]
)
def test_junk_ends_the_chain_at_the_proxy_that_passed_it_on(junk: str) -> None:
    assert seen("127.0.0.1", f"203.0.113.9, {junk}, 10.1.2.3") == "10.1.2.3"


def test_a_scope_does_not_make_another_address() -> None:
    assert seen("127.0.0.1", "fe80::1%one") == seen("127.0.0.1", "fe80::1%two") == "fe80::1"


def test_a_peer_without_an_address_has_none() -> None:
    assert client_address("unknown", ["203.0.113.9"], TRUSTED) is None


@given(st.lists(st.text(max_size=40), max_size=20))
def test_no_header_can_move_a_client_that_a_trusted_proxy_has_named(values: list[str]) -> None:
    assert seen("::1", *values, "203.0.113.9, 2001:db8:aaaa::1") == "203.0.113.9"


@pytest.mark.parametrize("text", ["localhost", "10.0.0.1/8", "10.0.0.0/33", "*", "10.0.0.0 /8", "::1/129"])
def test_what_is_no_address_or_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"does not appear|has host bits|not permitted"):
        read_networks(text)
