"""The section `oauth` of a definition: every key is read, and none can turn an answer elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from authsome.kit.secret import Secret
from authsome.provider.catalogue import bundled
from authsome.provider.errors import DefinitionInvalid
from authsome.provider.oauth import ClientAuthentication, read_oauth
from authsome.provider.validate import read_definition

URLS = {"authorization_url": "https://a.example/auth", "token_url": "https://t.example:8443/token"}


def test_a_short_section_assumes_what_is_safe() -> None:
    oauth = read_oauth(URLS)
    assert oauth.refresh_tokens_rotate
    assert not oauth.issuer_in_answer
    assert oauth.client_authentication is ClientAuthentication.BASIC
    assert str(oauth.token_place) == "t.example:8443"
    assert oauth.asks_at == "a.example"


def test_tokens_and_the_clients_secret_go_to_every_address_that_is_named_and_to_no_page() -> None:
    urls = {"revocation_url": "https://t.example:8443/revoke", "introspection_url": "https://i.example/look"}
    oauth = read_oauth({**URLS, **urls})
    assert [str(place) for place in oauth.secret_places] == ["t.example:8443", "i.example"]
    assert read_oauth(oauth.definition()) == oauth


@pytest.mark.parametrize("provider", [one for one in bundled() if one.oauth], ids=lambda one: one.name)
def test_what_is_written_reads_back_the_same(provider: Any) -> None:
    again = read_definition(provider.definition(), bundled=True)
    assert again == provider


def test_the_best_known_two_are_there() -> None:
    assert {"github", "google"} <= {one.name for one in bundled() if one.oauth}


@pytest.mark.parametrize(
    "changed",
    [
        {"token_url": "http://t.example/token"},
        {"token_url": "https://169.254.169.254/token"},
        {"token_url": "https://metadata.google.internal/token"},
        {"token_url": "https://user@t.example/token"},
        {"token_url": "https://127.1/token"},
        {"revocation_url": "http://t.example/revoke"},
        {"revocation_url": "https://169.254.169.254/revoke"},
        {"revocation_url": "https://t.example/revoke#fragment"},
        {"revocation_url": None},
        {"introspection_url": "https://user@t.example/look"},
        {"introspection_url": "https://127.1/look"},
        {"authorization_url": "https://a.example/auth#fragment"},
        {"authorization_url": "javascript:alert(1)"},
        {"device_authorization_url": "http://a.example/device"},
        {"device_authorization_url": "https://169.254.169.254/device"},
        {"device_authorization_url": "https://a.example/device#fragment"},
        {"client_credentials": "yes"},
        {"scopes": ["two words"]},
        {"scopes": "read"},
        {"scopes": ["x"] * 51},
        {"issuer": "http://a.example"},
        {"issuer_in_answer": True},
        {"issuer_in_answer": "yes"},
        {"client_authentication": "none"},
        {"refresh_tokens_rotate": 1},
        {"authorization_parameters": {"redirect_uri": "https://evil.example"}},
        {"authorization_parameters": {"state": "fixed"}},
        {"authorization_parameters": {"code_challenge_method": "plain"}},
        {"authorization_parameters": {"response_mode": "fragment"}},
        {"authorization_parameters": {"prompt": 1}},
        {"surprise": 1},
    ],
    ids=str,
)
def test_what_is_not_right_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(DefinitionInvalid):
        read_oauth({**URLS, **changed})


@pytest.mark.parametrize(
    "way",
    [{"device_authorization_url": "https://d.example:8443/device"}, {"client_credentials": True}],
    ids=str,
)
def test_a_page_to_send_people_to_is_one_way_among_three(way: dict[str, Any]) -> None:
    given = {"token_url": URLS["token_url"], **way}
    oauth = read_oauth(given)
    assert oauth.authorization_url is None
    assert read_oauth(oauth.definition()) == oauth
    with pytest.raises(DefinitionInvalid, match="authorization_url, device_authorization_url, or client"):
        read_oauth({"token_url": URLS["token_url"], "client_credentials": False})


def test_a_device_address_is_a_place_that_secrets_go_to() -> None:
    oauth = read_oauth({**URLS, "device_authorization_url": "https://d.example:8443/device"})
    assert [str(place) for place in oauth.secret_places] == ["t.example:8443", "d.example:8443"]


def test_a_definition_needs_a_way_to_be_connected() -> None:
    with pytest.raises(DefinitionInvalid, match="inject, or oauth"):
        read_definition({"name": "acme", "display_name": "Acme", "hosts": ["api.acme.example"]})


def test_a_token_goes_where_rfc_6750_says_and_a_placeholder_key_goes_out() -> None:
    raw = {"name": "acme", "display_name": "Acme", "hosts": ["api.acme.example"], "oauth": URLS}
    keyed = read_definition({**raw, "inject": {"header": "X-Api-Key", "remove": ["X-Other"]}})
    assert keyed.inject_token.header_templates == (("Authorization", "Bearer {access_token}"),)
    assert keyed.inject_token.remove == ("X-Api-Key", "X-Other")
    (header,) = read_definition(raw).inject_token.headers({"access_token": Secret("at-1")})
    assert header == ("Authorization", Secret("Bearer at-1"))
