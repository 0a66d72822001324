"""Authlib's authorization server behind HTTPS, as a process of its own: device codes and the client alone.

Run as `python -m tests.e2e.oauth.authlib_server FOLDER`; it prints its port. `/decide?user_code=…&allow=1` is
the person at the device page.
"""

from __future__ import annotations

import json
import secrets
import ssl
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc8628 import DeviceAuthorizationEndpoint, DeviceCodeGrant, DeviceCredentialDict

from authsome.testing.https_api import make_certificates

CLIENT_ID, CLIENT_SECRET = "authlib-client", "authlib-secret"
DEVICES: dict[str, dict[str, Any]] = {}
DECIDED: dict[str, bool] = {}


class Client(ClientMixin):  # type: ignore[misc]
    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_allowed_scope(self, scope: str | None) -> str:
        return scope or ""

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_grant_type(self, grant_type: str) -> bool:
        return True


class Server(AuthorizationServer):  # type: ignore[misc]
    def query_client(self, client_id: str) -> Client | None:
        return Client() if client_id == CLIENT_ID else None

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        """Nobody asks for them: there is no API here."""

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: Any) -> OAuth2Request:
        path, headers, form = request
        made = OAuth2Request("POST", path, headers=headers)
        made.payload = BasicOAuth2Payload(form)
        return made

    def handle_response(self, status: int, body: Any, headers: Any) -> tuple[int, Any]:
        return status, body


class Device(DeviceAuthorizationEndpoint):  # type: ignore[misc]
    INTERVAL = 1

    def get_verification_uri(self) -> str:
        return f"{self.server.url}/activate"

    def save_device_credential(self, client_id: str, scope: str, data: dict[str, Any]) -> None:
        DEVICES[data["device_code"]] = {"client_id": client_id, "scope": scope, "asked": 0.0, **data}


class ByDevice(DeviceCodeGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

    def query_device_credential(self, device_code: str) -> Any:
        held = DEVICES.get(device_code)
        return DeviceCredentialDict(held) if held else None

    def query_user_grant(self, user_code: str) -> tuple[Any, bool] | None:
        return ("ada", DECIDED[user_code]) if user_code in DECIDED else None

    def should_slow_down(self, credential: Any) -> bool:
        held = DEVICES[credential["device_code"]]
        before, held["asked"] = held["asked"], time.monotonic()
        return bool(held["asked"] - before < 0.9)


class Handler(BaseHTTPRequestHandler):
    server_of: Server

    def do_GET(self) -> None:
        asked = dict(parse_qsl(urlsplit(self.path).query))
        DECIDED[asked["user_code"]] = asked["allow"] == "1"
        self._say(200, {})

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        request = (f"{self.server_of.url}{self.path}", dict(self.headers), form)
        if self.path == "/device":
            answer = self.server_of.create_endpoint_response("device_authorization", request)
        else:
            answer = self.server_of.create_token_response(request)
        self._say(*answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: request lines hold codes."""

    def _say(self, status: int, document: Any) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main(folder: Path) -> None:
    _, chain = make_certificates(folder, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.socket = context.wrap_socket(http.socket, server_side=True)
    server = Server()
    server.url = f"https://localhost:{http.server_address[1]}"

    def new(**_how: Any) -> str:
        return secrets.token_urlsafe(24)

    server.register_token_generator("default", BearerTokenGenerator(new, new))
    for grant in (ClientCredentialsGrant, ByDevice):
        server.register_grant(grant)
    server.register_endpoint(Device)
    Handler.server_of = server
    print(http.server_address[1], flush=True)
    http.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
