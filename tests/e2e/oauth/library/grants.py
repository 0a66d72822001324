"""Authlib's grants and endpoints, with the answers that its documentation asks a developer for.

What they check is Authlib's. Its hooks leave to the developer that a code or a refresh token which comes a
second time ends the whole family (RFC 6749 §4.1.2, RFC 9700 §4.14.2).
"""

from __future__ import annotations

import time
from typing import Any

from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from authlib.oauth2.rfc8628 import DeviceAuthorizationEndpoint, DeviceCodeGrant, DeviceCredentialDict
from authlib.oauth2.rfc9207 import IssuerParameter

from tests.e2e.oauth.library.kept import Client, Code, Kept, Token


class ByCode(grants.AuthorizationCodeGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

    def save_authorization_code(self, code: str, request: Any) -> None:
        kept: Kept = self.server.kept
        kept.codes[code] = Code(
            redirect_uri=request.payload.redirect_uri,
            scope=request.scope,
            code_challenge=request.payload.data.get("code_challenge"),
            code_challenge_method=request.payload.data.get("code_challenge_method"),
            ends=time.time() + kept.code_life,
            family=len(kept.codes),
        )

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        kept: Kept = self.server.kept
        found = kept.codes.get(code)
        if found is not None and found.is_used:
            kept.take_back(found.family)
            return None
        return found if found is not None and time.time() < found.ends else None

    def delete_authorization_code(self, authorization_code: Code) -> None:
        authorization_code.is_used = True

    def authenticate_user(self, authorization_code: Code) -> str:
        return "ada"


class ByRefreshToken(grants.RefreshTokenGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Token | None:
        kept: Kept = self.server.kept
        found = kept.by_refresh(refresh_token)
        if found is not None and found.is_rotated:
            kept.take_back(found.family)
        return None if found is None or found.is_taken_back else found

    def authenticate_user(self, refresh_token: Token) -> str:
        return "ada"

    def revoke_old_credential(self, refresh_token: Token) -> None:
        refresh_token.is_rotated = True


class Device(DeviceAuthorizationEndpoint):  # type: ignore[misc]
    INTERVAL = 1

    def get_verification_uri(self) -> str:
        return f"{self.server.url}/activate"

    def save_device_credential(self, client_id: str, scope: str, data: dict[str, Any]) -> None:
        devices = self.server.kept.devices
        devices[data["device_code"]] = {"client_id": client_id, "scope": scope, "asked": 0.0, **data}


class ByDevice(DeviceCodeGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

    def query_device_credential(self, device_code: str) -> Any:
        held = self.server.kept.devices.get(device_code)
        return DeviceCredentialDict(held) if held else None

    def query_user_grant(self, user_code: str) -> tuple[Any, bool] | None:
        decided: dict[str, bool] = self.server.kept.decided
        return ("ada", decided[user_code]) if user_code in decided else None

    def should_slow_down(self, credential: Any) -> bool:
        held = self.server.kept.devices[credential["device_code"]]
        before, held["asked"] = held["asked"], time.monotonic()
        return bool(held["asked"] - before < 0.9)


class Revocation(RevocationEndpoint):  # type: ignore[misc]
    def query_token(self, token_string: str, token_type_hint: str | None) -> Token | None:
        kept: Kept = self.server.kept
        by = kept.by_refresh if token_type_hint == "refresh_token" else kept.by_access
        return by(token_string)

    def revoke_token(self, token: Token, request: Any) -> None:
        if request.form.get("token_type_hint") == "refresh_token":
            self.server.kept.take_back(token.family)
        token.is_access_ended = True


class Introspection(IntrospectionEndpoint):  # type: ignore[misc]
    def query_token(self, token_string: str, token_type_hint: str | None) -> Token | None:
        found: Token | None = self.server.kept.by_access(token_string)
        return found

    def check_permission(self, token: Token, client: Client, request: Any) -> bool:
        return token.check_client(client)

    def introspect_token(self, token: Token) -> dict[str, Any]:
        return {"active": True, "scope": token.scope, "username": "ada"}


class Guard(BearerTokenValidator):  # type: ignore[misc]
    """Of the API beside it."""

    def __init__(self, kept: Kept) -> None:
        super().__init__(realm="lib")
        self._kept = kept

    def authenticate_token(self, token_string: str) -> Token | None:
        return self._kept.by_access(token_string)


class Issuer(IssuerParameter):  # type: ignore[misc]
    def __init__(self, url: str) -> None:
        self._url = url

    def get_issuer(self) -> str:
        return self._url
