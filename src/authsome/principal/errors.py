"""How principals, links and sessions refuse."""

from __future__ import annotations

from authsome.kit.errors import (
    ConflictError,
    DeniedError,
    ExpiredError,
    InvalidError,
    MissingError,
    UnauthenticatedError,
    UnavailableError,
)


class PrincipalMissing(MissingError):
    """There is no such principal."""

    code = "principal_missing"
    hint = "list them with `authsome principals`"


class AdminMissing(MissingError):
    """No active admin has this e-mail, or there is none at all."""

    code = "admin_missing"
    hint = "check the e-mail; where there is no principal yet, `authsome up` prints the set-up link"


class AdminUnclear(InvalidError):
    """There are several admins, so the one to recover must be named."""

    code = "admin_unclear"
    hint = "name one: `authsome admin recover --email ADDRESS`"


class EmailTaken(ConflictError):
    """A principal with this e-mail exists already."""

    code = "email_taken"
    hint = "sign in instead, or ask an admin for a reset link"


class LinkInvalid(ExpiredError):
    """This link was used, has expired, or never existed."""

    code = "link_invalid"
    hint = "ask for a new link; the first admin gets one from `authsome up`"


class PasswordWeak(InvalidError):
    """The password must have 12 to 512 characters."""

    code = "password_weak"
    hint = "use a longer one; several unrelated words are easy to remember"


class LoginRefused(UnauthenticatedError):
    """The e-mail or the password is wrong."""

    code = "login_refused"
    hint = "try again, or ask an admin for a reset link"


class TooManyAttempts(UnavailableError):
    """Too many attempts. Nothing was checked this time."""

    code = "too_many_attempts"
    hint = "wait a quarter of an hour and try again"


class HasherBusy(UnavailableError):
    """Too many people are signing in at this moment."""

    code = "hasher_busy"
    hint = "try again in a few seconds"


class SessionMissing(UnauthenticatedError):
    """You are not signed in, or the session has ended."""

    code = "session_missing"
    hint = "sign in again: `authsome sign-in`, or the log-in page"


class LastAdmin(DeniedError):
    """The last active admin can be neither disabled, demoted nor erased."""

    code = "last_admin"
    hint = "make somebody else an admin first"
