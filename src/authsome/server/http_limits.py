"""Bounds on a request before it is one: the size of its head, and the time it may take to arrive.

uvicorn's parser has neither, so one client could fill the memory with a header that never ends, or hold
connections open for ever by sending a byte a minute.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD = 32 * 1024
ARRIVAL_SECONDS = 20.0


class BoundedHttp(HttpToolsProtocol):
    """One connection. The clock starts when it is made, and again with each further request on it."""

    _unfinished: int | None = 0  # bytes of a head that has not ended; None outside of heads
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_arrival()

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrived()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._unfinished is not None:
            self._unfinished += len(data)
            if self._unfinished > LARGEST_HEAD and not self.transport.is_closing():
                self.send_400_response(f"The head of a request has at most {LARGEST_HEAD} bytes.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._unfinished = 0
        self._expect_arrival()

    def on_headers_complete(self) -> None:
        self._unfinished = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._arrived()
        super().on_message_complete()

    def _expect_arrival(self) -> None:
        self._arrived()
        self._deadline = self.loop.call_later(ARRIVAL_SECONDS, self.timeout_keep_alive_handler)

    def _arrived(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
