"""Start the server as a process of its own, and hear from it that it is ready."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from authsome.client.errors import ClientError
from authsome.kit.errors import BrokenError, Kind

LOG = "server.log"
LARGEST_LOG = 10 * 1024 * 1024
START_SECONDS = 60.0


class ServerFailed(BrokenError):
    """The server did not start."""

    code = "server_failed"
    hint = "look at its log"


def make_private(folder: Path) -> None:
    """The server's folder, and the home above it, for their owner only."""
    for path in (folder.parent, folder):
        path.mkdir(parents=True, exist_ok=True, mode=0o700)


def start(folder: Path, environment: Mapping[str, str]) -> None:
    """Start a server that outlives this terminal. Raises what kept it from starting.

    -P keeps the current folder off Python's path: a file there named like a module would otherwise be run.
    """
    log, (hear, tell) = _open_log(folder), os.pipe()
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "authsome.cli.process", str(tell)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=dict(environment),
            pass_fds=(tell,),
            start_new_session=True,
        )
    finally:
        os.close(tell)
        os.close(log)
    import_module("authsome.cli.host")  # what `up` needs next, loaded while the server starts
    try:
        said = _hear(hear)
    finally:
        os.close(hear)
    if said is None:
        process.kill()
        process.wait()
        raise ServerFailed("the server was not ready within a minute", hint=f"look at {folder / LOG}")
    _raise_refusal(said, folder)
    process.returncode = 0  # it is meant to outlive us; without this Popen warns that it still runs


def _hear(pipe: int) -> bytes | None:
    """All that the server says before it closes the pipe; None if it does not in time."""
    said = b""
    while True:
        ready, _, _ = select.select([pipe], [], [], START_SECONDS)
        if not ready:
            return None
        part = os.read(pipe, 65_536)
        if not part:
            return said
        said += part


def _raise_refusal(said: bytes, folder: Path) -> None:
    if not said:
        raise ServerFailed("the server ended before it was ready", hint=f"look at {folder / LOG}")
    message = json.loads(said)
    if message:
        kind = Kind(message["kind"])
        hint = message["hint"] if kind is not Kind.BROKEN else f"look at {folder / LOG}"
        raise ClientError(message["detail"], code=message["code"], kind=kind, hint=hint)


def _open_log(folder: Path) -> int:
    """The log, to append to; one that has grown large becomes server.log.1 first."""
    path = folder / LOG
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(folder / f"{LOG}.1")
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
