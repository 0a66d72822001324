"""What a token address says is read strictly, and in words that cannot hold anything of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.connection.oauth.endpoint import Granted, NotGranted
from authsome.connection.oauth.failure import RefreshFailure
from authsome.runtime.oauth.answer import read_answer

BEGAN = datetime(2026, 11, 28, tzinfo=UTC)
GOOD = {"access_token": "at-1", "token_type": "bearer"}


def read(document: object, status: int = 200) -> Granted | NotGranted:
    return read_answer(status, {}, json.dumps(document).encode(), began=BEGAN)


def test_a_whole_answer_is_taken_with_its_end_counted_from_before_the_question() -> None:
    answer = read({**GOOD, "refresh_token": "rt-1", "expires_in": 3600, "scope": "read write"})
    assert isinstance(answer, Granted)
    tokens = answer.tokens
    assert tokens.refresh is not None
    assert (tokens.access.reveal(), tokens.refresh.reveal()) == ("at-1", "rt-1")
    assert (tokens.expires_at, tokens.scopes) == (BEGAN + timedelta(hours=1), ("read", "write"))


def test_an_answer_in_the_form_of_a_form_is_taken_too() -> None:
    answer = read_answer(200, {}, b"access_token=gho_1&scope=repo%2Cgist&token_type=bearer", began=BEGAN)
    assert isinstance(answer, Granted)
    assert (answer.tokens.access.reveal(), answer.tokens.expires_at) == ("gho_1", None)


@pytest.mark.parametrize("life", [None, "soon", -1, 0, 1e300, [], "3600"])
def test_a_life_that_is_none_is_no_life(life: object) -> None:
    answer = read({**GOOD, "expires_in": life})
    if isinstance(answer, Granted):
        assert answer.tokens.expires_at in (None, BEGAN + timedelta(hours=1))
    else:
        assert answer.reason is RefreshFailure.MALFORMED


@pytest.mark.parametrize(
    ("document", "status", "reason"),
    [
        ([1, 2], 200, "malformed"),
        ("text", 200, "malformed"),
        ({}, 200, "malformed"),
        ({"token_type": "bearer"}, 200, "malformed"),
        ({**GOOD, "access_token": "two words"}, 200, "malformed"),
        ({**GOOD, "access_token": "a\r\nX-Evil: y"}, 200, "malformed"),
        ({**GOOD, "access_token": ""}, 200, "malformed"),
        ({**GOOD, "access_token": 7}, 200, "malformed"),
        ({**GOOD, "token_type": "mac"}, 200, "malformed"),
        ({**GOOD, "refresh_token": "a b"}, 200, "malformed"),
        (GOOD, 400, "malformed"),
        ({"error": "invalid_grant"}, 400, "refused"),
        ({"error": "bad_refresh_token"}, 200, "refused"),
        ({"error": "invalid_client"}, 401, "client_refused"),
        ({"error": "unauthorized_client"}, 400, "client_refused"),
        ({"error": "temporarily_unavailable"}, 400, "provider_failed"),
        ({"nothing": 1}, 401, "client_refused"),
        ({"error": "invalid_grant"}, 503, "provider_failed"),
        (GOOD, 302, "malformed"),
    ],
)
def test_what_is_no_token_is_one_of_a_closed_list(document: object, status: int, reason: str) -> None:
    answer = read(document, status)
    assert isinstance(answer, NotGranted)
    assert answer.reason.value == reason


def test_a_provider_may_ask_to_be_left_alone_for_a_while() -> None:
    answer = read_answer(429, {"retry-after": "90"}, b"", began=BEGAN)
    assert answer == NotGranted(RefreshFailure.OVERLOADED, timedelta(seconds=90))
    later = {"retry-after": "Fri, 31 Dec 2027 23:59:59 GMT"}
    assert read_answer(429, later, b"", began=BEGAN) == NotGranted(RefreshFailure.OVERLOADED)


@given(st.binary(max_size=300), st.integers(100, 599))
def test_no_bytes_at_all_raise(body: bytes, status: int) -> None:
    assert isinstance(read_answer(status, {}, body, began=BEGAN), Granted | NotGranted)


@given(
    st.recursive(
        st.none() | st.text() | st.integers() | st.floats(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(
                st.sampled_from(
                    ["access_token", "token_type", "expires_in", "scope", "error", "refresh_token"]
                ),
                x,
            )
        ),
    )
)
def test_no_document_at_all_raises(document: object) -> None:
    assert isinstance(read(document), Granted | NotGranted)
