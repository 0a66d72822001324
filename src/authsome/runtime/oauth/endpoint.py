"""Ask a provider's token address over the network, once, within bounds."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx

from authsome.connection.oauth.endpoint import ByClient, Granted, NotGranted, TokenRequest, Withheld
from authsome.connection.oauth.failure import RefreshFailure
from authsome.kit.bounded import TooLong
from authsome.kit.clock import Clock
from authsome.provider.oauth import OAuth
from authsome.runtime.oauth.answer import read_answer
from authsome.runtime.oauth.outside import Outside, raw
from authsome.runtime.oauth.write import body_of, headers_of

ALL_SECONDS = 20.0
_ABOUT_TO_SEND = "http11.send_request_headers.started"


class _NotSent(Exception):
    """The turn was lost while the connection was made."""


class HttpTokenEndpoint:
    """Satisfies `connection.oauth.endpoint.TokenEndpoint`."""

    def __init__(self, clock: Clock, outside: Outside, *, all_seconds: float = ALL_SECONDS) -> None:
        self._clock = clock
        self._outside = outside
        self._all_seconds = all_seconds

    async def ask(
        self, request: TokenRequest, *, before_sending: Callable[[], Awaitable[bool]]
    ) -> Granted | NotGranted | Withheld:
        oauth, sent = request.provider.oauth, False
        if oauth is None:
            return NotGranted(RefreshFailure.CLIENT_MISSING)

        async def trace(step: str, _about: dict[str, Any]) -> None:
            nonlocal sent
            if step == _ABOUT_TO_SEND:
                if not await before_sending():
                    raise _NotSent
                sent = True

        # Counted from before the question: then the token seems to end a little early, and never late.
        began = self._clock.now()
        try:
            status, headers, body = await self._post(request, oauth, trace)
        except _NotSent:
            return Withheld()
        except (TimeoutError, httpx.TimeoutException):
            return NotGranted(RefreshFailure.TIMED_OUT if sent else RefreshFailure.UNREACHABLE)
        except (httpx.HTTPError, ssl.SSLError, OSError) as error:
            if isinstance(error.__cause__, TooLong):
                return NotGranted(RefreshFailure.MALFORMED)
            return NotGranted(RefreshFailure.PROVIDER_FAILED if sent else RefreshFailure.UNREACHABLE)
        answer = read_answer(status, headers, body, began=began)
        if isinstance(answer, Granted) and isinstance(request.grant, ByClient):
            # RFC 6749 §4.4.3 has no refresh token here; one that comes nevertheless has nothing to say.
            return replace(answer, tokens=replace(answer.tokens, refresh=None))
        return answer

    async def _post(
        self, request: TokenRequest, oauth: OAuth, trace: Callable[[str, dict[str, Any]], Awaitable[None]]
    ) -> tuple[int, httpx.Headers, bytes]:
        place = oauth.token_place
        async with self._outside.ask(
            "POST",
            oauth.token_url,
            private_ok=request.provider.may_be_private(place.host, place.port),
            seconds=self._all_seconds,
            headers=headers_of(request.client, oauth),
            content=body_of(request, oauth),
            extensions={"trace": trace},
        ) as answer:
            return answer.status_code, answer.headers, await raw(answer)
