"""What headers say about the message itself: where its body ends, and which of them are for this hop only."""

from __future__ import annotations

import re

Header = tuple[bytes, bytes, bytes]  # lower-case name with hyphens only, name as sent, value

# RFC 9110 §7.6.1, and whatever speaks to a proxy.
HOP_BY_HOP = frozenset(
    (
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authentication-info",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"transfer-encoding",
        b"upgrade",
    )
)
# Our own names: never taken from an agent, and from a provider they would look like the gateway's refusals.
OURS = b"x-authsome-"
# What says something about the message itself, or decides whether it may pass.
NOTED = frozenset((b"connection", b"content-length", b"expect", b"host", b"transfer-encoding", b"upgrade"))
_LENGTHS = (b"content-length", b"transfer-encoding")
NONE: frozenset[bytes] = frozenset()
_DIGITS = re.compile(rb"[0-9]{1,15}")


class Malformed(Exception):
    """The bytes are not well-formed; the text says how. Each side turns it into its own error."""


class TooLarge(Malformed):
    """A head is longer, or has more lines, than is accepted."""


def framing(noted: list[Header]) -> tuple[int | None, bool]:
    """(Content-Length, whether it is chunked), by RFC 9112 §6 without any of its allowances.

    llhttp refuses most of this as well. It is said again here because everything hangs on it: two parties
    that disagree over where a message ends are request smuggling.
    """
    statements = [header for header in noted if header[0] in _LENGTHS]
    if not statements:
        return None, False
    if len(statements) > 1:
        raise Malformed("more than one statement of the body's length")
    name, sent, value = statements[0]
    if b"_" in sent:
        raise Malformed("a length with an underscore in its name")  # some read it as the real one
    if name == b"transfer-encoding":
        if value.strip().lower() != b"chunked":
            raise Malformed("the only transfer coding is chunked")
        return None, True
    if not _DIGITS.fullmatch(value):
        raise Malformed("Content-Length is not a number")
    return int(value), False


def named_by_connection(noted: list[Header]) -> frozenset[bytes]:
    """The names that a Connection header declares to be for this hop only (RFC 9110 §7.6.1)."""
    values = [value for name, _, value in noted if name == b"connection"]
    if not values:
        return NONE
    words = b",".join(values).lower().split(b",")
    return frozenset(word.strip().replace(b"_", b"-") for word in words if word.strip())
