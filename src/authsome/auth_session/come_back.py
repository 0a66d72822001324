"""A person comes back from their provider's page: check the answer, use its code, seal what comes of it.

    take the state (once) ──▶ is it from whom we asked? ──▶ exchange the code ──▶ seal and complete, or fail
                  a unit of work                               no transaction             a unit of work

A server that ends in between leaves a session that expires: the code works once, and nobody has its tokens.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from authsome.auth_session.depart import CALLBACK, verifier_of
from authsome.auth_session.end import about, close
from authsome.auth_session.errors import AnswerForeign
from authsome.auth_session.events import AuthSessionCompleted
from authsome.auth_session.fail import fail
from authsome.auth_session.model import AuthSession, AuthSessionState, FailureReason
from authsome.auth_session.ports import AuthSessionWork
from authsome.connection.create import create_with_tokens
from authsome.connection.errors import ConnectionTaken, OAuthClientMissing, TooManyConnections
from authsome.connection.model import Connection
from authsome.connection.oauth.client import open_client
from authsome.connection.oauth.endpoint import ByCode, Granted, TokenEndpoint, TokenRequest
from authsome.connection.oauth.failure import RefreshFailure
from authsome.connection.oauth.record import reauthorize
from authsome.connection.oauth.tokens import Life, Tokens, life_of
from authsome.kit.caller import Caller
from authsome.kit.clock import Clock
from authsome.kit.ids import Entropy
from authsome.kit.secret import Secret
from authsome.kit.work import Transactions
from authsome.provider.errors import ProviderMissing
from authsome.provider.find import get_provider
from authsome.provider.model import Provider
from authsome.vault.installation_key import InstallationKey
from authsome.vault.seal import Keeper

_FAILED = {
    RefreshFailure.REFUSED: FailureReason.CODE_REFUSED,
    RefreshFailure.CLIENT_REFUSED: FailureReason.CLIENT_REFUSED,
    RefreshFailure.CLIENT_MISSING: FailureReason.CLIENT_REFUSED,
    RefreshFailure.MALFORMED: FailureReason.ANSWER_MALFORMED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the provider's page sent back in the address (RFC 6749 §4.1.2, RFC 9207); two of it SECRET."""

    state: Secret
    code: Secret | None = None
    error: str | None = None
    issuer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What coming back needs of the house."""

    store: Transactions[AuthSessionWork]
    keeper: Keeper
    endpoint: TokenEndpoint
    key: InstallationKey
    clock: Clock
    entropy: Entropy
    base_url: str


async def come_back(parts: Parts, *, caller: Caller, answer: Answer) -> AuthSession:
    """The session, completed or failed. Raises `AnswerForeign`, and then nothing has changed."""
    session = await parts.store.write(caller, lambda work: take_state(work, answer))
    found = await _exchange(parts, session, answer)
    if isinstance(found, FailureReason):
        return await _fail(parts, caller, session, found)
    life = life_of(found, now=parts.clock.now(), entropy=parts.entropy)
    try:
        done, _ = await parts.store.write(
            caller, lambda work: complete_with_tokens(work, parts.keeper, session.id, tokens=found, life=life)
        )
    except (ConnectionTaken, TooManyConnections):
        return await _fail(parts, caller, session, FailureReason.NAME_TAKEN)
    except ProviderMissing:
        return await _fail(parts, caller, session, FailureReason.PROVIDER_REMOVED)
    return done


def take_state(work: AuthSessionWork, answer: Answer) -> AuthSession:
    """The session that waits for this answer in this browser; the state works once. Raises `AnswerForeign`.

    Another browser than the one that left is refused and uses nothing up: somebody who was sent a link with
    another's code would otherwise connect that other's account as their own (RFC 9700 §4.7).
    """
    principal_id = work.caller.require_principal()
    session = work.auth_sessions.find_by_state_hash(answer.state.digest())
    is_ours = (
        session is not None
        and session.principal_id == principal_id
        and session.browser_session_id is not None
        and session.browser_session_id == work.caller.session_id
        and session.is_open(work.now)
    )
    if session is None or not is_ours:
        raise AnswerForeign
    taken = replace(session, state_hash=None, browser_session_id=None)
    work.quiet("a provider's answer, taken once: what comes of it is the fact, and has its event")
    work.auth_sessions.update(taken)
    return taken


def complete_with_tokens(
    work: AuthSessionWork, keeper: Keeper, session_id: str, *, tokens: Tokens, life: Life
) -> tuple[AuthSession, Connection]:
    """Seal the tokens in a new connection, or in the place of the one that is connected anew.

    Raises `AnswerForeign` where the session was ended meanwhile, or what `create_with_tokens` raises.
    """
    session = work.auth_sessions.find(session_id)
    if session is None or not session.is_open(work.now):
        raise AnswerForeign
    held = work.connections.find(session.reauthorizes) if session.reauthorizes else None
    if held is not None and held.is_live and held.principal_id == session.principal_id:
        connection = reauthorize(work, keeper, connection=held, tokens=tokens, life=life)
    else:
        connection = create_with_tokens(
            work,
            keeper,
            provider=session.provider,
            name=session.connection_name,
            tokens=tokens,
            life=life,
        )
    at = work.record(AuthSessionCompleted(**about(work, session), connection_id=connection.id))
    done = close(work, session, state=AuthSessionState.COMPLETED, at=at, connection_id=connection.id)
    return done, connection


async def _exchange(parts: Parts, session: AuthSession, answer: Answer) -> Tokens | FailureReason:
    try:
        provider = await parts.store.read(lambda view: get_provider(view, session.provider))
        wrong = judge(provider, answer, server=session.server)
        if wrong is not None or answer.code is None:
            return wrong or FailureReason.PROVIDER_REFUSED
        client = await parts.store.read(lambda view: open_client(view, parts.keeper, provider=provider.name))
    except ProviderMissing:
        return FailureReason.PROVIDER_REMOVED
    except OAuthClientMissing:
        return FailureReason.CLIENT_REFUSED
    verifier = verifier_of(parts.key, session.id, answer.state)
    grant = ByCode(answer.code, verifier, parts.base_url + CALLBACK)
    given = await parts.endpoint.ask(TokenRequest(provider, client, grant), before_sending=_yes)
    if isinstance(given, Granted):
        return given.tokens
    reason = getattr(given, "reason", RefreshFailure.UNREACHABLE)
    return _FAILED.get(reason, FailureReason.PROVIDER_UNREACHABLE)


def judge(provider: Provider, answer: Answer, *, server: str | None) -> FailureReason | None:
    """What is wrong with an answer, before its code is used. The issuer first: an error may be forged too.

    `server` is where the person was sent. A definition that was changed meanwhile names another server, which
    must not get a code that the first one gave (mix-up, RFC 9700 §4.4).
    """
    oauth = provider.oauth
    if oauth is None:
        return FailureReason.PROVIDER_REMOVED
    if oauth.fingerprint != server:
        return FailureReason.ISSUER_MISMATCH
    if answer.issuer is None:
        if oauth.issuer_in_answer:
            return FailureReason.ISSUER_MISMATCH
    elif oauth.issuer is not None and answer.issuer != oauth.issuer:
        return FailureReason.ISSUER_MISMATCH
    if answer.error is not None:
        denied = answer.error == "access_denied"
        return FailureReason.ACCESS_DENIED if denied else FailureReason.PROVIDER_REFUSED
    return None if answer.code is not None else FailureReason.PROVIDER_REFUSED


async def _fail(parts: Parts, caller: Caller, session: AuthSession, reason: FailureReason) -> AuthSession:
    return await parts.store.write(caller, lambda work: fail(work, session_id=session.id, reason=reason))


async def _yes() -> bool:
    return True
