"""How those who ask prove who they are, to `requests`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import requests

from authsome.client.keys import Key, new_key
from tests.support.signed import signature

Auth = Callable[[requests.PreparedRequest], requests.PreparedRequest]


@dataclass(frozen=True)
class Signed:
    """Signs what `requests` is about to send, byte for byte."""

    key: Key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        assert isinstance(body, str | bytes)
        body = body.encode() if isinstance(body, str) else body
        request.headers.update(signature(self.key, str(request.method), str(request.url), body))
        return request


@dataclass(frozen=True)
class Bearer:
    """Sends a token."""

    token: str

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class Stranger:
    """Signs each request with another key, which nobody has registered."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return Signed(new_key())(request)
