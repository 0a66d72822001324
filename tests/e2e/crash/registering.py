"""Agents that register over HTTP with a server that may die under their hands."""

from __future__ import annotations

import http.client
import json
import os
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from authsome.identity.did import encode
from authsome.identity.signature import Message, sign
from authsome.kit.clock import SystemClock


def try_to_register(port: int, authority: str) -> dict[str, Any] | None:
    """Register a new key; what its holder is told, or None when no answer came."""
    key = Ed25519PrivateKey.generate()
    body = b"{}"
    headers = sign(
        Message(method="POST", authority=authority, path="/api/identities", body=body),
        did=encode(key.public_key().public_bytes_raw()),
        created=int(SystemClock().now().timestamp()),
        nonce=os.urandom(16).hex(),
        key=key.sign,
    )
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(
            "POST",
            "/api/identities",
            body,
            {**headers, "Host": authority, "Content-Type": "application/json"},
        )
        answer = connection.getresponse()
        told = answer.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    assert answer.status == 201, answer.status
    registered: dict[str, Any] = json.loads(told)
    return registered
