"""The agent's side before TLS: takes one CONNECT, asks the gate, and hands over to a tunnel."""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
import ssl
import time
from typing import TYPE_CHECKING, cast

from authsome.kit.errors import AuthsomeError
from authsome.kit.secret import Secret
from authsome.proxy import errors
from authsome.proxy.gate import Refusal
from authsome.proxy.http.authority import split_authority
from authsome.proxy.http.headers import Malformed
from authsome.proxy.http.request import Request, as_error, parse_request
from authsome.proxy.http.stream import Body, Bytes, NoBody, Reader
from authsome.proxy.limits import Limits
from authsome.proxy.replies import refusal_of, render
from authsome.proxy.standing import Standing
from authsome.proxy.upstream.connection import Key

if TYPE_CHECKING:
    from authsome.proxy.listen import ProxyServer

log = logging.getLogger(__name__)
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class Connect(asyncio.Protocol):
    """A fresh connection of an agent. `is_due` and `expire` are for the server's sweep."""

    def __init__(self, server: ProxyServer, *, is_stranger: bool = False) -> None:
        self._is_stranger = is_stranger
        self._deadline = time.monotonic() + server.limits.head_seconds
        self._server = server
        self._reader = Reader(self, server.limits.head)
        self._task: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport | None = None
        self._over = False

    def stop(self) -> None:
        """Nothing has begun yet that would have to be finished."""
        self.abort()

    def is_due(self, now: float) -> bool:
        return now > self._deadline

    def expire(self) -> None:
        if self._task is None and not self._over:
            self._refuse(refusal_of(errors.HeadTooSlow()))
        else:
            self.abort()

    def abort(self) -> None:
        self._over = True
        if self._transport is not None:
            self._transport.abort()

    @property
    def is_busy(self) -> bool:
        return self._task is not None

    # What the event loop tells it.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if not self._server.register(self, is_stranger=self._is_stranger):
            self._refuse(refusal_of(errors.TooManyConnections()))

    def data_received(self, data: bytes) -> None:
        if self._over:
            return
        try:
            self._reader.feed(data)
            if self._task is not None and self._reader.leftover:
                raise errors.RequestMalformed("Bytes follow the CONNECT before it was answered.")
        except Malformed as error:
            self._refuse(refusal_of(as_error(error)))
        except AuthsomeError as error:
            self._refuse(refusal_of(error))

    def connection_lost(self, exc: Exception | None) -> None:
        self._over = True
        self._transport = None
        if self._task is not None:
            self._task.cancel()
        self._server.unregister(self)

    # What the reader cuts out.

    def take_head(self, raw: bytes) -> Body:
        limits = self._server.limits
        request = parse_request(raw, limits)
        if request.method != b"CONNECT":
            _refuse_other(request)
        if request.has_body:
            raise errors.RequestMalformed("CONNECT has no body.")
        host, port = split_authority(request.target.decode("ascii"), None)
        token = _token(request, limits)
        self._reader.on_hold = True
        self._deadline = time.monotonic() + 2 * (limits.decision_seconds + limits.handshake_seconds)
        standing = self._server.standings.of(token, host, port)
        self._task = asyncio.get_running_loop().create_task(self._go_on(standing))
        self._server.reach.spawn(self._task)
        return NoBody()

    def take_body(self, piece: Bytes) -> None:
        """Never called: CONNECT has none."""

    def take_end(self) -> None:
        """Never called: the reader is on hold for good."""

    # Inside.

    async def _go_on(self, standing: Standing) -> None:
        try:
            context = await self._decide(standing)
            if not self._over:
                await self._upgrade(standing, context)
        except AuthsomeError as error:
            self._refuse(refusal_of(error))
        except _Refused as refused:
            self._refuse(refused.refusal)
        except (OSError, TimeoutError):  # the handshake failed: there is nobody to tell
            self.abort()
        except Exception:  # edge: background task
            log.exception("answering a CONNECT failed")
            self._refuse(refusal_of(errors.ProxyFailure()))

    async def _decide(self, standing: Standing) -> ssl.SSLContext:
        answer = standing.injection_now() or await standing.ask()
        if isinstance(answer, Refusal):
            raise _Refused(answer)
        passage = answer.passage
        await self._server.reach.dialer.check(Key(passage.host, passage.port, passage.private_ok))
        return self._server.authority.context_for(standing.host, keep=self._server.limits.leaves)

    async def _upgrade(self, standing: Standing, context: ssl.SSLContext) -> None:
        """Say yes, and become the host that was asked for."""
        server, transport = self._server, self._transport
        if transport is None or standing.run is None:
            return
        if not server.admit_tunnel(standing.run.run_id):
            raise errors.TooManyConnections("This run has too many connections open.")
        tunnel = server.tunnel(standing)
        done = False
        try:
            # Nothing of the handshake may be read by this protocol.
            transport.pause_reading()
            transport.write(ESTABLISHED)
            upgraded = await asyncio.get_running_loop().start_tls(
                transport,
                tunnel,
                context,
                server_side=True,
                ssl_handshake_timeout=server.limits.handshake_seconds,
                ssl_shutdown_timeout=server.limits.shutdown_seconds,
            )
            done = upgraded is not None
        finally:
            self._over = True
            server.unregister(self)
            if not done:
                server.lose(tunnel)
        if tunnel.is_lost:
            return  # the agent left with the handshake's last message
        server.register(tunnel)
        tunnel.attach(cast(asyncio.Transport, upgraded))

    def _refuse(self, refusal: Refusal) -> None:
        if self._over:
            return
        self._over = True
        self._deadline = time.monotonic() + self._server.limits.linger_seconds
        if self._transport is not None:
            self._transport.write(render(refusal, inside=False))
            self._transport.close()


class _Refused(Exception):
    """Carries the gate's refusal out of the steps of one CONNECT."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def _refuse_other(request: Request) -> None:
    if request.target.lower().startswith((b"http://", b"https://")):
        raise errors.PlainHttpRefused
    raise errors.RequestMalformed("This is a proxy: it takes CONNECT and nothing else.")


def _token(request: Request, limits: Limits) -> Secret:
    """The run token in Proxy-Authorization: Bearer, or Basic with the user name `run` (RFC 7617)."""
    values = request.values(b"proxy-authorization")
    if len(values) != 1:
        raise errors.RunTokenMissing
    scheme, _, rest = values[0].decode("latin-1").partition(" ")
    if scheme.lower() == "bearer":
        token = rest.strip()
    elif scheme.lower() == "basic":
        token = _basic(rest.strip())
    else:
        raise errors.RunTokenMissing
    if not 0 < len(token) <= limits.token or not token.isascii() or not token.isprintable():
        raise errors.RunTokenMissing
    return Secret(token)


def _basic(text: str) -> str:
    try:
        user, _, password = base64.b64decode(text, validate=True).decode("ascii").partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise errors.RunTokenMissing from None
    return password if user == "run" else ""
