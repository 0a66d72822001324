"""Ask a server: one signed request, one JSON answer.

The standard library's client and not httpx, which alone takes longer to import than a command may take.
Redirects are not followed (a signature is for one address), proxies in the environment are not used
(inside `authsome run` they point to the gateway itself), and each request has a connection of its own.
"""

from __future__ import annotations

import base64
import json
import ssl
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlencode

from authsome import __version__
from authsome.client.address import Address
from authsome.client.errors import AnswerUnusable, ServerNotRunning, ServerUnreachable, refused
from authsome.client.keys import Key
from authsome.identity.signature import Message, sign
from authsome.kit.clock import Clock, SystemClock
from authsome.kit.ids import Entropy, SystemEntropy
from authsome.kit.secret import Secret

Query = Mapping[str, str | Sequence[str]]  # a name with several values is there once for each
TIMEOUT_SECONDS = 15.0
LARGEST_ANSWER = 8 * 1024 * 1024


class Client:
    """Talks to one server, signing with `key` where there is one.

    `via` is where to connect when that is not the address itself: the server's own port on its machine,
    where the address may belong to a TLS terminator.
    """

    def __init__(
        self,
        address: Address,
        key: Key | None = None,
        *,
        via: Address | None = None,
        timeout: float = TIMEOUT_SECONDS,
        clock: Clock | None = None,
        entropy: Entropy | None = None,
    ) -> None:
        self.address = address
        self.key = key
        self._via = via or address
        self._timeout = timeout
        self._clock = clock or SystemClock()
        self._entropy = entropy or SystemEntropy()

    def get(self, path: str, query: Query | None = None) -> Any:
        """The answer to GET /api`path`."""
        return self.ask("GET", path, query=query)

    def post(self, path: str, body: Mapping[str, Any] | None = None, *, bearer: Secret | None = None) -> Any:
        """The answer to POST /api`path`, None if it has no content."""
        return self.ask("POST", path, body=body, bearer=bearer)

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: Mapping[str, Any] | None = None,
        bearer: Secret | None = None,
    ) -> Any:
        """Raises `ClientError` for a refusal, and an `AuthsomeError` when there is no usable answer."""
        content = json.dumps(body).encode() if body is not None else b""
        question = urlencode(query or {}, doseq=True)
        headers = {
            "Host": self.address.authority,
            "User-Agent": f"authsome-cli/{__version__}",
            "Accept": "application/json",
        }
        if content:
            headers["Content-Type"] = "application/json"
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer.reveal()}"
        message = Message(
            method=method,
            authority=self.address.authority,
            path=f"/api{path}",
            query=question,
            body=content,
        )
        return self._exchange(message, headers | self._signature(message))

    def _signature(self, message: Message) -> dict[str, str]:
        if self.key is None:
            return {}
        return sign(
            message,
            did=self.key.did,
            created=int(self._clock.now().timestamp()),
            nonce=base64.urlsafe_b64encode(self._entropy.bytes(24)).decode(),
            key=self.key.sign,
        )

    def _exchange(self, message: Message, headers: Mapping[str, str]) -> Any:
        target = f"{message.path}?{message.query}" if message.query else message.path
        connection = _connect(self._via, self._timeout)
        try:
            connection.request(message.method, target, message.body or None, dict(headers))
            return _read(connection.getresponse())
        except ConnectionRefusedError:
            if self._via.is_loopback:
                raise ServerNotRunning(f"no server is running at {self.address.base_url}") from None
            raise ServerUnreachable(f"{self.address.base_url} refuses connections") from None
        except (OSError, HTTPException) as error:
            why = str(error) or type(error).__name__
            raise ServerUnreachable(f"{self.address.base_url} cannot be reached: {why}") from error
        finally:
            connection.close()


def _connect(address: Address, timeout: float) -> HTTPConnection:
    if address.scheme == "http":
        return HTTPConnection(address.host, address.port, timeout=timeout)
    return HTTPSConnection(address.host, address.port, timeout=timeout, context=ssl.create_default_context())


def _read(response: HTTPResponse) -> Any:
    content = response.read(LARGEST_ANSWER + 1)
    if len(content) > LARGEST_ANSWER:
        raise AnswerUnusable("the answer is larger than anything that this command asks for")
    if 300 <= response.status < 400:
        raise AnswerUnusable("the server answers with a redirect, which is not followed")
    try:
        document = json.loads(content) if content else None
    except ValueError:
        document = AnswerUnusable
    if response.status >= 400:
        raise refused(response.status, document)
    if document is AnswerUnusable:
        raise AnswerUnusable
    return document
