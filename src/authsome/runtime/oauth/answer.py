"""Read what a token address answered. oauthlib takes it apart; what it let pass is judged here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from authsome.connection.oauth.endpoint import DeviceAnswer, Granted, NotGranted
from authsome.connection.oauth.failure import RefreshFailure
from authsome.connection.oauth.tokens import Tokens, is_usable
from authsome.kit.secret import Secret

LONGEST_LIFE = timedelta(days=3650)
MOST_SCOPES, LONGEST_SCOPE = 200, 200
# RFC 6749 §5.2, and GitHub's own words for the same.
_REFUSED = {"invalid_grant", "bad_refresh_token", "bad_verification_code"}
_DEVICE = {said.value: said for said in DeviceAnswer}
_PASSING = {"temporarily_unavailable", "server_error", "slow_down"}


def read_answer(
    status: int, headers: Mapping[str, str], body: bytes, *, began: datetime
) -> Granted | NotGranted:
    """Tokens, or why there are none. Nothing of the answer's own text goes any further."""
    refusal = read_refusal(status, headers)
    if refusal is not None:
        return refusal
    found = _parse(body)
    if isinstance(found, NotGranted):
        is_client = found.reason is RefreshFailure.MALFORMED and status in (401, 403)
        return NotGranted(RefreshFailure.CLIENT_REFUSED) if is_client else found
    tokens = _tokens(found, began) if status < 300 else None
    if tokens is None:
        return NotGranted(RefreshFailure.MALFORMED)
    id_token = found.get("id_token")
    return Granted(tokens, Secret(str(id_token)) if is_usable(id_token) else None)


def read_refusal(status: int, headers: Mapping[str, str]) -> NotGranted | None:
    """What status and headers alone say of an answer, whichever address gave it."""
    if status == 429:
        return NotGranted(RefreshFailure.OVERLOADED, _retry_after(headers))
    if status >= 500:
        return NotGranted(RefreshFailure.PROVIDER_FAILED, _retry_after(headers))
    if headers.get("content-encoding", "identity") != "identity" or 300 <= status < 400:
        return NotGranted(RefreshFailure.MALFORMED)
    return None


def _parse(body: bytes) -> Mapping[str, Any] | NotGranted:
    from oauthlib.oauth2 import OAuth2Error, WebApplicationClient

    try:
        found = WebApplicationClient("").parse_request_body_response(body.decode("utf-8"))
    except OAuth2Error as error:
        return NotGranted(
            _meaning(error.error),
            is_client_unknown=error.error == "invalid_client",
            said=_DEVICE.get(error.error) if isinstance(error.error, str) else None,
        )
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError, RecursionError):
        return NotGranted(RefreshFailure.MALFORMED)
    return found if isinstance(found, dict) else NotGranted(RefreshFailure.MALFORMED)


def _meaning(error: object) -> RefreshFailure:
    if not isinstance(error, str) or error == "missing_token":
        return RefreshFailure.MALFORMED
    if error in _REFUSED:
        return RefreshFailure.REFUSED
    return RefreshFailure.PROVIDER_FAILED if error in _PASSING else RefreshFailure.CLIENT_REFUSED


def _tokens(found: Mapping[str, Any], began: datetime) -> Tokens | None:
    access, refresh = found.get("access_token"), found.get("refresh_token") or None
    kind = found.get("token_type", "bearer")
    if not is_usable(access) or not isinstance(kind, str) or kind.lower() != "bearer":
        return None
    if refresh is not None and not is_usable(refresh):
        return None
    scopes = _scopes(found.get("scope"))
    life = found.get("expires_in")
    is_life = isinstance(life, int | float) and 0 < life < LONGEST_LIFE.total_seconds()
    return Tokens(
        access=Secret(str(access)),
        refresh=Secret(str(refresh)) if refresh else None,
        expires_at=began + timedelta(seconds=life) if is_life and life is not None else None,
        scopes=tuple(scopes[:MOST_SCOPES]),
    )


def _scopes(given: object) -> list[str]:
    """Some write commas between them where the RFC has spaces."""
    texts = [one for one in given if isinstance(one, str)] if isinstance(given, list) else []
    if len(texts) == 1 and "," in texts[0]:
        texts = texts[0].split(",")
    return [one for one in texts if one and len(one) <= LONGEST_SCOPE and one.isprintable()]


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """Seconds; a date is not read, since its clock is not ours."""
    said = headers.get("retry-after", "")
    return timedelta(seconds=int(said)) if said.isascii() and said.isdigit() and len(said) < 8 else None
