"""What is typed for a provider: each field fit for where it goes, and all of them sealed as one text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.connection.errors import KeyInvalid, KeyOutdated
from authsome.connection.keys import check_given, read_sealed, sealable
from authsome.kit.secret import Secret
from authsome.provider.model import Provider
from authsome.provider.validate import read_definition

FIELDS = [{"name": "user", "label": "User", "secret": False}, {"name": "password", "label": "Password"}]
BASIC = {"basic": {"username": "{user}", "password": "{password}"}}


def provider(inject: Any, fields: Any = None) -> Provider:
    raw = {"name": "acme", "display_name": "Acme", "hosts": ["api.acme.test"], "inject": inject}
    return read_definition(raw if fields is None else {**raw, "fields": fields})


PLAIN = provider({"header": "X-Key"})
PAIR = provider(BASIC, FIELDS)
SPLIT = provider({"headers": {"X-User": "{user}", "X-Password": "{password}"}}, FIELDS)


def pair(user: str, password: str) -> dict[str, Secret]:
    return {"user": Secret(user), "password": Secret(password)}


def test_one_key_is_sealed_as_it_is() -> None:
    values = check_given(PLAIN, Secret(" sk-1\n"))
    assert sealable(PLAIN, values) == Secret("sk-1")
    assert read_sealed(PLAIN, Secret("sk-1")) == {"api_key": Secret("sk-1")}


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_what_is_sealed_opens_as_the_same_fields_or_was_refused(user: str, password: str) -> None:
    for known in (PAIR, SPLIT):
        try:
            values = check_given(known, pair(user, password))
        except KeyInvalid:
            continue
        assert read_sealed(known, sealable(known, values)) == values == pair(user.strip(), password.strip())


def test_no_key_of_one_text_is_taken_for_fields() -> None:
    with pytest.raises(KeyInvalid):
        check_given(provider({"basic": {"username": "{api_key}"}}), Secret('fields/1 {"api_key": "x"}'))


@pytest.mark.parametrize("text", ["a\nb", "a\r\nX: y", "a\0b", "\x7f", "", "  ", "x" * 4097])
@pytest.mark.parametrize("known", [PAIR, SPLIT], ids=["encoded", "as it is"])
@pytest.mark.parametrize("field", ["user", "password"])
def test_what_could_end_a_line_is_refused_by_the_name_of_its_field(
    known: Provider, field: str, text: str
) -> None:
    with pytest.raises(KeyInvalid) as refused:
        check_given(known, {**pair("u", "p"), field: Secret(text)})
    assert refused.value.field == field
    assert refused.value.detail.startswith(f"{field.capitalize()}: ")
    assert not text.strip() or text not in refused.value.detail


def test_only_what_is_encoded_may_have_spaces_and_other_alphabets() -> None:
    assert check_given(PAIR, pair("ü ser", "open sesame"))
    with pytest.raises(KeyInvalid):
        check_given(SPLIT, pair("user", "open sesame"))


def test_a_user_name_has_no_colon_and_a_password_may() -> None:
    assert check_given(PAIR, pair("user", "a:b"))
    with pytest.raises(KeyInvalid, match="no colon") as refused:
        check_given(PAIR, pair("us:er", "p"))
    assert refused.value.field == "user"


@pytest.mark.parametrize("given", [Secret("k"), {"user": Secret("u")}, {**pair("u", "p"), "x": Secret("y")}])
def test_all_fields_are_given_and_no_other(given: Any) -> None:
    with pytest.raises(KeyInvalid):
        check_given(PAIR, given)


def test_a_definition_that_asks_for_other_fields_by_now_says_so() -> None:
    with pytest.raises(KeyOutdated, match="other texts"):
        read_sealed(PAIR, Secret("sk-1"))
    with pytest.raises(KeyOutdated):
        read_sealed(PLAIN, sealable(PAIR, pair("u", "p")))
    renamed = provider({"header": "X-Token"}, [{"name": "token", "label": "Token"}])
    assert read_sealed(renamed, Secret("sk-1")) == {"token": Secret("sk-1")}
