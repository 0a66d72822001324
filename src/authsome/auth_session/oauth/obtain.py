"""Connect a provider as the installation's own client, without a page of the provider's (RFC 6749 §4.4).

What such a token opens is the client's own and no person's, so only an admin connects it.
"""

from __future__ import annotations

from authsome.auth_session.errors import AuthSessionGone
from authsome.auth_session.model import AuthSession, FailureReason
from authsome.auth_session.oauth.finish import Parts, finish, tokens_or_reason
from authsome.connection.errors import OAuthClientMissing
from authsome.connection.model import Flow
from authsome.connection.oauth.endpoint import ByClient, TokenRequest
from authsome.connection.oauth.open_client import open_client
from authsome.connection.oauth.tokens import Tokens
from authsome.kit.caller import Caller
from authsome.provider.errors import ProviderMissing
from authsome.provider.find import get_provider


async def obtain(parts: Parts, *, caller: Caller, session: AuthSession) -> AuthSession:
    """The open session of this admin, completed or failed.

    Raises `AdminRequired`, `AuthSessionGone` for one of another flow, or `AnswerForeign` where it was ended
    meanwhile.
    """
    caller.require_admin()
    if session.flow is not Flow.CLIENT_CREDENTIALS or session.principal_id != caller.principal_id:
        raise AuthSessionGone
    return await finish(parts, caller=caller, session=session, found=await _ask(parts, session))


async def _ask(parts: Parts, session: AuthSession) -> Tokens | FailureReason:
    try:
        provider = await parts.store.read(lambda view: get_provider(view, session.provider))
        client = await parts.store.read(lambda view: open_client(view, parts.keeper, provider=provider.name))
    except ProviderMissing:
        return FailureReason.PROVIDER_REMOVED
    except OAuthClientMissing:
        return FailureReason.CLIENT_REFUSED
    request = TokenRequest(provider, client, ByClient(session.scopes))
    return tokens_or_reason(await parts.endpoint.ask(request, before_sending=_yes))


async def _yes() -> bool:
    return True
