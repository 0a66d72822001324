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


@dataclass(frozen=True, slots=True)
class Gateway:
    """The proxy as agents see it. The certificate is public, in PEM."""

    host: str
    port: int
    ca_certificate: str


async def gateway_of(request: Request) -> Gateway:
    """The proxy beside this API. Raises `ProxyNotRunning`."""
    found = request.state.gateway
    if not isinstance(found, Gateway):
        raise ProxyNotRunning
    return found


Proxy = Annotated[Gateway, Depends(gateway_of)]
