"""How long a provider that gave nothing is left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.connection.oauth.turns import LONGEST_REST, SHORTEST_REST, rest_after

FAILURES = st.integers(0, 10**9)
DRAWN = st.floats(0, 1)
ASKED = st.none() | st.timedeltas(timedelta(), timedelta(days=30))


@pytest.mark.parametrize(("failures", "seconds"), [(0, 1), (1, 2), (2, 4), (7, 128), (8, 256), (9, 300)])
def test_it_doubles_up_to_five_minutes(failures: int, seconds: int) -> None:
    assert rest_after(failures, asked_for=None, drawn=1.0) == timedelta(seconds=seconds)


@given(FAILURES, ASKED, DRAWN)
def test_it_is_never_too_short_and_never_too_long(
    failures: int, asked: timedelta | None, drawn: float
) -> None:
    rest = rest_after(failures, asked_for=asked, drawn=drawn)
    assert SHORTEST_REST / 2 <= rest <= LONGEST_REST


@given(FAILURES, DRAWN, DRAWN)
def test_what_failed_together_does_not_come_back_together(failures: int, one: float, other: float) -> None:
    early, late = sorted(rest_after(failures, asked_for=None, drawn=drawn) for drawn in (one, other))
    assert late <= 2 * early


def test_what_the_provider_asks_for_is_given_within_reason() -> None:
    assert rest_after(0, asked_for=timedelta(seconds=90), drawn=0.0) == timedelta(seconds=90)
    assert rest_after(9, asked_for=timedelta(seconds=1), drawn=1.0) == LONGEST_REST
    assert rest_after(0, asked_for=timedelta(days=1), drawn=0.0) == LONGEST_REST
