"""`authsome run`: run a command behind the gateway."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from authsome.cli.clients import as_agent
from authsome.cli.exit_codes import RUN_FAILED, RUN_NOT_EXECUTABLE, RUN_NOT_FOUND
from authsome.cli.output import say
from authsome.cli.refusal import report
from authsome.cli.running.child import CommandNotExecutable, CommandNotFound, find_program, run_child
from authsome.cli.running.environment import child_environment
from authsome.cli.running.lease import Lease, take_new_key
from authsome.cli.running.roots import ca_bundle
from authsome.cli.running.way import require_proof, way_to_proxy
from authsome.client.errors import ClientError
from authsome.client.http import Client
from authsome.client.settings import read_settings
from authsome.kit.errors import AuthsomeError
from authsome.kit.secret import Secret
from authsome.provider.host import read_host_pattern

SIGNAL_BASE = 128  # what a shell says of a command that a signal ended


@click.command("run", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("line", metavar="COMMAND [ARGS]...", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_context
def command(ctx: click.Context, line: tuple[str, ...]) -> None:
    """Run a command behind the gateway.

    The command has its own input and output, gets the signals that are sent here, and its exit code is ours.
    Its HTTPS requests to hosts that a granted connection covers carry the credential; others are refused with
    a reason. A gateway on another machine is reached by TLS. If the command cannot be run, the exit code is
    125, 126 (not executable) or 127 (not found).

    \b
    Examples:
      authsome run -- python agent.py
      authsome run -- curl https://api.openai.com/v1/models
    """
    try:
        code = _run(line)
    except CommandNotFound as error:
        report(error, as_json=False)
        code = RUN_NOT_FOUND
    except CommandNotExecutable as error:
        report(error, as_json=False)
        code = RUN_NOT_EXECUTABLE
    except (AuthsomeError, ClientError, OSError) as error:
        report(error, as_json=False)
        code = RUN_FAILED
    ctx.exit(code)


def _run(line: Sequence[str]) -> int:
    program = find_program(line[0])
    settings = read_settings()
    client = as_agent(settings)
    require_proof(client.address)
    # The name of the program and nothing more: people put secrets into arguments.
    run = client.post("/runs", {"program": os.path.basename(program)})
    if not run["hosts"]:
        # Many clients hide why a proxy refused them; the person at the terminal should know beforehand.
        say("authsome: nothing is granted to this agent, so its requests will be refused")
        say("    next: `authsome access request PROVIDER`, or `authsome grants add HANDLE PROVIDER`")
    ended = RUN_FAILED
    try:
        with ca_bundle(run["ca_certificate"]) as bundle, way_to_proxy(run, settings) as (host, port):
            url = Secret(f"http://run:{run['token']}@{host}:{port}")
            environment = child_environment(
                os.environ, proxy_url=url, ca_bundle=bundle, covered=_covered(run)
            )
            every, folder = run["renew_every_seconds"], settings.identity_folder
            with Lease(client, run["run_id"], every=every, key_folder=folder):
                ended = run_child(program, line, environment)
    finally:
        _complete(client, run["run_id"], ended, key_folder=settings.identity_folder)
    return SIGNAL_BASE - ended if ended < 0 else ended


def _covered(run: dict[str, Any]) -> set[str]:
    """Names that must go through the proxy even where they mean this machine."""
    return {read_host_pattern(text).host for text in run["hosts"]}


def _complete(client: Client, run_id: str, ended: int, *, key_folder: Path) -> None:
    """Say how it ended. A server that is gone by now changes nothing about the command's own result."""
    take_new_key(client, key_folder)
    try:
        client.post(f"/runs/{run_id}/complete", {"exit_code": ended})
    except (ClientError, AuthsomeError) as error:
        say(f"authsome: the end of the run could not be reported: {error.detail}")
