"""Ask for a connection."""

from __future__ import annotations

from authsome.auth_session.end import about
from authsome.auth_session.errors import TooManyAuthSessions
from authsome.auth_session.events import AuthSessionStarted
from authsome.auth_session.model import LIFE, MOST_OPEN, AuthSession, AuthSessionState
from authsome.auth_session.ports import AuthSessionWork
from authsome.connection.create import check_free
from authsome.connection.errors import OAuthClientMissing
from authsome.connection.flows import choose_flow
from authsome.connection.model import DEFAULT_NAME, Connection, Flow, check_name
from authsome.connection.oauth.client import find_client
from authsome.identity.errors import IdentityUnknown
from authsome.kit.caller import ActorKind
from authsome.kit.secret import Secret
from authsome.provider.find import get_provider


def start(
    work: AuthSessionWork, *, provider: str, name: str = DEFAULT_NAME, flow: Flow | None = None
) -> tuple[AuthSession, Secret]:
    """An open session and the SECRET token of its page link, for a principal or a claimed identity.

    Without a `flow` it is that of the connection which has the name already, else the provider's first. What
    would be refused at the end is refused here already, before a person looks for a key. Raises
    `ProviderMissing`, `ConnectionNameInvalid`, `ConnectionTaken`, `TooManyConnections`, `FlowUnavailable`,
    `OAuthClientMissing`, `TooManyAuthSessions`, `IdentityUnclaimed`, `IdentityEnded`.
    """
    principal_id, identity_id = _owner(work)
    known, name = get_provider(work, provider), check_name(name)
    held = _held(work, principal_id, known.name, name)
    flow = choose_flow(known, flow or (held.flow if held else None))
    if flow is Flow.API_KEY or held is None or held.flow is not flow:
        held = None
        check_free(work, principal_id=principal_id, provider=known.name, name=name)
    if flow is Flow.AUTHORIZATION_CODE and find_client(work, known) is None:
        hint = f"an admin runs `authsome providers client {known.name} --client-id ID`"
        raise OAuthClientMissing(hint=hint)
    if work.auth_sessions.count_open(principal_id, work.now) >= MOST_OPEN:
        raise TooManyAuthSessions
    token = Secret(work.token())
    session = AuthSession(
        id=work.new_id("aus"),
        principal_id=principal_id,
        identity_id=identity_id,
        provider=known.name,
        connection_name=name,
        flow=flow,
        state=AuthSessionState.OPEN,
        reauthorizes=held.id if held else None,
        token_hash=token.digest(),
        created_at=work.now,
        expires_at=work.now + LIFE,
    )
    work.record(AuthSessionStarted(**about(work, session)))
    work.auth_sessions.add(session)
    return session, token


def _held(view: AuthSessionWork, principal_id: str, provider: str, name: str) -> Connection | None:
    """The principal's live connection of this name: one made by OAuth is connected anew in its place."""
    live = view.connections.list_live(principal_id)
    return next((one for one in live if one.provider == provider and one.name == name), None)


def _owner(work: AuthSessionWork) -> tuple[str, str | None]:
    """Whose the connection will be, and the identity that asks, read anew: it may have been released."""
    caller = work.caller
    if caller.kind is not ActorKind.IDENTITY:
        return caller.require_principal(), None
    identity = work.identities.find(caller.identity_id or "")
    if identity is None:
        raise IdentityUnknown
    return identity.require_claimed(), identity.id
