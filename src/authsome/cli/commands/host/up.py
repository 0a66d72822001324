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
@json_option
def command(*, foreground: bool, port: int | None, proxy_port: int | None, as_json: bool) -> None:
    """Start the server on this machine.

    Does nothing if it runs already. Where there is no principal yet, it prints the link with which the first
    one, an admin, is made; each time it is printed, the earlier link stops working.

    \b
    Examples:
      authsome up
      authsome up --port 8998 --proxy-port 8999
      AUTHSOME_BASE_URL=https://authsome.example.org authsome up --foreground
    """
    settings = read_settings()
    chosen = {"AUTHSOME_PORT": port, "AUTHSOME_PROXY_PORT": proxy_port}
    given = {name: str(value) for name, value in chosen.items() if value is not None}
    if foreground:
        _stay(given, as_json)
        return
    make_private(settings.server_folder)
    was_running = holder(settings.server_folder) is not None
    if not was_running:
        start(settings.server_folder, os.environ | given)
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
    serve.run(serve.read_config(), ready)
