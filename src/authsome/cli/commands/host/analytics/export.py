"""`authsome analytics export`: facts of the log, for people with tools of their own."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from authsome.cli.clients import ask_as_person
from authsome.cli.commands.host.analytics.days import first_of, since_option, until_option
from authsome.cli.exporting.export import Export
from authsome.cli.exporting.pages import Query
from authsome.client.settings import read_settings
from authsome.kit.clock import SystemClock

FORMATS = ("jsonl", "csv", "parquet")


@click.command("export")
@click.option(
    "--format",
    "chosen",
    type=click.Choice(FORMATS),
    help="What to write; else by --output's ending, else jsonl.",
)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file, 0600; else to the terminal."
)
@since_option("", "From when on: 30d, 12w, 6m or 2026-01-31; everything, if not given.")
@until_option("Up to this day, inclusive.")
@click.option("--event", "events", multiple=True, help="Only facts of this event; may be given again.")
@click.option("--after", type=click.IntRange(min=0), default=0, help="Only facts behind this log position.")
def export(
    *,
    chosen: str | None,
    output: Path | None,
    since: str,
    until: date | None,
    events: Sequence[str],
    after: int,
) -> None:
    """Write facts as a table, for pandas, DuckDB or a spreadsheet.

    One row per fact, days in UTC, with the fields that may leave and no others, and nobody who was erased.
    `authsome telemetry export` is for other pipelines instead: the whole log as lines, also as CloudEvents.

    \b
    Examples:
      authsome analytics export --since 30d --format csv > facts.csv
      authsome analytics export --output facts.parquet
      authsome analytics export --event identity_claimed --event identity_registered
    """
    form = chosen or _by_ending(output)
    if form == "parquet" and output is None:
        raise click.UsageError("--format parquet needs --output FILE: it cannot be written to a pipe.")
    settings = read_settings()
    made = Export(
        ask=lambda path, query: ask_as_person(settings, lambda client: client.get(path, query)),
        query=_query(since, until, events),
        after=after,
        shows=sys.stderr.isatty() and not (output is None and sys.stdout.isatty()),
    )
    if output is None:
        made.to_terminal(form)
    else:
        made.to_file(form, output)


def _by_ending(output: Path | None) -> str:
    ending = output.suffix.removeprefix(".") if output else ""
    return ending if ending in FORMATS else "jsonl"


def _query(since: str, until: date | None, events: Sequence[str]) -> Query:
    first = first_of(since, until or SystemClock().now().date()) if since else None
    if first and until and until < first:
        raise click.UsageError(f"--until {until} is before --since {first}.")
    days: dict[str, Any] = {"since": first, "until": until}
    return {name: str(day) for name, day in days.items() if day} | ({"event": list(events)} if events else {})
