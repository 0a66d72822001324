"""Finish an auth session with the key that a principal gives."""

from __future__ import annotations

from authsome.auth_session.end import about, close
from authsome.auth_session.events import AuthSessionCompleted
from authsome.auth_session.fail import fail
from authsome.auth_session.find import open_session
from authsome.auth_session.model import AuthSession, AuthSessionState, FailureReason
from authsome.auth_session.ports import AuthSessionWork
from authsome.auth_session.start import start
from authsome.connection.create import create_connection
from authsome.connection.errors import ConnectionTaken, KeyInvalid
from authsome.connection.keys import Given
from authsome.connection.mend.reconnect import reconnect_with_key
from authsome.connection.model import DEFAULT_NAME, Connection, Flow
from authsome.kit.caller import Caller
from authsome.kit.secret import Secret
from authsome.kit.work import Transactions
from authsome.provider.errors import ProviderMissing
from authsome.vault.seal import Keeper


def complete(
    work: AuthSessionWork, keeper: Keeper, *, token: Secret, key: Given
) -> tuple[AuthSession, Connection]:
    """The connection that the session was for. Only its principal, signed in.

    Raises `AuthSessionGone`, also for somebody else's link, or what `create_connection` raises; the session
    then stays open, because a key that was copied badly can be copied again.
    """
    session = open_session(work, caller=work.caller, token=token)
    return _finish(work, keeper, session, key=key)


async def submit_key(
    store: Transactions[AuthSessionWork], keeper: Keeper, *, caller: Caller, token: Secret, key: Given
) -> Connection:
    """What the page does: complete, and where no other key could help either, fail the session.

    Raises what `complete` raises.
    """

    def give_up(work: AuthSessionWork, reason: FailureReason) -> None:
        session = open_session(work, caller=caller, token=token)
        fail(work, session_id=session.id, reason=reason)

    try:
        _, connection = await store.write(caller, lambda work: complete(work, keeper, token=token, key=key))
    except ConnectionTaken:
        await store.write(caller, lambda work: give_up(work, FailureReason.NAME_TAKEN))
        raise
    except ProviderMissing:
        await store.write(caller, lambda work: give_up(work, FailureReason.PROVIDER_REMOVED))
        raise
    return connection


async def connect_with_key(
    store: Transactions[AuthSessionWork],
    keeper: Keeper,
    *,
    caller: Caller,
    provider: str,
    key: Given,
    name: str = DEFAULT_NAME,
) -> Connection:
    """Start and complete in one step, with a key from standard input. A principal only.

    Raises what `start` and `create_connection` raise. A key that is none counts as a failed session: there
    is no page on which to try again.
    """
    caller.require_principal()

    def connect(work: AuthSessionWork) -> Connection:
        session, _ = start(work, provider=provider, name=name, flow=Flow.API_KEY)
        _, connection = _finish(work, keeper, session, key=key)
        return connection

    def give_up(work: AuthSessionWork) -> None:
        session, _ = start(work, provider=provider, name=name, flow=Flow.API_KEY)
        fail(work, session_id=session.id, reason=FailureReason.KEY_INVALID)

    try:
        return await store.write(caller, connect)
    except KeyInvalid:
        await store.write(caller, give_up)
        raise


def _finish(
    work: AuthSessionWork, keeper: Keeper, session: AuthSession, *, key: Given
) -> tuple[AuthSession, Connection]:
    if session.reauthorizes:
        connection = reconnect_with_key(work, keeper, connection_id=session.reauthorizes, key=key)
    else:
        connection = create_connection(
            work, keeper, provider=session.provider, name=session.connection_name, key=key
        )
    at = work.record(AuthSessionCompleted(**about(work, session), connection_id=connection.id))
    completed = close(work, session, state=AuthSessionState.COMPLETED, at=at, connection_id=connection.id)
    return completed, connection
