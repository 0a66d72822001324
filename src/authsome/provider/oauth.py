"""How a provider lets people in by OAuth 2.0: its two addresses, and what is particular about them.

Nothing secret is in here. The client that an admin registered at the provider is a row of the registry.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from authsome.provider.errors import DefinitionInvalid
from authsome.provider.fields import check_keys, read_day, read_flag, read_text, read_url
from authsome.provider.host import HostPattern, read_host_pattern

MOST_SCOPES, MOST_PARAMETERS = 50, 10
_REQUIRED = ("token_url",)
_OPTIONAL = (
    "authorization_url",
    "device_authorization_url",
    "client_credentials",
    "revocation_url",
    "introspection_url",
    "client_registration_url",
    "resource",
    "scopes",
    "issuer",
    "issuer_in_answer",
    "client_authentication",
    "authorization_parameters",
    "refresh_tokens_rotate",
    "registration_url",
    "documentation_url",
    "checked_on",
)
_WHERE = "oauth."
_SCOPE = re.compile(r"[!#-\[\]-~]{1,200}")  # RFC 6749 §3.3
_PARAMETER = re.compile(r"[a-z_]{1,40}")
# What makes the request ours. A definition that could set them could send the code somewhere else.
_OURS = set(
    "client_id client_secret code code_challenge code_challenge_method nonce redirect_uri request request_uri"
    " resource response_mode response_type scope state".split()
)


class ClientOrigin(StrEnum):
    """How this installation came to its client at a provider. Closed, so that it can be counted."""

    GIVEN = "given"  # an admin registered it by hand
    REGISTERED = "registered"  # the provider gave it when this installation asked (RFC 7591)
    DOCUMENT = "document"  # its id is the address of a document that this installation serves


class ClientAuthentication(StrEnum):
    """How a client shows its secret at the token address (RFC 6749 §2.3.1)."""

    BASIC = "basic"  # in the Authorization header, which every server must take
    BODY = "body"  # beside the other parameters, for those that take nothing else


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth:
    """A provider's authorization server: at least one of a page to send people to, an address for devices
    (RFC 8628), and tokens for the client alone (`client_credentials`, RFC 6749 §4.4).

    `issuer_in_answer` says that it names itself in each answer (RFC 9207), so that one that does not is not
    its. `refresh_tokens_rotate` says that a refresh token works once; it is assumed unless the documentation
    says otherwise. `revocation_url` takes tokens back (RFC 7009), `introspection_url` says whether one is
    good (RFC 7662); both are for servers that do it as those two say. At `client_registration_url` this
    installation gets a client of its own by asking (RFC 7591); `resource` is what the tokens are to be good
    for, and for nothing else (RFC 8707).
    """

    token_url: str
    authorization_url: str | None = None
    device_authorization_url: str | None = None
    client_credentials: bool = False
    revocation_url: str | None = None
    introspection_url: str | None = None
    client_registration_url: str | None = None
    resource: str | None = None
    scopes: tuple[str, ...] = ()
    issuer: str | None = None
    issuer_in_answer: bool = False
    client_authentication: ClientAuthentication = ClientAuthentication.BASIC
    authorization_parameters: tuple[tuple[str, str], ...] = ()
    refresh_tokens_rotate: bool = True
    registration_url: str | None = None
    documentation_url: str | None = None
    checked_on: str | None = None

    @property
    def token_place(self) -> HostPattern:
        """Host and port that refresh tokens and the client's secret are sent to."""
        return place_of(self.token_url)

    @property
    def secret_places(self) -> tuple[HostPattern, ...]:
        """Host and port of every address that tokens and the client's secret are sent to or come from."""
        urls = (
            self.token_url,
            self.device_authorization_url,
            self.revocation_url,
            self.introspection_url,
            self.client_registration_url,
        )
        return tuple(dict.fromkeys(place_of(url) for url in urls if url is not None))

    @property
    def fingerprint(self) -> str:
        """The same for as long as a code would go back to the server that gave it (RFC 9700 §4.4)."""
        said = "\n".join((self.issuer or "", self.authorization_url or "", self.token_url))
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def asks_at(self) -> str:
        """The host at which the person decides, for them to recognise; else the one that decides alone."""
        return urlsplit(self.authorization_url or self.device_authorization_url or self.token_url).netloc

    def definition(self) -> dict[str, Any]:
        """The section in the form of a file, which reads back as the same."""
        raw = {
            "authorization_url": self.authorization_url,
            "token_url": self.token_url,
            "device_authorization_url": self.device_authorization_url,
            "client_credentials": self.client_credentials or None,
            "revocation_url": self.revocation_url,
            "introspection_url": self.introspection_url,
            "client_registration_url": self.client_registration_url,
            "resource": self.resource,
            "scopes": list(self.scopes) or None,
            "issuer": self.issuer,
            "issuer_in_answer": self.issuer_in_answer or None,
            "client_authentication": self.client_authentication.value,
            "authorization_parameters": dict(self.authorization_parameters) or None,
            "refresh_tokens_rotate": self.refresh_tokens_rotate,
            "registration_url": self.registration_url,
            "documentation_url": self.documentation_url,
            "checked_on": self.checked_on,
        }
        return {key: value for key, value in raw.items() if value is not None}


