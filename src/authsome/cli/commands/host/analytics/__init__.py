"""`authsome analytics`: who is using it, in numbers and sparklines; and whether all of it was recorded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import click

from authsome.cli.clients import ask_as_person
from authsome.cli.commands.host.analytics import export, provision, rebuild, reconcile
from authsome.cli.output import json_option, print_json, print_rows, printable
from authsome.client.settings import read_settings

BARS = "▁▂▃▄▅▆▇█"
WIDTH = 30
MOST_ROWS = 5
MOST_DAYS = 730


@click.group("analytics")
def command() -> None:
    """Show who is using this installation. Admins only.

    \b
    Examples:
      authsome analytics show
      authsome analytics show adoption --since 30d --json
      authsome analytics inventory
      authsome analytics reconcile
      authsome analytics rebuild
      authsome analytics export --output facts.parquet
      authsome analytics plan
    """


for part in (reconcile.inventory, reconcile.reconcile, reconcile.backfill, rebuild.rebuild, export.export):
    command.add_command(part)
for part in (provision.plan, provision.apply, provision.destroy):
    command.add_command(part)


def _days(_ctx: click.Context, _parameter: click.Parameter, text: str) -> int:
    found = re.fullmatch(r"([1-9][0-9]{0,3})(d|w)?", text)
    days = int(found[1]) * (7 if found[2] == "w" else 1) if found else 0
    if not 1 <= days <= MOST_DAYS:
        raise click.BadParameter(f"give 1d to {MOST_DAYS}d, such as 90d or 12w")
    return days


@command.command("show")
@click.argument("dashboard", type=click.Choice(["adoption", "reliability"]), default="adoption")
@click.option("--since", default="90d", show_default=True, callback=_days, help="How far back: 90d, 12w.")
@json_option
def show(dashboard: str, since: int, as_json: bool) -> None:
    """Print a dashboard: the same numbers as the page /analytics.

    \b
    Examples:
      authsome analytics show
      authsome analytics show adoption --since 12w
    """
    path, query = f"/analytics/{dashboard}", {"days": str(since)}
    found = ask_as_person(read_settings(), lambda client: client.get(path, query))
    if as_json:
        print_json(found)
        return
    click.echo(f"{printable(found['title'])}, {found['since']} to {found['until']} ({found['time_zone']})")
    for tile in found["tiles"].values():
        _print_tile(tile)
    if found["lag"]:
        click.echo(f"\n{found['lag']} more facts are not counted yet.", err=True)


def _print_tile(tile: dict[str, Any]) -> None:
    click.echo(f"\n{printable(tile['title'])}: {printable(tile['question'])}")
    rows = [
        (line["title"], line["total"], _change(line["total"], line["before"]), spark(line["values"]))
        for line in tile["lines"].values()
    ]
    if tile["rate"]:
        rate = tile["rate"]
        rows.append(
            ("Rate", _share(rate["total"]), f"before {_share(rate['before'])}", spark(rate["values"]))
        )
    print_rows(("", "count", "change", "by time"), rows, empty="Nothing yet.")
    for dimension, found in tile["by"].items():
        _print_dimension(dimension, found, [line["title"] for line in tile["lines"].values()])


def _print_dimension(dimension: str, found: Sequence[dict[str, Any]], titles: Sequence[str]) -> None:
    if not any(row["name"] for row in found):
        return
    has_rate = any(row["rate"] is not None for row in found)
    columns = [dimension.replace("_", " "), *titles[: len(found[0]["counts"])], *["rate"][:has_rate]]
    rows = [
        [row["name"] or "(none)", *row["counts"].values(), *[_share(row["rate"])][:has_rate]]
        for row in found[:MOST_ROWS]
    ]
    print_rows(columns, rows, empty="")


def spark(values: Sequence[float | None]) -> str:
    """A line of bars, at most thirty; each is the mean of its days, None where they have no value."""
    step = -(-len(values) // WIDTH) if values else 1
    groups = [[v for v in values[at : at + step] if v is not None] for at in range(0, len(values), step)]
    means = [sum(group) / len(group) if group else None for group in groups]
    highest = max((value for value in means if value is not None), default=0) or 1
    return "".join(" " if value is None else BARS[round(value / highest * 7)] for value in means)


def _change(total: float, before: float) -> str:
    return f"{total - before:+d}" if isinstance(total, int) and isinstance(before, int) else ""


def _share(rate: float | None) -> str:
    return "–" if rate is None else f"{rate:.0%}"
