"""Read what a device authorization address answered (RFC 8628 §3.2): a person will be sent there by it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from authsome.connection.oauth.device import DeviceCode, Unsafe
from authsome.connection.oauth.endpoint import NotGranted
from authsome.connection.oauth.failure import RefreshFailure
from authsome.connection.oauth.tokens import is_usable
from authsome.kit.secret import Secret
from authsome.provider.errors import DefinitionInvalid
from authsome.provider.host import read_host_pattern
from authsome.runtime.oauth.answer import read_refusal

USUAL_INTERVAL, LONGEST_INTERVAL = 5, 600  # seconds; §3.2 has the first where nothing is said
LONGEST_LIFE = timedelta(days=1)
_USER_CODE = re.compile(r"[!-~]([ -~]{0,62}[!-~])?")
_URI = re.compile(r"https://[!-~]{1,2000}")


def read_device_answer(
    status: int, headers: Mapping[str, str], body: bytes
) -> DeviceCode | NotGranted | Unsafe:
    """The codes, or why there are none. Nothing of the answer's own text goes any further."""
    refusal = read_refusal(status, headers)
    if refusal is not None:
        return refusal
    found = _parse(body)
    if status >= 300 or "error" in found:
        is_client = found.get("error") is not None or status in (401, 403)
        return NotGranted(RefreshFailure.CLIENT_REFUSED if is_client else RefreshFailure.MALFORMED)
    return _code(found) or NotGranted(RefreshFailure.MALFORMED)


def _parse(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _code(found: Mapping[str, Any]) -> DeviceCode | Unsafe | None:
    code, user_code = found.get("device_code"), found.get("user_code")
    # Google and others from before the RFC say `url`.
    page = found.get("verification_uri", found.get("verification_url"))
    complete = found.get("verification_uri_complete")
    life = _seconds(found.get("expires_in"), most=LONGEST_LIFE.total_seconds())
    interval = _seconds(found.get("interval", USUAL_INTERVAL), most=LONGEST_INTERVAL)
    if not is_usable(code) or not isinstance(user_code, str) or not _USER_CODE.fullmatch(user_code):
        return None
    if not isinstance(page, str) or life is None or interval is None:
        return None
    if not _is_safe(page) or (complete is not None and not _is_same_page(page, complete)):
        return Unsafe()
    return DeviceCode(
        code=Secret(str(code)),
        user_code=user_code,
        verification_uri=page,
        verification_uri_complete=complete,
        expires_in=timedelta(seconds=life),
        interval_seconds=max(1, math.ceil(interval)),
    )


def _seconds(given: object, *, most: float) -> float | None:
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given < math.inf:
        return None
    return min(float(given), most)


def _is_safe(url: str) -> bool:
    """By https, to a host that is written as one, so that what is shown is where the person goes."""
    if not _URI.fullmatch(url) or "\\" in url:
        return False
    try:
        return not read_host_pattern(urlsplit(url).netloc).is_wildcard
    except (DefinitionInvalid, ValueError):
        return False


def _is_same_page(page: str, complete: object) -> bool:
    """The short way must not lead to another host than the one that is shown."""
    return (
        isinstance(complete, str)
        and _is_safe(complete)
        and urlsplit(complete).netloc == urlsplit(page).netloc
    )
