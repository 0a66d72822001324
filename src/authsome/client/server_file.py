"""What a running server writes down for the commands on its machine: address, ports, process.

It lies in the server's own folder, which nobody else can enter; so to another user of the machine the
server looks like one on another machine, which is right.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from authsome.client.server_lock import NotTheServersUser, holder

NAME = "server.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFile:
    """One running server. `port` and `proxy_port` are the bound ones, `proxy_tls` is host and port."""

    pid: int
    version: str
    base_url: str
    host: str
    port: int
    proxy_port: int
    proxy_tls: str | None
    telemetry_mode: str
    telemetry_because: str
    posthog_host: str
    warnings: list[str]

    def to_text(self) -> str:
        return json.dumps(asdict(self), indent=2) + "\n"


def find_server_file(folder: Path) -> ServerFile | None:
    """What the running server of this folder wrote, or None: it does not run, or we may not know.

    One that was killed leaves its file, and its port may be another program's by now, to whom nothing may
    be sent.
    """
    try:
        found = ServerFile(**json.loads((folder / NAME).read_text(encoding="utf-8")))
        return found if holder(folder) == found.pid else None
    except (OSError, ValueError, TypeError, NotTheServersUser):
        return None
