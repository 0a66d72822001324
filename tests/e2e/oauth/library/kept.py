"""What the server has given, and to whom: its registry, in memory."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin

CLIENT_ID, CLIENT_SECRET = "authlib-client", "authlib-secret"


@dataclass
class Client(ClientMixin):  # type: ignore[misc]
    """The gateway, as an admin of the server registered it."""

    redirect_uri: str = ""
    secret: str = CLIENT_SECRET

    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_allowed_scope(self, scope: str | None) -> str:
        return scope or ""

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == self.secret

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return True


@dataclass
class Code(AuthorizationCodeMixin):  # type: ignore[misc]
    """An authorization code. All that comes of one consent has its `family`."""

    redirect_uri: str
    scope: str
    code_challenge: str | None
    code_challenge_method: str | None
    ends: float
    family: int
    is_used: bool = False

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope


@dataclass
class Token(TokenMixin):  # type: ignore[misc]
    """An access token, and the refresh token that was given with it."""

    access: str
    refresh: str | None
    scope: str
    ends: float
    family: int
    is_access_ended: bool = False
    is_taken_back: bool = False
    is_rotated: bool = False  # its refresh token was used

    def check_client(self, client: Client) -> bool:
        return client.get_client_id() == CLIENT_ID

    def get_scope(self) -> str:
        return self.scope

    def is_expired(self) -> bool:
        return time.time() >= self.ends

    def is_revoked(self) -> bool:
        return self.is_taken_back or self.is_access_ended


@dataclass
class Kept:
    """`life` is how long access tokens live from now on, `code_life` codes; both in seconds."""

    client: Client = field(default_factory=Client)
    life: int = 3600
    code_life: float = 60.0
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: list[Token] = field(default_factory=list)
    devices: dict[str, dict[str, Any]] = field(default_factory=dict)  # by device code
    decided: dict[str, bool] = field(default_factory=dict)  # by what the person types
    asked: list[str] = field(default_factory=list)  # what became of each question for a token

    def by_access(self, text: str) -> Token | None:
        return next((one for one in self.tokens if one.access == text), None)

    def by_refresh(self, text: str) -> Token | None:
        return next((one for one in self.tokens if one.refresh is not None and one.refresh == text), None)

    def take_back(self, family: int) -> None:
        """Nothing that came of one consent is good any more."""
        for one in self.tokens:
            one.is_taken_back = one.is_taken_back or one.family == family

    def set(self, name: str, value: Any) -> None:
        """One of the client's things, or of its own."""
        setattr(self.client if hasattr(self.client, name) else self, name, value)
