"""A strict provider that says what it is, by documents that a test may change."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from authsome.testing.oauth.serve import OAuthProvider, Says

RESOURCE = "/.well-known/oauth-protected-resource"
SERVER = "/.well-known/oauth-authorization-server"
OPENID = "/.well-known/openid-configuration"


@dataclass
class Described:
    """An MCP server at `path`, guarded by the authorization server of the same host."""

    provider: OAuthProvider
    path: str = "/mcp"
    resource: dict[str, Any] = field(init=False)
    server: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        url = self.provider.url
        self.resource = {
            "resource": self.address,
            "authorization_servers": [url],
            "scopes_supported": ["mcp:read"],
            "bearer_methods_supported": ["header"],
        }
        self.server = {
            "issuer": url,
            "authorization_endpoint": f"{url}/authorize",
            "token_endpoint": f"{url}/token",
            "registration_endpoint": f"{url}/register",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }
        self.provider.server.api_resource = self.address
        self.publish()

    @property
    def address(self) -> str:
        return f"{self.provider.url}{self.path}"

    def publish(self) -> None:
        """Say from now on what the two documents say."""
        self.provider.pages[f"{RESOURCE}{self.path}"] = Says(json.dumps(self.resource).encode())
        self.provider.pages[SERVER] = Says(json.dumps(self.server).encode())

    def change(self, **server: Any) -> None:
        """Change the authorization server's document; None takes a key out."""
        self.server.update(server)
        self.server = {key: value for key, value in self.server.items() if value is not None}
        self.publish()

    def withdraw(self, *paths: str) -> None:
        """No document lies there any more."""
        for path in paths:
            del self.provider.pages[path]
