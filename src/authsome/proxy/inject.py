"""The request that leaves: the agent's without what is for this hop only, with the passage's secrets.

Pure: head and passage in, bytes out.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_plus

from authsome.kit.errors import BrokenError
from authsome.proxy.gate import Passage
from authsome.proxy.http.authority import join_authority
from authsome.proxy.http.headers import HOP_BY_HOP, OURS
from authsome.proxy.http.request import Request
from authsome.proxy.scrub import Scrubber

# Written by us from what was parsed, so the agent's own text for them never leaves.
_REWRITTEN = frozenset((b"host", b"content-length"))
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t -~\x80-\xff]+")


class PassageUnusable(BrokenError):
    """The connection's secret cannot be written into a request."""

    code = "passage_unusable"
    hint = "replace the key of this connection: it holds a line end or another control character"


class Injection:
    """A passage made ready: what to take out of each request and what to put in.

    Holds SECRETS in the clear, so it lives only as long as the decision it was made from.
    """

    __slots__ = ("_drop", "_head", "_query", "passage", "scrubber")

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        lines = [b"Host: " + join_authority(passage.host, passage.port).encode("ascii")]
        lines += [_line(name, secret.reveal()) for name, secret in passage.headers]
        self._head = b"\r\n".join(lines)
        names = [name for name, _ in passage.headers] + list(passage.remove)
        self._drop = HOP_BY_HOP | _REWRITTEN | {_key(name) for name in names}
        self._query = [(name, secret.reveal()) for name, secret in passage.query]
        self.scrubber = Scrubber(passage)

    def render(self, request: Request) -> bytes:
        """The whole head for the provider."""
        drop = self._drop | request.connection if request.connection else self._drop
        lines = [request.method + b" " + self._target(request.target) + b" HTTP/1.1", self._head]
        lines += [
            name + b": " + value
            for lower, name, value in request.headers
            if lower not in drop and not lower.startswith(OURS)
        ]
        if request.chunked:
            lines.append(b"Transfer-Encoding: chunked")
        elif request.length is not None:
            lines.append(b"Content-Length: %d" % request.length)
        lines.append(b"\r\n")
        return b"\r\n".join(lines)

    def render_trailers(self, request: Request) -> bytes:
        """The end of a chunked request. A trailer cannot bring back a header that was taken out."""
        lines = [b"0"]
        lines += [
            name + b": " + value
            for lower, name, value in request.trailers
            if lower not in self._drop and not lower.startswith(OURS)
        ]
        lines.append(b"\r\n")
        return b"\r\n".join(lines)

    def _target(self, target: bytes) -> bytes:
        if not self._query:
            return target
        path, _, query = target.partition(b"?")
        set_here = {name for name, _ in self._query}
        parts = [
            part
            for part in query.split(b"&")
            if part and unquote_plus(part.partition(b"=")[0].decode("ascii")) not in set_here
        ]
        parts += [f"{quote(name, safe='')}={quote(value, safe='')}".encode() for name, value in self._query]
        return path + b"?" + b"&".join(parts)


def _key(name: str) -> bytes:
    return name.lower().replace("_", "-").encode("ascii")


def _line(name: str, value: str) -> bytes:
    # A stored key with a line end in it would add headers of its own choosing, or end the head.
    if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
        raise PassageUnusable
    return f"{name}: {value}".encode("latin-1")
