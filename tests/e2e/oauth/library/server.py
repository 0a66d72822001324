"""Authlib's authorization server behind HTTPS, as a process of its own, and an API that takes its tokens.

Run as `python -m tests.e2e.oauth.library.server FOLDER`; it prints its port. Below `/-/` it can be looked at
and changed, and `/-/decide?user_code=…&allow=1` is the person at the device page.
"""

from __future__ import annotations

import json
import ssl
import sys
import threading
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from authlib.oauth2.base import OAuth2Error

from authsome.testing.https_api import make_certificates
from tests.e2e.oauth.library.authorization import Asked, Said, Server

PAGE = b'<form method="post"><button name="decision" value="allow">Allow</button></form>'


class Handler(BaseHTTPRequestHandler):
    server_of: Server
    lock = threading.Lock()

    def do_GET(self) -> None:
        with self.lock:
            self._say(self._got(urlsplit(self.path).path))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with self.lock:
            self._say(self._posted(urlsplit(self.path).path, body))

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: request lines hold codes."""

    def _got(self, path: str) -> Said:
        server, asked = self.server_of, self._asked("GET", {})
        if path == "/authorize":
            return self._page(asked)
        if path == "/-/look":
            return Said(200, asdict(server.kept))
        if path == "/-/decide":
            server.kept.decided[asked.args["user_code"]] = asked.args["allow"] == "1"
            return Said(200, {})
        try:
            server.api.validate_request(["read"], asked)
        except OAuth2Error as refused:
            said: Said = server.handle_error_response(asked, refused)
            return said
        return Said(200, {"hello": "you are known here"})

    def _page(self, asked: Asked) -> Said:
        """The page of consent, where the request is one that it may be shown for."""
        try:
            self.server_of.get_consent_grant(asked)
        except OAuth2Error as refused:
            refused.state = asked.payload.state
            said: Said = self.server_of.handle_error_response(asked, refused)
            # The library names the issuer when somebody has decided only; RFC 9207 §2 has it in errors too.
            self.server_of.execute_hook("after_create_authorization_response", said)
            return said
        return Said(200, PAGE)

    def _posted(self, path: str, body: str) -> Said:
        server = self.server_of
        if path == "/-/set":
            for name, value in json.loads(body).items():
                server.kept.set(name, value)
            return Said(200, {})
        form = dict(parse_qsl(body))
        asked = self._asked("POST", form)
        if path == "/authorize":
            person = "ada" if form["decision"] == "allow" else None
            grant = server.get_consent_grant(asked)
            said: Said = server.create_authorization_response(asked, grant_user=person, grant=grant)
            return said
        if path != "/token":
            done: Said = server.create_endpoint_response(ENDPOINTS[path], asked)
            server.kept.asked.append(f"{ENDPOINTS[path]} {done.status}")
            return done
        answer: Said = server.create_token_response(asked)
        server.kept.asked.append(f"{form['grant_type']} {answer.body.get('error', 'granted')}")
        return answer

    def _asked(self, method: str, form: dict[str, str]) -> Asked:
        return Asked(method, self.server_of.url + self.path, dict(self.headers), form)

    def _say(self, said: Said) -> None:
        body = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
        self.send_response(said.status)
        for name, value in ({"Content-Type": "application/json"} | said.headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ENDPOINTS = {"/device": "device_authorization", "/revoke": "revocation", "/introspect": "introspection"}


def main(folder: Path) -> None:
    _, chain = make_certificates(folder, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.socket = context.wrap_socket(http.socket, server_side=True)
    Handler.server_of = Server(f"https://localhost:{http.server_address[1]}")
    print(http.server_address[1], flush=True)
    http.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
