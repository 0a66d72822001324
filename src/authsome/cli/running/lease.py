"""Keep a run alive while its command goes on."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from types import TracebackType

from authsome.cli.output import say
from authsome.client.errors import ClientError
from authsome.client.http import Client
from authsome.client.keys import load_key
from authsome.kit.errors import AuthsomeError, Kind

RETRY_SECONDS = 3.0


class Lease:
    """Renews in a thread of its own until the block is left, or the server says that the run has ended."""

    def __init__(self, client: Client, run_id: str, *, every: float, key_folder: Path) -> None:
        self._client = client
        self._key_folder = key_folder
        self._path = f"/runs/{run_id}/renew"
        self._every = every
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="authsome-lease", daemon=True)

    def __enter__(self) -> Lease:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()

    def _renew(self) -> None:
        pause = self._every
        while not self._over.wait(pause):
            pause = self._every
            try:
                self._client.post(self._path)
            except (ClientError, AuthsomeError) as error:
                replaced = error.code == "key_retired"
                if replaced:
                    take_new_key(self._client, self._key_folder)
                if not replaced and error.kind not in (Kind.UNAVAILABLE, Kind.BROKEN):
                    say(f"authsome: {error.detail} Its requests are refused from now on.")
                    return
                pause = RETRY_SECONDS


def take_new_key(client: Client, folder: Path) -> None:
    """Sign with the key that lies there now: `authsome rotate-key` may have replaced the client's."""
    with contextlib.suppress(AuthsomeError):
        client.key = load_key(folder)
