"""Cuts a byte stream into heads and bodies, for both directions.

A head is collected whole, up to a bound, before anything looks at it; llhttp (through httptools) then parses
exactly these bytes. Bodies of known length are counted and never copied; only chunked ones go through the
parser. While the reader is on hold it keeps what arrives, so a pipelined request waits for its turn.
"""

from __future__ import annotations

from typing import Protocol

import httptools

from authsome.proxy.http.headers import NOTED, Header, Malformed, TooLarge

Parser = httptools.HttpRequestParser | httptools.HttpResponseParser
Bytes = bytes | bytearray

MAX_QUIET = 64 * 1024  # bytes of chunk extensions or trailers without one byte of body
_END = b"\r\n\r\n"
_CONTROLS = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])


class Message:
    """Takes llhttp's callbacks for one message. Request and response add their own first line.

    `noted` are the few headers that say something about the message itself. The parser refers to its message
    and not the other way round: a cycle for each request would be work for the garbage collector.
    """

    __slots__ = ("complete", "headers", "noted", "overrun", "pieces", "started", "trailers")

    def __init__(self) -> None:
        self.headers: list[Header] = []
        self.noted: list[Header] = []
        self.trailers: list[Header] = []
        self.pieces: list[bytes] = []
        self.started = False  # the head is complete
        self.complete = False
        self.overrun = False  # bytes of another message came behind a chunked body

    def on_message_begin(self) -> None:
        if self.complete:
            self.overrun = True

    def on_header(self, name: bytes, value: bytes) -> None:
        lower = name.lower()
        if b"_" in lower:  # CGI-like servers take both for the same name, so they are the same here
            lower = lower.replace(b"_", b"-")
        header = (lower, name, value)
        if self.started:
            if not self.complete:
                self.trailers.append(header)
            return
        self.headers.append(header)
        if lower in NOTED:
            self.noted.append(header)

    def on_headers_complete(self) -> None:
        self.started = True

    def on_body(self, piece: bytes) -> None:
        if not self.complete:
            self.pieces.append(piece)

    def on_message_complete(self) -> None:
        self.complete = True


class Body(Protocol):
    """How far one message's body reaches."""

    def take(self, data: Bytes) -> tuple[Bytes, Bytes, bool]:
        """(the part of `data` that belongs to the body, what is left, whether the body is complete)."""
        ...


class NoBody:
    """The message is its head."""

    def take(self, data: Bytes) -> tuple[Bytes, Bytes, bool]:
        return b"", data, True


NO_BODY = NoBody()  # it has no state


class LengthBody:
    """A body of a known length."""

    __slots__ = ("_remaining",)

    def __init__(self, length: int) -> None:
        self._remaining = length

    def take(self, data: Bytes) -> tuple[Bytes, Bytes, bool]:
        size = len(data)
        if size < self._remaining:
            self._remaining -= size
            return data, b"", False
        remaining, self._remaining = self._remaining, 0
        if size == remaining:
            return data, b"", True
        return data[:remaining], data[remaining:], True


class ChunkedBody:
    """A chunked body, decoded by the parser that read the head."""

    __slots__ = ("_message", "_parser", "_quiet")

    def __init__(self, parser: Parser, message: Message) -> None:
        self._parser = parser
        self._message = message
        self._quiet = 0

    def take(self, data: Bytes) -> tuple[Bytes, Bytes, bool]:
        message = self._message
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            if not message.complete:
                raise Malformed(f"chunked body: {error}") from None
            message.overrun = True  # what follows the last chunk is another message, or nothing
        pieces, message.pieces = message.pieces, []
        self._quiet = 0 if pieces else self._quiet + len(data)
        if self._quiet > MAX_QUIET:
            raise TooLarge("chunk extensions or trailers without end")
        return pieces[0] if len(pieces) == 1 else b"".join(pieces), b"", message.complete


class UntilClose:
    """A response body that ends with its connection."""

    def take(self, data: Bytes) -> tuple[Bytes, Bytes, bool]:
        return data, b"", False


class Sink(Protocol):
    """Takes what a reader cuts out."""

    def take_head(self, raw: bytes) -> Body:
        """A whole head, with its blank line. Returns what body follows."""
        ...

    def take_body(self, piece: Bytes) -> None:
        """The next part of the body, never empty."""
        ...

    def take_end(self) -> None:
        """The message is complete."""
        ...


class Reader:
    """Feeds one sink from one stream. Raises `Malformed`, after which it must not be used again."""

    __slots__ = ("_body", "_limit", "_rest", "_scanned", "_sink", "on_hold")

    def __init__(self, sink: Sink, head_limit: int) -> None:
        self._sink = sink
        self._limit = head_limit
        self._rest: Bytes = b""
        self._scanned = 0
        self._body: Body | None = None
        self.on_hold = False

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the stream."""
        if not self._rest:
            self._rest = data
        elif isinstance(self._rest, bytearray):
            self._rest += data
        else:
            self._rest = bytearray(self._rest) + data
        self._advance()

    def release(self) -> None:
        """Go on after a hold, with what arrived meanwhile."""
        self.on_hold = False
        self._advance()

    @property
    def between(self) -> bool:
        """No message has begun: nothing is read that is not handed on."""
        return self._body is None and not self._rest

    @property
    def leftover(self) -> bool:
        """There are bytes that belong to no message so far."""
        return bool(self._rest)

    def _advance(self) -> None:
        while not self.on_hold:
            body = self._body
            if body is None:
                raw = self._cut_head()
                if raw is None:
                    return
                self._body = self._sink.take_head(raw)
                continue
            if not self._rest and not isinstance(body, NoBody):
                return
            piece, rest, done = body.take(self._rest)
            self._rest = rest
            if piece:
                self._sink.take_body(piece)
            if done:
                self._body = None
                self._sink.take_end()

    def _cut_head(self) -> bytes | None:
        rest = self._rest
        if not rest:
            return None
        end = rest.find(_END, self._scanned)
        if end < 0:
            self._scanned = max(0, len(rest) - 3)
            if len(rest) > self._limit:
                raise TooLarge("the head does not end")
            if b"\n\n" in rest:
                raise Malformed("lines must end with CR LF")
            return None
        end += len(_END)
        if end > self._limit:
            raise TooLarge("the head is too long")
        self._scanned = 0
        raw = bytes(rest) if end == len(rest) else bytes(rest[:end])
        self._rest = rest[end:]
        return raw


def parse_head(parser: Parser, raw: bytes, max_headers: int) -> None:
    """Run one head through the parser; its message has the parts afterwards. Raises `Malformed`."""
    # Parsers differ over all of these (RFC 9112 §2.2 and §5.2). llhttp refuses them too, as it is set today.
    lines = raw.count(b"\r\n")
    if raw.count(b"\n") != lines or raw.count(b"\r") != lines or b"\n " in raw or b"\n\t" in raw:
        raise Malformed("bare line ends or folded lines in the head")
    if len(raw.translate(None, _CONTROLS)) != len(raw):
        raise Malformed("control characters in the head")
    if lines > max_headers + 2:
        raise TooLarge("too many headers")
    try:
        parser.feed_data(raw)
    except httptools.HttpParserUpgrade:
        pass  # CONNECT, or an Upgrade header: the caller decides what that means
    except httptools.HttpParserError as error:
        raise Malformed(str(error)) from None
