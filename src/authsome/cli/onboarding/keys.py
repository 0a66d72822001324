"""The part of `authsome onboard` that is about API keys: look, show, ask, connect, take out."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from authsome.cli.clients import ask_as_person
from authsome.cli.onboarding.bring import Brought, bring, take_out
from authsome.cli.onboarding.candidates import DEFAULT, Candidate, candidates
from authsome.cli.onboarding.choose import Chosen, ask, choose_all, choose_named
from authsome.cli.onboarding.sources import look
from authsome.cli.output import print_json, print_rows, say
from authsome.client.settings import ClientSettings
from authsome.kit.errors import ConflictError
from authsome.provider.catalogue import bundled

Command = Callable[..., Any]


class ImportIncomplete(ConflictError):
    """Not every key could be imported."""

    code = "import_incomplete"
    hint = "see the reasons above; the others are imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysAsked:
    """What was typed about keys. `take_out` is None where a person is to be asked."""

    wanted: bool
    paths: tuple[Path, ...]
    named: tuple[str, ...]
    everything: bool
    dry_run: bool
    take_out: bool | None
    with_environment: bool


def keys_options(command: Command) -> Command:
    """The options, handed on as one value."""

    @click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
    @click.option("--keys", is_flag=True, help="Look for API keys, and do nothing else.")
    @click.option(
        "--import",
        "named",
        multiple=True,
        metavar="VARIABLE[=NAME]",
        help="Import this one, as a connection of that name. Can be repeated.",
    )
    @click.option("--yes", is_flag=True, help="Import all that need no question.")
    @click.option("--dry-run", is_flag=True, help="Show what is found, and import nothing.")
    @click.option("--take-out/--leave", default=None, help="Take what is imported out of the files, or not.")
    @click.option("--no-environment", is_flag=True, help="Look in files only.")
    @functools.wraps(command)
    def with_options(
        *,
        paths: tuple[Path, ...],
        keys: bool,
        named: tuple[str, ...],
        yes: bool,
        dry_run: bool,
        take_out: bool | None,
        no_environment: bool,
        **rest: Any,
    ) -> Any:
        wanted = bool(paths or keys or named or yes or dry_run or no_environment or take_out is not None)
        asked = KeysAsked(
            wanted=wanted,
            paths=paths,
            named=named,
            everything=yes,
            dry_run=dry_run,
            take_out=take_out,
            with_environment=not no_environment,
        )
        return command(keys=asked, **rest)

    return with_options


def import_keys(settings: ClientSettings, asked: KeysAsked, *, as_json: bool) -> None:
    """Raises `SignedOut`, what choosing raises, or `ImportIncomplete` once the others are imported."""
    found = _find(settings, asked, as_json=as_json)
    chosen = _choose(found, asked, as_json=as_json)
    brought = bring(settings, chosen)
    if _is_to_take_out(asked, brought, as_json=as_json):
        for reason in take_out(brought):
            say(f"Not taken out: {reason}.")
    _tell(found, brought, as_json=as_json)
    refused = [one for one in brought if one.refusal is not None]
    if refused:
        raise ImportIncomplete(f"{len(refused)} of {len(brought)} keys could not be imported")


def mention_keys(*, as_json: bool) -> None:
    """After an agent is claimed: say that there are keys, as bundled providers name them, and what to do."""
    if as_json:
        return
    known = {name for provider in bundled() for name in provider.variables}
    sources = look([Path()], environment=os.environ).sources
    held = {one.name for source in sources for one in source.assignments} & known
    if held:
        many = "An API key lies" if len(held) == 1 else f"{len(held)} API keys lie"
        say(f"{many} in the environment or in .env here: `authsome onboard --keys` imports them.")


def _find(settings: ClientSettings, asked: KeysAsked, *, as_json: bool) -> list[Candidate]:
    environment = os.environ if asked.with_environment else None
    seen = look(asked.paths or [Path()], environment=environment)
    providers = ask_as_person(settings, lambda client: client.get("/providers"))
    mine = ask_as_person(settings, lambda client: client.get("/connections"))
    connected = frozenset(
        one["provider"] for one in mine if one["name"] == DEFAULT and one["state"] == "connected"
    )
    for reason in seen.passed_over:
        say(f"Passed over: {reason}.")
    found = candidates(seen.sources, providers, connected)
    if not as_json:
        _show(found)
    return found


def _choose(found: Sequence[Candidate], asked: KeysAsked, *, as_json: bool) -> list[Chosen]:
    if asked.dry_run or not found:
        return []
    if asked.named:
        return choose_named(found, asked.named)
    if asked.everything:
        return choose_all(found)
    if as_json or not sys.stdin.isatty():
        say("Nothing is imported without a word: --yes, or --import VARIABLE.")
        return []
    return ask(found)


def _is_to_take_out(asked: KeysAsked, brought: Sequence[Brought], *, as_json: bool) -> bool:
    places = [place for one in brought if not one.refusal for place in one.chosen.candidate.places]
    files = sorted({place.source.name for place in places if place.source.path is not None})
    if not files or asked.take_out is not None or as_json or not sys.stdin.isatty():
        return bool(files) and bool(asked.take_out)
    return click.confirm(
        f"Take them out of {', '.join(files)}? A comment will say where each went; no copy is kept", err=True
    )


def _show(found: Sequence[Candidate]) -> None:
    rows = [
        (
            at,
            " ".join(one.variables),
            one.display_name,
            " ".join(one.hosts[:2]) + (" …" if len(one.hosts) > 2 else ""),
            " ".join(str(place) for place in one.places),
            _state(one),
        )
        for at, one in enumerate(found, start=1)
    ]
    columns = ("", "variable", "provider", "goes to", "where", "state")
    print_rows(columns, rows, empty="No API keys were found. Type one: `authsome login PROVIDER`.")


def _state(candidate: Candidate) -> str:
    if candidate.lacks:
        return f"lacks {', '.join(candidate.lacks)}"
    return "connected already" if candidate.connected else "found"


def _tell(found: Sequence[Candidate], brought: Sequence[Brought], *, as_json: bool) -> None:
    if as_json:
        print_json({"found": [_found(one) for one in found], "imported": [_imported(one) for one in brought]})
        return
    for one in brought:
        if one.refusal is not None:
            click.echo(f"Not imported: {one.chosen.reference}: {one.refusal.detail}", err=True)
            continue
        click.echo(f"Connected: {one.chosen.reference}.")
        for path in one.taken_out:
            click.echo(f"  taken out of {path}")
        if any(place.source.path is None for place in one.chosen.candidate.places):
            names = " ".join(one.chosen.candidate.variables)
            click.echo(f"  still in the environment: unset {names} where your shell sets it")


def _found(one: Candidate) -> dict[str, Any]:
    return {
        "provider": one.provider,
        "variables": list(one.variables),
        "places": [str(place) for place in one.places],
        "lacks": list(one.lacks),
        "connected": one.connected,
    }


def _imported(one: Brought) -> dict[str, Any]:
    return {
        "connection": one.chosen.reference,
        "error": one.refusal.code if one.refusal else None,
        "taken_out": one.taken_out,
    }
