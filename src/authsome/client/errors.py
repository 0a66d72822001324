"""How talking to a server goes wrong, and what a server's refusal becomes on this side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from authsome.kit.errors import BrokenError, InvalidError, Kind, MissingError, UnavailableError

# The inverse of the server's map, with what a server or something before it can answer besides.
KINDS: Mapping[int, Kind] = {
    400: Kind.INVALID,
    401: Kind.UNAUTHENTICATED,
    403: Kind.DENIED,
    404: Kind.MISSING,
    405: Kind.INVALID,
    409: Kind.CONFLICT,
    410: Kind.EXPIRED,
    413: Kind.INVALID,
    421: Kind.INVALID,
    422: Kind.INVALID,
    429: Kind.UNAVAILABLE,
    502: Kind.UNAVAILABLE,
    503: Kind.UNAVAILABLE,
    504: Kind.UNAVAILABLE,
}
LONGEST_TEXT = 1_000


class ClientError(Exception):
    """A server refused. Has what an `AuthsomeError` has, as the server said it."""

    def __init__(self, detail: str, *, code: str, kind: Kind, hint: str) -> None:
        self.detail, self.code, self.kind, self.next_step = detail, code, kind, hint
        super().__init__(detail)


class ServerNotRunning(UnavailableError):
    """The server is not running."""

    code = "server_not_running"
    hint = "start it: `authsome up`"


class ServerUnreachable(UnavailableError):
    """The server cannot be reached."""

    code = "server_unreachable"
    hint = "check AUTHSOME_BASE_URL and the network, and try again"


class AnswerUnusable(BrokenError):
    """What answered is not an Authsome server, or not one of this version."""

    code = "answer_unusable"
    hint = "check AUTHSOME_BASE_URL; `authsome status` says what it points to"


class AddressInvalid(InvalidError):
    """AUTHSOME_BASE_URL is not the address of a server."""

    code = "address_invalid"
    hint = "give scheme and host, such as http://localhost:7998"


class KeyMissing(MissingError):
    """There is no key here."""

    code = "key_missing"
    hint = "make one: `authsome onboard`"


class KeyExposed(InvalidError):
    """The key's file can be read by others, so it must be taken for stolen."""

    code = "key_exposed"
    hint = "make another key: `authsome onboard --new`"


class KeyDamaged(InvalidError):
    """The key's file does not hold an Ed25519 key."""

    code = "key_damaged"
    hint = "move the file away and make another key: `authsome onboard --new`"


class KeyExists(InvalidError):
    """There is a key here already, and it is not overwritten."""

    code = "key_exists"
    hint = "use it, or make another one: `authsome onboard --new`"


def refused(status: int, document: Any) -> ClientError:
    """The error in a problem document (RFC 9457), or a plain one where there is no such document."""
    said = document if isinstance(document, dict) else {}
    return ClientError(
        _text(said.get("detail")) or f"the server answered {status}",
        code=_text(said.get("code")) or f"http_{status}",
        kind=KINDS.get(status, Kind.BROKEN),
        hint=_text(said.get("hint")) or "look at the server's log",
    )


def _text(value: Any) -> str:
    """Only what a terminal can show safely: control characters could rewrite the lines above."""
    text = value[:LONGEST_TEXT] if isinstance(value, str) else ""
    return "".join(character if character.isprintable() else " " for character in text)
