"""Authlib's server with everything that it has, bound to no web framework."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from authlib.oauth2.rfc6749 import AuthorizationServer, OAuth2Request, ResourceProtector
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge

from tests.e2e.oauth.library import grants
from tests.e2e.oauth.library.kept import CLIENT_ID, Client, Kept, Token

SCOPES = ["read", "write"]


class Asked(OAuth2Request):  # type: ignore[misc]
    """A request, in the library's form; the integration of a web framework would make it."""

    def __init__(self, method: str, uri: str, headers: dict[str, str], form: dict[str, str]) -> None:
        super().__init__(method, uri, headers=headers)
        self._form, self._args = form, dict(parse_qsl(urlsplit(uri).query))
        self.payload = BasicOAuth2Payload(self._args | form)

    @property
    def form(self) -> dict[str, str]:
        return self._form

    @property
    def args(self) -> dict[str, str]:
        return self._args


@dataclass
class Said:
    """An answer; `location` is where the library's extensions look for it."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def location(self) -> str | None:
        return self.headers.get("Location")

    @location.setter
    def location(self, to: str) -> None:
        self.headers["Location"] = to


class Server(AuthorizationServer):  # type: ignore[misc]
    def __init__(self, url: str) -> None:
        super().__init__(scopes_supported=SCOPES)
        self.url, self.kept = url, Kept()
        self.api = ResourceProtector()
        self.api.register_token_validator(grants.Guard(self.kept))
        self.register_token_generator("default", BearerTokenGenerator(_new, _new, self._life))
        self.register_grant(grants.ByCode, [CodeChallenge(required=True)])
        for grant in (grants.ByRefreshToken, ClientCredentialsGrant, grants.ByDevice):
            self.register_grant(grant)
        for endpoint in (grants.Device, grants.Revocation, grants.Introspection):
            self.register_endpoint(endpoint)
        self.register_extension(grants.Issuer(url))

    def query_client(self, client_id: str) -> Client | None:
        return self.kept.client if client_id == CLIENT_ID else None

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        before = request.refresh_token or request.authorization_code
        self.kept.tokens.append(
            Token(
                access=token["access_token"],
                refresh=token.get("refresh_token"),
                scope=token.get("scope", ""),
                ends=time.time() + token["expires_in"],
                family=before.family if before else -1 - len(self.kept.tokens),
            )
        )

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: Any) -> Any:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> Said:
        return Said(status, body, dict(headers))

    def _life(self, client: Client, grant_type: str) -> int:
        return self.kept.life


def _new(**_how: Any) -> str:
    return secrets.token_urlsafe(24)
