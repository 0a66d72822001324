"""`authsome analytics inventory | reconcile | backfill`: did everything arrive?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import click

from authsome.cli.browser import no_browser_option, open_page
from authsome.cli.clients import ask_as_person
from authsome.cli.exit_codes import DIFFERS
from authsome.cli.output import json_option, moment, print_json, print_rows, printable, say
from authsome.cli.waiting import wait_for
from authsome.client.settings import ClientSettings, read_settings
from authsome.kit.errors import BrokenError

PATH = "/analytics/reconcile"
LONGEST_SECONDS = 6 * 3600.0
LAYERS = {"registry": "registry and log", "rollups": "log and numbers", "posthog": "log and PostHog"}
since_option = click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="Only what happened from this day on, in UTC."
)


class ReconcileFailed(BrokenError):
    """The comparison failed on the server."""

    code = "reconcile_failed"
    hint = "look into the server's log, and run it again"


@click.command("inventory")
@json_option
def inventory(as_json: bool) -> None:
    """List every event: what records it, what shows it, how often it happened, whether it was sent.

    \b
    Examples:
      authsome analytics inventory
      authsome analytics inventory --json
    """
    found = ask_as_person(read_settings(), lambda client: client.get("/analytics/inventory"))
    if as_json:
        print_json(found)
        return
    rows = [
        (
            one["name"],
            one["old_name"] or "",
            one["subject"] or "",
            ", ".join(one["use_cases"]),
            one["count"],
            moment(one["last_seen"]),
            moment(one["last_delivered"]),
            ", ".join(one["shown_by"]) or f"audit only: {one['audit_only']}",
        )
        for one in found
    ]
    columns = ("event", "before", "subject", "recorded by", "count", "last seen", "last sent", "shown by")
    print_rows(columns, rows, empty="There are no events.")


@click.command("reconcile")
@since_option
@click.option("--repair", is_flag=True, help="Open the page where an admin has mended what can be.")
@no_browser_option
@json_option
def reconcile(since: datetime | None, *, repair: bool, no_browser: bool, as_json: bool) -> None:
    """Compare registry, event log, numbers and PostHog. Exits with 9 where something differs.

    \b
    Examples:
      authsome analytics reconcile
      authsome analytics reconcile --since 2026-01-31 --json
      authsome analytics reconcile --repair
    """
    settings = read_settings()
    report = _compare(settings, since)
    url = _page(settings, "repair", since) if repair and report["repairable"] else None
    if as_json:
        print_json({**report, "repair_url": url})
    else:
        _print_report(report)
    if url is not None:
        if not as_json:
            click.echo(f"\nMend it here, with your password:\n\n    {url}\n")
        open_page(url, wanted=not no_browser and not as_json)
    elif report["repairable"] and not as_json:
        say("`authsome analytics reconcile --repair` leads to where it is mended.")
    if report["differs"]:
        raise SystemExit(DIFFERS)


@click.command("backfill")
@since_option
@no_browser_option
@json_option
def backfill(since: datetime | None, no_browser: bool, as_json: bool) -> None:
    """Open the page where an admin has facts written that rows from before the log lack.

    \b
    Example:
      authsome analytics backfill
    """
    settings = read_settings()
    report = _compare(settings, since)
    missing = sum(
        one["count"] for layer in report["layers"] for one in layer["differences"] if one["kind"] == "missing"
    )
    url = _page(settings, "backfill", since) if missing else None
    if as_json:
        print_json({"missing": missing, "url": url})
        return
    if url is None:
        click.echo("Every row has its facts: there is nothing to write.")
        return
    click.echo(f"{missing} facts can be written. Do it here, with your password:\n\n    {url}\n")
    open_page(url, wanted=not no_browser)


def _compare(settings: ClientSettings, since: datetime | None) -> dict[str, Any]:
    """Have it done, and wait. Raises `ReconcileFailed`."""
    body = {"since": since.date().isoformat()} if since else {}
    job = ask_as_person(settings, lambda client: client.post(PATH, body))["id"]
    seen: dict[str, Any] = {}

    def look() -> dict[str, Any] | None:
        seen.update(ask_as_person(settings, lambda client: client.get(PATH)))
        current = seen["under_way"]
        return None if current and current["id"] == job else seen

    def how_far() -> str:
        return f"{seen['under_way']['looked_at']:,} looked at" if seen.get("under_way") else ""

    found = wait_for(look, what="for the comparison", seconds=LONGEST_SECONDS, how_far=how_far)
    last, report = found["last"], found["report"]
    if report is None or (last["id"] == job and last["failed"]):
        raise ReconcileFailed(last["failed"] or "the comparison came to nothing")
    return dict(report)


def _page(settings: ClientSettings, task: str, since: datetime | None) -> str:
    query = {"task": task} | ({"since": since.date().isoformat()} if since else {})
    return f"{settings.address().base_url}/analytics/repair?{urlencode(query)}"


def _print_report(report: Mapping[str, Any]) -> None:
    for layer in report["layers"]:
        _print_layer(layer)
    if not report["differs"]:
        click.echo("Nothing differs.")


def _print_layer(layer: Mapping[str, Any]) -> None:
    title = LAYERS[layer["layer"]]
    if layer["skipped"]:
        click.echo(f"{title}: not compared. {printable(layer['skipped'])}")
        return
    gone = layer["explained"]
    apart = f", {gone} facts were deleted by retention or erasure" if gone else ""
    said = "differ" if layer["differences"] else "agree"
    click.echo(f"{title}: they {said} ({layer['compared']} looked at{apart})")
    for note in layer["notes"]:
        click.echo(f"  {printable(note)}")
    if layer["differences"]:
        _print_differences(layer["differences"], layer["examples"])


def _print_differences(
    differences: Sequence[Mapping[str, Any]], examples: Sequence[Mapping[str, Any]]
) -> None:
    counts = [(one["kind"], one["event"], one["count"]) for one in differences]
    print_rows(("difference", "event", "count"), counts, empty="")
    click.echo()
    rows = [(one["kind"], one["day"], one["event"], one["about"], one["detail"]) for one in examples]
    print_rows(("for example", "day", "event", "which", "what"), rows, empty="")
    click.echo()
