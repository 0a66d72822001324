"""Whether a provider's hosts are there: their names resolve to where a secret may go, and TLS is well."""

from __future__ import annotations

import asyncio
import ssl

import httpcore

from authsome.provider.host import HostPattern
from authsome.provider.model import Provider
from authsome.runtime.oauth.dial import AddressRefused
from authsome.runtime.oauth.outside import Outside
from authsome.runtime.providers.steps import Outcome, Step

SECONDS = 6.0
MOST_LOOKED_AT = 12


async def reach(provider: Provider, outside: Outside) -> list[Step]:
    """Two steps for each host, asked all at the same time."""
    places = places_of(provider)
    looked = await asyncio.gather(*(_look(provider, place, outside) for place in places[:MOST_LOOKED_AT]))
    steps = [step for found in looked for step in found]
    if len(places) > MOST_LOOKED_AT:
        left = len(places) - MOST_LOOKED_AT
        steps.append(Step("host", f"{left} more", Outcome.SKIPPED, f"only {MOST_LOOKED_AT} are looked at"))
    return steps


def places_of(provider: Provider) -> list[HostPattern]:
    """Everywhere that its secrets go, each once."""
    more = provider.oauth.secret_places if provider.oauth else ()
    return list(dict.fromkeys((*provider.hosts, *more)))


async def _look(provider: Provider, place: HostPattern, outside: Outside) -> list[Step]:
    if place.is_wildcard:
        return [Step("host", str(place), Outcome.SKIPPED, "a wildcard has no name of its own")]
    try:
        async with asyncio.timeout(SECONDS):
            return await _connect(provider, place, outside)
    except TimeoutError:
        advice = "see whether the service is up, and whether this server may reach it"
        return [Step("host", str(place), Outcome.FAILED, "does not answer in time", advice)]


async def _connect(provider: Provider, place: HostPattern, outside: Outside) -> list[Step]:
    private_ok = provider.may_be_private(place.host, place.port)
    try:
        allowed = await outside.addresses(place.host, place.port, private_ok=private_ok)
    except AddressRefused:
        advice = f"if you mean it, an admin changes it with `--allow-private {place.host}:{place.port}`"
        return [Step("host", str(place), Outcome.FAILED, "is on a private network, and not listed", advice)]
    except httpcore.ConnectError:
        advice = "correct it in the definition"
        return [Step("host", str(place), Outcome.FAILED, "the name does not resolve", advice)]
    there = Step("host", str(place), Outcome.PASSED, "resolves to where a secret may go")
    return [there, await _shake_hands(place, allowed[0], outside)]


async def _shake_hands(place: HostPattern, address: str, outside: Outside) -> Step:
    try:
        # The address that was looked at, not the name: it could resolve differently now.
        _, writer = await asyncio.open_connection(
            address, place.port, ssl=outside.trust, server_hostname=place.host, ssl_handshake_timeout=SECONDS
        )
    except ssl.SSLCertVerificationError as error:
        advice = "renew it there; for an authority of your own set AUTHSOME_UPSTREAM_CA_FILE"
        return Step("tls", str(place), Outcome.FAILED, f"the certificate: {error.verify_message}", advice)
    except (ssl.SSLError, OSError) as error:
        why = getattr(error, "reason", None) or error.strerror or type(error).__name__
        advice = "compare host and port with the documentation"
        return Step("tls", str(place), Outcome.FAILED, str(why).lower(), advice)
    version = writer.get_extra_info("ssl_object").version()
    writer.transport.abort()  # nothing was said, so there is nothing to take leave of
    return Step("tls", str(place), Outcome.PASSED, f"{version}, certificate accepted")
