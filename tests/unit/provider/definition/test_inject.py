"""Several fields, and the places that each goes to: written as the definition says, and nowhere else."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from authsome.kit.secret import Secret
from authsome.provider.errors import DefinitionInvalid
from authsome.provider.model import Provider
from authsome.provider.validate import read_definition

TWO = [{"name": "account_sid", "label": "Account SID", "secret": False}, {"name": "token", "label": "Token"}]
BASIC = {"basic": {"username": "{account_sid}", "password": "{token}"}}
VALUES = {"account_sid": Secret("AC1"), "token": Secret("t0k")}


def read(inject: Any, fields: Any = TWO, **changes: Any) -> Provider:
    raw = {"name": "acme", "display_name": "Acme", "hosts": ["api.acme.test"], "inject": inject}
    return read_definition({**raw, **({"fields": fields} if fields is not None else {}), **changes})


def headers(provider: Provider, values: dict[str, Secret] = VALUES) -> dict[str, str]:
    assert provider.inject is not None
    return {name: value.reveal() for name, value in provider.inject.headers(values)}


def test_name_and_password_are_those_of_rfc_7617() -> None:
    """§2 has this very pair and header as its example."""
    provider = read(
        {"basic": {"username": "{user}", "password": "{password}"}},
        [{"name": "user", "label": "User"}, {"name": "password", "label": "Password"}],
    )
    given = {"user": Secret("Aladdin"), "password": Secret("open sesame")}
    assert headers(provider, given) == {"Authorization": "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}
    utf8 = {"user": Secret("test"), "password": Secret("123\u00a3")}  # §2.1
    assert headers(provider, utf8) == {"Authorization": "Basic dGVzdDoxMjPCow=="}


@pytest.mark.parametrize(
    ("basic", "pair"),
    [
        ({"username": "{api_key}"}, "K:"),
        ({"username": "", "password": "{api_key}"}, ":K"),
        ({"username": "api", "password": "{api_key}"}, "api:K"),
        ({"username": "{api_key}", "password": "X"}, "K:X"),
    ],
)
def test_one_key_may_be_either_half(basic: dict[str, str], pair: str) -> None:
    encoded = base64.b64encode(pair.encode()).decode()
    provider = read({"basic": basic}, fields=None)
    assert headers(provider, {"api_key": Secret("K")}) == {"Authorization": f"Basic {encoded}"}


def test_fields_go_into_headers_and_parameters() -> None:
    provider = read(
        {"headers": {"X-Token": "{token}", "X-App": "app {account_sid}"}, "query": {"t": "{token}"}}
    )
    assert headers(provider) == {"X-App": "app AC1", "X-Token": "t0k"}
    assert provider.inject is not None
    assert provider.inject.parameters(VALUES) == (("t", Secret("t0k")),)
    assert provider.inject.open_names(provider.key_fields) == {"X-App"}


def test_a_value_that_looks_like_a_place_is_none() -> None:
    provider = read({"header": "X-Both", "template": "{account_sid}.{token}"})
    sly = {"account_sid": Secret("{token}"), "token": Secret("t0k")}
    assert headers(provider, sly) == {"X-Both": "{token}.t0k"}


@pytest.mark.parametrize(
    "inject",
    [
        BASIC,
        {**BASIC, "header": "X-Account", "template": "{account_sid}"},
        {"headers": {"X-B": "{token}", "X-A": "{account_sid}"}, "remove": ["X-C"]},
        {"query": {"key": "{account_sid}", "token": "{token}"}},
    ],
    ids=str,
)
def test_what_is_written_reads_back_the_same(inject: Any) -> None:
    provider = read(inject)
    assert read_definition(provider.definition()) == provider


def test_one_field_need_not_be_named_again() -> None:
    one = [{"name": "token", "label": "Token"}]
    provider = read({"header": "X-Token", "query": "token"}, one)
    assert provider.inject is not None
    assert provider.inject.header_templates == (("X-Token", "{token}"),)
    assert provider.inject.query_templates == (("token", "{token}"),)


@pytest.mark.parametrize(
    ("inject", "says"),
    [
        ({"header": "X-Key"}, "must say which of the fields"),
        ({"query": "key"}, "must say which of the fields"),
        ({"header": "X-Key", "template": "{account_sid}"}, "carries the field token nowhere"),
        ({"header": "X-Key", "template": "{api_key}"}, "there are {account_sid}, {token}"),
        ({"header": "X-Key", "template": "{token}{token}"}, "each place once"),
        ({"header": "X-Key", "template": "{account_sid}{token"}, "each place once"),
        ({"header": "X-Key", "template": "{account_sid}{token}é"}, "plain text"),
        ({"header": "X-Key", "template": "plain", **BASIC}, "would carry nothing"),
        ({"header": "X-Key", "headers": {"X-B": "{token}"}}, "neither header nor template"),
        ({"headers": {}}, "1 to 5 headers"),
        ({"headers": {f"X-{n}": "{token}" for n in range(6)}}, "1 to 5 headers"),
        ({"headers": {"X-A": "{token}", "x-a": "{account_sid}"}}, "the same header twice"),
        ({"headers": {"Host": "{token}"}}, "frames or routes"),
        ({"query": {f"p{n}": "{token}" for n in range(6)}}, "up to 5"),
        ({"query": {"a b": "{token}"}}, "plain parameter name"),
        ({"query": 7}, "inject.query"),
        ({**BASIC, "header": "authorization", "template": "{token}"}, "may not set twice"),
        ({"basic": "user"}, "inject.basic"),
        ({"basic": {"password": "{token}"}}, "lacks the key username"),
        ({"basic": {"username": "{account_sid}:{token}"}}, "no colon"),
        ({"basic": {"username": "a\r\nHost: evil", "password": "{token}"}}, "plain text"),
        ({"basic": {"username": "x", "password": "y"}}, "to carry the key"),
        ({"basic": {"username": 1, "password": "{token}"}}, "plain text"),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_what_is_not_right_is_said(inject: Any, says: str) -> None:
    with pytest.raises(DefinitionInvalid) as refused:
        read(inject)
    assert says in refused.value.detail


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ([], "1 to 8"),
        ("token", "1 to 8"),
        ([{"name": f"f{n}", "label": str(n)} for n in range(9)], "1 to 8"),
        (["token"], "objects with name and label"),
        ([{"name": "token"}], "lacks the key label"),
        ([{"name": "token", "label": "T", "hidden": True}], "unknown key"),
        ([{"name": "Token", "label": "T"}], "begin with a letter"),
        ([{"name": "a-b", "label": "T"}], "begin with a letter"),
        ([{"name": "token\n", "label": "T"}], "begin with a letter"),
        ([{"name": "x" * 33, "label": "T"}], "begin with a letter"),
        ([{"name": "token", "label": "two\nlines"}], "printable"),
        ([{"name": "token", "label": "T", "secret": "no"}], "true or false"),
        ([{"name": "a", "label": "T"}, {"name": "a", "label": "U"}], "twice"),
        ([{"name": "a", "label": "T"}, {"name": "b", "label": "T"}], "twice"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_fields_are_told_apart_by_name_and_label(fields: Any, says: str) -> None:
    with pytest.raises(DefinitionInvalid) as refused:
        read(BASIC, fields)
    assert says in refused.value.detail


def test_fields_are_for_a_key_and_bring_their_own_labels() -> None:
    with pytest.raises(DefinitionInvalid, match="leave it out"):
        read(BASIC, key_label="Token")
    raw = {"name": "acme", "display_name": "Acme", "hosts": ["a.test"], "fields": TWO}
    with pytest.raises(DefinitionInvalid, match="inject, which is missing"):
        read_definition({**raw, "oauth": {"token_url": "https://a.test", "client_credentials": True}})
