"""One request's head: parsed, and refused unless it can be read in only one way."""

from __future__ import annotations

import re

import httptools

from authsome.kit.errors import AuthsomeError
from authsome.proxy import errors
from authsome.proxy.http.authority import split_authority
from authsome.proxy.http.headers import NONE, Malformed, TooLarge, framing, named_by_connection
from authsome.proxy.http.stream import NO_BODY, Body, ChunkedBody, LengthBody, Message, parse_head
from authsome.proxy.limits import Limits

_LINE = re.compile(rb"([A-Z-]{1,32}) ([!-~]+) (HTTP/[0-9]\.[0-9])\r\n")
# Sending one of these twice does no harm (RFC 9110 §9.2.2).
_REPEATABLE = frozenset((b"GET", b"HEAD", b"OPTIONS", b"PUT", b"DELETE"))


class Request(Message):
    """A request's parts. `headers` are in the order sent; nothing has been taken out yet."""

    __slots__ = ("chunked", "connection", "length", "method", "parser", "target", "version")

    def __init__(self) -> None:
        super().__init__()
        self.method = b""
        self.target = b""
        self.version = b""
        self.length: int | None = None
        self.chunked = False
        self.connection = NONE
        self.parser: httptools.HttpRequestParser | None = None  # kept for a chunked body only

    def values(self, name: bytes) -> list[bytes]:
        """The values of all headers of this (lower-case) name."""
        return [value for lower, _, value in self.headers if lower == name]

    @property
    def has_body(self) -> bool:
        return self.chunked or bool(self.length)

    @property
    def may_repeat(self) -> bool:
        """Whether it may be sent again when the first attempt brought no answer."""
        return not self.has_body and self.method in _REPEATABLE

    def body(self) -> Body:
        if self.parser is not None:
            parser, self.parser = self.parser, None
            return ChunkedBody(parser, self)
        return LengthBody(self.length) if self.length else NO_BODY


def parse_request(raw: bytes, limits: Limits) -> Request:
    """The request whose whole head `raw` is. Raises an `AuthsomeError` that says what is wrong with it."""
    try:
        return _parse(raw, limits)
    except Malformed as error:
        raise as_error(error) from None


def as_error(error: Malformed) -> AuthsomeError:
    """The agent's share in a malformed stream, as what it is told."""
    if isinstance(error, TooLarge):
        return errors.HeadTooLarge(f"The request is too large: {error}.")
    return errors.RequestMalformed(f"The request is not well-formed HTTP/1.1: {error}.")


def _parse(raw: bytes, limits: Limits) -> Request:
    line_end = raw.find(b"\r\n")
    if line_end > limits.request_line:
        raise errors.TargetTooLong
    line = _LINE.match(raw)
    if line is None:
        raise Malformed("the request line is not METHOD target HTTP/1.1")
    request = Request()
    request.method, request.target, request.version = line.groups()
    if request.version not in (b"HTTP/1.1", b"HTTP/1.0"):
        raise errors.HttpVersionRefused
    parser = httptools.HttpRequestParser(request)
    parse_head(parser, raw, limits.header_count)
    if not request.started:
        raise Malformed("the head is not complete")
    request.length, request.chunked = framing(request.noted)
    request.connection = named_by_connection(request.noted)
    if request.chunked:
        request.parser = parser
    if sum(header[0] == b"host" for header in request.noted) > 1:
        raise Malformed("more than one Host")
    return request


def check_inner(request: Request, host: str, port: int) -> None:
    """Refuse what must not go to the provider at (host, port), and make the target origin-form.

    Raises an `AuthsomeError`.
    """
    if request.version != b"HTTP/1.1":
        raise errors.HttpVersionRefused
    if request.method in (b"TRACE", b"CONNECT", b"PRI"):
        raise errors.MethodRefused
    named = None
    for name, _, value in request.noted:
        if name == b"host":
            named = value
        elif name == b"upgrade":
            raise errors.UpgradeRefused
        elif name == b"expect" and value.lower() != b"100-continue":
            raise errors.ExpectationRefused
    if b"upgrade" in request.connection:
        raise errors.UpgradeRefused
    if named is None:
        raise errors.RequestMalformed("The request has no Host header.")
    _check_authority(named, host, port)
    request.target = _origin_form(request, host, port)


def _check_authority(value: bytes, host: str, port: int) -> None:
    try:
        same = split_authority(value.decode("latin-1")) == (host, port)
    except errors.TargetRefused:
        same = False
    if not same:
        raise errors.HostMismatch


def _origin_form(request: Request, host: str, port: int) -> bytes:
    target = request.target
    if b"#" in target:
        raise errors.RequestMalformed("The request's target has a fragment.")
    if target.startswith(b"/") or (target == b"*" and request.method == b"OPTIONS"):
        return target
    scheme, separator, rest = target.partition(b"://")
    if not separator or scheme.lower() != b"https":
        raise errors.RequestMalformed("The request's target is neither a path nor an https:// URL.")
    before_query, query_mark, query = rest.partition(b"?")
    authority, _, path = before_query.partition(b"/")
    _check_authority(authority, host, port)
    return b"/" + path + query_mark + query
