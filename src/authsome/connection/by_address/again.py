"""Ask for a client anew: the provider has forgotten the one before, or its secret has run out.

What was connected by the one before cannot be renewed any more, and says so at its next renewal: tokens are
bound to the client that they were given to (RFC 6749 §6). So nobody asks anew as long as the provider knows
the client, and no provider is asked more than once in ten minutes.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from authsome.connection.by_address.keep import keep_registered
from authsome.connection.by_address.parts import Parts, note_failure
from authsome.connection.by_address.registration import SECRETLESS, Registered, read_registration
from authsome.connection.by_address.registration import registration_request as request_of
from authsome.connection.errors import RegistrationNotOffered
from authsome.connection.oauth.client import OAuthClient
from authsome.connection.oauth.open_client import find_client
from authsome.connection.ports import ConnectionWork
from authsome.kit.caller import Caller
from authsome.provider.discovery.address import read_address
from authsome.provider.discovery.describe import authentication
from authsome.provider.discovery.failure import DiscoveryFailure
from authsome.provider.errors import DiscoveryFailed, ProviderMissing
from authsome.provider.find import get_provider
from authsome.provider.model import Provider
from authsome.provider.oauth import ClientAuthentication, ClientOrigin

log = logging.getLogger("authsome.registration")

BETWEEN = timedelta(minutes=10)
_METHOD = {ClientAuthentication.BODY: "client_secret_post", ClientAuthentication.BASIC: "client_secret_basic"}


async def register_again(parts: Parts, *, caller: Caller, provider: str) -> OAuthClient:
    """An admin's own wish, whatever client there is. Raises `ProviderMissing`, `RegistrationNotOffered` or
    `DiscoveryFailed`.
    """
    caller.require_admin()
    known = await parts.store.read(lambda view: get_provider(view, provider))
    before = await parts.store.read(lambda view: view.oauth_clients.find_of(known.name))
    return await _register(parts, caller, known, before)


async def replace_refused(parts: Parts, *, server: Caller, provider: str, client_id: str) -> bool:
    """Whether there is another client now than the one that the provider does not know any more."""

    def look(view: ConnectionWork) -> tuple[Provider, OAuthClient | None]:
        known = get_provider(view, provider)
        return known, find_client(view, known)

    try:
        known, client = await parts.store.read(look)
    except ProviderMissing:
        return False
    if client is None or client.origin is not ClientOrigin.REGISTERED:
        return False
    if client.client_id != client_id:
        return True  # somebody was quicker
    return await _try(parts, server, known, client)


async def replace_expired(parts: Parts, *, server: Caller, provider: Provider) -> None:
    """Before somebody is sent away with a client whose secret is over. Where none can be had, it is kept: the
    provider has the last word, and the person is told.
    """
    client = await parts.store.read(lambda view: find_client(view, provider))
    if client is None or client.expires_at is None or client.expires_at > parts.clock.now():
        return
    await _try(parts, server, provider, client)


async def _try(parts: Parts, server: Caller, provider: Provider, client: OAuthClient) -> bool:
    if not await parts.limits.hit(f"register:{provider.name}", at_most=1, within=BETWEEN):
        return False
    try:
        await _register(parts, server, provider, client)
    except (DiscoveryFailed, RegistrationNotOffered) as error:
        log.warning("no new client at a provider: %s", error.code)
        return False
    return True


async def _register(
    parts: Parts, caller: Caller, provider: Provider, before: OAuthClient | None
) -> OAuthClient:
    if provider.oauth is None or provider.oauth.client_registration_url is None:
        raise RegistrationNotOffered
    url = provider.oauth.client_registration_url
    had_secret = before is None or before.sealed is not None
    method = _METHOD[provider.oauth.client_authentication] if had_secret else SECRETLESS
    request = request_of(parts.base_url, method=method, scopes=provider.oauth.scopes)
    try:
        heard = await parts.web.post(url, request, provider.private_addresses)
        given = read_registration(heard, base_url=parts.base_url, method=method)
        _check_method(given, provider.oauth.client_authentication)
    except DiscoveryFailed as error:
        failed = error.at(str(read_address(url).place))
        await parts.store.write(caller, lambda work: note_failure(work, failed))
        raise failed from None
    return await parts.store.write(caller, lambda work: _keep(work, parts, provider, given))


def _keep(work: ConnectionWork, parts: Parts, provider: Provider, client: Registered) -> OAuthClient:
    if get_provider(work, provider.name).oauth != provider.oauth:
        raise DiscoveryFailed(DiscoveryFailure.ISSUER_MISMATCH, "the definition was changed meanwhile")
    return keep_registered(
        work,
        parts.keeper,
        provider=provider,
        client=client,
        origin=ClientOrigin.REGISTERED,
        installation_id=parts.installation_id,
    )


def _check_method(given: Registered, held: ClientAuthentication) -> None:
    """The definition says where the secret is shown, and is not changed by an answer."""
    if given.method != SECRETLESS and authentication(given.method) is not held:
        raise DiscoveryFailed(DiscoveryFailure.UNSUPPORTED, "it gave a client of another kind")
