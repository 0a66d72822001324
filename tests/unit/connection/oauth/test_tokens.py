"""Until when a token is good, when the next is asked for, and how long a failed provider is left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.connection.errors import TokensUnreadable
from authsome.connection.model import Connection, ConnectionState, Flow
from authsome.connection.oauth.tokens import Tokens, is_usable, life_of, read_tokens
from authsome.connection.oauth.turns import LONGEST_REST, SHORTEST_REST, rest_after
from authsome.kit.secret import Secret
from authsome.testing.clock import SeededEntropy

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def connection_with(seconds: float, *, seed: int = 0) -> Connection:
    end = NOW + timedelta(seconds=seconds)
    tokens = Tokens(access=Secret("a"), refresh=Secret("r"), expires_at=end)
    life = life_of(tokens, now=NOW, entropy=SeededEntropy(seed))
    return Connection(
        id="con_1",
        principal_id="prn_1",
        provider="acme",
        name="default",
        flow=Flow.AUTHORIZATION_CODE,
        state=ConnectionState.CONNECTED,
        is_default=True,
        vault_id="vlt_1",
        created_at=NOW,
        expires_at=life.expires_at,
        refresh_at=life.refresh_at,
        is_refreshable=life.is_refreshable,
    )


@given(st.integers(1, 10**8), st.integers(0, 1000))
def test_the_next_is_asked_for_before_the_end_and_never_at_once(seconds: int, seed: int) -> None:
    one = connection_with(seconds, seed=seed)
    assert one.refresh_at is not None
    assert one.expires_at is not None
    assert NOW < one.refresh_at < one.expires_at
    assert not one.is_due(NOW)
    assert not one.is_spent(NOW)
    assert one.is_due(one.refresh_at)
    assert not one.is_spent(one.refresh_at), "there is a while in which the old one still works"
    assert one.is_spent(one.expires_at)


def test_connections_of_one_moment_are_not_renewed_in_one() -> None:
    assert len({connection_with(3600, seed=seed).refresh_at for seed in range(100)}) > 90


def test_half_a_minute_before_the_end_a_token_is_spent_for_clocks_differ() -> None:
    one = connection_with(3600)
    assert not one.is_spent(NOW + timedelta(seconds=3569))
    assert one.is_spent(NOW + timedelta(seconds=3571))


def test_a_token_without_an_end_is_never_due() -> None:
    life = life_of(Tokens(access=Secret("a"), refresh=Secret("r")), now=NOW, entropy=SeededEntropy())
    assert (life.expires_at, life.refresh_at, life.is_refreshable) == (None, None, True)


def test_what_is_sealed_reads_back_and_shows_nothing() -> None:
    tokens = Tokens(access=Secret("at-1"), refresh=Secret("rt-1"), expires_at=NOW, scopes=("read", "write"))
    assert read_tokens(tokens.text()) == tokens
    assert "at-1" not in repr(tokens)
    assert "rt-1" not in repr(tokens)
    for text in ("sk-a-key", "{}", "[]", '{"access_token": 1}'):
        with pytest.raises(TokensUnreadable):
            read_tokens(Secret(text))


@pytest.mark.parametrize("token", ["", "two words", "a\r\nb", "é", "x" * 20_000, None, 7])
def test_what_cannot_stand_in_a_header_is_no_token(token: object) -> None:
    assert not is_usable(token)


@given(st.integers(0, 10_000), st.floats(0, 1), st.none() | st.timedeltas(timedelta(), timedelta(days=400)))
def test_a_rest_has_bounds(failures: int, drawn: float, asked_for: timedelta | None) -> None:
    rest = rest_after(failures, asked_for=asked_for, drawn=drawn)
    assert SHORTEST_REST / 2 <= rest <= LONGEST_REST
    assert rest >= min(asked_for or timedelta(), LONGEST_REST)
    assert rest_after(failures + 1, asked_for=None, drawn=drawn) >= rest_after(
        failures, asked_for=None, drawn=drawn
    )
