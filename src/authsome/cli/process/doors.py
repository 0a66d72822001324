"""The two doors of a server process: the proxy for agents' traffic, and the API with its pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from socket import socket
from urllib.parse import urlsplit

from uvicorn import Config, Server

from authsome.cli.process.sockets import EVERY_INTERFACE, LOOPBACK, port_error
from authsome.proxy.ca import load_or_create
from authsome.proxy.listen import ProxyServer
from authsome.proxy.registry_gate import RegistryGate
from authsome.runtime.runtime import Runtime
from authsome.server.config import ServerConfig
from authsome.server.gateway import Gateway
from authsome.server.guard import App
from authsome.server.http_limits import BoundedHttp

GRACE_SECONDS = 1
MOST_CONNECTIONS = 1_000


@asynccontextmanager
async def open_proxy(runtime: Runtime, config: ServerConfig) -> AsyncIterator[Gateway]:
    """The proxy, listening. Raises `PortTaken`."""
    authority = load_or_create(
        config.server_home / "ca.key",
        config.server_home / "ca.pem",
        clock=runtime.clock,
        entropy=runtime.entropy,
    )
    gate = RegistryGate(runtime)
    proxy = ProxyServer(gate, authority, extra_roots=config.upstream_ca_file)
    host = "127.0.0.1" if config.host in LOOPBACK else config.host
    try:
        port = await proxy.start(host, config.proxy_port)
    except OSError as error:
        raise port_error(error, host, config.proxy_port) from None
    try:
        yield Gateway(_as_agents_see_it(config, host), port, authority.certificate_pem)
    finally:
        await proxy.stop(GRACE_SECONDS)
        await gate.drain()


def _as_agents_see_it(config: ServerConfig, host: str) -> str:
    """The address for agents: the public name where the proxy listens on every interface."""
    return urlsplit(config.base_url).hostname or host if host in EVERY_INTERFACE else host


@asynccontextmanager
async def open_api(app: App, listeners: list[socket]) -> AsyncIterator[None]:
    """uvicorn, without its own handling of signals and without its access log: a URL may hold a link's token.

    `X-Forwarded-For` is not believed: any program on this machine could send it to escape a limit.
    """
    settings = Config(
        app,
        http=BoundedHttp,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    settings.load()
    server = Server(settings)
    server.lifespan = settings.lifespan_class(settings)
    await server.startup(sockets=listeners)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.main_loop())
        try:
            yield
        finally:
            server.should_exit = True
    await server.shutdown(sockets=listeners)
