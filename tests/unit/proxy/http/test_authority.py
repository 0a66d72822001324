"""Host and port: one canonical pair, or a refusal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.proxy.errors import TargetRefused
from authsome.proxy.http.authority import join_authority, split_authority


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("api.example.com", ("api.example.com", 443)),
        ("API.Example.COM.:8443", ("api.example.com", 8443)),
        ("127.0.0.1:1", ("127.0.0.1", 1)),
        ("[::1]:65535", ("::1", 65535)),
        ("[2001:DB8:0:0::1]", ("2001:db8::1", 443)),
        ("a_b.example", ("a_b.example", 443)),
        ("xn--caf-dma.example", ("xn--caf-dma.example", 443)),
    ],
)
def test_spellings_of_one_host_become_one_pair(text: str, pair: tuple[str, int]) -> None:
    assert split_authority(text) == pair


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            ".",
            "a..b",
            "-a",
            "a-",
            "a b",
            "a/b",
            "a@b",
            "a:b",
            "a:0",
            "a:65536",
            "a:01",
            "a:",
            "é.example",
        ),
        *("1", "1.2", "1.2.3", "0x7f000001", "127.0.0.01", "1.2.3.256", "a.0x1", "é.example"),
        *("::1", "[::1", "[::1]x", "[1.2.3.4]", "[fe80::1%eth0]"),
        *("a" * 64, ".".join(["a" * 60] * 5), "a\n", "a\0", "a.example\r\n"),
    ],
)
def test_what_could_mean_two_things_is_refused(text: str) -> None:
    with pytest.raises(TargetRefused):
        split_authority(text)


def test_connect_must_name_its_port() -> None:
    with pytest.raises(TargetRefused):
        split_authority("api.example.com", None)


@given(st.text(max_size=40))
def test_what_is_accepted_is_stable_and_plain(text: str) -> None:
    try:
        host, port = split_authority(text)
    except TargetRefused:
        return
    assert split_authority(join_authority(host, port)) == (host, port)
    assert host == host.lower()
    assert host.isascii()
    assert not set(host) & set(" @/\\%?#[]\r\n\0")
