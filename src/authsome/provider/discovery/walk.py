"""From an address to who guards it: ask the API, read its document, read its guard's document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from authsome.provider.discovery.address import (
    Address,
    read_address,
    resource_documents,
    server_documents,
)
from authsome.provider.discovery.challenge import Challenge, read_challenge
from authsome.provider.discovery.documents import is_json, read_document
from authsome.provider.discovery.failure import DiscoveryFailure
from authsome.provider.discovery.resource import Resource, read_resource
from authsome.provider.discovery.server import Server, read_server
from authsome.provider.discovery.web import Heard, Private, Web
from authsome.provider.errors import DiscoveryFailed, ServerAddressInvalid
from authsome.provider.host import HostPattern


@dataclass(frozen=True, slots=True)
class Discovered:
    """What an address led to, all of it checked."""

    address: Address
    resource: Resource
    server: Server
    wanted: tuple[str, ...]  # the scopes that the API's own refusal asked for
    places: tuple[HostPattern, ...]  # every host and port that was asked, or is named in an answer


async def discover(web: Web, address: Address, private: Private = ()) -> Discovered:
    """Raises `DiscoveryFailed`."""
    challenge = await _challenge(web, address, private)
    resource = await _resource(web, address, challenge, private)
    server = await _server(web, resource.issuer, private)
    for url in server.endpoints.values():
        await _check(web, url, private)
    named = (challenge.document, resource.issuer, *server.endpoints.values())
    places = (address.place, *(read_address(url).place for url in named if url is not None))
    return Discovered(address, resource, server, challenge.scopes, places)


async def _challenge(web: Web, address: Address, private: Private) -> Challenge:
    heard = await web.look(address.url, private)
    return read_challenge(heard.challenges) if heard.status == 401 else Challenge()


async def _resource(web: Web, asked: Address, challenge: Challenge, private: Private) -> Resource:
    """By the address that the refusal names, else from where such documents lie."""
    if challenge.document is not None:
        try:
            urls: tuple[str, ...] = (read_address(challenge.document).url,)
        except ServerAddressInvalid:
            raise _refused("its document is at no https address") from None
    else:
        urls = resource_documents(asked)
    with _at(asked):
        document = await _first(web, urls, private, silent=DiscoveryFailure.RESOURCE_SILENT)
        return read_resource(document, asked=asked)


async def _server(web: Web, issuer: str, private: Private) -> Server:
    try:
        address = read_address(issuer)
    except ServerAddressInvalid:
        raise _refused("its guard is at no https address") from None
    if "?" in issuer:
        raise _refused("its guard's address has a query")
    with _at(address):
        urls = server_documents(address)
        document = await _first(web, urls, private, silent=DiscoveryFailure.SERVER_SILENT)
        return read_server(document, issuer=issuer)


@contextmanager
def _at(address: Address) -> Iterator[None]:
    """What fails within is said of this address's host."""
    try:
        yield
    except DiscoveryFailed as failed:
        raise failed.at(str(address.place)) from None


async def _first(
    web: Web, urls: Iterable[str], private: Private, *, silent: DiscoveryFailure
) -> Mapping[str, Any]:
    """The first of these documents that is there.

    What is there and wrong is not passed over: the next address is for those that have none at this one.
    """
    elsewhere = False
    for url in urls:
        heard = await web.fetch(url, private)
        if heard.status == 200 and is_json(heard):
            return read_document(heard)
        elsewhere = elsewhere or 300 <= heard.status < 400
        _check_status(heard)
    raise DiscoveryFailed(DiscoveryFailure.REDIRECTED if elsewhere else silent)


def _check_status(heard: Heard) -> None:
    if heard.status >= 500 or heard.status == 429:
        raise DiscoveryFailed(DiscoveryFailure.SERVER_FAILED)


def _refused(what: str) -> DiscoveryFailed:
    return DiscoveryFailed(DiscoveryFailure.ENDPOINT_REFUSED, what)


async def _check(web: Web, url: str, private: Private) -> None:
    try:
        await web.check(url, private)
    except DiscoveryFailed as failed:
        if failed.reason is DiscoveryFailure.ADDRESS_REFUSED:
            raise _refused("it names a private address") from None
        raise
