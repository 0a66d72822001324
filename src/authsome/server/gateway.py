"""Where the proxy of this server listens and what its certificates are checked with, for runs to be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from authsome.kit.errors import UnavailableError


class ProxyNotRunning(UnavailableError):
    """This server has no proxy."""

    code = "proxy_not_running"
    hint = "start the server with `authsome up`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """The proxy as agents see it: at `host` and `port` by those who have the same loopback interface, by TLS
    at `tls_name` and `tls_port`, if there is one, by all others. The certificate is public, in PEM.
    """

    host: str
    port: int
    loopback_id: str | None
    tls_name: str
    tls_port: int | None
    ca_certificate: str

    @property
    def tls_authority(self) -> str | None:
        """Host and port for agents elsewhere, as they are shown to people."""
        name = f"[{self.tls_name}]" if ":" in self.tls_name else self.tls_name
        return f"{name}:{self.tls_port}" if self.tls_port is not None else None


async def gateway_of(request: Request) -> Gateway:
    """The proxy beside this API. Raises `ProxyNotRunning`."""
    found = request.state.gateway
    if not isinstance(found, Gateway):
        raise ProxyNotRunning
    return found


Proxy = Annotated[Gateway, Depends(gateway_of)]
