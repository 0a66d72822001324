"""The agent's side inside the TLS that we terminate: takes its requests one after the other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from authsome.kit.errors import AuthsomeError
from authsome.proxy import errors
from authsome.proxy.exchange import Exchange
from authsome.proxy.gate import Outcome, Refusal
from authsome.proxy.http.headers import Malformed
from authsome.proxy.http.request import Request, as_error, check_inner, parse_request
from authsome.proxy.http.stream import Body, Bytes, Reader
from authsome.proxy.inject import Injection
from authsome.proxy.replies import refusal_of, render
from authsome.proxy.sides import Reach
from authsome.proxy.standing import Standing

log = logging.getLogger(__name__)


class Tunnel(asyncio.BufferedProtocol):
    """One CONNECT that was let through. `is_due` and `expire` are for the server's sweep."""

    def __init__(self, standing: Standing, reach: Reach, *, on_lost: Callable[[Tunnel], None]) -> None:
        self.is_last = False
        self.is_full = False
        self._standing = standing
        self._reach = reach
        self._limits = reach.limits
        self._on_lost = on_lost
        self._reader = Reader(self, reach.limits.head)
        self._request: Request | None = None
        self._exchange: Exchange | None = None
        self._deciding: asyncio.Task[None] | None = None
        self._early: list[bytes] = []
        self._reading = True
        self._in_head = False
        self._closing = self._lingering = False
        self._moved = True  # since the last sweep: the wait begins anew
        self._deadline = 0.0
        self._transport: asyncio.Transport | None = None

    def attach(self, transport: asyncio.Transport) -> None:
        """TLS stands. What the agent sent along with its last handshake message is waiting already."""
        if self._closing:
            return  # it was lost in the same moment
        self._transport = transport
        transport.set_write_buffer_limits(high=self._limits.buffer)
        early, self._early = b"".join(self._early), []
        if early:
            self._take(early)

    @property
    def is_lost(self) -> bool:
        """The agent has left, or is being left."""
        return self._closing

    @property
    def is_busy(self) -> bool:
        return self._exchange is not None or self._deciding is not None

    def stop(self) -> None:
        """Take no further request; close now if none is under way."""
        self.is_last = True
        if not self.is_busy:
            self._close()

    def is_due(self, now: float) -> bool:
        """Whether nothing has moved for as long as is waited in this state.

        Only the sweep looks at the clock; a request sets a flag.
        """
        if self._moved:
            self._moved = False
            self._deadline = now + self._patience()
        return now > self._deadline

    def expire(self) -> None:
        """It is due."""
        if self._lingering:
            self._close()
        elif self._closing:
            self.abort()
        elif self._exchange is not None:
            self._exchange.time_out()
        elif self._in_head:
            self.refuse(errors.HeadTooSlow())
        else:
            self._close()

    # What the event loop tells it.

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._reach.buffer

    def buffer_updated(self, nbytes: int) -> None:
        self._take(bytes(self._reach.buffer[:nbytes]))

    def _take(self, data: bytes) -> None:
        if self._transport is None:
            self._early.append(data)
            return
        if self._closing:
            return
        if self._exchange is None and not self._in_head:
            self._in_head = self._moved = True
        elif self._exchange is not None and not self._exchange.request_done:
            self._moved = True
        self._guard(self._reader.feed, data)
        if self._reader.on_hold and self._reader.leftover:
            self._stop_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._closing = True
        self._reader.on_hold = True
        if self._deciding is not None:
            self._deciding.cancel()
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            exchange.cancel(Outcome.UPSTREAM_FAILED)
        self._on_lost(self)

    def pause_writing(self) -> None:
        self.is_full = True
        if self._exchange is not None:
            self._exchange.pause_response()

    def resume_writing(self) -> None:
        self.is_full = False
        if self._exchange is not None:
            self._exchange.resume_response()

    # What the reader cuts out.

    def take_head(self, raw: bytes) -> Body:
        request = parse_request(raw, self._limits)
        self._request = request
        check_inner(request, self._standing.host, self._standing.port)
        if b"close" in request.connection:
            self.is_last = True
        injection = self._standing.injection_now()
        if injection is not None:
            self._start(request, injection)
        else:
            self.hold()
            self._moved = True
            self._deciding = asyncio.get_running_loop().create_task(self._decide(request))
            self._reach.spawn(self._deciding)
        return request.body()

    def take_body(self, piece: Bytes) -> None:
        if self._exchange is not None:
            self._exchange.send_body(piece)

    def take_end(self) -> None:
        self.hold()  # until the response is complete
        if self._exchange is not None:
            self._exchange.send_end()

    # What an exchange does with it.

    def write(self, data: Bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def hold(self) -> None:
        self._reader.on_hold = True

    def proceed(self) -> None:
        if self._closing:
            return
        if not self._reading and self._transport is not None:
            self._reading = True
            self._transport.resume_reading()
        self._guard(self._reader.release)
        if self._reader.on_hold and self._reader.leftover:
            self._stop_reading()

    def alive(self) -> None:
        self._moved = True

    def finish(self, *, close: bool) -> None:
        request, exchange = self._request, self._exchange
        self._request = self._exchange = None
        if close or self.is_last or (request is not None and request.overrun):
            self._close(linger=exchange is not None and not exchange.request_done)
            return
        self._in_head = False
        self._moved = True
        if self._reader.leftover:
            self.proceed()
        else:
            self._reader.on_hold = False

    def refuse(self, error: AuthsomeError | Refusal) -> None:
        self._refuse(error if isinstance(error, Refusal) else refusal_of(error))

    def abort(self) -> None:
        exchange, self._exchange = self._exchange, None
        self._closing = True
        if self._transport is not None:
            self._transport.abort()
        if exchange is not None:
            exchange.cancel(Outcome.UPSTREAM_FAILED)

    # Inside.

    def _start(self, request: Request, injection: Injection) -> bool:
        """Begin the exchange. Returns whether its body can be taken at once."""
        self._exchange = Exchange(self, request, injection, reach=self._reach)
        self._moved = True
        return self._exchange.begin()

    async def _decide(self, request: Request) -> None:
        try:
            answer = await self._standing.ask()
        except Exception:  # edge: background task; the agent gets an answer, the log the reason
            log.exception("deciding on a request failed")
            answer = refusal_of(errors.ProxyFailure())
        self._deciding = None
        if self._closing:
            return
        if isinstance(answer, Refusal):
            self._count_refused()
            self._refuse(answer)
            return
        if self._start(request, answer):
            self.proceed()

    def _guard(self, step: Callable[..., None], *data: bytes) -> None:
        """Run a step of the reader; what it finds wrong is answered, and nothing of it was forwarded."""
        try:
            step(*data)
        except (AuthsomeError, Malformed) as error:
            self._found_wrong(as_error(error) if isinstance(error, Malformed) else error)
        if self._exchange is not None:
            self._exchange.flush_request()

    def _found_wrong(self, error: AuthsomeError) -> None:
        exchange, self._exchange = self._exchange, None
        if exchange is None:
            self._count_refused()
        else:
            exchange.cancel(Outcome.REFUSED)
        if exchange is not None and exchange.answered:
            self.abort()
        else:
            self.refuse(error)

    def _count_refused(self) -> None:
        injection = self._standing.injection
        if injection is not None:
            self._reach.gate.used(injection.passage, Outcome.REFUSED)

    def _refuse(self, refusal: Refusal) -> None:
        self._exchange = None
        bodiless = self._request is not None and self._request.method == b"HEAD"
        self.write(render(refusal, inside=True, bodiless=bodiless))
        self._close(linger=True)

    def _close(self, *, linger: bool = False) -> None:
        """Close in good order.

        With `linger`, what the agent is still sending is read and thrown away for a moment: closing with
        unread bytes resets the connection and can take the reply with it (RFC 9112 §9.6).
        """
        self._closing = self._moved = True
        self._lingering = linger
        self._reader.on_hold = True
        if self._transport is None:
            return
        if not linger:
            self._transport.close()
        elif not self._reading:
            self._reading = True
            self._transport.resume_reading()

    def _patience(self) -> float:
        limits, exchange = self._limits, self._exchange
        if self._closing:
            return limits.linger_seconds if self._lingering else limits.shutdown_seconds
        if self._deciding is not None:
            return 2 * limits.decision_seconds
        if exchange is None:
            return limits.head_seconds if self._in_head else limits.idle_seconds
        if exchange.answered:
            return limits.stream_seconds
        return limits.answer_seconds if exchange.request_done else limits.body_seconds

    def _stop_reading(self) -> None:
        if self._reading and self._transport is not None:
            self._reading = False
            self._transport.pause_reading()
