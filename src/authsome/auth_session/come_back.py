"""A person comes back from their provider's page: check the answer, use its code, seal what comes of it.

    take the state (once) ──▶ is it from whom we asked? ──▶ exchange the code ──▶ seal and complete, or fail
                  a unit of work                               no transaction             a unit of work

A server that ends in between leaves a session that expires: the code works once, and nobody has its tokens.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from authsome.auth_session.depart import nonce_of, verifier_of
from authsome.auth_session.errors import AnswerForeign
from authsome.auth_session.model import AuthSession, AuthSessionState, FailureReason
from authsome.auth_session.oauth.finish import Parts, finish, is_about_us, tokens_or_reason
from authsome.auth_session.ports import AuthSessionWork
from authsome.connection.errors import OAuthClientMissing
from authsome.connection.oauth.client import CALLBACK
from authsome.connection.oauth.endpoint import ByCode, Granted, TokenRequest
from authsome.connection.oauth.open_client import open_client
from authsome.connection.oauth.tokens import Tokens
from authsome.kit.caller import Caller
from authsome.kit.secret import Secret
from authsome.provider.errors import ProviderMissing
from authsome.provider.find import get_provider
from authsome.provider.model import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the provider's page sent back in the address (RFC 6749 §4.1.2, RFC 9207); two of it SECRET."""

    state: Secret
    code: Secret | None = None
    error: str | None = None
    issuer: str | None = None


async def come_back(parts: Parts, *, caller: Caller, answer: Answer) -> AuthSession:
    """The session, completed or failed. Raises `AnswerForeign`, and then nothing has changed."""
    session = await parts.store.write(caller, lambda work: take_state(work, answer))
    found = await _exchange(parts, session, answer)
    return await finish(parts, caller=caller, session=session, found=found)


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
    taken = replace(session, state=AuthSessionState.PENDING, state_hash=None, browser_session_id=None)
    work.quiet("a provider's answer, taken once: what comes of it is the fact, and has its event")
    work.auth_sessions.update(taken)
    return taken


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
    request = TokenRequest(provider, client, grant)
    given = await parts.endpoint.ask(request, before_sending=_yes)
    nonce = nonce_of(parts.key, session.id, answer.state)
    if isinstance(given, Granted) and not is_about_us(
        parts, session, request=request, given=given, nonce=nonce
    ):
        return FailureReason.ID_TOKEN_INVALID
    return tokens_or_reason(given)


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


async def _yes() -> bool:
    return True
