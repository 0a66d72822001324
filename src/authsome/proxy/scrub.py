"""The response that the agent gets: written anew, and without the secrets that were put into its request.

Some providers echo a request's credential in a header (a Location with the query, a debug header). The agent
must not get it that way. Bodies are not searched; this module is where that belongs once it is.
"""

from __future__ import annotations

from urllib.parse import quote, quote_plus

from authsome.proxy.gate import Passage
from authsome.proxy.http.headers import HOP_BY_HOP, NONE, OURS, Header
from authsome.proxy.http.response import Response
from authsome.proxy.replies import PHRASES

# Alt-Svc offers the same service by HTTP/3, past the proxy.
_DROPPED = HOP_BY_HOP | {b"content-length", b"alt-svc"}
REDACTED = b"[redacted]"


class Scrubber:
    """Knows each form in which one passage's SECRETS can come back."""

    __slots__ = ("_forms", "_probes")

    def __init__(self, passage: Passage) -> None:
        carried = (*passage.headers, *passage.query)
        values = [secret.reveal() for name, secret in carried if name not in passage.harmless]
        values += [secret.reveal() for secret in passage.scrub]
        forms: set[bytes] = set()
        for value in values:
            # `Bearer abc` comes back as `abc` too.
            for text in {value, value.rpartition(" ")[2]}:
                spellings = (text, quote(text, safe=""), quote_plus(text))
                forms |= {spelling.encode(how) for spelling in spellings for how in _encodings(spelling)}
        # The longest first, so that no part of a longer form is left standing.
        self._forms = sorted((form for form in forms if form), key=len, reverse=True)
        # The forms that contain no other: where none of these is, none of them all is.
        self._probes = [form for form in self._forms if sum(other in form for other in self._forms) == 1]

    def clean(self, lines: list[bytes]) -> list[bytes]:
        """Header lines without the secrets. A line whose name holds one is left out."""
        whole = b"\n".join(lines)
        for probe in self._probes:
            if probe in whole:
                return [clean for line in lines if (clean := self._clean_line(line))]
        return lines

    def _clean_line(self, line: bytes) -> bytes:
        name, _, value = line.partition(b": ")
        for form in self._forms:
            if form in name:
                return b""
            value = value.replace(form, REDACTED)
        return name + b": " + value


def _encodings(text: str) -> tuple[str, ...]:
    """How it can stand in a header. No part of a text is looked for: what is left may be one letter."""
    return ("utf-8",) if any(ord(character) > 255 for character in text) else ("utf-8", "latin-1")


def render_head(
    response: Response, scrubber: Scrubber, *, close: bool, ours: tuple[bytes, ...] = ()
) -> bytes:
    """The head as the agent gets it. The reason phrase is the standard one: it could echo a secret too.

    `ours` are lines that the gateway adds.
    """
    status = response.status
    lines = [b"HTTP/1.1 %d %b" % (status, PHRASES.get(status, b"Unknown"))]
    lines += _lines(response.headers, response.connection, scrubber)
    lines += ours
    if response.relayed_in_chunks:
        lines.append(b"Transfer-Encoding: chunked")
    elif response.length is not None and status != 204 and not response.interim:
        lines.append(b"Content-Length: %d" % response.length)
    if close and not response.interim:
        lines.append(b"Connection: close")
    lines.append(b"\r\n")
    return b"\r\n".join(lines)


def render_trailers(response: Response, scrubber: Scrubber) -> bytes:
    """The end of a chunked response."""
    if not response.trailers:
        return b"0\r\n\r\n"
    lines = [b"0", *_lines(response.trailers, NONE, scrubber), b"\r\n"]
    return b"\r\n".join(lines)


def _lines(headers: list[Header], connection: frozenset[bytes], scrubber: Scrubber) -> list[bytes]:
    kept = [
        name + b": " + value
        for lower, name, value in headers
        if lower not in _DROPPED and lower not in connection and not lower.startswith(OURS)
    ]
    return scrubber.clean(kept)
