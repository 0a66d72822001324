"""A pattern covers exactly what it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.provider.errors import DefinitionInvalid
from authsome.provider.host import HostPattern, read_exact_address, read_host_pattern

LABEL = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True)


@pytest.mark.parametrize(
    ("pattern", "host", "port", "covered"),
    [
        ("api.example.com", "api.example.com", 443, True),
        ("api.example.com", "api.example.com", 8443, False),
        ("api.example.com:8443", "api.example.com", 8443, True),
        ("api.example.com", "evilapi.example.com", 443, False),
        ("*.example.com", "api.example.com", 443, True),
        ("*.example.com", "a.b.example.com", 443, True),
        ("*.example.com", "example.com", 443, False),
        ("*.example.com", "evil-example.com", 443, False),
        ("*.example.com", "api.example.com.evil.org", 443, False),
        ("API.Example.COM.", "api.example.com", 443, True),
        ("127.0.0.1:8443", "127.0.0.1", 8443, True),
        ("[::1]:8443", "::1", 8443, True),
        ("localhost:9443", "localhost", 9443, True),
    ],
)
def test_a_pattern_covers_its_host_and_port_and_no_other(
    pattern: str, host: str, port: int, covered: bool
) -> None:
    assert read_host_pattern(pattern).covers(host, port) is covered


@pytest.mark.parametrize(
    "text",
    [
        "", "*", "*.", "*.com", "*.co.uk", "*.*.example.com", "a*.example.com", "api..example.com",
        ".example.com",
        "-a.example.com", "a_b.example.com", "https://example.com", "example.com/path", "user@example.com",
        "example.com:", "example.com:0", "example.com:65536", "example.com:080", "example.com:http",
        "exa mple.com", "example.com\n", "example.com\r\nX: y", "exämple.com", "x" * 300 + ".com",
        "127.1", "0x7f.0.0.1", "2130706433", "0177.0.0.1", "*.0.0.1", "*.127.0.0.1", "1.2.3.4.5",
        "[::1", "::1", "[::ffff:127.0.0.1]", "[fe80::1%eth0]", "[example.com]",
    ],
)  # fmt: skip
def test_what_is_not_a_host_or_covers_many_owners_is_refused(text: str) -> None:
    with pytest.raises(DefinitionInvalid):
        read_host_pattern(text)


@pytest.mark.parametrize(
    "text",
    [
        "169.254.169.254", "169.254.1.1:8080", "[fe80::1]", "metadata.google.internal",
        "METADATA.google.internal.",
        "100.100.100.200", "168.63.129.16", "[fd00:ec2::254]", "0.0.0.0:80", "[::]:443", "224.0.0.1",
        "metadata:80",
    ],
)  # fmt: skip
def test_link_local_and_metadata_services_are_never_a_provider(text: str) -> None:
    with pytest.raises(DefinitionInvalid):
        read_host_pattern(text)


@pytest.mark.parametrize(
    "text", ["localhost", "*.example.com:443", "10.0.0.1", "not a host:1", "169.254.169.254:80"]
)
def test_an_exact_address_has_one_host_and_a_port(text: str) -> None:
    assert read_exact_address(text) is None
    assert read_exact_address("10.0.0.1:8443") == HostPattern("10.0.0.1", 8443)


@given(labels=st.lists(LABEL, min_size=3, max_size=5), port=st.integers(1, 65535), wild=st.booleans())
def test_a_pattern_reads_back_as_itself(labels: list[str], port: int, wild: bool) -> None:
    pattern = HostPattern(".".join(labels), port, wild)
    assert read_host_pattern(str(pattern)) == pattern


@given(
    one=st.tuples(st.lists(LABEL, min_size=2, max_size=3), st.booleans()),
    other=st.tuples(st.lists(LABEL, min_size=2, max_size=3), st.booleans()),
    below=LABEL,
)
def test_patterns_overlap_exactly_when_some_host_is_covered_by_both(
    one: tuple[list[str], bool], other: tuple[list[str], bool], below: str
) -> None:
    first, second = (HostPattern(".".join(labels), 443, wild) for labels, wild in (one, other))
    names = {first.host, second.host, f"{below}.{first.host}", f"{below}.{second.host}"}
    shared = any(first.covers(name, 443) and second.covers(name, 443) for name in names)
    assert first.overlaps(second) is second.overlaps(first) is shared
