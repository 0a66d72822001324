"""How a run's command reaches the proxy: directly on the gateway's own machine, by TLS from any other.

Where the gateway is, its address does not say: `localhost` may be a forwarded port or a container's, and a
public name may be this machine's own. What decides is whether both have the same loopback interface. The
command itself can speak to a proxy only without TLS, and its first words are the run's token; so on another
machine it is given a listener on loopback, which goes on by TLS (`forward`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from authsome.client.address import Address
from authsome.client.settings import ClientSettings
from authsome.kit.errors import InvalidError, UnavailableError
from authsome.kit.loopback import loopback_id


class AddressUnproven(InvalidError):
    """Nobody can know who answers at a plain http address of another machine."""

    code = "address_unproven"
    hint = "use the server's https:// address in AUTHSOME_BASE_URL"


class ProxyElsewhere(UnavailableError):
    """The gateway runs on another machine, and its proxy serves only its own."""

    code = "proxy_elsewhere"
    hint = "its operator can set AUTHSOME_PROXY_TLS_PORT (docs/guides/self-hosting.md)"


def require_proof(address: Address) -> None:
    """A run trusts the certificate authority that the server names. Raises `AddressUnproven`."""
    if not address.is_proven:
        raise AddressUnproven(f"nobody can know who answers at {address.base_url}")


@contextmanager
def way_to_proxy(run: Mapping[str, Any], settings: ClientSettings) -> Iterator[tuple[str, int]]:
    """Host and port for the command's proxy variables. Raises `ProxyElsewhere`, and what `forward` does."""
    proxy = run["proxy"]
    if is_here(proxy["loopback_id"], settings):
        yield proxy["host"], proxy["port"]
        return
    if proxy["tls"] is None:
        raise ProxyElsewhere
    from authsome.cli.running.dial import Dialer
    from authsome.cli.running.forward import Forwarder

    tls = proxy["tls"]
    dialer = Dialer(tls["host"], tls["port"], authority=run["ca_certificate"])
    with Forwarder(dialer) as port:
        yield "127.0.0.1", port


def is_here(theirs: str | None, settings: ClientSettings) -> bool:
    """Whether the gateway's loopback interface is ours. Where that cannot be known, by its address."""
    ours = loopback_id()
    if ours and theirs:
        return ours == theirs
    return settings.address().is_loopback or settings.local_server() is not None
