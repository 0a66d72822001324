"""Ask an authorization server for a client: what is sent, and what may come back (RFC 7591 §2 and §3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from authsome.connection.by_address.document import GRANTS, NAME
from authsome.connection.errors import OAuthClientInvalid
from authsome.connection.oauth.client import CALLBACK
from authsome.connection.oauth.configure_client import checked_client
from authsome.kit.secret import Secret
from authsome.provider.discovery.documents import is_json, read_document, text_of, texts_of
from authsome.provider.discovery.failure import DiscoveryFailure
from authsome.provider.discovery.web import Heard
from authsome.provider.errors import DiscoveryFailed

SECRETLESS = "none"
_METHODS = ("client_secret_post", "client_secret_basic", SECRETLESS)
_LAST = 253_402_300_799  # the end of the year 9999, beyond which there are no dates


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A client that was given. `secret` is SECRET, and good until `expires_at`."""

    client_id: str
    secret: Secret | None
    method: str
    expires_at: datetime | None = None


def registration_request(base_url: str, *, method: str, scopes: tuple[str, ...]) -> dict[str, Any]:
    """What this installation says of itself. A server of the OpenID kind takes a plain callback address from
    a `native` client alone.
    """
    asked: dict[str, Any] = {
        "client_name": NAME,
        "redirect_uris": [base_url + CALLBACK],
        "grant_types": list(GRANTS),
        "response_types": ["code"],
        "token_endpoint_auth_method": method,
        "application_type": "web" if base_url.startswith("https:") else "native",
    }
    return asked | ({"scope": " ".join(scopes)} if scopes else {})


def read_registration(heard: Heard, *, base_url: str, method: str) -> Registered:
    """What was given. Raises `DiscoveryFailed`, also for a client that would not work as it is."""
    if heard.status >= 500 or heard.status == 429:
        raise DiscoveryFailed(DiscoveryFailure.SERVER_FAILED)
    if 300 <= heard.status < 400:
        raise DiscoveryFailed(DiscoveryFailure.REDIRECTED)
    if heard.status >= 400:
        raise DiscoveryFailed(DiscoveryFailure.REGISTRATION_REFUSED, _error(heard))
    document = read_document(heard)
    _check_uses(document, base_url)
    given = document.get("token_endpoint_auth_method") or method
    if given not in _METHODS:
        raise DiscoveryFailed(DiscoveryFailure.UNSUPPORTED, "it gave a client of another kind")
    secret = Secret(text_of(document, "client_secret")) if given != SECRETLESS else None
    try:
        client_id, secret = checked_client(text_of(document, "client_id"), secret)
    except OAuthClientInvalid:
        raise DiscoveryFailed(DiscoveryFailure.MALFORMED, "the client that it gave is none") from None
    return Registered(
        client_id=client_id, secret=secret, method=given, expires_at=_expiry(document) if secret else None
    )


def _check_uses(document: Mapping[str, Any], base_url: str) -> None:
    """A server may change what it was asked for (RFC 7591 §3.2.1); not everything can be done with that."""
    uris = texts_of(document, "redirect_uris")
    grants = texts_of(document, "grant_types")
    if uris is not None and base_url + CALLBACK not in uris:
        raise DiscoveryFailed(DiscoveryFailure.UNSUPPORTED, "it gave a client with another callback address")
    if grants is not None and "authorization_code" not in grants:
        raise DiscoveryFailed(DiscoveryFailure.UNSUPPORTED, "it gave a client that may not ask for codes")


def _expiry(document: Mapping[str, Any]) -> datetime | None:
    """0 means never."""
    said = document.get("client_secret_expires_at") or 0
    if isinstance(said, bool) or not isinstance(said, int) or not 0 <= said <= _LAST:
        raise DiscoveryFailed(DiscoveryFailure.MALFORMED, "client_secret_expires_at is no date")
    return datetime.fromtimestamp(said, UTC) if said else None


# RFC 7591 §3.2.2. Nothing else of the answer's own text goes any further.
_ERRORS = {
    "invalid_redirect_uri": "it does not take the callback address",
    "invalid_client_metadata": "it does not take what was asked for",
    "invalid_software_statement": "it wants a software statement",
    "unapproved_software_statement": "it wants a software statement",
    "invalid_token": "it wants a token for that",
}


def _error(heard: Heard) -> str:
    if not is_json(heard):
        return ""
    try:
        error = read_document(heard).get("error")
    except DiscoveryFailed:
        return ""
    return _ERRORS.get(error, "") if isinstance(error, str) else ""
