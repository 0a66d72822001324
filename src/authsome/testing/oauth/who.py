"""ID tokens as OpenID Connect Core writes them, signed with a client's secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

LIFE = timedelta(minutes=5)


class Asking(Protocol):
    """The client that is told."""

    client_id: str
    secret: str | None


@dataclass
class Who:
    """`claims` say something else than what is so; None leaves one out. Unless it `speaks`, none comes."""

    issuer: str = ""
    speaks: bool = True
    claims: dict[str, object] = field(default_factory=dict)
    algorithm: str = "HS256"

    def says(self, client: Asking, scope: str, *, nonce: str | None, now: datetime) -> dict[str, object]:
        """What is added to an answer that grants these scopes."""
        if "openid" not in scope.split() or not self.speaks:
            return {}
        claims: dict[str, object] = {
            "iss": self.issuer,
            "sub": "248289761001",
            "aud": client.client_id,
            "exp": int((now + LIFE).timestamp()),
            "iat": int(now.timestamp()),
            "nonce": nonce,
        }
        said = {name: value for name, value in (claims | self.claims).items() if value is not None}
        return {"id_token": sign(said, secret=client.secret or "", algorithm=self.algorithm)}


def sign(claims: Mapping[str, object], *, secret: str, algorithm: str = "HS256") -> str:
    """The claims as a JWT."""
    signed = f"{_piece({'alg': algorithm, 'typ': 'JWT'})}.{_piece(claims)}"
    mac = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_base64url(mac)}"


def _piece(document: Mapping[str, object]) -> str:
    return _base64url(json.dumps(document).encode())


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
