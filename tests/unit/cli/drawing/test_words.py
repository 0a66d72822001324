"""Numbers as people say them."""

from __future__ import annotations

import pytest

from authsome.cli.drawing.marks import bar, shade, spark
from authsome.cli.drawing.pen import Pen
from authsome.cli.drawing.words import change, duration, number, percent

PEN = Pen()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (1234567, "1,234,567"),
        (10**15, "1,000,000,000,000,000"),
        (2.5, "2.5"),
        (3.0, "3"),
        (None, "n/a"),
    ],
)
def test_a_number_has_commas(value: float | None, said: str) -> None:
    assert number(value) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0, "0%"),
        (1, "100%"),
        (0.5, "50%"),
        (0.9999, "99.9%"),
        (0.0001, "0.0%"),
        (0.004, "0.4%"),
        (None, "n/a"),
    ],
)
def test_not_quite_all_is_not_all(share: float | None, said: str) -> None:
    assert percent(share) == said


@pytest.mark.parametrize(
    ("value", "before", "unit", "said"),
    [
        (5, 3, "", "2 more"),
        (3, 5000, "", "4,997 fewer"),
        (3, 3, "", "as before"),
        (2.5, 2.25, "", "0.2 more"),
        (0.5, 0.25, "percent", "25 points up"),
        (0.25, 0.5, "percent", "25 points down"),
        (0.5, None, "percent", "none before"),
        (None, 0.5, "percent", ""),
        (5, None, "facts", ""),
    ],
)
def test_a_change_is_said_in_words(value: float | None, before: float | None, unit: str, said: str) -> None:
    assert change(value, before, unit) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 seconds"),
        (119, "119 seconds"),
        (120, "2.0 minutes"),
        (7_200, "2.0 hours"),
        (864_000, "10.0 days"),
    ],
)
def test_a_time_is_in_a_unit_of_which_there_are_two(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_a_sparkline_has_a_mark_per_value_and_at_most_the_width() -> None:
    assert spark([0, 1, 2, 7], PEN) == "▁▂▃█"
    assert len(spark(list(range(365)), PEN, 30)) <= 30
    assert spark([], PEN) == ""
    assert spark([5], PEN) == "█"
    assert spark([0, 0], PEN) == "▁▁"
    assert spark([None, 0.5, 1.0], PEN) == " ▅█"
    assert spark([0, 7], Pen(encoding="ascii")) == "_#"


def test_what_is_not_nothing_is_seen() -> None:
    assert (bar(0, PEN, 10), bar(0.001, PEN, 10), bar(1, PEN, 10), bar(2, PEN, 10)) == (
        "",
        "█",
        "█" * 10,
        "█" * 10,
    )
    assert "".join(shade(share, PEN) for share in (0, 0.01, 0.5, 1)) == " ░▒█"
