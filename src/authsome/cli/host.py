"""What the commands of a server's own user know about it: its files, its token, its boundary."""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from typing import Any

from authsome.client.address import Address, read_address
from authsome.client.errors import ServerNotRunning
from authsome.client.http import Client
from authsome.client.server_file import ServerFile
from authsome.client.settings import ClientSettings
from authsome.kit.secret import Secret

TOKEN = "host.token"  # the file's name; its content is the secret
EVERY_INTERFACE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not bound
NO_LOGIN = ("nologin", "false", "sync", "")
BOUNDARY = (
    "Server and agents share an operating-system user: the gateway protects against leaks into prompts, "
    "logs, repositories and child environments, not against an agent that reads your files. "
    "The way out is a server that runs as a user of its own: `authsome up --install`."
)


def local_client(server: ServerFile) -> Client:
    """Asks the server of this machine on its own port, whatever stands before its public address."""
    via = Address("http", EVERY_INTERFACE.get(server.host, server.host), server.port)
    return Client(read_address(server.base_url), via=via)


def ask_host(settings: ClientSettings, path: str, body: Mapping[str, Any] | None = None) -> Any:
    """POST /api/host`path` as the server's own user. Raises `ServerNotRunning` where there is no such server.

    The token goes to the port of this machine that the server named, never to AUTHSOME_BASE_URL.
    """
    server = settings.local_server()
    if server is None:
        raise ServerNotRunning(f"no server of yours runs on {settings.home}")
    token = Secret((settings.server_folder / TOKEN).read_text(encoding="ascii"))
    return local_client(server).post(f"/host{path}", body or {}, bearer=token)


def proxy_line(server: ServerFile) -> str:
    """Where agents reach the proxy."""
    here = f"127.0.0.1:{server.proxy_port}"
    return f"{here}, from other machines by TLS at {server.proxy_tls}" if server.proxy_tls else here


def telemetry_line(server: ServerFile) -> str:
    """What leaves this machine, in one line."""
    if server.telemetry_mode == "on":
        return f"Telemetry: on, events are sent to {server.posthog_host}"
    said = {"off": "off", "local": "local, nothing leaves", "log": "in the server's log, nothing leaves"}
    return f"Telemetry: {said.get(server.telemetry_mode, server.telemetry_mode)} ({server.telemetry_because})"


def shares_the_user() -> bool:
    """Whether people (and so their agents) can be this operating-system user, who owns the server's files."""
    try:
        shell = pwd.getpwuid(os.geteuid()).pw_shell
    except KeyError:
        return True
    return shell.rsplit("/", 1)[-1] not in NO_LOGIN
