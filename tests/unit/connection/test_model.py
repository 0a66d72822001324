"""What may be typed for a connection."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.connection.errors import ConnectionNameInvalid, KeyInvalid
from authsome.connection.model import check_key, check_name
from authsome.kit.secret import Secret


@pytest.mark.parametrize("key", ["k", "sk-live_0.9+/=", "~" * 4096, "  padded\n", "\tkey\r\n"])
def test_a_key_is_taken_without_the_space_around_it(key: str) -> None:
    assert check_key(Secret(key)).reveal() == key.strip()


@pytest.mark.parametrize(
    "key",
    ["", "  \n", "two words", "a\nb", "a\r\nHost: evil", "a\0b", "ключ", "a\x7f", "x" * 4097, "x" * 10**6],
)
def test_what_could_break_a_header_is_no_key(key: str) -> None:
    with pytest.raises(KeyInvalid) as refused:
        check_key(Secret(key))
    assert len(refused.value.detail) < 200


@given(st.text(max_size=40))
def test_a_key_that_is_taken_is_printable_ascii(key: str) -> None:
    try:
        taken = check_key(Secret(key)).reveal()
    except KeyInvalid:
        return
    assert taken.isascii()
    assert taken.isprintable()
    assert not set(taken) & set(" \t\r\n")


@pytest.mark.parametrize("name", ["default", "work", "ci-2", "a.b_c", "7", "x" * 64])
def test_a_plain_name_is_taken(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize("name", ["", "Work", "a b", "a/b", "-a", ".a", "a\n", "x" * 65, "ä", "..", "%2e"])
def test_a_name_that_needs_escaping_is_refused(name: str) -> None:
    with pytest.raises(ConnectionNameInvalid):
        check_name(name)
