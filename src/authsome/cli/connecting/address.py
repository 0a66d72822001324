"""Find the provider at an address, and add it where the person at this terminal may."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click

from authsome.cli.clients import ask_as_either, ask_as_person
from authsome.cli.output import say
from authsome.client.errors import ClientError
from authsome.client.keys import find_key
from authsome.client.settings import ClientSettings
from authsome.kit.errors import DeniedError
from authsome.provider.discovery.address import Address, is_address, read_address


class AddressUnknown(DeniedError):
    """No provider has this address here, and only an admin adds one."""

    code = "address_unknown"
    hint = "an admin signs in with `authsome sign-in` and connects it, or adds it on the page of providers"


@dataclass(frozen=True, slots=True)
class NewProvider:
    """What a provider that is added by its address is to be called, and where it may lie."""

    name: str | None
    private: tuple[str, ...]


def address_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that go with an address, as one argument `new`."""

    @click.option("--as", "name", help="With an address: what its provider is to be called here.")
    @click.option(
        "--allow-private",
        "private",
        multiple=True,
        metavar="HOST:PORT",
        help="With an address: a host that may lie on a private network. Can be repeated.",
    )
    @functools.wraps(command)
    def bundled(*positional: Any, name: str | None, private: tuple[str, ...], **named: Any) -> Any:
        return command(*positional, new=NewProvider(name, private), **named)

    return bundled


def name_of(settings: ClientSettings, written: str, new: NewProvider) -> str:
    """The name of the provider that is meant by its name or its address.

    Raises `ServerAddressInvalid`, `AddressUnknown`, and what the server refuses to add.
    """
    if is_address(written):
        return _provider_at(settings, read_address(written), new)
    if new.name is not None or new.private:
        raise click.UsageError("--as and --allow-private go with an address, such as https://mcp.example.com")
    return written


def _provider_at(settings: ClientSettings, asked: Address, new: NewProvider) -> str:
    known = _known(settings, asked)
    if known is not None:
        return known
    hint = f"an admin runs `authsome sign-in` and `authsome login {asked.url}`; then run this again"
    if find_key(settings.terminal_folder) is None:
        raise AddressUnknown(hint=hint)
    body = {"address": asked.url, "name": new.name, "private_addresses": list(new.private)}
    try:
        made: dict[str, Any] = ask_as_person(settings, lambda client: client.post("/mcp-servers", body))
    except ClientError as error:
        if error.code != "admin_required":
            raise
        raise AddressUnknown(hint=hint) from error
    added = made["provider"]
    say(f"Added {added['name']} for {' '.join(added['hosts'])}.")
    if made["refused"]:
        say(f"It is no client there yet: {made['refused']}.")
    return str(added["name"])


def _known(settings: ClientSettings, asked: Address) -> str | None:
    found: list[dict[str, Any]] = ask_as_either(
        settings, lambda client: client.get("/providers", {"search": str(asked.place)})
    )
    return next((one["name"] for one in found if one["address"] and asked.is_called(one["address"])), None)
