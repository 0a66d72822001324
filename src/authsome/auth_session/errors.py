"""How auth sessions refuse."""

from __future__ import annotations

from authsome.kit.errors import ExpiredError, MissingError, UnavailableError


class AuthSessionMissing(MissingError):
    """There is no such auth session."""

    code = "auth_session_missing"
    hint = "start one with `authsome login`"


class AuthSessionGone(ExpiredError):
    """This auth session has ended, or its link never existed."""

    code = "auth_session_gone"
    hint = "start another one with `authsome login`"


class TooManyAuthSessions(UnavailableError):
    """Too many auth sessions are open for this principal."""

    code = "too_many_auth_sessions"
    hint = "finish or cancel one, or wait a quarter of an hour"
