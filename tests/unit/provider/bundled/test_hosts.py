"""A secret of a bundled provider goes to the hosts that its file names, and no look-alike is one of them."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from authsome.provider.catalogue import bundled
from authsome.provider.errors import DefinitionInvalid
from authsome.provider.host import HostPattern, read_host_pattern
from authsome.provider.match import covering
from authsome.provider.model import Provider
from tests.unit.provider.bundled.domains import PER_CUSTOMER, STRANGERS, domain

PATTERNS = [(provider, pattern) for provider in bundled() for pattern in provider.hosts]
WORD = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True)
some_pattern = st.sampled_from(PATTERNS)


def found(host: str, port: int = 443) -> list[str]:
    return [provider.name for provider in covering(bundled(), host, port)]


@pytest.mark.parametrize("provider", bundled(), ids=lambda one: one.name)
def test_each_of_its_hosts_is_its_own(provider: Provider) -> None:
    for pattern in provider.hosts:
        host = f"some-customer.{pattern.host}" if pattern.is_wildcard else pattern.host
        assert found(host, pattern.port) == [provider.name]
        assert found(host, 80) == []


def test_no_two_providers_have_a_host_in_common() -> None:
    for (one, mine), (other, theirs) in combinations(PATTERNS, 2):
        assert one is other or not mine.overlaps(theirs), f"{one.name} and {other.name} at {mine}"


def test_none_has_an_address_or_a_name_of_the_own_network() -> None:
    for _provider, pattern in PATTERNS:
        assert not pattern.is_surely_private
        assert pattern.host.count(".") >= 1
        assert pattern.host.rpartition(".")[2].isalpha(), "a name, and in no other alphabet"


def test_each_wildcard_is_there_for_a_reason() -> None:
    assert {str(pattern) for _provider, pattern in PATTERNS if pattern.is_wildcard} == set(PER_CUSTOMER)


def test_no_wildcard_reaches_what_strangers_run() -> None:
    for _provider, pattern in PATTERNS:
        for suffix in STRANGERS:
            stranger = HostPattern(suffix, pattern.port, is_wildcard=True)
            assert not (pattern.is_wildcard and pattern.overlaps(stranger)), f"{pattern} reaches {suffix}"


@pytest.mark.parametrize("suffix", ["*.com", "*.co.uk", "*.io", "*.ai", "*.com.au", "*.net"])
def test_a_wildcard_over_a_whole_registry_cannot_be_written(suffix: str) -> None:
    with pytest.raises(DefinitionInvalid):
        read_host_pattern(suffix)


@given(some_pattern, WORD, WORD, st.sampled_from(["", "-", "--", "x-"]))
def test_a_look_alike_is_nobodys(one: tuple[Provider, HostPattern], word: str, tld: str, glue: str) -> None:
    """Names that others can register, made from each host in the ways that have fooled matchers."""
    _provider, pattern = one
    registered = domain(pattern.host)
    ours = {domain(other.host) for _other, other in PATTERNS}
    look_alikes = (
        f"{word}{glue}{registered}",
        f"{pattern.host}.{word}.{tld}",
        f"{pattern.host}{glue}{word}.{tld}",
        f"{word}.{pattern.host.replace('.', '-')}.{tld}",
        f"{registered.replace('.', glue or '-')}.{tld}",
        f"xn--{registered}",
        registered.replace("o", "0").replace("l", "1"),
    )
    for host in look_alikes:
        if domain(host) not in ours:
            assert found(host, pattern.port) == []


@given(some_pattern, WORD)
def test_what_is_below_or_above_an_exact_host_is_not_it(one: tuple[Provider, HostPattern], word: str) -> None:
    _provider, pattern = one
    assume(not pattern.is_wildcard)
    assert not pattern.covers(f"{word}.{pattern.host}", pattern.port)
    assert not pattern.covers(f"{word}{pattern.host}", pattern.port)
    assert not pattern.covers(pattern.host.partition(".")[2], pattern.port)
    assert not pattern.covers(f"{pattern.host}.", pattern.port), "hosts are compared in one spelling"


@given(some_pattern, st.integers(1, 65535))
def test_another_port_is_another_place(one: tuple[Provider, HostPattern], port: int) -> None:
    provider, pattern = one
    assume(all(other.port != port for other in provider.hosts))
    host = f"some-customer.{pattern.host}" if pattern.is_wildcard else pattern.host
    assert found(host, port) == []
