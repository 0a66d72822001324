"""Send a person to their provider's page: what goes along, and what has to come back."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, replace

from authsome.auth_session.errors import AuthSessionGone
from authsome.auth_session.find import open_session
from authsome.auth_session.model import AuthSession, AuthSessionState
from authsome.auth_session.ports import AuthSessionWork
from authsome.connection.errors import OAuthClientMissing
from authsome.connection.model import Flow
from authsome.connection.oauth.id_token import OPENID
from authsome.connection.oauth.open_client import find_client
from authsome.kit.secret import Secret
from authsome.provider.find import get_provider
from authsome.provider.model import Provider
from authsome.vault.installation_key import InstallationKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """What the authorization request is made of. `state` is SECRET until it has come back."""

    session: AuthSession
    provider: Provider
    client_id: str
    state: Secret
    challenge: str
    nonce: str | None


def depart(work: AuthSessionWork, key: InstallationKey, *, token: Secret) -> Departure:
    """Bind the session to the browser that leaves now, and to the server it goes to. Only its principal,
    signed in; going again makes the state of the time before worthless.

    Raises `AuthSessionGone`, also for somebody else's link or one of another flow, or `OAuthClientMissing`.
    """
    session = open_session(work, caller=work.caller, token=token)
    provider = get_provider(work, session.provider)
    client = find_client(work, provider)
    if session.flow is not Flow.AUTHORIZATION_CODE or provider.oauth is None:
        raise AuthSessionGone
    if client is None:
        raise OAuthClientMissing
    state = Secret(work.token())
    bound = replace(
        session,
        state=AuthSessionState.WAITING,
        state_hash=state.digest(),
        browser_session_id=work.caller.session_id,
        server=provider.oauth.fingerprint,
    )
    work.quiet("a person on the way to their provider: how it ends is the fact, and each end has its event")
    work.auth_sessions.update(bound)
    return Departure(
        session=bound,
        provider=provider,
        client_id=client.client_id,
        state=state,
        challenge=challenge_of(verifier_of(key, bound.id, state)),
        nonce=nonce_of(key, bound.id, state) if OPENID in bound.scopes else None,
    )


def verifier_of(key: InstallationKey, session_id: str, state: Secret) -> Secret:
    """The code verifier (RFC 7636 §4.1), SECRET. Made again when the state comes back: it is kept nowhere."""
    said = f"{session_id} {state.reveal()}".encode()
    return Secret(_base64url(hmac.new(key.derive("pkce"), said, hashlib.sha256).digest()))


def nonce_of(key: InstallationKey, session_id: str, state: Secret) -> str:
    """What an ID token must repeat (OpenID Connect Core §3.1.2.1), made again as the verifier is."""
    said = f"{session_id} {state.reveal()}".encode()
    return _base64url(hmac.new(key.derive("nonce"), said, hashlib.sha256).digest())


def challenge_of(verifier: Secret) -> str:
    """S256 (RFC 7636 §4.2)."""
    return _base64url(hashlib.sha256(verifier.reveal().encode("ascii")).digest())


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")
