"""Sign any request, also such as the client would never make."""

from __future__ import annotations

import secrets
import time
from urllib.parse import urlsplit

from authsome.client.keys import Key
from authsome.identity.signature import Message, sign


def signature(key: Key, method: str, url: str, body: bytes = b"") -> dict[str, str]:
    """The headers that sign this request, as it goes over the wire, with `key`."""
    parts = urlsplit(url)
    message = Message(method=method, authority=parts.netloc, path=parts.path, query=parts.query, body=body)
    return sign(message, did=key.did, created=int(time.time()), nonce=secrets.token_urlsafe(24), key=key.sign)
