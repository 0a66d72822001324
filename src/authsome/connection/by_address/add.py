"""Connect an API by its address: find out who guards it, become a client there, and write both down.

read the address ──▶ discover ──▶ is it free? ──▶ become a client ──▶ one unit of work
                    no transaction                no transaction
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from authsome.connection.by_address.document import client_id_of
from authsome.connection.by_address.keep import keep_registered
from authsome.connection.by_address.parts import Parts, note_failure
from authsome.connection.by_address.registration import (
    SECRETLESS,
    Registered,
    read_registration,
    registration_request,
)
from authsome.connection.oauth.client import OAuthClient
from authsome.connection.ports import ConnectionWork
from authsome.kit.caller import Caller
from authsome.provider.discovery.address import Address, read_address, suggest_name
from authsome.provider.discovery.describe import describe, scopes_of
from authsome.provider.discovery.failure import DiscoveryFailure
from authsome.provider.discovery.walk import Discovered, discover
from authsome.provider.errors import DiscoveryFailed, PrivateAddressRefused
from authsome.provider.find import list_providers
from authsome.provider.host import HostPattern, read_exact_address
from authsome.provider.model import Provider
from authsome.provider.oauth import ClientOrigin
from authsome.provider.register import fitting, register_provider
from authsome.provider.validate import check_name

ALL_SECONDS = 12.0  # below what a command waits for its server, so that the reason is said
MOST_PRIVATE = 10


@dataclass(frozen=True, slots=True)
class Added:
    """The provider, and the client that this installation is there; where it asked and is none, why."""

    provider: Provider
    client: OAuthClient | None
    refused: DiscoveryFailed | None = None


@dataclass(frozen=True, slots=True)
class Got:
    """What others have said, with nothing of it written down."""

    provider: Provider
    client: Registered | None
    refused: DiscoveryFailed | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What an admin asks for. `private` are hosts and ports that may lie on a private network."""

    address: Address
    name: str | None
    private: tuple[HostPattern, ...]


async def add_by_address(
    parts: Parts, *, caller: Caller, address: str, name: str | None = None, private: Sequence[str] = ()
) -> Added:
    """Admins only. Raises `ServerAddressInvalid`, `DefinitionInvalid`, `PrivateAddressRefused`,
    `DiscoveryFailed`, and what `register_provider` raises; then nothing has changed.
    """
    caller.require_admin()
    if name is not None:
        check_name(name)
    asked = Asked(read_address(address), name, tuple(_private(text) for text in private))
    try:
        # Only for as long as others are asked: a commit that was given up on might stand all the same.
        async with asyncio.timeout(ALL_SECONDS):
            got = await _get(parts, asked)
    except TimeoutError:
        failed = DiscoveryFailed(DiscoveryFailure.UNREACHABLE, "it took too long")
    except DiscoveryFailed as error:
        failed = error
    else:
        return await parts.store.write(caller, lambda work: _write(work, parts, asked, got))
    failed = failed.at(str(asked.address.place))
    await parts.store.write(caller, lambda work: note_failure(work, failed))
    raise failed


async def _get(parts: Parts, asked: Asked) -> Got:
    found = await discover(parts.web, asked.address, asked.private)
    if any(place not in found.places for place in asked.private):
        raise PrivateAddressRefused("an address is listed that has no part in this")
    first = found.server.methods[0]
    draft = await parts.store.read(lambda view: _draft(view, found, asked, method=first))
    client, refused = await _become_client(parts, found, asked.private)
    provider = describe(found, name=draft.name, method=client.method) if client else draft
    return Got(provider, client, refused)


def _write(work: ConnectionWork, parts: Parts, asked: Asked, got: Got) -> Added:
    private = _listed(got.provider, asked)
    made = register_provider(work, provider=got.provider, private_addresses=private).provider
    if got.refused is not None:
        note_failure(work, got.refused)
    if got.client is None:
        return Added(made, None, got.refused)
    return Added(made, _keep(work, parts, made, got.client))


def _keep(work: ConnectionWork, parts: Parts, provider: Provider, client: Registered) -> OAuthClient:
    is_ours = client.client_id == client_id_of(parts.base_url)
    return keep_registered(
        work,
        parts.keeper,
        provider=provider,
        client=client,
        origin=ClientOrigin.DOCUMENT if is_ours else ClientOrigin.REGISTERED,
        installation_id=parts.installation_id,
    )


def _draft(view: ConnectionWork, found: Discovered, asked: Asked, *, method: str) -> Provider:
    """The provider as it would be, so that nobody is asked for a client in vain."""
    taken = {one.name for one in list_providers(view)}
    suggested = suggest_name(asked.address.place)
    name = asked.name or (suggested if suggested not in taken else f"{suggested}-mcp")
    provider = describe(found, name=name, method=method)
    return fitting(view, provider=provider, private_addresses=_listed(provider, asked))


async def _become_client(
    parts: Parts, found: Discovered, private: tuple[HostPattern, ...]
) -> tuple[Registered | None, DiscoveryFailed | None]:
    """By a document where that can be fetched, else by asking; nothing where neither is offered."""
    if found.server.takes_documents and await _is_public(parts):
        client_id = client_id_of(parts.base_url)
        return Registered(client_id=client_id, secret=None, method=SECRETLESS), None
    url = found.server.endpoints.get("client_registration_url")
    if url is None:
        return None, None
    method, scopes = found.server.methods[0], tuple(scopes_of(found))
    request = registration_request(parts.base_url, method=method, scopes=scopes)
    try:
        heard = await parts.web.post(url, request, private)
        client = read_registration(heard, base_url=parts.base_url, method=method)
    except DiscoveryFailed as failed:
        failed = failed.at(str(read_address(url).place))
        if failed.reason is DiscoveryFailure.REGISTRATION_REFUSED:
            return None, failed
        raise failed from None
    return client, None


async def _is_public(parts: Parts) -> bool:
    """Whether the authorization server could fetch a document from here."""
    if not parts.base_url.startswith("https:"):
        return False
    try:
        await parts.web.check(parts.base_url, ())
    except DiscoveryFailed:
        return False
    return True


def _private(text: str) -> HostPattern:
    place = read_exact_address(text) if len(text) <= 300 else None
    if place is None:
        raise PrivateAddressRefused
    return place


def _listed(provider: Provider, asked: Asked) -> list[str]:
    """What is listed and gets a secret. The others were asked for a document, once, and nothing is kept."""
    places = (*provider.hosts, *(provider.oauth.secret_places if provider.oauth else ()))
    return [f"{place.host}:{place.port}" for place in asked.private if place in places]
