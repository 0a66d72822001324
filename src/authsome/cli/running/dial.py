"""Connect to the proxy of a gateway on another machine, and make sure that it is that gateway."""

from __future__ import annotations

import asyncio
import os
import ssl
from socket import IPPROTO_TCP, SO_KEEPALIVE, SOCK_STREAM, SOL_SOCKET, TCP_NODELAY, socket
from typing import Any

from authsome.cli.running.channel import Channel
from authsome.kit.errors import DeniedError, UnavailableError

CONNECT_SECONDS = 10.0
ATTEMPT_SECONDS = 4.0  # for one of several addresses


class ProxyUnreachable(UnavailableError):
    """The gateway's proxy cannot be reached from this machine."""

    code = "proxy_unreachable"
    hint = "check the network, the gateway's firewall, and that its server runs"


class ProxyUnproven(DeniedError):
    """What answers at the port of the gateway's proxy is not this gateway."""

    code = "proxy_unproven"
    hint = "nothing was sent; the port must lead to the gateway itself and not to a TLS proxy before it"


class Dialer:
    """Trusts one certificate authority, the gateway's own, and no other."""

    def __init__(self, host: str, port: int, *, authority: str) -> None:
        self._host, self._port = host, port
        self._context = ssl.create_default_context(cadata=authority)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_3

    async def dial(self) -> Channel:
        """A channel whose handshake is done. Raises `ProxyUnreachable` or `ProxyUnproven`."""
        name = f"[{self._host}]" if ":" in self._host else self._host
        where, channel, done = f"{name}:{self._port}", None, False
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                channel = Channel(await self._connect(), self._context, self._host)
                await channel.handshake()
            done = True
        except ssl.SSLEOFError:
            raise ProxyUnreachable(f"the gateway's proxy at {where} closes the connection") from None
        except ssl.SSLError as error:
            raise ProxyUnproven(f"what answers at {where} is not this gateway: {_reason(error)}") from None
        except TimeoutError:
            raise ProxyUnreachable(f"the gateway's proxy at {where} does not answer") from None
        except OSError as error:
            # asyncio puts words of its own into strerror.
            number = error.errno or 0
            why = os.strerror(number) if number > 0 else error.strerror
            raise ProxyUnreachable(f"the gateway's proxy at {where} cannot be reached: {why}") from None
        finally:
            if channel is not None and not done:
                channel.close()
        return channel

    async def _connect(self) -> socket:
        found = await asyncio.get_running_loop().getaddrinfo(self._host, self._port, type=SOCK_STREAM)
        for family, kind, protocol, _, address in found[:-1]:
            try:
                async with asyncio.timeout(ATTEMPT_SECONDS):
                    return await _open(socket(family, kind, protocol), address)
            except (OSError, TimeoutError):
                continue
        family, kind, protocol, _, address = found[-1]
        return await _open(socket(family, kind, protocol), address)


async def _open(sock: socket, address: tuple[Any, ...]) -> socket:
    done = False
    try:
        sock.setblocking(False)
        sock.setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1)  # a gateway that is gone without a word is noticed
        sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        await asyncio.get_running_loop().sock_connect(sock, address)
        done = True
    finally:
        if not done:
            sock.close()
    return sock


def _reason(error: ssl.SSLError) -> str:
    said = getattr(error, "verify_message", "") or (error.reason or "").replace("_", " ").lower()
    return said or "no TLS"
