"""Ask for a connection."""

from __future__ import annotations

from collections.abc import Sequence

from authsome.auth_session.end import about
from authsome.auth_session.errors import ScopesInvalid, TooManyAuthSessions
from authsome.auth_session.events import AuthSessionStarted
from authsome.auth_session.model import LIFE, MOST_OPEN, AuthSession, AuthSessionState
from authsome.auth_session.ports import AuthSessionWork
from authsome.connection.create import check_free
from authsome.connection.errors import OAuthClientMissing
from authsome.connection.flows import choose_flow
from authsome.connection.model import DEFAULT_NAME, Connection, Flow, check_name
from authsome.connection.oauth.id_token import OPENID
from authsome.connection.oauth.open_client import find_client
from authsome.identity.errors import IdentityUnknown
from authsome.kit.caller import ActorKind, AdminRequired
from authsome.kit.secret import Secret
from authsome.provider.find import get_provider
from authsome.provider.model import Provider
from authsome.provider.oauth import MOST_SCOPES, is_scope


def start(
    work: AuthSessionWork,
    *,
    provider: str,
    name: str = DEFAULT_NAME,
    flow: Flow | None = None,
    scopes: Sequence[str] | None = None,
    in_place: bool = False,
) -> tuple[AuthSession, Secret]:
    """An open session and the SECRET token of its page link, for a principal or a claimed identity.

    Without a `flow` it is that of the connection which has the name already, else the provider's first. A
    key that works is replaced only where that is meant, `in_place`: it may have been changed at the provider.
    What would be refused at the end is refused here already, before a person looks for a key. Raises
    `ProviderMissing`, `ConnectionNameInvalid`, `ConnectionTaken`, `TooManyConnections`, `FlowUnavailable`,
    `ScopesInvalid`, `OAuthClientMissing`, `AdminRequired`, `TooManyAuthSessions`, `IdentityUnclaimed`,
    `IdentityEnded`.
    """
    principal_id, identity_id = _owner(work)
    known, name = get_provider(work, provider), check_name(name)
    held = _held(work, principal_id, known.name, name)
    flow = choose_flow(known, flow or (held.flow if held else None))
    if held is None or held.flow is not flow or _is_kept(held, in_place=in_place):
        held = None
        check_free(work, principal_id=principal_id, provider=known.name, name=name)
    asked = _scopes(known, flow, scopes)
    _check_client(work, known, flow, principal_id)
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
        scopes=asked,
        state=AuthSessionState.PENDING,
        reauthorizes=held.id if held else None,
        token_hash=token.digest(),
        created_at=work.now,
        expires_at=work.now + LIFE,
    )
    work.record(AuthSessionStarted(**about(work, session)))
    work.auth_sessions.add(session)
    return session, token


def _scopes(provider: Provider, flow: Flow, wanted: Sequence[str] | None) -> tuple[str, ...]:
    """What is asked for: the wanted ones in place of the definition's."""
    if flow is Flow.API_KEY or provider.oauth is None:
        if wanted is not None:
            raise ScopesInvalid("a key brings its scopes with it", hint="choose them where the key is made")
        return ()
    asked = provider.oauth.scopes if wanted is None else tuple(dict.fromkeys(wanted))
    if wanted is not None and not (1 <= len(wanted) <= MOST_SCOPES and all(is_scope(one) for one in wanted)):
        raise ScopesInvalid
    if OPENID in asked and provider.oauth.issuer is None:
        raise ScopesInvalid(
            f"{provider.display_name}'s definition does not say which issuer signs, as openid needs",
            hint="leave openid out, or have an admin add oauth.issuer",
        )
    return asked


def _check_client(work: AuthSessionWork, provider: Provider, flow: Flow, principal_id: str) -> None:
    if flow is Flow.API_KEY:
        return
    client, hint = find_client(work, provider), f"an admin runs `authsome providers client {provider.name}"
    if client is None:
        raise OAuthClientMissing(hint=f"{hint} --client-id ID`")
    if flow is not Flow.CLIENT_CREDENTIALS:
        return
    principal = work.principals.find(principal_id)
    if principal is None or not principal.is_admin:
        raise AdminRequired("this connects the installation's own client, which is an admin's to do")
    if client.sealed is None:  # RFC 6749 §4.4: for clients that can keep a secret
        raise OAuthClientMissing("our client at this provider has no secret", hint=f"{hint} --client-id ID`")


def _held(view: AuthSessionWork, principal_id: str, provider: str, name: str) -> Connection | None:
    """The principal's live connection of this name: one made by OAuth is connected anew in its place."""
    live = view.connections.list_live(principal_id)
    return next((one for one in live if one.provider == provider and one.name == name), None)


def _is_kept(held: Connection, *, in_place: bool) -> bool:
    """Whether it stays as it is, and its name with it."""
    return held.flow is Flow.API_KEY and held.is_usable and not in_place


def _owner(work: AuthSessionWork) -> tuple[str, str | None]:
    """Whose the connection will be, and the identity that asks, read anew: it may have been released."""
    caller = work.caller
    if caller.kind is not ActorKind.IDENTITY:
        return caller.require_principal(), None
    identity = work.identities.find(caller.identity_id or "")
    if identity is None:
        raise IdentityUnknown
    return identity.require_claimed(), identity.id
