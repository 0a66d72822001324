"""What the address of a dashboard chooses."""

from __future__ import annotations

from datetime import date

import pytest

from authsome.analytics.metric import Bucket
from authsome.server.web.dashboards.choices import Choices, Misread, read_choices

TODAY = date(2026, 11, 22)


def chosen(**query: str) -> Choices:
    found = read_choices("adoption", query, TODAY)
    assert isinstance(found, Choices), found
    return found


def test_without_a_choice_it_is_the_last_thirty_days() -> None:
    asked = chosen().asked(TODAY)
    assert (asked.days, asked.until, asked.bucket) == (30, None, Bucket.DAY)


def test_days_that_would_be_too_thin_are_weeks_unless_somebody_wants_them() -> None:
    assert chosen(days="365").asked(TODAY).bucket is Bucket.WEEK
    assert chosen(days="365", bucket="day").asked(TODAY).bucket is Bucket.DAY


def test_both_ends_are_included() -> None:
    asked = chosen(since="2026-10-01", until="2026-10-07").asked(TODAY)
    assert (asked.days, asked.until) == (7, date(2026, 10, 7))


def test_a_last_day_to_come_is_today() -> None:
    assert chosen(since="2026-11-20", until="2027-01-01").asked(TODAY).days == 3


def test_an_address_leads_to_the_same_choices() -> None:
    one = Choices(
        dashboard="adoption",
        since=date(2026, 1, 1),
        until=date(2026, 6, 30),
        bucket="month",
        provider="github",
        identity="brisk-amber-otter-4821",
    )
    assert read_choices("adoption", one.query(), TODAY) == one
    assert one.href.startswith("/analytics/adoption?since=2026-01-01&until=2026-06-30&bucket=month")
    assert one.file("providers", "csv", "provider").endswith("&table=provider")


def test_an_address_does_not_say_what_is_usual() -> None:
    assert Choices(dashboard="adoption").href == "/analytics/adoption"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("days", "0"),
        ("days", "731"),
        ("days", "-1"),
        ("days", "x"),
        ("days", "³"),
        ("since", "2026-02-31"),
        ("since", "yesterday"),
        ("since", "2026-11-23"),
        ("since", "1999-12-31"),
        ("since", "2020-01-01"),
        ("until", "2026-13-01"),
        ("bucket", "hour"),
        ("provider", "../etc"),
        ("provider", "<script>"),
        ("identity", "me"),
        ("identity", "a' or 1=1"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_field_and_nothing_is_followed(field: str, value: str) -> None:
    found = read_choices("adoption", {"days": "7", field: value}, TODAY)
    assert isinstance(found, Misread)
    assert list(found.errors) == [field]
    assert found.sent[field] == value


def test_the_last_day_may_not_come_before_the_first() -> None:
    found = read_choices("adoption", {"since": "2026-11-02", "until": "2026-11-01"}, TODAY)
    assert isinstance(found, Misread)
    assert list(found.errors) == ["until"]
