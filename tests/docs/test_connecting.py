"""The guide to connecting, followed by a person who types codes on another device."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from authsome.testing.oauth.serve import CLIENT_ID, CLIENT_SECRET, OAuthProvider
from tests.docs.guide import ROOT, blocks
from tests.docs.session import Reader

GUIDE = ROOT / "docs/guides/connect-a-provider.md"
KEYS = {
    "OPENAI_API_KEY": "sk-example",
    "TWILIO_ACCOUNT_SID": "AC-example",
    "TWILIO_AUTH_TOKEN": "token-example",
    "GITHUB_CLIENT_SECRET": CLIENT_SECRET,
}


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    return number


@contextmanager
def somebody_with_a_telephone(provider: OAuthProvider) -> Iterator[None]:
    """They allow whatever code there is, until they are told to stop."""
    stopped = threading.Event()

    def allow() -> None:
        while not stopped.wait(0.2):
            for device in list(provider.server.devices.given.values()):
                device.allowed = True

    person = threading.Thread(target=allow)
    person.start()
    try:
        yield
    finally:
        stopped.set()
        person.join()


def test_the_guide_to_connecting_works_as_written(tmp_path: Path) -> None:
    provider = OAuthProvider(tmp_path / "acme", redirect_uri="")
    file = tmp_path / "acme.json"
    ways = {"device_authorization_url": "/device_authorization", "client_credentials": True}
    file.write_text(json.dumps(provider.definition(**ways)))
    settings = {"AUTHSOME_PORT": str(free_port()), "AUTHSOME_UPSTREAM_CA_FILE": str(provider.ca_file)}
    reader = Reader(tmp_path / "home", ROOT, **settings, **KEYS)
    instead = {"github": "acme", "tailscale": "acme", "Iv1.0123456789abcdef": CLIENT_ID}
    try:
        add = f"authsome providers add {file} --allow-private {provider.place}"
        reader.follow(["authsome up", "authsome sign-in --no-browser", add])
        with somebody_with_a_telephone(provider):
            said = reader.follow(blocks(GUIDE, language="sh"), instead=instead)
        for made in ("openai/work", "twilio/default", "acme/ssh", "acme/machine"):
            assert f"Connected: {made}." in said
        assert "/auth/callback" in said
        assert provider.server.requests.count("granted") == 2
        printed = "\n".join(line for line in said.splitlines() if not line.startswith("+"))
        assert not [secret for secret in KEYS.values() if secret in printed]
    finally:
        reader.stop()
        provider.close()
