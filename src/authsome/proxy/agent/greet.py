"""An agent on another machine: TLS to the gateway itself first, and inside it what `connect` takes.

The certificate is the installation's own, for the name that agents reach the proxy by. They know its
authority from the API, which they reached by a name that they could check.
"""

from __future__ import annotations

import asyncio
import ssl
from socket import socket
from typing import TYPE_CHECKING

from authsome.proxy.agent.connect import Connect
from authsome.proxy.ca import CertificateAuthority

if TYPE_CHECKING:
    from authsome.proxy.listen import ProxyServer

NO_ROOM_SECONDS = 1.0


class Arrival:
    """A fresh connection before its TLS stands. It counts as one: strangers can make them by the thousand.

    The event loop's own TLS server counts nothing before the handshake is done, so connections are
    accepted here.
    """

    is_busy = False

    def __init__(self, server: ProxyServer, sock: socket, context: ssl.SSLContext) -> None:
        self._server = server
        self._socket = sock
        self._task = asyncio.get_running_loop().create_task(self._secure(context))
        server.reach.spawn(self._task)

    def is_due(self, now: float) -> bool:
        return False  # the handshake has a time-out of its own

    def expire(self) -> None:
        """Never called."""

    def stop(self) -> None:
        self.abort()

    def abort(self) -> None:
        self._task.cancel()

    async def _secure(self, context: ssl.SSLContext) -> None:
        server, secured = self._server, False
        try:
            if not server.register(self, is_stranger=True) or not server.has_room_for_strangers:
                return  # there is no way yet to say why
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: Connect(server, is_stranger=True),
                self._socket,
                ssl=context,
                ssl_handshake_timeout=server.limits.handshake_seconds,
                ssl_shutdown_timeout=server.limits.shutdown_seconds,
            )
            secured = True
        except OSError:  # a failed handshake included: there is nobody to tell
            pass
        finally:
            server.unregister(self)
            if not secured:
                self._socket.close()


async def greet(server: ProxyServer, listener: socket, context: ssl.SSLContext) -> None:
    """Accept connections until cancelled."""
    while True:
        try:
            sock, _ = await asyncio.get_running_loop().sock_accept(listener)
        except OSError:  # no descriptor is left; others may close theirs
            await asyncio.sleep(NO_ROOM_SECONDS)
        else:
            Arrival(server, sock, context)


def greeting_context(authority: CertificateAuthority, name: str) -> ssl.SSLContext:
    """A server context that proves to be `name`, with a leaf that is renewed while the server runs."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3  # both ends are ours
    context.num_tickets = 0

    def present(tls: ssl.SSLObject, _asked: str | None, _: ssl.SSLContext) -> None:
        # Whatever name was asked for: who wanted another sees in the certificate which one this is.
        tls.context = authority.context_for(name)

    context.sni_callback = present
    return context
