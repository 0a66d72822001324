"""Some bundled providers that everybody knows, as their documentation describes them."""

from __future__ import annotations

import pytest

from authsome.kit.secret import Secret
from authsome.provider.catalogue import bundled, find_bundled, spoken_of
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
        ("deepgram", "api.deepgram.com", "Authorization", "Token K"),
        ("discord", "discord.com", "Authorization", "Bot K"),
        ("linear", "api.linear.app", "Authorization", "K"),
        ("pagerduty", "api.eu.pagerduty.com", "Authorization", "Token token=K"),
        ("pinecone", "index-abc.svc.aped-4627-b74a.pinecone.io", "Api-Key", "K"),
        ("slack", "files.slack.com", "Authorization", "Bearer K"),
        ("zendesk", "acme.zendesk.com", "Authorization", "Basic Sy90b2tlbjpL"),
    ],
)
def test_a_bundled_provider_takes_its_key_at_its_host(name: str, host: str, header: str, value: str) -> None:
    (provider,) = covering(bundled(), host, 443)
    assert provider.name == name
    assert provider.inject is not None
    values = {field.name: Secret("K") for field in provider.key_fields}
    assert provider.inject.headers(values) == ((header, Secret(value)),)


def test_a_host_that_only_looks_like_a_bundled_one_is_nobodys() -> None:
    for host in ("evil-api.openai.com.example", "xapi.openai.com", "openai.com", "api.openai.com.evil.org"):
        assert covering(bundled(), host, 443) == []
    assert covering(bundled(), "api.openai.com", 80) == []


def test_a_custom_name_is_a_pseudonym_in_events() -> None:
    assert spoken_of("openai") == {"provider": "openai", "custom_provider": None}
    assert spoken_of("anns-shop") == {"provider": "custom", "custom_provider": "anns-shop"}
    assert find_bundled("anns-shop") is None
