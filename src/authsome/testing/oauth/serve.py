"""The strict provider behind HTTPS: its page of consent, its token address, and an API beside them."""

from __future__ import annotations

import json
import ssl
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from authsome.testing.https_api import make_certificates
from authsome.testing.oauth.clients import Client, Unredirectable
from authsome.testing.oauth.rules import AuthorizationServer
from authsome.testing.oauth.who import Who

CLIENT_ID, CLIENT_SECRET = "authsome-test", "client-secret-5f2c:%&+ü".encode().hex()


@dataclass
class Says:
    """What is answered at a path, after so many seconds."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    after: float = 0.0


class OAuthProvider:
    """Running. `server` holds the rules; the rest says how it misbehaves.

    `consents` is what the person decides; `answers_after` delays the token address, `fails_with` has it
    answer with a status and no document, `says` has it answer with these bytes. `rejects` are paths of the
    API that answer 401 to everybody. `pages` are documents by their paths, `fetched` what was asked for by
    GET; `challenge` is what a 401 says of how to be let in. `device_fails_with` is what the device address
    says instead.
    """

    def __init__(self, folder: Path, *, redirect_uri: str, host: str = "localhost") -> None:
        self.ca_file, chain = make_certificates(folder, host)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        handler = type("Handler", (_Handler,), {"provider": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self._http.socket = context.wrap_socket(
            self._http.socket, server_side=True, do_handshake_on_connect=False
        )
        self.host, self.port = host, self._http.server_address[1]
        client = Client(CLIENT_ID, CLIENT_SECRET, redirect_uri)
        self.server = AuthorizationServer(self.url, client, who=Who(self.url))
        self.consents = True
        self.answers_after = 0.0
        self.fails_with: tuple[int, dict[str, str]] | None = None
        self.says: bytes | None = None
        self.rejects: set[str] = set()
        self.pages: dict[str, Says] = {}
        self.fetched: list[str] = []
        self.challenge: str | None = None
        self.device_fails_with: tuple[int, bytes] | None = None
        self.device_requests = 0
        self.asked = 0  # token requests that arrived, answered or not
        self.authorizations: list[tuple[str, str | None]] = []
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"https://{self.host}:{self.port}"

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"

    def definition(self, **oauth: object) -> dict[str, Any]:
        """This provider in the form of a file. What is given as a path is an address of its own; None leaves
        a key out.
        """
        section = {
            "authorization_url": "/authorize",
            "token_url": "/token",
            "scopes": ["read", "write"],
            "issuer": self.url,
            "issuer_in_answer": True,
            **oauth,
        }
        return {
            "name": "acme",
            "display_name": "Acme",
            "hosts": [self.place],
            "oauth": {key: self._at(value) for key, value in section.items() if value is not None},
        }

    def _at(self, value: object) -> object:
        return self.url + value if isinstance(value, str) and value.startswith("/") else value

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    provider: OAuthProvider

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        self.provider.fetched.append(self.path)
        if (page := self.provider.pages.get(self.path)) is not None:
            self._say(page)
            return
        if self.path.startswith("/.well-known/"):
            self._json(404, {})
            return
        if address.path != "/authorize":
            self._api()
            return
        query = parse_qsl(address.query, keep_blank_values=True)
        try:
            if len(dict(query)) != len(query):
                raise Unredirectable("a parameter came twice")
            to = self.provider.server.authorize(dict(query), consents=self.provider.consents)
        except Unredirectable as refused:
            self._json(400, {"error": str(refused)})
            return
        self.send_response(302)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path == "/token":
            self._token(body)
        elif self.path == "/introspect":
            self._json(*self.provider.server.introspect(body, self.headers.get("Authorization")))
        elif self.path == "/revoke":
            self._revoke(body)
        elif (page := self.provider.pages.get(self.path)) is not None:
            self._say(page)
        elif self.path == "/register":
            self._json(*self.provider.server.register(json.loads(body)))
        elif self.path == "/device_authorization":
            self._device(body)
        else:
            self._api()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: request lines hold codes."""

    def _token(self, body: str) -> None:
        provider = self.provider
        with provider.server.lock:
            provider.asked += 1
        if provider.fails_with is not None:
            status, headers = provider.fails_with
            self._send(status, b"<html>not now</html>", headers)
            return
        status, document = provider.server.token(body, self.headers.get("Authorization"))
        time.sleep(provider.answers_after)
        if provider.says is not None:
            self._send(200, provider.says, {"Content-Type": "application/json"})
            return
        self._json(status, document)

    def _revoke(self, body: str) -> None:
        provider = self.provider
        time.sleep(provider.answers_after)
        if provider.fails_with is not None:
            status, headers = provider.fails_with
            self._send(status, provider.says or b"", headers)
            return
        self._json(*provider.server.revoke(body, self.headers.get("Authorization")))

    def _device(self, body: str) -> None:
        provider = self.provider
        provider.device_requests += 1
        if provider.device_fails_with is not None:
            status, document = provider.device_fails_with
            self._send(status, document, {"Content-Type": "application/json"})
            return
        self._json(*provider.server.device_authorization(body, self.headers.get("Authorization")))

    def _api(self) -> None:
        given = self.headers.get("Authorization")
        self.provider.authorizations.append((self.path, given))
        token = (given or "").removeprefix("Bearer ")
        if self.path in self.provider.rejects or not self.provider.server.is_live(token):
            said = {"WWW-Authenticate": self.provider.challenge} if self.provider.challenge else {}
            self._send(401, b'{"error": "invalid_token"}', {"Content-Type": "application/json"} | said)
            return
        self._json(200, {"hello": "you are known here", "path": self.path})

    def _say(self, page: Says) -> None:
        time.sleep(page.after)
        self._send(page.status, page.body, page.headers)

    def _json(self, status: int, document: dict[str, Any]) -> None:
        headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
        self._send(status, json.dumps(document).encode(), headers)

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # whoever asked is gone, as a test wanted
            self.close_connection = True
