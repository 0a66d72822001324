"""Take the steps, or show them, and say what comes next."""

from __future__ import annotations

import shlex
from collections.abc import Callable

import click

from authsome.cli.installing.plan import (
    Machine,
    plan_install,
    plan_removal,
    require_root,
    this_machine,
)
from authsome.cli.installing.steps import Step
from authsome.client.settings import ClientSettings


def install(*, dry_run: bool, announce: Callable[[ClientSettings], None]) -> None:
    """`authsome up --install`. `announce` waits for the server of a home and says where it is."""
    machine = this_machine()
    if _carry_out(plan_install(machine), dry_run=dry_run):
        return
    if machine.has_systemd:
        announce(ClientSettings(home=machine.home))
    else:
        click.echo(f"This machine is not run by systemd. Start the server as {machine.user}:\n")
        click.echo(f"    {start_line(machine)}\n")
    click.echo(f"Settings are in {machine.settings}. Remove the service: `authsome up --uninstall`.")


def uninstall(*, dry_run: bool) -> None:
    """`authsome up --uninstall`."""
    machine = this_machine()
    if _carry_out(plan_removal(machine), dry_run=dry_run):
        return
    click.echo(
        f"No service is installed. {machine.home} and the user {machine.user} stay, if they are there;"
    )
    click.echo("to remove them too, with every stored secret:\n")
    click.echo(f"    userdel {machine.user}; rm -r {machine.home} {machine.settings}")


def start_line(machine: Machine) -> str:
    """How root starts the server where nothing else does: with the settings of the file, as its user."""
    command = shlex.join([str(machine.python), "-P", "-m", "authsome.cli.main", "up"])
    home = f"AUTHSOME_HOME={shlex.quote(str(machine.home))}"
    script = f"cd /; set -a; . {shlex.quote(str(machine.settings))}; {home}; "
    return f"sh -c {shlex.quote(f'{script}exec runuser -u {machine.user} -- {command}')}"


def _carry_out(steps: list[Step], *, dry_run: bool) -> bool:
    """Whether it was for show."""
    if dry_run:
        click.echo("This would be done:\n" if steps else "There is nothing to do.")
        for step in steps:
            click.echo(f"{step.describe()}\n")
        return True
    require_root()
    for step in steps:
        click.echo(step.describe().partition("\n")[0].rstrip(":"))
        step.take()
    if not steps:
        click.echo("There was nothing to do.")
    return False
