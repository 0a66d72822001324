"""The bundled providers are described as their documentation does, and do not get in each other's way."""

from __future__ import annotations

from itertools import combinations

import pytest

from authsome.kit.secret import Secret
from authsome.provider.catalogue import Reported, bundled, find_bundled, reported
from authsome.provider.match import covering


@pytest.mark.parametrize(
    ("name", "host", "header", "value"),
    [
        ("openai", "api.openai.com", "Authorization", "Bearer K"),
        ("openai", "eu.api.openai.com", "Authorization", "Bearer K"),
        ("anthropic", "api.anthropic.com", "x-api-key", "K"),
        ("github", "api.github.com", "Authorization", "Bearer K"),
        ("github", "uploads.github.com", "Authorization", "Bearer K"),
        ("gemini", "generativelanguage.googleapis.com", "x-goog-api-key", "K"),
        ("stripe", "api.stripe.com", "Authorization", "Bearer K"),
        ("stripe", "files.stripe.com", "Authorization", "Bearer K"),
    ],
)
def test_a_bundled_provider_takes_its_key_at_its_host(name: str, host: str, header: str, value: str) -> None:
    (provider,) = covering(bundled(), host, 443)
    assert provider.name == name
    assert provider.inject is not None
    assert provider.inject.headers({"api_key": Secret("K")}) == ((header, Secret(value)),)


def test_no_two_bundled_providers_share_a_host_or_a_name() -> None:
    for one, other in combinations(bundled(), 2):
        assert one.name != other.name
        assert not any(mine.overlaps(theirs) for mine in one.hosts for theirs in other.hosts)


def test_each_says_where_it_was_read_and_when_and_where_to_get_a_key() -> None:
    for provider in bundled():
        assert provider.bundled
        assert provider.documentation_url
        assert provider.checked_on
        assert provider.key_url or provider.inject is None
        assert not provider.private_addresses
        if provider.oauth is not None:
            assert provider.oauth.documentation_url
            assert provider.oauth.checked_on
            assert provider.oauth.registration_url


def test_a_host_that_only_looks_like_a_bundled_one_is_nobodys() -> None:
    for host in ("evil-api.openai.com.example", "xapi.openai.com", "openai.com", "api.openai.com.evil.org"):
        assert covering(bundled(), host, 443) == []
    assert covering(bundled(), "api.openai.com", 80) == []


def test_a_custom_name_is_a_pseudonym_in_events() -> None:
    assert reported("openai") == Reported("openai", None)
    assert reported("anns-shop") == Reported("custom", "anns-shop")
    assert find_bundled("anns-shop") is None
