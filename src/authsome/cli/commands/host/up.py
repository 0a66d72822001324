"""`authsome up`: start the server, say where it is and what to do first."""

from __future__ import annotations

import os
import time
from dataclasses import asdict

import click
from click.formatting import wrap_text

from authsome.cli.output import json_option, print_json
from authsome.cli.process.start import ServerFailed, make_private, start
from authsome.client.server_file import ServerFile
from authsome.client.server_lock import holder
from authsome.client.settings import ClientSettings, read_settings

PORT = click.IntRange(0, 65535)
WAIT_SECONDS = 15.0


@click.command("up")
@click.option("--foreground", is_flag=True, help="Stay in this terminal; the log goes to standard error.")
@click.option("--port", type=PORT, help="Port of the API and the pages (7998); 0 takes a free one.")
@click.option("--proxy-port", type=PORT, help="Port of the proxy (7999); 0 takes a free one.")
@click.option("--install", is_flag=True, help="Set the server up as a user of its own (Linux, as root).")
@click.option("--uninstall", is_flag=True, help="Take that service away; its data stays.")
@click.option("--dry-run", is_flag=True, help="With these two: say what would be done, and do nothing.")
@json_option
def command(*, port: int | None, proxy_port: int | None, as_json: bool, **flags: bool) -> None:
    """Start the server on this machine.

    Does nothing if it runs already. Where there is no principal yet, it prints the link with which the first
    one, an admin, is made; each time it is printed, the earlier link stops working.

    With --install it makes the system user `authsome`, a home that only that user can enter, and a service
    that runs the server as that user, so that agents cannot read its files. Doing it again changes nothing.

    \b
    Examples:
      authsome up
      authsome up --port 8998 --proxy-port 8999
      AUTHSOME_BASE_URL=https://authsome.example.org authsome up --foreground
      authsome up --install --dry-run
    """
    chosen = {"AUTHSOME_PORT": port, "AUTHSOME_PROXY_PORT": proxy_port}
    given = {name: str(value) for name, value in chosen.items() if value is not None}
    _refuse_mixtures(flags, others=bool(given) or as_json)
    if flags["install"] or flags["uninstall"]:
        _install(dry_run=flags["dry_run"], undo=flags["uninstall"])
    elif flags["foreground"]:
        _stay(given, as_json)
    else:
        _start(read_settings(), given, as_json)


def _refuse_mixtures(flags: dict[str, bool], *, others: bool) -> None:
    installs = flags["install"] or flags["uninstall"]
    if flags["dry_run"] and not installs:
        raise click.UsageError("--dry-run goes with --install or --uninstall")
    if installs and (others or flags["foreground"] or (flags["install"] and flags["uninstall"])):
        raise click.UsageError(
            "--install and --uninstall go with --dry-run alone; settings have a file, /etc/authsome.env"
        )


def _install(*, dry_run: bool, undo: bool) -> None:
    from authsome.cli.installing.carry_out import install, uninstall

    if undo:
        uninstall(dry_run=dry_run)
    else:
        install(dry_run=dry_run, announce=lambda settings: _announce(settings, was_running=False))


def _start(settings: ClientSettings, given: dict[str, str], as_json: bool) -> None:
    make_private(settings.server_folder)
    was_running = holder(settings.server_folder) is not None
    if not was_running:
        start(settings.server_folder, os.environ | given)
    _announce(settings, was_running=was_running, as_json=as_json)


def _announce(settings: ClientSettings, *, was_running: bool, as_json: bool = False) -> None:
    from authsome.cli.host import ask_host

    server = _wait_for_file(settings)
    announce(server, ask_host(settings, "/set-up-link")["url"], was_running=was_running, as_json=as_json)


def announce(server: ServerFile, link: str | None, *, was_running: bool, as_json: bool) -> None:
    """Where it is, what leaves it, and what to do first."""
    from authsome.cli.host import BOUNDARY, proxy_line, shares_the_user, telemetry_line

    if as_json:
        print_json({**asdict(server), "set_up_url": link, "was_running": was_running})
        return
    how = "is running already" if was_running else "is up"
    click.echo(f"Authsome {server.version} {how} at {server.base_url} (process {server.pid}),")
    click.echo(f"the proxy at {proxy_line(server)}.")
    click.echo(telemetry_line(server))
    for warning in server.warnings:
        click.echo(f"Warning: {warning}")
    if link:
        click.echo(f"\nThere is no principal yet. Make the first one, who is admin, here:\n\n    {link}\n")
    if shares_the_user():
        click.echo(wrap_text(f"Note: {BOUNDARY}", 88))


def _wait_for_file(settings: ClientSettings) -> ServerFile:
    """The server's own account of itself; another `up` may have started it a moment ago."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        server = settings.local_server()
        if server is not None:
            return server
        time.sleep(0.01)
    raise ServerFailed(hint=f"look at {settings.server_folder}/server.log")


def _stay(given: dict[str, str], as_json: bool) -> None:
    from authsome.cli import serve
    from authsome.cli.process.config import read_config
    from authsome.cli.process.json_log import log_to_stderr
    from authsome.principal.invite import offer_set_up
    from authsome.runtime.runtime import Runtime

    async def ready(runtime: Runtime, server: ServerFile) -> None:
        token = await runtime.store.write(runtime.server, offer_set_up)
        link = f"{server.base_url}/set-up/{token.reveal()}" if token else None
        announce(server, link, was_running=False, as_json=as_json)

    os.umask(0o077)
    os.environ.update(given)
    log_to_stderr()
    serve.run(read_config(), ready)
