"""The process behind `authsome up`: API and pages on one port, the proxy on another, one event loop.

Everything that can fail early does so before anything is announced: settings, the lock, the ports. Whoever
started the process hears through a pipe that it is ready, or why not.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from socket import socket
from typing import NoReturn

import uvloop

from authsome import __version__
from authsome.cli.process.config import read_config
from authsome.cli.process.doors import open_api, open_proxy
from authsome.cli.process.json_log import log_to_stderr
from authsome.cli.process.lock import hold
from authsome.cli.process.sockets import bind
from authsome.client.server_file import NAME as SERVER_FILE
from authsome.client.server_file import ServerFile
from authsome.kit.errors import AuthsomeError, InternalFailure
from authsome.runtime.build import build
from authsome.runtime.home import private_folder
from authsome.runtime.runtime import Runtime
from authsome.server.app import create_app
from authsome.server.config import ServerConfig
from authsome.server.gateway import Gateway
from authsome.server.host_token import drop_host_token, make_host_token

Ready = Callable[[Runtime, ServerFile], Awaitable[None]]
log = logging.getLogger("authsome.serve")


async def serve(config: ServerConfig, ready: Ready) -> None:
    """Serve until SIGTERM or SIGINT; `ready` is called once every door is open."""
    stop = _stop_on_signals()
    private_folder(config.home)
    private_folder(config.server_home)
    with hold(config.server_home):
        listeners = bind(config.host, config.port)
        config = _with_port(config, listeners[0])
        async with (
            build(config) as runtime,
            open_proxy(runtime, config) as gateway,
            open_api(create_app(runtime, gateway), listeners),
            _host_files(runtime, config, gateway) as told,
        ):
            await ready(runtime, told)
            log.info("started", extra={"pid": told.pid, "port": told.port, "proxy_port": told.proxy_port})
            await stop.wait()
            log.info("stopping")
    log.info("stopped")


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


def _with_port(config: ServerConfig, listener: socket) -> ServerConfig:
    """The settings with the port that was bound, if the operator left the choice to us (0)."""
    port = listener.getsockname()[1]
    base_url = f"http://localhost:{port}" if config.base_url == "http://localhost:0" else config.base_url
    return config.model_copy(update={"port": port, "base_url": base_url})


@asynccontextmanager
async def _host_files(runtime: Runtime, config: ServerConfig, gateway: Gateway) -> AsyncIterator[ServerFile]:
    """What the commands on this machine read: where the server is, and the token of its user."""
    folder = config.server_home
    told = ServerFile(
        pid=os.getpid(),
        version=__version__,
        base_url=config.base_url,
        host=config.host,
        port=config.port,
        proxy_port=gateway.port,
        proxy_tls=gateway.tls_authority,
        telemetry_mode=runtime.telemetry.mode.value,
        telemetry_because=runtime.telemetry.because,
        posthog_host=runtime.telemetry.host,
        warnings=list(runtime.telemetry.warnings),
    )
    make_host_token(folder, runtime.entropy)
    _write_whole(folder / SERVER_FILE, told.to_text())
    try:
        yield told
    finally:
        (folder / SERVER_FILE).unlink(missing_ok=True)
        drop_host_token(folder)


def _write_whole(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def run(config: ServerConfig, ready: Ready) -> NoReturn:
    """Serve on a loop of its own until a signal, and then end the process. Raises what kept it from starting.

    Everything is closed by then. The usual end would still wait for threads, and one that looks up a host's
    name cannot be stopped: a name server that does not answer would hold the process for ten seconds.
    """
    runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
    done = False
    try:
        runner.run(serve(config, ready))
        done = True
    finally:
        if not done:
            runner.close()
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


def main(pipe: int) -> int:
    """Serve in the background: `pipe` gets one JSON line, `{}` when ready or the error, and is closed.

    Returns only if the server failed, with the exit code.
    """
    os.umask(0o077)
    log_to_stderr()
    tell = _Teller(pipe)

    async def ready(_runtime: Runtime, _server: ServerFile) -> None:
        gc.freeze()  # what is there now stays, so it need not be looked at again and again
        gc.enable()
        tell.ready()

    try:
        run(read_config(), ready)
    except AuthsomeError as error:
        log.error("%s: %s", error.code, error.detail)
        tell.failed(error)
        return 1
    except Exception:  # edge: background task
        log.exception("the server failed")
        tell.failed(InternalFailure("the server failed to start", hint="look at its log"))
        return 1


class _Teller:
    """Says one thing through the pipe, and closes it."""

    def __init__(self, pipe: int) -> None:
        self._pipe: int | None = pipe

    def ready(self) -> None:
        self._say({})

    def failed(self, error: AuthsomeError) -> None:
        self._say(
            {"code": error.code, "kind": error.kind.value, "detail": error.detail, "hint": error.next_step}
        )

    def _say(self, message: dict[str, str]) -> None:
        if self._pipe is not None:
            os.write(self._pipe, json.dumps(message).encode())
            os.close(self._pipe)
            self._pipe = None
