"""Which headers a definition may name."""

from __future__ import annotations

import re
from typing import Any

from authsome.provider.errors import DefinitionInvalid

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}")  # RFC 9110 §5.6.2
# They frame the message or belong to one hop; set by a definition they would smuggle or misroute requests.
_FORBIDDEN = set(
    "connection content-encoding content-length content-type cookie expect forwarded host http2-settings"
    " keep-alive origin te trailer transfer-encoding upgrade via".split()
)
_FORBIDDEN_STARTS = ("proxy-", "sec-", "x-authsome-", "x-forwarded-", ":")


def read_header_name(given: Any, where: str) -> str:
    """The name of a header that is only the service's. Raises `DefinitionInvalid`."""
    if not isinstance(given, str) or not _TOKEN.fullmatch(given):
        raise DefinitionInvalid(f"{where} must be a header name of 1 to 64 characters (RFC 9110)")
    lowered = given.lower()
    if lowered in _FORBIDDEN or lowered.startswith(_FORBIDDEN_STARTS):
        raise DefinitionInvalid(f"{where} may not be {given}: that header frames or routes the request")
    return given
