"""A definition says where secrets go, so it is read strictly and refused by name."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.kit.secret import Secret
from authsome.provider.errors import DefinitionInvalid
from authsome.provider.model import Provider
from authsome.provider.validate import LONGEST_FILE, parse_file, read_definition

GOOD: dict[str, Any] = {
    "name": "acme",
    "display_name": "Acme",
    "description": "Keeps anvils.",
    "categories": ["commerce", "files"],
    "hosts": ["api.acme.test", "*.acme.test:8443"],
    "inject": {"header": "Authorization", "template": "Bearer {api_key}", "remove": ["X-Api-Key"]},
    "environment": {"api_key": ["ACME_TOKEN"]},
    "check": {"url": "https://api.acme.test/me", "account": "login"},
    "key_label": "Token",
    "key_url": "https://acme.test/keys?tab=new",
}


def read(**changes: Any) -> Provider:
    return read_definition({**GOOD, **changes})


def refusal(**changes: Any) -> str:
    with pytest.raises(DefinitionInvalid) as refused:
        read(**changes)
    return refused.value.detail


def test_a_definition_reads_back_as_itself() -> None:
    provider = read()
    assert read_definition(provider.definition()) == provider
    assert provider.definition() == GOOD
    assert not provider.bundled


def test_a_definition_without_what_may_be_left_out_reads_back_as_itself() -> None:
    provider = read_definition({key: GOOD[key] for key in ("name", "display_name", "hosts", "inject")})
    assert read_definition(provider.definition()) == provider
    assert (provider.description, provider.categories, provider.variables) == (None, (), ())


def test_json_and_toml_say_the_same() -> None:
    toml = b"""
        name = "acme"
        display_name = "Acme"
        description = "Keeps anvils."
        categories = ["commerce", "files"]
        hosts = ["api.acme.test", "*.acme.test:8443"]
        key_label = "Token"
        key_url = "https://acme.test/keys?tab=new"
        [inject]
        header = "Authorization"
        template = "Bearer {api_key}"
        remove = ["X-Api-Key"]
        [environment]
        api_key = ["ACME_TOKEN"]
        [check]
        url = "https://api.acme.test/me"
        account = "login"
    """
    as_json = parse_file(json.dumps(GOOD).encode(), is_toml=False)
    assert read_definition(parse_file(toml, is_toml=True)) == read_definition(as_json)


def test_an_unknown_key_is_named_with_the_allowed_ones() -> None:
    detail = refusal(host="api.acme.test")
    assert "'host'" in detail
    assert "name, display_name, hosts" in detail
    assert "'prefix'" in refusal(inject={"header": "X-Key", "prefix": "Bearer"})


@pytest.mark.parametrize("key", ["name", "display_name", "hosts", "inject"])
def test_a_missing_key_is_named(key: str) -> None:
    with pytest.raises(DefinitionInvalid, match=f"lacks the key {key}"):
        read_definition({k: v for k, v in GOOD.items() if k != key})


@pytest.mark.parametrize(
    "header",
    [
        "Host", "host", "Content-Length", "transfer-encoding", "Connection", "Proxy-Authorization", "Upgrade",
        "TE", "X-Authsome-Error", "Sec-Fetch-Mode", ":authority", "X Key", "X-Key:", "X-Key\r\nHost", "", "Ü",
        "x" * 65, 7,
    ],
)  # fmt: skip
def test_a_header_that_frames_or_routes_the_request_is_refused(header: Any) -> None:
    assert "inject.header" in refusal(inject={"header": header})
    assert "inject.remove" in refusal(inject={"header": "X-Key", "remove": [header]})


@pytest.mark.parametrize(
    "inject",
    [
        {},
        "Bearer",
        {"template": "{api_key}", "query": "key"},
        {"header": "X-Key", "template": "Bearer"},
        {"header": "X-Key", "template": "{api_key}{api_key}"},
        {"header": "X-Key", "template": "{api_key} {other}"},
        {"header": "X-Key", "template": "a\r\nHost: evil\r\nX: {api_key}"},
        {"header": "X-Key", "template": "ключ {api_key}"},
        {"query": "a&b"},
        {"query": "a=b"},
        {"query": ""},
        {"query": "key", "remove": ["X"] * 11},
    ],
)
def test_a_key_goes_into_one_plain_place(inject: Any) -> None:
    assert "inject" in refusal(inject=inject)


@pytest.mark.parametrize(
    "name", ["", "a", "Acme", "-acme", "acme-", "a_b", "custom", "x" * 33, "acme\n", 1, None]
)
def test_a_name_is_plain_and_not_the_word_for_all_custom_ones(name: Any) -> None:
    assert "name" in refusal(name=name)


@pytest.mark.parametrize(
    "url", ["http://acme.test", "javascript:alert(1)", "https://", "https://a b", "https://a\n"]
)
def test_links_are_https(url: str) -> None:
    assert "key_url" in refusal(key_url=url)


@pytest.mark.parametrize("text", ["", "   ", "two\nlines", "bell\a", "\u202eright to left", "x" * 65])
def test_texts_are_one_printable_line(text: str) -> None:
    assert "display_name" in refusal(display_name=text)
    assert "description" in refusal(description=text * 2)


def test_a_variable_is_for_a_field_that_the_provider_has() -> None:
    oauth = {"authorization_url": "https://a.acme.test/auth", "token_url": "https://a.acme.test/token"}
    by_page = {key: GOOD[key] for key in ("name", "display_name", "hosts")} | {"oauth": oauth}
    assert read_definition(by_page).variables == ()
    with pytest.raises(DefinitionInvalid, match="unknown field 'api_key'"):
        read_definition({**by_page, "environment": {"api_key": ["ACME_TOKEN"]}})


def test_a_check_goes_to_a_host_of_the_definition() -> None:
    assert "none of the definition's hosts" in refusal(check={"url": "https://evil.test/me"})


@pytest.mark.parametrize(
    "hosts", [[], "api.acme.test", [1], ["a.test", "A.test"], ["a.test"] * 51, ["a.test:443", "a.test"]]
)
def test_hosts_are_a_short_list_without_repeats(hosts: Any) -> None:
    assert "hosts" in refusal(hosts=hosts)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"null", b"{", b"\xff\xfe", b'{"name": "a", "name": "b"}', b"[" * 60_000,
        b'{"a":' * 10_000, b" " * (LONGEST_FILE + 1),
    ],
)  # fmt: skip
def test_a_file_that_is_no_definition_is_refused_and_not_a_crash(content: bytes) -> None:
    with pytest.raises(DefinitionInvalid):
        read_definition(parse_file(content, is_toml=False))


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_read_or_refused(content: bytes, is_toml: bool) -> None:
    with suppress(DefinitionInvalid):
        assert isinstance(parse_file(content, is_toml=is_toml), dict)


def test_the_secret_is_written_by_the_template() -> None:
    inject = read(inject={"header": "X-Key", "template": "Key {api_key}", "query": "key"}).inject
    assert inject is not None
    values = {"api_key": Secret("s3cret")}
    assert inject.headers(values) == (("X-Key", Secret("Key s3cret")),)
    assert inject.parameters(values) == (("key", Secret("s3cret")),)
    assert "s3cret" not in repr(inject.headers(values))
