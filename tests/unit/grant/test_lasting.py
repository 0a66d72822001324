"""How long a grant lasts, read and written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.grant.errors import GrantLengthInvalid
from authsome.grant.lasting import LONGEST, read_length, spell_length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90m", timedelta(minutes=90)),
        ("12h", timedelta(hours=12)),
        ("7d", timedelta(days=7)),
        (" 4w ", timedelta(weeks=4)),
        ("3650d", LONGEST),
    ],
)
def test_minutes_hours_days_and_weeks_are_read(text: str, length: timedelta) -> None:
    assert read_length(text) == length


@pytest.mark.parametrize(
    "text",
    ["", "7", "d", "0d", "-1d", "1.5h", "7 d", "7D", "30s", "3651d", "٧d", "99999999d", "7d\n8d", "1y"],
)
def test_what_is_none_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(GrantLengthInvalid):
        read_length(text)


@given(st.integers(1, int(LONGEST.total_seconds()) // 60))
def test_what_is_written_is_read_again(minutes: int) -> None:
    length = timedelta(minutes=minutes)
    assert read_length(spell_length(length)) == length


def test_one_length_is_written_in_one_way() -> None:
    assert {spell_length(read_length(text)) for text in ("1w", "7d", "168h", "10080m")} == {"7d"}
