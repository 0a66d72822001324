"""The two doors of a server process: the proxy for agents' traffic, and the API with its pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from socket import socket

from uvicorn import Config, Server

from authsome.cli.process.sockets import bind, port_error
from authsome.kit.loopback import loopback_id
from authsome.proxy.ca import load_or_create
from authsome.proxy.listen import ProxyServer
from authsome.proxy.registry_gate import RegistryGate
from authsome.runtime.runtime import Runtime
from authsome.server.config import ServerConfig
from authsome.server.gateway import Gateway
from authsome.server.guard import App
from authsome.server.http_limits import BoundedHttp

HERE = "127.0.0.1"
GRACE_SECONDS = 1
MOST_CONNECTIONS = 1_000


@asynccontextmanager
async def open_proxy(runtime: Runtime, config: ServerConfig) -> AsyncIterator[Gateway]:
    """The proxy, listening. Raises `PortTaken`.

    Without TLS it is on loopback alone, whatever AUTHSOME_HOST says: an agent's first words are its token.
    """
    authority = load_or_create(
        config.server_home / "ca.key",
        config.server_home / "ca.pem",
        clock=runtime.clock,
        entropy=runtime.entropy,
    )
    gate = RegistryGate(runtime)
    proxy = ProxyServer(gate, authority, extra_roots=config.upstream_ca_file)
    try:
        port = await proxy.start(HERE, config.proxy_port)
    except OSError as error:
        raise port_error(error, HERE, config.proxy_port) from None
    try:
        yield Gateway(
            host=HERE,
            port=port,
            loopback_id=loopback_id(),
            tls_name=config.proxy_tls_name,
            tls_port=_open_tls(proxy, config),
            ca_certificate=authority.certificate_pem,
        )
    finally:
        await proxy.stop(GRACE_SECONDS)
        await gate.drain()


def _open_tls(proxy: ProxyServer, config: ServerConfig) -> int | None:
    """The port for agents on other machines, if the operator wants one. Raises `PortTaken`, `HostInvalid`."""
    if config.proxy_tls_port is None:
        return None
    listeners = bind(config.proxy_tls_host, config.proxy_tls_port)
    for listener in listeners:
        proxy.start_tls(listener, config.proxy_tls_name)
    return int(listeners[0].getsockname()[1])


@asynccontextmanager
async def open_api(app: App, listeners: list[socket]) -> AsyncIterator[None]:
    """uvicorn, without its own handling of signals and without its access log: a URL may hold a link's token.

    uvicorn's belief in `X-Forwarded-For` is off: whom to believe is for `kit.forwarded` to say.
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
