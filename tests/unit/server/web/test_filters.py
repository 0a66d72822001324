from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from authsome.server.web import filters

NOON = datetime(2026, 3, 4, 12, 5, 6, 7, tzinfo=UTC)


def test_an_instant_is_shown_in_utc_and_carries_its_exact_value() -> None:
    there = NOON.astimezone(timezone(timedelta(hours=-8)))
    said = '<time datetime="2026-03-04T12:05:06.000007Z">4 Mar 2026, 12:05 UTC</time>'
    assert filters.instant(NOON) == filters.instant(there) == said
    assert filters.moment(NOON) == said.replace(" UTC<", "<")


def test_a_day_has_no_hour() -> None:
    assert filters.day(date(2026, 3, 4)) == '<time datetime="2026-03-04">4 Mar 2026</time>'


def test_what_is_not_known_is_a_dash() -> None:
    unknown = [filters.instant(None), filters.moment(None), filters.day(None), filters.count(None)]
    assert {*unknown, filters.percent(None), filters.span(None)} == {"–"}


def test_large_numbers_are_grouped() -> None:
    assert filters.count(0) == "0"
    assert filters.count(1234567) == "1,234,567"


@pytest.mark.parametrize(("share", "said"), [(0, "0.0%"), (0.5, "50.0%"), (0.99999, "99.9%"), (1, "100%")])
def test_only_a_whole_is_a_hundred_per_cent(share: float, said: str) -> None:
    assert filters.percent(share) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 seconds"),
        (-5, "0 seconds"),
        (1, "1 second"),
        (119, "1 minute"),
        (7200, "2 hours"),
        (1e6, "11 days"),
    ],
)
def test_a_span_is_told_in_its_largest_unit(seconds: float, said: str) -> None:
    assert filters.span(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "data:text/html,x",
        "//other.example",
        "ftp://x",
        "",
        "http://[",
        "https:///x",
    ],
)
def test_a_link_out_is_http_or_nothing(address: str) -> None:
    assert filters.web_url(address) == ""


def test_an_ordinary_link_passes() -> None:
    assert filters.web_url("https://docs.example/a?b=c ") == "https://docs.example/a?b=c"


@pytest.mark.parametrize(
    "address", [None, "", "//other.example", "/\\other.example", "https://other.example", "javascript:1"]
)
def test_the_way_back_stays_on_this_server(address: str | None) -> None:
    assert filters.local_path(address) == "/"


def test_a_path_of_ours_is_a_way_back() -> None:
    assert filters.local_path("/agents/brisk-amber-otter-4821") == "/agents/brisk-amber-otter-4821"
