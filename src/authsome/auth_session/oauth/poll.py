"""Ask a provider whether the person has typed their code (RFC 8628 §3.4): one server, never too often.

    take the turn ──▶ look ──▶ ask ──▶ not yet: hold the turn for the interval
                                  └──▶ tokens: seal and complete      no: fail, or expire

Nothing of it is in memory: a server that ends gives its turn back by letting it lapse, and another goes on.
One that ends between the provider's answer and the seal loses the tokens; the code is used up by then, the
next question says so, and the session fails.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from authsome.auth_session.expire import expire
from authsome.auth_session.model import AuthSession, AuthSessionState, FailureReason
from authsome.auth_session.oauth.finish import Parts, finish, give_up, is_about_us, tokens_or_reason
from authsome.auth_session.ports import AuthSessionWork
from authsome.connection.errors import OAuthClientMissing
from authsome.connection.model import Flow
from authsome.connection.oauth.endpoint import ByDeviceCode, DeviceAnswer, Granted, NotGranted, TokenRequest
from authsome.connection.oauth.failure import RefreshFailure
from authsome.connection.oauth.open_client import open_client
from authsome.kit.caller import Caller
from authsome.principal.model import PrincipalState
from authsome.provider.errors import ProviderMissing
from authsome.provider.find import get_provider
from authsome.vault.errors import SealBroken
from authsome.vault.model import Place
from authsome.vault.seal import Keeper

SLOWER_SECONDS, SLOWEST_SECONDS = 5, 60  # §3.5
_ENDS = {
    DeviceAnswer.DENIED: FailureReason.ACCESS_DENIED,
    DeviceAnswer.UNKNOWN: FailureReason.CODE_REFUSED,
}
# The provider was not heard: it is asked again, at greater and greater distance.
_UNHEARD = {RefreshFailure.TIMED_OUT, RefreshFailure.UNREACHABLE, RefreshFailure.PROVIDER_FAILED}


class PollTurns(Protocol):
    """Whose turn it is to ask for which session; nobody's for a while after each question."""

    async def take(self, session_id: str, holder: str) -> bool: ...
    async def hold(self, session_id: str, holder: str, seconds: float) -> None:
        """Nobody asks before then, this server neither."""
        ...

    async def drop(self, session_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for which session, and in whose name its end is recorded."""

    session: AuthSession
    caller: Caller
    found: TokenRequest | FailureReason


async def poll(parts: Parts, turns: PollTurns, *, session_id: str, server: Caller) -> None:
    """Ask once, if it is anybody's turn, and record what comes of it."""
    holder = parts.entropy.bytes(8).hex()
    if not await turns.take(session_id, holder):
        return
    question = await parts.store.read(lambda view: _question(view, parts.keeper, session_id, server))
    if question is None:
        await turns.drop(session_id)
        return
    if not await _ask(parts, question):
        await turns.drop(session_id)
        return
    session = await parts.store.read(lambda view: view.auth_sessions.find(session_id))
    await turns.hold(session_id, holder, (session and session.poll_seconds) or SLOWER_SECONDS)


def _question(view: AuthSessionWork, keeper: Keeper, session_id: str, server: Caller) -> Question | None:
    """None where there is nothing to ask any more."""
    session = view.auth_sessions.find(session_id)
    if session is None or session.flow is not Flow.DEVICE_CODE or not session.is_open(view.now):
        return None
    if session.state is not AuthSessionState.WAITING or session.sealed is None:
        return None
    principal, vault = view.principals.find(session.principal_id), view.vaults.find(session.vault_id or "")
    if principal is None or principal.state is not PrincipalState.ACTIVE:
        return Question(session, server, FailureReason.ACCESS_DENIED)
    if vault is None:
        raise SealBroken
    code = keeper.open(vault, Place("auth_session", session.id, 1), session.sealed)
    try:
        provider = get_provider(view, session.provider)
        client = open_client(view, keeper, provider=provider.name)
    except ProviderMissing:
        return Question(session, principal.as_caller(), FailureReason.PROVIDER_REMOVED)
    except OAuthClientMissing:
        return Question(session, principal.as_caller(), FailureReason.CLIENT_REFUSED)
    if provider.oauth is None or provider.oauth.fingerprint != session.server:
        return Question(session, principal.as_caller(), FailureReason.ISSUER_MISMATCH)
    return Question(session, principal.as_caller(), TokenRequest(provider, client, ByDeviceCode(code)))


async def _ask(parts: Parts, question: Question) -> bool:
    """Whether to ask again later."""
    session, caller, found = question.session, question.caller, question.found
    if isinstance(found, FailureReason):
        await give_up(parts, caller=caller, session=session, reason=found)
        return False
    given = await parts.endpoint.ask(found, before_sending=_yes)
    if isinstance(given, NotGranted):
        if given.said is DeviceAnswer.PENDING:
            return True
        slower = _slower(session.poll_seconds or SLOWER_SECONDS, given)
        if slower is not None:
            await parts.store.write(caller, lambda work: _slow_down(work, session.id, slower))
            return True
        if given.said is DeviceAnswer.EXPIRED:
            await parts.store.write(caller, lambda work: expire(work, session_id=session.id))
            return False
        if given.said in _ENDS:
            await give_up(parts, caller=caller, session=session, reason=_ENDS[given.said])
            return False
    answer = tokens_or_reason(given)
    if isinstance(given, Granted) and not is_about_us(parts, session, request=found, given=given, nonce=None):
        answer = FailureReason.ID_TOKEN_INVALID
    await finish(parts, caller=caller, session=session, found=answer)
    return False


def _slower(seconds: int, given: NotGranted) -> int | None:
    """The new interval, where the answer asks for one; None where it is an end."""
    if given.said is DeviceAnswer.SLOW_DOWN:
        return seconds + SLOWER_SECONDS
    if given.reason is RefreshFailure.OVERLOADED:
        wanted = given.retry_after or timedelta()
        return max(seconds + SLOWER_SECONDS, int(wanted.total_seconds()))
    if given.said is None and given.reason in _UNHEARD:
        return max(seconds, min(seconds * 2, SLOWEST_SECONDS))
    return None


def _slow_down(work: AuthSessionWork, session_id: str, seconds: int) -> None:
    session = work.auth_sessions.find(session_id)
    if session is not None and session.is_open(work.now):
        work.quiet("how often a provider is asked about a code: bookkeeping of a session that goes on")
        work.auth_sessions.update(replace(session, poll_seconds=seconds))


async def _yes() -> bool:
    return True
