"""The two documents, as the RFCs print them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from authsome.provider.discovery.address import read_address
from authsome.provider.discovery.documents import read_document
from authsome.provider.discovery.failure import WORDS, DiscoveryFailure
from authsome.provider.discovery.resource import read_resource
from authsome.provider.discovery.server import read_server
from authsome.provider.discovery.web import Heard
from authsome.provider.errors import DiscoveryFailed

# RFC 9728 §3.2
RESOURCE: dict[str, Any] = {
    "resource": "https://resource.example.com",
    "authorization_servers": ["https://as1.example.com", "https://as2.example.net"],
    "bearer_methods_supported": ["header", "body"],
    "scopes_supported": ["profile", "email", "phone"],
    "resource_documentation": "https://resource.example.com/resource_documentation.html",
}
# RFC 8414 §3.2, which has no PKCE in it
SERVER: dict[str, Any] = {
    "issuer": "https://server.example.com",
    "authorization_endpoint": "https://server.example.com/authorize",
    "token_endpoint": "https://server.example.com/token",
    "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
    "token_endpoint_auth_signing_alg_values_supported": ["RS256", "ES256"],
    "userinfo_endpoint": "https://server.example.com/userinfo",
    "jwks_uri": "https://server.example.com/jwks.json",
    "registration_endpoint": "https://server.example.com/register",
    "scopes_supported": ["openid", "profile", "email", "address", "phone", "offline_access"],
    "response_types_supported": ["code", "code token"],
    "service_documentation": "http://server.example.com/service_documentation.html",
    "ui_locales_supported": ["en-US", "en-GB", "en-CA", "fr-FR", "fr-CA"],
}
S256 = {"code_challenge_methods_supported": ["S256"]}


def test_the_example_of_rfc_9728_is_read() -> None:
    found = read_resource(RESOURCE, asked=read_address("https://resource.example.com"))
    assert (found.name, found.issuer) == ("https://resource.example.com", "https://as1.example.com")
    assert found.scopes == ("profile", "email", "phone")


def test_it_is_about_no_other_address() -> None:
    for other in ("https://resource.example.com/resource1", "https://other.example.com"):
        with pytest.raises(DiscoveryFailed) as refused:
            read_resource(RESOURCE, asked=read_address(other))
        assert refused.value.reason is DiscoveryFailure.RESOURCE_MISMATCH


def test_the_example_of_rfc_8414_lacks_pkce_and_is_refused_for_it() -> None:
    with pytest.raises(DiscoveryFailed) as refused:
        read_server(SERVER, issuer="https://server.example.com")
    assert refused.value.reason is DiscoveryFailure.PKCE_MISSING


def test_with_pkce_it_is_read() -> None:
    found = read_server(SERVER | S256, issuer="https://server.example.com")
    assert found.endpoints == {
        "authorization_url": "https://server.example.com/authorize",
        "token_url": "https://server.example.com/token",
        "client_registration_url": "https://server.example.com/register",
    }
    assert found.methods == ("client_secret_basic",)
    assert (found.names_itself, found.takes_documents) == (False, False)


@pytest.mark.parametrize(
    "issuer", ["https://server.example.com/", "https://SERVER.example.com", "https://a.example"]
)
def test_an_issuer_is_compared_character_by_character(issuer: str) -> None:
    with pytest.raises(DiscoveryFailed) as refused:
        read_server(SERVER | S256, issuer=issuer)
    assert refused.value.reason is DiscoveryFailure.ISSUER_MISMATCH


@pytest.mark.parametrize(
    ("methods", "takes"), [(None, True), (["none"], True), (["client_secret_basic"], False)]
)
def test_a_document_is_for_servers_that_take_a_client_without_a_secret(
    methods: list[str] | None, *, takes: bool
) -> None:
    said = SERVER | S256 | {"client_id_metadata_document_supported": True}
    said["token_endpoint_auth_methods_supported"] = methods
    assert read_server(said, issuer="https://server.example.com").takes_documents is takes


def test_the_surest_way_to_show_a_secret_is_chosen() -> None:
    listed = ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"]
    said = SERVER | S256 | {"token_endpoint_auth_methods_supported": listed}
    methods = read_server(said, issuer="https://server.example.com").methods
    assert methods == ("client_secret_post", "client_secret_basic", "none")


@pytest.mark.parametrize(
    "kind", ["application/json", "Application/JSON; charset=utf-8", "application/a+json"]
)
def test_json_says_that_it_is(kind: str) -> None:
    body = json.dumps(RESOURCE).encode()
    assert read_document(Heard(status=200, content_type=kind, body=body)) == RESOURCE


@pytest.mark.parametrize("kind", ["", "text/html", "text/plain", "application/jsonp"])
def test_what_does_not_is_none(kind: str) -> None:
    with pytest.raises(DiscoveryFailed):
        read_document(Heard(status=200, content_type=kind, body=b"{}"))


def test_every_reason_has_words_and_a_next_step() -> None:
    assert set(WORDS) == set(DiscoveryFailure)
    for reason in DiscoveryFailure:
        failed = DiscoveryFailed(reason, place="mcp.example.com")
        assert failed.detail.startswith("mcp.example.com: ")
        assert failed.next_step
