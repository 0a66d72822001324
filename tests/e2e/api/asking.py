"""Requests to a real server, exactly as they are given: signed by a key, or however else."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any

from authsome.client.keys import Key, new_key
from authsome.identity.signature import Message, sign
from tests.support.server import RealServer

JSON = {"content-type": "application/json"}
BODY = b'{"label": "mine"}'


@dataclass(frozen=True)
class Answer:
    """A status, the problem's code, and what it says."""

    status: int
    code: str
    document: Any


def now() -> int:
    return int(datetime.now(UTC).timestamp())


def message(
    server: RealServer, method: str = "POST", path: str = "/identities", body: bytes = BODY
) -> Message:
    authority = server.base_url.removeprefix("http://")
    return Message(method=method, authority=authority, path=f"/api{path}", body=body)


def signed(message: Message, by: Key | None = None, **changed: Any) -> dict[str, str]:
    key = by or new_key()
    how: dict[str, Any] = {"did": key.did, "created": now(), "nonce": os.urandom(16).hex(), "key": key.sign}
    return sign(message, **(how | changed))


def ask(
    server: RealServer,
    method: str,
    path: str,
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
) -> Answer:
    """One request, exactly as it is given."""
    connection = HTTPConnection("127.0.0.1", server.file.port, timeout=30)
    authority = server.base_url.removeprefix("http://")
    try:
        connection.request(method, f"/api{path}", body, {**JSON, "Host": authority, **(headers or {})})
        response = connection.getresponse()
        content = response.read()
    finally:
        connection.close()
    try:
        document = json.loads(content)
    except ValueError:
        document = None
    return Answer(response.status, response.headers.get("x-authsome-error", ""), document)


def register(server: RealServer, headers: dict[str, str], body: bytes = BODY) -> Answer:
    return ask(server, "POST", "/identities", headers, body)
