"""What each answer means for the batch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authsome.telemetry.sink import Outcome, PauseLane, Rejected, RetryLater, Taken, TooLarge
from authsome.telemetry.sinks.posthog.answer import seconds_from, understand
from tests.unit.telemetry.facts import NOON


@pytest.mark.parametrize(
    ("status", "text", "outcome"),
    [
        (200, '{"status":"Ok"}', Taken()),
        (200, ' {"status": 1}', Taken()),
        (400, "request holds no event", Rejected("400 request holds no event")),
        (413, "length limit exceeded", TooLarge()),
        (401, "API key is not valid", PauseLane("401 API key is not valid")),
        (402, "", PauseLane("402")),
        (403, "", PauseLane("403")),
        (408, "", RetryLater("408", 7.0)),
        (429, "slow down", RetryLater("429 slow down", 7.0)),
        (500, "", RetryLater("500", 7.0)),
        (503, "a\r\nb", RetryLater("503 a  b", 7.0)),
        (599, "", RetryLater("599", 7.0)),
    ],
)
def test_the_answer_table(status: int, text: str, outcome: Outcome) -> None:
    assert understand(status, text, retry_after=7.0) == outcome


@pytest.mark.parametrize("status", [301, 302, 307, 308, 404, 405, 410, 415, 418])
def test_what_posthog_would_not_say_pauses_the_lane(status: int) -> None:
    outcome = understand(status, "")
    assert isinstance(outcome, PauseLane)
    assert "AUTHSOME_POSTHOG_HOST" in outcome.reason


@pytest.mark.parametrize("text", ["", "<html>Welcome to the hotel</html>", "ok"])
def test_a_200_in_the_words_of_somebody_else_is_no_receipt(text: str) -> None:
    assert isinstance(understand(200, text), PauseLane)


@given(status=st.integers(min_value=100, max_value=999), text=st.text())
def test_every_answer_has_a_meaning_and_its_reason_fits_one_line(status: int, text: str) -> None:
    outcome = understand(status, text)
    reason = getattr(outcome, "reason", "")
    assert reason.isprintable()
    assert len(reason) < 300


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("7", 7.0),
        (" 120 ", 120.0),
        ("99999999999999999999", 3600.0),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("Sun, 01 Mar 2026 12:00:30", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
        ("\u0663", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header: str | None, seconds: float | None) -> None:
    assert seconds_from(header, now=NOON) == seconds
