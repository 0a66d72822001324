"""`authsome providers`: which services there are, and an admin's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from authsome.cli.clients import ask_as_either, ask_as_person
from authsome.cli.lazy import ListGroup
from authsome.cli.output import json_option, print_json, print_rows
from authsome.client.settings import read_settings
from authsome.provider.validate import LONGEST_FILE, parse_file


@click.group("providers", cls=ListGroup)
def command() -> None:
    """List the services that can be connected, or add one.

    \b
    Examples:
      authsome providers
      authsome providers --json
      authsome providers add acme.json --allow-private 10.1.2.3:8443
    """


@command.command("list")
@json_option
def list_all(as_json: bool) -> None:
    """List all providers."""
    found: list[dict[str, Any]] = ask_as_either(read_settings(), lambda client: client.get("/providers"))
    if as_json:
        print_json(found)
        return
    rows = [
        (one["name"], one["display_name"], " ".join(one["hosts"]), "bundled" if one["bundled"] else "custom")
        for one in found
    ]
    print_rows(("name", "provider", "hosts", "from"), rows, empty="There are no providers.")


@command.command("add")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--allow-private",
    "private",
    multiple=True,
    metavar="HOST:PORT",
    help="One of the definition's hosts that may lie on a private network. Can be repeated.",
)
@json_option
def add(file: Path, private: tuple[str, ...], as_json: bool) -> None:
    """Register a custom provider from FILE (JSON or TOML). Admins only.

    \b
    Examples:
      authsome providers add acme.json
      authsome providers add intranet.toml --allow-private 10.1.2.3:8443
    """
    with file.open("rb") as opened:
        definition = parse_file(opened.read(LONGEST_FILE + 1), is_toml=file.suffix == ".toml")
    body = {"definition": dict(definition), "private_addresses": list(private)}
    made = ask_as_person(read_settings(), lambda client: client.post("/providers", body))
    if as_json:
        print_json(made)
        return
    click.echo(f"Registered {made['name']} for {' '.join(made['hosts'])}.")
    click.echo(f"Connect it: `authsome login {made['name']}`.")
