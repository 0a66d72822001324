"""Which addresses a secret may go to."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.kit.address import is_allowed

PUBLIC = ["1.1.1.1", "8.8.8.8", "104.18.7.192", "2606:4700::6810:84e5", "2a00:1450:4001::200e"]
PRIVATE = [
    "127.0.0.1",
    "127.9.9.9",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.0.1",
    "100.64.0.1",
    "198.18.0.1",
    "192.0.2.1",
    "203.0.113.9",
    "::1",
    "fc00::1",
    "fd12:3456::1",
    "2001:db8::1",
    "2001::1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "::8.8.8.8",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::8.8.8.8",
    "2002:808:808::",
]
NEVER = [
    "0.0.0.0",
    "0.1.2.3",
    "169.254.169.254",
    "169.254.0.1",
    "168.63.129.16",
    "100.100.100.200",
    "192.0.0.192",
    "224.0.0.1",
    "255.255.255.255",
    "240.0.0.1",
    "::",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "fd00:ec2::254",
    "fd20:ce::254",
    "::ffff:169.254.169.254",
    "::169.254.169.254",
    "64:ff9b::169.254.169.254",
    "2002:a9fe:a9fe::",
    "not an address",
    "",
    "1.2.3",
    "8.8.8.8 ",
]


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_are_allowed(text: str) -> None:
    assert is_allowed(text, private_ok=False)
    assert is_allowed(text, private_ok=True)


@pytest.mark.parametrize("text", PRIVATE)
def test_private_addresses_need_a_listing(text: str) -> None:
    assert not is_allowed(text, private_ok=False)
    assert is_allowed(text, private_ok=True)


@pytest.mark.parametrize("text", NEVER)
def test_metadata_and_the_like_are_never_allowed(text: str) -> None:
    assert not is_allowed(text, private_ok=False)
    assert not is_allowed(text, private_ok=True)


@given(st.ip_addresses())
def test_what_is_allowed_without_a_listing_is_global_and_carries_nothing(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if is_allowed(str(address), private_ok=False):
        assert address.is_global
        assert not address.is_multicast
        assert getattr(address, "ipv4_mapped", None) is None
        assert getattr(address, "sixtofour", None) is None


@given(st.ip_addresses(v=4, network="169.254.0.0/16"))
def test_no_spelling_of_a_link_local_address_passes(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    spellings = [number | 0xFFFF << 32, number, number | 0x64FF9B << 96, 0x2002 << 112 | number << 80]
    for spelling in spellings:
        assert not is_allowed(str(ipaddress.IPv6Address(spelling)), private_ok=True)
