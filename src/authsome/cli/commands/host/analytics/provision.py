"""`authsome analytics plan | apply | destroy`: Authsome's dashboards in a PostHog project.

It runs in the command's own process, with the operator's settings: a personal key opens more of PostHog than
a server needs, so no server has to have it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import click

from authsome.cli.exit_codes import DIFFERS
from authsome.cli.output import Parameter, json_option, print_json, printable, say

if TYPE_CHECKING:  # what these import takes longer than `--help` may
    from authsome.analytics.provision.bring_about import Aim, Outcome
    from authsome.analytics.provision.project import Project
    from authsome.telemetry.sinks.posthog.private.access import Access

Work = Callable[["Project"], Awaitable["Outcome"]]
old_names_option: Parameter = click.option(
    "--with-old-names", is_flag=True, help="Also actions that join each event with its name before."
)
dry_run_option: Parameter = click.option(
    "--dry-run", is_flag=True, help="Only say what would change, and exit with 9 if anything would."
)


@click.command("plan")
@old_names_option
@json_option
def plan(with_old_names: bool, as_json: bool) -> None:
    """Show what `apply` would change in a PostHog project. Exits with 9 where something would.

    \b
    It needs these in the environment; none of them is ever an argument:
      AUTHSOME_POSTHOG_PERSONAL_API_KEY   a personal key (phx_…) that may see the project
      AUTHSOME_POSTHOG_PROJECT_ID         the project's number
      AUTHSOME_POSTHOG_HOST               as the server has it, or AUTHSOME_POSTHOG_API_HOST
      AUTHSOME_TIME_ZONE                  as the server has it

    \b
    Examples:
      authsome analytics plan
      authsome analytics plan --with-old-names --json
    """
    _show(_towards(with_old_names), as_json, next_step="`authsome analytics apply` makes them.")


@click.command("apply")
@old_names_option
@dry_run_option
@json_option
def apply(with_old_names: bool, dry_run: bool, as_json: bool) -> None:
    """Put Authsome's dashboards into a PostHog project, or repair them there.

    Touches only what it made; doing it again changes nothing. Reads back what it wrote. `plan` says which
    settings it needs.

    \b
    Examples:
      authsome analytics apply --dry-run
      authsome analytics apply
      authsome analytics apply --with-old-names
    """
    if dry_run:
        _show(_towards(with_old_names), as_json, next_step="Without --dry-run they are made.")
        return
    aim = _towards(with_old_names)

    async def work(project: Project) -> Outcome:
        from authsome.analytics.provision.bring_about import bring_about

        return await bring_about(project, await aim(project))

    _report(*_run(work, as_json), as_json)


@click.command("destroy")
@click.option("--yes", is_flag=True, help="Do not ask.")
@dry_run_option
@json_option
def destroy(yes: bool, dry_run: bool, as_json: bool) -> None:
    """Remove from a PostHog project what `apply` made, and nothing else.

    A dashboard on which somebody put something of theirs stays, without our tiles. PostHog keeps what is
    removed and can restore it. The events stay.

    \b
    Examples:
      authsome analytics destroy --dry-run
      authsome analytics destroy
    """
    if dry_run:
        _show(_away, as_json, next_step="Without --dry-run they are made.")
        return
    if not yes and (as_json or not sys.stdin.isatty()):
        raise click.UsageError("nobody can be asked here: look with --dry-run, then give --yes")

    def agree(outcome: Outcome) -> bool:
        if not yes:
            _print_changes(outcome)
            click.confirm("Do this?", abort=True, err=True)
        return True

    async def work(project: Project) -> Outcome:
        from authsome.analytics.provision.bring_about import bring_about

        return await bring_about(project, await _away(project), agree=agree)

    _report(*_run(work, as_json), as_json)


def _towards(with_old_names: bool) -> Callable[[Project], Awaitable[Aim]]:
    """The aim of `plan` and `apply`, once the project counts its days as the installation does."""

    async def aim(project: Project) -> Aim:
        from authsome.analytics.dashboards import DASHBOARDS
        from authsome.analytics.provision.aims import towards
        from authsome.analytics.provision.look import hold_time_zone
        from authsome.analytics.provision.wanted import everything_wanted
        from authsome.cli.process.config import read_config

        await hold_time_zone(project, read_config().time_zone)
        return towards(project, everything_wanted(DASHBOARDS, with_old_names=with_old_names))

    return aim


async def _away(project: Project) -> Aim:
    from authsome.analytics.provision.aims import away

    return away(project)


def _show(aim: Callable[[Project], Awaitable[Aim]], as_json: bool, *, next_step: str) -> None:
    """What would change; nothing is written. Exits with 9 where something would."""

    async def work(project: Project) -> Outcome:
        from authsome.analytics.provision.bring_about import what_would_change

        return await what_would_change(await aim(project))

    outcome, access = _run(work, as_json)
    if as_json:
        _print_json(outcome, access)
    else:
        _print_notes(outcome)
        _print_changes(outcome)
        click.echo(f"{_count(outcome)} in project {access.project_id} at {access.host}.")
        if outcome.changes:
            say(next_step)
    if outcome.changes:
        raise SystemExit(DIFFERS)


def _run(work: Work, as_json: bool) -> tuple[Outcome, Access]:
    """Do the work with the project that the environment names, telling how far it is."""
    from authsome.analytics.provision.connect import hold_access, open_project
    from authsome.cli.process.config import read_config
    from authsome.kit.clock import SystemClock

    access = hold_access(read_config().telemetry_settings)

    def tell(line: str) -> None:
        if not as_json:
            say(printable(line))

    async def run() -> Outcome:
        async with open_project(access, SystemClock(), wait=asyncio.sleep, tell=tell) as project:
            tell(f"Looking at project {access.project_id} at {access.host} …")
            return await work(project)

    return asyncio.run(run()), access


def _report(outcome: Outcome, access: Access, as_json: bool) -> None:
    if as_json:
        _print_json(outcome, access)
        return
    _print_notes(outcome)
    where = f"in project {access.project_id} at {access.host}"
    done = (
        f"{_count(outcome)} made {where}, and read back."
        if outcome.changes
        else f"Nothing to change {where}."
    )
    click.echo(done)


def _print_json(outcome: Outcome, access: Access) -> None:
    found: dict[str, Any] = {
        "host": access.host,
        "project_id": access.project_id,
        "changes": [change.to_json() for change in outcome.changes],
        "notes": list(outcome.notes),
    }
    print_json(found)


def _print_changes(outcome: Outcome) -> None:
    for change in outcome.changes:
        click.echo(f"  {printable(change.line)}")


def _print_notes(outcome: Outcome) -> None:
    for note in outcome.notes:
        say(f"Note: {printable(note)}")


def _count(outcome: Outcome) -> str:
    number = len(outcome.changes)
    return "No changes" if not number else "1 change" if number == 1 else f"{number} changes"
