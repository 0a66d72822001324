"""Whose attempts are counted together."""

from __future__ import annotations

import pytest

from authsome.kit.forwarded import read_address
from authsome.server.address import counted_as


def seen(host: str) -> str:
    address = read_address(host)
    assert address is not None
    return counted_as(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_one_address(host: str) -> None:
    assert seen(host) == "loopback"


def test_an_ipv6_host_is_counted_by_its_network() -> None:
    assert seen("2001:db8::1") == seen("2001:db8::2:3") == "2001:db8::/64"
    assert seen("2001:db8:0:1::1") != seen("2001:db8::1")


def test_ipv4_clients_of_a_socket_for_both_families_are_told_apart() -> None:
    assert seen("::ffff:192.0.2.1") == seen("192.0.2.1") == "192.0.2.1"
    assert seen("::ffff:192.0.2.2") != seen("::ffff:192.0.2.1")
