"""The MCP SDK's own server with its OAuth routes, in a process of its own, over TLS; run by `test_mcp.py`.

What it registers and grants lies in a file, so that it knows its clients after a restart, as a real one does.
The person's consent is taken for granted: the page of consent is the one thing that the SDK leaves out.
"""

from __future__ import annotations

import json
import secrets
import sys
import time
from pathlib import Path
from typing import Any

import uvicorn
from mcp.server.auth.provider import (
    AccessToken,
    AuthorizationCode,
    AuthorizationParams,
    OAuthAuthorizationServerProvider,
    RefreshToken,
    construct_redirect_uri,
)
from mcp.server.auth.settings import AuthSettings, ClientRegistrationOptions
from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.auth import OAuthClientInformationFull, OAuthToken
from pydantic import AnyHttpUrl

LIFE = 3600


class Kept(OAuthAuthorizationServerProvider[AuthorizationCode, RefreshToken, AccessToken]):
    """Satisfies the SDK's provider. Tokens are bound to what they were asked for (RFC 8707)."""

    def __init__(self, file: Path, issuer: str) -> None:
        self._file, self._issuer = file, issuer
        self.held: dict[str, dict[str, Any]] = {"clients": {}, "codes": {}, "access": {}, "refresh": {}}
        if file.exists():
            self.held = json.loads(file.read_text())

    async def get_client(self, client_id: str) -> OAuthClientInformationFull | None:
        found = self.held["clients"].get(client_id)
        return OAuthClientInformationFull.model_validate(found) if found else None

    async def register_client(self, client_info: OAuthClientInformationFull) -> None:
        self._keep("clients", client_info.client_id, client_info)

    async def authorize(self, client: OAuthClientInformationFull, params: AuthorizationParams) -> str:
        code = AuthorizationCode(
            code=secrets.token_urlsafe(24),
            scopes=params.scopes or [],
            expires_at=time.time() + 60,
            client_id=client.client_id,
            code_challenge=params.code_challenge,
            redirect_uri=params.redirect_uri,
            redirect_uri_provided_explicitly=params.redirect_uri_provided_explicitly,
            resource=params.resource,
        )
        self._keep("codes", code.code, code)
        return construct_redirect_uri(
            str(params.redirect_uri), code=code.code, state=params.state, iss=self._issuer
        )

    async def load_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: str
    ) -> AuthorizationCode | None:
        found = self.held["codes"].get(authorization_code)
        return AuthorizationCode.model_validate(found) if found else None

    async def exchange_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: AuthorizationCode
    ) -> OAuthToken:
        del self.held["codes"][authorization_code.code]
        return self._grant(client.client_id, authorization_code.scopes, authorization_code.resource)

    async def load_refresh_token(
        self, client: OAuthClientInformationFull, refresh_token: str
    ) -> RefreshToken | None:
        found = self.held["refresh"].get(refresh_token)
        return RefreshToken.model_validate(found) if found else None

    async def exchange_refresh_token(
        self, client: OAuthClientInformationFull, refresh_token: RefreshToken, scopes: list[str]
    ) -> OAuthToken:
        del self.held["refresh"][refresh_token.token]
        return self._grant(client.client_id, scopes, refresh_token.resource)

    async def load_access_token(self, token: str) -> AccessToken | None:
        found = self.held["access"].get(token)
        return AccessToken.model_validate(found) if found else None

    async def revoke_token(self, token: AccessToken | RefreshToken) -> None:
        self.held["access"].pop(token.token, None)
        self.held["refresh"].pop(token.token, None)

    def _grant(self, client_id: str, scopes: list[str], resource: str | None) -> OAuthToken:
        about = {"client_id": client_id, "scopes": scopes, "resource": resource}
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        ends = int(time.time()) + LIFE
        self._keep("access", access, AccessToken(token=access, expires_at=ends, **about))
        self._keep("refresh", refresh, RefreshToken(token=refresh, **about))
        return OAuthToken(access_token=access, expires_in=LIFE, refresh_token=refresh, scope=" ".join(scopes))

    def _keep(self, kind: str, key: str, item: Any) -> None:
        self.held[kind][key] = item.model_dump(mode="json")
        self._file.write_text(json.dumps(self.held))


def main(port: str, chain: str, file: str, registers: str) -> None:
    issuer = f"https://localhost:{port}"
    resource = AnyHttpUrl(f"{issuer}/mcp")
    registration = ClientRegistrationOptions(
        enabled=registers == "registers", valid_scopes=["notes"], default_scopes=["notes"]
    )
    auth = AuthSettings.model_validate(
        {
            "issuer_url": issuer,
            "resource_server_url": resource,
            "client_registration_options": registration,
            "required_scopes": ["notes"],
            "validate_token_resource": True,
        }
    )
    server = MCPServer("notes", auth_server_provider=Kept(Path(file), issuer), auth=auth)

    @server.tool()
    def add(a: int, b: int) -> int:
        """Add two numbers."""
        return a + b

    app = server.streamable_http_app(
        json_response=True,
        stateless_http=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    uvicorn.run(
        app, host="127.0.0.1", port=int(port), ssl_certfile=chain, ssl_keyfile=chain, log_level="warning"
    )


if __name__ == "__main__":
    main(*sys.argv[1:5])
