"""`authsome status`: does a server run, and how?"""

from __future__ import annotations

from typing import Any

import click
from click.formatting import wrap_text

from authsome.cli.clients import anonymous
from authsome.cli.exit_codes import EXIT_CODES
from authsome.cli.host import BOUNDARY, local_client, proxy_line, shares_the_user, telemetry_line
from authsome.cli.output import json_option, print_json
from authsome.client.errors import ServerNotRunning
from authsome.client.server_file import ServerFile
from authsome.client.settings import ClientSettings, read_settings
from authsome.kit.errors import Kind


@click.command("status")
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Say whether a server runs, and how.

    Looks at AUTHSOME_BASE_URL if that is set, else at the server of this home. Exits with 8 if none answers.

    \b
    Examples:
      authsome status
      authsome status --json
    """
    settings = read_settings()
    server = None if settings.base_url else settings.local_server()
    try:
        health = (local_client(server) if server else anonymous(settings)).get("/health")
    except ServerNotRunning:
        health = None
    if as_json:
        print_json(_document(settings, server, health))
    else:
        _print(settings, server, health)
    ctx.exit(0 if health else EXIT_CODES[Kind.UNAVAILABLE])


def _document(
    settings: ClientSettings, server: ServerFile | None, health: dict[str, Any] | None
) -> dict[str, Any]:
    document: dict[str, Any] = {"running": health is not None, "base_url": settings.address().base_url}
    document["home"] = str(settings.home)
    if health:
        document |= {"version": health["version"], "log_position": health["log_position"]}
        document["telemetry"] = health["telemetry"]
    if server and health:
        document |= {
            "pid": server.pid,
            "proxy": f"127.0.0.1:{server.proxy_port}",
            "proxy_tls": server.proxy_tls,
            "telemetry": health["telemetry"]
            | {
                "mode": server.telemetry_mode,
                "because": server.telemetry_because,
                "posthog_host": server.posthog_host,
                "warnings": server.warnings,
            },
            "shares_the_operating_system_user": shares_the_user(),
        }
    return document


def _print(settings: ClientSettings, server: ServerFile | None, health: dict[str, Any] | None) -> None:
    if not health:
        click.echo(f"No server is running at {settings.address().base_url}. Start it: `authsome up`.")
        return
    click.echo(f"Authsome {health['version']} is running at {settings.address().base_url},")
    click.echo(f"with {health['log_position']} facts in its log.")
    if trouble := _trouble(health["telemetry"]):
        click.echo(f"Telemetry: {trouble}. `authsome telemetry status` says more.")
    if server:
        click.echo(f"Process {server.pid}, proxy at {proxy_line(server)}.")
        click.echo(telemetry_line(server))
        for warning in server.warnings:
            click.echo(f"Warning: {warning}")
        if shares_the_user():
            click.echo(wrap_text(f"Note: {BOUNDARY}", 88))


def _trouble(telemetry: dict[str, Any]) -> str:
    """What an operator should look at, in a few words; empty where all is well."""
    lanes = [("sending is paused", telemetry)]
    if telemetry["file"]:
        lanes.append(("writing to the file is paused", telemetry["file"]))
    found = []
    for paused, lane in lanes:
        found += [paused] if lane["paused"] else []
        found += [f"{lane['lag']} facts wait"] if lane["paused"] and lane["lag"] else []
        found += [f"{lane['dead_letters']} dead letters"] if lane["dead_letters"] else []
    return ", ".join(found)
