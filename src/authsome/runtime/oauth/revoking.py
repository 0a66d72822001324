"""Ask a provider's revocation address over the network, and read what it says (RFC 7009 §2.2)."""

from __future__ import annotations

import json
from datetime import timedelta

from authsome.connection.oauth.client import Credentials
from authsome.connection.oauth.failure import RefreshFailure
from authsome.connection.revocation.endpoint import Answered, NotNow, TokenKind
from authsome.connection.revocation.model import RevocationOutcome
from authsome.kit.secret import Secret
from authsome.provider.model import Provider
from authsome.runtime.oauth.as_client import show_token
from authsome.runtime.oauth.asking import Asking, Said

# What some say, where the RFC has 200, of a token that is not good any more.
_NOT_GOOD = {"invalid_token", "invalid_grant", "token_expired", "token_revoked"}
_CLIENT = {"invalid_client", "unauthorized_client"}


class HttpRevocationEndpoint:
    """Satisfies `connection.revocation.endpoint.RevocationEndpoint`."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    async def revoke(
        self, provider: Provider, client: Credentials, *, token: Secret, kind: TokenKind
    ) -> Answered | NotNow:
        oauth = provider.oauth
        if oauth is None or oauth.revocation_url is None:
            return Answered(RevocationOutcome.NOBODY_TO_ASK)
        shown = show_token(oauth, client, token=token, kind=kind.value)
        said = await self._asking.ask(
            "POST", oauth.revocation_url, provider, headers=shown.headers, content=shown.body
        )
        return read_revocation(said) if isinstance(said, Said) else NotNow(said)


def read_revocation(said: Said) -> Answered | NotNow:
    """Whether that is an end. A redirect is none: the token must not follow it."""
    if said.status == 429:
        return NotNow(RefreshFailure.OVERLOADED, retry_after(said))
    if said.status >= 500:
        return NotNow(RefreshFailure.PROVIDER_FAILED, retry_after(said))
    if 200 <= said.status < 300:
        return Answered(RevocationOutcome.REVOKED)
    error = _error(said.body)
    if error in _NOT_GOOD:
        return Answered(RevocationOutcome.REVOKED)
    is_client = error in _CLIENT or (error is None and said.status in (401, 403))
    return Answered(RevocationOutcome.CLIENT_REFUSED if is_client else RevocationOutcome.REFUSED)


def retry_after(said: Said) -> timedelta | None:
    """Seconds; a date is not read, since its clock is not ours."""
    text = said.headers.get("retry-after", "")
    return timedelta(seconds=int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else None


def _error(body: bytes) -> str | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    error = found.get("error") if isinstance(found, dict) else None
    return error if isinstance(error, str) else None
