"""One response's head: parsed as strictly as a request's, and written anew for the agent."""

from __future__ import annotations

import httptools

from authsome.proxy.http.headers import NONE, Malformed, framing, named_by_connection
from authsome.proxy.http.stream import (
    NO_BODY,
    Body,
    ChunkedBody,
    LengthBody,
    Message,
    UntilClose,
    parse_head,
)
from authsome.proxy.limits import Limits


class Response(Message):
    """A response's parts, and how its body is delimited."""

    __slots__ = ("bodiless", "chunked", "connection", "keep_alive", "length", "parser", "status")

    def __init__(self) -> None:
        super().__init__()
        self.status = 0
        self.length: int | None = None
        self.chunked = False
        self.bodiless = False
        self.keep_alive = False
        self.connection = NONE
        self.parser: httptools.HttpResponseParser | None = None  # kept for a chunked body only

    @property
    def interim(self) -> bool:
        """1xx: the real response is still to come."""
        return self.status < 200

    @property
    def until_close(self) -> bool:
        """The body ends with the connection."""
        return not (self.bodiless or self.chunked or self.length is not None)

    @property
    def relayed_in_chunks(self) -> bool:
        """How the agent gets it. A body that ends with its connection is put into chunks: many clients do
        not notice when such a connection was cut, and all of them notice a last chunk that is missing."""
        return not self.bodiless and self.length is None

    def body(self) -> Body:
        if self.bodiless or self.length == 0:
            return NO_BODY
        if self.parser is not None:
            parser, self.parser = self.parser, None
            return ChunkedBody(parser, self)
        return UntilClose() if self.length is None else LengthBody(self.length)


def parse_response(raw: bytes, method: bytes, limits: Limits) -> Response:
    """The response to a request of this method. Raises `Malformed`."""
    response = Response()
    parser = httptools.HttpResponseParser(response)
    parse_head(parser, raw, limits.header_count)
    version = parser.get_http_version()
    response.status = parser.get_status_code()
    if not response.started or version not in ("1.1", "1.0") or not 100 <= response.status <= 599:
        raise Malformed("the status line")
    if response.status == 101:
        raise Malformed("switched protocols without being asked")
    response.length, response.chunked = framing(response.noted)
    if response.chunked and version == "1.0":
        raise Malformed("chunked in HTTP/1.0")
    response.bodiless = method == b"HEAD" or response.status in (204, 304) or response.interim
    response.connection = named_by_connection(response.noted)
    response.keep_alive = version == "1.1" and b"close" not in response.connection
    if response.chunked and not response.bodiless:
        response.parser = parser
    return response
