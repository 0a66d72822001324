"""What becomes of an auth session once its provider has answered: tokens sealed and completed, or failed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from authsome.auth_session.end import about, close
from authsome.auth_session.errors import AnswerForeign
from authsome.auth_session.events import AuthSessionCompleted
from authsome.auth_session.fail import fail
from authsome.auth_session.model import AuthSession, AuthSessionState, FailureReason
from authsome.auth_session.ports import AuthSessionWork
from authsome.connection.create import create_with_tokens
from authsome.connection.errors import ConnectionTaken, TooManyConnections
from authsome.connection.model import Connection, Flow
from authsome.connection.oauth.device import DeviceEndpoint
from authsome.connection.oauth.endpoint import Granted, NotGranted, TokenEndpoint, TokenRequest, Withheld
from authsome.connection.oauth.failure import RefreshFailure
from authsome.connection.oauth.id_token import OPENID, Expected, is_as_expected
from authsome.connection.oauth.record import reauthorize
from authsome.connection.oauth.tokens import Life, Tokens, life_of
from authsome.kit.caller import Caller
from authsome.kit.clock import Clock
from authsome.kit.ids import Entropy
from authsome.kit.patience import patiently
from authsome.kit.work import Transactions
from authsome.provider.errors import ProviderMissing
from authsome.vault.installation_key import InstallationKey
from authsome.vault.seal import Keeper

_FAILED = {
    RefreshFailure.REFUSED: FailureReason.CODE_REFUSED,
    RefreshFailure.CLIENT_REFUSED: FailureReason.CLIENT_REFUSED,
    RefreshFailure.CLIENT_MISSING: FailureReason.CLIENT_REFUSED,
    RefreshFailure.CLIENT_REPLACED: FailureReason.CLIENT_REPLACED,
    RefreshFailure.MALFORMED: FailureReason.ANSWER_MALFORMED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What asking a provider and sealing its answer need of the house."""

    store: Transactions[AuthSessionWork]
    keeper: Keeper
    endpoint: TokenEndpoint
    devices: DeviceEndpoint
    key: InstallationKey
    clock: Clock
    entropy: Entropy
    base_url: str


def tokens_or_reason(given: Granted | NotGranted | Withheld) -> Tokens | FailureReason:
    """An answer of a token address, in the words of auth sessions."""
    if isinstance(given, Granted):
        return given.tokens
    if isinstance(given, Withheld):  # nobody who asks for a session withholds: nothing was asked
        return FailureReason.PROVIDER_UNREACHABLE
    return failure_of(given.reason)


def is_about_us(
    parts: Parts, session: AuthSession, *, request: TokenRequest, given: Granted, nonce: str | None
) -> bool:
    """Whether an answer that should say who signed in does, of this question.

    An answer for a code must have it (OpenID Connect Core §3.1.3.3); of device codes it is not written.
    """
    issuer = request.provider.oauth.issuer if request.provider.oauth else None
    if OPENID not in session.scopes:
        return True
    if given.id_token is None or issuer is None:
        return nonce is None and given.id_token is None
    expected = Expected(issuer, request.client.client_id, nonce)
    return is_as_expected(given.id_token, expected, now=parts.clock.now())


def failure_of(reason: RefreshFailure) -> FailureReason:
    """Why a session failed whose provider gave nothing."""
    return _FAILED.get(reason, FailureReason.PROVIDER_UNREACHABLE)


async def finish(
    parts: Parts, *, caller: Caller, session: AuthSession, found: Tokens | FailureReason
) -> AuthSession:
    """The session, completed or failed. Raises `AnswerForeign` where it was ended meanwhile.

    Tokens that nothing holds are dropped, and not shown to the revocation address: a provider may take back
    all that came of the person's consent (RFC 7009 §2.1), and so a connection of theirs that works.
    """
    if isinstance(found, FailureReason):
        return await give_up(parts, caller=caller, session=session, reason=found)
    # An answer without scopes grants what was asked for (RFC 6749 §5.1).
    tokens = replace(found, scopes=found.scopes or session.scopes, asked=session.scopes)
    anew = session.flow is Flow.CLIENT_CREDENTIALS
    life = life_of(tokens, now=parts.clock.now(), entropy=parts.entropy, asked_anew=anew)
    try:
        return await patiently(
            lambda is_again: _seal(parts, caller, session, tokens=tokens, life=life, is_again=is_again)
        )
    except (ConnectionTaken, TooManyConnections):
        return await give_up(parts, caller=caller, session=session, reason=FailureReason.NAME_TAKEN)
    except ProviderMissing:
        return await give_up(parts, caller=caller, session=session, reason=FailureReason.PROVIDER_REMOVED)


async def _seal(
    parts: Parts, caller: Caller, session: AuthSession, *, tokens: Tokens, life: Life, is_again: bool
) -> AuthSession:
    try:
        done, _ = await parts.store.write(
            caller,
            lambda work: complete_with_tokens(work, parts.keeper, session.id, tokens=tokens, life=life),
        )
    except AnswerForeign:
        # Where the commit before this one stood, and its answer was lost, all is done.
        found = await parts.store.read(lambda view: view.auth_sessions.find(session.id))
        if not is_again or found is None or found.state is not AuthSessionState.COMPLETED:
            raise
        return found
    return done


async def give_up(
    parts: Parts, *, caller: Caller, session: AuthSession, reason: FailureReason
) -> AuthSession:
    """Fail it. Raises what `fail` raises."""
    return await parts.store.write(caller, lambda work: fail(work, session_id=session.id, reason=reason))


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
            flow=session.flow,
            tokens=tokens,
            life=life,
        )
    at = work.record(AuthSessionCompleted(**about(work, session), connection_id=connection.id))
    done = close(work, session, state=AuthSessionState.COMPLETED, at=at, connection_id=connection.id)
    return done, connection
