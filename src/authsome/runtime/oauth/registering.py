"""A token address that has forgotten this installation's client: ask for another, where that can be had."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from authsome.connection.by_address.again import replace_refused
from authsome.connection.by_address.parts import Parts
from authsome.connection.oauth.endpoint import Granted, NotGranted, TokenEndpoint, TokenRequest, Withheld
from authsome.connection.oauth.failure import RefreshFailure
from authsome.kit.caller import Caller


class RegisteringEndpoint:
    """Satisfies `connection.oauth.endpoint.TokenEndpoint`.

    The question itself is not asked again: its code or refresh token is bound to the client that is gone.
    """

    def __init__(self, asked: TokenEndpoint, parts: Parts, server: Caller) -> None:
        self._asked = asked
        self._parts = parts
        self._server = server

    async def ask(
        self, request: TokenRequest, *, before_sending: Callable[[], Awaitable[bool]]
    ) -> Granted | NotGranted | Withheld:
        answer = await self._asked.ask(request, before_sending=before_sending)
        if not isinstance(answer, NotGranted) or not answer.is_client_unknown:
            return answer
        is_replaced = await replace_refused(
            self._parts,
            server=self._server,
            provider=request.provider.name,
            client_id=request.client.client_id,
        )
        return replace(answer, reason=RefreshFailure.CLIENT_REPLACED) if is_replaced else answer
