"""Get a code that a person types at their provider, on whatever device they like (RFC 8628 §3.1 to §3.3).

Only the session's principal, signed in, is shown it: whoever has the code can connect an account of their own
choosing, so an agent that asks for its principal gets the link of our page and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from authsome.auth_session.errors import AuthSessionGone
from authsome.auth_session.model import AuthSession, AuthSessionState, FailureReason
from authsome.auth_session.oauth.finish import Parts, failure_of, give_up
from authsome.auth_session.ports import AuthSessionWork
from authsome.connection.errors import OAuthClientMissing
from authsome.connection.model import Flow
from authsome.connection.oauth.device import DeviceCode, DeviceRequest
from authsome.connection.oauth.endpoint import NotGranted
from authsome.connection.oauth.open_client import find_client, open_client
from authsome.kit.caller import Caller
from authsome.provider.errors import ProviderMissing
from authsome.provider.find import get_provider
from authsome.vault.errors import SealBroken
from authsome.vault.model import Place
from authsome.vault.seal import Keeper


@dataclass(frozen=True, slots=True)
class _Asked:
    request: DeviceRequest
    server: str  # whose code it will be
    vault_id: str
    at: datetime


async def show_code(parts: Parts, *, caller: Caller, session: AuthSession) -> AuthSession:
    """The open session of this principal, waiting with a code, or failed. One that has a code keeps it.

    Raises `PrincipalRequired`, or `AuthSessionGone` where it is of another flow or has ended.
    """
    if session.flow is not Flow.DEVICE_CODE or session.principal_id != caller.require_principal():
        raise AuthSessionGone
    if session.state is AuthSessionState.WAITING:
        return session
    try:
        asked = await parts.store.read(lambda view: _question(view, parts.keeper, session))
    except ProviderMissing:
        return await give_up(parts, caller=caller, session=session, reason=FailureReason.PROVIDER_REMOVED)
    except OAuthClientMissing:
        return await give_up(parts, caller=caller, session=session, reason=FailureReason.CLIENT_REFUSED)
    given = await parts.devices.ask_device(asked.request)
    if not isinstance(given, DeviceCode):
        reason = failure_of(given.reason) if isinstance(given, NotGranted) else FailureReason.ADDRESS_REFUSED
        return await give_up(parts, caller=caller, session=session, reason=reason)
    return await parts.store.write(
        caller, lambda work: _keep(work, parts.keeper, session_id=session.id, asked=asked, given=given)
    )


def _question(view: AuthSessionWork, keeper: Keeper, session: AuthSession) -> _Asked:
    provider = get_provider(view, session.provider)
    client, shown = find_client(view, provider), open_client(view, keeper, provider=provider.name)
    if provider.oauth is None or client is None:
        raise OAuthClientMissing
    request = DeviceRequest(provider=provider, client=shown, scopes=session.scopes)
    return _Asked(request, provider.oauth.fingerprint, client.vault_id, view.now)


def _keep(
    work: AuthSessionWork, keeper: Keeper, *, session_id: str, asked: _Asked, given: DeviceCode
) -> AuthSession:
    """Seal the code, beside the client whose it is, and wait for the person."""
    session, vault = work.auth_sessions.find(session_id), work.vaults.find(asked.vault_id)
    if session is None or not session.is_open(work.now):
        raise AuthSessionGone
    if session.state is AuthSessionState.WAITING:  # asked for twice in one moment: the first is shown already
        return session
    if vault is None:
        raise SealBroken
    waiting = replace(
        session,
        state=AuthSessionState.WAITING,
        server=asked.server,
        vault_id=vault.id,
        sealed=keeper.seal(vault, Place("auth_session", session.id, 1), given.code),
        user_code=given.user_code,
        verification_uri=given.verification_uri,
        verification_uri_complete=given.verification_uri_complete,
        poll_seconds=given.interval_seconds,
        expires_at=min(session.expires_at, asked.at + given.expires_in),
    )
    work.quiet("a code for a person to type: how it ends is the fact, and each end has its event")
    work.auth_sessions.update(waiting)
    return waiting
