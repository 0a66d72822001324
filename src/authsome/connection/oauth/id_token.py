"""What OpenID Connect adds to a code's answer: a statement of who signed in, for whom, and why (Core 1.0).

It is held against what was asked (§3.1.3.7), so that a code which somebody else was given is noticed. Its
signature is not looked at: it comes from the token address itself, by TLS, which item 6 lets stand for it.
Nothing of it is kept.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from authsome.kit.secret import Secret

OPENID = "openid"  # the scope that asks for it
CLOCKS_DIFFER = timedelta(minutes=5)
_LATEST = 253_402_300_799  # seconds; the last that a datetime can hold


@dataclass(frozen=True, slots=True)
class Expected:
    """What was asked. `nonce` is None where none could be sent, as with device codes."""

    issuer: str
    client_id: str
    nonce: str | None


def is_as_expected(id_token: Secret, expected: Expected, *, now: datetime) -> bool:
    """Whether it is from that issuer, for that client, about this very question, and of now."""
    header, claims = _parts(id_token)
    if header.get("alg") in (None, "none"):  # unsigned is for clients that asked for it, which we do not
        return False
    if claims.get("iss") != expected.issuer or not isinstance(claims.get("sub"), str):
        return False
    return (
        _is_for(claims, expected.client_id) and _is_of_now(claims, now) and _is_about(claims, expected.nonce)
    )


def _is_for(claims: Mapping[str, Any], client_id: str) -> bool:
    """Items 3 to 5: for us, and of several for us alone as whoever asked."""
    audience = claims.get("aud")
    listed = [audience] if isinstance(audience, str) else audience
    if not isinstance(listed, list) or client_id not in listed:
        return False
    presenter = claims.get("azp", client_id if len(listed) == 1 else None)
    return bool(presenter == client_id)


def _is_of_now(claims: Mapping[str, Any], now: datetime) -> bool:
    """Items 9 and 10."""
    ends, made = _moment(claims.get("exp")), _moment(claims.get("iat"))
    if ends is None or made is None:
        return False
    return now < ends + CLOCKS_DIFFER and made < now + CLOCKS_DIFFER


def _is_about(claims: Mapping[str, Any], nonce: str | None) -> bool:
    """Item 11."""
    if nonce is None:
        return True
    said = claims.get("nonce")
    # JSON can write half of a surrogate pair, which no encoding takes.
    return isinstance(said, str) and hmac.compare_digest(said.encode(errors="replace"), nonce.encode())


def _moment(given: object) -> datetime | None:
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= _LATEST:
        return None
    return datetime.fromtimestamp(given, UTC)


def _parts(id_token: Secret) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and claims; empty where the text is no signed JWT."""
    pieces = id_token.reveal().split(".")
    if len(pieces) != 3 or not pieces[2]:
        return {}, {}
    return _object(pieces[0]), _object(pieces[1])


def _object(piece: str) -> Mapping[str, Any]:
    try:
        found = json.loads(base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4)))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
