"""How auth sessions refuse."""

from __future__ import annotations

from authsome.kit.errors import DeniedError, ExpiredError, InvalidError, MissingError, UnavailableError


class AuthSessionMissing(MissingError):
    """There is no such auth session."""

    code = "auth_session_missing"
    hint = "start one with `authsome login`"


class AuthSessionGone(ExpiredError):
    """This auth session has ended, or its link never existed."""

    code = "auth_session_gone"
    hint = "start another one with `authsome login`"


class AnswerForeign(DeniedError):
    """This answer of a provider is not for this browser, or it was used before. Nothing was changed."""

    code = "answer_foreign"
    hint = "go on in the browser window in which you began, or start again with `authsome login`"


class ScopesInvalid(InvalidError):
    """Scopes are 1 to 50 texts of 1 to 200 printable characters without quotes and backslashes."""

    code = "scopes_invalid"
    hint = "write them as the provider does, with spaces between: --scopes 'read write'"


class TooManyAuthSessions(UnavailableError):
    """Too many auth sessions are open for this principal."""

    code = "too_many_auth_sessions"
    hint = "finish or cancel one, or wait a quarter of an hour"
