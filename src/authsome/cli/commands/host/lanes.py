"""`authsome telemetry status`: whether anything leaves, and how that goes, in five seconds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from authsome.cli.clients import ask_as_person
from authsome.cli.commands.host.consent import form_of
from authsome.cli.output import json_option, moment, print_json, printable
from authsome.client.settings import read_settings

WIDTH = 16
GOOD, WAIT, BAD = "green", "yellow", "red"


@click.command("status")
@json_option
def command(as_json: bool) -> None:
    """Say whether anything is sent, where, and how that goes.

    \b
    Example:
      authsome telemetry status --json
    """
    found = ask_as_person(read_settings(), lambda client: client.get("/telemetry/status"))
    if as_json:
        print_json(found)
        return
    click.echo(f"Telemetry is {found['mode']}: {printable(found['because'])}")
    for warning in found["warnings"]:
        click.secho(f"Warning: {printable(warning)}", fg=WAIT)
    click.echo()
    _print_posthog(found)
    if found["file"]:
        _print_file(found["file"])
    dropped = found["usage_dropped"]
    said = f"{dropped} requests were not counted: too many came at once" if dropped else "all counted"
    _head("Use", said, BAD if dropped else GOOD)


def _print_posthog(found: dict[str, Any]) -> None:
    if found["mode"] != "on":
        _head("PostHog", "nothing leaves", GOOD)
        _line("would leave", form_of(found))
        if found["dead_letters"]:
            _print_answers(found, sink="posthog")
        return
    _head("PostHog", *_state(found))
    _line("sent to", found["host"])
    _line("since", moment(found["since"]))
    _line("form", form_of(found))
    _print_answers(found, sink="posthog")


def _print_file(lane: dict[str, Any]) -> None:
    _head("File", *_state(lane))
    _line("written to", lane["path"])
    _print_answers(lane, sink="file")


def _print_answers(lane: dict[str, Any], *, sink: str) -> None:
    if lane["last_answer"]:
        _line("last answer", f"{lane['last_answer']}, {moment(lane['answered_at'])}")
    for title, text in _refusals(lane, sink):
        _line(title, text)


def _refusals(lane: dict[str, Any], sink: str) -> Iterator[tuple[str, str]]:
    if lane["retrying"]:
        yield "to send again", f"{lane['retrying']} facts"
    if not lane["dead_letters"]:
        yield "refused", "none"
        return
    option = "" if sink == "posthog" else f" --sink {sink}"
    yield "refused", f"{lane['dead_letters']} for good: `authsome telemetry dead-letters{option}`"
    for letter in lane["latest_dead_letters"][:1]:
        yield "", f"such as {letter['event_id']}: {letter['reason']}"


def _state(lane: dict[str, Any]) -> tuple[str, str]:
    lag = lane["lag"]
    waits = f"{lag} {'fact waits' if lag == 1 else 'facts wait'}" if lag else ""
    if lane["paused"]:
        again = f"tries again {moment(lane['resumes_at'])}" if lane["resumes_at"] else ""
        return ", ".join(one for one in ("PAUSED", waits, again) if one), BAD
    return (waits, WAIT) if waits else ("up to date", GOOD)


def _head(title: str, state: str, colour: str) -> None:
    click.echo(f"{title:<{WIDTH}}" + click.style(printable(state), fg=colour, bold=True))


def _line(title: str, text: str) -> None:
    click.echo(f"  {title:<{WIDTH - 2}}{printable(text)}")
