"""What an authorization server says of itself: RFC 8414 §2, RFC 9207, client ID metadata documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authsome.provider.discovery.documents import flag_of, text_of, texts_of
from authsome.provider.discovery.failure import DiscoveryFailure
from authsome.provider.errors import DefinitionInvalid, DiscoveryFailed
from authsome.provider.oauth import read_endpoint

_ENDPOINTS = {
    "authorization_url": "authorization_endpoint",
    "token_url": "token_endpoint",
    "revocation_url": "revocation_endpoint",
    "introspection_url": "introspection_endpoint",
    "client_registration_url": "registration_endpoint",
}
_REQUIRED = ("authorization_url", "token_url")
# How a client may show its secret, the surest first: in the body it is beside its id, which some servers
# demand there even of those who show both in the header.
_METHODS = ("client_secret_post", "client_secret_basic", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """An authorization server. `endpoints` are named as in a definition; all are https, none is checked yet
    for where it leads. `methods` are how it takes a client's secret, the one to choose first;
    `takes_documents` says that a client may be a document, which has no secret.
    """

    issuer: str
    endpoints: Mapping[str, str]
    methods: tuple[str, ...]
    scopes: tuple[str, ...]
    names_itself: bool
    takes_documents: bool


def read_server(document: Mapping[str, Any], *, issuer: str) -> Server:
    """The document about `issuer`. Raises `DiscoveryFailed`, also where it is about another server, or one
    that would let a stolen code be used.
    """
    if text_of(document, "issuer") != issuer:
        raise DiscoveryFailed(DiscoveryFailure.ISSUER_MISMATCH)
    if "S256" not in (texts_of(document, "code_challenge_methods_supported") or ()):
        raise DiscoveryFailed(DiscoveryFailure.PKCE_MISSING)
    _require(document, "response_types_supported", "code")
    _require(document, "grant_types_supported", "authorization_code")
    methods = texts_of(document, "token_endpoint_auth_methods_supported")
    takes_documents = flag_of(document, "client_id_metadata_document_supported")
    return Server(
        issuer=issuer,
        endpoints={name: url for name, key in _ENDPOINTS.items() if (url := _endpoint(document, name, key))},
        methods=_methods(methods),
        scopes=texts_of(document, "scopes_supported") or (),
        names_itself=flag_of(document, "authorization_response_iss_parameter_supported"),
        takes_documents=takes_documents and (methods is None or "none" in methods),
    )


def _endpoint(document: Mapping[str, Any], name: str, key: str) -> str | None:
    if document.get(key) is None and name not in _REQUIRED:
        return None
    url = text_of(document, key)
    try:
        return read_endpoint({key: url}, key)
    except DefinitionInvalid:
        raise DiscoveryFailed(DiscoveryFailure.ENDPOINT_REFUSED, f"{key} is no https address") from None


def _require(document: Mapping[str, Any], key: str, value: str) -> None:
    """Where it lists what it does, this must be in it; what a server leaves out, it has by default."""
    listed = texts_of(document, key)
    if listed is not None and value not in listed:
        raise DiscoveryFailed(DiscoveryFailure.UNSUPPORTED, f"{key} lacks {value}")


def _methods(listed: tuple[str, ...] | None) -> tuple[str, ...]:
    if listed is None:
        return ("client_secret_basic",)
    known = tuple(method for method in _METHODS if method in listed)
    if not known:
        raise DiscoveryFailed(
            DiscoveryFailure.UNSUPPORTED, "it takes no client with a secret, and none without"
        )
    return known
