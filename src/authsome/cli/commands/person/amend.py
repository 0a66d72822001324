"""`authsome providers show | change | override | remove`: one definition, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import click

from authsome.cli.browser import no_browser_option, send_to_page
from authsome.cli.clients import ask_as_either, ask_as_person
from authsome.cli.files.definition import file_argument, private_option, read_file
from authsome.cli.output import json_option, moment, print_json, say
from authsome.client.settings import read_settings

dry_run_option = click.option("--dry-run", is_flag=True, help="Say what it would do, and do nothing.")


@click.command("show")
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    """Print a provider's definition, as it stands in a file: it reads back as the same.

    Where it is from goes to standard error, so that the definition alone lands in a file.

    \b
    Examples:
      authsome providers show github
      authsome providers show acme > acme.json
    """
    path = f"/providers/{quote(name, safe='')}"
    found: dict[str, Any] = ask_as_either(read_settings(), lambda client: client.get(path))
    print_json(found["definition"])
    if as_json:
        return
    since = f", since {moment(found['registered_at'])}" if found["registered_at"] else ""
    say(f"{found['name']} is {found['origin']}{since}.")
    if found["private_addresses"]:
        options = " ".join(f"--allow-private {place}" for place in found["private_addresses"])
        say(f"Not part of the file: {options}")


@click.command("change")
@click.argument("name")
@file_argument
@private_option
@dry_run_option
@no_browser_option
@json_option
def change(
    name: str, file: str, *, private: tuple[str, ...], dry_run: bool, no_browser: bool, as_json: bool
) -> None:
    """Give a custom provider the definition in FILE, confirmed on a page. Admins only.

    Connections whose secrets would go to a host where they do not go yet are out of use by it, until whoever
    made them connects them again. --allow-private is given anew: an address that is left out is not allowed
    any more.

    \b
    Examples:
      authsome providers change acme acme.json --dry-run
      authsome providers change acme acme.json
      authsome providers show acme | sed s/v1/v2/ | authsome providers change acme -
    """
    asked = _asked("change", name, definition=read_file(file), private=private)
    _amend(asked, f"Change {name} here", dry_run=dry_run, wanted=not no_browser, as_json=as_json)


@click.command("override")
@click.argument("name")
@file_argument
@private_option
@dry_run_option
@no_browser_option
@json_option
def override(
    name: str, file: str, *, private: tuple[str, ...], dry_run: bool, no_browser: bool, as_json: bool
) -> None:
    """Put the definition in FILE in the place of a bundled provider, confirmed on a page. Admins only.

    `remove` brings the bundled one back. For connections the same holds as with `change`.

    \b
    Examples:
      authsome providers show gitlab > gitlab.json
      authsome providers override gitlab gitlab.json --dry-run
    """
    asked = _asked("override", name, definition=read_file(file), private=private)
    _amend(asked, f"Override {name} here", dry_run=dry_run, wanted=not no_browser, as_json=as_json)


@click.command("remove")
@click.argument("name")
@dry_run_option
@no_browser_option
@json_option
def remove(name: str, *, dry_run: bool, no_browser: bool, as_json: bool) -> None:
    """Remove a custom provider, or one's own definition of a bundled one, confirmed on a page. Admins only.

    With a custom provider its connections end, and their secrets are deleted here.

    \b
    Examples:
      authsome providers remove acme --dry-run
      authsome providers remove acme
    """
    asked = _asked("remove", name)
    _amend(asked, f"Remove {name} here", dry_run=dry_run, wanted=not no_browser, as_json=as_json)


def _asked(
    act: str, name: str, *, definition: Mapping[str, Any] | None = None, private: tuple[str, ...] = ()
) -> dict[str, Any]:
    known = dict(definition) if definition is not None else None
    return {"act": act, "name": name, "definition": known, "private_addresses": list(private)}


def _amend(asked: dict[str, Any], text: str, *, dry_run: bool, wanted: bool, as_json: bool) -> None:
    path = "/amendments/plan" if dry_run else "/amendments"
    told: dict[str, Any] = ask_as_person(read_settings(), lambda client: client.post(path, asked))
    if as_json:
        print_json(told)
        return
    for line in (told if dry_run else told["effect"])["consequences"]:
        click.echo(line)
    if dry_run:
        say("Nothing was done.")
        return
    send_to_page(told["url"], text, wanted=wanted, as_json=False)
