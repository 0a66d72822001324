"""One provider for a host: the most specific, or none."""

from __future__ import annotations

from authsome.provider.definition.inject import Injection
from authsome.provider.host import read_host_pattern
from authsome.provider.match import covering
from authsome.provider.model import Provider

KEYED = Injection(header_templates=(("X-Key", "{api_key}"),))


def provider(name: str, *hosts: str) -> Provider:
    patterns = tuple(read_host_pattern(host) for host in hosts)
    return Provider(name=name, display_name=name, hosts=patterns, inject=KEYED)


WIDE = provider("wide", "*.acme.test")
NARROW = provider("narrow", "*.eu.acme.test")
EXACT = provider("exact", "api.eu.acme.test")
ALL = (WIDE, EXACT, NARROW)


def test_the_most_specific_pattern_wins_in_any_order() -> None:
    for order in (ALL, ALL[::-1]):
        assert covering(order, "x.acme.test", 443) == [WIDE]
        assert covering(order, "x.eu.acme.test", 443) == [NARROW]
        assert covering(order, "api.eu.acme.test", 443) == [EXACT]
        assert covering(order, "acme.test", 443) == []


def test_two_with_the_same_pattern_are_both_returned_so_that_none_is_used() -> None:
    twin = provider("twin", "api.eu.acme.test")
    assert covering((*ALL, twin), "api.eu.acme.test", 443) == [EXACT, twin]
