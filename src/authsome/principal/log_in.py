"""Sign a principal in, in a browser or in a terminal."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from authsome.kit.caller import Caller
from authsome.kit.limits import Limits
from authsome.kit.secret import Secret
from authsome.kit.work import Transactions
from authsome.principal.errors import LoginRefused, TooManyAttempts
from authsome.principal.events import LoginFailure, PrincipalLoggedIn, PrincipalLoginFailed
from authsome.principal.model import (
    SESSION_LIFE,
    TERMINAL_LIFE,
    Principal,
    PrincipalState,
    Session,
    SessionKind,
    normal_email,
)
from authsome.principal.password import Hasher
from authsome.principal.ports import PrincipalWork

WINDOW = timedelta(minutes=15)
PER_PRINCIPAL, PER_ADDRESS = 10, 50


async def log_in(
    store: Transactions[PrincipalWork],
    hasher: Hasher,
    limits: Limits,
    *,
    email: str,
    password: Secret,
    address: str,
    server: Caller,
) -> tuple[Session, Secret]:
    """A browser session and its token. Raises `LoginRefused` or `TooManyAttempts`.

    An unknown e-mail, a wrong password and a disabled principal cost the same and look the same.
    `address` is where the request came from; it is only ever used as part of a digest.
    """
    normal = normal_email(email)
    await check_attempts(limits, who=normal, address=address)
    principal = await store.read(lambda view: view.principals.find_by_email(normal))
    matches = await hasher.verify(principal.password_hash if principal else None, password)
    if principal is None:
        raise LoginRefused
    if not matches or principal.state is not PrincipalState.ACTIVE:
        reason = LoginFailure.DISABLED if matches else LoginFailure.WRONG_PASSWORD
        failed = PrincipalLoginFailed(principal_id=principal.id, reason=reason)
        await store.write(server, lambda work: work.record(failed))
        raise LoginRefused
    await give_back(limits, who=normal, address=address)
    token_and_session = await store.write(
        principal.as_caller(), lambda work: open_browser_session(work, principal)
    )
    return token_and_session


async def check_attempts(limits: Limits, *, who: str, address: str) -> None:
    """Count an attempt to prove a password. Raises `TooManyAttempts` before anything is hashed.

    Counted before it is checked, so that many at once are no more than many in a row.
    """
    for kind, value, most in (("who", who, PER_PRINCIPAL), ("from", address, PER_ADDRESS)):
        if not await limits.hit(_counter(kind, value), at_most=most, within=WINDOW):
            raise TooManyAttempts


async def give_back(limits: Limits, *, who: str, address: str) -> None:
    """The password was right, so this was no guess: people who confirm much are not shut out.

    One attempt and not all of them: whoever has a password of their own must not clear their address's
    count with it and go on guessing another's.
    """
    for kind, value in (("who", who), ("from", address)):
        await limits.give_back(_counter(kind, value))


def _counter(kind: str, value: str) -> str:
    return f"password:{kind}:" + hashlib.sha256(value.encode()).hexdigest()


def open_browser_session(work: PrincipalWork, principal: Principal) -> tuple[Session, Secret]:
    """A session and its token; only the token's digest is kept."""
    token = Secret(work.token())
    session_id = work.new_id("ses")
    at = work.record(
        PrincipalLoggedIn(principal_id=principal.id, session_id=session_id, kind=SessionKind.BROWSER)
    )
    session = Session(
        id=session_id,
        kind=SessionKind.BROWSER,
        principal_id=principal.id,
        token_hash=token.digest(),
        created_at=at,
        expires_at=at + SESSION_LIFE,
    )
    work.sessions.add(session)
    return session, token


def open_terminal_session(work: PrincipalWork, *, did: str) -> Session:
    """Bind a short session to a key that a terminal made. The caller is the principal, confirmed."""
    principal_id = work.caller.require_confirmed()
    if work.sessions.find_by_did(did) is not None:
        raise LoginRefused("this terminal's key was used before", hint="run `authsome sign-in` again")
    session_id = work.new_id("ses")
    at = work.record(
        PrincipalLoggedIn(principal_id=principal_id, session_id=session_id, kind=SessionKind.TERMINAL)
    )
    session = Session(
        id=session_id,
        kind=SessionKind.TERMINAL,
        principal_id=principal_id,
        did=did,
        created_at=at,
        expires_at=at + TERMINAL_LIFE,
    )
    work.sessions.add(session)
    return session
