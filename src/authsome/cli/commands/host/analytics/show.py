"""`authsome analytics show`: a dashboard as sparklines and bars, as JSON, or as CSV."""

from __future__ import annotations

import os
import sys
from datetime import date

import click

from authsome.cli.clients import ask_as_person
from authsome.cli.commands.host.analytics.days import MOST_DAYS, first_of, since_option, until_option
from authsome.cli.drawing.dashboard import draw_dashboard
from authsome.cli.drawing.pen import pen_for
from authsome.cli.drawing.tidy import tidy
from authsome.cli.output import json_option, print_json, say
from authsome.client.settings import read_settings
from authsome.kit.clock import SystemClock

DASHBOARDS = ("adoption", "reliability", "mine")
BUCKETS = ("day", "week", "month")


@click.command("show")
@click.argument("dashboard", type=click.Choice(DASHBOARDS), default="adoption")
@since_option("30d", "From when on: 30d, 12w, 6m or 2026-01-31.")
@until_option("The last day; today, if not given.")
@click.option(
    "--bucket", type=click.Choice(BUCKETS), default="day", show_default=True, help="What one number is of."
)
@click.option("--provider", default="", metavar="NAME", help="Only what is of this provider.")
@click.option("--identity", default="", metavar="HANDLE", help="Only what this agent did.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, one number a row.")
@json_option
def show(
    *,
    dashboard: str,
    since: str,
    until: date | None,
    as_csv: bool,
    as_json: bool,
    **narrowed: str,
) -> None:
    """Print a dashboard: the same numbers as its page.

    adoption and reliability are of the whole installation, for admins. mine is for everybody: what your own
    agents and connections did.

    \b
    Examples:
      authsome analytics show
      authsome analytics show reliability --since 12w --bucket week
      authsome analytics show reliability --provider github
      authsome analytics show mine --csv > numbers.csv
    """
    if as_csv and as_json:
        raise click.UsageError("--csv and --json are two forms of the same: give one.")
    query = {"days": str(_days(since, until)), **narrowed}
    if until:
        query["until"] = until.isoformat()
    found = ask_as_person(read_settings(), lambda client: client.get(f"/analytics/{dashboard}", query))
    if as_json:
        print_json(found)
    elif as_csv:
        sys.stdout.buffer.write(tidy(found).encode())
    else:
        for line in draw_dashboard(found, pen_for(sys.stdout, os.environ)):
            print(line)
    if found["lag"]:
        say(f"{found['lag']:,} more facts are not counted yet.")


def _days(since: str, until: date | None) -> int:
    """How many days are asked for, the last included. Without `--until` that is today, here in UTC."""
    last = until or SystemClock().now().date()
    days = (last - first_of(since, last)).days + 1
    if not 1 <= days <= MOST_DAYS:
        raise click.UsageError(
            f"--since {since} is after the last day, {last}."
            if days < 1
            else f"--since {since} is {days} days; a dashboard has at most {MOST_DAYS}."
        )
    return days
