"""Asking for a client: RFC 7591's own example, and what a server may make of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from authsome.connection.by_address.document import client_document, client_id_of
from authsome.connection.by_address.registration import (
    Registered,
    read_registration,
    registration_request,
)
from authsome.provider.discovery.failure import DiscoveryFailure
from authsome.provider.discovery.web import Heard
from authsome.provider.errors import DiscoveryFailed

BASE = "https://client.example.org"
# RFC 7591 §3.2.1, with our callback address in the place of its two
GIVEN: dict[str, Any] = {
    "client_id": "s6BhdRkqt3",
    "client_secret": "cf136dc3c1fc93f31185e5885805d",
    "client_id_issued_at": 2893256800,
    "client_secret_expires_at": 2893276800,
    "redirect_uris": [f"{BASE}/auth/callback"],
    "grant_types": ["authorization_code", "refresh_token"],
    "client_name": "My Example Client",
    "client_name#ja-Jpan-JP": "\u30af\u30e9\u30a4\u30a2\u30f3\u30c8\u540d",
    "token_endpoint_auth_method": "client_secret_basic",
    "logo_uri": "https://client.example.org/logo.png",
    "jwks_uri": "https://client.example.org/my_public_keys.jwks",
    "example_extension_parameter": "example_value",
}


def read(document: dict[str, Any], *, status: int = 201, method: str = "client_secret_post") -> Registered:
    body = json.dumps({key: value for key, value in document.items() if value is not None}).encode()
    heard = Heard(status=status, content_type="application/json", body=body)
    return read_registration(heard, base_url=BASE, method=method)


def test_the_example_of_rfc_7591_is_read() -> None:
    found = read(GIVEN)
    assert found.secret is not None
    assert (found.client_id, found.secret.reveal()) == ("s6BhdRkqt3", "cf136dc3c1fc93f31185e5885805d")
    assert found.method == "client_secret_basic", "the server chose another than was asked for"
    assert found.expires_at == datetime.fromtimestamp(2893276800, UTC)


def test_what_never_ends_has_no_end_and_a_client_without_a_secret_has_none() -> None:
    assert read(GIVEN | {"client_secret_expires_at": 0}).expires_at is None
    assert read(GIVEN | {"client_secret_expires_at": None}).expires_at is None
    public = read(GIVEN | {"token_endpoint_auth_method": "none"})
    assert (public.secret, public.expires_at) == (None, None)


def test_what_is_left_out_is_as_it_was_asked_for() -> None:
    bare = {"client_id": "a", "client_secret": "b"}
    assert read(bare, status=200, method="client_secret_post").method == "client_secret_post"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"client_id": None}, DiscoveryFailure.MALFORMED),
        ({"client_id": "two words"}, DiscoveryFailure.MALFORMED),
        ({"client_secret": None}, DiscoveryFailure.MALFORMED),
        ({"client_secret": "line\r\nX-Header: 1"}, DiscoveryFailure.MALFORMED),
        ({"client_secret_expires_at": "tomorrow"}, DiscoveryFailure.MALFORMED),
        ({"client_secret_expires_at": -1}, DiscoveryFailure.MALFORMED),
        ({"client_secret_expires_at": 10**18}, DiscoveryFailure.MALFORMED),
        ({"redirect_uris": ["https://evil.example/callback"]}, DiscoveryFailure.UNSUPPORTED),
        ({"grant_types": ["implicit"]}, DiscoveryFailure.UNSUPPORTED),
        ({"token_endpoint_auth_method": "private_key_jwt"}, DiscoveryFailure.UNSUPPORTED),
    ],
    ids=str,
)
def test_a_client_that_would_not_work_is_none(changed: dict[str, Any], reason: DiscoveryFailure) -> None:
    with pytest.raises(DiscoveryFailed) as refused:
        read(GIVEN | changed)
    assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("status", "error", "reason"),
    [
        # RFC 7591 §3.2.2
        (400, {"error": "invalid_redirect_uri"}, DiscoveryFailure.REGISTRATION_REFUSED),
        (400, {"error": "invalid_client_metadata"}, DiscoveryFailure.REGISTRATION_REFUSED),
        (401, {"error": ["\x1b[2J"]}, DiscoveryFailure.REGISTRATION_REFUSED),
        (403, {}, DiscoveryFailure.REGISTRATION_REFUSED),
        (429, {}, DiscoveryFailure.SERVER_FAILED),
        (502, {}, DiscoveryFailure.SERVER_FAILED),
        (308, {}, DiscoveryFailure.REDIRECTED),
    ],
)
def test_a_refusal_is_told_in_our_words(status: int, error: dict[str, Any], reason: DiscoveryFailure) -> None:
    with pytest.raises(DiscoveryFailed) as refused:
        read(error | {"error_description": "\x1b[31mcall 555"}, status=status)
    assert refused.value.reason is reason
    assert "555" not in refused.value.detail
    assert refused.value.detail.isprintable()


def test_what_it_says_of_itself_fits_its_address() -> None:
    asked = registration_request(BASE, method="none", scopes=("a", "b"))
    assert (asked["redirect_uris"], asked["scope"]) == ([f"{BASE}/auth/callback"], "a b")
    assert asked["application_type"] == "web"
    plain = registration_request("http://localhost:7998", method="none", scopes=())
    assert plain["application_type"] == "native", "a web client takes no plain address"
    assert "scope" not in plain


def test_the_document_says_where_it_lies() -> None:
    document = client_document(BASE)
    assert document["client_id"] == client_id_of(BASE) == f"{BASE}/oauth/client.json"
    assert document["redirect_uris"] == [f"{BASE}/auth/callback"]
    assert document["token_endpoint_auth_method"] == "none"
    assert not {"client_secret", "client_secret_expires_at"} & set(document)
