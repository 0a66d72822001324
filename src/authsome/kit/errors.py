"""How anything in Authsome refuses.

    AuthsomeError            code, kind, hint
    ├── InvalidError         the request is malformed                422
    ├── UnauthenticatedError nobody knows who asks                   401
    ├── DeniedError          known, and not allowed                  403
    ├── MissingError         there is no such thing                  404
    ├── ConflictError        it is in another state already          409
    ├── ExpiredError         it was there once                       410
    ├── UnavailableError     try again later                         503
    └── BrokenError          our fault                               500

Nouns subclass the kinds and never speak of status codes; the doors map kinds to what their
protocol uses. A concrete error names its `code` once; codes are part of the API and never reused.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class Kind(StrEnum):
    """What sort of refusal it is. Doors keep a total map from these."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    DENIED = "denied"
    MISSING = "missing"
    CONFLICT = "conflict"
    EXPIRED = "expired"
    UNAVAILABLE = "unavailable"
    BROKEN = "broken"


REGISTERED: dict[str, type[AuthsomeError]] = {}


class AuthsomeError(Exception):
    """Something went wrong that a person can act on.

    A subclass that sets `code` is concrete: its docstring is the default message and `hint`
    names what to do next, ideally a command.
    """

    code: ClassVar[str] = ""
    kind: ClassVar[Kind] = Kind.BROKEN
    hint: ClassVar[str] = ""

    def __init__(self, detail: str | None = None, *, hint: str | None = None) -> None:
        self.detail = detail or (type(self).__doc__ or self.code).strip().splitlines()[0]
        self.next_step = hint or type(self).hint
        super().__init__(self.detail)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" not in cls.__dict__:
            return
        if not cls.__doc__:
            raise TypeError(f"{cls.__name__} needs a docstring: it is the message people read")
        if cls.code in REGISTERED:
            raise TypeError(f"error code {cls.code!r} is taken by {REGISTERED[cls.code].__name__}")
        REGISTERED[cls.code] = cls


class InvalidError(AuthsomeError):
    """The request is malformed."""

    kind = Kind.INVALID


class UnauthenticatedError(AuthsomeError):
    """Nobody knows who is asking."""

    kind = Kind.UNAUTHENTICATED


class DeniedError(AuthsomeError):
    """The caller is known and not allowed."""

    kind = Kind.DENIED


class MissingError(AuthsomeError):
    """There is no such thing."""

    kind = Kind.MISSING


class ConflictError(AuthsomeError):
    """It is in another state already."""

    kind = Kind.CONFLICT


class ExpiredError(AuthsomeError):
    """It was there once."""

    kind = Kind.EXPIRED


class UnavailableError(AuthsomeError):
    """It cannot be done right now; trying again later may work."""

    kind = Kind.UNAVAILABLE


class BrokenError(AuthsomeError):
    """Something inside failed; the log has the reason."""

    kind = Kind.BROKEN


class InputInvalid(InvalidError):
    """The input does not have the form that is asked for."""

    code = "input_invalid"
    hint = "correct the value named in the message and send it again"


class InternalFailure(BrokenError):
    """The server failed to do this. Nothing was changed."""

    code = "internal_failure"
    hint = "look at the server's log for the same reference"
