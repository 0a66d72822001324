"""What every request passes first: the right host, a bounded body, headers that close doors; and the count.

Plain ASGI and not Starlette's BaseHTTPMiddleware, which puts a task and two queues between server and
route and costs more than the route.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from authsome.kit.caller import Caller, RequestOutcome
from authsome.kit.errors import InputInvalid
from authsome.server.errors import problem

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Count = Callable[[Caller, RequestOutcome], None]

LARGEST_BODY = 128 * 1024


class Guard:
    """Refuses other hosts with 421 (DNS rebinding) and large bodies with 413, before anything is read."""

    def __init__(self, app: App, base_url: str, headers: dict[str, str]) -> None:
        self._app = app
        self._authority = authority_of(base_url).encode()
        self._headers = [(k.lower().encode(), v.encode()) for k, v in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        # One that is said twice is no host (RFC 9112 §3.2): what stands before us may have read the other.
        if [value.lower() for name, value in scope["headers"] if name == b"host"] != [self._authority]:
            wrong = InputInvalid(
                "this server is not the host that was asked for",
                hint="use the address that `authsome status` says (AUTHSOME_BASE_URL)",
            )
            await problem(wrong, 421)(scope, receive, send)
            return
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            await problem(_too_large(), 413)(scope, receive, send)
            return
        body = _Bounded(receive)
        await self._app(scope, body.receive, self._dressed(send, body))

    def _dressed(self, send: Send, body: _Bounded) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                if body.is_too_large:  # the framework calls it 400, a form of ours 422
                    message["status"] = 413
                given = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(pair for pair in self._headers if pair[0] not in given),
                ]
            await send(message)

        return dressed


class _Bounded:
    """Counts what arrives: a chunked body announces no length."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._seen = 0

    @property
    def is_too_large(self) -> bool:
        return self._seen > LARGEST_BODY

    async def receive(self) -> Message:
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        if self.is_too_large:
            raise _too_large()
        return message


def _too_large() -> InputInvalid:
    return InputInvalid(f"the body is larger than {LARGEST_BODY} bytes", hint="send less at once")


def authority_of(base_url: str) -> str:
    """Host and port as clients send them: without the port that the scheme implies."""
    parts = urlsplit(base_url)
    implied = {"http": 80, "https": 443}[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return host if parts.port in (None, implied) else f"{host}:{parts.port}"


class Counting:
    """Calls `count` once for each request of somebody known, when it has been answered or has failed.

    Who asks is found by the door that the request takes (`callers`, `visit`) and left in the request's state.
    Nothing else about the request is looked at, above all not what it asks for.
    """

    def __init__(self, app: App, count: Count) -> None:
        self._app = app
        self._count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500  # of what raises before it has said anything

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            caller = scope.get("state", {}).get("caller")
            if caller is not None:
                self._count(caller, outcome_of(status))


def outcome_of(status: int) -> RequestOutcome:
    """What a status means for whoever asked."""
    if status < 400:
        return RequestOutcome.SUCCEEDED
    return RequestOutcome.REFUSED if status < 500 else RequestOutcome.FAILED
