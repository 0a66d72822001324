"""`authsome providers`: which services there are, and an admin's own."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import click

from authsome.cli.clients import ask_as_either, ask_as_person
from authsome.cli.commands.person.amend import change, override, remove, show
from authsome.cli.commands.person.try_provider import test
from authsome.cli.files.definition import file_argument, private_option, read_file
from authsome.cli.lazy import ListGroup
from authsome.cli.output import json_option, print_json, print_rows, say
from authsome.cli.typed import read_secret
from authsome.client.settings import read_settings
from authsome.connection.errors import OAuthClientInvalid
from authsome.provider.definition.category import Category


class SearchGroup(ListGroup):
    """What is none of its commands is searched for: `authsome providers mail`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group("providers", cls=SearchGroup)
def command() -> None:
    """List the services that can be connected, or add, change or remove one.

    \b
    Examples:
      authsome providers
      authsome providers git
      authsome providers api.example.com
      authsome providers --json
      authsome providers show github
      authsome providers add acme.json --allow-private 10.1.2.3:8443
      authsome providers change acme acme.json
      authsome providers client google --client-id 1234.apps.googleusercontent.com < secret.txt
    """


@command.command("list")
@click.argument("search", nargs=-1)
@click.option("--category", type=click.Choice([one.value for one in Category]), help="Only of this kind.")
@json_option
def list_all(search: tuple[str, ...], *, category: str | None, as_json: bool) -> None:
    """List all providers, or those that SEARCH fits: a name, what it does, a host, an address.

    \b
    Examples:
      authsome providers
      authsome providers mail
      authsome providers --category payments
      authsome providers https://api.example.com/v1/things
    """
    words = " ".join(search)
    asked = {"search": words} | ({"category": category} if category else {})
    found: list[dict[str, Any]] = ask_as_either(
        read_settings(), lambda client: client.get("/providers", asked)
    )
    if as_json:
        print_json(found)
        return
    rows = [
        (
            one["name"],
            one["display_name"],
            " ".join(one["categories"]),
            " ".join(one["flows"]) + ("" if one["is_ready"] else " (needs a client)"),
            " ".join(one["hosts"]),
            one["origin"],
            one["description"],
        )
        for one in found
    ]
    columns = ("name", "provider", "for", "connected by", "hosts", "from", "what it does")
    print_rows(columns, rows, empty=_nothing(words, category))


def _nothing(words: str, category: str | None) -> str:
    if not words and category is None:
        return "There are no providers."
    fits = f" fits {words!r}" if words else " is there"
    return f"No provider{fits}{f' in {category}' if category else ''}. All there are: `authsome providers`."


@command.command("add")
@file_argument
@private_option
@click.option("--dry-run", is_flag=True, help="Check it, say what it means, and register nothing.")
@json_option
def add(file: str, *, private: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Register a custom provider from FILE (JSON or TOML), or from standard input for -. Admins only.

    \b
    Examples:
      authsome providers add acme.json --dry-run
      authsome providers add acme.json
      authsome providers add intranet.toml --allow-private 10.1.2.3:8443
    """
    body = {"definition": dict(read_file(file)), "private_addresses": list(private)}
    path = "/provider-checks" if dry_run else "/providers"
    made = ask_as_person(read_settings(), lambda client: client.post(path, body))
    if as_json:
        print_json(made)
        return
    if dry_run:
        for line in made["meaning"]:
            click.echo(line)
        say("It is well-formed, and nothing is in its way. It is not registered yet.")
        return
    click.echo(f"Registered {made['name']} for {' '.join(made['hosts'])}.")
    click.echo(f"Connect it: `authsome login {made['name']}`.")


@command.command("client")
@click.argument("provider")
@click.option("--client-id", help="What the provider calls this installation.")
@click.option("--public", is_flag=True, help="The client has no secret; nothing is read.")
@click.option(
    "--register", is_flag=True, help="Ask the provider for a client, where it gives one to who asks."
)
@json_option
def client(provider: str, *, client_id: str | None, public: bool, register: bool, as_json: bool) -> None:
    """Set the OAuth client that PROVIDER knows this installation by. Admins only.

    Register it on the provider's page first, with the callback address that this prints. The secret comes
    from standard input, never as an argument: arguments can be seen by every process of the machine.

    \b
    Examples:
      authsome providers client google --client-id 1234.apps.googleusercontent.com < secret.txt
      authsome providers client acme --client-id authsome --public
      authsome providers client example --register
    """
    if register == (client_id is not None) or (register and public):
        raise click.UsageError("give either --client-id, or --register alone")
    path = f"/providers/{quote(provider, safe='')}/oauth-client"
    if register:
        made = ask_as_person(read_settings(), lambda server: server.post(f"{path}/registration"))
    else:
        body = {"client_id": client_id}
        if not public:
            body["client_secret"] = read_secret("Client secret", empty=OAuthClientInvalid)
        made = ask_as_person(read_settings(), lambda server: server.ask("PUT", path, body=body))
    if as_json:
        print_json(made)
        return
    click.echo(f"Set the client of {made['provider']}. Its callback address there must be exactly")
    click.echo(f"  {made['redirect_uri']}")
    click.echo(f"Connect it: `authsome login {made['provider']} --flow authorization_code`.")


for one in (show, change, override, remove, test):
    command.add_command(one)
