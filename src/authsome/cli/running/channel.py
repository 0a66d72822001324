"""TLS over one socket, made of the standard library's parts.

asyncio's own TLS cannot end one direction alone, and reads ahead; this one reads only when it is asked, so
whoever is slow holds the other side back and nothing piles up here.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from socket import SHUT_WR, socket

BLOCK = 64 * 1024


class Channel:
    """One reader and one writer may use it at the same time. Every failure is an OSError."""

    def __init__(self, sock: socket, context: ssl.SSLContext, name: str) -> None:
        self._socket = sock
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=name)
        self._sending = asyncio.Lock()
        self._is_drained = False  # all that has arrived was read, and the reader waits for more
        self._is_ending = False

    async def handshake(self) -> None:
        """Raises `ssl.SSLCertVerificationError` where the other side is not who it should be."""
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                await self._send()
                await self._receive()
            else:
                await self._send()
                return

    async def read(self) -> bytes:
        """Some bytes; none when the other side has ended in good order. A break raises."""
        while True:
            try:
                return self._tls.read(BLOCK)
            except ssl.SSLWantReadError:
                self._is_drained = True
                if self._is_ending:
                    await self._say_the_end()
                await self._receive()
                self._is_drained = False
            except ssl.SSLZeroReturnError:
                return b""

    async def write(self, data: bytes) -> None:
        """Returns when the kernel has taken all of it."""
        self._tls.write(data)
        await self._send()

    async def end(self) -> None:
        """Nothing more is written; reading goes on.

        OpenSSL takes what arrives behind our own close_notify for an error if it sees it while closing, so
        that is said when everything is read.
        """
        self._is_ending = True
        if self._is_drained:
            await self._say_the_end()

    def close(self) -> None:
        self._socket.close()

    async def _say_the_end(self) -> None:
        self._is_ending = False
        with contextlib.suppress(ssl.SSLWantReadError):  # it is sent; the other side's may come later
            self._tls.unwrap()
        await self._send()
        self._socket.shutdown(SHUT_WR)

    async def _receive(self) -> None:
        data = await asyncio.get_running_loop().sock_recv(self._socket, BLOCK)
        if data:
            self._incoming.write(data)
        else:
            self._incoming.write_eof()

    async def _send(self) -> None:
        async with self._sending:  # in the order in which it was made
            while data := self._outgoing.read(BLOCK):
                await asyncio.get_running_loop().sock_sendall(self._socket, data)
