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
_LENGTHS = (b"content-length", b"transfer-encoding")
_DIGITS = re.compile(rb"[0-9]{1,15}")


class Malformed(Exception):
    """The bytes are not well-formed; the text says how. Each side turns it into its own error."""


class TooLarge(Malformed):
    """A head is longer, or has more lines, than is accepted."""


def framing(headers: list[Header]) -> tuple[int | None, bool]:
    """(Content-Length, whether it is chunked), by RFC 9112 §6 without any of its allowances.

    llhttp refuses most of this as well. It is said again here because everything hangs on it: two parties
    that disagree over where a message ends are request smuggling.
    """
    if any(b"_" in sent for name, sent, _ in headers if name in _LENGTHS):
        raise Malformed("a length with an underscore in its name")  # some read it as the real one
    lengths = [value for name, _, value in headers if name == b"content-length"]
    codings = [value for name, _, value in headers if name == b"transfer-encoding"]
    if len(lengths) + len(codings) > 1:
        raise Malformed("more than one statement of the body's length")
    if codings and codings[0].strip().lower() != b"chunked":
        raise Malformed("the only transfer coding is chunked")
    if lengths and not _DIGITS.fullmatch(lengths[0]):
        raise Malformed("Content-Length is not a number")
    return (int(lengths[0]) if lengths else None), bool(codings)


def named_by_connection(headers: list[Header]) -> set[bytes]:
    """The names that a Connection header declares to be for this hop only (RFC 9110 §7.6.1)."""
    values = b",".join(value for name, _, value in headers if name == b"connection").lower()
    return {word.strip().replace(b"_", b"-") for word in values.split(b",") if word.strip()}
