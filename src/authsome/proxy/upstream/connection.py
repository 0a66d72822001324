"""One connection to a provider. It serves one exchange at a time and remembers nothing of the last."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, NamedTuple, cast

from authsome.proxy.http.headers import Malformed
from authsome.proxy.http.response import Response, parse_response
from authsome.proxy.http.stream import Body, Bytes, Reader
from authsome.proxy.limits import Limits

if TYPE_CHECKING:
    from authsome.proxy.exchange import Exchange
    from authsome.proxy.upstream.pool import Pool

MAX_INTERIM = 32  # 1xx responses before the real one


class Key(NamedTuple):
    """What two requests must share to share a connection.

    `private_ok` is part of it: a connection made to a listed private address must not serve a request
    whose listing has been withdrawn.
    """

    host: str
    port: int
    private_ok: bool


class Upstream(asyncio.BufferedProtocol):
    """The provider's side of exchanges, as an asyncio protocol inside verified TLS."""

    def __init__(self, key: Key, limits: Limits, *, buffer: memoryview) -> None:
        self.key = key
        self.pool: Pool | None = None  # where it lies idle
        self.idle_since = 0.0
        self._limits = limits
        self._buffer = buffer
        self._exchange: Exchange | None = None
        self._reader = Reader(self, limits.head)
        self._response: Response | None = None
        self._interim = 0
        self._reading = True
        self._full = False
        self._farewell = False
        self._transport: asyncio.Transport | None = None

    @property
    def is_open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    # What an exchange does with it.

    def serve(self, exchange: Exchange) -> None:
        """From now on, everything that arrives is for this exchange."""
        self._exchange = exchange
        self._interim = 0

    def write(self, data: Bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def pause(self) -> None:
        if self._reading and self.is_open:
            self._reading = False
            cast(asyncio.Transport, self._transport).pause_reading()

    def resume(self) -> None:
        if not self._reading and self.is_open:
            self._reading = True
            cast(asyncio.Transport, self._transport).resume_reading()

    def release(self) -> bool:
        """The exchange is over. Returns whether the connection is clean and can serve another one."""
        response, self._response = self._response, None
        self._exchange = None
        self.resume()
        self.idle_since = time.monotonic()
        return (
            response is not None
            and response.keep_alive
            and not response.overrun
            and not self._reader.leftover
            and not self._full
            and self._transport is not None
        )

    def drop(self) -> None:
        """Close at once: the exchange was cut short, so nobody knows what would come next."""
        self._exchange = None
        self._reader.on_hold = True
        if self._transport is not None:
            self._transport.abort()

    # What the event loop tells it.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=self._limits.buffer)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        exchange = self._exchange
        if exchange is None:
            self.drop()  # nobody asked: a late or smuggled response must not meet the next request
            return
        try:
            self._reader.feed(bytes(self._buffer[:nbytes]))
        except Malformed:
            exchange.upstream_malformed()
        exchange.flush_response()

    def eof_received(self) -> None:
        """TLS said farewell. A connection that just breaks off comes to its end without this."""
        self._farewell = True

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            exchange.upstream_lost(clean=exc is None and self._farewell)
        elif self.pool is not None:
            self.pool.forget(self)

    def pause_writing(self) -> None:
        self._full = True
        if self._exchange is not None:
            self._exchange.pause_request()

    def resume_writing(self) -> None:
        self._full = False
        if self._exchange is not None:
            self._exchange.resume_request()

    # What the reader cuts out.

    def take_head(self, raw: bytes) -> Body:
        exchange = cast("Exchange", self._exchange)
        response = parse_response(raw, exchange.request.method, self._limits)
        self._response = response
        if response.interim:
            self._interim += 1
            if self._interim > MAX_INTERIM:
                raise Malformed("interim responses without end")
        exchange.take_response(response)
        return response.body()

    def take_body(self, piece: Bytes) -> None:
        if self._exchange is not None:
            self._exchange.take_response_body(piece)

    def take_end(self) -> None:
        if self._exchange is not None and self._response is not None and not self._response.interim:
            self._exchange.end_response(self._response)