def read_oauth(given: Any) -> OAuth:
    """The section `oauth` of a definition. Raises `DefinitionInvalid`, naming the key that is wrong."""
    if not isinstance(given, dict):
        raise DefinitionInvalid("oauth must be an object with token_url and authorization_url")
    check_keys(given, allowed=(*_REQUIRED, *_OPTIONAL), required=_REQUIRED, where="oauth")
    issuer = read_url(given, "issuer", within=_WHERE)
    in_answer = read_flag(given, "issuer_in_answer", default=False, within=_WHERE)
    if in_answer and issuer is None:
        raise DefinitionInvalid("oauth.issuer_in_answer needs oauth.issuer to compare with")
    page = _find_endpoint(given, "authorization_url")
    device = _find_endpoint(given, "device_authorization_url")
    alone = read_flag(given, "client_credentials", default=False, within=_WHERE)
    if not (page or device or alone):
        raise DefinitionInvalid(
            "oauth needs authorization_url, device_authorization_url, or client_credentials set to true"
        )
    return OAuth(
        token_url=read_endpoint(given, "token_url"),
        authorization_url=page,
        device_authorization_url=device,
        client_credentials=alone,
        revocation_url=_find_endpoint(given, "revocation_url"),
        introspection_url=_find_endpoint(given, "introspection_url"),
        client_registration_url=_find_endpoint(given, "client_registration_url"),
        resource=_find_endpoint(given, "resource"),
        scopes=_scopes(given.get("scopes", [])),
        issuer=issuer,
        issuer_in_answer=in_answer,
        client_authentication=_authentication(given.get("client_authentication", "basic")),
        authorization_parameters=_parameters(given.get("authorization_parameters", {})),
        refresh_tokens_rotate=read_flag(given, "refresh_tokens_rotate", default=True, within=_WHERE),
        registration_url=read_url(given, "registration_url", within=_WHERE),
        documentation_url=read_url(given, "documentation_url", within=_WHERE),
        checked_on=read_day(given, "checked_on", within=_WHERE),
    )


def read_endpoint(given: Mapping[str, Any], key: str) -> str:
    """An address that this installation or a person's browser is sent to. Raises `DefinitionInvalid`."""
    url = read_url(given, key, within=_WHERE)
    if url is None or "#" in url:
        raise DefinitionInvalid(f"{_WHERE}{key} must be an https:// address without a fragment")
    place_of(url)
    return url


def _find_endpoint(given: Mapping[str, Any], key: str) -> str | None:
    return read_endpoint(given, key) if key in given else None


def place_of(url: str) -> HostPattern:
    """Its host and port, read as a definition's hosts are: no spelling hides what it reaches."""
    pattern = read_host_pattern(urlsplit(url).netloc)
    if pattern.is_wildcard:
        raise DefinitionInvalid("an address of oauth names one host")
    return pattern


def _authentication(given: Any) -> ClientAuthentication:
    try:
        return ClientAuthentication(given)
    except ValueError:
        raise DefinitionInvalid("oauth.client_authentication must be basic or body") from None


def is_scope(text: str) -> bool:
    """Whether a text is one scope as RFC 6749 §3.3 writes them."""
    return _SCOPE.fullmatch(text) is not None


def _scopes(given: Any) -> tuple[str, ...]:
    well_formed = isinstance(given, list) and len(given) <= MOST_SCOPES
    if not well_formed or not all(isinstance(one, str) and _SCOPE.fullmatch(one) for one in given):
        raise DefinitionInvalid(f"oauth.scopes must be a list of up to {MOST_SCOPES} scopes without spaces")
    return tuple(given)


def _parameters(given: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(given, dict) or len(given) > MOST_PARAMETERS:
        raise DefinitionInvalid(f"oauth.authorization_parameters must be up to {MOST_PARAMETERS} texts")
    for name in given:
        if not isinstance(name, str) or not _PARAMETER.fullmatch(name) or name in _OURS:
            raise DefinitionInvalid(f"oauth.authorization_parameters may not have {str(name)[:40]!a}")
        read_text(given, name, longest=100, within="oauth.authorization_parameters.")
    return tuple(sorted(given.items()))
