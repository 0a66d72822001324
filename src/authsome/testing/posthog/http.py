"""A small HTTP/1.1 server on threads, which can also hang and hang up. Loopback only."""

from __future__ import annotations

import contextlib
import functools
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from authsome.testing.posthog.record import RecordedRequest


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to be written."""

    status: int
    text: str
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


Answerer = Callable[[RecordedRequest, Callable[[], None]], Reply | None]


class Server:
    """Listens from construction until `stop`. `answer` runs on the connection's own thread.

    `answer` is given the request and a function that blocks until the server stops. A body above
    `drains_to` bytes is not read to its end: the connection is closed.
    """

    def __init__(self, port: int, answer: Answerer, *, drains_to: int) -> None:
        self._stopping = threading.Event()
        self._open: set[socket.socket] = set()
        handler = functools.partial(_Handler, self, answer, drains_to)
        self._http = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    def stop(self) -> None:
        self._stopping.set()
        self._http.shutdown()
        self._http.server_close()
        for connection in list(self._open):
            _hang_up(connection)
        self._thread.join(timeout=5)

    def hang(self) -> None:
        self._stopping.wait()

    def opened(self, connection: socket.socket) -> None:
        self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        self._open.discard(connection)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Two small writes with Nagle's algorithm cost 44 ms a request, and timing tests then measure that.
    disable_nagle_algorithm = True
    wbufsize = -1

    def __init__(self, owner: Server, answer: Answerer, limit: int, *accepted: Any) -> None:
        self.owner = owner
        self.answer = answer
        self.limit = limit
        super().__init__(*accepted)  # serves the connection until it ends

    def __getattr__(self, name: str) -> Callable[[], None]:
        """`do_GET` and its like: every method is answered by the contract, not by the library."""
        if name.startswith("do_"):
            return self._handle_any
        raise AttributeError(name)

    def setup(self) -> None:
        super().setup()
        self.owner.opened(self.connection)

    def finish(self) -> None:
        self.owner.closed(self.connection)
        with contextlib.suppress(OSError):  # the client went first
            super().finish()

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True  # the client went first

    def _handle_any(self) -> None:
        body = self._body()
        if body is None:
            self.close_connection = True
            return
        request = RecordedRequest(
            method=self.command,
            target=self.path,
            headers=tuple(self.headers.items()),
            body=body,
            peer_ip=str(self.client_address[0]),
            status=None,
        )
        reply = self.answer(request, self.owner.hang)
        if reply is None:
            self.close_connection = True
            _hang_up(self.connection)
            return
        self._write(reply)

    def _body(self) -> bytes | None:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunks()
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > self.limit:
            return None
        return self.rfile.read(int(length))

    def _chunks(self) -> bytes | None:
        body = bytearray()
        while size := int(self.rfile.readline(32).partition(b";")[0], 16):
            if len(body) + size > self.limit:
                return None
            body += self.rfile.read(size)
            self.rfile.readline(2)
        self.rfile.readline(2)
        return bytes(body)

    def _write(self, reply: Reply) -> None:
        payload = reply.text.encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(payload)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(payload)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: the record has it all."""


def _hang_up(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # gone already
        connection.shutdown(socket.SHUT_RDWR)
