"""Times as people type them."""

from __future__ import annotations

from datetime import date

import click
import pytest
from click.testing import CliRunner

from authsome.cli.commands.host.analytics.days import first_of, since_option, until_option

LAST = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("since", "first"),
    [
        ("1d", LAST),
        ("30", date(2026, 3, 2)),
        ("30d", date(2026, 3, 2)),
        ("2w", date(2026, 3, 18)),
        ("1m", date(2026, 3, 1)),
        ("6m", date(2025, 10, 1)),
        ("12m", date(2025, 4, 1)),
        ("2026-01-31", date(2026, 1, 31)),
    ],
)
def test_a_time_ends_with_the_last_day_and_counts_it(since: str, first: date) -> None:
    assert first_of(since, LAST) == first


@pytest.mark.parametrize(
    "text", ["0d", "-1", "1y", "soon", "2026-02-30", "20260131", "d", "1 d", "99999d", "1e3"]
)
@pytest.mark.parametrize("option", ["--since", "--until"])
def test_what_is_no_time_is_a_slip(text: str, option: str) -> None:
    @click.command()
    @since_option("30d", "")
    @until_option("")
    def command(since: str, until: date | None) -> None:
        raise AssertionError((since, until))

    said = CliRunner().invoke(command, [f"{option}={text}"])
    assert said.exit_code == 2
    assert "2026-01-31" in said.output
